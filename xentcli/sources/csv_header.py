"""The header line of a CSV file, and what it gives away: another delimiter, no header at all."""

from __future__ import annotations

import csv
import io
import re

from xentcli.errors import DataError
from xentcli.sources.blocks import BlockReader, count_lines, first_record_end, stray_quote
from xentcli.sources.files import InputFile
from xentcli.text import listing, quote

LONGEST_HEADER = 16 << 20
MOST_COLUMNS = 250_000


class Header:
    """Reads the header.

    doubt: what to ask if the labels turn out to be no classes. lines: how many lines the header took.
    """

    def __init__(self, file: InputFile, reader: BlockReader, delimiter: str) -> None:
        self.file = file
        self.reader = reader
        self.delimiter = delimiter
        self.doubt = ""
        self.lines = 1

    def read(self) -> list[str]:
        """Take the first record off the file and return its fields."""
        reader = self.reader
        if reader.carry.startswith(b"\xef\xbb\xbf"):
            reader.carry = reader.carry[3:]
            if not reader.carry and not reader.fill(1):
                raise self.file.error("the file is empty")
        end = first_record_end(reader.carry)
        while not end and not reader.ended and len(reader.carry) <= LONGEST_HEADER:
            reader.fill(max(1 << 12, 4 * len(reader.carry)))
            end = first_record_end(reader.carry)
        if not end and reader.carry.count(b'"') % 2:
            raise self._header_error("a quote opened in the header is never closed")
        if end > LONGEST_HEADER or (not end and not reader.ended):
            raise self._header_error(f"the first line is longer than {LONGEST_HEADER >> 20} MiB")
        header = reader.take(end or len(reader.carry)).data
        self.lines = max(1, count_lines(header))
        if header.count(self.delimiter.encode()) >= MOST_COLUMNS:
            raise self._header_error(f"it has more than {MOST_COLUMNS:,} columns")
        names = self._split_header(header)
        self._refuse_odd_header(header, names)
        return names

    def _split_header(self, header: bytes) -> list[str]:
        text = header.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not text:
            hint = "It holds the names of the columns: delete blank lines before it."
            raise self._header_error("the first line is blank", hint)
        if re.fullmatch(r"sep=.", text):
            hint = f"Delete it, and use {self._option} {_typed(text[-1])} if that is the delimiter."
            raise self._header_error(f"the first line is {quote(text)}, a mark of Excel's, not a header", hint)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            raise self._header_error("a quote stands inside a field of the header") from error
        return rows[0]

    def _refuse_odd_header(self, header: bytes, names: list[str]) -> None:
        if stray_quote(header, self.delimiter) is not None:
            raise self._header_error("a quote stands inside a field of the header")
        seen: set[str] = set()
        for name in names:
            if any("\udc80" <= char <= "\udcff" for char in name):
                hint = "Convert the file to UTF-8."
                raise self._header_error(f"the column name {quote(name)} is not valid UTF-8", hint)
            if name and name in seen and all(_is_numeric(other) for other in names):
                hint = "Add a header line with the names of the columns."
                raise self._header_error(f"the first row looks like data: {listing(names, 5)}", hint)
            if name and name in seen:
                raise self._header_error(f"two columns are called {quote(name)}", "Rename one of them.")
            seen.add(name)
        if len(names) == 1:
            self._refuse_wrong_delimiter(names[0])

    def _refuse_wrong_delimiter(self, header: str) -> None:
        """Raise DataError where one column's name looks like several, and the first record too."""
        first = self.reader.carry[:4096].split(b"\n")[0].decode("utf-8", "surrogateescape")
        for candidate in {",", ";", "\t", "|", " "} - {self.delimiter}:
            parts = first.split(candidate)
            agrees = header.count(candidate) == len(parts) - 1 > 0
            if not agrees:
                continue
            shown = "a tab" if candidate == "\t" else quote(candidate)
            question = f"Is the delimiter {shown}? Then use {self._option} {_typed(candidate)}."
            if candidate == " " and not all(_is_numeric(part) for part in parts[1:]):
                # Labels may well be of two words: said only if they turn out to be no classes.
                self.doubt = f"The header is one column, {quote(header)}. {question}"
                continue
            raise self._header_error(f"the header is one column, {quote(header)}", question)

    @property
    def _option(self) -> str:
        return "--labels-delimiter" if self.file.side else "--delimiter"

    def _header_error(self, problem: str, hint: str = "") -> DataError:
        return DataError(problem, file=self.file.path, line=1, order=(0, self.file.side, -1), hint=hint)


def _typed(delimiter: str) -> str:
    """Return a delimiter as it is typed in a shell."""
    return "$'\\t'" if delimiter == "\t" else quote(delimiter)


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
