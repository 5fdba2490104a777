"""The tables of classes and of slices in Markdown, with what they say below."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.change_figures import change_figures, changes_of_classes, changes_of_slices
from xentcli.render.class_figures import class_figures, hidden_class_text
from xentcli.render.class_order import class_facts
from xentcli.render.figures import Figures
from xentcli.render.listing import ListingOptions
from xentcli.render.markdown_text import bold, html_code, small, spelling_of, table, unbroken
from xentcli.render.numbers import places_for
from xentcli.render.slice_classes import as_result, listed_within
from xentcli.render.slice_figures import hidden_slice_text, legend_text, slice_figures, slices_title
from xentcli.render.spelling import Spelling
from xentcli.render.table_rows import Kind, Listing, Row
from xentcli.render.table_slice_rows import MISSING, SliceListing, value_text
from xentcli.result import EvalResult, SliceResult
from xentcli.text import count


def classes_section(result: EvalResult, listing: Listing, sort: str, spelling: Spelling) -> list[str]:
    """Return the table of the classes that are listed, and the class with the highest loss if that is not."""
    facts = "; ".join(class_facts(result, listing, sort))
    columns = class_figures(result, listing.rows, spelling)
    changes = change_figures(changes_of_classes(listing.rows, result.baseline), _places(result), spelling)
    lines = ["### Classes", "", _sentence(facts), "", *_class_table(_with(columns, changes), listing.rows, spelling)]
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
        _sentence(numbers),
        "",
        *table(headings, rows, "l" * len(by)),
        *_below(hidden_slice_text(result, listing, spelling)),
        *_below(small(legend_text(column.key for column in columns))),
    ]


def slice_classes_section(
    result: EvalResult, listing: SliceListing, options: ListingOptions, unicode: bool
) -> list[str]:
    """Return a class table for each slice that is listed, to be unfolded; nothing without labels."""
    spelling = spelling_of(unicode)
    lines: list[str] = []
    for one in listing.shown:
        if not one.classes:
            continue
        part = as_result(result, one)
        within = listed_within(result, part, options.sort, options.top)
        columns = class_figures(result, within.rows, spelling)
        lines += [
            *([""] if lines else []),
            f"<details><summary>Classes of {_in_html(one, unicode)}: {count(one.overall.rows, 'row')}</summary>",
            "",
            *_class_table(columns, within.rows, spelling),
            *_below(hidden_class_text(part, within, spelling)),
            "",
            "</details>",
        ]
    return lines


def _sentence(facts: str) -> str:
    return f"{facts[:1].upper()}{facts[1:]}."


def _in_html(one: SliceResult, unicode: bool) -> str:
    """Return a slice as it is named in a sentence; in the first line of an element Markdown is not looked for."""
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
