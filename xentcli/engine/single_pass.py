"""One pass over the inputs: rows are aligned, scored and added up, and what came of it is a shard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from xentcli.alignment.aligner import Aligner, Part
from xentcli.alignment.batch_maker import make_batches
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import Classes
from xentcli.columns.inputs import Inputs
from xentcli.columns.lookup import Lookup
from xentcli.columns.one_column import OneColumn
from xentcli.engine.planner import Planner
from xentcli.errors import DataError
from xentcli.results.class_names import ClassNames
from xentcli.results.evaluation import Found
from xentcli.scoring.scorer import score
from xentcli.sources.base import Source
from xentcli.spec.options import EvalSpec
from xentcli.state.row_counts import FirstRows
from xentcli.state.shard import Read, Shard

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels


class Pass:
    """Opened inputs whose columns and classes are settled, to be read once."""

    def __init__(self, spec: EvalSpec, inputs: Inputs, classes: Classes) -> None:
        """Make what the pass needs. Raises UsageError for an error that is certain: it comes before the long run."""
        self.spec = spec
        self.inputs = inputs
        self.classes = classes
        self.maker = make_batches(inputs, classes, spec)
        self.planner = Planner(spec, inputs, classes, self.maker)
        self.state = self.planner.empty()
        self.planner.refuse_certain_errors()
        self._aligner: Aligner | None = None

    def add_up(
        self,
        streams: list[Stream],
        keyed: KeyedLabels | None,
        chunk_rows: int | None = None,
        tell: Callable[[], None] | None = None,
        part: Part | None = None,
    ) -> None:
        """Score all rows of the streams; `tell` is called before each batch.

        Of all errors the one of the lowest row is raised: one of reading and pairing comes after those of every row
        before it.
        """
        self._aligner = Aligner(self.inputs, streams, self.maker, chunk_rows, keyed, part=part)
        plan = self.planner.plan()
        try:
            for batch in self._aligner.batches():
                if tell is not None:
                    tell()
                for scored in score(batch, plan):
                    self.state.add(scored)
        except DataError as error:
            raise self.inputs.located(error) from None

    @property
    def rows(self) -> int:
        """Return how many rows of PREDICTIONS were read."""
        return 0 if self._aligner is None else self._aligner.rows

    def shard(self, names: ClassNames, labels_given: bool) -> Shard:
        """Return what came of it. names: the classes, as far as the labels say what they are called."""
        weights, mapper = self.classes.weights(self.spec.class_weight), self.classes.mapper
        slices = self.maker.slices
        return Shard(
            spec=self.spec,
            by=() if slices is None else slices.names,
            names=names,
            unmet=mapper.unmet() if isinstance(mapper, OneColumn) else (),
            class_weight=None if weights is None else tuple(weights.tolist()),
            slices=None if slices is None else tuple(slices.slices()),
            cells=tuple(self.maker.cells.tuples) if self.maker.label_only else None,
            state=self.state,
            read=self._read(labels_given),
        )

    def _read(self, labels_given: bool) -> Read:
        inputs, aligner = self.inputs, self._aligner
        assert aligner is not None
        mine, yours, roles = inputs.predictions, inputs.labels, inputs.roles
        lookup = Lookup(mine, yours)
        unused = [name for side in range(len(lookup.sources)) for name in roles.unused(lookup, side)]
        blank = [source for source in lookup.sources if source.trailing_blank]
        rows = sum(self.state.rows.number(name) for name in ("read", "zero_weight", "dropped", "ignored"))
        if aligner.blank_taken:
            blank = [source for source in blank if source is not yours]
        return Read(
            predictions=mine.files,
            labels=(yours or mine).files if labels_given else (),
            keyed=bool(roles.on),
            labelled=bool(roles.label),
            distributions=roles.distribution,
            named=len(roles.predictions) > 1,
            unused=tuple(dict.fromkeys(unused)),
            left_out=self.classes.left_out,
            predicted=self.classes.predicted,
            unchecked=aligner.unchecked,
            blank_ended=tuple(_at(source, rows) for source in blank),
            unmatched_labels=aligner.unmatched_labels,
            clipped=self._found(self.state.clipping.first),
            off=self._found(self.state.row_sums.first),
            snapped=self._found(self.state.rows.first_snapped),
        )

    def _found(self, first: FirstRows) -> tuple[Found, ...]:
        return tuple(_at(self.inputs.predictions, row) for row in first.rows)


def _at(source: Source, row: int) -> Found:
    """Return where a row stands."""
    spot = source.locate(row)
    return Found(spot.file, spot.record)
