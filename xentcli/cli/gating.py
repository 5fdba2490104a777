"""Gates and the baseline as the command line gives them: checked before anything is read, judged at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xentcli.errors import UsageError
from xentcli.results.evaluation import EvalResult
from xentcli.spec.choices import Bound
from xentcli.spec.options import EvalSpec

if TYPE_CHECKING:
    from xentcli.gates.baseline import Baseline
    from xentcli.gates.gate import Gate


def gates_of(
    most: Sequence[str] | None,
    least: Sequence[str] | None,
    increase: Sequence[str] | None,
    decrease: Sequence[str] | None,
) -> tuple[Gate, ...]:
    """Return the gates of --max, --min, --max-increase and --max-decrease. Raises UsageError."""
    if not (most or least or increase or decrease):
        return ()
    from xentcli.gates.gate import parse_gate

    given = zip(Bound, (most, least, increase, decrease), strict=True)
    return tuple(parse_gate(bound, text) for bound, texts in given for text in texts or ())


@dataclass(frozen=True, slots=True)
class Gating:
    """The gates, the path of the baseline, and whether gates that are not met leave the exit code alone."""

    gates: tuple[Gate, ...] = ()
    path: str | None = None
    exit_zero: bool = False

    def checked(self, spec: EvalSpec) -> Baseline | None:
        """Return the baseline, read. Raises UsageError or DataError for what can be refused without any row."""
        if self.gates:
            from xentcli.gates.gate import check_gates

            check_gates(self.gates, spec.columns.by, spec.columns.per)
        change = next((gate for gate in self.gates if gate.bound.of_change), None)
        if self.path is None:
            if change is not None:
                raise UsageError(
                    f"{change.option} is about a change; name the earlier result with --baseline RESULT.json"
                )
            return None
        from xentcli.gates.baseline import load_baseline, refuse_different

        baseline = load_baseline(self.path)
        refuse_different(baseline, _known(spec), spec.input.value)
        return baseline

    def applied(self, result: EvalResult, baseline: Baseline | None) -> EvalResult:
        """Return the result with what came of the gates, and how it differs from the baseline."""
        if baseline is not None:
            from xentcli.gates.changes import compared

            result = replace(result, baseline=compared(result, baseline))
        if self.gates:
            from xentcli.gates.gate import judge

            result = replace(result, gates=judge(result, self.gates, baseline))
        return result


def _known(spec: EvalSpec) -> dict[str, object]:
    """Return the settings that are known before anything is read."""
    return {
        "unit": spec.unit.value,
        "clip": spec.clip,
        "weight": spec.columns.weight,
        "weight_kind": spec.columns.weight_kind.value,
        "class_weight": None if spec.class_weight is None else dict(spec.class_weight),
        "label_smoothing": spec.label_smoothing,
        "per": spec.columns.per,
    }
