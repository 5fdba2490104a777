"""Products without rounding: the rounded one and its error, for as many factors as there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_EASY_LOW, _EASY_HIGH = 2.0**-150, 2.0**150


def is_easy(values: Floats) -> bool:
    """Say whether all values are 0 or in [2^-150, 2^150]: products of four then have all their bits in float64."""
    size = np.abs(values)
    return bool(size.max(initial=0.0) <= _EASY_HIGH and np.where(size == 0.0, 1.0, size).min(initial=1.0) >= _EASY_LOW)


def expansion(factors: Sequence[Floats]) -> list[Floats]:
    """Return arrays whose exact sum is the product of the factors; all-zero ones are left out."""
    terms = [factors[0]]
    for factor in factors[1:]:
        longer: list[Floats] = []
        for term in terms:
            product, error = two_product(term, factor)
            longer.append(product)
            if error.any():
                longer.append(error)
        terms = longer
    return terms


def two_product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return (p, e) with p = fl(a·b) and p + e = a·b exactly, for products well inside float64's range.

    Dekker 1971 with Veltkamp's split; NumPy has no fused multiply-add.

    >>> p, e = two_product(np.array([0.1]), np.array([3.0]))
    >>> p.item(), e.item()
    (0.30000000000000004, -2.7755575615628914e-17)
    """
    product = a * b
    a_high, a_low = _split(a)
    b_high, b_low = (a_high, a_low) if b is a else _split(b)
    error = a_high * b_high
    error -= product
    error += a_high * b_low
    error += a_low * b_high
    error += a_low * b_low
    return product, error


def _split(values: Floats) -> tuple[Floats, Floats]:
    scaled = values * 134217729.0  # 2^27 + 1
    high = scaled - (scaled - values)
    return high, values - high
