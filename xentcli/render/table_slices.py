"""The table of slices: their values, what they cost, and how they compare with the rest.

As in the class table no figure is ever cut: columns are left out, and values shortened.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from xentcli.render.numbers import difference, figure, p_value, percent, places_for
from xentcli.render.screen import Screen
from xentcli.render.table_cells import width_of
from xentcli.render.table_changes import of_slices
from xentcli.render.table_colors import QUIET, TITLE
from xentcli.render.table_column import GAP, Column, interval_column
from xentcli.render.table_columns import share_heading
from xentcli.render.table_slice_names import Names, names_of
from xentcli.render.table_slice_rows import SliceListing, slice_name
from xentcli.render.table_text import flow, glyphs, safe, wrap
from xentcli.result import EvalResult, SliceResult
from xentcli.text import count

if TYPE_CHECKING:
    Form = Callable[[float | None], str]

# From the last to be left out to the first. The first six are essential: values are shortened for them.
_FIRST = ("loss", "change", "rows", "delta_rest")
_ESSENTIAL = (*_FIRST, "p_adjusted", "interval")
_OPTIONAL = ("loss_share", "delta_interval", "weight_share", "class_mix")
_ROUNDING = 1e-12


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
    slices = result.slices or ()
    compared = sum(one.p_value is not None for one in slices)
    numbers = f"{count(len(slices), 'slice')}, {count(compared, 'comparison') if compared else 'no comparisons'}"
    adjusted = ", p adjusted by Holm" if compared > 1 else ""
    by = ", ".join(safe(column, screen) for column in result.settings.by)
    title = Text.assemble((f"slices by {by}", TITLE))
    return flow([title, Text(numbers + adjusted)], screen, glyphs(screen).after_title)


def _columns(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Column]:
    """Return every column of figures that has something to say, from left to right."""
    shown, rest = listing.shown, listing.rest
    places = places_for(result.overall.loss, digits=3)
    confidence = result.settings.confidence

    def of(key: str, heading: str, form: Form) -> Column:
        """Return the figures of that name, of the slice or of its rows; the rest has some of them."""
        cells = [form(_figure(one, key)) for one in shown]
        summed = None if rest is None else getattr(rest, key, None)
        return Column(key, heading, (*cells, *(() if rest is None else ["" if summed is None else form(summed)])))

    def loss(value: float | None) -> str:
        return figure(value, places)

    def change(value: float | None) -> str:
        return difference(value, places)

    def mix(value: float | None) -> str:
        # Below this it is what rounding leaves of two equal means.
        noise = value is not None and abs(value) <= _ROUNDING * abs(result.overall.loss or 0.0)
        return change(0.0 if noise else value)

    ends = of("loss_low", "", loss), of("loss_high", "", loss)
    delta_ends = of("delta_rest_low", "", change), of("delta_rest_high", "", change)
    # Where one slice has an infinite loss, all that there is to say is that it has.
    compared = any(one.delta_rest is not None and math.isfinite(one.delta_rest) for one in shown)
    tested = any(one.p_value is not None for one in shown)
    columns = [
        of("rows", "rows", lambda rows: f"{rows:,.0f}"),
        of("weight_share", share_heading(result), percent),
        of("loss", "loss", loss),
        *of_slices(shown, rest is not None, result.baseline, places, screen),
        interval_column("interval", ends, confidence, screen),
        of("loss_share", "loss %", percent),
        *([of("delta_rest", "vs rest", change)] if compared else []),
        *([interval_column("delta_interval", delta_ends, confidence, screen)] if tested else []),
        *([of("p_adjusted", "adj. p", p_value)] if tested else []),
    ]
    if compared and any(one.class_mix is not None for one in shown):
        columns.append(of("class_mix", "by classes", mix))
    return columns


def _figure(one: SliceResult, key: str) -> float | None:
    value: float | None = getattr(one if hasattr(one, key) else one.overall, key)
    return value


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
    one = listing.hidden_highest
    if one is None:
        return []
    loss = f"{figure(one.overall.loss, places_for(result.overall.loss))} {result.settings.unit}"
    rows = count(one.overall.rows, "row")
    return wrap(Text(f"Not listed: {slice_name(one, screen)} has the highest loss, {loss} ({rows})."), screen.width)


def _legend(columns: Sequence[Column], screen: Screen) -> list[Text]:
    """Return what the headings that need it mean."""
    compared = {column.key for column in columns}
    meanings = {
        # The p is for all comparisons together, so that an interval without 0 may stand beside a p above 0.05.
        "delta_rest": "vs rest: the loss less that of all other rows"
        + ("; its interval is not adjusted." if "delta_interval" in compared else "."),
        "class_mix": "by classes: what its mix of classes alone would add to the loss of all rows.",
    }
    here = [meanings[column.key] for column in columns if column.key in meanings]
    return wrap(Text(" ".join(here), QUIET), screen.width) if here else []
