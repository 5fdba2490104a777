"""From the state of an evaluation to its result."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xentcli import __version__
from xentcli.agreement import Inputs
from xentcli.columns.labels import ClassNames
from xentcli.kinds import LabelKind
from xentcli.result import EvalResult, Found, Run, Settings
from xentcli.result import Inputs as InputsResult
from xentcli.spec import EvalSpec
from xentcli.state.evaluation import EvalState
from xentcli.state.rows import FirstRows
from xentcli.summary import Scale, by_class, overall
from xentcli.warned import Evaluated, warnings_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked, and what came of it."""

    spec: EvalSpec
    predictions: str
    labels: str | None
    names: ClassNames
    state: EvalState
    inputs: Inputs
    unchecked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """When it began, on how many threads, and with which arguments."""

    began: float
    threads: int
    arguments: tuple[str, ...]


def result_of(outcome: Outcome, running: Running) -> EvalResult:
    """Return the result of an evaluation that is done."""
    spec, names, state = outcome.spec, outcome.names, outcome.state
    moments = tuple(state.loss.by_class())
    scale = Scale(spec.unit, spec.confidence)
    brier_scale = 0.5 if len(names.classes) == 2 else 1.0
    whole = overall(state, moments, brier_scale, scale)
    classes = by_class(state, moments, names.classes, scale)

    def locate(first: FirstRows) -> tuple[Found, ...]:
        spots = (outcome.inputs.predictions.locate(row) for row in first.rows)
        return tuple(Found(spot.file, spot.record) for spot in spots)

    sources = (outcome.inputs.predictions, outcome.inputs.labels)
    blank = tuple(source.path for source in sources if source is not None and source.trailing_blank)
    evaluated = Evaluated(
        spec, spec.clip, names, state, moments, whole, classes, scale, locate, blank, outcome.unchecked
    )
    seconds = time.perf_counter() - running.began
    return EvalResult(
        xent_version=__version__,
        inputs=_inputs(outcome),
        settings=_settings(outcome, spec, brier_scale),
        overall=whole,
        classes=classes,
        warnings=warnings_of(evaluated),
        run=Run(
            seconds=seconds,
            rows_per_second=whole.rows / seconds if seconds > 0.0 else None,
            threads=running.threads,
            engine="local",
            peak_memory_bytes=_peak_memory(),
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            arguments=running.arguments,
        ),
    )


def _inputs(outcome: Outcome) -> InputsResult:
    names, spec = outcome.names, outcome.spec
    return InputsResult(
        predictions=outcome.inputs.predictions.files,
        labels=() if outcome.labels is None else (outcome.inputs.labels or outcome.inputs.predictions).files,
        alignment="row-order",
        on=None,
        input=spec.input.value,
        task="binary" if len(names.classes) == 2 else "multiclass",
        classes=names.classes,
        label_kind=LabelKind.INDEX.value if spec.columns.label_kind is LabelKind.INDEX else LabelKind.NAME.value,
        name_rule=names.rule,
        rows_fingerprint=outcome.state.rows.fingerprint(),
    )


def _settings(outcome: Outcome, spec: EvalSpec, brier_scale: float) -> Settings:
    sums = outcome.state.row_sums.measured > 0 and not spec.renormalize
    return Settings(
        clip=spec.clip,
        unit=spec.unit.value,
        sum_tolerance=spec.tolerance if sums else None,
        renormalize=spec.renormalize,
        label_smoothing=spec.label_smoothing,
        class_weight=None if spec.class_weight is None else dict(spec.class_weight),
        weight=spec.columns.weight,
        weight_kind=spec.columns.weight_kind.value,
        positive=outcome.names.positive,
        cluster=None,
        per=spec.columns.per,
        by=spec.columns.by,
        missing=spec.columns.missing.value,
        ignore=spec.columns.ignore,
        unmatched=spec.columns.unmatched.value,
        confidence=spec.confidence,
        brier_scale=brier_scale,
    )


def _peak_memory() -> int | None:
    """Return the most memory this process has held, in bytes.

    Linux carries ru_maxrss over from the process that started this one; its VmHWM begins anew.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) if sys.platform == "darwin" else int(peak) * 1024
