"""Accuracy, recall and precision; a label among m tied arg-maxes counts 1/m, so column order never matters."""

from __future__ import annotations

import numpy as np

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.exact import ExactSums
from xentcli.loss import at_label, max_over_classes
from xentcli.state.base import add_weighted, add_weighted_columns


class AccuracyState:
    """For each class: the weight of its rows predicted right, the weight and the rows predicted as it."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self.tied_rows = 0
        self._right = ExactSums(n_classes)
        self._predicted = ExactSums(n_classes)
        self._predicted_rows = ExactSums(n_classes)

    def update(self, rows: ScoredRows) -> None:
        """Add the rows. A share 1/m is rounded to float64 once, row by row; the sums of shares are exact."""
        is_top = (rows.ranking == max_over_classes(rows.ranking)[:, None]).astype(np.float64, order="F")
        ties = is_top.sum(axis=1)
        if (ties > 1.0).any():
            self.tied_rows += int((ties > 1.0).sum())
            is_top /= ties[:, None]
        add_weighted(self._right, at_label(is_top, rows.classes), rows)
        self._predicted_rows.add_columns(is_top)
        if rows.weight is not None:
            add_weighted_columns(self._predicted, is_top, rows)

    def merge(self, other: AccuracyState) -> AccuracyState:
        """Return the sums of both."""
        out = AccuracyState(self.n_classes)
        out.tied_rows = self.tied_rows + other.tied_rows
        out._right = self._right.merge(other._right)
        out._predicted = self._predicted.merge(other._predicted)
        out._predicted_rows = self._predicted_rows.merge(other._predicted_rows)
        return out

    def totals(self) -> dict[str, object]:
        """Return all sums, by class."""
        return {
            "tied_rows": self.tied_rows,
            "right": self.right(),
            "predicted": self._predicted.values(),
            "predicted_rows": self.predicted_rows(),
        }

    def right(self) -> list[Dyadic]:
        """Return the weight of the rows labelled k and predicted as k, for each class k."""
        return self._right.values()

    def predicted_rows(self) -> list[Dyadic]:
        """Return the rows predicted as k, with 1/m for each of m ties, for each class k."""
        return self._predicted_rows.values()

    def predicted(self, weighted: bool) -> list[Dyadic]:
        """Return the weight of the rows predicted as k, for each class k."""
        return self._predicted.values() if weighted else self.predicted_rows()
