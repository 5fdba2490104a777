"""Gates: whether a figure is within its limit. Compared as exact decimals, inclusive, unrounded.

A float64 counts as the shortest decimal that reads back the same, which is what JSON shows: a loss that is printed as
0.1 meets `--max loss=0.1`, though the float is a little above a tenth.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xentcli.errors import UsageError
from xentcli.gates.baseline import Baseline
from xentcli.gates.metric_values import metric_in
from xentcli.gates.undefined_figures import why_unfit
from xentcli.results.evaluation import EvalResult
from xentcli.results.metric_names import Metric, parse_metric
from xentcli.results.verdicts import GateResult
from xentcli.spec.choices import Bound
from xentcli.text import quote

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Gate:
    """A limit for a metric: a number, or so many per cent of the baseline's figure."""

    bound: Bound
    metric: str
    limit: Fraction
    text: str
    percent: bool = False

    @property
    def option(self) -> str:
        """Return the option that asks for it."""
        return f"--{self.bound}"


def parse_gate(bound: Bound, text: str) -> Gate:
    """Return the gate in `METRIC=VALUE`; names of metrics hold no `=`. Raises UsageError.

    >>> parse_gate(Bound.MAX, "loss=0.4").limit, parse_gate(Bound.MAX_INCREASE, "loss=5%").percent
    (Fraction(2, 5), True)
    """
    metric, separator, value = text.rpartition("=")
    shape = "METRIC=VALUE or METRIC=5%" if bound.of_change else "METRIC=VALUE"
    if not separator or not metric:
        raise UsageError(f"--{bound} is {quote(text)}; it takes {shape}, such as loss=0.4")
    percent = value.endswith("%")
    number = value[:-1].rstrip(" ") if percent else value
    if percent and not bound.of_change:
        raise UsageError(
            f"--{bound} is {quote(text)}; per cent are of a baseline, for --max-increase and --max-decrease"
        )
    if len(number) > _LONGEST or not _NUMBER.fullmatch(number) or math.isinf(float(number)):
        raise UsageError(f"--{bound} is {quote(text)}; its limit is {quote(value)}, and it takes a decimal number")
    return Gate(bound, metric, Fraction(number), value, percent)


def check_gates(gates: Iterable[Gate], by: Sequence[str], per: str | None) -> list[tuple[Gate, Metric]]:
    """Return the gates with their metrics. Raises UsageError for what cannot exist; classes are not known yet."""
    found = []
    for gate in gates:
        metric = parse_metric(gate.metric, gate.option, by)
        if per is None and metric.key.startswith("loss_per_"):
            raise UsageError(f"{gate.option} names {quote(gate.metric)}, which needs --per COL")
        found.append((gate, metric))
    return found


def judge(result: EvalResult, gates: Sequence[Gate], baseline: Baseline | None = None) -> tuple[GateResult, ...]:
    """Return what came of each gate, in the order given.

    Raises UsageError for a metric that the result cannot have, a class that is none, and a change without a baseline;
    DataError for a metric that the baseline does not have.
    """
    checked = check_gates(gates, result.settings.by, result.settings.per)
    return tuple(_judged(result, gate, metric, baseline) for gate, metric in checked)


def _judged(result: EvalResult, gate: Gate, metric: Metric, baseline: Baseline | None) -> GateResult:
    value = metric_in(result, metric, gate.option)
    unfit = why_unfit(result, metric, value)
    if gate.bound.of_change:
        if baseline is None:
            raise UsageError(f"{gate.option} is about a change; name the earlier result with --baseline RESULT.json")
        return _judged_change(gate, metric, None if unfit else value, unfit, baseline)
    limit = _float(gate.limit)
    if unfit is not None or value is None:
        return GateResult(gate.metric, gate.bound, limit, value, False, unfit, limit_text=gate.text)
    met = _exact(value) <= gate.limit if gate.bound is Bound.MAX else _exact(value) >= gate.limit
    side = "above" if gate.bound is Bound.MAX else "below"
    reason = None if met else f"{value!r} is {side} {gate.text}"
    return GateResult(gate.metric, gate.bound, limit, value, met, reason, limit_text=gate.text)


def _judged_change(
    gate: Gate, metric: Metric, value: float | None, unfit: str | None, baseline: Baseline
) -> GateResult:
    """Return whether the figure rose or fell by no more than it may."""
    before, why = baseline.figure(metric, gate.option)
    unfit = unfit or why
    percent = _float(gate.limit) if gate.percent else None
    limit = _limit(gate, before)
    if unfit is not None or value is None or before is None or limit is None:
        return GateResult(gate.metric, gate.bound, _float(limit), None, False, unfit, before, percent, gate.text)
    change = _exact(value) - _exact(before)
    moved = change if gate.bound is Bound.MAX_INCREASE else -change
    met = moved <= limit
    reason = None
    if not met:
        how = f"{'rose' if change > 0 else 'fell'} by {_float(abs(change))!r}" if change else "did not change"
        reason = f"it {how}, from {before!r} to {value!r}; the limit is {gate.text}{' of that' * gate.percent}"
    return GateResult(gate.metric, gate.bound, _float(limit), _float(moved), met, reason, before, percent, gate.text)


def _limit(gate: Gate, before: float | None) -> Fraction | None:
    """Return by how much the figure may change; None for per cent of what is undefined or infinite."""
    if not gate.percent:
        return gate.limit
    return None if before is None or math.isinf(before) else abs(_exact(before)) * gate.limit / 100


def _float(number: Fraction | None) -> float | None:
    """Return the nearest float64; infinite beyond its range."""
    if number is None:
        return None
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _exact(value: float) -> Fraction:
    """Return a figure as the decimal that it is written as."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))
