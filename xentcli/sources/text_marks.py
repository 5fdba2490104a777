"""Where parts of a text file may begin: after line ends outside quotes, counted as far as somebody asks."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Mark
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.text_blocks import BlockReader

# About what a core takes to read and score a byte: 9 ns of short lines, 6 of long ones.
_SECONDS_A_BYTE = 7e-9
_BUFFER = 1 << 18
# Blank lines that end a file, and are no records, may have this many bytes.
_TAIL = 1 << 16
_BLANK = b" \t\r\n"
_LF, _CR, _QUOTE = 0x0A, 0x0D, 0x22
Places = NDArray[np.intp]


def start_of(reader: BlockReader) -> Mark:
    """Return where a reader stands that has had its header: before the first record."""
    return Mark(0, at=reader.position - len(reader.carry), line=reader.line)


class TextMarks:
    """Looks through a file once, from its first record on, at 0.15 ns a byte where there are no quotes, 2 ns where.

    Whoever parses it reads it again soon after, when it is in memory.
    """

    counted = True

    def __init__(self, file: InputFile, reader: BlockReader, *, csv: bool, one_column: bool) -> None:
        """Look through an opened file whose header was read. one_column: a blank line is a record."""
        self.file = file
        self._csv, self._one_column = csv, one_column
        first = start_of(reader)
        self.seconds = _SECONDS_A_BYTE * max(0, file.size - first.at)
        file.handle.seek(first.at)
        self._start = first.at
        # What is held of the file, and where that begins; all before it is counted.
        self._data, self._at = b"", first.at
        self._record, self._line = 0, first.line
        self._inside = self._quoted = False

    def ahead(self, seconds: float) -> Mark | None:
        """Return a place about so much work after the last one, None where what is left is less."""
        target = self._at + int(seconds / _SECONDS_A_BYTE)
        while self._load():
            if self._at + len(self._data) > target:
                ends = self._ends()
                # Blank lines may be the last, which are no records: a part does not begin with one.
                follows = np.frombuffer(self._data, dtype=np.uint8)[ends[ends < len(self._data)]]
                good = (follows != _LF) & (follows != _CR) & (ends[: len(follows)] + self._at >= target)
                if good.any():
                    at = int(np.argmax(good))
                    return self._take(int(ends[at]), at + 1)
            self._take(len(self._data))
        return None

    def at(self, row: int) -> Mark | None:
        """Return the place before a row, at or after the last one; None where there is no such row."""
        while self._load():
            wanted = row - self._record
            if not wanted and not self._inside:
                # Only in one column is a blank line a row; elsewhere nothing follows it.
                is_blank = self._data.startswith((b"\r", b"\n")) and not self._one_column
                return None if is_blank else self._mark()
            ends = self._ends()
            if 0 < wanted <= len(ends):
                self._take(int(ends[wanted - 1]), wanted)
            else:
                self._take(len(self._data), len(ends))
        return None

    def rows(self) -> int | None:
        """Return how many records there are in all, having looked through the rest; None where that is not clear."""
        while self._load():
            self._take(len(self._data))
        start = max(self._start, self._at - _TAIL)
        self.file.handle.seek(start)
        tail = self.file.handle.read(self._at - start)
        body = tail.rstrip(b"\r\n" if self._csv else _BLANK)
        if not body and start > self._start:
            return None
        ends = len(_line_ends(tail[len(body) :]))
        blank = ends - (1 if body else 0)
        records = self._record + (1 if body and not ends else 0)
        return records if blank < 1 or (self._one_column and blank > 1) else records - blank

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def _load(self) -> bool:
        r"""Hold some bytes; return whether there are any. A \r that ends them goes with what follows it."""
        if not self._data:
            self._data = self.file.handle.read(_BUFFER)
            if self._data.endswith(b"\r"):
                self._data += self.file.handle.read(1)
        return bool(self._data)

    def _ends(self) -> Places:
        """Return where records end in what is held: the places after their line ends."""
        ends = _line_ends(self._data)
        if not self._csv or not (self._inside or b'"' in self._data):
            return ends
        raw = np.frombuffer(self._data, dtype=np.uint8)
        quotes = np.searchsorted(np.flatnonzero(raw == _QUOTE), ends) + self._inside
        outside: Places = ends[quotes % 2 == 0]
        return outside

    def _take(self, length: int, records: int | None = None) -> Mark:
        """Count what is held up to a place, and let go of it; return that place."""
        data = self._data[:length]
        lines = _count(data)
        quotes = data.count(b'"') if self._csv else 0
        if records is None:
            records = len(self._ends()) if quotes or self._inside else lines
        self._record, self._line, self._at = self._record + records, self._line + lines, self._at + length
        self._inside ^= quotes % 2 == 1
        self._quoted = self._quoted or quotes > 0
        self._data = self._data[length:]
        return self._mark()

    def _mark(self) -> Mark:
        return Mark(self._record, 0, self._record, self._at, self._line, self._quoted)


def _line_ends(data: bytes) -> Places:
    r"""Return the places after line ends: \n, \r\n or \r alone."""
    raw = np.frombuffer(data, dtype=np.uint8)
    if b"\r" not in data:
        return cast("Places", np.flatnonzero(raw == _LF) + 1)
    ends = np.flatnonzero((raw == _LF) | (raw == _CR)) + 1
    pair = (raw[ends - 1] == _CR) & (ends < len(raw))
    pair[pair] = raw[ends[pair]] == _LF
    return cast("Places", ends[~pair])


def _count(data: bytes) -> int:
    """Return the number of line ends."""
    if b"\r" in data:
        return len(_line_ends(data))
    # Ten times as quick as bytes.count where lines are short.
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == _LF))
