"""The table of slices: their values, what they cost, and how they compare with the rest.

As in the class table no figure is ever cut: columns are left out, and values shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.classes import columns_of, fitted, hidden_class, table_lines
from xentcli.render.table.colors import QUIET, TITLE
from xentcli.render.table.column import GAP, Column, after, change_column, fitting, laid_out
from xentcli.render.table.lines import flow, glyphs, spelling_of, wrap
from xentcli.render.table.slice_names import Names, names_of
from xentcli.render.table.widths import width_of
from xentcli.render.wording.baseline_text import changes_of_slices
from xentcli.render.wording.class_figures import overlapping
from xentcli.render.wording.slice_figures import hidden_slice_text, legend_text, slice_figures, slices_title
from xentcli.render.wording.slice_listing import SliceListing, as_result, listed_within, slice_name
from xentcli.results.evaluation import EvalResult
from xentcli.text import count

# From the last to be left out to the first. The first six are essential: values are shortened for them.
_FIRST = ("loss", "change", "rows", "delta_rest")
_ESSENTIAL = (*_FIRST, "p_adjusted", "interval")
_OPTIONAL = ("loss_share", "delta_interval", "weight_share", "class_mix")


def slice_lines(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Text]:
    """Return the heading, the table and what its columns mean."""
    names = names_of(result.settings.by, listing, screen)
    names, columns = _fitted(names, _columns(result, listing, screen), screen)
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
    return after("loss", columns, change_column(result, changes_of_slices(listing, result.baseline), screen))


def _fitted(names: Names, columns: Sequence[Column], screen: Screen) -> tuple[Names, list[Column]]:
    """Return what fits the screen."""
    if screen.width is None:
        return names, list(columns)
    widths = {column.key: GAP + column.width for column in columns}
    if names.shortest + sum(widths.get(key, 0) for key in _FIRST) > screen.width and len(names.columns) > 1:
        # So many columns of values that they leave no room: they become one, beside the first figures alone.
        names, widths = names.joined(), {key: width for key, width in widths.items() if key in _FIRST}
    kept = fitting(widths, _ESSENTIAL, _OPTIONAL, (names.shortest, names.comfortable), screen.width)
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


def slice_class_lines(result: EvalResult, listing: SliceListing, sort: str, top: int, screen: Screen) -> list[Text]:
    """Return a class table for each slice that is listed, under its values; nothing without labels."""
    parts = [(one, as_result(result, one)) for one in listing.shown if one.classes]
    listings = [listed_within(result, part, sort, top) for _, part in parts]
    rows = [row for each in listings for row in each.rows]
    if not rows:
        return []
    # A baseline's changes are of classes and of slices, not of the classes of a slice.
    alone = replace(result, baseline=None)
    columns = fitted(columns_of(alone, rows, screen), rows, screen, overlapping(result))
    heading, rule, *lines = table_lines(columns, rows, screen)
    out: list[Text] = []
    for (one, part), each in zip(parts, listings, strict=True):
        title = [Text.assemble((slice_name(one, spelling_of(screen)), TITLE)), Text(count(one.overall.rows, "row"))]
        here, lines = lines[: len(each.rows)], lines[len(each.rows) :]
        out += [Text("")] if out else []
        out += [*flow(title, screen, glyphs(screen).after_title), heading.copy(), rule.copy(), *here]
        out += hidden_class(part, each, screen)
    return out
