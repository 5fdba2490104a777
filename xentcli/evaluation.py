"""One evaluation from paths to result: open, find roles, align, score on threads, summarise."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xentcli import __version__
from xentcli.align import Aligner, Inputs, Stream
from xentcli.batch import Batch
from xentcli.columns.labels import ClassNames, LabelMapper, LabelPlace, Restart
from xentcli.columns.many import ManyColumns
from xentcli.columns.one import OneColumn
from xentcli.columns.roles import Roles, find_roles, headless_predictions, refuse_headless_labels
from xentcli.engine.local import available_cores, run, workers
from xentcli.errors import DataError, ResourceError
from xentcli.result import EvalResult, Found, Run, Settings
from xentcli.result import Inputs as InputsResult
from xentcli.scoring import ScorePlan, score
from xentcli.sources.base import Role
from xentcli.sources.open import open_source
from xentcli.spec import EvalSpec, InputKind, LabelKind
from xentcli.state.evaluation import EvalState
from xentcli.state.rows import FirstRows
from xentcli.summary import Scale, by_class, overall
from xentcli.warned import Evaluated, warnings_of

Progress = Callable[[int, int], None]
_MOST_RESTARTS = 8


@dataclass(frozen=True, slots=True)
class _Job:
    """What is evaluated, and who is told how far it has come."""

    spec: EvalSpec
    predictions: str
    labels: str | None
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    names: ClassNames
    state: EvalState
    inputs: Inputs


def evaluate_spec(
    spec: EvalSpec,
    predictions: str,
    labels: str | None,
    progress: Progress | None = None,
    arguments: tuple[str, ...] = (),
) -> EvalResult:
    """Return the result of an evaluation. `progress` is called with the bytes read and the bytes in all.

    Raises UsageError, DataError or ResourceError.
    """
    began = time.perf_counter()
    threads = spec.threads or available_cores()
    try:
        outcome = _evaluate(_Job(spec, predictions, labels, progress), threads)
        return _result(outcome, _Job(spec, predictions, labels, None), _Running(began, threads, arguments))
    except MemoryError as error:
        hint = "Fewer --threads or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error


def _evaluate(job: _Job, threads: int) -> _Outcome:
    mapper: LabelMapper | None = None
    with workers(threads) as pool:
        for _ in range(_MOST_RESTARTS):
            with ExitStack() as stack:
                inputs = _open(job, stack)
                mapper = mapper or _mapper(inputs, job.spec)
                mapper.place = LabelPlace(inputs.source(inputs.roles.label), inputs.roles.label.name)
                try:
                    state = _run(job, inputs, mapper, pool, threads)
                except Restart:
                    # A later label changed what earlier ones mean: read again, knowing it.
                    _refuse_pipes(inputs)
                    mapper.again()
                    continue
                return _Outcome(mapper.finish(), state, inputs)
    raise AssertionError("each restart rules out a reading of the labels, and there are few")


def _open(job: _Job, stack: ExitStack) -> Inputs:
    spec = job.spec
    predictions = open_source(job.predictions, 0, spec.delimiter)
    stack.callback(predictions.close)
    labels = None
    if job.labels is not None and not _is_same_file(job.predictions, job.labels):
        labels = open_source(job.labels, 1, spec.labels_delimiter or spec.delimiter)
        stack.callback(labels.close)
    return Inputs(predictions, labels, find_roles(spec.columns, predictions, labels))


def _is_same_file(predictions: str, labels: str) -> bool:
    """Say whether both paths are one file: its labels are then read with its predictions."""
    try:
        return Path(predictions).samefile(labels)
    except (OSError, ValueError):
        return False


def _mapper(inputs: Inputs, spec: EvalSpec) -> LabelMapper:
    roles = inputs.roles
    source = inputs.source(roles.label)
    place = LabelPlace(source, roles.label.name)
    mapper: LabelMapper
    if len(roles.predictions) == 1:
        spec.refuse_sum_options("one prediction column has no sum to check")
        mapper = OneColumn(roles.predictions[0], spec.columns, place)
    else:
        mapper = ManyColumns(roles.predictions, spec.columns, place)
    mapper.headless = headless_predictions(spec.columns, roles, inputs.predictions)
    refuse_headless_labels(spec.columns, roles, mapper.names().classes, inputs.labels)
    return mapper


def _refuse_pipes(inputs: Inputs) -> None:
    for source in (inputs.predictions, inputs.labels):
        if source is not None and not source.seekable:
            raise DataError(
                "the labels settle late which class each column speaks of, and a pipe cannot be read again",
                file=source.path,
                hint="Say it with --classes, or --positive with one prediction column.",
            )


def _run(job: _Job, inputs: Inputs, mapper: LabelMapper, pool: Executor, threads: int) -> EvalState:
    """Return the state of all rows."""
    spec, roles = job.spec, inputs.roles
    window = threads + 1
    sources = [inputs.predictions] + ([inputs.labels] if inputs.labels is not None else [])
    wanted = [_wanted(side, roles, spec) for side in range(len(sources))]
    streams = [Stream(source.pieces(want, pool, window)) for source, want in zip(sources, wanted, strict=True)]
    aligner = Aligner(inputs, streams, mapper, spec.chunk_rows)
    weight = (inputs.source(roles.weight[0]), roles.weight[0].name) if roles.weight else None
    plan: ScorePlan | None = None

    def items() -> Iterator[tuple[Batch, NDArray[np.uint64], ScorePlan]]:
        nonlocal plan
        hashes, known = mapper.hashes(), -1
        for batch in aligner.batches():
            if len(mapper.met) != known:
                hashes, known = mapper.hashes(), len(mapper.met)
                columns = mapper.names().columns
                plan = ScorePlan(spec, spec.clip, inputs.predictions, columns, weight, mapper.n_classes)
            assert plan is not None
            if job.progress is not None:
                done = [source.position() for source in sources]
                job.progress(sum(part[0] for part in done), sum(part[1] for part in done))
            yield batch, hashes, plan

    state = run(
        items(),
        lambda item, held: score(item[0], item[1], item[2], held),
        lambda: EvalState.empty(mapper.n_classes, spec.clip),
        pool,
        2 * window,
    )
    if not state.rows.read:
        place, column = (weight[0].path, weight[1]) if weight else (inputs.predictions.path, None)
        raise DataError("the weights sum to 0: no row has a weight above 0", file=place, column=column)
    return state


def _wanted(side: int, roles: Roles, spec: EvalSpec) -> dict[str, Role]:
    """Return the columns of one input that are read, and as what."""
    wanted: dict[str, Role] = {}
    if side == 0:
        kind = Role.NUMBER if spec.input is InputKind.PROBS else Role.SCORE
        wanted |= dict.fromkeys(roles.predictions, kind)
    wanted |= {place.name: Role.NUMBER for place in roles.weight if place.side == side}
    wanted |= dict.fromkeys(roles.shared, Role.ORDER)
    if roles.label.side == side:
        wanted[roles.label.name] = Role.LABEL
    return wanted


@dataclass(frozen=True, slots=True)
class _Running:
    began: float
    threads: int
    arguments: tuple[str, ...]


def _result(outcome: _Outcome, job: _Job, running: _Running) -> EvalResult:
    spec, names, state = job.spec, outcome.names, outcome.state
    moments = tuple(state.loss.by_class())
    scale = Scale(spec.unit, spec.confidence)
    brier_scale = 0.5 if len(names.classes) == 2 else 1.0
    whole = overall(state, moments, brier_scale, scale)
    classes = by_class(state, moments, names.classes, scale)

    def locate(first: FirstRows) -> tuple[Found, ...]:
        return tuple(Found(job.predictions, row + 1) for row in first.rows)

    sources = (outcome.inputs.predictions, outcome.inputs.labels)
    blank = tuple(source.path for source in sources if source is not None and source.trailing_blank)
    evaluated = Evaluated(spec, spec.clip, names, state, moments, whole, classes, scale, locate, blank)
    seconds = time.perf_counter() - running.began
    return EvalResult(
        xent_version=__version__,
        inputs=_inputs(outcome, job),
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


def _inputs(outcome: _Outcome, job: _Job) -> InputsResult:
    names, spec = outcome.names, job.spec
    return InputsResult(
        predictions=(job.predictions,),
        labels=() if job.labels is None else (job.labels,),
        alignment="row-order",
        on=None,
        input=spec.input.value,
        task="binary" if len(names.classes) == 2 else "multiclass",
        classes=names.classes,
        label_kind=LabelKind.INDEX.value if spec.columns.label_kind is LabelKind.INDEX else LabelKind.NAME.value,
        name_rule=names.rule,
        rows_fingerprint=outcome.state.rows.fingerprint(),
    )


def _settings(outcome: _Outcome, spec: EvalSpec, brier_scale: float) -> Settings:
    sums = outcome.state.row_sums.measured > 0 and not spec.renormalize
    return Settings(
        clip=spec.clip,
        unit=spec.unit.value,
        sum_tolerance=spec.tolerance if sums else None,
        renormalize=spec.renormalize,
        label_smoothing=0.0,
        class_weight=None,
        weight=spec.columns.weight,
        weight_kind="importance",
        positive=outcome.names.positive,
        cluster=None,
        per=None,
        by=(),
        missing="error",
        ignore=(),
        unmatched="error",
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
