"""What columns look like: whether their first rows hold numbers or text, and which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.first_rows import ROWS, pieces_of
from xentcli.errors import DataError
from xentcli.sources.base import Column, ColumnKind, Piece, Role, Source, Strings

Floats = NDArray[np.float64]
_MOST_CELLS = 1 << 20
_FEWEST_ROWS = 16
_EXAMPLES = 3
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


@dataclass(frozen=True, slots=True)
class Look:
    """What the first rows of a column hold.

    numbers: (n,) those that they are, None where they are not; whole: no row of them is missing. values: the distinct
    texts, in the order in which they come. rows: how many were read.
    """

    name: str
    holds: Holds
    numbers: Floats | None
    whole: bool
    values: tuple[str, ...]
    rows: int

    @property
    def numeric(self) -> bool:
        """Say whether every row has a number, as predictions must."""
        return self.numbers is not None and self.whole

    @property
    def examples(self) -> tuple[str, ...]:
        """Return three values."""
        return self.values[:_EXAMPLES]


Looks = Mapping[str, Look]


def looks_of(source: Source, names: Iterable[str], decimal: str | None) -> Looks:
    """Return what columns look like in the first 1,000 rows, of fewer where there are very many columns."""
    wanted = [column for column in source.columns if column.name in set(names)]
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
            return Look(column.name, Holds.LISTS, None, True, (), rows)
        if self.source.format == "csv" and not rows:
            # Its type is text whatever it holds.
            return Look(column.name, Holds.NOTHING, None, False, (), 0)
        if damaged or self._role(column) is None or not pieces:
            holds = {ColumnKind.TEXT: Holds.TEXT, ColumnKind.INTEGER: Holds.WHOLE, ColumnKind.FLOAT: Holds.NUMBERS}
            return Look(column.name, holds.get(column.kind, Holds.NOTHING), None, False, (), rows)
        if self.source.format == "csv":
            return self._of_texts(column.name, [text for piece in pieces for text in _cells(piece, column.name)])
        if _ROLES[column.kind] is Role.SCORE:
            numbers = np.concatenate([piece.numbers[column.name].astype(np.float64) for piece in pieces])
            whole = column.kind in {ColumnKind.INTEGER, ColumnKind.BOOLEAN} and bool((numbers % 1.0 == 0.0).all())
            values = tuple(dict.fromkeys(f"{value:.15g}" for value in numbers.tolist()))
            return Look(column.name, Holds.WHOLE if whole else Holds.NUMBERS, numbers, True, values, rows)
        values = tuple(dict.fromkeys(text for piece in pieces for text in _texts(piece, column.name)))
        return Look(column.name, Holds.TEXT, None, False, values, rows)

    def _of_texts(self, name: str, texts: Sequence[bytes]) -> Look:
        """Return the look of the cells of a CSV column."""
        values = tuple(text.decode("utf-8", "backslashreplace") for text in dict.fromkeys(texts))
        rows, there = len(texts), [text for text in texts if text.strip().lower() not in _MISSING]
        if not there:
            return Look(name, Holds.NOTHING, None, False, values, rows)
        try:
            # Python takes 1_000 for a number, which no file means.
            numbers = [float("x" if b"_" in text else text.replace(self.decimal, b".")) for text in there]
        except ValueError:
            return Look(name, Holds.TEXT, None, False, values, rows)
        whole = all(_WHOLE.fullmatch(text) for text in there)
        return Look(name, Holds.WHOLE if whole else Holds.NUMBERS, np.array(numbers), len(there) == rows, values, rows)


def _cells(piece: Piece, name: str) -> list[bytes]:
    held = piece.order[name]
    assert isinstance(held, Strings)
    data, ends = held.data.tobytes(), held.offsets.tolist()
    return [data[start:stop] for start, stop in pairwise(ends)]


def _texts(piece: Piece, name: str) -> list[str]:
    if name in piece.labels:
        texts = piece.labels[name]
        return [texts.values[code] for code in texts.codes.tolist() if code >= 0]
    order = piece.order[name]
    return [order.text(row) if isinstance(order, Strings) else str(order[row]) for row in range(piece.rows)]
