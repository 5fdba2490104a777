"""Many columns of numbers as one matrix: what is done to each of a thousand columns costs more than its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.generic]
Floats = NDArray[np.float64]
# Below, columns one by one cost about as much.
FEWEST_COLUMNS = 64


class WideNumbers(Mapping[str, Matrix]):
    """Columns by name. matrix: (n, columns), row by row or column by column. places: where in it each column is."""

    __slots__ = ("matrix", "places")

    def __init__(self, matrix: Matrix, places: Mapping[str, int]) -> None:
        self.matrix = matrix
        self.places = places

    def __getitem__(self, name: str) -> Matrix:
        return self.matrix[:, self.places[name]]

    def __contains__(self, name: object) -> bool:
        return name in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    def slice(self, start: int, stop: int) -> WideNumbers:
        """Return rows start to stop, without copying."""
        return WideNumbers(self.matrix[start:stop], self.places)

    def order_of(self, names: Sequence[str]) -> NDArray[np.intp] | None:
        """Return the places of some columns; None where those are all, as they stand."""
        return order_of((self.places[name] for name in names), self.matrix.shape[1])


def order_of(places: Iterable[int], columns: int) -> NDArray[np.intp] | None:
    """Return places among some columns as an array; None where they are all, as they stand."""
    order = np.fromiter(places, dtype=np.intp)
    return None if np.array_equal(order, np.arange(columns)) else order


class Columns:
    """Columns in some order. matrix: (n, columns); order: which of them, None for all as they stand."""

    __slots__ = ("matrix", "order")

    def __init__(self, matrix: Matrix, order: NDArray[np.intp] | None) -> None:
        self.matrix = matrix
        self.order = order

    def __len__(self) -> int:
        return self.matrix.shape[1] if self.order is None else len(self.order)

    def __getitem__(self, at: int) -> Matrix:
        return self.matrix[:, at if self.order is None else self.order[at]]

    def __iter__(self) -> Iterator[Matrix]:
        return (self[at] for at in range(len(self)))

    def before(self, stop: int) -> Columns:
        """Return the rows before `stop`, without copying."""
        return self if stop == len(self.matrix) else Columns(self.matrix[:stop], self.order)

    def floats(self, cut: slice) -> Floats:
        """Return a copy of some rows as float64, column by column."""
        rows = self.matrix[cut]
        found = np.empty((len(rows), len(self)), order="F")
        # Copied from the transpose, so that NumPy goes through both in the order of whichever it writes or reads best.
        found.T[...] = rows.T if self.order is None else rows.T.take(self.order, axis=0)
        return found

    def joins(self, other: Any) -> bool:
        """Say whether rows of another one can come after these."""
        if not isinstance(other, Columns) or len(self) != len(other):
            return False
        if self.order is None or other.order is None:
            return self.order is other.order
        return bool(np.array_equal(self.order, other.order))


SomeColumns = tuple[Matrix, ...] | Columns


def columns_before(columns: SomeColumns, stop: int) -> SomeColumns:
    """Return the rows before `stop` of each column."""
    return columns.before(stop) if isinstance(columns, Columns) else tuple(column[:stop] for column in columns)


def floats_of(columns: SomeColumns, cut: slice) -> Floats:
    """Return some rows as float64, shape (n, columns), column by column."""
    if isinstance(columns, Columns):
        return columns.floats(cut)
    matrix = np.empty((cut.stop - cut.start, len(columns)), order="F")
    for k, column in enumerate(columns):
        matrix[:, k] = column[cut]
    return matrix


def joined_columns(parts: Sequence[SomeColumns]) -> SomeColumns:
    """Return the rows of all parts, one after another."""
    first = parts[0]
    if isinstance(first, Columns) and all(first.joins(part) for part in parts[1:]):
        matrices: list[Any] = [part.matrix for part in parts if isinstance(part, Columns)]
        return Columns(np.concatenate(matrices), first.order)
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))
