"""Which rows of LABELS have a prediction, and which one."""

from __future__ import annotations

from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.keys.texts import Rows

_NARROW = 1 << 32
_BLOCK = 1 << 20


class Seen:
    """For each of `rows` rows of LABELS the prediction row that has its key; in 4 bytes, 8 from 2^32 predictions on.

    >>> seen = Seen(3)
    >>> seen.mark(np.array([2, 0]), 0), seen.unseen(5)
    (None, (1, [1]))
    >>> seen.mark(np.array([1, 2]), 2)
    (1, 0)
    """

    def __init__(self, rows: int, shared: bool = False) -> None:
        """Make room; `shared` with processes that are forked later, of which each knows its own rows alone."""
        # The prediction row + 1, or 0.
        self._by: NDArray[np.uint32] | NDArray[np.int64] = np.zeros(rows, dtype=np.uint32)
        if shared and rows:
            self._by = np.frombuffer(mmap(-1, self._by.nbytes), dtype=np.uint32)

    @property
    def nbytes(self) -> int:
        """Return the bytes held."""
        return self._by.nbytes

    def mark(self, label_rows: Rows, first_prediction_row: int) -> tuple[int, int] | None:
        """Take note that prediction row `first_prediction_row + i` has the key of label_rows[i], for every i.

        Where that is -1, of none. Returns the first i whose label row is taken already, by an earlier i or an earlier
        call, and the prediction row that has it; from there on nothing is noted. None if there is no such i.
        """
        if first_prediction_row + len(label_rows) >= _NARROW:
            self._by = self._by.astype(np.int64, copy=False)
        matched, rows = np.arange(len(label_rows)), label_rows
        if len(label_rows) and label_rows.min() < 0:
            matched = np.flatnonzero(label_rows >= 0)
            rows = label_rows[matched]
        numbers = (matched + (first_prediction_row + 1)).astype(self._by.dtype)
        before = self._by.take(rows)
        self._by[rows] = numbers
        if not before.any() and np.array_equal(self._by.take(rows), numbers):
            return None
        # Backwards: of several for one label row the first is assigned last, and stays.
        self._by[rows[::-1]] = numbers[::-1]
        taken = np.flatnonzero((before != 0) | (self._by.take(rows) != numbers))
        i = int(taken[0])
        earlier = int(before[i] or self._by[rows[i]]) - 1
        self._by[rows] = before
        self._by[rows[:i]] = numbers[:i]
        return int(matched[i]), earlier

    def unseen(self, limit: int) -> tuple[int, list[int]]:
        """Return how many rows of LABELS have no prediction, and the first `limit` of them."""
        first: list[int] = []
        for start in range(0, len(self._by), _BLOCK):
            if len(first) >= limit:
                break
            free = np.flatnonzero(self._by[start : start + _BLOCK] == 0)[: limit - len(first)]
            first += (free + start).tolist()
        return len(self._by) - int(np.count_nonzero(self._by)), first
