"""How labels that are distributions mix the classes: Σu_j·u_k and Σu_k·B over rows, with u = w·y.

The standard error of the skill needs them: a row's cost under the best constant prediction is a sum over its classes.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.exact import ExactSums
from xentcli.state.base import State, View, add_products

MOST_CLASSES = 32


class PairsState(State):
    """Sums over all rows of the products of two classes' parts, for up to 32 classes; nothing without totals."""

    def __init__(self, n_classes: int) -> None:
        super().__init__(n_classes)
        self._pairs = ExactSums(n_classes * n_classes if n_classes <= MOST_CLASSES else 0)
        self._charged = ExactSums(n_classes)
        self._whole = True

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        totals, k = rows.totals, rows.n_classes
        if totals is None or k > MOST_CLASSES:
            return
        loss = np.where(np.isfinite(totals.loss), totals.loss, 0.0)
        for j in range(k):
            one = np.ascontiguousarray(totals.parts[:, j])
            index = np.full(len(rows), j, dtype=np.intp)
            add_products(self._charged, [one, totals.loss_weight, loss, rows.count], index)
            for i in range(j + 1):
                other = np.ascontiguousarray(totals.parts[:, i])
                add_products(self._pairs, [one, other, rows.count], index * k + i)

    def merge_rest(self, one: Self, other: Self) -> None:
        """Take over the sums."""
        self._pairs = one._pairs.merge(other._pairs)
        self._charged = one._charged.merge(other._charged)

    def view(self, view: View) -> Self:
        """Return all of it where everything is added up; a part of the rows has none of it."""
        out = self.merge(self.empty()) if view.to else self.empty()
        out._whole = view.to
        return out

    def totals(self) -> dict[str, object]:
        """Return every sum."""
        return {"pairs": self._pairs.values(), "charged": self._charged.values()}

    def of(self) -> tuple[list[list[Dyadic]], list[Dyadic]] | None:
        """Return Σu_j·u_k for all j and k, and Σu_k·B for all k; None above 32 classes, and for a part of the rows."""
        k = self.n_classes
        if k > MOST_CLASSES or not self._whole:
            return None
        flat = self._pairs.values()
        return [[flat[max(i, j) * k + min(i, j)] for i in range(k)] for j in range(k)], self._charged.values()
