"""The class table: what each column shows, which fit a width, and what it says of classes that it does not list.

No figure is ever cut: what does not fit is a column that is left out, and names of classes are shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import ABOVE, BAR, QUIET, SURELY_ABOVE, TITLE, WARNED, style_of
from xentcli.render.table.column import GAP, Column, after, change_column, fitting, laid_out
from xentcli.render.table.lines import flow, glyphs, spelling_of, wrap
from xentcli.render.table.widths import shorten
from xentcli.render.wording.baseline_text import changes_of_classes
from xentcli.render.wording.class_figures import class_figures, classes_facts, hidden_class_text, overlapping
from xentcli.render.wording.class_listing import Kind, Listing, Row
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


def class_lines(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    """Return the title and the table of the classes that are listed."""
    columns = fitted(columns_of(result, listing.rows, screen), listing.rows, screen, overlapping(result))
    return [
        *_title(result, listing, sort, screen),
        *table_lines(columns, listing.rows, screen),
        *hidden_class(result, listing, screen),
    ]


def _title(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    glyph = glyphs(screen)
    order, *facts = classes_facts(result, listing, sort)
    first = Text.assemble(("classes", TITLE), (glyph.after_title, QUIET), order)
    return flow([first, *map(Text, facts)], screen, glyph.dot, indent=2)


def hidden_class(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    line = hidden_class_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []


def columns_of(result: EvalResult, rows: Sequence[Row], screen: Screen) -> list[Column]:
    """Return every column that has something to say, from left to right."""
    columns = [laid_out(each, screen) for each in class_figures(result, rows, spelling_of(screen))]
    columns = after("loss", columns, change_column(result, changes_of_classes(rows, result.baseline), screen))
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


def fitted(columns: Sequence[Column], rows: Sequence[Row], screen: Screen, overlap: bool = False) -> list[Column]:
    """Return the columns that fit the screen, with names and bars as long as there is room for.

    overlap: rows may belong to several classes, and a class's share of the weight says more than their number.
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
    widths = {column.key: column.width + GAP for column in columns if column.key != "class"}
    gives = {"bar": _LONGEST_BAR - _SHORTEST_BAR}
    kept = fitting(widths, essential, optional, (shortest, comfortable), screen.width, gives=gives)
    room = screen.width - sum(widths[each] for each in kept)
    if "bar" in kept and room < shortest:
        named["bar"] = bars(rows, _LONGEST_BAR - (shortest - room), screen)
        room = shortest
    elif len(kept) == len(widths) and "bar" in kept and room > named["class"].width:
        named["bar"] = bars(rows, min(_LONGEST_BAR + room - named["class"].width, _BAR_ON_WIDE_SCREENS), screen)
    cut = glyphs(screen).cut
    names = tuple(shorten(name, room, cut) for name in named["class"].cells)
    named["class"] = replace(named["class"], cells=names)
    return [named[column.key] for column in columns if column.key in {"class", *kept}]


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


def bars(rows: Sequence[Row], length: int, screen: Screen) -> Column:
    """Return bars of the classes' shares of the loss; the largest class has the full length."""
    shares = [(row.figures.loss_share or 0.0) if row.kind is Kind.CLASS else 0.0 for row in rows]
    largest = max(shares)
    cells = tuple(_bar(share and share / largest, length, screen) for share in shares)
    styles = (ABOVE if above(row) else BAR if cell else "" for row, cell in zip(rows, cells, strict=True))
    return Column("bar", "", cells, left=True, styles=tuple(styles))


def above(row: Row) -> bool:
    """Say whether the row is of a class that costs more than the average."""
    return row.kind is Kind.CLASS and (row.figures.loss_ratio or 0.0) > 1.0


def surely_above(row: Row, average: float | None) -> bool:
    """Say whether the whole interval of a class is above the average."""
    return above(row) and average is not None and (row.figures.loss_low or 0.0) > average


def _bar(part: float, length: int, screen: Screen) -> str:
    """Return a bar for a part of the full length; what is not 0 has the shortest."""
    if not part:
        return ""
    glyph = glyphs(screen)
    steps = 2 if glyph.half_bar else 1
    whole, half = divmod(max(round(length * steps * part), 1), steps)
    return glyph.bar * whole + glyph.half_bar * half
