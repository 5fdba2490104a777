"""The first line of a CSV file: the names of its columns, and what it gives away of another dialect."""

from __future__ import annotations

import csv
import io
import re

from xentcli.errors import DataError, UsageError
from xentcli.sources.base import Doubt
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.files.unread_formats import PAIR, PAIRS, pairs_to_objects
from xentcli.sources.limits import MOST_COLUMNS, columns_too_many
from xentcli.sources.number_text import COMMA_DECIMAL, Writing, utf8_hint
from xentcli.sources.text_blocks import BlockReader, Data, count_lines, first_record_end, stray_quote
from xentcli.spec.dialect import Dialect
from xentcli.spec.parsing import shell_word
from xentcli.text import listing, path, quote

LONGEST_HEADER = 16 << 20
TAB = "\t"
_LABEL_NAMES = {"label", "labels", "target", "class", "y_true", "y"}
_BOM = b"\xef\xbb\xbf"


class Header:
    """Reads the names of the columns: the first record, or 1, 2, … as many as that has fields.

    doubt: what to ask if the labels turn out to be no classes. lines: how many lines the header took. fields: the
    fields of the first record.
    """

    def __init__(self, file: InputFile, reader: BlockReader, writing: Writing, headed: bool) -> None:
        self.file = file
        self.reader = reader
        self.writing = writing
        self.headed = headed
        self.doubt: Doubt | None = None
        self.lines = 0
        self.fields: list[str] = []

    def read(self) -> list[str]:
        """Return the names of the columns, with the header taken off the file."""
        reader = self.reader
        end = self._first_end()
        first = reader.carry[: end or len(reader.carry)]
        if self.headed:
            self.lines = max(1, count_lines(first))
            reader.take(len(first))
        if first.count(self.writing.delimiter.encode()) >= MOST_COLUMNS:
            raise self._error(*columns_too_many())
        self.fields = self._split(first)
        if self.headed:
            self._refuse_odd_names(self.fields)
        second = self._second(reader.carry[0 if self.headed else len(first) :])
        self._refuse_pairs(second)
        if len(self.fields) == 1:
            self._refuse_wrong_delimiter(self.fields[0], second)
        if not self.headed and self.file.side and _may_be_header(self.fields, second.split(self.writing.delimiter)):
            shown = listing(self.fields, 5)
            self.doubt = Doubt(f"The first record is {shown}. Is that a header?", "--labels-header")
        return self.fields if self.headed else [str(at + 1) for at in range(len(self.fields))]

    def _first_end(self) -> int:
        """Return where the first record ends, 0 if the file ends first."""
        reader = self.reader
        self._fill_some()
        reader.carry = reader.carry.removeprefix(_BOM)
        self._fill_some()
        if not reader.carry:
            raise self.file.error("the file is empty")
        end = first_record_end(reader.carry)
        while not end and not reader.ended and len(reader.carry) <= LONGEST_HEADER:
            reader.fill(max(1 << 12, 4 * len(reader.carry)))
            end = first_record_end(reader.carry)
        if not end and reader.carry.count(b'"') % 2:
            raise self._error(f"a quote opened in the {self.writing.first} is never closed")
        if end > LONGEST_HEADER or (not end and not reader.ended):
            raise self._error(f"the first line is longer than {LONGEST_HEADER >> 20} MiB")
        return end

    def _fill_some(self) -> None:
        while not self.reader.carry and not self.reader.ended:
            self.reader.fill(1)

    def _split(self, first: Data) -> list[str]:
        text = first.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not text and self.headed:
            hint = "It holds the names of the columns: delete blank lines before it."
            raise self._error("the first line is blank", hint)
        if re.fullmatch(r"sep=.", text):
            problem = f"the first line is {quote(text)}, a mark of Excel's, not a header"
            if text[-1] == self.writing.delimiter:
                raise self._error(problem, "Delete it.")
            raise self._error(problem, "Delete it, and say what the delimiter is.", self._delimiter(text[-1]))
        stray = stray_quote(first, self.writing.delimiter) is not None
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.writing.delimiter, strict=True))
        except csv.Error:
            stray = True
        if stray:
            raise self._error(f"a quote stands inside a field of the {self.writing.first}")
        return rows[0] if rows else [""]

    def _refuse_odd_names(self, names: list[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if any("\udc80" <= char <= "\udcff" for char in name):
                raise self._error(f"the column name {quote(name)} is not valid UTF-8", utf8_hint(self.writing))
            if name and name in seen and all(_is_numeric(other, self.writing) for other in names):
                problem, hint = f"the first row looks like data: {listing(names, 5)}", "Is there no header?"
                raise self._error(problem, hint, self._option("no-header"))
            if name and name in seen:
                raise self._error(f"two columns are called {quote(name)}", "Rename one of them.")
            seen.add(name)

    def _second(self, rest: Data) -> str:
        """Return the line after the first record, as far as it is held."""
        return rest[:4096].replace(b"\r", b"\n").split(b"\n")[0].decode("utf-8", "surrogateescape")

    def _refuse_pairs(self, second: str) -> None:
        """Raise DataError where the first record and the next line are pairs such as `cat:0.7`."""
        if PAIR.fullmatch(second) and PAIR.fullmatch(self.writing.delimiter.join(self.fields)):
            problem = f"the lines are pairs of a name and a number, such as {quote(second.split(maxsplit=1)[0], 40)}"
            raise self._error(problem, PAIRS, pairs_to_objects(self.file.path, headed=False))

    def _refuse_wrong_delimiter(self, first: str, second: str) -> None:
        """Raise DataError where the one field of the first record looks like several, and the next record's too."""
        for candidate in sorted({",", ";", "\t", "|", " "} - {self.writing.delimiter, self.writing.decimal}):
            parts = second.split(candidate)
            if not first.count(candidate) == len(parts) - 1 > 0:
                continue
            question = f"Is the delimiter {'a tab' if candidate == TAB else quote(candidate)}?"
            option = self._delimiter(candidate)
            decimals = self.writing.decimal == "." and any(COMMA_DECIMAL.fullmatch(part) for part in parts)
            option += f" {self._option('decimal')} ','" if decimals and candidate != "," else ""
            if candidate == " " and not all(_is_numeric(part, self.writing) for part in parts[1:]):
                # Labels may well be of two words: said only if they turn out to be no classes.
                self.doubt = Doubt(f"The {self.writing.first} is one column, {quote(first)}. {question}", option)
                continue
            raise self._error(f"the {self.writing.first} is one column, {quote(first)}", question, option)

    def _delimiter(self, char: str) -> str:
        """Return the option for a delimiter, as it is typed."""
        return f"{self._option('delimiter')} {'tab' if char == TAB else shell_word(char)}"

    def _option(self, name: str) -> str:
        return self.file.option(name)

    def _error(self, problem: str, hint: str = "", *options: str) -> DataError:
        order = (0, self.file.side, -1)
        return DataError(problem, file=self.file.path, line=1, order=order, hint=hint, options=options)


def writing_of(file: InputFile, dialect: Dialect) -> Writing:
    """Return how the cells of a file are written; raise UsageError if its decimals were its delimiters."""
    delimiter = dialect.delimiter or (TAB if file.inner_suffix == ".tsv" else ",")
    decimal = dialect.decimal or "."
    if delimiter == decimal:
        problem = f"{file.option('decimal')} is ',', which is the delimiter of {path(file.path)} too"
        raise UsageError(problem, hint="What is its delimiter?", options=[f"{file.option('delimiter')} ';'"])
    return Writing(delimiter, decimal, file.option(""), dialect.header is not False, file.path)


def _may_be_header(first: list[str], second: list[str]) -> bool:
    """Say whether a first record is the usual name of a label column, or words above whole numbers."""
    if len(first) != len(second) or any(field.strip().lstrip("+-").isdigit() for field in first):
        return False
    whole = (field.strip().lstrip("+-").isdigit() for field in second)
    return any(field.lower() in _LABEL_NAMES for field in first) or any(whole)


def _is_numeric(text: str, writing: Writing) -> bool:
    try:
        float(text.replace(writing.decimal, "."))
    except ValueError:
        return False
    return True
