"""The comparison with a baseline: which one, what each main figure was, and how it changed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from xentcli.judged import BaselineResult, Change
from xentcli.render.baseline_text import baseline_notes, better, change_text, main_changes, rows_of
from xentcli.render.numbers import NONE, difference, figure, fraction, percent, places_for
from xentcli.render.screen import Screen
from xentcli.render.table_cells import width_of
from xentcli.render.table_colors import QUIET, TITLE, style_of_change
from xentcli.render.table_text import LONGEST_PATH, flow, glyphs, safe, wrap
from xentcli.result import EvalResult

_LONGEST_NOTE = 4096
_IN_UNITS = {"loss", "excess_loss", "macro_loss", "prior_entropy", "loss_per_value"}


def baseline_lines(result: EvalResult, baseline: BaselineResult, screen: Screen) -> list[Text]:
    """Return the title, a line for each main figure, and what is to be known about the changes."""
    notes = baseline_notes(baseline, result.settings.confidence, glyphs(screen).plus_minus.strip())
    return [
        *_title(baseline, screen),
        *_figures(result, main_changes(result, baseline), screen),
        *wrap(Text(" ".join(safe(note, screen, _LONGEST_NOTE) for note in notes), QUIET), screen.width),
    ]


def _title(baseline: BaselineResult, screen: Screen) -> list[Text]:
    title = Text.assemble(("against baseline ", QUIET), (safe(baseline.file, screen, LONGEST_PATH), TITLE))
    return flow([title, Text(rows_of(baseline))], screen, glyphs(screen).after_title, indent=2)


def _figures(result: EvalResult, changes: Sequence[tuple[str, Change]], screen: Screen) -> list[Text]:
    """Return the figures of the baseline and their changes below one another; where there is no room, those alone."""
    longest = max(len(name) for name, _ in changes)
    names = [Text.assemble((f"{name:<{longest}}", QUIET)) for name, _ in changes]
    befores = _padded([Text.assemble(("was ", QUIET), _before(result, change)) for _, change in changes])
    moves = [_move(result, change, screen) for _, change in changes]
    rows = list(zip(names, befores, moves, strict=True))
    if screen.width is not None and any(width_of("  ".join(map(str, row))) > screen.width for row in rows):
        rows = [(name, move) for name, _, move in rows]
    indent = width_of(names[0].plain) + 2
    return [line for row in rows for line in flow(row, screen, indent=indent)]


def _padded(texts: Sequence[Text]) -> list[Text]:
    width = max(width_of(text.plain) for text in texts)
    return [text.append(" " * (width - width_of(text.plain))) for text in texts]


def _before(result: EvalResult, change: Change) -> str:
    """Return what the baseline has, as the figure of now is written."""
    value, unit = change.baseline, result.settings.unit
    match change.metric:
        case "accuracy":
            return NONE if value is None else f"{percent(value, 2)} %"
        case "skill":
            return fraction(value, 4)
        case "loss_per_value":
            return f"{figure(value, places_for(change.value), digits=4)} {unit}"
        case metric if metric in _IN_UNITS:
            return f"{figure(value, places_for(result.overall.loss), digits=4)} {unit}"
    return figure(value)


def _move(result: EvalResult, change: Change, screen: Screen) -> Text:
    """Return the change, coloured where its interval leaves 0 out."""
    style = style_of_change(change.change, change.half_width, better(change.metric))
    if change.metric == "accuracy":
        points = None if change.change is None else 100.0 * change.change
        written = difference(points, 2) + ("" if points is None else " points")
    else:
        of = {"loss_per_value": change.value}.get(change.metric, result.overall.loss)
        places = places_for(of) if change.metric in _IN_UNITS else 4
        written = change_text(change.change, change.half_width, places, glyphs(screen).plus_minus)
    return Text.assemble(("change ", QUIET), (written, style))
