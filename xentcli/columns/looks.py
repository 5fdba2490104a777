"""What columns look like: whether their first rows hold numbers or text, and which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.first_rows import ROWS, pieces_of
from xentcli.errors import DataError
from xentcli.sources.base import Column, ColumnKind, Piece, Role, Source, Strings

Floats = NDArray[np.float64]
_MOST_CELLS = 1 << 20
_FEWEST_ROWS = 16
_WHOLE = re.compile(rb"[ \t]*[+-]?[0-9]+[ \t]*")
_MISSING = {b"", b"nan", b"na", b"n/a", b"null", b"none", b"-nan"}
_ROLES = {
    ColumnKind.INTEGER: Role.SCORE,
    ColumnKind.FLOAT: Role.SCORE,
    ColumnKind.DECIMAL: Role.SCORE,
    ColumnKind.BOOLEAN: Role.SCORE,
    ColumnKind.TEXT: Role.NULLABLE,
    ColumnKind.DATE: Role.ORDER,
}
# Each column with a value that its role does not take costs one more reading of the first rows.
_MOST_READINGS = 16


class Holds(StrEnum):
    """What the first rows of a column hold.

    Whole numbers are written so, as `3` and not `3.0`, or are of a type of whole numbers or booleans.
    """

    NUMBERS = "numbers"
    WHOLE = "whole numbers"
    TEXT = "text"
    LISTS = "lists"
    NOTHING = "nothing"


_BY_TYPE = {ColumnKind.TEXT: Holds.TEXT, ColumnKind.INTEGER: Holds.WHOLE, ColumnKind.FLOAT: Holds.NUMBERS}


class Look(Protocol):
    """What the first rows of a column hold.

    numbers: (n,) those that they are, None where they are not, or where a row is missing; present: those that are not
    missing. values: the distinct texts, in the order in which they come. rows: how many were read.
    """

    @property
    def name(self) -> str:
        """Return what the column is called."""

    @property
    def holds(self) -> Holds:
        """Return what the column holds."""

    @property
    def is_whole(self) -> bool:
        """Say whether it holds whole numbers."""

    @property
    def numbers(self) -> Floats | None:
        """Return the number of each row."""

    @property
    def present(self) -> Floats | None:
        """Return the numbers that are there."""

    @property
    def values(self) -> tuple[str, ...]:
        """Return the distinct values."""

    @property
    def rows(self) -> int:
        """Return how many rows were read."""


@dataclass(frozen=True, slots=True)
class TypedLook:
    """The look of a column that its format types."""

    name: str
    holds: Holds
    rows: int
    numbers: Floats | None = None
    values: tuple[str, ...] = ()

    @property
    def present(self) -> Floats | None:
        """Return the numbers, of which none is missing."""
        return self.numbers

    @property
    def is_whole(self) -> bool:
        """Say whether it holds whole numbers."""
        return self.holds is Holds.WHOLE


class CellsLook:
    """The look of the cells of a CSV column, each figure taken when it is asked for: there may be 100,000 columns."""

    def __init__(self, name: str, strings: Sequence[Strings], decimal: bytes) -> None:
        self.name = name
        self._strings, self._decimal = strings, decimal

    @cached_property
    def _cells(self) -> list[bytes]:
        found: list[bytes] = []
        for held in self._strings:
            data = held.data[held.offsets[0] : held.offsets[-1]].tobytes()
            ends = (held.offsets - held.offsets[0]).tolist()
            found += [data[start:stop] for start, stop in pairwise(ends)]
        return found

    @cached_property
    def _there(self) -> list[bytes]:
        return [text for text in self._cells if text.strip().lower() not in _MISSING]

    @cached_property
    def holds(self) -> Holds:
        """Return what the column holds."""
        if not self._there:
            return Holds.NOTHING
        if self.is_whole:
            return Holds.WHOLE
        return Holds.TEXT if self._parsed is None else Holds.NUMBERS

    @cached_property
    def is_whole(self) -> bool:
        """Say whether it holds whole numbers: mostly the first cell tells, and nothing else is looked at."""
        first = self._strings[0].text(0).encode("utf-8", "backslashreplace")
        if first.strip().lower() not in _MISSING and not _WHOLE.fullmatch(first):
            return False
        return bool(self._there) and all(map(_WHOLE.fullmatch, self._there))

    @cached_property
    def _parsed(self) -> list[float] | None:
        try:
            # Python takes 1_000 for a number, which no file means.
            return [float("x" if b"_" in text else text.replace(self._decimal, b".")) for text in self._there]
        except ValueError:
            return None

    @cached_property
    def numbers(self) -> Floats | None:
        """Return the number of each row."""
        return self.present if len(self._there) == self.rows else None

    @cached_property
    def present(self) -> Floats | None:
        """Return the numbers that are there."""
        return np.array(self._parsed) if self._there and self._parsed is not None else None

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(map(len, self._strings))

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Return the distinct texts."""
        return tuple(text.decode("utf-8", "backslashreplace") for text in dict.fromkeys(self._cells))


