"""Hashes that are the same on every machine: of numbers, of texts, of rows."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

# Odd, and 5 modulo 8: its powers repeat only after 2^62 rows.
_BASE = 0x9E3779B97F4A7C15
_TABLE = 1 << 16
_MASK = (1 << 64) - 1
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@cache
def _powers() -> NDArray[np.uint64]:
    """Return B^0, B^1, …, modulo 2^64: `_TABLE` of them."""
    powers = np.full(_TABLE, _BASE, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def sum_by_place(hashes: NDArray[np.uint64], rows: NDArray[np.int64]) -> int:
    """Return Σ hash·B^row modulo 2^64, of rows that ascend, shapes (n,): it tells in which order the hashes stand.

    The sum over rows that come n rows later is that of the rows times B^n, so parts add up whatever came before them.

    >>> hashes, rows = np.array([7, 9], dtype=np.uint64), np.arange(2)
    >>> sum_by_place(hashes, rows + 3) == moved_by(sum_by_place(hashes, rows), 3)
    True
    """
    if not len(rows):
        return 0
    first = int(rows[0])
    places = rows - first
    powers = _powers()
    if int(places[-1]) < _TABLE:
        factors = powers[: len(rows)] if int(places[-1]) == len(rows) - 1 else powers[places]
    else:
        # Between these rows many are left out; B^(2^16)^i is a power for each run of 2^16 rows.
        runs, which = np.unique(places // _TABLE, return_inverse=True)
        starts = np.array([pow(_BASE, int(run) * _TABLE, 1 << 64) for run in runs], dtype=np.uint64)
        factors = powers[places % _TABLE] * starts[which]
    return moved_by(int((hashes * factors).sum(dtype=np.uint64)), first)


def moved_by(total: int, rows: int) -> int:
    """Return a `sum_by_place` of rows that come so many rows later."""
    return total * pow(_BASE, rows, 1 << 64) & _MASK


def splitmix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the SplitMix64 finaliser of each value (Steele, Lea & Flood 2014): a bijection that mixes all bits."""
    with np.errstate(over="ignore"):
        mixed = values >> np.uint64(30)
        shifted = np.empty_like(mixed)
        mixed ^= values
        mixed *= _MIX_1
        mixed ^= np.right_shift(mixed, np.uint64(27), out=shifted)
        mixed *= _MIX_2
        mixed ^= np.right_shift(mixed, np.uint64(31), out=shifted)
    return mixed


def text_hash(text: str) -> int:
    """Return a 64-bit hash of a text: BLAKE2b, so that it is the same on every machine and in every run."""
    from hashlib import blake2b

    return int.from_bytes(blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "little")
