"""The figures over all rows: the loss, what it is to be measured by, and how sure it is."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from xentcli.render.numbers import confidence_percent
from xentcli.render.screen import Screen
from xentcli.render.table_text import flow, spelling_of
from xentcli.render.whole_figures import WholeFigure, whole_figures
from xentcli.result import EvalResult

# A longer value, with the name of a column in it, has no other values moved to the right of it.
_LONGEST_VALUE = 24


def overall_lines(result: EvalResult, screen: Screen) -> list[Text]:
    """Return a line for each main figure: its name, its value, and what belongs to it."""
    rows = _rows(result, screen)
    names = max(len(row.name) for row, _ in rows)
    values = max(width for row, _ in rows if (width := cell_len(row.value)) <= _LONGEST_VALUE)
    lines = []
    for row, others in rows:
        padded = row.value + " " * (values - cell_len(row.value))
        first = Text.assemble((f"{row.name:<{names}}  ", "dim"), (padded if others else row.value, "bold"))
        lines += flow([first, *map(Text, others)], screen, indent=names + 2)
    return lines


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
