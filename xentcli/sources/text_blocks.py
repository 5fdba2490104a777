"""CSV text cut into blocks that begin and end between records, read ahead of whoever parses them."""

from __future__ import annotations

from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.errors import DataError
from xentcli.sources.files.compressed import DamagedError
from xentcli.sources.files.encodings import UndecodableError
from xentcli.sources.files.input_file import InputFile

BLOCK_BYTES = 4 << 20
LONGEST_RECORD = 64 << 20
_SMALL_BLOCK, _MANY_COLUMNS = 1 << 18, 256
Data = bytes | bytearray
_QUOTE, _NEWLINE = 0x22, 0x0A
_COUNTED_AT_ONCE = 1 << 16
_SEARCHED_AT_ONCE = 1 << 18
_TAIL = 1 << 10
_KEPT = 4


class Block(NamedTuple):
    """Whole records: their bytes, the line number of the first, and whether nothing follows."""

    data: Data
    first_line: int
    last: bool


class BlockReader:
    """Cuts a file into blocks after line ends that are not inside quotes.

    A line end is outside quotes where the number of quotes before it in its block is even, as every block begins
    outside quotes. Line ends after the last record of a block go to the next one, so that blank lines at the end
    of the file are always seen together.
    """

    def __init__(self, file: InputFile, block_bytes: int = BLOCK_BYTES) -> None:
        self.file = file
        self.block_bytes = block_bytes
        self.carry = bytearray(file.head)
        self._read = len(file.head)
        self.line = 1
        self.ended = False
        # How much is left to read of a part of the file; None where that goes on to the end.
        self._left: int | None = None
        self._failure: DataError | None = None

    @property
    def position(self) -> int:
        """Return how many bytes of the file were read."""
        return self._read

    def only(self, start: int, stop: int | None, line: int) -> None:
        """Read the bytes between two places and no others; `line` begins at the first."""
        self.file.handle.seek(start)
        self.carry, self.ended, self.line = bytearray(), False, line
        self._read, self._left = start, None if stop is None else stop - start

    def read_little(self, columns: int) -> None:
        """Cut smaller blocks from now on, as only the first rows are wanted.

        What is compressed is unpacked ahead of what is read of it, and of many columns few rows fill a block.
        """
        if not self.file.packing and columns < _MANY_COLUMNS:
            self.block_bytes = min(self.block_bytes, _SMALL_BLOCK)

    def fill(self, size: int) -> bool:
        """Read until `size` bytes are held or the file ends; return whether anything was read.

        What was read before a failure is given first, as its records may have an earlier error: the next call raises.
        """
        if self._failure is not None and len(self.carry) < size:
            raise self._failure
        before = len(self.carry)
        if before >= size or self.ended or self._failure is not None:
            return False
        try:
            self._fill(size)
        except (OSError, DamagedError, UndecodableError) as error:
            self._failure = self.file.failure(error)
            if isinstance(error, UndecodableError):
                self._failure.line = self.line + count_lines(self.carry)
        return len(self.carry) > before

    def _fill(self, size: int) -> None:
        """Read into one buffer, as large as what is left needs: no byte is copied twice."""
        if len(self.carry) > BLOCK_BYTES:
            self._grow(size)
            return
        held = len(self.carry)
        left = self.file.size - self._read
        # Of what is unpacked or decoded on the way the size is not known, and a file may have grown.
        known = self.file.size and left >= 0 and isinstance(self.file.handle, FileIO)
        buffer = bytearray(min(size, held + left + 1) if known else size)
        buffer[:held] = self.carry
        try:
            with memoryview(buffer) as view:
                while held < len(view) and not self.ended:
                    with view[held:] as room:
                        got = self._read_into(room)
                    self.ended = not got
                    held += got
        finally:
            self._read += held - len(self.carry)
            del buffer[held:]
            self.carry = buffer

    def _grow(self, size: int) -> None:
        """Read on in steps: a long record is never held twice."""
        step = bytearray(BLOCK_BYTES)
        while len(self.carry) < size and not self.ended:
            with memoryview(step) as view, view[: size - len(self.carry)] as room:
                got = self._read_into(room)
                self.carry += room[:got]
            self.ended = not got
            self._read += got

    def _read_into(self, room: memoryview) -> int:
        """Read some bytes into a buffer and return how many; 0 at the end."""
        if isinstance(self.file.handle, FileIO):
            with room[: self._left] as wanted:
                got = self.file.handle.readinto(wanted) or 0
            self._left = None if self._left is None else self._left - got
            return got
        more = self.file.handle.read(len(room))
        room[: len(more)] = more
        return len(more)

    def take(self, length: int) -> Block:
        """Return the first `length` bytes held as a block."""
        data, self.carry = self.carry, self.carry[length:]
        del data[length:]
        self.file.consumed += length
        block = Block(data, self.line, self.ended and not self.carry and self._left is None)
        self.line += count_lines(data)
        return block

    def blocks(self) -> Iterator[Block]:
        """Yield the rest of the file."""
        size = self.block_bytes
        while True:
            self.fill(size)
            if len(self.carry) > LONGEST_RECORD and not 0 < first_record_end(self.carry) <= LONGEST_RECORD:
                raise self._too_long()
            if self.ended:
                if self.carry:
                    yield self.take(len(self.carry))
                return
            cut = last_record_end(self.carry) or blank_run_end(self.carry)
            if cut:
                yield self.take(cut)
                size = self.block_bytes
                continue
            if not self.carry.strip(b"\r\n"):
                size = BLOCK_BYTES + _KEPT + 1
                continue
            # A record that is too long is found out without holding much more than what is allowed.
            size = min(2 * len(self.carry), max(len(self.carry), LONGEST_RECORD) + BLOCK_BYTES) or self.block_bytes

    def record_bytes(self) -> int:
        """Return how long the next record is, as far as it is held."""
        return first_record_end(self.carry) or len(self.carry)

    def _too_long(self) -> DataError:
        quoted = self.carry.count(b'"', 0, LONGEST_RECORD) % 2 == 1
        why = "a quote opened in it is not closed" if quoted else "it has no line end"
        error = self.file.error(f"a record is longer than {LONGEST_RECORD >> 20} MiB: {why}")
        error.line = self.line
        return error


