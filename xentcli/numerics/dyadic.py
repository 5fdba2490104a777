"""Exact numbers n·2^e, and the two ways they become a float64: a ratio, and the root of a ratio."""

from __future__ import annotations

import math
from typing import NamedTuple


class Dyadic(NamedTuple):
    """The exact value `n`·2^`e`; every finite float64 and every sum of products of them is one.

    Results of arithmetic are not reduced: equal values compare equal once they are.

    >>> ((Dyadic.of(0.5) + Dyadic.of(0.25)) * Dyadic.of(4)).reduced()
    Dyadic(n=3, e=0)
    """

    n: int
    e: int = 0

    @classmethod
    def of(cls, value: float) -> Dyadic:
        """Return a finite float or an int, exactly."""
        top, bottom = value.as_integer_ratio()
        return cls(top, 1 - bottom.bit_length())

    def _aligned(self, other: Dyadic) -> tuple[int, int, int]:
        e = min(self.e, other.e)
        return self.n << (self.e - e), other.n << (other.e - e), e

    def __add__(self, other: Dyadic) -> Dyadic:  # type: ignore[override]  # a number, though stored as a tuple
        a, b, e = self._aligned(other)
        return Dyadic(a + b, e)

    def __sub__(self, other: Dyadic) -> Dyadic:
        a, b, e = self._aligned(other)
        return Dyadic(a - b, e)

    def __mul__(self, other: Dyadic) -> Dyadic:  # type: ignore[override]  # as above
        return Dyadic(self.n * other.n, self.e + other.e)

    def reduced(self) -> Dyadic:
        """Return the same value with an odd `n` (0 as 0·2^0), so that equal values compare equal."""
        if not self.n:
            return Dyadic(0, 0)
        zeros = (self.n & -self.n).bit_length() - 1
        return Dyadic(self.n >> zeros, self.e + zeros) if zeros else self

    def __bool__(self) -> bool:
        return self.n != 0


ZERO = Dyadic(0)


def total(values: list[Dyadic]) -> Dyadic:
    """Return the exact sum."""
    if not values:
        return ZERO
    e = min(value.e for value in values)
    return Dyadic(sum(value.n << (value.e - e) for value in values), e).reduced()


def ratio(top: Dyadic, bottom: Dyadic) -> float | None:
    """Return top/bottom, correctly rounded; None where it is undefined (bottom 0) or leaves float64.

    Python divides integers with one correct rounding, gradual underflow included.

    >>> ratio(Dyadic(1), Dyadic(3)), ratio(Dyadic(1), Dyadic(0)), ratio(Dyadic(1, 5000), Dyadic(1))
    (0.3333333333333333, None, None)
    """
    if not bottom.n:
        return None
    shift = top.e - bottom.e
    try:
        return (top.n << shift) / bottom.n if shift >= 0 else top.n / (bottom.n << -shift)
    except OverflowError:
        return None


def rounded(value: Dyadic) -> float | None:
    """Return the float64 nearest to `value`; None where it leaves float64."""
    return ratio(value, Dyadic(1))


def root_of_ratio(top: Dyadic, bottom: Dyadic) -> float | None:
    """Return √(top/bottom) within 1 ulp; None where it is undefined or leaves float64.

    The quotient is scaled by an even power of two to at least 2^128 before the integer square root, so the
    root is good to 2^-63 relative before its one rounding to float64.

    >>> root_of_ratio(Dyadic(2), Dyadic(1)) == math.sqrt(2), root_of_ratio(Dyadic(0), Dyadic(7))
    (True, 0.0)
    """
    if not bottom.n or ((top.n < 0) != (bottom.n < 0) and top.n):
        return None
    if not top.n:
        return 0.0
    n, d, e = abs(top.n), abs(bottom.n), top.e - bottom.e
    shift = max(0, 130 - (n.bit_length() - d.bit_length()))
    shift += (e - shift) % 2
    root = math.isqrt((n << shift) // d)
    return rounded(Dyadic(root, (e - shift) // 2))
