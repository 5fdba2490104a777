"""The gates below the table: each with what it asks and what came of it, and the verdict as the last line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import BAD, GOOD, QUIET, TITLE
from xentcli.render.table.lines import flow, glyphs, safe
from xentcli.render.table.widths import width_of
from xentcli.render.wording.gate_text import asked, value_text, verdict
from xentcli.results.verdicts import GateResult
from xentcli.text import count

_LONGEST = 4096
# Longer ones have no values moved to the right of them.
_LONGEST_ASKED = 44


def gate_lines(gates: Sequence[GateResult], most: int, screen: Screen) -> list[Text]:
    """Return a line for each gate, and the verdict; of the gates that are met the first `most`, and how many more."""
    met = accumulate(gate.passed for gate in gates)
    shown = [gate for gate, so_far in zip(gates, met, strict=True) if not gate.passed or so_far <= most]
    values = [value_text(gate) for gate in shown]
    longest = max(map(width_of, values))
    texts = _padded([asked(gate, screen.unicode) for gate in shown], longest, screen)
    lines = []
    for gate, text, value in zip(shown, texts, values, strict=True):
        why = [] if gate.reason is None else [Text(safe(gate.reason, screen, _LONGEST))]
        space = " " * (longest - width_of(value)) if why else ""
        figure_text = Text.assemble((value, "" if gate.passed else BAD), space)
        lines += flow([_marked(gate.passed, text, "", screen), figure_text, *why], screen, indent=4)
    if len(shown) < len(gates):
        more = f"{count(len(gates) - len(shown), 'more gate')} met"
        lines += flow([_marked(True, more, QUIET, screen)], screen, indent=4)
    all_met = all(gate.passed for gate in gates)
    return lines + flow([_marked(all_met, verdict(gates), TITLE, screen)], screen, indent=4)


def _padded(texts: Sequence[str], values: int, screen: Screen) -> list[str]:
    """Return texts of one width; those that leave no room for a value of that width beside them stay as they are."""
    most = _LONGEST_ASKED
    if screen.width is not None:
        most = min(most, screen.width - width_of(f"{glyphs(screen).met}   ") - values)
    width = max((each for text in texts if (each := width_of(text)) <= most), default=0)
    return [f"{text:<{width}}" for text in texts]


def _marked(met: bool, text: str, style: str, screen: Screen) -> Text:
    glyph = glyphs(screen)
    return Text.assemble((glyph.met if met else glyph.not_met, GOOD if met else BAD), " ", (text, style))
