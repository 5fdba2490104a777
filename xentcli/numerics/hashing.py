"""Hashes that are the same on every machine: of numbers, of texts, of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def row_identity(rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a hash of each row by its number alone, shape (n,)."""
    with np.errstate(over="ignore"):
        return rows.view(np.uint64) * _GOLDEN


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
