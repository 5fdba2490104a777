"""Which rows were seen: counts of what was touched, the first rows of a kind, and a fingerprint of the whole."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.hashing import moved_by, splitmix, sum_by_place
from xentcli.state.base import State, View, add_products
from xentcli.state.scored_rows import Index, ScoredRows, Tally

_KEPT = 5
_MASK = (1 << 64) - 1


class FirstRows(NamedTuple):
    """The five lowest of some row numbers (counted from 0 over the whole input)."""

    rows: tuple[int, ...] = ()

    def including(self, rows: NDArray[np.int64]) -> FirstRows:
        """Return the lowest of these and `rows`, which ascend."""
        return FirstRows(tuple(sorted({*self.rows, *rows[:_KEPT].tolist()})[:_KEPT]))

    def moved(self, rows: int) -> FirstRows:
        """Return these where so many rows come before them."""
        return FirstRows(tuple(row + rows for row in self.rows))

    def merge(self, other: FirstRows) -> FirstRows:
        """Return the lowest of both."""
        return FirstRows(tuple(sorted({*self.rows, *other.rows})[:_KEPT]))


class RowsState(State):
    """Counts of rows and cells that were treated specially, Σw, and the fingerprint.

    The fingerprint is the sum modulo 2^64 of one hash a row, of its key, its label and its weight; without a key that
    of the label and the weight times a power of its place. It is the same for every chunking, and for every set of
    predictions about the same rows.
    """

    slice_sums = ("weight",)
    slice_counts = ("read", "zero_weight", "snapped", "renormalized", "dropped", "ignored")

    def __init__(self, n_classes: int) -> None:
        super().__init__(n_classes)
        self.unmatched = 0
        self.weighted = False
        self.keyed = False
        self.first_snapped = FirstRows()
        self._hash = 0

    def add(self, rows: ScoredRows) -> None:
        """Add rows to the count and to the fingerprint."""
        if rows.slices is None:
            self.counts["read"][0] += len(rows)
        else:
            self.counts["read"] += np.bincount(rows.slices, minlength=len(self.counts["read"]))
        weight = rows.sample_weight
        with np.errstate(over="ignore"):
            mixed = splitmix(rows.label_hash if rows.identity is None else rows.identity ^ rows.label_hash)
            if weight is not None:
                self.weighted = True
                add_products(self.sums["weight"], [weight], rows.slices)
                mixed = splitmix(mixed ^ weight.view(np.uint64))
        if rows.identity is None:
            self._hash = (self._hash + sum_by_place(mixed, rows.rows)) & _MASK
        else:
            self.keyed = True
            self._hash = (self._hash + int(mixed.sum(dtype=np.uint64))) & _MASK

    def take_over(self, tally: Tally) -> None:
        """Add what was counted of some rows beside their figures."""
        for name, times, slices in tally.counts:
            self._count(name, times, slices)
        self.unmatched += tally.unmatched
        if tally.snapped is not None:
            self.first_snapped = self.first_snapped.including(tally.snapped)

    def _count(self, name: str, chosen: NDArray[np.bool_] | NDArray[np.int64], slices: Index | None) -> None:
        """Count rows, chosen by a mask or numbers of times, in their slices."""
        if slices is None:
            self.counts[name][0] += int(chosen.sum())
        else:
            size = len(self.counts[name])
            self.counts[name] += np.bincount(slices, weights=chosen, minlength=size).astype(np.int64)

    def move_rest(self, rows: int) -> None:
        """Count the rows from a later place."""
        self.first_snapped = self.first_snapped.moved(rows)
        self._hash = self._hash if self.keyed else moved_by(self._hash, rows)

    def merge_rest(self, one: Self, other: Self) -> None:
        """Take over what is along no axis."""
        self.keyed = one.keyed or other.keyed
        self.unmatched = one.unmatched + other.unmatched
        self.weighted = one.weighted or other.weighted
        self.first_snapped = one.first_snapped.merge(other.first_snapped)
        self._hash = (one._hash + other._hash) & _MASK

    def view(self, view: View) -> Self:
        """Return a part of the counts, or all of them added up; rows without a match are in no slice."""
        part = super().view(view)
        if not view.to:
            part.unmatched = 0
        return part

    def totals(self) -> dict[str, object]:
        """Return everything held."""
        rest = {"unmatched": self.unmatched, "first_snapped": self.first_snapped.rows, "hash": self.fingerprint()}
        return State.totals(self) | rest

    def number(self, name: str) -> int:
        """Return a count over all slices."""
        return int(self.counts[name].sum())

    def weight(self) -> Dyadic:
        """Return Σw."""
        return self.sums["weight"].values()[0] if self.weighted else Dyadic(self.number("read"))

    def fingerprint(self) -> str:
        """Return the fingerprint: 16 hexadecimal digits."""
        return f"{self._hash:016x}"
