"""One pass over the inputs: open, find roles and classes, align, score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xentcli.alignment.aligner import Aligner
from xentcli.alignment.batch_maker import make_batches
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import Classes, advised, find_classes
from xentcli.columns.inputs import Inputs, open_inputs
from xentcli.engine.local import run, workers
from xentcli.engine.planner import Planner
from xentcli.errors import DataError
from xentcli.memory_limit import refuse_excess
from xentcli.scoring.batch import Batch
from xentcli.scoring.score_plan import ScorePlan
from xentcli.scoring.scorer import score
from xentcli.sources.base import Piece
from xentcli.spec.options import EvalSpec
from xentcli.summary.build_result import Outcome

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels

Progress = Callable[[int, int], None]
_MOST_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Job:
    """What is evaluated, and who is told how far it has come."""

    spec: EvalSpec
    predictions: str
    labels: str | None
    progress: Progress | None
    threads: int


def run_pass(job: Job) -> Outcome:
    """Return what came of reading and scoring all rows. Raises UsageError, DataError or ResourceError."""
    with workers(job.threads) as pool, ExitStack() as stack:
        inputs, classes = find_classes(open_inputs(job.spec, job.predictions, job.labels, stack), job.spec)
        try:
            return _Run(job, inputs, classes, pool, stack).outcome()
        except DataError as error:
            raise advised(error, inputs, classes) from None


class _Run:
    """One reading of the inputs."""

    def __init__(self, job: Job, inputs: Inputs, classes: Classes, pool: Executor, stack: ExitStack) -> None:
        self.job = job
        self.stack = stack
        self.spec = job.spec
        self.inputs = inputs
        self.classes = classes
        self.pool = pool
        # Memory is what is read ahead, so more than a few threads do not read further ahead.
        self.window = min(job.threads, _MOST_AHEAD) + 1 if job.threads > 1 else 0
        self.sources = [source for source in (inputs.predictions, inputs.labels) if source is not None]
        self.maker = make_batches(inputs, classes, job.spec)
        self.planner = Planner(job.spec, inputs, classes, self.maker)
        # An error that is certain comes before the long run.
        self.planner.refuse_certain_errors()

    def outcome(self) -> Outcome:
        """Return what came of it."""
        wanted = [self.inputs.roles.wanted(side, self.spec) for side in range(len(self.sources))]
        ahead = (self.window, min(self.window, 2))
        pieces = [source.pieces(wanted[side], self.pool, ahead[side]) for side, source in enumerate(self.sources)]
        keyed = None
        if self.inputs.roles.on:
            from xentcli.alignment.key_join import KeyedLabels

            keyed = KeyedLabels(self.inputs, wanted[1], self.spec.columns.unmatched)
            pieces = [self._loaded(keyed, *pieces)]
        streams = [Stream(part) for part in pieces]
        aligner = Aligner(self.inputs, streams, self.maker, self.spec.chunk_rows, keyed)
        state = run(
            self._items(aligner),
            lambda item, held: score(item[0], item[1], held),
            self.planner.empty,
        )
        names = self.classes.finish()
        self.planner.refuse_unknown_weights(names.classes)
        self.planner.refuse_nothing(state)
        return Outcome(
            spec=self.spec,
            labels_given=self.job.labels is not None,
            names=names,
            state=state,
            inputs=self.inputs,
            maker=self.maker,
            class_weight=self.planner.class_weight(),
            unchecked=aligner.unchecked,
            left_out=self.classes.left_out,
            predicted=self.classes.predicted,
            unmatched_labels=aligner.unmatched_labels,
        )

    def _loaded(self, keyed: KeyedLabels, predictions: Iterator[Piece], labels: Iterator[Piece]) -> Iterator[Piece]:
        """Load LABELS and return the pieces of PREDICTIONS: with several threads they are read and looked up ahead."""
        if self.job.threads == 1:
            self.planner.refuse_labels(keyed, keyed.load(self._watched(labels)))
            return predictions
        from xentcli.alignment.prefetch import Lookups

        lookups = Lookups(predictions, keyed)
        self.stack.callback(lookups.stop)
        self.planner.refuse_labels(keyed, keyed.load(lookups.after(self._watched(labels))))
        lookups.loaded()
        return iter(lookups)

    def _watched(self, pieces: Iterator) -> Iterator:  # type: ignore[type-arg]  # of whichever pieces
        for piece in pieces:
            self._tell()
            yield piece

    def _tell(self) -> None:
        refuse_excess(self.spec.memory_limit)
        if self.job.progress is not None:
            done = [source.position() for source in self.sources]
            self.job.progress(sum(part[0] for part in done), sum(part[1] for part in done))

    def _items(self, aligner: Aligner) -> Iterator[tuple[Batch, ScorePlan]]:
        """Yield batches, each with the plan that knows the classes and slices met so far."""
        known: object = None
        plan = self.planner.plan()
        for batch in aligner.batches():
            mapper = self.maker.mapper
            here = (len(mapper.met) if mapper is not None else 0, self.maker.counts)
            if here != known:
                plan, known = self.planner.plan(), here
            self._tell()
            yield batch, plan
