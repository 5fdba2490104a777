"""Gates in Markdown: the verdict, and a table of what each asks and what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xentcli.render.markdown.text import bold, prose, table, unbroken
from xentcli.render.wording.gate_text import asked, number, value_text, verdict
from xentcli.render.wording.numbers import figure, places_for
from xentcli.results.verdicts import GateResult

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


def _limit(gate: GateResult) -> str:
    """Return the limit; one in per cent of the baseline's figure as what that is."""
    if gate.limit is None or gate.percent is None:
        return gate.limit_text or number(gate.limit)
    return figure(gate.limit, places_for(gate.limit), digits=4)
