"""From a shard to the result of an evaluation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from xentcli.memory import peak_bytes
from xentcli.results.class_names import ClassNames
from xentcli.results.evaluation import EvalResult, Inputs, Run, Settings
from xentcli.spec.choices import LabelKind
from xentcli.state.shard import Read, Shard
from xentcli.summary.evaluated import Evaluated
from xentcli.summary.figures import Basis, Scale, Sums, by_class, overall
from xentcli.summary.skill import Smoothed
from xentcli.summary.slice_figures import slice_results
from xentcli.summary.warnings import warnings_of
from xentcli.version import __version__


@dataclass(frozen=True, slots=True)
class Running:
    """When it began, on how many cores, and with which arguments."""

    began: float
    jobs: int
    arguments: tuple[str, ...]


def result_of(shard: Shard, running: Running) -> EvalResult:
    """Return the result of an evaluation that is done."""
    spec, state, read, cut = shard.spec, shard.state, shard.read, shard.cut()
    names = shard.names._replace(classes=tuple(shard.names.classes[at] for at in cut.order))
    weights = shard.class_weight
    how = Smoothed(None if weights is None else tuple(weights[at] for at in cut.order or (0,)), spec.label_smoothing)
    basis = Basis(
        Scale(spec.unit, spec.confidence),
        0.5 if len(names.classes) == 2 and not spec.input.label_only else 1.0,
        how,
        not spec.input.label_only,
        read.labelled,
        spec.columns.per,
    )
    added_up = state if not cut.slices and cut.cells is None else state.view(cut.whole())
    sums = Sums.of(added_up, basis)
    whole = overall(sums, basis, read.unmatched_labels)
    classes = by_class(sums, names.classes, basis) if names.classes else ()
    slices = slice_results(state, cut, sums, basis, classes) if shard.slices is not None else None

    evaluated = Evaluated(spec, names, sums, whole, classes, basis, read)
    seconds = time.perf_counter() - running.began
    return EvalResult(
        xent_version=__version__,
        inputs=inputs_of(shard, names),
        settings=settings_of(shard, basis.brier_scale),
        overall=whole,
        classes=classes,
        warnings=warnings_of(evaluated),
        slices=slices,
        run=Run(
            seconds=seconds,
            rows_per_second=whole.rows / seconds if seconds > 0.0 else None,
            jobs=running.jobs,
            engine="local",
            peak_memory_bytes=peak_bytes(),
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            arguments=running.arguments,
        ),
    )


def inputs_of(shard: Shard, names: ClassNames) -> Inputs:
    """Return what was read, and how it was understood."""
    spec, read = shard.spec, shard.read
    task = "binary" if len(names.classes) == 2 else "multiclass"
    return Inputs(
        predictions=read.predictions,
        labels=read.labels,
        alignment="key" if read.keyed else "row-order",
        on=spec.columns.on or None,
        input=spec.input.value,
        task="label-only" if spec.input.label_only else task,
        classes=names.classes,
        label_kind=_label_kind(read, names),
        name_rule=names.rule,
        unused_columns=read.unused,
        rows_fingerprint=shard.state.rows.fingerprint(),
    )


def _label_kind(read: Read, names: ClassNames) -> str | None:
    """Return how labels named classes: by which kind of the three; None without labels."""
    if not read.labelled:
        return None
    if read.distributions:
        return LabelKind.DISTRIBUTION.value
    return LabelKind.INDEX.value if names.rule.startswith("index") else LabelKind.NAME.value


def settings_of(shard: Shard, brier_scale: float) -> Settings:
    """Return the options in force."""
    spec = shard.spec
    sums = shard.state.row_sums.measured > 0 and not spec.renormalize
    return Settings(
        clip=spec.clip,
        unit=spec.unit.value,
        sum_tolerance=spec.tolerance if sums else None,
        renormalize=spec.renormalize,
        label_smoothing=spec.label_smoothing,
        class_weight=None if spec.class_weight is None else dict(spec.class_weight),
        weight=spec.columns.weight,
        weight_kind=spec.columns.weight_kind.value,
        positive=shard.names.positive,
        cluster=None,
        per=spec.columns.per,
        by=spec.columns.by,
        missing=spec.columns.missing.value,
        ignore=spec.columns.ignore,
        unmatched=spec.columns.unmatched.value,
        confidence=spec.confidence,
        brier_scale=brier_scale,
    )
