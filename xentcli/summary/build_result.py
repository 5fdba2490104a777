"""From the state of an evaluation to its result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from xentcli.alignment.batch_maker import BatchMaker
from xentcli.columns.inputs import Inputs
from xentcli.columns.lookup import Lookup
from xentcli.memory import peak_bytes
from xentcli.results.class_names import ClassNames, sort_classes
from xentcli.results.evaluation import EvalResult, Found, Run, Settings
from xentcli.results.evaluation import Inputs as InputsResult
from xentcli.spec.choices import LabelKind
from xentcli.spec.options import EvalSpec
from xentcli.state.eval_state import EvalState
from xentcli.state.row_counts import FirstRows
from xentcli.state.scored_rows import Floats
from xentcli.state.slice_views import Cut
from xentcli.summary.figures import Basis, Scale, Sums, by_class, overall
from xentcli.summary.skill import Smoothed
from xentcli.summary.slice_figures import slice_results
from xentcli.summary.warnings import Evaluated, warnings_of
from xentcli.version import __version__


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked, and what came of it."""

    spec: EvalSpec
    labels_given: bool
    names: ClassNames
    state: EvalState
    inputs: Inputs
    maker: BatchMaker
    class_weight: Floats | None
    unchecked: tuple[str, ...]
    left_out: tuple[str, ...]
    predicted: tuple[str, ...]
    unmatched_labels: int

    def cut(self) -> Cut:
        """Return how the state is cut into slices and classes."""
        slices, label_only = self.maker.slices, self.maker.label_only
        classes = self.names.classes
        return Cut(
            () if slices is None else slices.names,
            () if slices is None else slices.slices(),
            classes,
            self.maker.cells.tuples if label_only else None,
            sort_classes(classes) if label_only else range(len(classes)),
        )


@dataclass(frozen=True, slots=True)
class Running:
    """When it began, on how many threads, and with which arguments."""

    began: float
    threads: int
    arguments: tuple[str, ...]


def result_of(outcome: Outcome, running: Running) -> EvalResult:
    """Return the result of an evaluation that is done."""
    spec, state, cut = outcome.spec, outcome.state, outcome.cut()
    names = outcome.names._replace(classes=tuple(outcome.names.classes[at] for at in cut.order))
    weights = outcome.class_weight
    how = Smoothed(None if weights is None else tuple(weights[list(cut.order) or [0]].tolist()), spec.label_smoothing)
    basis = Basis(
        Scale(spec.unit, spec.confidence),
        0.5 if len(names.classes) == 2 and not spec.input.label_only else 1.0,
        how,
        not spec.input.label_only,
        bool(outcome.inputs.roles.label),
        spec.columns.per,
    )
    added_up = state if not cut.slices and cut.cells is None else state.view(cut.whole())
    sums = Sums.of(added_up, basis)
    whole = overall(sums, basis, outcome.unmatched_labels)
    classes = by_class(sums, names.classes, basis) if names.classes else ()
    slices = slice_results(state, cut, sums, basis, classes) if outcome.maker.slices is not None else None

    def locate(first: FirstRows) -> tuple[Found, ...]:
        spots = (outcome.inputs.predictions.locate(row) for row in first.rows)
        return tuple(Found(spot.file, spot.record) for spot in spots)

    sources = (outcome.inputs.predictions, outcome.inputs.labels)
    blank = tuple(source.path for source in sources if source is not None and source.trailing_blank)
    columns = (outcome.unchecked, outcome.left_out, outcome.predicted)
    evaluated = Evaluated(spec, names, sums, whole, classes, basis, locate, blank, *columns, _named(outcome))
    seconds = time.perf_counter() - running.began
    return EvalResult(
        xent_version=__version__,
        inputs=inputs_of(outcome, names),
        settings=settings_of(outcome, basis.brier_scale),
        overall=whole,
        classes=classes,
        warnings=warnings_of(evaluated),
        slices=slices,
        run=Run(
            seconds=seconds,
            rows_per_second=whole.rows / seconds if seconds > 0.0 else None,
            threads=running.threads,
            engine="local",
            peak_memory_bytes=peak_bytes(),
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            arguments=running.arguments,
        ),
    )


def _named(outcome: Outcome) -> bool:
    """Say whether each class has a prediction column of its own."""
    return len(outcome.inputs.roles.predictions) > 1


def inputs_of(outcome: Outcome, names: ClassNames) -> InputsResult:
    """Return what was read, and how it was understood."""
    spec, inputs = outcome.spec, outcome.inputs
    task = "binary" if len(names.classes) == 2 else "multiclass"
    labels = inputs.labels or inputs.predictions
    return InputsResult(
        predictions=inputs.predictions.files,
        labels=labels.files if outcome.labels_given else (),
        alignment="key" if inputs.roles.on else "row-order",
        on=spec.columns.on or None,
        input=spec.input.value,
        task="label-only" if spec.input.label_only else task,
        classes=names.classes,
        label_kind=_label_kind(outcome, names),
        name_rule=names.rule,
        unused_columns=_unused(inputs),
        rows_fingerprint=outcome.state.rows.fingerprint(),
    )


def _unused(inputs: Inputs) -> tuple[str, ...]:
    """Return the names of the columns that nothing uses, those of PREDICTIONS first."""
    lookup = Lookup(inputs.predictions, inputs.labels)
    return tuple(
        dict.fromkeys(name for side in range(len(lookup.sources)) for name in inputs.roles.unused(lookup, side))
    )


def _label_kind(outcome: Outcome, names: ClassNames) -> str | None:
    """Return how labels named classes: by which kind of the three; None without labels."""
    if not outcome.inputs.roles.label:
        return None
    if outcome.inputs.roles.distribution:
        return LabelKind.DISTRIBUTION.value
    return LabelKind.INDEX.value if names.rule.startswith("index") else LabelKind.NAME.value


def settings_of(outcome: Outcome, brier_scale: float) -> Settings:
    """Return the options in force."""
    spec = outcome.spec
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
