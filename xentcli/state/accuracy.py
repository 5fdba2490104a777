"""Accuracy, recall and precision; a label among m tied arg-maxes counts 1/m, so column order never matters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.class_axis import max_over_classes
from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.segments import counts_by
from xentcli.state.base import State, add_matrix, add_terms
from xentcli.state.scored_rows import Index, ScoredRows

_FEW = 64


class AccuracyState(State):
    """For each class: the weight of its terms predicted right, the weight and the rows predicted as it."""

    cell_sums = ("right",)
    column_sums = ("predicted", "predicted_rows")
    slice_counts = ("tied_rows",)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows. A share 1/m is rounded to float64 once, row by row; the sums of shares are exact."""
        if rows.ranking is None:
            return
        top = max_over_classes(rows.ranking) if rows.top is None else rows.top
        is_top = rows.ranking == top[:, None]
        terms, n = rows.terms, len(rows)
        winners = np.count_nonzero(is_top)
        if winners == n and terms.share is None and rows.count is None:
            self._count(is_top, rows)
            return
        share = is_top.astype(np.float64, order="F")
        if winners > n:
            ties = share.sum(axis=1)
            tied = np.zeros(int((ties > 1.0).sum()), dtype=np.intp) if rows.slices is None else rows.slices[ties > 1.0]
            self.counts["tied_rows"] += np.bincount(tied, minlength=len(self.counts["tied_rows"]))
            share /= ties[:, None]
        add_terms(self.sums["right"], share.T.reshape(-1).take(terms.place), rows)
        add_matrix(self.sums["predicted_rows"], share, None, rows)
        if rows.sample_weight is not None:
            add_matrix(self.sums["predicted"], share, rows.sample_weight, rows)

    def _count(self, is_top: NDArray[np.bool_], rows: ScoredRows) -> None:
        """Count rows of weight 1, none of which has ties. is_top: (n, k), true at each row's arg-max."""
        right_of, predicted = self.sums["right"], self.sums["predicted_rows"]
        flat = is_top.T.reshape(-1)
        right_of.add_counts(counts_by(rows.terms.cell, right_of.size, flat.take(rows.terms.place)))
        if rows.slices is None and rows.n_classes <= _FEW:
            counts = np.array([np.count_nonzero(column) for column in is_top.T])
        else:
            classes, row = np.divmod(_true_places(flat), len(rows))
            at = classes if rows.slices is None else rows.slices.take(row) * rows.n_classes + classes
            counts = np.bincount(at, minlength=predicted.size)
        predicted.add_counts(counts)

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


def _true_places(flat: NDArray[np.bool_]) -> Index:
    """Return where few of many booleans are true, ascending: eight of them are looked at at a time."""
    whole = len(flat) & ~7
    words = np.flatnonzero(flat[:whole].view(np.uint64))
    inside = np.flatnonzero(flat[:whole].reshape(-1, 8)[words])
    places = words[inside >> 3] * 8 + (inside & 7)
    return np.concatenate([places, whole + np.flatnonzero(flat[whole:])])
