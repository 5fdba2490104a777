"""A hash table of keys in file order: which row has a key, for many keys at once.

Open addressing: a slot holds a row number, -1 where it is free; a key belongs in the slot that its hash names or,
where that is taken, in the next free one. All keys of a block try their slots together, and those that find another
key there go on to the next. With 3.2 slots a key that is 1.2 tries on average; where keys are many, and memory counts
for more, they have 1.6 slots each and take 2 tries. Sorted keys and `np.searchsorted` take several times as long: a
binary search misses the cache at most of its steps.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.keys.chunks import CHUNK_BYTES
from xentcli.alignment.keys.decimals import from_integers, to_integers
from xentcli.alignment.keys.even import even_equal, even_width
from xentcli.alignment.keys.texts import LONG, Rows, equal_rows, padded, text_hashes
from xentcli.numerics.hashing import splitmix
from xentcli.sources.base import Strings

Keys = Strings | NDArray[np.int64]
Index = NDArray[np.signedinteger]

_BLOCK = 1 << 16  # the last of many tries are of few keys: large blocks share them
_BLOCK_BYTES = 128 * _BLOCK  # at most what one block needs beside its texts
_INT32_ROWS = 1 << 31
_SPARSE_ROWS = 1 << 22


class KeyTable:
    """Where each of some keys stands: of rows with the same key, the first.

    Nothing in it changes once it is made, so any number of threads may look keys up. The hash is seeded anew for each
    table, so no file can be such that all its keys want the same slots. Integers are the same keys as their texts, if
    these are written as xent would write them: 7 is `7`, not `07`. An array of integers is held as it is, not copied.

    first_duplicate: the lowest row whose key an earlier row has, and that row; None if all keys differ.
    duplicates: how many rows have the key of an earlier row.

    >>> table = KeyTable(np.array([30, 10, 20, 10]))
    >>> table.find(np.array([10, 11])), table.first_duplicate
    (array([ 1, -1]), (3, 1))
    """

    def __init__(self, keys: Keys) -> None:
        seeds = np.frombuffer(os.urandom(16), dtype=np.uint64)
        self._seed, self._text_seed = seeds[0], int(seeds[1])
        self._texts: Strings | None = None
        self._width: int | None = None  # of all texts, if they have one
        if isinstance(keys, Strings):
            self._texts = keys = padded(keys)
            self._width = even_width(keys)
        # What is compared first: integers themselves, hashes of texts.
        self._marks = self._text_marks(keys) if isinstance(keys, Strings) else keys
        self._slots: Index = np.full(slots_for(len(keys)), -1, dtype=row_type(len(keys)))
        self.first_duplicate: tuple[int, int] | None = None
        self.duplicates = 0
        for start in range(0, len(keys), _BLOCK):
            self._place(start, min(start + _BLOCK, len(keys)))

    def __len__(self) -> int:
        return len(self._marks)

    @property
    def keys(self) -> Keys:
        """Return the keys in file order."""
        return self._marks if self._texts is None else self._texts

    @property
    def nbytes(self) -> int:
        """Return the bytes held: 20.8 a key, 14.4 of many; with texts, these and 8 more."""
        texts = 0 if self._texts is None else self._texts.offsets.nbytes + self._texts.data.nbytes
        return self._marks.nbytes + self._slots.nbytes + texts

    def find(self, keys: Keys) -> Rows:
        """Return the row of each key, -1 where there is none, shape (n,); keys of either kind."""
        if self._texts is not None:
            texts = keys if isinstance(keys, Strings) else from_integers(keys)
            return self._search(self._text_marks(texts), texts)
        if isinstance(keys, Strings):
            integers, canonical = to_integers(keys)
            return np.where(canonical, self._search(integers, None), -1)
        return self._search(keys, None)

    def _search(self, marks: Rows, texts: Strings | None) -> Rows:
        rows = np.full(len(marks), -1, dtype=np.int64)
        for start in range(0, len(marks) if len(self) else 0, _BLOCK):
            stop = min(start + _BLOCK, len(marks))
            at = self._homes(marks[start:stop])
            rows[start:stop] = self._walk(marks[start:stop], at)
            if texts is not None:
                self._confirm(marks[start:stop], texts.slice(start, stop), at, rows[start:stop])
        return rows

    def _walk(self, marks: Rows, at: Rows) -> Index:
        """Return the row held by the first slot, from `at` on, that is free (-1) or has an equal mark.

        `at` is changed to where that slot is.
        """
        held = self._slots.take(at)
        on = np.flatnonzero(self._differ(held, marks))
        while len(on):
            tried = self._next(at[on])
            found = self._slots.take(tried)
            at[on], held[on] = tried, found
            on = on[self._differ(found, marks[on])]
        return held

    def _differ(self, held: Index, marks: Rows) -> NDArray[np.bool_]:
        differ: NDArray[np.bool_] = self._marks.take(held, mode="clip") != marks  # clip: a free slot, -1, reads row 0
        differ &= held >= 0
        return differ

    def _confirm(self, marks: Rows, texts: Strings, at: Rows, rows: Rows) -> None:
        """Walk on where a text of the same hash is another text."""
        assert self._texts is not None
        asked = np.flatnonzero(rows >= 0)
        while len(asked := asked[~self._equal(texts, asked, rows[asked])]):
            after = self._next(at[asked])
            rows[asked] = self._walk(marks[asked], after)
            at[asked] = after
            asked = asked[rows[asked] >= 0]

    def _equal(self, texts: Strings, asked: Rows, rows: Rows) -> NDArray[np.bool_]:
        assert self._texts is not None
        if self._width is not None and self._width <= LONG and even_width(texts) == self._width:
            return even_equal(texts, asked, self._texts, rows, self._width)
        return equal_rows(texts, asked, self._texts, rows)

    def _place(self, start: int, stop: int) -> None:
        """Put the keys of some rows into the table; those of every row before them are there already."""
        rows, at = np.arange(start, stop, dtype=self._slots.dtype), self._homes(self._marks[start:stop])
        while len(rows):
            free = np.flatnonzero(self._slots.take(at) < 0)
            # Of several rows that want a slot the one assigned last stays: backwards, that is the lowest.
            free = free[::-1]
            self._slots[at[free]] = rows[free]
            held = self._slots.take(at)
            lost = np.flatnonzero(held != rows)
            rows, at, held = rows[lost], at[lost], held[lost]
            same = self._marks.take(rows) == self._marks.take(held)
            if self._texts is not None:
                hit = np.flatnonzero(same)
                same[hit] = equal_rows(self._texts, rows[hit], self._texts, held[hit])
            if same.any():
                self._note(rows[same], held[same])
            on = np.flatnonzero(~same)
            rows, at = rows[on], self._next(at[on])

    def _note(self, rows: Index, earlier: Index) -> None:
        """Take note of rows whose key an earlier row has."""
        self.duplicates += len(rows)
        lowest = int(np.argmin(rows))
        found = int(rows[lowest]), int(earlier[lowest])
        self.first_duplicate = min(self.first_duplicate or found, found)

    def _text_marks(self, texts: Strings) -> Rows:
        return text_hashes(texts, self._text_seed).view(np.int64)

    def _homes(self, marks: Rows) -> Rows:
        """Return the slot that each key wants: 50 bits of its hash, as a fraction of all slots."""
        hashes = splitmix(marks.view(np.uint64) ^ self._seed)
        hashes >>= np.uint64(14)
        homes: Rows = (hashes.view(np.int64) * (len(self._slots) * 2.0**-50)).astype(np.int64)
        return homes

    def _next(self, at: Rows) -> Rows:
        at += 1
        at[at == len(self._slots)] = 0
        return at


def slots_for(rows: int) -> int:
    """Return how many slots so many keys get: one stays free whatever the keys, which ends every search."""
    return rows * (16 if rows <= _SPARSE_ROWS else 8) // 5 + 1


def row_type(rows: int) -> type[np.int32 | np.int64]:
    """Return the type that holds so many row numbers."""
    return np.int32 if rows <= _INT32_ROWS else np.int64


def bytes_needed(rows: int, text_bytes: int | None = None) -> int:
    """Return an upper bound of the bytes that collecting keys and making their table take at any one time.

    text_bytes: the bytes of all texts together; None if every key is an integer.

    >>> bytes_needed(10**9) // 10**9, bytes_needed(10**9, 36 * 10**9) // 10**9
    (14, 58)
    """
    slots = slots_for(rows) * np.dtype(row_type(rows)).itemsize
    keys = 8 * rows if text_bytes is None else 8 * rows + text_bytes
    marks = 0 if text_bytes is None else 8 * rows
    twice = min(keys, 4 * CHUNK_BYTES)  # being moved from chunks into one array
    return keys + max(marks + slots, twice) + _BLOCK_BYTES
