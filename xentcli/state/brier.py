"""The Brier score: Σw·Σ_k(p_k − y_k)²."""

from __future__ import annotations

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.exact import ExactSums
from xentcli.state.base import add_weighted


class BrierState:
    """The weighted sum of squared errors over all rows."""

    def __init__(self) -> None:
        self._sum = ExactSums(1)

    def update(self, rows: ScoredRows) -> None:
        """Add the rows."""
        add_weighted(self._sum, rows.squared_error, rows, by_class=False)

    def merge(self, other: BrierState) -> BrierState:
        """Return the sums of both."""
        out = BrierState()
        out._sum = self._sum.merge(other._sum)
        return out

    def totals(self) -> dict[str, object]:
        """Return the sum."""
        return {"sum": self.sum()}

    def sum(self) -> Dyadic:
        """Return Σw·Σ_k(p_k − y_k)²."""
        return self._sum.values()[0]
