"""Values collected piece by piece, in memory that goes back to the system as it is used up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)

# The C library gives a block of this size back when it is freed, of smaller ones it may keep every byte. What is not
# written to yet takes no memory.
CHUNK_BYTES = 32 << 20


class Chunks(Generic[Kind]):
    """Values in the order in which they were added, copied.

    >>> chunks = Chunks(np.int64)
    >>> chunks.add(np.array([1, 2]))
    >>> len(chunks), [chunk.tolist() for chunk in chunks.drained()], len(chunks)
    (2, [[1, 2]], 0)
    """

    def __init__(self, kind: type[Kind]) -> None:
        self._type = np.dtype(kind)
        self._chunks: list[NDArray[Kind]] = []
        self._size = 0
        self._room = 0  # in the last chunk

    def __len__(self) -> int:
        return self._size

    def add(self, values: NDArray[Kind]) -> None:
        """Add a copy of `values`, shape (n,)."""
        self._size += len(values)
        while len(values):
            if not self._room:
                self._room = CHUNK_BYTES // self._type.itemsize
                self._chunks.append(np.empty(self._room, dtype=self._type))
            some = values[: self._room]
            start = len(self._chunks[-1]) - self._room
            self._chunks[-1][start : start + len(some)] = some
            self._room -= len(some)
            values = values[len(some) :]

    def drained(self) -> Iterator[NDArray[Kind]]:
        """Yield all values in order, in arrays that are forgotten here: nothing is left."""
        chunks, left = self._chunks[::-1], self._size
        self._chunks, self._size, self._room = [], 0, 0
        while chunks:
            chunk = chunks.pop()[:left]
            left -= len(chunk)
            yield chunk

    def whole(self) -> NDArray[Kind]:
        """Return all values in one array, shape (n,), which is not copied if there is one chunk; nothing is left."""
        if len(self._chunks) == 1:
            return next(self.drained())
        whole, at = np.empty(self._size, dtype=self._type), 0
        for chunk in self.drained():
            whole[at : at + len(chunk)] = chunk
            at += len(chunk)
        return whole
