"""What a state is: sums and counts that can be added in any order, for each class, each slice and each cell of both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_sums import ExactSums
from xentcli.numerics.segments import Where
from xentcli.state.scored_rows import Floats, Index, ScoredRows

Counts = NDArray[np.int64]
Exact = TypeVar("Exact", bound=np.generic)
Held = TypeVar("Held")


@dataclass(frozen=True)
class View:
    """A part of a state, or all of it added up: which cells, class columns and slices go where.

    Places of the state are listed in `cells`, `columns` and `slices`. Without `to` they are picked, in that order. With
    `to` every cell, column and slice is added to the one whose number stands in its place; there are then `n_classes`
    classes, `n_slices` slices, and `n_cells` cells where they are not slice·K + class.
    """

    cells: Index
    columns: Index
    slices: Index
    to: bool = False
    n_classes: int = 0
    n_slices: int = 1
    n_cells: int = 0

    @cached_property
    def listed(self) -> tuple[tuple[list[int], int], ...]:
        """Return the places along each axis and how many there must be of it, made once for all statistics."""
        axes: tuple[list[int], ...] = (self.cells.tolist(), self.columns.tolist(), self.slices.tolist())
        return tuple((places, max(places, default=-1) + 1) for places in axes)


class _Picked(ExactSums):
    """Some of the sums of another, whose values are known: of 100,000 slices little more is asked for."""

    def __init__(self, of: ExactSums, values: list[Dyadic], places: list[int]) -> None:
        self.size = len(places)
        self._of, self._values, self._places = of, values, places

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of sums of their own, which these become."""
        if name.startswith("__"):
            raise AttributeError(name)
        own = self._of.take(np.array(self._places, dtype=np.intp))
        self.__dict__ |= vars(own)
        return self.__dict__[name]

    def values(self) -> list[Dyadic]:
        """Return every sum, exactly."""
        if "_limbs" in self.__dict__:
            return super().values()
        return [self._values[at] for at in self._places]


class _Later(dict[str, Held]):
    """Values that are made when they are first asked for."""

    def __init__(self, make: Callable[[str], Held]) -> None:
        self._make = make

    def __missing__(self, name: str) -> Held:
        made = self[name] = self._make(name)
        return made


