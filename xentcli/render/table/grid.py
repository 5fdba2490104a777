"""Text in columns: names are shortened to fit the screen, figures never are, notes go first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET
from xentcli.render.table.lines import glyphs
from xentcli.render.table.widths import padded, shorten, width_of

_GAP = 2
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Cells:
    """A heading and one cell a row. right: figures, never cut. note: left out where there is no room for it; spare:
    where there is none though names are short.
    """

    heading: str
    cells: Sequence[str]
    right: bool = False
    note: bool = False
    spare: bool = False

    @property
    def width(self) -> int:
        """Return the cells that the widest needs."""
        return max(map(width_of, (self.heading, *self.cells)))

    def padded(self) -> list[str]:
        """Return the heading and the cells, all of the width of the column."""
        return padded((self.heading, *self.cells), left=not self.right)


def grid(columns: Sequence[Cells], dim: Sequence[bool], screen: Screen) -> list[Text]:
    """Return the heading, a rule and the rows; columns without any text are left out, rows said to be `dim` are."""
    fitted = _fitted([column for column in columns if any(column.cells)], screen)
    heading, *lines = zip(*(column.padded() for column in fitted), strict=True)
    gap = " " * _GAP
    head = Text(gap.join(heading).rstrip())
    width = sum(column.width for column in fitted) + _GAP * (len(fitted) - 1)
    rows = [Text(gap.join(line).rstrip(), QUIET if faint else "") for line, faint in zip(lines, dim, strict=True)]
    return [head, Text(glyphs(screen).rule * width, QUIET), *rows]


def _fitted(columns: list[Cells], screen: Screen) -> list[Cells]:
    """Return the columns that fit: without notes if need be, with the widest names shortened, without spare ones."""
    if screen.width is None:
        return columns
    room = screen.width - _GAP * (len(columns) - 1)
    if sum(column.width for column in columns) > room and any(column.note for column in columns):
        return _fitted([column for column in columns if not column.note], screen)
    given, columns = columns, list(columns)
    while (over := sum(column.width for column in columns) - room) > 0:
        names = [at for at, column in enumerate(columns) if not column.right]
        widest = max(names, key=lambda at: columns[at].width)
        if columns[widest].width <= _SHORTEST:
            spare = [at for at, column in enumerate(columns) if column.spare]
            return _fitted(given[: spare[-1]] + given[spare[-1] + 1 :], screen) if spare else columns
        others = [columns[at].width for at in names if at != widest]
        # As wide as the next one at least, so that names of about one width are cut alike.
        target = max(columns[widest].width - over, min(max(others, default=0), columns[widest].width - 1), _SHORTEST)
        columns[widest] = _cut(columns[widest], target, screen)
    return columns


def _cut(column: Cells, width: int, screen: Screen) -> Cells:
    cut = glyphs(screen).cut
    return replace(
        column,
        heading=shorten(column.heading, width, cut),
        cells=[shorten(text, width, cut) for text in column.cells],
    )
