"""Values cut at fixed powers of two: pieces that are integers of at most 38 bits in units of their cut."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIMB_BITS = 38
_CUT_OF_0 = 6
SLICE_ROWS = 1 << (53 - LIMB_BITS)
_LOWEST_BIT = -1074


def cut(values: Floats, top: float) -> Iterator[tuple[int, Floats]]:
    """Yield (j, piece) from the top down: pieces are multiples of a cut c = 2^(38·j + 6), at most c·2^38, whose sum
    are the values.

    What is left of a piece is exact (Sterbenz) and at most half a unit. Below the lowest bit of float64 nothing is left
    to cut.
    """
    j = _highest(top)
    rest = values
    while rest.any():
        if lowest_of(j) <= _LOWEST_BIT:
            yield j, rest
            return
        piece = _rounded(rest, j)
        yield j, piece
        rest = rest - piece
        j -= 1


def cut_positive(values: Floats, low: float, top: float) -> Iterator[tuple[int, Floats]]:
    """Yield what `cut` does of values of which none is below `low`: that says where the lowest bit can be."""
    lowest_bit = max(math.frexp(low)[1] - 53, _LOWEST_BIT)
    j = _highest(top)
    rest = values
    while lowest_of(j) > lowest_bit:
        piece = _rounded(rest, j)
        yield j, piece
        rest = rest - piece
        j -= 1
    yield j, rest


def _rounded(values: Floats, j: int) -> Floats:
    """Return values rounded to the cut c of limb j: by adding and taking away 1.5·c·2^52."""
    cutter = 1.5 * 2.0 ** (52 + lowest_of(j))
    piece = values + cutter
    piece -= cutter
    return piece


def _highest(top: float) -> int:
    """Return the first limb that has a piece of values up to `top`."""
    return -((_CUT_OF_0 - math.frexp(top)[1]) // LIMB_BITS) - 1


def lowest_of(j: int) -> int:
    """Return the exponent of the cut of limb j, which is the unit of its integers."""
    return LIMB_BITS * j + _CUT_OF_0


def place_of(exponent: int) -> tuple[int, int]:
    """Return the limb that has a power of two, and by how many bits that is above its cut."""
    return divmod(exponent - _CUT_OF_0, LIMB_BITS)
