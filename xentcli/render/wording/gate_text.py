"""What a gate asks, and what came of it, as every format words it."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.wording.numbers import NONE, difference, figure, places_for
from xentcli.results.verdicts import GateResult
from xentcli.text import count

_CHANGES = {"max-increase": "increase in ", "max-decrease": "decrease in "}


def asked(gate: GateResult, unicode: bool = False) -> str:
    """Return what a gate asks for.

    >>> asked(GateResult("loss", "max", 0.4, 0.5, False, "0.5 is above 0.4"))
    'loss <= 0.4'
    >>> asked(GateResult("loss", "max-increase", 0.02, 0.01, True, None, 0.4, percent=5.0), unicode=True)
    'increase in loss ≤ 5 %'
    """
    signs = ("≥", "≤") if unicode else (">=", "<=")
    limit = f"{number(gate.percent)} %" if gate.percent is not None else gate.limit_text or number(gate.limit)
    return f"{_CHANGES.get(gate.bound, '')}{gate.metric} {signs[gate.bound != 'min']} {limit}"


def number(value: float | None) -> str:
    """Return a number as short as reads back the same.

    >>> number(0.4), number(3.0), number(None)
    ('0.4', '3', 'n/a')
    """
    if value is None:
        return NONE
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def value_text(gate: GateResult) -> str:
    """Return the figure that was judged, of a change how the figure moved: rounded, but never over the limit.

    >>> value_text(GateResult("loss", "max", 0.4, 0.39431234, True, None))
    '0.3943'
    >>> value_text(GateResult("loss", "max", 0.4, 0.4000001, False, "0.4000001 is above 0.4"))
    '0.4000001'
    >>> value_text(GateResult("loss", "max-decrease", 0.1, 0.02, True, None, 0.41))
    '-0.0200'
    """
    value, limit = gate.value, gate.limit
    if value is None:
        return NONE
    changed = gate.bound in {"max-increase", "max-decrease"}
    sign = -1.0 if gate.bound == "max-decrease" else 1.0
    if not changed and abs(value) < 1e15 and value == int(value):
        return f"{int(value):,}"
    places = places_for(abs(value if gate.baseline is None else gate.baseline))
    text = difference(sign * value, places) if changed else figure(value, places, digits=4)
    if limit is not None and _side(sign * float(text), limit) != _side(value, limit):
        return f"{sign * value:+}" if changed else repr(value)
    return text


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


def verdict(gates: Sequence[GateResult]) -> str:
    """Return how many gates are met.

    >>> verdict([GateResult("loss", "max", 0.4, 0.3, True, None)])
    '1 gate met'
    """
    failed = [gate for gate in gates if not gate.passed]
    if not failed:
        return f"{count(len(gates), 'gate')} met"
    return f"{len(failed):,} of {count(len(gates), 'gate')} not met"


def failures(gates: Sequence[GateResult]) -> list[str]:
    """Return a line for each gate that is not met, for standard error."""
    return [f"gate not met: {asked(gate)}: {gate.reason}" for gate in gates if not gate.passed]
