"""What the batches of a Parquet file have, and how many rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from xentcli.sources.arrow.values import Flaw
from xentcli.sources.base import Piece, Role

_CELLS = 1 << 19
_WIDE_CELLS, _WIDE_ROWS = 1 << 21, 1 << 11
_FEWEST_ROWS = 256
_MOST_ROWS = 1 << 17


class Shape(NamedTuple):
    """What a batch has: the wanted columns, how many numbers a row of each has, those that NumPy takes as is, and the
    place of each column.
    """

    wanted: Mapping[str, Role]
    widths: Mapping[str, int]
    plain: Mapping[str, np.dtype[Any]]
    places: dict[str, int]

    @property
    def uniform(self) -> bool:
        """Say whether all columns are numbers of one type."""
        return len(self.plain) == len(self.wanted) and len(set(self.plain.values())) == 1


class Bad(NamedTuple):
    """The first flaw of a batch: its column, the flaw, and the values left of it in its row."""

    column: str
    flaw: Flaw
    partial: Piece | None = None


def batch_rows(widths: Mapping[str, int]) -> int:
    """Return how many rows to decode at once: few of many numbers, and not so few that calls cost more than rows."""
    cells = max(1, sum(max(1, width) for width in widths.values()))
    least = max(1, _FEWEST_ROWS * len(widths) // cells)
    # What is done for each column of a batch is worth more rows; a column of lists is one, however wide.
    wide = min(_WIDE_ROWS, _WIDE_CELLS // cells) * len(widths) // cells
    return max(least, min(_MOST_ROWS, max(_CELLS // cells, wide)))
