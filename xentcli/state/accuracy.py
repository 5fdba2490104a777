"""Accuracy, recall and precision; a label among m tied arg-maxes counts 1/m, so column order never matters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.batch import Index, ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.loss import max_over_classes
from xentcli.runs import counts_by
from xentcli.state.base import State, add_matrix, add_terms


class AccuracyState(State):
    """For each class: the weight of its terms predicted right, the weight and the rows predicted as it."""

    cell_sums = ("right",)
    column_sums = ("predicted", "predicted_rows")
    slice_counts = ("tied_rows",)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows. A share 1/m is rounded to float64 once, row by row; the sums of shares are exact."""
        if rows.ranking is None:
            return
        is_top = rows.ranking == max_over_classes(rows.ranking)[:, None]
        terms, n = rows.terms, len(rows)
        at = np.arange(n) if terms.row is None else terms.row
        at = terms.classes * n + at
        winners = np.flatnonzero(is_top.T.reshape(-1))
        if len(winners) == n and terms.share is None and rows.count is None:
            self._count(is_top.T.reshape(-1).take(at), winners, rows)
            return
        share = is_top.astype(np.float64, order="F")
        if len(winners) > n:
            ties = share.sum(axis=1)
            tied = np.zeros(int((ties > 1.0).sum()), dtype=np.intp) if rows.slices is None else rows.slices[ties > 1.0]
            self.counts["tied_rows"] += np.bincount(tied, minlength=len(self.counts["tied_rows"]))
            share /= ties[:, None]
        add_terms(self.sums["right"], share.T.reshape(-1).take(at), rows)
        add_matrix(self.sums["predicted_rows"], share, None, rows)
        if rows.sample_weight is not None:
            add_matrix(self.sums["predicted"], share, rows.sample_weight, rows)

    def _count(self, right: NDArray[np.bool_], winners: Index, rows: ScoredRows) -> None:
        """Count rows of weight 1, none of which has ties. winners: (n,) class·n + row of each row's arg-max."""
        right_of, predicted = self.sums["right"], self.sums["predicted_rows"]
        right_of.add_counts(counts_by(rows.terms.cell, right_of.size, right))
        classes, row = np.divmod(winners, len(rows))
        at = classes if rows.slices is None else rows.slices.take(row) * rows.n_classes + classes
        predicted.add_counts(np.bincount(at, minlength=predicted.size))

    @property
    def tied_rows(self) -> int:
        """Return the number of rows with several arg-maxes."""
        return int(self.counts["tied_rows"].sum())

    def right(self) -> list[Dyadic]:
        """Return the weight of the rows labelled k and predicted as k, for each class k."""
        return self.sums["right"].values()

    def predicted_rows(self) -> list[Dyadic]:
        """Return the rows predicted as k, with 1/m for each of m ties, for each class k."""
        return self.sums["predicted_rows"].values()

    def predicted(self, weighted: bool) -> list[Dyadic]:
        """Return the weight of the rows predicted as k, for each class k."""
        return self.sums["predicted"].values() if weighted else self.predicted_rows()
