"""The columns of the class table: what each shows, which fit a width, and the lines they make.

No figure is ever cut: what does not fit is a column that is left out, and names of classes are shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.bars import above, bars, surely_above
from xentcli.render.table.changes import class_column
from xentcli.render.table.colors import ABOVE, QUIET, SURELY_ABOVE, TITLE, WARNED, style_of
from xentcli.render.table.column import GAP, Column, after, laid_out
from xentcli.render.table.lines import glyphs, spelling_of
from xentcli.render.table.widths import shorten
from xentcli.render.wording.class_figures import class_figures
from xentcli.render.wording.class_listing import Kind, Row
from xentcli.results.evaluation import EvalResult

_LONGEST_BAR = 10
_SHORTEST_BAR = 4
# Where every column has its place, there is room for longer ones.
_BAR_ON_WIDE_SCREENS = 30
_SHORTEST_NAME = 12
_COMFORTABLE_NAME = 24
# From the last to be left out to the first.
_ESSENTIAL = ("loss", "change", "loss_share", "rows", "interval", "loss_ratio", "bar", "label_probability")
_OPTIONAL = ("clipped_rows", "recall", "precision", "weight_share", "predicted_share")
_SWAPPED = {"rows": "weight_share", "weight_share": "rows"}
_STYLES = {Kind.CLASS: "", Kind.REST: QUIET, Kind.ALL: TITLE}


def columns_of(result: EvalResult, rows: Sequence[Row], screen: Screen) -> list[Column]:
    """Return every column that has something to say, from left to right."""
    columns = [laid_out(each, screen) for each in class_figures(result, rows, spelling_of(screen))]
    columns = after("loss", columns, class_column(result, rows, screen))
    shares = bars(rows, _LONGEST_BAR, screen)
    if any(shares.cells):
        columns = after("loss_share", columns, [shares])
    styles = {
        "loss_ratio": [
            SURELY_ABOVE if surely_above(row, result.overall.loss) else ABOVE if above(row) else "" for row in rows
        ],
        "clipped_rows": [WARNED if row.figures.clipped_rows else QUIET for row in rows],
    }
    return [_styled(column, styles[column.key]) if column.key in styles else column for column in columns]


def by_key(columns: Sequence[Column]) -> dict[str, Column]:
    """Return the columns by what they show."""
    return {column.key: column for column in columns}


def _styled(column: Column, styles: Sequence[str]) -> Column:
    """Return a column with these styles, where they are not empty."""
    return replace(
        column, styles=tuple(style or style_of(cell) for style, cell in zip(styles, column.cells, strict=True))
    )


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
        named["bar"] = bars(rows, _LONGEST_BAR - (shortest - room), screen)
        room = shortest
    elif len(kept) == len(columns) and "bar" in kept and room > named["class"].width:
        named["bar"] = bars(rows, min(_LONGEST_BAR + room - named["class"].width, _BAR_ON_WIDE_SCREENS), screen)
    cut = glyphs(screen).cut
    names = tuple(shorten(name, room, cut) for name in named["class"].cells)
    named["class"] = replace(named["class"], cells=names)
    return [named[column.key] for column in columns if column.key in kept]


def table_lines(columns: Sequence[Column], rows: Sequence[Row], screen: Screen) -> list[Text]:
    """Return the heading, a rule and the rows."""
    gap = " " * GAP
    heading, *lines = zip(*(column.padded() for column in columns), strict=True)
    width = sum(column.width for column in columns) + GAP * (len(columns) - 1)
    out = [Text(gap.join(heading)), Text(glyphs(screen).rule * width, QUIET)]
    for at, (row, cells) in enumerate(zip(rows, lines, strict=True)):
        line = Text(style=_STYLES[row.kind])
        for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            line.append(gap if number else "").append(cell, column.style(at))
        out.append(line)
    return out
