"""The gates below the table: each with what it asks and what came of it, and the verdict as the last line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from xentcli.judged import GateResult
from xentcli.render.gate_text import asked, verdict
from xentcli.render.numbers import difference, figure, places_for
from xentcli.render.screen import Screen
from xentcli.render.table_cells import width_of
from xentcli.render.table_colors import BAD, GOOD, QUIET, TITLE
from xentcli.render.table_column import aligned
from xentcli.render.table_text import flow, glyphs, safe
from xentcli.text import count

_LONGEST = 4096
# Longer ones have no values moved to the right of them.
_LONGEST_ASKED = 44


def gate_lines(gates: Sequence[GateResult], most: int, screen: Screen) -> list[Text]:
    """Return a line for each gate, and the verdict; of the gates that are met the first `most`, and how many more."""
    met = [gate for gate in gates if gate.passed]
    hidden = set(map(id, met[most:]))
    shown = [gate for gate in gates if id(gate) not in hidden]
    texts = [asked(gate, screen.unicode) for gate in shown]
    width = max((width_of(text) for text in texts if width_of(text) <= _LONGEST_ASKED), default=0)
    values = aligned([_value(gate) for gate in shown])
    figures = max(map(width_of, values))
    lines = []
    for gate, text, value in zip(shown, texts, values, strict=True):
        first = _marked(gate.passed, f"{text:<{width}}", "", screen)
        figure_text = Text.assemble((f"{value:>{figures}}", "" if gate.passed else BAD))
        why = [] if gate.reason is None else [Text(safe(gate.reason, screen, _LONGEST))]
        lines += flow([first, figure_text, *why], screen, indent=4)
    if hidden:
        lines += flow([_marked(True, f"{count(len(hidden), 'more gate')} met", QUIET, screen)], screen, indent=4)
    failed = len(met) < len(gates)
    return lines + flow([_marked(not failed, verdict(gates), TITLE, screen)], screen, indent=4)


def _marked(met: bool, text: str, style: str, screen: Screen) -> Text:
    glyph = glyphs(screen)
    return Text.assemble((glyph.met if met else glyph.not_met, GOOD if met else BAD), " ", (text, style))


def _value(gate: GateResult) -> str:
    """Return the figure that was judged: of a change, how the figure moved."""
    value = gate.value
    if gate.bound in {"max", "min"}:
        whole = value is not None and abs(value) < 1e15 and value == int(value)
        return f"{int(value or 0):,}" if whole else figure(value, places_for(value), digits=4)
    moved = None if value is None else -value if gate.bound == "max-decrease" else value
    return difference(moved, places_for(value))
