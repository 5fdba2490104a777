"""How far rows of probabilities are from summing to 1, and what that does to the loss."""

from __future__ import annotations

from typing import Self

import numpy as np

from xentcli.numerics.class_axis import SNAP, SUM_ROUNDING
from xentcli.numerics.dyadic import Dyadic
from xentcli.state.base import State, add_rows
from xentcli.state.row_counts import FirstRows
from xentcli.state.scored_rows import ScoredRows


class RowSumsState(State):
    """Σw·ln Σp, the number of rows off by more than 1e-6, and the largest deviation."""

    slice_sums = ("log",)

    def __init__(self, n_classes: int) -> None:
        super().__init__(n_classes)
        self.measured = 0
        self.off = 0
        self.largest = 0.0
        self.first = FirstRows()

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        if rows.sums is None or rows.log_sums is None or not len(rows):
            return
        self.measured += len(rows)
        add_rows(self.sums["log"], rows.log_sums, rows)
        largest = max(float(rows.sums.max()) - 1.0, 1.0 - float(rows.sums.min()))
        self.largest = max(self.largest, largest)
        if largest > SNAP + SUM_ROUNDING:
            off = np.abs(rows.sums - 1.0) > SNAP + SUM_ROUNDING
            self.off += int(off.sum())
            self.first = self.first.including(rows.rows[off])

    def move_rest(self, rows: int) -> None:
        """Count the rows from a later place."""
        self.first = self.first.moved(rows)

    def merge_rest(self, one: Self, other: Self) -> None:
        """Take over the counts and the first rows."""
        self.measured = one.measured + other.measured
        self.off = one.off + other.off
        self.largest = max(one.largest, other.largest)
        self.first = one.first.merge(other.first)

    def totals(self) -> dict[str, object]:
        """Return everything held."""
        held = (self.measured, self.off, self.largest, self.first.rows)
        return State.totals(self) | dict(zip(("measured", "off", "largest", "first"), held, strict=True))

    def log_sum(self) -> Dyadic:
        """Return Σw·ln Σp."""
        return self.sums["log"].values()[0]
