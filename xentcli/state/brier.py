"""The Brier score: Σw·Σ_k(p_k − y_k)²."""

from __future__ import annotations

from xentcli.numerics.dyadic import Dyadic
from xentcli.state.base import State, add_rows
from xentcli.state.scored_rows import ScoredRows


class BrierState(State):
    """The weighted sum of squared errors over all rows."""

    slice_sums = ("sum",)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        if rows.squared_error is not None:
            add_rows(self.sums["sum"], rows.squared_error, rows)

    def sum(self) -> Dyadic:
        """Return Σw·Σ_k(p_k − y_k)²."""
        return self.sums["sum"].values()[0]
