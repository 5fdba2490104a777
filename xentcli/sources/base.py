"""What every source gives, whatever its format: columns with types, then pieces of rows in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from xentcli.errors import DataError
from xentcli.numerics.column_matrix import WideNumbers

Numbers = NDArray[np.generic]


class ColumnKind(StrEnum):
    """What a column can hold. Every CSV column is text until an option or a rule gives it a role."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    LIST = "list"  # of numbers: a class each
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what it can hold, and the type as its format calls it."""

    name: str
    kind: ColumnKind
    type_name: str


class Role(StrEnum):
    """How the values of a column are wanted: in `Piece.numbers`, `Piece.labels` or `Piece.order`."""

    NUMBER = "number"
    SCORE = "score"  # a number that may be -inf: a logit or a log-probability of a masked class
    LABEL = "label"
    NULLABLE = "nullable"  # text as a label is, of which some may be missing: an empty CSV cell, a null
    ORDER = "order"
    KEY = "key"  # as ORDER, but a missing value is an error


NUMBERS = frozenset({Role.NUMBER, Role.SCORE})
TEXTS = frozenset({Role.LABEL, Role.NULLABLE})
# What a value of a role is called.
NOUNS = {Role.LABEL: "label", Role.KEY: "key"}


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as codes into a list of distinct values, as they came: `values[codes[i]]` is row i's, −1 is missing."""

    codes: NDArray[np.integer]
    values: Sequence[str]

    def slice(self, start: int, stop: int) -> Texts:
        """Return rows start to stop."""
        return Texts(self.codes[start:stop], self.values)


@dataclass(frozen=True, slots=True)
class Strings:
    """Texts as bytes in a row: row i is `data[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    data: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def slice(self, start: int, stop: int) -> Strings:
        """Return rows start to stop."""
        return Strings(self.offsets[start : stop + 1], self.data)

    def text(self, row: int) -> str:
        """Return the text of one row."""
        return self.data[self.offsets[row] : self.offsets[row + 1]].tobytes().decode("utf-8", "backslashreplace")


OrderValues = Strings | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a source: the wanted columns, by name.

    numbers: shape (n,), or (n, width) for a column of lists. labels: of roles LABEL and NULLABLE. order: ORDER and KEY.
    snapped: one entry, the row within the piece, for every cell whose text is not 0 but which float64 rounds to 0.
    """

    rows: int
    numbers: Mapping[str, Numbers]
    labels: Mapping[str, Texts] = field(default_factory=dict)
    order: Mapping[str, OrderValues] = field(default_factory=dict)
    snapped: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def slice(self, start: int, stop: int) -> Piece:
        """Return rows start to stop, without copying."""
        if start == 0 and stop == self.rows:
            return self
        inside = (self.snapped >= start) & (self.snapped < stop)
        numbers: Mapping[str, Numbers]
        if isinstance(self.numbers, WideNumbers):
            numbers = self.numbers.slice(start, stop)
        else:
            numbers = {name: values[start:stop] for name, values in self.numbers.items()}
        return Piece(
            stop - start,
            numbers,
            {name: texts.slice(start, stop) for name, texts in self.labels.items()},
            {
                name: values.slice(start, stop) if isinstance(values, Strings) else values[start:stop]
                for name, values in self.order.items()
            },
            self.snapped[inside] - start,
        )


class Spot(NamedTuple):
    """Where a row stands: its file, its record there from 1, and the line of a text file where that is certain."""

    file: str
    record: int
    line: int | None


class Mark(NamedTuple):
    """A place between two rows where a reading may begin or end; nothing in it needs an open file.

    row: how many rows come before it over the whole input, −1 where that is not known. part: which of its files it is
    in; record: how many rows of that come before it. at: where it is there, as a byte of text or as a row. line: the
    number of the line that begins there, of text. quoted: there are quotes before it, so lines are not certain.
    """

    row: int
    part: int = 0
    record: int = 0
    at: int = 0
    line: int = 1
    quoted: bool = False


class Marks(Protocol):
    """The places of an input where readings may begin, from its start on: looked for as far as somebody asks.

    seconds: about how long a core takes for all rows. counted: every mark knows its row.
    """

    seconds: float
    counted: bool

    def ahead(self, seconds: float) -> Mark | None:
        """Return a place about so much work after the last one, None where what is left is less."""

    def at(self, row: int) -> Mark | None:
        """Return the place before a row, at or after the last one; None where there is no such row."""

    def rows(self) -> int | None:
        """Return how many rows there are in all, having looked through the rest; None where that is not clear."""

    def close(self) -> None:
        """Close what was opened to look."""


class Doubt(NamedTuple):
    """What to ask if the labels of a file turn out to be no classes, and the option that settles it."""

    question: str
    option: str


class Source(Protocol):
    """One input, open: a file, or several that are read as one.

    path: as it was given. files: the files it is made of, in the order of their rows. headerless: the names of the
    columns are their places, 1, 2, …, and say nothing.
    """

    path: str
    files: tuple[str, ...]
    format: str
    side: int
    headerless: bool
    columns: tuple[Column, ...]
    rows: int | None
    trailing_blank: bool
    seekable: bool
    doubt: Doubt | None

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield all rows in order; decoding runs in `pool`, at most `window` pieces ahead.

        Raises DataError at the first bad record, after every row before it has been yielded.
        """

    def again(self) -> Source:
        """Return the same input opened once more, to be read from its start and closed by whoever asked."""

    def marks(self, numbers: int) -> Marks | None:
        """Return places where parts of it begin, None where it can only be read as a whole.

        numbers: how many numbers and texts of a row are wanted.
        """

    def only(self, start: Mark | None, stop: Mark | None) -> None:
        """Read no more than what is between two places, None being the start and the end; rows count from 0 there.

        To be said of what was opened anew, before it is read.
        """

    def further(self, rows: int) -> list[tuple[str, Spot]]:
        """Return fields that are no columns, as the first record lacks them, and that hold fractions in the next rows;
        to be asked of what was opened anew.
        """

    def read_little(self) -> None:
        """Say that only the first rows will be read: text comes in smaller blocks then than for speed."""

    def settle(self) -> None:
        """Say that nobody asks for it again: a pipe need not keep its beginning."""

    def locate(self, row: int) -> Spot:
        """Return where a row stands, counted from 0 over the whole input; it must have been read."""

    def width_of(self, name: str) -> int:
        """Return how many numbers the first row of a column of lists has."""

    def check_unchanged(self) -> None:
        """Raise DataError if what was opened is not what it was."""

    def position(self) -> tuple[int, int]:
        """Return the bytes read so far and the size in bytes (0 if unknown)."""

    def close(self) -> None:
        """Close the file."""


def error_at(
    source: Source,
    row: int,
    problem: str,
    *,
    column: str | None = None,
    hint: str = "",
    details: Sequence[str] = (),
    options: Sequence[str] = (),
) -> DataError:
    """Return an error about a row of a source, counted from 0, and a column of it (or the row as a whole)."""
    spot = source.locate(row)
    position = len(source.columns) if column is None else position_of(source.columns, column)
    return DataError(
        problem,
        file=spot.file,
        record=spot.record,
        line=spot.line,
        column=column,
        order=(row, source.side, position),
        hint=hint,
        details=details,
        options=options,
    )


def position_of(columns: Sequence[Column], name: str) -> int:
    """Return the place of a column in its file, counted from 0."""
    return next(i for i, column in enumerate(columns) if column.name == name)
