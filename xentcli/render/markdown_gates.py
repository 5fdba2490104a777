"""Gates in Markdown: the verdict, and a table of what each asks and what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xentcli.judged import GateResult
from xentcli.render.gate_text import asked, number, verdict
from xentcli.render.markdown_text import bold, prose, table, unbroken
from xentcli.render.numbers import NONE, difference, figure, places_for

_HEADINGS = ("", "gate", "value", "limit", "why not")


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


def value_text(gate: GateResult) -> str:
    """Return the figure that was judged, of a change how the figure moved: rounded, but never over the limit.

    >>> value_text(GateResult("loss", "max", 0.4, 0.39431234, True, None))
    '0.3943'
    >>> value_text(GateResult("loss", "max", 0.4, 0.4000001, False, "0.4000001 is above 0.4"))
    '0.4000001'
    >>> value_text(GateResult("loss", "max-decrease", 0.1, 0.02, True, None, 0.41))
    '-0.02000'
    """
    value, limit = gate.value, gate.limit
    if value is None:
        return NONE
    changed = gate.bound in {"max-increase", "max-decrease"}
    sign = -1.0 if gate.bound == "max-decrease" else 1.0
    if not changed and abs(value) < 1e15 and value == int(value):
        return f"{int(value):,}"
    places = places_for(abs(value))
    text = difference(sign * value, places) if changed else figure(value, places, digits=4)
    if limit is not None and _side(sign * float(text), limit) != _side(value, limit):
        return f"{sign * value:+}" if changed else repr(value)
    return text


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


def _limit(gate: GateResult) -> str:
    """Return the limit; one in per cent of the baseline's figure as what that is."""
    if gate.limit is None or gate.percent is None:
        return number(gate.limit)
    return figure(gate.limit, places_for(gate.limit), digits=4)
