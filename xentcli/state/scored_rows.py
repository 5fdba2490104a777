"""What a state is updated with: rows with their losses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.segments import Runs

Floats = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of some rows: one for each class with a part in a row's label, with hard labels one a row.

    row: (t,) the place of a term's row among the rows, None where term i is row i. place: (t,) where its class and row
    stand in a matrix (n, k), column by column. cell: its slice and class, (t,) or as runs where terms are sorted by it.
    share: (t,) w·y, the sample weight of the term; weight: (t,) a = w·y·c; None stands for 1.
    loss: (t,) what it is charged, in nats, for each unit of `loss_weight`: that is a, or w·y where labels are smoothed
    and classes weighted. coarse: the same losses at a coarser clip, None where nothing differs. clipped: whether the
    row has a clipped term, None without a clip. With count weights w is in none of these but in `ScoredRows.count`.
    """

    row: Index | None
    place: Index
    cell: Index | Runs
    share: Floats | None
    weight: Floats | None
    loss: Floats
    loss_weight: Floats | None
    coarse: Floats | None
    clipped: NDArray[np.bool_] | None
    label_probability: Floats

    def of(self, values: NDArray[Any] | None) -> NDArray[Any] | None:
        """Return what belongs to each term of an array with an entry a row, if there is one."""
        return values if self.row is None or values is None else values[self.row]


@dataclass(frozen=True, slots=True)
class Totals:
    """The terms of each row added up, where labels are distributions: A = Σ_k a_k, and what is charged for them.

    weight: (n,) A. What is charged is loss_weight·loss, both (n,). parts: (n, k) w·y.
    """

    weight: Floats
    loss_weight: Floats
    loss: Floats
    parts: Floats


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """Rows of positive weight with their losses: what every state is updated with.

    Matrices are (n, n_classes), column by column. identity: (n,) hashes of
    what rows are, None where their place says it. label_hash: (n,) hashes of labels.
    weight: (n,) w, None where all are 1 or where `count` has them: how many equal rows each row stands for. totals:
    where a row may have several terms. entropy: (n,) the least that any predictions could be charged for a row (with
    count weights for one of the equal rows), None where that is 0. probabilities, ranking, squared_error are None where
    the probabilities of other classes are not known. top: the largest of `ranking` in each row, where it is known.
    slices: (n,) or None; n_slices, n_cells: how many there are so far. per: (n,) or None.
    """

    n_classes: int
    rows: NDArray[np.int64]
    identity: NDArray[np.uint64] | None
    label_hash: NDArray[np.uint64]
    weight: Floats | None
    count: Floats | None
    terms: Terms
    totals: Totals | None = None
    entropy: Floats | None = None
    probabilities: Floats | None = None
    ranking: Floats | None = None
    top: Floats | None = None
    squared_error: Floats | None = None
    sums: Floats | None = None
    log_sums: Floats | None = None
    clipped: NDArray[np.bool_] | None = None
    per: Floats | None = None
    slices: Index | None = None
    n_slices: int = 1
    n_cells: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def sample_weight(self) -> Floats | None:
        """Return what a row counts for in figures other than the loss: its weight, or its count."""
        return self.weight if self.count is None else self.count


class Sizes(NamedTuple):
    """How many classes and slices there are so far, and cells where they are not slice·K + class (0 where they are)."""

    n_classes: int
    n_slices: int
    n_cells: int


class Tally(NamedTuple):
    """What is counted of some rows beside their figures.

    counts: by name, times (n,), as a mask or numbers, and the slice of each, None where there is one. unmatched: how
    many have no label. snapped: (m,) the rows of which a value was moved to the nearest allowed one.
    """

    counts: tuple[tuple[str, NDArray[np.bool_] | NDArray[np.int64], Index | None], ...]
    unmatched: int
    snapped: NDArray[np.int64] | None


class Scored(NamedTuple):
    """Some rows of a batch: those that enter the figures, None where none do, and what is counted of all of them.

    sizes: what there must be room for, with the first rows of a batch; it must not depend on where a batch ends.
    """

    rows: ScoredRows | None
    tally: Tally
    sizes: Sizes | None
