"""The figures over all rows: the loss, what it is to be measured by, how sure it is, and how it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import HEADLINE, QUIET, TITLE, style_of, style_of_change
from xentcli.render.table.lines import flow, glyphs, spelling_of, wrap
from xentcli.render.table.widths import width_of
from xentcli.render.wording.baseline_text import baseline_notes, better, rows_of
from xentcli.render.wording.numbers import confidence_percent
from xentcli.render.wording.whole_figures import Form, WholeFigure, whole_figures
from xentcli.results.evaluation import EvalResult
from xentcli.results.verdicts import BaselineResult, Change

# A longer value, with the name of a column in it, has no other values moved to the right of it.
_LONGEST_VALUE = 14
_LABEL = re.compile(r"\S+ % interval |[A-Za-z][A-Za-z ]* (?=[-<>0-9]|inf|n/a)")
# Of the labels alone: the same rows have the same.
_OF_LABELS = {"prior_entropy", "label_entropy"}


def overall_lines(result: EvalResult, screen: Screen) -> list[Text]:
    """Return a line for each main figure: its name, its value, and what belongs to it."""
    rows = _rows(result, screen)
    names = max(len(row.name) for row, _ in rows)
    values = max(width for row, _ in rows if (width := width_of(row.value)) <= _LONGEST_VALUE)
    lines: list[Text] = []
    for row, others in rows:
        padded = row.value + " " * (values - width_of(row.value))
        style = f"{'' if lines else HEADLINE} {style_of(row.value.split()[0])}"
        first = Text.assemble((f"{row.name:<{names}}  ", QUIET), (padded if others else row.value, style))
        lines += flow([first, *map(_labelled, others)], screen, indent=names + 2)
    return lines


def _labelled(text: str) -> Text:
    """Return a figure with what it is called before it, which is not looked at first."""
    label = _LABEL.match(text)
    return Text.assemble((label[0], QUIET), text[label.end() :]) if label else Text(text)


def _rows(result: EvalResult, screen: Screen) -> list[tuple[WholeFigure, list[str]]]:
    """Return the main figures, each with what stands beside it."""
    rows: list[tuple[WholeFigure, list[str]]] = []
    for each in whole_figures(result, spelling_of(screen)):
        if not each.main:
            rows[-1][1].append(each.said)
            continue
        rows.append((each, []))
        if each.ends is not None:
            rows[-1][1].append(f"{confidence_percent(result.settings.confidence)} % interval {each.ends}")
        if each.error is not None:
            rows[-1][1].append(f"standard error {each.error}")
    return rows


def baseline_lines(result: EvalResult, baseline: BaselineResult, screen: Screen) -> list[Text]:
    """Return the title, a line for each main figure, and what is to be known about the changes."""
    spelling = spelling_of(screen)
    notes = baseline_notes(baseline, result.settings.confidence, spelling.plus_minus.strip())
    title = Text.assemble(("against baseline ", QUIET), (spelling.path(baseline.file), TITLE))
    return [
        *flow([title, Text(rows_of(baseline))], screen, glyphs(screen).after_title, indent=2),
        *_figures(_compared(whole_figures(result, spelling), baseline), screen),
        *wrap(Text(" ".join(map(spelling.message, notes)), QUIET), screen.width),
    ]


def _compared(figures: Sequence[WholeFigure], baseline: BaselineResult) -> list[tuple[str, Form, Change]]:
    """Return the figures that the baseline has as well: their names, how they are written, and their changes."""
    known = baseline.by_metric()
    hidden = _OF_LABELS if baseline.same_rows else set()
    return [
        (each.name, each.form, known[each.key])
        for each in figures
        if each.form is not None and each.key in known and each.key not in hidden
    ]


def _figures(compared: Sequence[tuple[str, Form, Change]], screen: Screen) -> list[Text]:
    """Return what the figures were and how they changed, below one another; without room what they were is left out."""
    longest = max((len(name) for name, _, _ in compared), default=0)
    befores = [form.write(change.baseline) for _, form, change in compared]
    widest = max(map(width_of, befores), default=0)
    rows = [
        (
            Text.assemble((f"{name:<{longest}}", QUIET)),
            Text.assemble(("was ", QUIET), before, " " * (widest - width_of(before))),
            _move(form, change, screen),
        )
        for (name, form, change), before in zip(compared, befores, strict=True)
    ]
    fits = screen.width is None or all(width_of("  ".join(map(str, row))) <= screen.width for row in rows)
    return [line for row in rows for line in flow(row if fits else (row[0], row[2]), screen, indent=longest + 2)]


def _move(form: Form, change: Change, screen: Screen) -> Text:
    """Return the change, coloured where its interval leaves 0 out."""
    style = style_of_change(change.change, change.half_width, better(change.metric))
    return Text.assemble(("change ", QUIET), (form.change(change, glyphs(screen).plus_minus), style))
