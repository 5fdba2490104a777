"""One evaluation from paths to result: open, settle columns and classes, read and score, say what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import advised, find_classes
from xentcli.columns.inputs import open_inputs
from xentcli.engine.local import available_cores, workers
from xentcli.engine.single_pass import Pass
from xentcli.errors import DataError, ResourceError
from xentcli.memory_limit import refuse_excess
from xentcli.results.evaluation import EvalResult
from xentcli.sources.base import Piece
from xentcli.spec.options import EvalSpec
from xentcli.state.shard import Shard
from xentcli.summary.build_result import Running, result_of

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels

Progress = Callable[[int, int], None]
_MOST_AHEAD = 8


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
    threads = spec.jobs or available_cores()
    try:
        shard = shard_of(spec, predictions, labels, progress, threads)
        return result_of(shard, Running(began, threads, arguments))
    except MemoryError as error:
        hint = "Fewer --jobs or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error


def shard_of(
    spec: EvalSpec, predictions: str, labels: str | None, progress: Progress | None = None, threads: int = 1
) -> Shard:
    """Return the sums over all rows of the inputs, which are closed again. Raises what `evaluate_spec` raises."""
    with workers(threads) as pool, ExitStack() as stack:
        inputs, classes = find_classes(open_inputs(spec, predictions, labels, stack), spec)
        try:
            one = Pass(spec, inputs, classes)
            return _Reading(one, progress, threads, pool, stack).shard(labels is not None)
        except DataError as error:
            raise advised(error, inputs, classes) from None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of all rows: how far ahead, and who is told how far it has come."""

    one: Pass
    progress: Progress | None
    threads: int
    pool: Executor
    stack: ExitStack

    def shard(self, labels_given: bool) -> Shard:
        """Return what came of it."""
        one, inputs = self.one, self.one.inputs
        # Memory is what is read ahead, so more than a few threads do not read further ahead.
        window = min(self.threads, _MOST_AHEAD) + 1 if self.threads > 1 else 0
        sources = [source for source in (inputs.predictions, inputs.labels) if source is not None]
        wanted = [inputs.roles.wanted(side, one.spec) for side in range(len(sources))]
        ahead = (window, min(window, 2))
        pieces = [source.pieces(wanted[side], self.pool, ahead[side]) for side, source in enumerate(sources)]
        keyed = None
        if inputs.roles.on:
            from xentcli.alignment.key_join import KeyedLabels

            keyed = KeyedLabels(inputs, wanted[1], one.spec.columns.unmatched)
            pieces = [self._loaded(keyed, *pieces)]
        one.add_up([Stream(part) for part in pieces], keyed, one.spec.chunk_rows, self._tell)
        names = one.classes.finish()
        one.planner.refuse_unknown_weights(names.classes)
        one.planner.refuse_nothing(one.state)
        return one.shard(names, labels_given)

    def _loaded(self, keyed: KeyedLabels, predictions: Iterator[Piece], labels: Iterator[Piece]) -> Iterator[Piece]:
        """Load LABELS and return the pieces of PREDICTIONS: with several threads they are read and looked up ahead."""
        planner = self.one.planner
        if self.threads == 1:
            planner.refuse_labels(keyed, keyed.load(self._watched(labels)))
            return predictions
        from xentcli.alignment.prefetch import Lookups

        lookups = Lookups(predictions, keyed)
        self.stack.callback(lookups.stop)
        planner.refuse_labels(keyed, keyed.load(lookups.after(self._watched(labels))))
        lookups.loaded()
        return iter(lookups)

    def _watched(self, pieces: Iterator) -> Iterator:  # type: ignore[type-arg]  # of whichever pieces
        for piece in pieces:
            self._tell()
            yield piece

    def _tell(self) -> None:
        refuse_excess(self.one.spec.memory_limit)
        if self.progress is not None:
            inputs = self.one.inputs
            done = [source.position() for source in (inputs.predictions, inputs.labels) if source is not None]
            self.progress(sum(part[0] for part in done), sum(part[1] for part in done))