Looks = Mapping[str, Look]


def looks_of(source: Source, names: Iterable[str], decimal: str | None) -> Looks:
    """Return what columns look like in the first 1,000 rows, of fewer where there are very many columns."""
    held = set(names)
    wanted = [column for column in source.columns if column.name in held]
    rows = max(_FEWEST_ROWS, min(ROWS, _MOST_CELLS // max(1, len(wanted))))
    return _Reader(source, wanted, rows, decimal).looks()


class _Reader:
    def __init__(self, source: Source, columns: Sequence[Column], rows: int, decimal: str | None) -> None:
        self.source, self.columns, self.rows = source, columns, rows
        self.decimal = (decimal or ".").encode()

    def looks(self) -> Looks:
        """Return each column's look."""
        roles = {column.name: self._role(column) for column in self.columns}
        wanted = {name: role for name, role in roles.items() if role is not None}
        pieces, damaged = self._pieces(wanted)
        return {column.name: self._look(column, pieces, column.name in damaged) for column in self.columns}

    def _role(self, column: Column) -> Role | None:
        return Role.ORDER if self.source.format == "csv" else _ROLES.get(column.kind)

    def _pieces(self, wanted: Mapping[str, Role]) -> tuple[list[Piece], set[str]]:
        """Return the first rows, and the columns that are not all of what they should be."""
        damaged: set[str] = set()
        while True:
            found: list[Piece] = []
            rest = {name: role for name, role in wanted.items() if name not in damaged}
            again = self.source.again()
            with closing(again), closing(pieces_of(again, rest)) as pieces:
                try:
                    while rest and (left := self.rows - sum(piece.rows for piece in found)):
                        piece = next(pieces, None)
                        if piece is None:
                            break
                        found.append(piece.slice(0, min(left, piece.rows)))
                except DataError as error:
                    if error.column in rest and len(damaged) < _MOST_READINGS:
                        damaged.add(error.column)
                        continue
            return found, damaged

    def _look(self, column: Column, pieces: Sequence[Piece], damaged: bool) -> Look:
        rows = sum(piece.rows for piece in pieces)
        if column.kind is ColumnKind.LIST:
            return TypedLook(column.name, Holds.LISTS, rows)
        if damaged or self._role(column) is None or not rows:
            # The type of a CSV column is text, whatever it holds.
            unread = Holds.NOTHING if self.source.format == "csv" else _BY_TYPE.get(column.kind, Holds.NOTHING)
            return TypedLook(column.name, unread, rows)
        if self.source.format == "csv":
            strings = [held for piece in pieces if isinstance(held := piece.order[column.name], Strings)]
            return CellsLook(column.name, strings, self.decimal)
        if _ROLES[column.kind] is Role.SCORE:
            numbers = np.concatenate([piece.numbers[column.name].astype(np.float64) for piece in pieces])
            whole = column.kind in {ColumnKind.INTEGER, ColumnKind.BOOLEAN} and bool((numbers % 1.0 == 0.0).all())
            values = tuple(dict.fromkeys(f"{value:.15g}" for value in numbers.tolist()))
            return TypedLook(column.name, Holds.WHOLE if whole else Holds.NUMBERS, rows, numbers, values)
        values = tuple(dict.fromkeys(text for piece in pieces for text in _texts(piece, column.name)))
        return TypedLook(column.name, Holds.TEXT, rows, None, values)


def _texts(piece: Piece, name: str) -> list[str]:
    if name in piece.labels:
        texts = piece.labels[name]
        return [texts.values[code] for code in texts.codes.tolist() if code >= 0]
    order = piece.order[name]
    return [order.text(row) if isinstance(order, Strings) else str(order[row]) for row in range(piece.rows)]
