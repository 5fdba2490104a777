"""One evaluation from paths to result: open, settle columns and classes, read and score, say what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xentcli.alignment.aligner import Part
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import advised, find_classes
from xentcli.columns.inputs import open_inputs
from xentcli.columns.one_column import OneColumn
from xentcli.engine.local import available_cores, can_fork, workers
from xentcli.engine.single_pass import Pass
from xentcli.engine.units import Units, units_of
from xentcli.engine.work import Work
from xentcli.errors import DataError, ResourceError
from xentcli.memory_limit import refuse_excess
from xentcli.results.evaluation import EvalResult
from xentcli.sources.base import Piece
from xentcli.spec.options import EvalSpec
from xentcli.state.shard import Shard
from xentcli.summary.build_result import Running, result_of

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels
    from xentcli.engine.shared_out import Outcome

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
    jobs = spec.jobs or available_cores()
    try:
        shard = shard_of(spec, predictions, labels, progress, jobs)
        return result_of(shard, Running(began, jobs, arguments))
    except MemoryError as error:
        hint = "Fewer --jobs or a smaller --chunk-rows need less."
        raise ResourceError("not enough memory", hint=hint) from error


def shard_of(
    spec: EvalSpec, predictions: str, labels: str | None, progress: Progress | None = None, jobs: int = 1
) -> Shard:
    """Return the sums over all rows of the inputs, which are closed again. Raises what `evaluate_spec` raises."""
    for share in (True, False):
        with workers(jobs) as pool, ExitStack() as stack:
            inputs, classes = find_classes(open_inputs(spec, predictions, labels, stack), spec)
            try:
                one = Pass(spec, inputs, classes)
                reading = _Reading(one, progress, jobs, pool, stack, labels is not None)
                if (shard := reading.shard(share)) is not None:
                    return shard
            except DataError as error:
                raise advised(error, inputs, classes) from None
    raise AssertionError  # one pass has a shard or an error


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of all rows: how far ahead, and who is told how far it has come."""

    one: Pass
    progress: Progress | None
    jobs: int
    pool: Executor
    stack: ExitStack
    labels_given: bool

    def shard(self, share: bool) -> Shard | None:
        """Return what came of it; None where work was shared out and one pass over all rows has to find an error."""
        units = units_of(self.one.inputs, self.one.spec, self.jobs, self.stack) if share and can_fork() else None
        return self._in_one_pass(self.one, Part()) if units is None else self._shared_out(units)

    def _shared_out(self, units: Units) -> Shard | None:
        """Return the sums of units that several processes worked on."""
        from xentcli.engine.shared_out import shared_out

        one = self.one
        keyed = self._loaded() if one.inputs.roles.on else None
        work = Work(one.spec, one.inputs, one.classes, keyed, self.labels_given)
        outcome = shared_out(work, units, self.jobs, self._tell)
        if outcome.failed is not None and not outcome.clash and _is_stateless(one):
            return self._onwards(outcome)
        shard = None if outcome.clash or outcome.failed is not None else outcome.together.whole()
        if shard is not None:
            for source in (one.inputs.predictions, one.inputs.labels):
                if source is not None:
                    source.check_unchanged()
            one.planner.refuse_unknown_weights(shard.names.classes)
            one.planner.refuse_nothing(shard.state)
        return shard

    def _loaded(self) -> KeyedLabels:
        """Return LABELS in memory, read with all cores; the threads for that are gone again."""
        from xentcli.alignment.key_join import KeyedLabels

        one, labels = self.one, self.one.inputs.labels
        assert labels is not None
        wanted = one.inputs.roles.wanted(1, one.spec)
        keyed = KeyedLabels(one.inputs, wanted, one.spec.columns.unmatched)
        window = min(self.jobs, _MOST_AHEAD) + 1
        with workers(self.jobs) as pool:
            one.planner.refuse_labels(keyed, keyed.load(self._watched(labels.pieces(wanted, pool, window))))
        keyed.share()
        return keyed

    def _onwards(self, outcome: Outcome) -> Shard:
        """Return all sums, or raise the error that a unit has: one pass begins where the unit does."""
        assert outcome.failed is not None
        one, together = self.one, outcome.together
        inputs = outcome.failed.onwards().opened(one.inputs, self.stack)
        again = Pass(one.spec, inputs, one.classes.placed(inputs))
        rest = self._in_one_pass(again, Part(before=together.rows)).after(together.rows)
        return rest if together.shard is None else together.shard.merge(rest)

    def _in_one_pass(self, one: Pass, part: Part) -> Shard:
        """Return the sums of all rows of the inputs, scored here; threads read ahead."""
        inputs = one.inputs
        # Memory is what is read ahead, so more than a few threads do not read further ahead.
        window = min(self.jobs, _MOST_AHEAD) + 1 if self.jobs > 1 else 0
        sources = [source for source in (inputs.predictions, inputs.labels) if source is not None]
        wanted = [inputs.roles.wanted(side, one.spec) for side in range(len(sources))]
        ahead = (window, min(window, 2))
        pieces = [source.pieces(wanted[side], self.pool, ahead[side]) for side, source in enumerate(sources)]
        keyed = None
        if inputs.roles.on:
            from xentcli.alignment.key_join import KeyedLabels

            keyed = KeyedLabels(inputs, wanted[1], one.spec.columns.unmatched)
            pieces = [self._looked_up(keyed, *pieces)]
        one.add_up([Stream(each) for each in pieces], keyed, one.spec.chunk_rows, self._tell, part=part)
        names = one.classes.finish()
        one.planner.refuse_unknown_weights(names.classes)
        if not part.before:
            one.planner.refuse_nothing(one.state)
        return one.shard(names, self.labels_given)

    def _looked_up(self, keyed: KeyedLabels, predictions: Iterator[Piece], labels: Iterator[Piece]) -> Iterator[Piece]:
        """Load LABELS and return the pieces of PREDICTIONS: with several threads they are read and looked up ahead."""
        planner = self.one.planner
        if self.jobs == 1:
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

    def _tell(self, part: float | None = None) -> None:
        """Say how far it has come: by what was read, or a part of all there is."""
        refuse_excess(self.one.spec.memory_limit)
        if self.progress is not None:
            inputs = self.one.inputs
            done = [source.position() for source in (inputs.predictions, inputs.labels) if source is not None]
            size = sum(known for _, known in done)
            self.progress(sum(read for read, _ in done) if part is None else int(part * size), size)


def _is_stateless(one: Pass) -> bool:
    """Say whether what a row is in error for does not depend on the rows before it."""
    roles, mapper = one.inputs.roles, one.classes.mapper
    settled = mapper is None or mapper.headless is None
    if isinstance(mapper, OneColumn):
        settled = settled and not mapper.unmet()
    return settled and not (roles.by or roles.on or roles.shared or one.spec.input.label_only)
