"""Pieces of one input, taken by the row."""

from __future__ import annotations

from collections.abc import Iterator

from xentcli.sources.base import Piece


class Stream:
    """Pieces taken by the row."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self._pieces = pieces
        self._piece: Piece | None = None
        self._at = 0
        self.taken = 0

    def available(self) -> int:
        """Return how many rows can be taken at once, 0 at the end. Raises what the source raises."""
        while self._piece is None or self._at == self._piece.rows:
            self._piece, self._at = next(self._pieces, None), 0
            if self._piece is None:
                return 0
        return self._piece.rows - self._at

    def take(self, rows: int) -> Piece:
        """Return the next rows, of which there must be so many available."""
        assert self._piece is not None
        part = self._piece.slice(self._at, self._at + rows)
        self._at += rows
        self.taken += rows
        return part

    def append(self, piece: Piece) -> None:
        """Add rows after the last; everything before must have been taken."""
        self._pieces, self._piece = iter([piece]), None

    def drain(self, most: int | None = None) -> int:
        """Take everything that is left, or about `most` rows of it; return the rows in all."""
        end = None if most is None else self.taken + most
        while (end is None or self.taken < end) and (n := self.available()):
            self.take(n)
        return self.taken
