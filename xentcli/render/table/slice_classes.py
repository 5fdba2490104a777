"""The class table of every slice, one below the other with the same columns."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.class_columns import columns_of, fitting, table_lines
from xentcli.render.table.class_lines import hidden_class
from xentcli.render.table.colors import TITLE
from xentcli.render.table.lines import flow, glyphs, spelling_of
from xentcli.render.wording.class_figures import overlapping
from xentcli.render.wording.slice_classes import as_result, listed_within
from xentcli.render.wording.slice_listing import SliceListing, slice_name
from xentcli.results.evaluation import EvalResult
from xentcli.text import count


def slice_class_lines(result: EvalResult, listing: SliceListing, sort: str, top: int, screen: Screen) -> list[Text]:
    """Return a class table for each slice that is listed, under its values; nothing without labels."""
    parts = [(one, as_result(result, one)) for one in listing.shown if one.classes]
    listings = [listed_within(result, part, sort, top) for _, part in parts]
    rows = [row for each in listings for row in each.rows]
    if not rows:
        return []
    # A baseline's changes are of classes and of slices, not of the classes of a slice.
    alone = replace(result, baseline=None)
    columns = fitting(columns_of(alone, rows, screen), rows, screen, overlapping(result))
    heading, rule, *lines = table_lines(columns, rows, screen)
    out: list[Text] = []
    for (one, part), each in zip(parts, listings, strict=True):
        title = [Text.assemble((slice_name(one, spelling_of(screen)), TITLE)), Text(count(one.overall.rows, "row"))]
        here, lines = lines[: len(each.rows)], lines[len(each.rows) :]
        out += [Text("")] if out else []
        out += [*flow(title, screen, glyphs(screen).after_title), heading.copy(), rule.copy(), *here]
        out += hidden_class(part, each, screen)
    return out
