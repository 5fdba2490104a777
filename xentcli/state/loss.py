"""The loss and its standard error, by class: Σa, Σaℓ, Σa², Σa²ℓ, Σa²ℓ² with a the weight of a term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from xentcli.batch import ScoredRows
from xentcli.dyadic import ZERO, Dyadic, ratio, root_of_ratio, rounded, total
from xentcli.exact import ExactSums


class Moments(NamedTuple):
    """Exact sums over some rows: n, a = Σa, s = Σaℓ, a2 = Σa², s1 = Σa²ℓ, s2 = Σa²ℓ², over rows of finite loss.

    `infinite` counts the rows whose loss is infinite; their weights are in a and a2, their losses in no sum.
    """

    n: int
    infinite: int
    a: Dyadic
    s: Dyadic
    a2: Dyadic
    s1: Dyadic
    s2: Dyadic

    @classmethod
    def total(cls, parts: Sequence[Moments]) -> Moments:
        """Return the sums over all parts."""
        return cls(
            sum(part.n for part in parts),
            sum(part.infinite for part in parts),
            total([part.a for part in parts]),
            total([part.s for part in parts]),
            total([part.a2 for part in parts]),
            total([part.s1 for part in parts]),
            total([part.s2 for part in parts]),
        )

    def mean(self) -> float | None:
        """Return Σaℓ/Σa, correctly rounded; None without rows, inf where a loss is infinite."""
        if not self.a:
            return None
        return float("inf") if self.infinite else ratio(self.s, self.a)

    def loss_sum(self) -> float | None:
        """Return Σaℓ; None without rows or where it leaves float64, inf where a loss is infinite."""
        if not self.a:
            return None
        return float("inf") if self.infinite else rounded(self.s)

    def effective_rows(self) -> float | None:
        """Return (Σa)²/Σa²."""
        return ratio(self.a * self.a, self.a2)

    def standard_error(self) -> float | None:
        """Return sqrt(Σa²(ℓ−L)²·n/(n−1))/Σa with L = Σaℓ/Σa; None below 2 rows or with an infinite loss.

        Σa²(ℓ−L)² = Σa²ℓ² − 2LΣa²ℓ + L²Σa² is computed exactly, times (Σa)², so equal losses give exactly 0.
        """
        if self.n < 2 or self.infinite or not self.a:
            return None
        spread = self.s2 * self.a * self.a - Dyadic(2) * self.s * self.a * self.s1 + self.s * self.s * self.a2
        a_squared = self.a * self.a
        return root_of_ratio(spread * Dyadic(self.n), a_squared * a_squared * Dyadic(self.n - 1))


NO_ROWS = Moments(0, 0, ZERO, ZERO, ZERO, ZERO, ZERO)


class LossState:
    """Sums of `Moments` for each of `n_classes` classes."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self.rows = np.zeros(n_classes, dtype=np.int64)
        self.infinite = np.zeros(n_classes, dtype=np.int64)
        self._unweighted = np.zeros(n_classes, dtype=np.int64)
        self._sums = {name: ExactSums(n_classes) for name in ("a", "s", "a2", "s1", "s2")}

    def update(self, rows: ScoredRows) -> None:
        """Add the rows' terms: exact products of weights and losses, by class."""
        classes, loss, sums = rows.classes, rows.loss, self._sums
        self.rows += np.bincount(classes, minlength=self.n_classes)
        finite = np.isfinite(loss)
        if not finite.all():
            self.infinite += np.bincount(classes[~finite], minlength=self.n_classes)
            loss = np.where(finite, loss, 0.0)
        weight = rows.weight
        if weight is None:
            self._unweighted += np.bincount(classes, minlength=self.n_classes)
            sums["s"].add(loss, classes)
            sums["s2"].add_products([loss, loss], classes)
        else:
            sums["a"].add(weight, classes)
            sums["s"].add_products([weight, loss], classes)
            sums["a2"].add_products([weight, weight], classes)
            sums["s1"].add_products([weight, weight, loss], classes)
            sums["s2"].add_products([weight, weight, loss, loss], classes)

    def merge(self, other: LossState) -> LossState:
        """Return the sums of both."""
        out = LossState(self.n_classes)
        out.rows = self.rows + other.rows
        out.infinite = self.infinite + other.infinite
        out._unweighted = self._unweighted + other._unweighted
        out._sums = {name: sums.merge(other._sums[name]) for name, sums in self._sums.items()}
        return out

    def totals(self) -> dict[str, object]:
        """Return the moments of every class."""
        return {"moments": self.by_class()}

    def by_class(self) -> list[Moments]:
        """Return the moments of every class, in class order.

        A row without a weight has a = 1: its weights are counted, and its Σa²ℓ is its Σaℓ.
        """
        a, s, a2, s1, s2 = (self._sums[name].values() for name in ("a", "s", "a2", "s1", "s2"))
        moments = []
        for k, ones in enumerate(self._unweighted.tolist()):
            n, infinite = int(self.rows[k]), int(self.infinite[k])
            if ones:
                moments.append(Moments(n, infinite, Dyadic(ones), s[k], Dyadic(ones), s[k], s2[k]))
            else:
                moments.append(Moments(n, infinite, a[k], s[k], a2[k], s1[k], s2[k]))
        return moments
