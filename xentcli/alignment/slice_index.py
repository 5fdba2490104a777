"""Slices: which combination of values of the columns of --by each row has, numbered as they are met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Texts
from xentcli.state.slice_views import Slice
from xentcli.text import canonical

Index = NDArray[np.intp]

# Sums of every statistic are held for every slice and class: about 250 bytes a cell and thread.
MOST_CELLS = 500_000
_LARGEST_TABLE = 1 << 20


class Combinations:
    """Combinations of numbers, numbered as they are met."""

    def __init__(self) -> None:
        self.tuples: list[tuple[int, ...]] = []
        self._numbers: dict[tuple[int, ...], int] = {}
        self._table: tuple[tuple[int, ...], Index] = ((), np.zeros(0, dtype=np.intp))

    def numbers(self, columns: Sequence[Index], sizes: Sequence[int], most: int) -> Index:
        """Return the number of each row's combination, shape (n,), of the rows before the first above `most` of them.

        columns: one array (n,) of numbers below its size in `sizes`, which may grow from call to call.
        """
        # Sizes grow by doubling, so that a table is seldom made anew.
        key = tuple(1 << (size - 1).bit_length() for size in sizes)
        if np.prod([float(size) for size in key]) > _LARGEST_TABLE:
            return self._sorted(columns, sizes, most)
        if self._table[0] != key:
            table = np.full(int(np.prod(key)), -1, dtype=np.intp)
            if self.tuples:
                known = tuple(np.array(self.tuples, dtype=np.intp).T)
                table[np.ravel_multi_index(known, key)] = np.arange(len(self.tuples))
            self._table = (key, table)
        flat = np.ravel_multi_index(tuple(columns), key)
        out: Index = self._table[1][flat]
        if out.size and out.min() < 0:
            new = np.flatnonzero(out < 0)
            firsts = np.sort(new[np.unique(flat[new], return_index=True)[1]])
            before = len(self.tuples)
            stop = self._learn([tuple(int(column[row]) for column in columns) for row in firsts], firsts, most)
            for numbers in self.tuples[before:]:
                self._table[1][np.ravel_multi_index(numbers, key)] = self._numbers[numbers]
            out = self._table[1][flat[:stop]]
        return out

    def _sorted(self, columns: Sequence[Index], sizes: Sequence[int], most: int) -> Index:
        """Return the numbers by sorting: for combinations too many for a table."""
        flat = np.zeros(len(columns[0]), dtype=np.intp)
        for column, size in zip(columns, sizes, strict=True):
            # Numbered anew column by column, so that no product of sizes can leave 64 bits.
            flat = np.unique(flat * size + column, return_index=True, return_inverse=True)[2]
        _, firsts, inverse = np.unique(flat, return_index=True, return_inverse=True)
        distinct = list(zip(*(column[firsts].tolist() for column in columns), strict=True))
        order = np.argsort(firsts)
        stop = self._learn([distinct[at] for at in order.tolist()], firsts[order], most)
        known = [self._numbers.get(numbers, -1) for numbers in distinct]
        return np.array(known, dtype=np.intp)[inverse[:stop]]

    def _learn(self, found: Sequence[tuple[int, ...]], firsts: NDArray[np.intp], most: int) -> int | None:
        """Number new combinations in the order of their first rows; return the row of the first that is too many."""
        for numbers, row in zip(found, firsts.tolist(), strict=True):
            if numbers in self._numbers:
                continue
            if len(self.tuples) >= most:
                return int(row)
            self._numbers[numbers] = len(self.tuples)
            self.tuples.append(numbers)
        return None


class SliceTable:
    """The slices met so far. Values are compared as text, and a missing one is a value of its own."""

    def __init__(self, names: Sequence[str], most: int) -> None:
        self.names = tuple(names)
        self.most = most
        self._values: list[dict[str | None, int]] = [{None: 0} for _ in names]
        self._known: list[tuple[Sequence[str], Index]] = [((), np.zeros(1, dtype=np.intp)) for _ in names]
        self._combinations = Combinations()

    def __len__(self) -> int:
        return len(self._combinations.tuples)

    def numbers(self, columns: Sequence[Texts]) -> Index:
        """Return the slice of each row, shape (n,), of the rows before the first slice too many."""
        codes = [self._codes(at, texts) for at, texts in enumerate(columns)]
        return self._combinations.numbers(codes, [len(values) for values in self._values], self.most)

    def _codes(self, at: int, texts: Texts) -> Index:
        """Return a number for each row's value in one column; −1, a missing value, picks the last, which is 0."""
        if self._known[at][0] is not texts.values:
            numbers = self._values[at]
            known = [numbers.setdefault(canonical(value), len(numbers)) for value in texts.values]
            self._known[at] = (texts.values, np.array([*known, 0], dtype=np.intp))
        codes: Index = self._known[at][1][texts.codes]
        return codes

    def slices(self) -> list[Slice]:
        """Return the slices, in the order of their numbers."""
        spelled = [list(values) for values in self._values]
        return [
            Slice(tuple(spelled[at][number] for at, number in enumerate(numbers)))
            for numbers in self._combinations.tuples
        ]
