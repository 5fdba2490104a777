"""The result as Markdown for reviewers: in a pull request, a step summary, a merge request.

First what gates say, then the loss and how sure it is, where it comes from, and what is to be known about that. It is
GitHub-flavoured; nothing from the inputs is taken as markup (text.py).
"""

from __future__ import annotations

from xentcli.render.markdown.figures import baseline_text, figures_section
from xentcli.render.markdown.gates import gates_section
from xentcli.render.markdown.tables import classes_section, slice_classes_section, slices_section
from xentcli.render.markdown.text import finished, small, spelling_of
from xentcli.render.screen import Screen
from xentcli.render.wording.class_listing import Kind, listed
from xentcli.render.wording.facts import facts, files_text
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.notes import notes_text, places_text
from xentcli.render.wording.slice_listing import listed_slices
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult, Warned
from xentcli.results.figures import ClassResult, Overall


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return the finished text with a final newline; of the screen only unicode counts."""
    unicode = screen.unicode
    spelling = spelling_of(unicode)
    sections = [
        [_heading(result, spelling)],
        gates_section(result.gates or (), unicode),
        figures_section(result, spelling),
    ]
    if result.baseline is not None:
        sections.append([baseline_text(result.baseline, result.settings.confidence, spelling)])
    sections.append([(" · " if unicode else ", ").join(facts(result, spelling))])
    losses: list[ClassResult | Overall] = [result.overall]
    # Without labels there are no classes.
    if result.classes:
        listing = listed(result, options.sort, options.top)
        losses += [row.figures for row in listing.rows if row.kind is Kind.CLASS]
        sections.append(classes_section(result, listing, options.sort, spelling))
    if result.slices:
        slices = listed_slices(result, options.top)
        losses += [one.overall for one in slices.shown]
        sections.append(slices_section(result, slices, spelling))
        if options.slice_classes:
            sections.append(slice_classes_section(result, slices, spelling, sort=options.sort, top=options.top))
    sections.append(_warnings(result.warnings, spelling))
    sections.append([small(notes_text(result, losses))])
    return finished(sections, unicode)


def _heading(result: EvalResult, spelling: Spelling) -> str:
    inputs = result.inputs
    against = f" against {files_text(inputs.labels, spelling)}" if inputs.labels else ""
    return f"## Log loss of {files_text(inputs.predictions, spelling)}{against}"


def _warnings(warnings: tuple[Warned, ...], spelling: Spelling) -> list[str]:
    """Return the warnings with the first rows that each is about, as one alert, which elsewhere is a quotation."""
    texts = [f"{spelling.message(each.message)} {places_text(each, spelling)}".rstrip() for each in warnings]
    bullet = "- " if len(texts) > 1 else ""
    return ["> [!WARNING]", *(f"> {bullet}{text}" for text in texts)] if texts else []
