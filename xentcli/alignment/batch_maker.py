"""Aligned rows of both inputs to batches: class numbers, weights, slices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.order_check import AlignedRows
from xentcli.alignment.slice_index import MOST_CELLS, Combinations, SliceTable
from xentcli.columns.classes import Classes
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_mapper import LabelMapper
from xentcli.columns.lookup import Place
from xentcli.errors import DataError
from xentcli.numerics.column_matrix import Columns, SomeColumns, WideNumbers, columns_before, order_of
from xentcli.scoring.batch import Batch, Left, Probe
from xentcli.sources.base import Numbers, Texts, error_at
from xentcli.spec.options import EvalSpec
from xentcli.state.scored_rows import Index, Sizes
from xentcli.text import count, listing


@dataclass(slots=True)
class BatchMaker:
    """Makes batches, and learns labels and slices on the way.

    slices: None without any. label_only: only the label's probability is known, so cells are numbered as they are met.
    """

    inputs: Inputs
    classes: Classes
    slices: SliceTable | None
    label_only: bool
    class_weight: Mapping[str, float] | None
    cells: Combinations = field(default_factory=Combinations)
    _orders: list[tuple[tuple[str, ...], Mapping[str, int] | None, Index | None]] = field(default_factory=list)

    def make(self, rows: AlignedRows, stop: int) -> tuple[Batch, DataError | None]:
        """Return the rows before `stop`, and before the first label or slice that cannot be, with the error for that.

        A label that can name no class has no error here: who sees the labels after it words it.
        """
        labels = self._labels(rows, stop)
        n = len(labels)
        slices, error = self._slices(rows, n)
        if slices is not None:
            n = len(slices)
            labels = labels[:n]
        if rows.unmatched is not None:
            labels = np.where(rows.unmatched[:n], int(Left.UNMATCHED), labels[:n])
        cells = self._cells(labels, slices)
        if cells is not None and len(cells) < n:
            n = len(cells)
            labels, slices = labels[:n], None if slices is None else slices[:n]
            error = self._too_many(rows, n, f"there are more than {MOST_CELLS:,} pairs of a slice and a label")
        roles = self.inputs.roles
        snapped = rows.sides[0].snapped
        return (
            Batch(
                columns=columns_before(self._predictions(rows), n),
                labels=labels,
                weight=self._number(rows, roles.weight, n, 1.0),
                rows=rows.rows[:n],
                snapped=snapped[snapped < n],
                sizes=self.sizes,
                hashes=self.classes.hashes(),
                class_weight=self.classes.weights(self.class_weight),
                label_rows=None if rows.label_rows is None else rows.label_rows[:n],
                identity=None if rows.identity is None else rows.identity[:n],
                targets=self._targets(rows, n),
                per=self._number(rows, roles.per, n, 0.0),
                slices=slices,
                cells=cells,
            ),
            error,
        )

    def probe(self, columns: SomeColumns, weight: Numbers | None, rows: NDArray[np.int64], probe: Probe) -> Batch:
        """Return one row that is only validated, shape (1,) throughout."""
        nothing, labels = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.intp)
        hashes, weights = self.classes.hashes(), self.classes.weights(self.class_weight)
        return Batch(columns, labels, weight, rows, nothing, self.sizes, hashes, weights, probe=probe)

    @property
    def mapper(self) -> LabelMapper | None:
        """Return what maps hard labels; None where labels are distributions, or there are none."""
        return self.classes.mapper

    @property
    def sizes(self) -> Sizes:
        """Return how many classes, slices, and cells numbered as they are met, there are so far."""
        n_slices = 1 if self.slices is None else max(1, len(self.slices))
        return Sizes(self.classes.n_classes(self.label_only), n_slices, len(self.cells.tuples))

    def names(self) -> tuple[str, ...]:
        """Return the prediction columns in class order, by what is known so far."""
        known = self.mapper is None or self.inputs.roles.prediction_list
        return self.classes.names.columns if known or self.mapper is None else self.mapper.names().columns

    def _predictions(self, rows: AlignedRows) -> SomeColumns:
        """Return the prediction columns in class order."""
        return self._chosen(rows.sides[0].numbers, self.inputs.roles.predictions[0], self.names(), self.is_list)

    @property
    def is_list(self) -> bool:
        """Say whether predictions are a column of lists."""
        return self.inputs.roles.prediction_list

    def _labels(self, rows: AlignedRows, stop: int) -> Index:
        """Return class numbers, of the rows before the first label that can name no class."""
        if self.mapper is None:
            return np.zeros(stop, dtype=np.intp)
        place = self.inputs.roles.label[0]
        texts = rows.sides[place.side].labels[place.name].slice(0, stop)
        source_rows = rows.rows if place.side == 0 or rows.label_rows is None else rows.label_rows
        return self.mapper.codes(texts, source_rows)

    def _targets(self, rows: AlignedRows, n: int) -> SomeColumns | None:
        if not self.classes.targets:
            return None
        place = self.inputs.roles.label[0]
        is_list = place in self.inputs.roles.lists
        columns = self._chosen(rows.sides[place.side].numbers, place.name, self.classes.targets, is_list)
        if rows.unmatched is None:
            return columns_before(columns, n)
        # What has no label has one that is valid, and is not used.
        valid = [np.where(rows.unmatched[:n], 1.0 if k == 0 else 0.0, column[:n]) for k, column in enumerate(columns)]
        return tuple(valid)

    def _number(self, rows: AlignedRows, places: Sequence[Place], n: int, idle: float) -> Numbers | None:
        if not places:
            return None
        values = rows.sides[places[0].side].numbers[places[0].name][:n]
        if rows.unmatched is None or places[0].side == 0:
            return values
        return cast("NDArray[np.generic]", np.where(rows.unmatched[:n], idle, values))

    def _slices(self, rows: AlignedRows, n: int) -> tuple[Index | None, DataError | None]:
        """Return the slice of each row before the first slice too many, and the error for that one."""
        if self.slices is None:
            return None, None
        places = [one[0] for one in self.inputs.roles.by]
        texts = [rows.sides[place.side].labels[place.name].slice(0, n) for place in places]
        numbers = self.slices.numbers(texts) if rows.unmatched is None else self._matched(rows.unmatched[:n], texts)
        if len(numbers) == n:
            return numbers, None
        most = f"there are more than {count(self.slices.most, 'slice')} by {listing(self.slices.names)}"
        return numbers, self._too_many(
            rows, len(numbers), most, f", or allow more with --max-slices, up to {MOST_CELLS:,} slices times classes"
        )

    def _too_many(self, rows: AlignedRows, at: int, problem: str, rest: str = "") -> DataError:
        """Return the error for the row whose slice, or pair of slice and label, is one too many."""
        roles = self.inputs.roles
        place = roles.by[0][0] if roles.by else roles.label[0]
        in_labels = place.side == 1 and rows.label_rows is not None
        source_row = int((rows.label_rows if in_labels and rows.label_rows is not None else rows.rows)[at])
        hint = f"Choose columns with fewer values{rest}."
        error = error_at(self.inputs.source(place), source_row, problem, column=place.name, hint=hint)
        error.order = (int(rows.rows[at]), *error.order[1:])
        return error

    def _matched(self, unmatched: NDArray[np.bool_], columns: Sequence[Texts]) -> Index:
        """Return the slice of each row up to the first slice too many; 0, which nothing counts, for unmatched ones.

        Those make no slice of their own: they are in no figure, and what stands beside them is another row's.
        """
        assert self.slices is not None
        rows = np.flatnonzero(~unmatched)
        found = self.slices.numbers([Texts(texts.codes[rows], texts.values) for texts in columns])
        numbers = np.zeros(len(unmatched) if len(found) == len(rows) else int(rows[len(found)]), dtype=np.intp)
        numbers[rows[: len(found)]] = found
        return numbers

    def _cells(self, labels: Index, slices: Index | None) -> Index | None:
        """Return numbers of slices and labels, where labels are learnt as they come, of rows before one too many."""
        if not self.label_only:
            return None
        n_slices, n_labels = self.sizes.n_slices, max(1, 1 if self.mapper is None else self.mapper.n_classes)
        zeros = np.zeros(len(labels), dtype=np.intp)
        columns = [zeros if slices is None else slices, np.maximum(labels, 0)]
        return self.cells.numbers(columns, [n_slices, n_labels], MOST_CELLS)

    def _chosen(self, numbers: Mapping[str, Numbers], name: str, names: tuple[str, ...], is_list: bool) -> SomeColumns:
        """Return columns, or those of a column of lists by their places."""
        if is_list:
            lists = numbers[name]
            return Columns(lists, self._order(names, lambda: order_of(map(int, names), lists.shape[1])))
        if isinstance(numbers, WideNumbers):
            return Columns(numbers.matrix, self._order(names, lambda: numbers.order_of(names), numbers.places))
        return tuple(numbers[each] for each in names)

    def _order(
        self, names: tuple[str, ...], find: Callable[[], Index | None], places: Mapping[str, int] | None = None
    ) -> Index | None:
        """Return where classes stand in a matrix, which is looked up once: it is the same for all rows of a file."""
        for known_names, known_places, order in self._orders:
            if known_names is names and known_places is places:
                return order
        found = find()
        self._orders = [*self._orders[-3:], (names, places, found)]
        return found


def make_batches(inputs: Inputs, classes: Classes, spec: EvalSpec) -> BatchMaker:
    """Return what makes batches of aligned rows."""
    label_only = spec.input.label_only
    slices = None
    if inputs.roles.by:
        most = spec.slices_allowed
        most = most if label_only else min(most, max(1, MOST_CELLS // classes.n_classes(label_only)))
        slices = SliceTable([one[0].name for one in inputs.roles.by], most)
    return BatchMaker(inputs, classes, slices, label_only, spec.class_weight)
