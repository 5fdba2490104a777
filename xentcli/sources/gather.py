"""Short pieces of many columns joined to batches that are worth what a batch costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xentcli.errors import DataError
from xentcli.numerics.column_matrix import WideNumbers
from xentcli.sources.base import Numbers, Piece

_CELLS, _FEWEST_ROWS = 1 << 18, 16


def rows_worth(columns: int) -> int:
    """Return how many rows a batch should have at least."""
    return max(_FEWEST_ROWS, _CELLS // max(1, columns))


def gathered(pieces: Iterator[Piece], rows: int) -> Iterator[Piece]:
    """Yield pieces joined until they have about so many rows; those that are no matrix stay as they are.

    An error comes after everything before it.
    """
    held: list[Piece] = []
    try:
        for piece in pieces:
            if held and not _goes_with(held[0], piece):
                yield _joined(held)
                held = []
            held.append(piece)
            if not isinstance(piece.numbers, WideNumbers) or sum(part.rows for part in held) >= rows:
                yield _joined(held)
                held = []
    except DataError:
        if held:
            yield _joined(held)
        raise
    if held:
        yield _joined(held)


def _goes_with(first: Piece, other: Piece) -> bool:
    """Say whether two pieces are matrices of the same columns, and nothing else."""
    mine, yours = first.numbers, other.numbers
    return isinstance(mine, WideNumbers) and isinstance(yours, WideNumbers) and mine.places is yours.places


def _joined(pieces: list[Piece]) -> Piece:
    """Return pieces as one, which has no labels and no order."""
    first = pieces[0].numbers
    if len(pieces) == 1 or not isinstance(first, WideNumbers):
        return pieces[0]
    matrices: list[Numbers] = [piece.numbers.matrix for piece in pieces if isinstance(piece.numbers, WideNumbers)]
    before = np.cumsum([0, *(piece.rows for piece in pieces)])
    snapped = np.concatenate([piece.snapped + at for piece, at in zip(pieces, before, strict=False)])
    return Piece(int(before[-1]), WideNumbers(np.concatenate(matrices), first.places), snapped=snapped)
