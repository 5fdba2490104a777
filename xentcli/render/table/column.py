"""One column of a table: a heading over cells of which none is ever cut, decimal points below one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xentcli.render.screen import Screen
from xentcli.render.table.colors import style_of
from xentcli.render.table.lines import glyphs
from xentcli.render.table.widths import ended, width_of
from xentcli.render.wording.figures import Figures
from xentcli.render.wording.numbers import NONE

GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and one cell a row, all of them whole. left: text, not figures. styles: of cells, if not their own."""

    key: str
    heading: str
    cells: tuple[str, ...]
    left: bool = False
    styles: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Return the cells that the widest needs."""
        return max(map(width_of, (self.heading, *self._aligned())))

    def padded(self) -> list[str]:
        """Return the heading and the cells, all of the width of the column."""
        texts = [self.heading, *self._aligned()]
        width = max(map(width_of, texts))
        spaces = [(text, " " * (width - width_of(text))) for text in texts]
        return [ended(text) + space if self.left else space + text for text, space in spaces]

    def style(self, at: int) -> str:
        """Return the style of a cell."""
        return self.styles[at] if self.styles else "none" if self.left else style_of(self.cells[at])

    def _aligned(self) -> Sequence[str]:
        return self.cells if self.left else aligned(self.cells)


def aligned(figures: Sequence[str]) -> list[str]:
    """Return figures with spaces behind them, so that their decimal points stand below one another.

    >>> aligned(["0.1234", "0", "3.1e-09", "n/a"])
    ['0.1234 ', '0      ', '3.1e-09', 'n/a']
    """
    tails = [len(text) - text.find(".") if "." in text else 0 for text in figures]
    longest = max(tails, default=0)
    # Words such as n/a stay at the right.
    spaces = [longest - tail if text[-1:].isdigit() else 0 for text, tail in zip(figures, tails, strict=True)]
    return [text + " " * space for text, space in zip(figures, spaces, strict=True)]


def laid_out(figures: Figures, screen: Screen) -> Column:
    """Return figures as a column; the ends of intervals stay aligned."""
    if figures.highs:
        ends = Column("", "", figures.cells), Column("", "", figures.highs)
        return joined(figures.key, figures.heading, ends, glyphs(screen).between)
    return Column(figures.key, figures.heading, figures.cells, left=figures.key == "class")


def after(key: str, columns: Sequence[Column], more: Sequence[Column]) -> list[Column]:
    """Return the columns with others behind the one of that key."""
    at = 1 + [column.key for column in columns].index(key)
    return [*columns[:at], *more, *columns[at:]]


def joined(key: str, heading: str, parts: tuple[Column, Column], between: str, styles: tuple[str, ...] = ()) -> Column:
    """Return two columns as one, each cell with `between` between its parts, which stay aligned.

    Where the first part has nothing to say the cell is that part alone; where the second is empty, there is none.
    """
    rows = zip(parts[0].cells, parts[0].padded()[1:], parts[1].cells, parts[1].padded()[1:], strict=True)
    empty = " " * (width_of(between) + parts[1].width if any(parts[1].cells) else 0)
    cells = tuple(
        first if first in {"", NONE} else padded + (f"{between}{other}" if second else empty)
        for first, padded, second, other in rows
    )
    return Column(key, heading, cells, styles=styles)
