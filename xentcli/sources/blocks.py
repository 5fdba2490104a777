"""CSV text cut into blocks that begin and end between records, read ahead of whoever parses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.errors import DataError
from xentcli.sources.encoded import UndecodableError
from xentcli.sources.files import InputFile
from xentcli.sources.packed import DamagedError

BLOCK_BYTES = 4 << 20
LONGEST_RECORD = 64 << 20
_QUOTE = 0x22


class Block(NamedTuple):
    """Whole records: their bytes, the line number of the first, and whether nothing follows."""

    data: bytes
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
        self.carry = file.head
        self.line = 1
        self.ended = False
        self._failure: DataError | None = None

    def fill(self, size: int) -> bool:
        """Read until `size` bytes are held or the file ends; return whether anything was read.

        What was read before a failure is given first, as its records may have an earlier error: the next call raises.
        """
        if self._failure is not None and len(self.carry) < size:
            raise self._failure
        parts, held = [self.carry], len(self.carry)
        while held < size and not self.ended and self._failure is None:
            try:
                more = self.file.handle.read(size - held)
            except (OSError, DamagedError, UndecodableError) as error:
                self._failure = self.file.failure(error)
                self._failure.line = 0 if isinstance(error, UndecodableError) else None
                break
            self.ended = not more
            parts.append(more)
            held += len(more)
        grown = held > len(self.carry)
        self.carry = b"".join(parts) if grown else self.carry
        if self._failure is not None and self._failure.line == 0:
            self._failure.line = self.line + count_lines(self.carry)
        return grown

    def take(self, length: int) -> Block:
        """Return the first `length` bytes held as a block."""
        data, self.carry = self.carry[:length], self.carry[length:]
        self.file.consumed += length
        block = Block(data, self.line, self.ended and not self.carry)
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
            # A record that is too long is found out without holding much more than what is allowed.
            size = min(2 * len(self.carry), max(len(self.carry), LONGEST_RECORD) + BLOCK_BYTES) or self.block_bytes

    def _too_long(self) -> DataError:
        quoted = self.carry[:LONGEST_RECORD].count(b'"') % 2 == 1
        why = "a quote opened in it is not closed" if quoted else "it has no line end"
        error = self.file.error(f"a record is longer than {LONGEST_RECORD >> 20} MiB: {why}")
        error.line = self.line
        return error


def first_record_end(data: bytes) -> int:
    r"""Return where the first record ends, 0 where that cannot be said yet: no line end outside quotes."""
    if b'"' not in data:
        at = min((found for found in (data.find(b"\n"), data.find(b"\r")) if found >= 0), default=-1)
    else:
        ends = _outside_quotes(data)
        at = int(ends[0]) if len(ends) else -1
    if at < 0 or (data[at] == 0x0D and at + 1 == len(data)):
        return 0
    return at + 2 if data[at : at + 2] == b"\r\n" else at + 1


def count_lines(data: bytes) -> int:
    r"""Return the number of line ends: \n, \r\n or \r alone."""
    if b"\r" not in data:
        return data.count(b"\n")
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def last_record_end(data: bytes) -> int:
    r"""Return where the last complete record ends: after a line end outside quotes, blank lines left behind.

    0 where there is none. A \r that ends the data may be half of \r\n, so it is not taken as a line end.

    >>> last_record_end(b"a\nb\n\nc"), last_record_end(b'"a\nb'), last_record_end(b"a\r")
    (4, 0, 0)
    """
    cut = _last_even(data) if b'"' in data else max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
    content = len(data[:cut].rstrip(b"\r\n"))
    if not content:
        return 0
    if data[content : content + 2] == b"\r\n":
        return content + 2
    return content + 1


def blank_run_end(data: bytes) -> int:
    """Return where to cut a run of blank lines that may have no end, 0 for anything else; the last few are kept."""
    if len(data) <= BLOCK_BYTES or data.strip(b"\r\n"):
        return 0
    cut = len(data) - 4
    return cut - (data[cut - 1 : cut + 1] == b"\r\n")


def _last_even(data: bytes) -> int:
    outside = _outside_quotes(data)
    outside = outside[outside < len(data) - 1] if data.endswith(b"\r") else outside
    return int(outside[-1]) + 1 if len(outside) else 0


def _outside_quotes(data: bytes) -> NDArray[np.intp]:
    """Return where line ends stand that an even number of quotes comes before."""
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero((raw == 0x0A) | (raw == 0x0D))
    before = np.searchsorted(np.flatnonzero(raw == _QUOTE), ends)
    outside: NDArray[np.intp] = ends[before % 2 == 0]
    return outside


def stray_quote(data: bytes, delimiter: str) -> int | None:
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
