"""Texts that all have one length, as UUIDs and checksums do: rows of a matrix, read and compared without an index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Strings

Rows = NDArray[np.int64]


def even_width(strings: Strings) -> int | None:
    """Return the length in bytes that all texts have, None if there is none, or no text.

    >>> even_width(Strings(np.array([0, 2, 4]), np.zeros(4, dtype=np.uint8)))
    2
    """
    if len(strings) == 0:
        return None
    first, second, last = (int(strings.offsets[at]) for at in (0, 1, -1))
    width = second - first
    even = last - first == width * len(strings) and bool((np.diff(strings.offsets) == width).all())
    return width if even else None


def _matrix(strings: Strings, width: int) -> NDArray[np.uint8]:
    """Return texts of one length, shape (n, width), without copying."""
    first, last = int(strings.offsets[0]), int(strings.offsets[-1])
    return strings.data[first:last].reshape(len(strings), width)


def even_words(strings: Strings, width: int) -> Iterator[NDArray[np.uint64]]:
    """Yield the words of all texts, the first byte lowest: the full ones, then one of what is left, or 0."""
    words = width // 8 + 1
    cells = np.zeros((len(strings), 8 * words), dtype=np.uint8)
    cells[:, :width] = _matrix(strings, width)
    columns = cells.view("<u8")
    for at in range(words):
        yield columns[:, at]


def even_equal(a: Strings, a_rows: Rows, b: Strings, b_rows: Rows, width: int) -> NDArray[np.bool_]:
    """Return for each i whether text a_rows[i] of `a` is text b_rows[i] of `b`, shape (n,); all are `width` bytes."""
    mine, yours = _matrix(a, width), _matrix(b, width).take(b_rows, axis=0)
    differ = (mine if len(a_rows) == len(a) else mine.take(a_rows, axis=0)) != yours
    # As a rule all are equal: rows are looked at one by one only where some are not.
    return ~differ.any(axis=1) if differ.any() else np.ones(len(a_rows), dtype=np.bool_)
