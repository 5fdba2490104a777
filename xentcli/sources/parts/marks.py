"""Where parts of several files that are read as one may begin: where a file does, and within large ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from xentcli.sources.base import Mark, Marks, Source
from xentcli.sources.parts.listing import Part

# What a byte of a compressed file takes: it is some three bytes of text.
_SECONDS_A_PACKED_BYTE = 25e-9


class PartsMarks:
    """Looks through one file after another, opened when somebody asks for a place in it.

    Of a file that can only be read as a whole nobody knows how many rows it has before it is: marks after it have no
    row.
    """

    def __init__(
        self, parts: Sequence[Part], places: Sequence[int], opened: Callable[[int], Source], numbers: int
    ) -> None:
        """Look through the parts that may have rows, and stand in these places among all; `opened` opens one."""
        self._parts, self._places, self._opened, self._numbers = parts, places, opened, numbers
        self._at = self._rows = 0
        self._inner = inner = self._open()
        self.counted = inner is not None
        self._a_byte = _SECONDS_A_PACKED_BYTE if inner is None else inner.seconds / max(1, parts[0].size)
        self.seconds = self._a_byte * sum(part.size for part in parts)

    def ahead(self, seconds: float) -> Mark | None:
        """Return a place about so much work after the last one, None where what is left is less."""
        left = seconds
        while self._at < len(self._parts):
            here = self._parts[self._at].size * self._a_byte
            if self._inner is not None and here > 2 * left and (mark := self._inner.ahead(left)) is not None:
                return self._placed(mark)
            left -= here
            if not self._skip() or self._at == len(self._parts):
                return None
            if left <= seconds / 2:
                return Mark(self._rows, self._places[self._at])
        return None

    def at(self, row: int) -> Mark | None:
        """Return the place before a row, at or after the last one; None where there is no such row."""
        while self._at < len(self._parts) and self._inner is not None:
            mark = self._inner.at(row - self._rows)
            if mark is not None:
                return self._placed(mark)
            if not self._skip():
                return None
        return None

    def rows(self) -> int | None:
        """Return how many rows there are in all, having looked through the rest; None where that is not clear."""
        while self._at < len(self._parts):
            if not self._skip():
                return None
        return self._rows if self.counted else None

    def close(self) -> None:
        """Close what was opened to look."""
        if self._inner is not None:
            self._inner.close()
            self._inner = None

    def _placed(self, mark: Mark) -> Mark:
        row = self._rows + mark.row if self._rows >= 0 else -1
        return Mark(row, self._places[self._at], mark.record, mark.at, mark.line, mark.quoted)

    def _skip(self) -> bool:
        """Go on to the next part; return whether that can be: how many rows this one has may not be clear."""
        rows = None
        if self._inner is not None:
            rows = self._inner.rows()
            if rows is None:
                return False
        self._rows = -1 if rows is None or self._rows < 0 else self._rows + rows
        self.close()
        self._at += 1
        self._inner = self._open()
        return True

    def _open(self) -> Marks | None:
        if self._at == len(self._parts):
            return None
        with closing(self._opened(self._places[self._at])) as source:
            return source.marks(self._numbers)
