"""The result as Markdown for reviewers: in a pull request, a step summary, a merge request.

First what gates say, then the loss and how sure it is, where it comes from, and what is to be known about that. It is
GitHub-flavoured; nothing from the inputs is taken as markup (text.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xentcli.render.markdown.tables import classes_section, slice_classes_section, slices_section
from xentcli.render.markdown.text import bold, finished, prose, small, spelling_of, table, unbroken
from xentcli.render.screen import Screen
from xentcli.render.wording.baseline_text import baseline_notes, rows_of
from xentcli.render.wording.class_listing import Kind, listed
from xentcli.render.wording.facts import facts, files_text, notes_text, places_text
from xentcli.render.wording.gate_text import asked, number, value_text, verdict
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.numbers import confidence_percent, figure, places_for
from xentcli.render.wording.slice_listing import listed_slices
from xentcli.render.wording.spelling import Spelling
from xentcli.render.wording.whole_figures import WholeFigure, whole_figures
from xentcli.results.evaluation import EvalResult, Warned
from xentcli.results.figures import ClassResult, Overall
from xentcli.results.verdicts import BaselineResult, Change, GateResult

_HEADINGS = ("", "gate", "value", "limit", "why not")


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


def figures_section(result: EvalResult, spelling: Spelling) -> list[str]:
    """Return a table with a line for each figure, the loss in bold."""
    figures = whole_figures(result, spelling)
    known = {} if result.baseline is None else result.baseline.by_metric()
    headings = ["figure", "value", f"{confidence_percent(result.settings.confidence)} % interval", "standard error"]
    headings += ["baseline", "change"] if result.baseline is not None else []
    rows = [[*_cells(each), *(_compared(each, known, spelling) if result.baseline else [])] for each in figures]
    rows[0][1] = bold(rows[0][1])
    return table(headings, rows)


def _cells(each: WholeFigure) -> list[str]:
    return [each.name, each.value, each.ends or "", each.error or ""]


def _compared(each: WholeFigure, known: dict[str, Change], spelling: Spelling) -> list[str]:
    """Return what the figure was in the baseline, and its change; nothing where the baseline has none."""
    change = known.get(each.key)
    if change is None or each.form is None:
        return ["", ""]
    return [each.form.write(change.baseline), each.form.change(change, spelling.plus_minus)]


def baseline_text(baseline: BaselineResult, confidence: float, spelling: Spelling) -> str:
    """Return which result was compared with, and what is to be known about the changes."""
    title = f"Baseline: {spelling.path(baseline.file)}, {rows_of(baseline)}."
    notes = baseline_notes(baseline, confidence, spelling.plus_minus.strip())
    return " ".join([title, *map(spelling.message, notes)])


def gates_section(gates: Sequence[GateResult], unicode: bool = True) -> list[str]:
    """Return the verdict on all gates, and a line for each, those that are not met first; nothing without gates."""
    if not gates:
        return []
    met, not_met = ("✅", "❌") if unicode else ("met", "not met")
    ordered = sorted(gates, key=lambda gate: gate.passed)
    rows = [
        [
            met if gate.passed else not_met,
            _asked(gate, unicode),
            value_text(gate),
            _limit(gate),
            "" if gate.reason is None else prose(gate.reason, unicode),
        ]
        for gate in ordered
    ]
    headings = _HEADINGS if any(gate.reason for gate in gates) else _HEADINGS[:-1]
    mark = met if all(gate.passed for gate in gates) else not_met
    title = f"{mark} {bold(verdict(gates))}" if unicode else bold(verdict(gates))
    cut = [row[: len(headings)] for row in rows]
    return [title, "", *table(headings, cut, "llrrl")]


def _asked(gate: GateResult, unicode: bool) -> str:
    """Return what a gate asks for, its limit on one line with the sign before it."""
    parts = re.fullmatch(r"(?P<figure>.*) (?P<limit>(?:[<>]=|[≤≥]) .*)", asked(gate, unicode), re.DOTALL)
    assert parts is not None
    return f"{prose(parts['figure'], unicode)} {unbroken(parts['limit'])}"


def _limit(gate: GateResult) -> str:
    """Return the limit; one in per cent of the baseline's figure as what that is."""
    if gate.limit is None or gate.percent is None:
        return gate.limit_text or number(gate.limit)
    return figure(gate.limit, places_for(gate.limit), digits=4)
