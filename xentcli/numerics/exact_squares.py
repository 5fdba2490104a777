"""Exact sums of squares: a value in four pieces of 19 bits, whose products in pairs add up without rounding.

A piece is an integer of at most 19 bits in units of its cut, so a product of two is one of at most 38 bits, and 2^15
of them add up exactly in float64. That is four times as quick as expanding each square into its rounded value and the
error.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.segments import Where, sums_by

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PIECE_BITS = 19
_CUTS = (-13, -32, -51, -70)
_LARGEST = 64.0  # 2^19 units of the first cut
_SMALLEST = 2.0**-18  # from here up no bit is below the last one
# Pieces i and j have a product in units of 2^(-26 - 19·(i + j)); of two different ones it counts twice.
_PAIRS = tuple((i, j) for i in range(4) for j in range(i, 4))
LEVELS = tuple(2 * _CUTS[0] - PIECE_BITS * level for level in range(7))
_SCALES = np.array([[-(_CUTS[i] + _CUTS[j])] for i, j in _PAIRS])
_TO_LEVELS = np.array(
    [[(2 if i != j else 1) if i + j == level else 0 for i, j in _PAIRS] for level in range(7)], dtype=np.int64
)
# A level is up to four times 2^53 from one call, so an int64 takes so many.
MOST_CALLS = 100


class SquareSums(NamedTuple):
    """Sums of squares of at most 2^15 values, by where they go: the integers of each of `LEVELS`, shape (7, m).

    odd: which values are in none of them, as they are above 64 or have bits below 2^-70; None for none.
    """

    units: NDArray[np.int64]
    odd: Mask | None


def square_sums(values: Floats, where: Where, size: int) -> SquareSums:
    """Return the sums of the squares of at most 2^15 finite values.

    >>> sums = square_sums(np.array([0.5, 3.0]), None, 1)
    >>> sum(units.item() * 2.0**level for units, level in zip(sums.units, LEVELS)), sums.odd
    (9.25, None)
    """
    pieces, odd = _pieces(values)
    if odd is not None:
        pieces, _ = _pieces(np.where(odd, 0.0, values))
    found = np.array([sums_by(pieces[i] * pieces[j], where, size) for i, j in _PAIRS])
    return SquareSums(_TO_LEVELS @ np.ldexp(found, _SCALES).astype(np.int64), odd)


def _pieces(values: Floats) -> tuple[list[Floats], Mask | None]:
    """Return four pieces of each value, and which values are more than that."""
    pieces = []
    rest = values
    for cut in _CUTS[:-1]:
        cutter = 1.5 * 2.0 ** (52 + cut)
        piece = rest + cutter
        piece -= cutter
        pieces.append(piece)
        rest = rest - piece
    low, high = values.min(), values.max()
    if low >= _SMALLEST and high <= _LARGEST:
        pieces.append(rest)
        return pieces, None
    cutter = 1.5 * 2.0 ** (52 + _CUTS[-1])
    pieces.append((rest + cutter) - cutter)
    odd = pieces[-1] != rest
    if high > _LARGEST or low < -_LARGEST:
        odd |= np.abs(values) > _LARGEST
    return pieces, odd if odd.any() else None
