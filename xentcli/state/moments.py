"""Sums of weights and losses, and what follows from them: a mean and its standard error, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xentcli.numerics.dyadic import ZERO, Dyadic, ratio, root_of_ratio, rounded, total


class Moments(NamedTuple):
    """Exact sums over some terms or rows: a is a weight and b = aℓ what is charged for it.

    rows: how many there are. n: how many they stand for, which differs with count weights. a = Σa, s = Σb, a2 = Σa²,
    s1 = Σab, s2 = Σb², each over all n. `infinite` counts the rows whose loss is infinite; their weights are in a and
    a2, their losses in no sum.
    """

    rows: int
    n: Dyadic
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
            sum(part.rows for part in parts),
            total([part.n for part in parts]),
            sum(part.infinite for part in parts),
            total([part.a for part in parts]),
            total([part.s for part in parts]),
            total([part.a2 for part in parts]),
            total([part.s1 for part in parts]),
            total([part.s2 for part in parts]),
        )

    def less(self, other: Moments) -> Moments:
        """Return the sums over what is here and not in a part of it."""
        return Moments(
            self.rows - other.rows,
            self.n - other.n,
            self.infinite - other.infinite,
            self.a - other.a,
            self.s - other.s,
            self.a2 - other.a2,
            self.s1 - other.s1,
            self.s2 - other.s2,
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
        if self.infinite or not self.a or not _above_one(self.n):
            return None
        spread = self.s2 * self.a * self.a - Dyadic(2) * self.s * self.a * self.s1 + self.s * self.s * self.a2
        a_squared = self.a * self.a
        return root_of_ratio(spread * self.n, a_squared * a_squared * (self.n - ONE))


ONE = Dyadic(1)
NO_ROWS = Moments(0, ZERO, 0, ZERO, ZERO, ZERO, ZERO, ZERO)


def _above_one(count: Dyadic) -> bool:
    return (count - ONE).n > 0
