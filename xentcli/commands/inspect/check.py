"""The first rows of the inputs, put through everything that `eval` checks."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from xentcli.alignment.aligner import Aligner, unequal
from xentcli.alignment.batch_maker import make_batches
from xentcli.alignment.key_join import KeyedLabels
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import Classes, advised, find_classes
from xentcli.columns.inputs import Inputs
from xentcli.columns.one_column import OneColumn
from xentcli.commands.inspect.sample import Sample, SampleStream, rows_to_sample
from xentcli.engine.planner import Planner
from xentcli.errors import DataError, UsageError, XentError
from xentcli.results.class_names import ClassNames, sort_classes
from xentcli.scoring.scorer import score
from xentcli.spec.choices import Unmatched
from xentcli.spec.options import EvalSpec
from xentcli.summary.build_result import Outcome
from xentcli.text import count


@dataclass(frozen=True, slots=True)
class Checked:
    """What the first rows showed.

    outcome: as an evaluation of them would leave it. samples: of PREDICTIONS, and of LABELS if there is one. rows: how
    many rows of the label's input were understood. undecided: the error that the labels of the sample alone would be,
    and more of them may lift. memory: the bytes that holding LABELS by key takes, None if unknown or not so.
    """

    outcome: Outcome
    classes: Classes
    samples: tuple[Sample, ...]
    rows: int
    undecided: XentError | None
    memory: int | None

    @property
    def spec(self) -> EvalSpec:
        """Return the options."""
        return self.outcome.spec

    @property
    def inputs(self) -> Inputs:
        """Return the open inputs."""
        return self.outcome.inputs

    @property
    def names(self) -> ClassNames:
        """Return the classes, as far as the sample tells."""
        return self.outcome.names

    @property
    def whole(self) -> bool:
        """Say whether the sample is all there is."""
        return all(sample.whole for sample in self.samples)


def check(spec: EvalSpec, inputs: Inputs, labels: str | None, pool: Executor) -> Checked:
    """Return what the first rows show. Raises what `eval` raises of them, and of what stands before them."""
    inputs, classes = find_classes(inputs, spec, again=True)
    Planner(spec, inputs, classes, make_batches(inputs, classes, spec)).refuse_certain_errors()
    sources = [source for source in (inputs.predictions, inputs.labels) if source is not None]
    most = rows_to_sample(max(len(inputs.roles.predictions), classes.n_classes(spec.input.label_only)))
    samples = tuple(Sample(one, inputs.roles.wanted(side, spec), pool, most) for side, one in enumerate(sources))
    try:
        return _Reading(spec, labels is not None, inputs, classes, samples).checked()
    except DataError as error:
        raise advised(error, inputs, classes) from None


@dataclass(frozen=True, slots=True)
class _Reading:
    spec: EvalSpec
    labels_given: bool
    inputs: Inputs
    classes: Classes
    samples: tuple[Sample, ...]

    @property
    def whole(self) -> bool:
        return all(sample.whole for sample in self.samples)

    def checked(self) -> Checked:
        """Return what aligning, validating and scoring the sample showed."""
        maker = make_batches(self.inputs, self.classes, self.spec)
        planner = Planner(self.spec, self.inputs, self.classes, maker)
        keyed, memory = self._keyed(planner)
        aligner = Aligner(self.inputs, self._streams(keyed), maker, None, keyed)
        state = planner.empty()
        for batch in aligner.batches():
            score(batch, planner.plan(), state)
        if keyed is None and len(self.samples) == 2:
            self._refuse_surplus()
        names, undecided = self._names()
        if undecided is None and self._settled():
            planner.refuse_unknown_weights(names.classes)
        if self.whole:
            planner.refuse_nothing(state)
        outcome = Outcome(
            spec=self.spec,
            labels_given=self.labels_given,
            names=names,
            state=state,
            inputs=self.inputs,
            maker=maker,
            class_weight=planner.class_weight(),
            unchecked=aligner.unchecked,
            left_out=self.classes.left_out,
            predicted=self.classes.predicted,
            unmatched_labels=aligner.unmatched_labels,
        )
        rows = min(sample.rows for sample in self.samples) if keyed is None else self.samples[-1].rows
        return Checked(outcome, self.classes, self.samples, rows, undecided, memory)

    def _keyed(self, planner: Planner) -> tuple[KeyedLabels | None, int | None]:
        """Return the sample of LABELS by key, and about what all of it would take in memory."""
        roles = self.inputs.roles
        if not roles.on:
            return None, None
        # The keys of two samples need not meet.
        unmatched = self.spec.columns.unmatched if self.whole else Unmatched.DROP
        keyed = KeyedLabels(self.inputs, roles.wanted(1, self.spec), unmatched)
        sample = self.samples[1]
        planner.refuse_labels(keyed, keyed.load(sample.replay()))
        rows = sample.estimate if sample.total is None else sample.total
        if rows is None:
            return keyed, None
        needed = keyed.bytes_needed_for(rows)
        keyed.refuse_too_large(needed, rows)
        return keyed, needed

    def _streams(self, keyed: KeyedLabels | None) -> list[Stream]:
        samples = self.samples if keyed is None else self.samples[:1]
        known = [sample.total for sample in samples]
        totals = [0 if None in known else total or 0 for total in known]
        return [SampleStream(sample, total) for sample, total in zip(samples, totals, strict=True)]

    def _refuse_surplus(self) -> None:
        """Raise DataError where one input has fewer rows than the sample of the other, whose rows are not counted."""
        for side, (one, other) in enumerate([self.samples, self.samples[::-1]]):
            if one.total is None or other.total is not None or other.rows <= one.total:
                continue
            mapper = self.classes.mapper
            if mapper is not None and (headless := mapper.headless_if_apt()) is not None:
                raise headless
            ends = [count(one.total, "row"), f"{other.rows:,} or more"]
            if side:
                ends = [f"{other.rows:,} or more rows", f"{one.total:,}"]
            raise unequal(self.inputs, (ends[0], ends[1]), one.total)

    def _names(self) -> tuple[ClassNames, XentError | None]:
        """Return the classes, and the error that these labels alone would be where more may lift it."""
        mapper = self.classes.mapper
        undecided: XentError | None = None
        try:
            names = self.classes.finish()
        except (DataError, UsageError) as error:
            if mapper is None or self.whole or (isinstance(error, UsageError) and self._settled()):
                raise
            names, undecided = mapper.names(), error
        if self.spec.input.label_only:
            names = names._replace(classes=tuple(names.classes[at] for at in sort_classes(names.classes)))
        return names, undecided

    def _settled(self) -> bool:
        """Say whether no later label can change how the classes are called."""
        mapper = self.classes.mapper
        if isinstance(mapper, OneColumn) and not self.whole:
            return len(mapper.met) > 1
        return True
