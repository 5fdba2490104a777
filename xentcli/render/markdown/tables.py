"""The tables of classes and of slices in Markdown, with what they say below."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.markdown.text import bold, html_code, small, table, unbroken
from xentcli.render.wording.baseline_text import change_figures, changes_of_classes, changes_of_slices
from xentcli.render.wording.class_figures import class_figures, classes_facts, hidden_class_text
from xentcli.render.wording.class_listing import Kind, Listing, Row
from xentcli.render.wording.numbers import Figures, places_for
from xentcli.render.wording.slice_figures import hidden_slice_text, legend_text, slice_figures, slices_title
from xentcli.render.wording.slice_listing import MISSING, SliceListing, as_result, listed_within, value_text
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import SliceResult
from xentcli.text import count


def classes_section(result: EvalResult, listing: Listing, sort: str, spelling: Spelling) -> list[str]:
    """Return the table of the classes that are listed, and the class with the highest loss if that is not."""
    order = "; ".join(classes_facts(result, listing, sort))
    columns = class_figures(result, listing.rows, spelling)
    changes = change_figures(changes_of_classes(listing.rows, result.baseline), _places(result), spelling)
    lines = ["### Classes", "", f"{order[:1].upper()}{order[1:]}.", ""]
    lines += _class_table(_with(columns, changes), listing.rows, spelling)
    return lines + _below(hidden_class_text(result, listing, spelling))


def slices_section(result: EvalResult, listing: SliceListing, spelling: Spelling) -> list[str]:
    """Return the heading, the table of the slices that are listed, and what its columns mean."""
    title, numbers = slices_title(result, spelling)
    by = result.settings.by
    changes = change_figures(changes_of_slices(listing, result.baseline), _places(result), spelling)
    columns = _with(slice_figures(result, listing), changes)
    names = [[value_text(one.by[column], spelling) for column in by] for one in listing.shown]
    names += [] if listing.rest is None else [[unbroken(listing.rest.name), *[""] * (len(by) - 1)]]
    headings = [*map(spelling.name, by), *(column.heading for column in columns)]
    rows = [[*name, *figures] for name, figures in zip(names, _rows(columns, spelling), strict=True)]
    return [
        f"### {title[:1].upper()}{title[1:]}",
        "",
        f"{numbers[:1].upper()}{numbers[1:]}.",
        "",
        *table(headings, rows, "l" * len(by)),
        *_below(hidden_slice_text(result, listing, spelling)),
        *_below(small(legend_text(column.key for column in columns))),
    ]


def slice_classes_section(
    result: EvalResult, listing: SliceListing, spelling: Spelling, *, sort: str, top: int
) -> list[str]:
    """Return a class table for each slice that is listed, to be unfolded; nothing without labels."""
    lines: list[str] = []
    for one in listing.shown:
        if not one.classes:
            continue
        part = as_result(result, one)
        within = listed_within(result, part, sort, top)
        columns = class_figures(result, within.rows, spelling)
        lines += [
            *([""] if lines else []),
            f"<details><summary>Classes of {_in_html(one, spelling)}: {count(one.overall.rows, 'row')}</summary>",
            "",
            *_class_table(columns, within.rows, spelling),
            *_below(hidden_class_text(part, within, spelling)),
            "",
            "</details>",
        ]
    return lines


def _in_html(one: SliceResult, spelling: Spelling) -> str:
    """Return a slice as it is named in a sentence; in the first line of an element Markdown is not looked for."""
    unicode = spelling.between.isascii() is False
    return ", ".join(
        f"{html_code(column, unicode)} {MISSING if value is None else html_code(value, unicode)}"
        for column, value in one.by.items()
    )


def _class_table(columns: Sequence[Figures], rows: Sequence[Row], spelling: Spelling) -> list[str]:
    cells = []
    for row, (name, *figures) in zip(rows, _rows(columns, spelling), strict=True):
        line = [name if row.kind is Kind.CLASS else unbroken(name), *figures]
        cells.append(list(map(bold, line)) if row.kind is Kind.ALL else line)
    return table([column.heading for column in columns], cells)


def _rows(columns: Sequence[Figures], spelling: Spelling) -> list[list[str]]:
    return [list(row) for row in zip(*(column.joined(spelling.between) for column in columns), strict=True)]


def _with(columns: Sequence[Figures], changes: Sequence[Figures]) -> list[Figures]:
    """Return the columns with the changes of the loss after it and its interval."""
    at = 1 + [column.key for column in columns].index("interval")
    return [*columns[:at], *changes, *columns[at:]]


def _places(result: EvalResult) -> int:
    return places_for(result.overall.loss, digits=3)


def _below(line: str) -> list[str]:
    return ["", line] if line else []
