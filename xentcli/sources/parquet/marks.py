"""Where parts of a Parquet file may begin: before any row, best where a row group does."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

import pyarrow.parquet as pq

from xentcli.sources.base import Mark

# About what a core takes to read and score a number of a row, and a row.
_SECONDS_A_NUMBER, _SECONDS_A_ROW = 20e-9, 60e-9


class ParquetMarks:
    """Counts by the footer.

    A part that begins within a row group has the rows before it decoded once more, which takes about a tenth of what
    scoring them does.
    """

    counted = True

    def __init__(self, metadata: pq.FileMetaData, numbers: int) -> None:
        self._ends = ends_of(metadata)
        self._rows = metadata.num_rows
        self._row_seconds = _SECONDS_A_ROW + numbers * _SECONDS_A_NUMBER
        self.seconds = self._rows * self._row_seconds
        self._row = 0

    def ahead(self, seconds: float) -> Mark | None:
        """Return the end of a row group about so much work after the last place, or a place within a long one."""
        wanted = max(1, int(seconds / self._row_seconds))
        near = [end for end in self._ends if self._row + wanted // 2 < end <= self._row + 2 * wanted]
        return self.at(min(near, key=lambda end: abs(end - self._row - wanted), default=self._row + wanted))

    def at(self, row: int) -> Mark | None:
        """Return the place before a row, None where there is no such row."""
        if row >= self._rows:
            return None
        self._row = row
        return Mark(row, 0, row)

    def rows(self) -> int:
        """Return how many rows there are in all."""
        return int(self._rows)

    def close(self) -> None:
        """Do nothing: no file was opened."""


def ends_of(metadata: pq.FileMetaData) -> list[int]:
    """Return how many rows there are up to the end of each row group."""
    return list(accumulate(metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)))


def within(metadata: pq.FileMetaData, first: int, stop: int, rows: int) -> tuple[Sequence[int], int, int]:
    """Return the row groups that hold rows `first` to `stop`, how many rows come before them, and are in them.

    rows: how many the footer promises in all.
    """
    if first == 0 and stop == rows:
        return range(metadata.num_row_groups), 0, stop
    ends = ends_of(metadata)
    groups = range(bisect_right(ends, first), min(len(ends), bisect_left(ends, stop) + 1))
    before = ends[groups.start - 1] if groups.start else 0
    return groups, before, (ends[groups.stop - 1] if groups else before) - before
