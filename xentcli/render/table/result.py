"""The result as a table for people: the loss and how sure it is, where it comes from, and last what gates say of it."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.class_lines import class_lines
from xentcli.render.table.header import header
from xentcli.render.table.lines import printed
from xentcli.render.table.notes import note_lines, warning_lines
from xentcli.render.table.overall import overall_lines
from xentcli.render.wording.class_listing import Kind, listed
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup.
    """
    sort, top = options.sort, options.top
    sections = [header(result, screen), overall_lines(result, screen)]
    if result.baseline is not None:
        from xentcli.render.table.baseline import baseline_lines

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
            from xentcli.render.table.slice_classes import slice_class_lines

            sections.append(slice_class_lines(result, slices, sort, top, screen))
    sections.append([line for warning in result.warnings for line in warning_lines(warning, screen)])
    sections.append(note_lines(result, losses, screen))
    if result.gates:
        from xentcli.render.table.gates import gate_lines

        sections.append(gate_lines(result.gates, top, screen))
    lines: list[Text] = []
    for section in sections:
        if section:
            lines += [Text(""), *section] if lines else section
    return printed(lines, screen)
