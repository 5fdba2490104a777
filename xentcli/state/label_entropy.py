"""What labels that are distributions, or smoothed, would cost at least: Σw·Σ_k v_k·ln(Σv/v_k)."""

from __future__ import annotations

from xentcli.numerics.dyadic import Dyadic
from xentcli.state.base import State, add_rows
from xentcli.state.scored_rows import ScoredRows


class EntropyState(State):
    """The weighted sum of the entropies of labels; 0 for hard labels without smoothing."""

    slice_sums = ("sum",)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        if rows.entropy is not None:
            add_rows(self.sums["sum"], rows.entropy, rows)

    def sum(self) -> Dyadic:
        """Return Σw·Σ_k v_k·ln(Σv/v_k)."""
        return self.sums["sum"].values()[0]
