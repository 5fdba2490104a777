"""What a gate asks, and what came of it, as every format words it."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.judged import GateResult
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
    limit = f"{number(gate.percent)} %" if gate.percent is not None else number(gate.limit)
    return f"{_CHANGES.get(gate.bound, '')}{gate.metric} {signs[gate.bound != 'min']} {limit}"


def number(value: float | None) -> str:
    """Return a number as short as reads back the same.

    >>> number(0.4), number(3.0), number(None)
    ('0.4', '3', 'n/a')
    """
    if value is None:
        return "n/a"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


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
