"""One evaluation from paths to result: open, find roles, align, score on threads, summarise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xentcli.agreement import Inputs
from xentcli.align import Aligner, Stream
from xentcli.batch import Batch
from xentcli.columns.labels import LabelMapper, LabelPlace, Restart
from xentcli.columns.many import ManyColumns
from xentcli.columns.one import OneColumn
from xentcli.columns.roles import Roles, find_roles, headless_predictions, refuse_headless_labels
from xentcli.engine.local import available_cores, run, workers
from xentcli.errors import DataError, ResourceError, UsageError
from xentcli.kinds import InputKind
from xentcli.outcome import Outcome, Running, result_of
from xentcli.result import EvalResult
from xentcli.scoring import ScorePlan, score
from xentcli.sources.base import Role, Source
from xentcli.sources.open import open_source
from xentcli.spec import EvalSpec
from xentcli.state.evaluation import EvalState

Progress = Callable[[int, int], None]
_MOST_AHEAD = 8


@dataclass(frozen=True, slots=True)
class _Job:
    """What is evaluated, and who is told how far it has come."""

    spec: EvalSpec
    predictions: str
    labels: str | None
    progress: Progress | None


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
        return result_of(outcome, Running(began, threads, arguments))
    except MemoryError as error:
        hint = "Fewer --threads or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error


def _evaluate(job: _Job, threads: int) -> Outcome:
    mapper: LabelMapper | None = None
    with workers(threads) as pool:
        while True:
            with ExitStack() as stack:
                inputs = _open(job, stack)
                mapper = mapper or _mapper(inputs, job.spec)
                mapper.place = LabelPlace(inputs.source(inputs.roles.label), inputs.roles.label.name)
                try:
                    state, unchecked = _run(job, inputs, mapper, pool, threads)
                except Restart:
                    # A later label changed what earlier ones mean: read again, knowing it. Each time rules out one of
                    # a handful of readings of the labels, so this ends.
                    _refuse_pipes(inputs)
                    mapper.again()
                    continue
                return Outcome(job.spec, job.predictions, job.labels, mapper.finish(), state, inputs, unchecked)


def _open(job: _Job, stack: ExitStack) -> Inputs:
    spec = job.spec
    predictions = open_source(job.predictions, 0, spec.dialect_of(0))
    stack.callback(predictions.close)
    labels = None
    if job.labels is not None and not _is_same_file(job.predictions, job.labels):
        labels = open_source(job.labels, 1, spec.dialect_of(1))
        stack.callback(labels.close)
    _refuse_idle_dialects(spec, predictions, labels)
    return Inputs(predictions, labels, find_roles(spec.columns, predictions, labels))


def _refuse_idle_dialects(spec: EvalSpec, predictions: Source, labels: Source | None) -> None:
    """Raise UsageError for what is said of text files where there is none."""
    sources = [source for source in (predictions, labels) if source is not None]
    for name in spec.dialect.given():
        if not any(name in _MEANT[source.format] for source in sources):
            raise UsageError(f"--{_option_of(name)} is for {_TEXT_OF[name]}, and no input is {_TEXT_OF[name]}")
    for name in spec.labels_dialect.given():
        if labels is None or name not in _MEANT[labels.format]:
            none = ", and there is no LABELS" if labels is None else f", and LABELS is {labels.format}"
            raise UsageError(f"--labels-{_option_of(name)} is for LABELS as {_TEXT_OF[name]}{none}")


_MEANT = {"csv": {"delimiter", "header", "encoding", "decimal"}, "jsonl": {"encoding"}, "parquet": set[str]()}
_TEXT_OF = {"delimiter": "CSV", "header": "CSV", "decimal": "CSV", "encoding": "CSV or JSON Lines"}


def _option_of(name: str) -> str:
    return "no-header" if name == "header" else name


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


def _run(
    job: _Job, inputs: Inputs, mapper: LabelMapper, pool: Executor, threads: int
) -> tuple[EvalState, tuple[str, ...]]:
    """Return the state of all rows, and the shared columns that could not tell their order."""
    spec, roles = job.spec, inputs.roles
    # Memory is what is read ahead, so more than a few threads do not read further ahead.
    window = min(threads, _MOST_AHEAD) + 1
    sources = [inputs.predictions] + ([inputs.labels] if inputs.labels is not None else [])
    wanted = [_wanted(side, roles, spec) for side in range(len(sources))]
    ahead = (window, 2)
    streams = [Stream(sources[side].pieces(wanted[side], pool, ahead[side])) for side in range(len(sources))]
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
        window + 1,
    )
    if not state.rows.read:
        place, column = (weight[0].path, weight[1]) if weight else (inputs.predictions.path, None)
        raise DataError("the weights sum to 0: no row has a weight above 0", file=place, column=column)
    return state, aligner.unchecked


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
