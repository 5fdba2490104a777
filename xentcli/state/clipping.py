"""What the clip touched, what that costs, and what the loss would be at another clip."""

from __future__ import annotations

import math
from typing import Self

import numpy as np

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_sums import ExactSums
from xentcli.numerics.segments import counts_by
from xentcli.state.base import State, add_products
from xentcli.state.row_counts import FirstRows
from xentcli.state.scored_rows import ScoredRows

_COARSE = 1e-7


def other_clip(clip: float) -> float:
    """Return a coarser clip to compare with: 1e-7 (about what single precision keeps), or √clip if that is finer.

    >>> other_clip(2.0**-52), other_clip(1e-6)
    (1e-07, 0.001)
    """
    return _COARSE if clip < _COARSE else math.sqrt(clip)


class ClippingState(State):
    """Rows with a clipped term, by class and by slice, and their loss; and what a coarser clip would change."""

    cell_counts = ("terms",)
    slice_sums = ("loss",)
    slice_counts = ("rows",)

    def __init__(self, n_classes: int, clip: float | None) -> None:
        super().__init__(n_classes)
        self.clip = clip
        self.first = FirstRows()
        self._above_loss = ExactSums(1)
        self._coarse_loss = ExactSums(1)

    def empty(self) -> Self:
        """Return the identity of `merge`."""
        return type(self)(self.n_classes, self.clip)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        terms = rows.terms
        if rows.clipped is not None and terms.clipped is not None and rows.clipped.any():
            self.counts["terms"] += counts_by(terms.cell, len(self.counts["terms"]), terms.clipped)
            zeros = np.zeros(len(rows), dtype=np.intp) if rows.slices is None else rows.slices
            self.counts["rows"] += np.bincount(zeros[rows.clipped], minlength=len(self.counts["rows"]))
            self.first = self.first.including(rows.rows[rows.clipped])
            inside = rows.clipped if terms.row is None else rows.clipped[terms.row]
            factors = [terms.loss * inside, terms.loss_weight, terms.of(rows.count)]
            add_products(self.sums["loss"], factors, terms.of(rows.slices))
        if terms.coarse is not None:
            above = terms.coarse < terms.loss
            for sums, loss in ((self._above_loss, terms.loss), (self._coarse_loss, terms.coarse)):
                add_products(sums, [loss * above, terms.loss_weight, terms.of(rows.count)], None)

    def move_rest(self, rows: int) -> None:
        """Count the rows from a later place."""
        self.first = self.first.moved(rows)

    def merge_rest(self, one: Self, other: Self) -> None:
        """Take over the first rows and what a coarser clip would change."""
        self.first = one.first.merge(other.first)
        self._above_loss = one._above_loss.merge(other._above_loss)
        self._coarse_loss = one._coarse_loss.merge(other._coarse_loss)

    def totals(self) -> dict[str, object]:
        """Return every sum."""
        above = {"above_loss": self._above_loss.values(), "coarse_loss": self._coarse_loss.values()}
        return State.totals(self) | above | {"first": self.first.rows}

    @property
    def rows(self) -> int:
        """Return the number of rows with a clipped term."""
        return int(self.counts["rows"].sum())

    def by_class(self) -> list[int]:
        """Return the number of clipped terms of each class."""
        held: list[int] = self.counts["terms"].tolist()
        return held

    def loss(self) -> Dyadic:
        """Return Σaℓ of the clipped rows."""
        return self.sums["loss"].values()[0]

    def loss_at_other_clip(self, s: Dyadic) -> tuple[float, Dyadic]:
        """Return the coarser clip and what Σaℓ = `s` would be with it; there must be a clip."""
        assert self.clip is not None
        return other_clip(self.clip), s - self._above_loss.values()[0] + self._coarse_loss.values()[0]
