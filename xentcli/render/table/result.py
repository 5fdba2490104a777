"""The result as a table for people: the loss and how sure it is, where it comes from, and last what gates say of it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.classes import class_lines
from xentcli.render.table.colors import QUIET, TITLE, WARNING
from xentcli.render.table.lines import flow, glyphs, printed, spelling_of, wrap
from xentcli.render.table.overall import baseline_lines, overall_lines
from xentcli.render.wording.class_listing import Kind, listed
from xentcli.render.wording.facts import facts, files_text, notes_text, places_text
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult, Warned
from xentcli.results.figures import ClassResult, Overall


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup.
    """
    sort, top = options.sort, options.top
    sections = [_header(result, screen), overall_lines(result, screen)]
    if result.baseline is not None:
        sections.append(baseline_lines(result, result.baseline, screen))
    shown = []
    # Without labels there are no classes.
    if result.classes:
        listing = listed(result, sort, top)
        shown += [row.figures for row in listing.rows if row.kind is Kind.CLASS]
        sections.append(class_lines(result, listing, sort, screen))
    losses: list[ClassResult | Overall] = [result.overall, *shown]
    if result.slices:
        from xentcli.render.table.slices import slice_lines
        from xentcli.render.wording.slice_listing import listed_slices

        slices = listed_slices(result, top)
        losses += [one.overall for one in slices.shown]
        sections.append(slice_lines(result, slices, screen))
        if options.slice_classes:
            from xentcli.render.table.slices import slice_class_lines

            sections.append(slice_class_lines(result, slices, sort, top, screen))
    sections.append([line for warning in result.warnings for line in _warning_lines(warning, screen)])
    sections.append(_note_lines(result, losses, screen))
    if result.gates:
        from xentcli.render.table.gates import gate_lines

        sections.append(gate_lines(result.gates, top, screen))
    return printed(sections, screen)


def _header(result: EvalResult, screen: Screen) -> list[Text]:
    """Return the lines over the table: the files, then one fact after another."""
    inputs, spelling = result.inputs, spelling_of(screen)
    files = [Text.assemble((files_text(inputs.predictions, spelling), TITLE))]
    if inputs.labels:
        files.append(Text.assemble(("against ", QUIET), (files_text(inputs.labels, spelling), TITLE)))
    return flow(files, screen, " ", indent=2) + flow(map(Text, facts(result, spelling)), screen, glyphs(screen).dot)


def _warning_lines(warning: Warned, screen: Screen) -> list[Text]:
    """Return a warning in plain words and where its first rows are."""
    spelling = spelling_of(screen)
    places = places_text(warning, spelling)
    message = spelling.message(warning.message)
    line = Text.assemble(("warning: ", WARNING), message, f" {places}" if places else "")
    return wrap(line, screen.width, indent=2)


def _note_lines(result: EvalResult, shown: Iterable[ClassResult | Overall], screen: Screen) -> list[Text]:
    """Return what the intervals leave out, and why some of those in sight are missing."""
    return wrap(Text(notes_text(result, shown), QUIET), screen.width)