def first_record_end(data: Data) -> int:
    r"""Return where the first record ends, 0 where that cannot be said yet: no line end outside quotes."""
    if b'"' not in data:
        at = min((found for found in (data.find(b"\n"), data.find(b"\r")) if found >= 0), default=-1)
    else:
        at = next((int(ends[0]) for ends in _outside_quotes(data) if len(ends)), -1)
    if at < 0 or (data[at] == 0x0D and at + 1 == len(data)):
        return 0
    return at + 2 if data[at : at + 2] == b"\r\n" else at + 1


def count_lines(data: Data) -> int:
    r"""Return the number of line ends: \n, \r\n or \r alone."""
    if b"\r" in data:
        return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    raw = np.frombuffer(data, dtype=np.uint8)
    # Ten times as quick as bytes.count where lines are short, in parts that stay in the first-level cache.
    parts = range(0, len(raw), _COUNTED_AT_ONCE)
    return sum(int(np.count_nonzero(raw[at : at + _COUNTED_AT_ONCE] == _NEWLINE)) for at in parts)


def last_record_end(data: Data) -> int:
    r"""Return where the last complete record ends: after a line end outside quotes, blank lines left behind.

    0 where there is none. A \r that ends the data may be half of \r\n, so it is not taken as a line end.

    >>> last_record_end(b"a\nb\n\nc"), last_record_end(b'"a\nb'), last_record_end(b"a\r")
    (4, 0, 0)
    """
    cut = _last_even(data) if b'"' in data else max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
    content = _content_end(data, cut)
    if not content:
        return 0
    if data[content : content + 2] == b"\r\n":
        return content + 2
    return content + 1


def _content_end(data: Data, end: int) -> int:
    """Return where what comes before the line ends that come before `end` ends."""
    while end and (tail := len(data[max(0, end - _TAIL) : end].rstrip(b"\r\n"))) == 0:
        end = max(0, end - _TAIL)
    return end and max(0, end - _TAIL) + tail


def blank_run_end(data: Data) -> int:
    """Return where to cut a run of blank lines that may have no end, 0 for anything else; the last few are kept."""
    if len(data) <= BLOCK_BYTES or data.strip(b"\r\n"):
        return 0
    cut = len(data) - _KEPT
    return cut - (data[cut - 1 : cut + 1] == b"\r\n")


def _last_even(data: Data) -> int:
    last, stop = 0, len(data) - data.endswith(b"\r")
    for outside in _outside_quotes(data):
        inside = outside[outside < stop]
        last = int(inside[-1]) + 1 if len(inside) else last
    return last


def _outside_quotes(data: Data) -> Iterator[NDArray[np.intp]]:
    """Yield, part by part, where line ends stand that an even number of quotes comes before."""
    raw = np.frombuffer(data, dtype=np.uint8)
    quotes = 0
    for start in range(0, len(raw), _SEARCHED_AT_ONCE):
        part = raw[start : start + _SEARCHED_AT_ONCE]
        ends = np.flatnonzero((part == 0x0A) | (part == 0x0D))
        here = np.flatnonzero(part == _QUOTE)
        before = np.searchsorted(here, ends) + quotes
        quotes += len(here)
        yield ends[before % 2 == 0] + start


def stray_quote(data: Data, delimiter: str) -> int | None:
    """Return where the first quote stands that neither begins nor ends a field nor is doubled, or that is never
    closed; None if all are fine.

    Arrow and most readers take `"0.5"9` for 0.59 and `a"b` for itself; neither is CSV.

    >>> stray_quote(b'"a","b ""c"" d"', ","), stray_quote(b'"0.5"9', ",")
    (None, 4)
    """
    if b'"' not in data:
        return None
    raw = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(raw == _QUOTE)
    edges = np.frombuffer(b"\n\r" + delimiter.encode(), dtype=np.uint8)
    opening, closing = at[0::2], at[1::2]
    before = _neighbour(raw, opening - 1)
    after = _neighbour(raw, closing + 1)
    fine_open = np.isin(before, edges) | (opening == 0)
    fine_open[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
    fine_close = np.isin(after, edges) | (closing == len(raw) - 1)
    reopened = min(len(closing), len(opening) - 1)
    fine_close[:reopened] |= closing[:reopened] + 1 == opening[1 : reopened + 1]
    bad = np.concatenate([opening[~fine_open], closing[~fine_close], opening[len(closing) :]])
    return int(bad.min()) if len(bad) else None


def _neighbour(raw: NDArray[np.uint8], at: NDArray[np.intp]) -> NDArray[np.uint8]:
    return raw[np.clip(at, 0, len(raw) - 1)]
