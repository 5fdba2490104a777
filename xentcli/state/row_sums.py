"""How far rows of probabilities are from summing to 1, and what that does to the loss."""

from __future__ import annotations

import numpy as np

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.exact import ExactSums
from xentcli.loss import SNAP, SUM_ROUNDING
from xentcli.state.base import add_weighted
from xentcli.state.rows import FirstRows


class RowSumsState:
    """Σw·ln Σp, the number of rows off by more than 1e-6, and the largest deviation."""

    def __init__(self) -> None:
        self.measured = 0
        self.off = 0
        self.largest = 0.0
        self.first = FirstRows()
        self._log = ExactSums(1)

    def update(self, rows: ScoredRows) -> None:
        """Add the rows."""
        if rows.sums is None or rows.log_sums is None:
            return
        self.measured += len(rows)
        add_weighted(self._log, rows.log_sums, rows, by_class=False)
        deviation = np.abs(rows.sums - 1.0)
        self.largest = max(self.largest, float(deviation.max(initial=0.0)))
        off = deviation > SNAP + SUM_ROUNDING
        if off.any():
            self.off += int(off.sum())
            self.first = self.first.including(rows.row[off])

    def merge(self, other: RowSumsState) -> RowSumsState:
        """Return both together."""
        out = RowSumsState()
        out.measured = self.measured + other.measured
        out.off = self.off + other.off
        out.largest = max(self.largest, other.largest)
        out.first = self.first.merge(other.first)
        out._log = self._log.merge(other._log)
        return out

    def totals(self) -> dict[str, object]:
        """Return everything held."""
        held = (self.measured, self.off, self.largest, self.first.rows, self.log_sum())
        return dict(zip(("measured", "off", "largest", "first", "log"), held, strict=True))

    def log_sum(self) -> Dyadic:
        """Return Σw·ln Σp."""
        return self._log.values()[0]
