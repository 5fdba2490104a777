"""One evaluation from paths to result: open, find roles, align, score on threads, summarise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from xentcli.agreement import Inputs
from xentcli.align import Aligner, Stream
from xentcli.batch import Batch, Floats
from xentcli.columns.labels import LabelPlace, Restart
from xentcli.columns.many import ManyColumns
from xentcli.columns.places import Place, nearest
from xentcli.engine.local import available_cores, run, workers
from xentcli.errors import DataError, ResourceError, UsageError
from xentcli.keyed import KeyedLabels
from xentcli.opening import Classes, find_classes, make_batches, open_inputs
from xentcli.outcome import Outcome, Running, result_of
from xentcli.refusals import Cells
from xentcli.result import EvalResult
from xentcli.scoring import ScorePlan, refuse_bad_labels, score
from xentcli.spec import EvalSpec
from xentcli.state.evaluation import EvalState
from xentcli.text import count, listing, quote

Progress = Callable[[int, int], None]
_MOST_AHEAD = 8


@dataclass(frozen=True, slots=True)
class _Job:
    """What is evaluated, and who is told how far it has come."""

    spec: EvalSpec
    predictions: str
    labels: str | None
    progress: Progress | None
    threads: int


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
        outcome = _evaluate(_Job(spec, predictions, labels, progress, threads))
        return result_of(outcome, Running(began, threads, arguments))
    except MemoryError as error:
        hint = "Fewer --threads or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error


def _evaluate(job: _Job) -> Outcome:
    classes: Classes | None = None
    with workers(job.threads) as pool:
        while True:
            with ExitStack() as stack:
                inputs = open_inputs(job.spec, job.predictions, job.labels, stack)
                classes = classes or find_classes(inputs, job.spec)
                if classes.mapper is not None:
                    place = inputs.roles.label[0]
                    classes.mapper.place = LabelPlace(inputs.source(place), place.name)
                try:
                    return _Run(job, inputs, classes, pool).outcome()
                except Restart:
                    # A later label changed what earlier ones mean: read again, knowing it. Each time rules out one of
                    # a handful of readings of the labels, so this ends.
                    _refuse_pipes(inputs)
                    assert classes.mapper is not None
                    classes.mapper.again()


def _refuse_pipes(inputs: Inputs) -> None:
    for source in (inputs.predictions, inputs.labels):
        if source is not None and not source.seekable:
            raise DataError(
                "the labels settle late which class each column speaks of, and a pipe cannot be read again",
                file=source.path,
                hint="Say it with --classes, or --positive with one prediction column.",
            )


class _Run:
    """One reading of the inputs."""

    def __init__(self, job: _Job, inputs: Inputs, classes: Classes, pool: Executor) -> None:
        self.job = job
        self.spec = job.spec
        self.inputs = inputs
        self.classes = classes
        self.pool = pool
        # Memory is what is read ahead, so more than a few threads do not read further ahead.
        self.window = min(job.threads, _MOST_AHEAD) + 1
        self.sources = [source for source in (inputs.predictions, inputs.labels) if source is not None]
        self.maker = make_batches(inputs, classes, job.spec)
        if isinstance(classes.mapper, ManyColumns):
            # By any rule that labels may settle on: an error that is certain comes before the long run.
            self._refuse_unknown_weights(tuple(dict.fromkeys(classes.mapper.all_classes())))

    def outcome(self) -> Outcome:
        """Return what came of it."""
        wanted = [self.inputs.roles.wanted(side, self.spec) for side in range(len(self.sources))]
        ahead = (self.window, 2)
        pieces = [source.pieces(wanted[side], self.pool, ahead[side]) for side, source in enumerate(self.sources)]
        keyed = None
        if self.inputs.roles.on:
            keyed = KeyedLabels(self.inputs, wanted[1], self.spec.columns.unmatched)
            self._load(keyed, pieces.pop())
        streams = [Stream(part) for part in pieces]
        aligner = Aligner(self.inputs, streams, self.maker, self.spec.chunk_rows, keyed)
        state = run(
            self._items(aligner),
            lambda item, held: score(item[0], item[1], held),
            self._empty,
            self.pool,
            self.window + 1,
        )
        names = self.classes.finish()
        self._refuse_unknown_weights(names.classes)
        self._refuse_nothing(state)
        return Outcome(
            spec=self.spec,
            labels_given=self.job.labels is not None,
            names=names,
            state=state,
            inputs=self.inputs,
            maker=self.maker,
            class_weight=self._class_weight(),
            unchecked=aligner.unchecked,
            unmatched_labels=aligner.unmatched_labels,
        )

    def _load(self, keyed: KeyedLabels, pieces: Iterator) -> None:  # type: ignore[type-arg]
        """Read LABELS whole; of everything wrong with it, raise what is in the lowest row."""
        failure = keyed.load(self._watched(pieces))
        found = [failure] if failure is not None else []
        roles = self.inputs.roles
        if keyed.held.rows:
            label = roles.label[0].name if roles.label and roles.label[0].side == 1 else None
            found += keyed.problems(self.maker.mapper if label is not None else None, label)
            found += refuse_bad_labels(self._plan(), keyed.held)
        if found:
            raise min(found, key=lambda error: error.order)

    def _watched(self, pieces: Iterator) -> Iterator:  # type: ignore[type-arg]
        for piece in pieces:
            self._tell()
            yield piece

    def _tell(self) -> None:
        if self.job.progress is not None:
            done = [source.position() for source in self.sources]
            self.job.progress(sum(part[0] for part in done), sum(part[1] for part in done))

    def _items(self, aligner: Aligner) -> Iterator[tuple[Batch, ScorePlan]]:
        """Yield batches, each with the plan that knows the classes and slices met so far."""
        known: object = None
        plan = self._plan()
        for batch in aligner.batches():
            mapper = self.maker.mapper
            here = (len(mapper.met) if mapper is not None else 0, self.maker.counts)
            if here != known:
                plan, known = self._plan(), here
            self._tell()
            yield batch, plan

    def _plan(self) -> ScorePlan:
        roles, inputs = self.inputs.roles, self.inputs
        predictions = roles.predictions if roles.prediction_list else self.maker.names()
        return ScorePlan(
            spec=self.spec,
            predictions=Cells(inputs.predictions, predictions, roles.prediction_list),
            weight=self._cells(roles.weight),
            per=self._cells(roles.per),
            targets=self._target_cells(),
            n_classes=self.classes.n_classes(self.spec.input.label_only),
            hashes=self.classes.hashes(),
            class_weight=self._class_weight(),
            counts=self.maker.counts,
        )

    def _cells(self, places: tuple[Place, ...]) -> Cells | None:
        return Cells(self.inputs.source(places[0]), (places[0].name,)) if places else None

    def _target_cells(self) -> Cells | None:
        roles = self.inputs.roles
        if not roles.distribution:
            return None
        place = roles.label[0]
        is_list = place in roles.lists
        return Cells(self.inputs.source(place), (place.name,) if is_list else self.classes.targets, is_list)

    def _class_weight(self) -> Floats | None:
        """Return the weight of each class, shape (n_classes,), None without any."""
        given = self.spec.class_weight
        if given is None:
            return None
        mapper = self.maker.mapper
        names = (self.classes.names if mapper is None else mapper.names()).classes
        return np.array([float(given.get(name, 1.0)) for name in names] or [1.0])

    def _refuse_unknown_weights(self, names: Sequence[str]) -> None:
        """Raise UsageError for a class weight of what is no class; a label that is not met has one, too."""
        for name in self.spec.class_weight or ():
            if name not in names and not self.spec.input.label_only:
                problem = f"--class-weight names {quote(name)}, which is no class; the classes are {listing(names, 10)}"
                raise UsageError(problem, hint=nearest(name, names))

    def _empty(self) -> EvalState:
        # Labels that are classes are learnt as they come; with keys all are known by now, and some may have no row.
        n_classes = 1 if self.spec.input.label_only else self.classes.n_classes(False)
        return EvalState.empty(n_classes, self.spec.clip, self.spec.class_weight is not None)

    def _refuse_nothing(self, state: EvalState) -> None:
        """Raise DataError where no row is left to be scored, and say why."""
        rows = state.rows
        if rows.number("read"):
            return
        left = {
            "without a label": rows.number("dropped"),
            "ignored": rows.number("ignored"),
            "with keys that only one input has": rows.unmatched,
        }
        weight = self.inputs.roles.weight
        source, column = self.inputs.predictions, None
        if not any(left.values()):
            if weight:
                source, column = self.inputs.source(weight[0]), weight[0].name
            raise DataError("the weights sum to 0: no row has a weight above 0", file=source.path, column=column)
        why = ", ".join(f"{count(number, 'row')} {what}" for what, number in left.items() if number)
        raise DataError(f"no row is left to evaluate: {why}", file=source.path)
