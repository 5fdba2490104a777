"""The figures over all rows: the loss, what it is to be measured by, and how sure it is."""

from __future__ import annotations

import re

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import HEADLINE, QUIET, style_of
from xentcli.render.table.lines import flow, spelling_of
from xentcli.render.table.widths import width_of
from xentcli.render.wording.numbers import confidence_percent
from xentcli.render.wording.whole_figures import WholeFigure, whole_figures
from xentcli.results.evaluation import EvalResult

# A longer value, with the name of a column in it, has no other values moved to the right of it.
_LONGEST_VALUE = 14
_LABEL = re.compile(r"\S+ % interval |[A-Za-z][A-Za-z ]* (?=[-<>0-9]|inf|n/a)")


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
