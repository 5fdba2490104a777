"""What a state is: sums that can be added in any order."""

from __future__ import annotations

from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from xentcli.batch import ScoredRows
from xentcli.exact import ExactSums


class State(Protocol):
    """One statistic's sums.

    Laws, which one test harness holds every state to: `a.merge(empty) == a`, merging is associative and
    commutative, `merge` changes neither side, updating with parts in any order gives the same as updating with
    the whole. Equality is of `totals()`.
    """

    def update(self, rows: ScoredRows) -> None:
        """Add the rows to the sums."""

    def merge(self, other: Self) -> Self:
        """Return the sums of both."""

    def totals(self) -> dict[str, object]:
        """Return every sum as exact plain values, equal exactly where the states are."""


def add_weighted(sums: ExactSums, values: NDArray[np.float64], rows: ScoredRows, by_class: bool = True) -> None:
    """Add w·value of each row to its class's sum, exactly (or to sum 0 if not `by_class`)."""
    index = rows.classes if by_class else None
    if rows.weight is None:
        sums.add(values, index)
    else:
        sums.add_products([values, rows.weight], index)


def add_weighted_columns(sums: ExactSums, matrix: NDArray[np.float64], rows: ScoredRows) -> None:
    """Add w·matrix[i, k] of each row to sum k, exactly."""
    if rows.weight is None:
        sums.add_columns(matrix)
    else:
        sums.add_products([matrix, rows.weight[:, None]])
