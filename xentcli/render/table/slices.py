"""The table of slices: their values, what they cost, and how they compare with the rest.

As in the class table no figure is ever cut: columns are left out, and values shortened.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.changes import slice_column
from xentcli.render.table.colors import QUIET, TITLE
from xentcli.render.table.column import GAP, Column, after, laid_out
from xentcli.render.table.lines import flow, glyphs, spelling_of, wrap
from xentcli.render.table.slice_names import Names, names_of
from xentcli.render.table.widths import width_of
from xentcli.render.wording.slice_figures import hidden_slice_text, legend_text, slice_figures, slices_title
from xentcli.render.wording.slice_listing import SliceListing
from xentcli.results.evaluation import EvalResult

# From the last to be left out to the first. The first six are essential: values are shortened for them.
_FIRST = ("loss", "change", "rows", "delta_rest")
_ESSENTIAL = (*_FIRST, "p_adjusted", "interval")
_OPTIONAL = ("loss_share", "delta_interval", "weight_share", "class_mix")


def slice_lines(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Text]:
    """Return the heading, the table and what its columns mean."""
    names = names_of(result.settings.by, listing, screen)
    names, columns = _fitting(names, _columns(result, listing, screen), screen)
    return [
        *_title(result, screen),
        *_table(names, columns, screen),
        *_hidden(result, listing, screen),
        *_legend(columns, screen),
    ]


def _title(result: EvalResult, screen: Screen) -> list[Text]:
    title, numbers = slices_title(result, spelling_of(screen))
    return flow([Text.assemble((title, TITLE)), Text(numbers)], screen, glyphs(screen).after_title, indent=2)


def _columns(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Column]:
    """Return every column of figures that has something to say, from left to right."""
    columns = [laid_out(each, screen) for each in slice_figures(result, listing)]
    return after("loss", columns, slice_column(result, listing, screen))


def _fitting(names: Names, columns: Sequence[Column], screen: Screen) -> tuple[Names, list[Column]]:
    """Return what fits the screen, the most telling columns first to be kept; wider screens only add to them."""
    if screen.width is None:
        return names, list(columns)
    widths = {column.key: GAP + column.width for column in columns}
    order = [key for key in (*_ESSENTIAL, *_OPTIONAL) if key in widths]
    if names.shortest + sum(widths.get(key, 0) for key in _FIRST) > screen.width and len(names.columns) > 1:
        # So many columns of values that they leave no room: they become one, beside the first figures alone.
        names, order = names.joined(), [key for key in _FIRST if key in widths]
    kept = list[str]()
    for key in order:
        needed = sum(widths[each] for each in (*kept, key))
        if needed + (names.shortest if key in _ESSENTIAL else names.comfortable) > screen.width:
            break
        kept.append(key)
    room = screen.width - sum(widths[key] for key in kept)
    return names.within(room, screen), [column for column in columns if column.key in kept]


def _table(names: Names, columns: Sequence[Column], screen: Screen) -> list[Text]:
    """Return the headings, a rule and a line for each slice."""
    gap = " " * GAP
    padded = [column.padded() for column in columns]
    first = Text(gap.join([names.heading().plain, *(cells[0] for cells in padded)]))
    out = [first, Text(glyphs(screen).rule * width_of(first.plain), QUIET)]
    for at, line in enumerate(names.lines()):
        for column, cells in zip(columns, padded, strict=True):
            line.append(gap).append(cells[at + 1], column.style(at))
        out.append(line)
    return out


def _hidden(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Text]:
    """Return a line on the slice with the highest loss, where the table does not list it."""
    line = hidden_slice_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []


def _legend(columns: Sequence[Column], screen: Screen) -> list[Text]:
    """Return what the headings that need it mean."""
    line = legend_text(column.key for column in columns)
    return wrap(Text(line, QUIET), screen.width) if line else []
