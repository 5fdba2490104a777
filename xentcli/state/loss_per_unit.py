"""The loss per unit of a column: Σa·u and what its standard error needs, with u the column and b what is charged."""

from __future__ import annotations

import numpy as np

from xentcli.numerics.dyadic import Dyadic
from xentcli.state.base import State, add_products
from xentcli.state.scored_rows import ScoredRows


class PerState(State):
    """Σa·u, Σa²u² and Σa·u·b, by slice; rows with an infinite loss are in no sum with b."""

    slice_sums = ("au", "au2", "aub")

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        u, count, slices = rows.per, rows.count, rows.slices
        if u is None:
            return
        if rows.totals is None:
            terms = rows.terms
            weight, loss_weight, loss = terms.weight, terms.loss_weight, terms.loss
            u, count, slices = terms.of(u), terms.of(count), terms.of(slices)
        else:
            weight, loss_weight, loss = rows.totals.weight, rows.totals.loss_weight, rows.totals.loss
        loss = np.where(np.isfinite(loss), loss, 0.0)
        for name, factors in (
            ("au", [u, weight]),
            ("au2", [u, u, weight, weight]),
            ("aub", [u, weight, loss_weight, loss]),
        ):
            add_products(self.sums[name], [*factors, count], slices)

    def of(self) -> tuple[Dyadic, Dyadic, Dyadic]:
        """Return Σa·u, Σa²u² and Σa·u·b."""
        au, au2, aub = (self.sums[name].values()[0] for name in self.slice_sums)
        return au, au2, aub
