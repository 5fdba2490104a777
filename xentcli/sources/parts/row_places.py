"""Where the rows of several files stand: the file, its record, its line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple, Protocol

from xentcli.sources.base import Source, Spot


class _Locator(Protocol):
    def locate(self, row: int) -> Spot:
        """Return where a row of one file stands."""


class _Straight(NamedTuple):
    """What is left of a file that was read, where record by record is line by line up to some row."""

    file: str
    first: int
    first_line: int
    certain: int

    def locate(self, row: int) -> Spot:
        """Return where a row stands."""
        return Spot(self.file, self.first + row, self.first_line + row if row < self.certain else None)


class Places:
    """Finds rows, counted over all files, while reading goes on: it only ever grows."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._files: list[_Locator] = []
        self._blank: tuple[int, _Locator] | None = None

    def begin(self, row: int, source: Source) -> None:
        """Note that a file's first row is this one."""
        self._files.append(source)
        # Whoever looks for a row goes by the starts.
        self._starts.append(row)

    def end(self, source: Source, rows: int) -> None:
        """Note that the file begun last has been read, and let go of it."""
        self._files[-1] = _what_is_left(source, rows)
        if source.trailing_blank and self._blank is None:
            self._blank = (rows, self._files[-1])

    def locate(self, row: int) -> Spot:
        """Return where a row stands."""
        at = bisect_right(self._starts, row) - 1
        return self._files[at].locate(row - self._starts[at])

    def blank(self) -> Spot | None:
        """Return where the first blank line at the end of a file stands, taken for no row."""
        return None if self._blank is None else self._blank[1].locate(self._blank[0])


def _what_is_left(source: Source, rows: int) -> _Locator:
    """Return what answers as a source does for its rows, without what else it holds."""
    # One past the end: a blank line there may turn out to be a record.
    certain = bisect_left(range(rows + 1), True, key=lambda row: source.locate(row).line is None)
    file, first, first_line = source.locate(0)
    last_line = source.locate(certain - 1).line if certain else None
    if first_line is None or last_line is None:
        return _Straight(file, first, 0, 0)
    return _Straight(file, first, first_line, certain) if last_line == first_line + certain - 1 else source
