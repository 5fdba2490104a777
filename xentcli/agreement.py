"""Whether the rows of both inputs agree: in the columns that both have, and in a weight that both give."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.roles import Place, Roles
from xentcli.errors import DataError
from xentcli.sources.base import OrderValues, Piece, Source, Strings, error_at
from xentcli.text import quote

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The open sources and what their columns are for."""

    predictions: Source
    labels: Source | None
    roles: Roles

    def source(self, place: Place) -> Source:
        """Return the source a column is in."""
        return self.predictions if place.side == 0 or self.labels is None else self.labels


@dataclass(frozen=True, slots=True)
class AlignedRows:
    """Aligned rows of both inputs (the same piece twice if there is one)."""

    sides: tuple[Piece, Piece]
    first_row: int


class Agreement:
    """Compares aligned rows of both inputs."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.unchecked: list[str] = []

    def of(self, rows: AlignedRows) -> tuple[int, DataError | None]:
        """Return how many rows agree in the columns that both inputs share, and the error after them."""
        roles = self.inputs.roles
        first = rows.sides[0].rows
        error: DataError | None = None
        for name in roles.shared:
            if name in self.unchecked:
                continue
            mine, yours = rows.sides[0].order[name], rows.sides[1].order[name]
            at = first_difference(mine, yours)
            if at is not None:
                at = first_different_value(mine, yours, at)
            if at is not None and both_fractions(text_at(mine, at), text_at(yours, at)):
                self.unchecked.append(name)
            elif at is not None and at < first:
                first, error = at, self._order_error(name, rows.first_row + at, mine, yours, at)
        if len(roles.weight) == 2:
            name = roles.weight[0].name
            weights = [side.numbers[name].astype(np.float64) for side in rows.sides]
            differ = (weights[0] != weights[1]) & ~(np.isnan(weights[0]) & np.isnan(weights[1]))
            different = np.flatnonzero(differ)
            if len(different) and different[0] < first:
                first = int(different[0])
                error = self._weight_error(name, rows.first_row + first, weights, first)
        return first, error

    def _order_error(self, name: str, row: int, mine: OrderValues, yours: OrderValues, at: int) -> DataError:
        source = self.inputs.predictions
        labels = self.inputs.labels
        assert labels is not None
        return error_at(
            source,
            row,
            f"the rows are not in the same order: it is {quote(text_at(mine, at))} here and "
            f"{quote(text_at(yours, at))} in {quote(labels.path, 4096)}",
            column=name,
            hint=f"Sort both files by {quote(name)}, or use --no-order-check if it means something else in each.",
        )

    def _weight_error(self, name: str, row: int, weights: list[NDArray[np.float64]], at: int) -> DataError:
        source = self.inputs.predictions
        here, there = (float(values[at]) for values in weights)
        return error_at(
            source,
            row,
            f"the two inputs give different weights: {here!r} here and {there!r} in LABELS",
            column=name,
            hint=f"Say which to use: --weight predictions:{name} or --weight labels:{name}.",
        )


def first_difference(mine: OrderValues, yours: OrderValues) -> int | None:
    """Return the first row in which two columns of the same length differ as text, None if they agree.

    >>> first_difference(np.array([1, 2]), np.array([1, 3]))
    1
    """
    if isinstance(mine, Strings) and isinstance(yours, Strings):
        return _first_different_text(mine, yours)
    if isinstance(mine, Strings) or isinstance(yours, Strings):
        rows = range(len(mine))
        return next((row for row in rows if text_at(mine, row) != text_at(yours, row)), None)
    different = mine != yours
    return int(np.argmax(different)) if different.any() else None


def _first_different_text(mine: Strings, yours: Strings) -> int | None:
    lengths = np.diff(mine.offsets)
    wrong_length = np.flatnonzero(lengths != np.diff(yours.offsets))
    rows = int(wrong_length[0]) if len(wrong_length) else len(mine)
    a = mine.data[mine.offsets[0] : mine.offsets[rows]]
    b = yours.data[yours.offsets[0] : yours.offsets[rows]]
    wrong_byte = np.flatnonzero(a != b)
    if len(wrong_byte):
        return int(np.searchsorted(mine.offsets, mine.offsets[0] + wrong_byte[0], side="right")) - 1
    return rows if len(wrong_length) else None


def text_at(values: OrderValues, row: int) -> str:
    """Return the text of one row."""
    return values.text(row) if isinstance(values, Strings) else str(int(values[row]))


def first_different_value(mine: OrderValues, yours: OrderValues, start: int) -> int | None:
    """Return the first row from `start` on in which two columns differ as values: `5.0` is 5, `0.5` is 0.50."""
    rows = range(start, len(mine))
    return next((row for row in rows if _value(text_at(mine, row)) != _value(text_at(yours, row))), None)


def _value(text: str) -> str:
    """Return a number's text in one spelling, other text (`001`, `1e5x`) as it is."""
    return repr(float(text)) if _NUMBER.fullmatch(text) else text


def both_fractions(mine: str, yours: str) -> bool:
    """Say whether two texts are numbers with a fraction: a column that holds such is no key, and is not compared.

    >>> both_fractions("0.5", "0.75"), both_fractions("5.0", "6.0"), both_fractions("5", "x")
    (True, False, False)
    """
    if not (_NUMBER.fullmatch(mine) and _NUMBER.fullmatch(yours)):
        return False
    return not float(mine).is_integer() and not float(yours).is_integer()
