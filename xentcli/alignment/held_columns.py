"""Columns of LABELS held in memory, row by row in the order of the file, in as few bytes as they take."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Numbers, Piece, Role, Texts

Rows = NDArray[np.int64]


class HeldColumns:
    """Numbers in their own type, texts as 4-byte codes into their distinct values; any rows of them can be taken."""

    def __init__(self, wanted: Mapping[str, Role]) -> None:
        self.rows = 0
        self._numbers: dict[str, list[Numbers]] = {
            name: [] for name, role in wanted.items() if role in {Role.NUMBER, Role.SCORE}
        }
        self._texts = {name: _HeldTexts() for name, role in wanted.items() if role in {Role.LABEL, Role.NULLABLE}}

    def add(self, piece: Piece) -> None:
        """Hold the next rows."""
        for name, numbers in self._numbers.items():
            # A copy: what a reader gives may keep a whole block alive.
            numbers.append(piece.numbers[name].copy())
        for name, texts in self._texts.items():
            texts.add(piece.labels[name], self.rows)
        self.rows += piece.rows

    @property
    def bytes_a_row(self) -> float:
        """Return what a row takes, as far as rows have been read."""
        held = sum(part.nbytes for parts in self._numbers.values() for part in parts)
        return held / max(1, self.rows) + 4 * len(self._texts)

    def close(self) -> None:
        """Make one array of each column; nothing is added any more."""
        for parts in self._numbers.values():
            whole = np.concatenate(parts)
            parts[:] = [whole]
        for texts in self._texts.values():
            texts.close()

    def take(self, rows: Rows) -> Piece:
        """Return some rows, in the order asked for."""
        return Piece(
            len(rows),
            {name: parts[0][rows] for name, parts in self._numbers.items()},
            {name: texts.take(rows) for name, texts in self._texts.items()},
        )

    def distinct(self, name: str) -> tuple[Texts, Rows]:
        """Return the distinct texts of a column in the order in which they come, and the row of each one's first."""
        texts = self._texts[name]
        return Texts(np.arange(len(texts.values)), texts.values), np.array(texts.firsts, dtype=np.int64)

    def number(self, name: str) -> Numbers:
        """Return a column of numbers, all rows."""
        return self._numbers[name][0]


class _HeldTexts:
    """Codes into distinct values; −1 is missing."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.firsts: list[int] = []
        self._numbers: dict[str, int] = {}
        self._parts: list[NDArray[np.int32]] = []

    def add(self, texts: Texts, first_row: int) -> None:
        if len(texts.values):
            n = len(texts.codes)
            firsts = np.full(len(texts.values) + 1, n)
            # Backwards: of the rows that have a text the first is assigned last, and stays. −1 picks what is after all.
            firsts[texts.codes[::-1]] = np.arange(n - 1, -1, -1)
            table = np.full(len(firsts), -1, dtype=np.int32)
            for code in np.argsort(firsts[:-1], kind="stable").tolist():
                if firsts[code] == n:
                    break
                table[code] = self._number(texts.values[code], first_row + int(firsts[code]))
            self._parts.append(table[texts.codes])
        else:
            self._parts.append(np.full(len(texts.codes), -1, dtype=np.int32))

    def _number(self, text: str, row: int) -> int:
        number = self._numbers.setdefault(text, len(self.values))
        if number == len(self.values):
            self.values.append(text)
            self.firsts.append(row)
        return number

    def close(self) -> None:
        codes = np.concatenate(self._parts)
        narrow = next(kind for kind in (np.int8, np.int16, np.int32) if len(self.values) <= np.iinfo(kind).max)
        self._parts = [codes.astype(narrow)]

    def take(self, rows: Rows) -> Texts:
        return Texts(self._parts[0][rows], self.values)
