"""Values sorted by the sum that they go to: adding up runs is several times as quick as looking each value's sum up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


class Runs(NamedTuple):
    """The sums that n values go to, which are sorted by them: sum at[i] has those from starts[i] to the next start.

    at: (m,) ascending. starts: (m,) ascending from 0; no run is empty.
    """

    at: Index
    starts: Index
    n: int

    def lengths(self) -> Index:
        """Return how many values each of `at` has, shape (m,)."""
        return np.diff(self.starts, append=self.n)

    def spread(self) -> Index:
        """Return the sum that each value goes to, shape (n,)."""
        return np.repeat(self.at, self.lengths())

    def cut(self, start: int, stop: int) -> Runs:
        """Return the runs of values start to stop, of which there must be some."""
        first, last = np.searchsorted(self.starts, [start, stop - 1], side="right") - 1
        starts = np.maximum(self.starts[first : last + 1] - start, 0)
        return Runs(self.at[first : last + 1], starts, min(stop, self.n) - start)


Where = Index | Runs | None


def runs_of(index: Index, size: int) -> tuple[Index | None, Runs]:
    """Return an order that sorts values by the sum they go to, None where they are sorted, and the runs then.

    index: (n,) below `size`, which is at most 2^16: then sorting is a radix sort, 2 ns a value.

    >>> order, runs = runs_of(np.array([2, 0, 2]), 3)
    >>> order.tolist(), runs.at.tolist(), runs.starts.tolist(), runs.lengths().tolist()
    ([1, 0, 2], [0, 2], [0, 1], [1, 2])
    """
    n = len(index)
    counts = np.bincount(index, minlength=1)
    at = np.flatnonzero(counts)
    starts = np.zeros(len(at), dtype=np.intp)
    np.cumsum(counts[at[:-1]], out=starts[1:])
    if len(at) == 1:
        return None, Runs(at, starts, n)
    order = np.argsort(index.astype(np.uint8 if size <= 1 << 8 else np.uint16), kind="stable")
    return order, Runs(at, starts, n)


MOST_SORTED = 1 << 16


def part_of(where: Where, start: int, stop: int) -> Where:
    """Return where values start to stop go."""
    if where is None:
        return None
    if isinstance(where, Runs):
        return where if start == 0 and stop >= where.n else where.cut(start, stop)
    return where[start:stop]


def sums_by(values: Floats, where: Where, size: int) -> Floats:
    """Return the sums of values by where they go: (m,) of runs, else (size,); of columns without `where`."""
    if where is None:
        return np.atleast_1d(values.sum(axis=0))
    if isinstance(where, Runs):
        return np.add.reduceat(values, where.starts)
    return np.bincount(where, weights=values, minlength=size)


def counts_by(where: Index | Runs, size: int, chosen: Mask | None = None) -> NDArray[np.int64]:
    """Return how many values, or of them how many chosen ones, go to each of `size` sums."""
    if not isinstance(where, Runs):
        return np.bincount(where if chosen is None else where[chosen], minlength=size)
    counts = np.zeros(size, dtype=np.int64)
    if chosen is None:
        counts[where.at] = where.lengths()
    else:
        counts[where.at] = np.add.reduceat(chosen.view(np.int8), where.starts, dtype=np.int64)
    return counts


def some_of(where: Index | Runs, chosen: Mask) -> Index:
    """Return where chosen values go."""
    return (where.spread() if isinstance(where, Runs) else where)[chosen]


def spots(where: Where) -> Index | slice:
    """Return which sums `sums_by` has found, to index an array of all of them."""
    return where.at if isinstance(where, Runs) else slice(None)
