"""How labels that are distributions mix the classes: Σu_j·u_k and Σu_k·B over rows, with u = w·y.

The standard error of the skill needs them: a row's cost under the best constant prediction is a sum over its classes.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_sums import ExactSums
from xentcli.state.base import State, View, add_products
from xentcli.state.scored_rows import ScoredRows

MOST_CLASSES = 32
_MOST_SUMS = 1 << 16


class PairsState(State):
    """Sums of the products of two classes' parts, for up to 32 classes; nothing without totals.

    They are kept by slice as long as that takes no more than 2^16 sums, and for all rows together after that: whether
    it does depends on the number of slices alone.
    """

    def __init__(self, n_classes: int) -> None:
        super().__init__(n_classes)
        self._known = n_classes <= MOST_CLASSES
        self._slices = 1
        self._together = False
        self._pairs = ExactSums(n_classes * n_classes if self._known else 0)
        self._charged = ExactSums(n_classes)

    def make_room(self, n_classes: int, n_slices: int, n_cells: int) -> None:
        """Make room for so many slices, or add up those there are if that would be too many sums."""
        k = self.n_classes
        if not self._known or self._together or n_slices <= self._slices or n_cells:
            return
        if n_slices * k * k > _MOST_SUMS:
            self._add_up()
            return
        self._slices = n_slices
        self._pairs.grow(n_slices * k * k)
        self._charged.grow(n_slices * k)

    def _add_up(self) -> None:
        k, n = self.n_classes, self._slices
        self._pairs = self._pairs.fold(np.tile(np.arange(k * k), n), k * k)
        self._charged = self._charged.fold(np.tile(np.arange(k), n), k)
        self._slices, self._together = 1, True

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        totals, k = rows.totals, rows.n_classes
        if totals is None or not self._known:
            return
        loss = np.where(np.isfinite(totals.loss), totals.loss, 0.0)
        slices = np.zeros(len(rows), dtype=np.intp) if rows.slices is None or self._together else rows.slices
        for j in range(k):
            one = np.ascontiguousarray(totals.parts[:, j])
            add_products(self._charged, [one, totals.loss_weight, loss, rows.count], slices * k + j)
            for i in range(j + 1):
                other = np.ascontiguousarray(totals.parts[:, i])
                add_products(self._pairs, [one, other, rows.count], (slices * k + j) * k + i)

    def merge(self, other: Self) -> Self:
        """Return the sums of both; neither is changed."""
        out = self.empty()
        parts = [self, other]
        if self._together != other._together:
            parts = [part if part._together else part._all() for part in parts]
        one, two = parts
        out._pairs, out._charged = one._pairs.merge(two._pairs), one._charged.merge(two._charged)
        out._slices, out._together = max(one._slices, two._slices), one._together
        return out

    def _all(self) -> Self:
        """Return the sums over all slices."""
        out = self.empty()
        out._pairs, out._charged = self._pairs.merge(out._pairs), self._charged.merge(out._charged)
        out._slices = self._slices
        out._add_up()
        return out

    def view(self, view: View) -> Self:
        """Return all of it, added to the slices that the view says; else the part of one slice, if that is known."""
        if view.to:
            return self._added_up(view)
        out = type(self)(view.n_classes)
        out._known = self._known and not self._together and bool(view.slices[0] < self._slices)
        if out._known:
            k = self.n_classes
            out._charged = self._charged.take(view.columns)
            # Only pairs of a class and one before it are held.
            lower = np.maximum(view.columns[:, None], view.columns[None, :]) * k
            places = lower + np.minimum(view.columns[:, None], view.columns[None, :]) % k
            out._pairs = self._pairs.take(places.reshape(-1))
        return out

    def _added_up(self, view: View) -> Self:
        """Return the sums by the numbers that slices and classes have in a view, for as many slices as may be kept."""
        out, k = self.empty(), self.n_classes
        out.make_room(k, view.n_slices, view.n_cells)
        if not self._known or view.n_cells or view.n_classes != k:
            return out
        one = self._all() if out._together else self
        columns = view.columns[: one._slices * k]
        columns = columns % k if out._together else columns
        rows, others = columns.reshape(-1, k, 1), columns.reshape(-1, 1, k)
        # Only pairs of a class and one before it are held.
        places = np.maximum(rows, others) * k + np.minimum(rows, others) % k
        out._pairs = one._pairs.fold(places.reshape(-1), out._slices * k * k)
        out._charged = one._charged.fold(columns, out._slices * k)
        return out

    def totals(self) -> dict[str, object]:
        """Return every sum over all rows, and by slice where it is kept so."""
        if not self._known:
            return {}
        everything = self._all()
        held = [value for value in self._pairs.values() if value] if self._slices > 1 else []
        return {"pairs": everything._pairs.values(), "charged": everything._charged.values(), "by_slice": held}

    def of(self) -> tuple[list[list[Dyadic]], list[Dyadic]] | None:
        """Return Σu_j·u_k for all j and k, and Σu_k·B for all k; None where they are not known."""
        k = self.n_classes
        if not self._known:
            return None
        flat = self._pairs.values()
        return [[flat[max(i, j) * k + min(i, j)] for i in range(k)] for j in range(k)], self._charged.values()
