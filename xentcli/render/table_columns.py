"""The columns of the class table: what each shows, which fit a width, and the lines they make.

No figure is ever cut: what does not fit is a column that is left out, and names of classes are shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from xentcli.render.class_figures import class_figures
from xentcli.render.figures import Figures
from xentcli.render.numbers import NONE, confidence_percent
from xentcli.render.screen import Screen
from xentcli.render.table_rows import Kind, Row
from xentcli.render.table_text import glyphs, shorten, spelling_of
from xentcli.result import EvalResult

GAP = 2
_LONGEST_BAR = 10
_SHORTEST_BAR = 4
_SHORTEST_NAME = 12
_COMFORTABLE_NAME = 24
# From the last to be left out to the first. The first seven are essential.
_ESSENTIAL = ("loss", "loss_share", "rows", "interval", "loss_ratio", "bar", "label_probability")
_OPTIONAL = ("clipped_rows", "recall", "precision", "weight_share", "predicted_share")
_SWAPPED = {"rows": "weight_share", "weight_share": "rows"}
_STYLES = {Kind.CLASS: "", Kind.REST: "dim", Kind.ALL: "bold"}
# A class may be called inf.
_COLUMN_STYLES = {"class": "none", "bar": "cyan"}
CELL_STYLES = {NONE: "dim", "inf": "red"}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and one cell a row, all of them whole."""

    key: str
    heading: str
    cells: tuple[str, ...]
    left: bool = False

    @property
    def width(self) -> int:
        """Return the cells that the widest needs."""
        return max(cell_len(text) for text in (self.heading, *self.cells))

    def padded(self) -> list[str]:
        """Return the heading and the cells, all of the width of the column."""
        width = self.width
        texts = [(text, " " * (width - cell_len(text))) for text in (self.heading, *self.cells)]
        return [text + space if self.left else space + text for text, space in texts]


def columns_of(result: EvalResult, rows: Sequence[Row], screen: Screen) -> list[Column]:
    """Return every column that has something to say, from left to right; bars have their full length."""
    columns = [laid_out(each, result, screen) for each in class_figures(result, rows, spelling_of(screen))]
    bars = _bars(rows, _LONGEST_BAR, screen)
    if any(bars.cells):
        columns.insert(1 + [column.key for column in columns].index("loss_share"), bars)
    return columns


def laid_out(figures: Figures, result: EvalResult, screen: Screen) -> Column:
    """Return figures as a column of the table."""
    if figures.highs:
        ends = Column("", "", figures.cells), Column("", "", figures.highs)
        return interval_column(figures.key, ends, result.settings.confidence, screen)
    return Column(figures.key, figures.heading, figures.cells, left=figures.key == "class")


def by_key(columns: Sequence[Column]) -> dict[str, Column]:
    """Return the columns by what they show."""
    return {column.key: column for column in columns}


def interval_column(key: str, ends: tuple[Column, Column], confidence: float, screen: Screen) -> Column:
    """Return the column of intervals between two columns of ends, which stay aligned; without an end it is as empty."""
    between = glyphs(screen).between
    cells = tuple(
        low if low in {"", NONE} else f"{padded_low}{between}{padded_high}"
        for low, padded_low, padded_high in zip(ends[0].cells, ends[0].padded()[1:], ends[1].padded()[1:], strict=True)
    )
    return Column(key, f"{confidence_percent(confidence)} % interval", cells)


def _bars(rows: Sequence[Row], length: int, screen: Screen) -> Column:
    """Return bars of the classes' shares of the loss; the largest class has the full length."""
    shares = [(row.figures.loss_share or 0.0) if row.kind is Kind.CLASS else 0.0 for row in rows]
    largest = max(shares)
    return Column("bar", "", tuple(_bar(share and share / largest, length, screen) for share in shares), left=True)


def _bar(part: float, length: int, screen: Screen) -> str:
    """Return a bar for a part of the full length; what is not 0 has the shortest."""
    if not part:
        return ""
    glyph = glyphs(screen)
    steps = 2 if glyph.half_bar else 1
    whole, half = divmod(max(round(length * steps * part), 1), steps)
    return glyph.bar * whole + glyph.half_bar * half


def fitting(columns: Sequence[Column], rows: Sequence[Row], screen: Screen, overlap: bool = False) -> list[Column]:
    """Return the columns that fit the screen, the most telling first to be kept; wider screens only add to them.

    Names and bars are shortened to make room for an essential column, but not for an optional one. overlap: rows may
    belong to several classes, and a class's share of the weight says more than their number.
    """
    if screen.width is None:
        return list(columns)
    named = by_key(columns)
    essential, optional = (
        tuple(_SWAPPED.get(key, key) if overlap else key for key in keys) for keys in (_ESSENTIAL, _OPTIONAL)
    )
    # What a sum of classes is called may hold a number, and is never shortened.
    summed = max(len(row.figures.class_) for row in rows if row.kind is not Kind.CLASS)
    shortest = max(summed, min(named["class"].width, _SHORTEST_NAME))
    comfortable = max(summed, min(named["class"].width, _COMFORTABLE_NAME))
    widths = {column.key: column.width + GAP for column in columns} | {"class": 0}
    kept = {"class"}
    for key in (*essential, *optional):
        if key not in named:
            continue
        needed = sum(widths[each] for each in kept | {key})
        spare = _LONGEST_BAR - _SHORTEST_BAR if "bar" in {*kept, key} else 0
        if needed + (shortest - spare if key in essential else comfortable) > screen.width:
            break
        kept.add(key)
    room = screen.width - sum(widths[each] for each in kept)
    if "bar" in kept and room < shortest:
        named["bar"] = _bars(rows, _LONGEST_BAR - (shortest - room), screen)
        room = shortest
    cut = glyphs(screen).cut
    names = tuple(shorten(name, room, cut) for name in named["class"].cells)
    named["class"] = replace(named["class"], cells=names)
    return [named[column.key] for column in columns if column.key in kept]


def table_lines(columns: Sequence[Column], rows: Sequence[Row], screen: Screen) -> list[Text]:
    """Return the heading, a rule and the rows."""
    gap = " " * GAP
    heading, *lines = zip(*(column.padded() for column in columns), strict=True)
    out = [Text(gap.join(heading), "bold")]
    out.append(Text(glyphs(screen).rule * out[0].cell_len, "dim"))
    for at, (row, cells) in enumerate(zip(rows, lines, strict=True)):
        line = Text(style=_STYLES[row.kind])
        for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            style = _COLUMN_STYLES.get(column.key) or CELL_STYLES.get(column.cells[at], "")
            line.append(gap if number else "").append(cell, style)
        out.append(line)
    return out
