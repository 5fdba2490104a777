"""What an inspection found, as text for people: inputs and columns, classes and labels, rules, options, doubts."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET, TITLE, WARNING
from xentcli.render.table.grid import Cells, grid
from xentcli.render.table.lines import flow, glyphs, printed, spelling_of, wrap
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
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.inspection import Doubt, InspectedFile, InspectResult


def render(result: InspectResult, screen: Screen, options: ListingOptions) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup. Of very many
    columns, classes or labels the first 20 are listed; JSON has them all.
    """
    spelling = spelling_of(screen)
    sections = [
        *(section for file in result.files for section in _file(file, result.error is not None, screen)),
        _list(classes_list(result, spelling), screen),
        _list(labels_list(result, spelling), screen),
        _understood(result, screen),
        [line for doubt in result.doubts for line in _doubt(doubt, screen)],
        wrap(Text(summary(result), QUIET), screen.width),
    ]
    lines: list[Text] = []
    for section in sections:
        if section:
            lines += [Text(""), *section] if lines else section
    return printed(lines, screen)


def _file(file: InspectedFile, refused: bool, screen: Screen) -> list[list[Text]]:
    """Return what one input is, and its columns: as they look, where they would be refused."""
    spelling = spelling_of(screen)
    title = Text.assemble((spelling.path(file.path), TITLE), (f" ({file.input})", QUIET))
    head = wrap(title, screen.width) + flow(map(Text, file_facts(file)), screen, glyphs(screen).dot)
    parts = parts_text(file, spelling)
    if parts:
        head += wrap(Text(parts, QUIET), screen.width, indent=2)
    columns = refused_columns if refused else columns_list
    return [head, _list(columns(file, spelling), screen)]


def _list(listed: Listed | None, screen: Screen) -> list[Text]:
    """Return a list, its rows that are left out dim, and a line on what it leaves out itself."""
    if listed is None:
        return []
    columns = [Cells(each.heading, each.cells, each.right, each.note, each.spare) for each in listed.columns]
    more = wrap(Text(listed.more, QUIET), screen.width) if listed.more else []
    return grid(columns, listed.left_out, screen) + more


def _understood(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the rules that were used, the alignment and the options in force, each with its name before it."""
    rows = understood(result, spelling_of(screen))
    width = max((len(name) for name, _ in rows), default=0)
    lines: list[Text] = []
    for name, (first, *others) in rows:
        start = Text.assemble((f"{name:<{width}}  ", QUIET), first)
        lines += flow([start, *map(Text, others)], screen, glyphs(screen).dot, indent=width + 2)
    return lines


def _doubt(doubt: Doubt, screen: Screen) -> list[Text]:
    """Return what is doubtful, and the options that settle it."""
    message = spelling_of(screen).message
    options = message(" or ".join(doubt.options))
    line = Text.assemble(("doubt: ", WARNING), message(doubt.message), " (", (options, TITLE), ")")
    return wrap(line, screen.width, indent=2)
