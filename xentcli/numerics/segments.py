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

    at: (m,) ascending. starts, lengths: (m,) of the runs, of which none is empty.
    """

    at: Index
    starts: Index
    lengths: Index

    def spread(self) -> Index:
        """Return the sum that each value goes to, shape (n,)."""
        return np.repeat(self.at, self.lengths)

    def cut(self, start: int, stop: int) -> Runs:
        """Return the runs of values start to stop, of which there must be some."""
        first, last = np.searchsorted(self.starts, [start, stop - 1], side="right") - 1
        chosen = slice(int(first), int(last) + 1)
        ends = np.minimum(self.starts[chosen] + self.lengths[chosen], stop) - start
        starts = np.maximum(self.starts[chosen] - start, 0)
        return Runs(self.at[chosen], starts, ends - starts)


# A slice names the sums that the columns of a matrix go to; None is sum 0.
Where = Index | Runs | slice | None


def runs_of(index: Index, size: int) -> tuple[Index | None, Runs]:
    """Return an order that sorts values by the sum they go to, None where they are sorted, and the runs then.

    index: (n,) below `size`, which is at most 2^16: then sorting is a radix sort, 2 ns a value.

    >>> order, runs = runs_of(np.array([2, 0, 2]), 3)
    >>> order.tolist(), runs.at.tolist(), runs.starts.tolist(), runs.lengths.tolist()
    ([1, 0, 2], [0, 2], [0, 1], [1, 2])
    """
    if size == 2:
        return _runs_of_two(index)
    counts = np.bincount(index)
    at = np.flatnonzero(counts)
    lengths = counts[at]
    starts = lengths.cumsum()
    starts -= lengths
    runs = Runs(at, starts, lengths)
    if len(at) == 1:
        return None, runs
    return np.argsort(index.astype(np.uint8 if size <= 1 << 8 else np.uint16), kind="stable"), runs


def _runs_of_two(index: Index) -> tuple[Index | None, Runs]:
    """Return the same for two sums, in half the time."""
    ones = index.astype(np.bool_)
    n_ones = int(np.count_nonzero(ones))
    zeros = len(index) - n_ones
    if not zeros or not n_ones:
        one = 0 if zeros else 1
        return None, Runs(np.array([one]), np.zeros(1, dtype=np.intp), np.array([len(index)]))
    order = np.empty(len(index), dtype=np.intp)
    order[zeros:] = np.flatnonzero(ones)
    order[:zeros] = np.flatnonzero(np.logical_not(ones, out=ones))
    return order, Runs(np.array([0, 1]), np.array([0, zeros]), np.array([zeros, n_ones]))


MOST_SORTED = 1 << 16


def part_of(where: Where, start: int, stop: int) -> Where:
    """Return where values start to stop go."""
    if where is None or isinstance(where, slice):
        return where
    if isinstance(where, Runs):
        return where if start == 0 and stop >= where.starts[-1] + where.lengths[-1] else where.cut(start, stop)
    return where[start:stop]


def sums_by(values: Floats, where: Where, size: int) -> Floats:
    """Return the sums of values by where they go: (m,) of runs, those of columns, else (size,)."""
    found: Floats
    if where is None:
        found = np.array([values.sum()])
    elif isinstance(where, Runs):
        found = np.add.reduceat(values, where.starts)
    elif isinstance(where, slice):
        found = values.sum(axis=0)
    else:
        found = np.bincount(where, weights=values, minlength=size).astype(np.float64, copy=False)
    return found


def counts_by(where: Index | Runs, size: int, chosen: Mask | None = None) -> NDArray[np.int64]:
    """Return how many values, or of them how many chosen ones, go to each of `size` sums.

    >>> runs = Runs(np.array([0, 2]), np.array([0, 1]), np.array([1, 2]))
    >>> counts_by(runs, 3).tolist(), counts_by(runs, 3, np.array([False, True, True])).tolist()
    ([1, 0, 2], [0, 0, 2])
    """
    if not isinstance(where, Runs):
        return np.bincount(where if chosen is None else where[chosen], minlength=size)
    counts = np.zeros(size, dtype=np.int64)
    if chosen is None:
        counts[where.at] = where.lengths
    else:
        counts[where.at] = np.add.reduceat(chosen.view(np.int8), where.starts, dtype=np.int64)
    return counts


def some_of(where: Where, chosen: Mask) -> Index | None:
    """Return where chosen values go."""
    if where is None:
        return None
    assert not isinstance(where, slice)
    return (where.spread() if isinstance(where, Runs) else where)[chosen]


def spots(where: Where) -> Index | slice:
    """Return which sums `sums_by` has found, to index an array of all of them."""
    if isinstance(where, Runs):
        return where.at
    if where is None:
        return slice(0, 1)
    return where if isinstance(where, slice) else slice(None)