class State(ABC):
    """One statistic's sums, along up to three axes.

    Cells are pairs of slice and class (slice·K + class, unless the classes are learnt as they come); columns are pairs
    of slice and predicted class, always slice·K + class; slices are slices. More of each may turn up later.

    Laws, which one test harness holds every state to: `a.merge(empty) == a`, merging is associative and commutative,
    `merge` changes neither side, updating with parts in any order gives the same as updating with the whole. Equality
    is of `totals()`.
    """

    cell_sums: ClassVar[tuple[str, ...]] = ()
    column_sums: ClassVar[tuple[str, ...]] = ()
    slice_sums: ClassVar[tuple[str, ...]] = ()
    cell_counts: ClassVar[tuple[str, ...]] = ()
    slice_counts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        sizes = (n_classes, n_classes, 1)
        named = zip((self.cell_sums, self.column_sums, self.slice_sums), sizes, strict=True)
        self.sums: dict[str, ExactSums] = {name: ExactSums(size) for names, size in named for name in names}
        self.counts: dict[str, Counts] = {name: np.zeros(n_classes, dtype=np.int64) for name in self.cell_counts}
        self.counts |= {name: np.zeros(1, dtype=np.int64) for name in self.slice_counts}
        # The values of sums and counts, where parts of them were looked at since rows were added.
        self._values: dict[str, list[Dyadic]] = {}

    def update(self, rows: ScoredRows) -> None:
        """Add the rows to the sums."""
        self._values = {}
        if rows.slices is not None or rows.n_cells:
            self.make_room(rows.n_classes, rows.n_slices, rows.n_cells)
        self.add(rows)

    @abstractmethod
    def add(self, rows: ScoredRows) -> None:
        """Add the rows, for all of which there is room."""

    def empty(self) -> Self:
        """Return the identity of `merge`."""
        return type(self)(self.n_classes)

    def make_room(self, n_classes: int, n_slices: int, n_cells: int) -> None:
        """Make room for so many slices, and cells where they are not slice·K + class (0 where they are)."""
        cells = n_cells or n_slices * n_classes
        for names, size in (
            (self.cell_sums, cells),
            (self.column_sums, 0 if n_cells else n_slices * n_classes),
            (self.slice_sums, n_slices),
        ):
            for name in names:
                self.sums[name].grow(size)
        for name in self.cell_counts:
            self.counts[name] = padded(self.counts[name], cells)
        for name in self.slice_counts:
            self.counts[name] = padded(self.counts[name], n_slices)

    def __getstate__(self) -> dict[str, Any]:
        # What was looked at is looked at again.
        return {**self.__dict__, "_values": {}}

    def merge(self, other: Self) -> Self:
        """Return the sums of both; neither is changed."""
        out = self.empty()
        out.sums = {name: self.sums[name].merge(other.sums[name]) for name in out.sums}
        for name in out.counts:
            size = max(len(self.counts[name]), len(other.counts[name]))
            out.counts[name] = padded(self.counts[name], size) + padded(other.counts[name], size)
        out.merge_rest(self, other)
        return out

    def merge_rest(self, one: Self, other: Self) -> None:  # noqa: B027  # most have nothing more
        """Take over what is along no axis."""

    def after(self, rows: int) -> Self:
        """Return the same sums of rows that so many others come before; it shares them with this one."""
        out = copy(self)
        out.move_rest(rows)
        return out

    def move_rest(self, rows: int) -> None:  # noqa: B027  # most do not tell rows by their place
        """Count the rows from a later place."""

    def view(self, view: View) -> Self:
        """Return a part of the sums, or all of them added up by class."""
        return self._added_up(view) if view.to else self._picked(view)

    def _picked(self, view: View) -> Self:
        """Return the sums at the places of a view; what is along no axis is shared with this one.

        They are picked when they are asked for, as many slices may be looked at, and each for a few figures.
        """
        out = object.__new__(type(self))
        out.__dict__ |= self.__dict__
        out.n_classes, out._values = view.n_classes, {}
        out.sums = _Later(lambda name: self._some_sums(name, *view.listed[self._axis_of(name)]))
        out.counts = _Later(lambda name: self._some_counts(name, *view.listed[self._axis_of(name)]))
        return out

    @classmethod
    def _axis_of(cls, name: str) -> int:
        """Return which of cells, columns and slices a sum or count is along."""
        if name in cls.cell_sums or name in cls.cell_counts:
            return 0
        return 1 if name in cls.column_sums else 2

    def _some_sums(self, name: str, places: list[int], size: int) -> ExactSums:
        values = self._values.get(name)
        if values is None or len(values) < size:
            self.sums[name].grow(size)
            values = self._values[name] = self.sums[name].values()
        return _Picked(self.sums[name], values, places)

    def _some_counts(self, name: str, places: list[int], size: int) -> Counts:
        if size > len(self.counts[name]):
            self.counts[name] = padded(self.counts[name], size)
        return self.counts[name][places]

    def _added_up(self, view: View) -> Self:
        """Return all of the sums, each added to the one that the view says."""
        out = self.empty()
        out.n_classes = view.n_classes
        axes = (
            (self.cell_sums, self.cell_counts, view.cells, view.n_cells or view.n_slices * view.n_classes),
            (self.column_sums, (), view.columns, view.n_slices * view.n_classes),
            (self.slice_sums, self.slice_counts, view.slices, view.n_slices),
        )
        for sums, counts, places, size in axes:
            for name in sums:
                held = self.sums[name]
                held.grow(len(places))
                out.sums[name] = held.fold(places[: held.size], size)
            for name in counts:
                out.counts[name] = np.zeros(size, dtype=np.int64)
                np.add.at(out.counts[name], places, padded(self.counts[name], len(places)))
        out.merge_rest(self, self.empty())
        return out

    def totals(self) -> dict[str, object]:
        """Return every sum as exact plain values, equal exactly where the states are."""
        sums = (*self.cell_sums, *self.column_sums, *self.slice_sums)
        counts = (*self.cell_counts, *self.slice_counts)
        held: dict[str, object] = {name: _trimmed(self.sums[name].values()) for name in sums}
        return held | {name: _trimmed(self.counts[name].tolist()) for name in counts}


def _trimmed(values: Sequence[object]) -> list[object]:
    """Return the values without the zeros at the end: room for what may come is no difference."""
    kept = list(values)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def padded(values: NDArray[Exact], size: int) -> NDArray[Exact]:
    """Return the values with zeros at the end until there are `size`."""
    if len(values) >= size:
        return values
    return np.concatenate([values, np.zeros(size - len(values), dtype=values.dtype)])


def add_products(sums: ExactSums, factors: Sequence[Floats | None], index: Where) -> None:
    """Add the exact product of the factors that are not None (None stands for 1) to the sums that `index` names."""
    known = [factor for factor in factors if factor is not None]
    if len(known) == 1:
        sums.add(known[0], index)
    else:
        sums.add_products(known, index)


def add_rows(sums: ExactSums, values: Floats, rows: ScoredRows) -> None:
    """Add w·value of each row to its slice's sum, exactly."""
    add_products(sums, [values, rows.sample_weight], rows.slices)


def add_terms(sums: ExactSums, values: Floats, rows: ScoredRows) -> None:
    """Add w·y·value of each term to its cell's sum, exactly."""
    terms = rows.terms
    add_products(sums, [values, terms.share, terms.of(rows.count)], terms.cell)


def add_matrix(sums: ExactSums, matrix: Floats, weight: Floats | None, rows: ScoredRows) -> None:
    """Add weight·matrix[i, k] of each row to the sum of its slice and class k, exactly."""
    if rows.slices is not None:
        for k in range(matrix.shape[1]):
            add_products(sums, [np.ascontiguousarray(matrix[:, k]), weight], rows.slices * matrix.shape[1] + k)
    elif weight is None:
        sums.add_columns(matrix)
    else:
        sums.add_products([matrix, weight[:, None]], slice(0, sums.size))
