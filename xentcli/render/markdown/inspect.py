"""What an inspection found, as Markdown: inputs and columns, classes and labels, rules, options, doubts."""

from __future__ import annotations

from xentcli.render.markdown.text import finished, small, spelling_of, table
from xentcli.render.wording.inspect_parts import (
    Listed,
    classes_list,
    columns_list,
    file_facts,
    labels_list,
    parts_text,
    refused_columns,
    summary,
    understood,
)
from xentcli.render.wording.spelling import Spelling
from xentcli.results.inspection import InspectedFile, InspectResult


def render(result: InspectResult, unicode: bool = True) -> str:
    """Return the finished text with a final newline. unicode: not only ASCII can be written."""
    spelling = spelling_of(unicode)
    dot = " · " if unicode else ", "
    sections = [[f"## Inspection of {' and '.join(spelling.path(file.path) for file in result.files)}"]]
    for file in result.files:
        columns = columns_list if result.error is None else refused_columns
        sections += [_file(file, dot, spelling), _list(columns(file, spelling))]
    rules = [f"- {name}: {dot.join(facts)}" for name, facts in understood(result, spelling)]
    sections += [
        _list(classes_list(result, spelling), "### Classes"),
        _list(labels_list(result, spelling), "### Labels in the sample"),
        ["### How it is understood", "", *rules] if rules else [],
        _doubts(result, spelling),
        [small(summary(result))],
    ]
    return finished(sections, unicode)


def _file(file: InspectedFile, dot: str, spelling: Spelling) -> list[str]:
    """Return what one input is."""
    parts = parts_text(file, spelling)
    title = f"### {file.input[:1].upper()}{file.input[1:]}: {spelling.path(file.path)}"
    return [title, "", dot.join(file_facts(file)), *(["", parts] if parts else [])]


def _list(listed: Listed | None, title: str = "") -> list[str]:
    """Return a list with its title, without columns that say nothing, and what it leaves out itself."""
    if listed is None:
        return []
    columns = [column for column in listed.columns if any(column.cells)]
    sides = "".join("r" if column.right else "l" for column in columns)
    rows = [list(row) for row in zip(*(column.cells for column in columns), strict=True)]
    lines = table([column.heading for column in columns], rows, sides)
    return [*([title, ""] if title else []), *lines, *(["", f"{listed.more}."] if listed.more else [])]


def _doubts(result: InspectResult, spelling: Spelling) -> list[str]:
    """Return what is doubtful, and the options that settle it, as one alert, which elsewhere is a quotation."""
    texts = [
        f"{spelling.message(doubt.message)} ({' or '.join(map(spelling.path, doubt.options))})"
        for doubt in result.doubts
    ]
    bullet = "- " if len(texts) > 1 else ""
    return ["> [!WARNING]", *(f"> {bullet}{text}" for text in texts)] if texts else []
