"""Integers as decimal texts and back, all of them at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.keys.texts import BLOCK, Reader, Rows, Words, concatenated, padded
from xentcli.sources.base import Strings

_WIDEST = 20  # a sign and 19 digits
_ZEROS = 0x3030303030303030
_POWERS = np.array([10**k for k in range(20)], dtype=np.uint64)
# What stands before the digits of a word that has fewer than eight.
_FILL = np.array([_ZEROS >> 8 * size for size in range(9)], dtype=np.uint64)
_MINUS, _ZERO = 0x2D, 0x30


def from_integers(integers: NDArray[np.int64]) -> Strings:
    """Return the decimal text of each integer.

    >>> texts = from_integers(np.array([0, -17, -(2**63)]))
    >>> [texts.text(row) for row in range(3)]
    ['0', '-17', '-9223372036854775808']
    """
    return concatenated([_decimal_block(integers[at : at + BLOCK]) for at in range(0, len(integers), BLOCK)])


def _decimal_block(integers: NDArray[np.int64]) -> Strings:
    negative = integers < 0
    rest = integers.astype(np.uint64)
    np.negative(rest, out=rest, where=negative)  # modulo 2^64: right for -2^63 too
    widths = np.maximum(np.searchsorted(_POWERS, rest, side="right"), 1) + negative
    cells = np.empty((len(integers), _WIDEST), dtype=np.uint8)
    ten = np.uint64(10)
    for column in range(_WIDEST - 1, _WIDEST - 1 - int(widths.max()), -1):
        tenth = rest // ten
        cells[:, column] = rest - tenth * ten + np.uint64(_ZERO)
        rest = tenth
    cells[negative, _WIDEST - widths[negative]] = _MINUS
    offsets = np.zeros(len(integers) + 1, dtype=np.int64)
    np.cumsum(widths, out=offsets[1:])
    return Strings(offsets, cells[np.arange(_WIDEST) >= _WIDEST - widths[:, None]])


def to_integers(strings: Strings) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the int64 that each text is, and whether it is one: exactly the text that the integer has.

    No plus sign, no leading zero, no minus zero, no space, nothing beyond int64. Where the text is none, 0.

    >>> to_integers(from_integers(np.array([5, -5])))
    (array([ 5, -5]), array([ True,  True]))
    """
    integers = np.zeros(len(strings), dtype=np.int64)
    canonical = np.zeros(len(strings), dtype=np.bool_)
    if (np.diff(strings.offsets) > _WIDEST).all():
        return integers, canonical
    strings = padded(strings)
    for start in range(0, len(strings), BLOCK):
        offsets = strings.offsets[start : start + BLOCK + 1]
        sizes = np.diff(offsets)
        rows = np.flatnonzero((sizes > 0) & (sizes <= _WIDEST))
        if len(rows):
            values, right = _parsed(strings, offsets[rows], sizes[rows])
            integers[start + rows[right]] = values[right]
            canonical[start + rows] = right
    return integers, canonical


def _parsed(strings: Strings, at: Rows, sizes: Rows) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the integers of texts of 1 to 20 bytes and which of them are right; the others are anything."""
    negative = strings.data.take(at) == _MINUS
    at = at + negative
    sizes = sizes - negative
    led_by_zero = strings.data.take(at) == _ZERO
    right = (sizes > 0) & (sizes < _WIDEST) & ~(led_by_zero & ((sizes > 1) | negative))
    values = np.zeros(len(at), dtype=np.uint64)
    for start in range(0, int(sizes.max()), 8):
        rows = np.flatnonzero(sizes > start)
        here = np.minimum(sizes[rows] - start, 8)
        word = Reader(strings, at[rows] + start).next(len(rows))
        word <<= ((8 - here) << 3).view(np.uint64)
        word |= _FILL.take(here)
        right[rows] &= _all_digits(word)
        values[rows] = values[rows] * _POWERS.take(here) + _eight_digits(word)
    right &= values <= np.uint64(2**63 - 1) + negative
    np.negative(values, out=values, where=negative)
    return values.view(np.int64), right


def _all_digits(word: Words) -> NDArray[np.bool_]:
    """Return whether all eight bytes of each word are digits: 0x30 to 0x39, so that adding 6 leaves the high half."""
    high = np.uint64(0xF0F0F0F0F0F0F0F0)
    zeros = np.uint64(_ZEROS)
    digits: NDArray[np.bool_] = ((word & high) == zeros) & (((word + np.uint64(0x0606060606060606)) & high) == zeros)
    return digits


def _eight_digits(word: Words) -> Words:
    """Return the number that eight digits are, the first one in the lowest byte: pairs, then fours, then all."""
    word = (word & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(10 * 2**8 + 1) >> np.uint64(8)
    word = (word & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(100 * 2**16 + 1) >> np.uint64(16)
    return (word & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(10_000 * 2**32 + 1) >> np.uint64(32)
