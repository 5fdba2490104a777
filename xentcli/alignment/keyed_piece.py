"""Rows of PREDICTIONS with what their keys have found in LABELS."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Piece


@dataclass(frozen=True, slots=True)
class Found:
    """What the keys of some rows of PREDICTIONS have found.

    rows: (n,) the rows of LABELS, −1 for none. labels: what is in them, anything where there is none. identity: (n,) a
    hash of each key. twice: the first row whose key came before, and the row of PREDICTIONS that has it.
    """

    rows: NDArray[np.int64]
    labels: Piece
    identity: NDArray[np.uint64]
    twice: tuple[int, int] | None

    def slice(self, start: int, stop: int) -> Found:
        """Return rows start to stop."""
        twice = None
        if self.twice is not None and start <= self.twice[0] < stop:
            twice = (self.twice[0] - start, self.twice[1])
        return Found(self.rows[start:stop], self.labels.slice(start, stop), self.identity[start:stop], twice)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPiece(Piece):
    """A piece of PREDICTIONS whose keys were looked up."""

    found: Found

    @classmethod
    def of(cls, piece: Piece, found: Found) -> KeyedPiece:
        """Return a piece with what its keys have found."""
        return cls(**{each.name: getattr(piece, each.name) for each in fields(Piece)}, found=found)

    def slice(self, start: int, stop: int) -> KeyedPiece:
        """Return rows start to stop, without copying."""
        return KeyedPiece.of(Piece.slice(self, start, stop), self.found.slice(start, stop))
