"""One column of a table: a heading over cells of which none is ever cut, decimal points below one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xentcli.render.screen import Screen
from xentcli.render.table.colors import style_of, style_of_change
from xentcli.render.table.lines import glyphs
from xentcli.render.table.widths import padded, width_of
from xentcli.render.wording.numbers import NONE, Figures, difference, figure, places_for
from xentcli.results.evaluation import EvalResult
from xentcli.results.verdicts import Change

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
        return padded((self.heading, *self._aligned()), self.left)

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


def fitting(
    widths: Mapping[str, int],
    essential: Sequence[str],
    optional: Sequence[str],
    names: tuple[int, int],
    room: int,
    *,
    gives: Mapping[str, int] | None = None,
) -> list[str]:
    """Return the keys of the columns that fit, the most telling first to be kept; wider screens only add to them.

    Those that are neither essential nor optional are the first to be left out. Names are shortened to the first of two
    widths to make room for an essential column, to the second for any other. gives: how much narrower a column can be
    made for an essential one.
    """
    kept: list[str] = []
    for key in dict.fromkeys((*essential, *optional, *widths)):
        if key not in widths:
            continue
        here = [*kept, key]
        needed = sum(widths[each] for each in here)
        least = names[0] - sum((gives or {}).get(each, 0) for each in here) if key in essential else names[1]
        if needed + least > room:
            break
        kept.append(key)
    return kept


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


def change_column(result: EvalResult, changes: Sequence[Change | None], screen: Screen) -> list[Column]:
    """Return how losses differ from the baseline's, coloured where the interval leaves 0 out, if there are changes."""
    if not changes:
        return []
    places = places_for(result.overall.loss, digits=3)
    moves = tuple("" if one is None else difference(one.change, places) for one in changes)
    halves = tuple("" if one is None or one.half_width is None else figure(one.half_width, places) for one in changes)
    styles = (
        "" if one is None else style_of_change(one.change, one.half_width, -1) or style_of(move)
        for one, move in zip(changes, moves, strict=True)
    )
    parts = Column("", "", moves), Column("", "", halves)
    return [joined("change", "change", parts, glyphs(screen).plus_minus, tuple(styles))]
