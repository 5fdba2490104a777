"""Whether the rows of both inputs agree: in the columns that both have, and in a weight that both give."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.inputs import Inputs
from xentcli.errors import DataError
from xentcli.sources.base import OrderValues, Piece, Strings, error_at
from xentcli.spec.parsing import typed
from xentcli.text import canonical, quote

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class AlignedRows:
    """Aligned rows of both inputs (the same piece twice if there is one).

    rows: (n,) which rows of PREDICTIONS they are. Where keys align them, label_rows: (n,) which rows of LABELS (−1 for
    none), unmatched: (n,) which have none, None if all have one, and identity: (n,) a hash of each key.
    """

    sides: tuple[Piece, Piece]
    rows: NDArray[np.int64]
    label_rows: NDArray[np.int64] | None = None
    unmatched: NDArray[np.bool_] | None = None
    identity: NDArray[np.uint64] | None = None


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
                first, error = at, self._order_error(name, int(rows.rows[at]), mine, yours, at)
        for option, places in (("--weight", roles.weight), ("--per", roles.per)):
            if len(places) == 2:
                first, error = self._same_numbers(option, places[0].name, rows, (first, error))
        for one in roles.by:
            if len(one) == 2:
                first, error = self._same_texts(one[0].name, rows, (first, error))
        return first, error

    def _same_numbers(self, option: str, name: str, rows: AlignedRows, found: _Found) -> _Found:
        """Return the first row in which both inputs give different numbers, if it is before what was found."""
        mine, yours = (side.numbers[name].astype(np.float64) for side in rows.sides)
        differ = (mine != yours) & ~(np.isnan(mine) & np.isnan(yours))
        at = _first(differ, rows)
        if at is None or at >= found[0]:
            return found
        what = "weights" if option == "--weight" else "numbers of units"
        problem = f"the two inputs give different {what}: {float(mine[at])!r} here and {float(yours[at])!r} in LABELS"
        return at, self._differs(option, name, int(rows.rows[at]), problem)

    def _same_texts(self, name: str, rows: AlignedRows, found: _Found) -> _Found:
        """Return the first row in which both inputs give different slices, if it is before what was found."""
        mine, yours = (side.labels[name] for side in rows.sides)
        numbers: dict[str | None, int] = {None: 0}
        codes = []
        for texts in (mine, yours):
            known = [numbers.setdefault(canonical(value), len(numbers)) for value in texts.values]
            codes.append(np.array([*known, 0])[texts.codes])
        at = _first(codes[0] != codes[1], rows)
        if at is None or at >= found[0]:
            return found
        here, there = (
            "nothing" if texts.codes[at] < 0 else quote(texts.values[texts.codes[at]]) for texts in (mine, yours)
        )
        problem = f"the two inputs give different slices: {here} here and {there} in LABELS"
        return at, self._differs("--by", name, int(rows.rows[at]), problem)

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
            hint="Is it a key, or does it mean something else in each?",
            options=[typed("--on", [name]), "--no-order-check"],
        )

    def _differs(self, option: str, name: str, row: int, problem: str) -> DataError:
        options = [typed(option, [f"{side}:{name}"]) for side in ("predictions", "labels")]
        return error_at(self.inputs.predictions, row, problem, column=name, hint="Which are meant?", options=options)


_Found = tuple[int, DataError | None]


def _first(differ: NDArray[np.bool_], rows: AlignedRows) -> int | None:
    """Return the first row that differs and has a row in both inputs."""
    if rows.unmatched is not None:
        differ = differ & ~rows.unmatched
    return int(np.argmax(differ)) if differ.any() else None


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
