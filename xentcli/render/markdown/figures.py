"""The figures over all rows in Markdown, each with its interval, and with a baseline what it was and how it changed."""

from __future__ import annotations

from xentcli.render.markdown.text import bold, table
from xentcli.render.wording.baseline_text import baseline_notes, rows_of
from xentcli.render.wording.numbers import confidence_percent
from xentcli.render.wording.spelling import Spelling
from xentcli.render.wording.whole_figures import WholeFigure, whole_figures
from xentcli.results.evaluation import EvalResult
from xentcli.results.verdicts import BaselineResult, Change


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
