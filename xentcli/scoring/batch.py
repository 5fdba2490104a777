"""Aligned rows, not yet validated: what scoring takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.column_matrix import SomeColumns
from xentcli.state.scored_rows import Floats, Index, Sizes


class Probe(Enum):
    """Whether rows are scored, or only validated: whole rows, or their cells alone."""

    NO = 0
    ROWS = 1
    CELLS = 2


class Left(IntEnum):
    """What stands in place of a class number where a row is validated and counted, and enters nothing else."""

    MISSING = -1
    IGNORED = -2
    UNMATCHED = -3


@dataclass(frozen=True, slots=True)
class Batch:
    """Aligned rows, not yet validated.

    columns: one array of shape (n,) a class, in class order, each of the file's own float or integer type.
    labels: (n,) class of each row's label, or a `Left`. targets: (n,) the part of each class in a row's label, for
    labels that are distributions. weight, per: (n,) or None. rows, label_rows: (n,) where each row is in PREDICTIONS
    and in LABELS, counted from 0. identity: (n,) a hash of what tells a row from others. slices: (n,) which slice a row
    is in; cells: (n,) which slice and class, where that is not slice·K + class. Numbers of both count from 0.
    probe: the rows are only validated, as an error in one of them is about to be raised: is there one before it? With
    Probe.CELLS some columns hold 0 in place of what could not be read, so sums are not checked.
    snapped: one entry, the row within the batch, for each cell whose text is not 0 but which float64 rounds to 0.
    sizes: how many classes, slices and cells there are so far. hashes: (n_classes,) of the labels of each class.
    class_weight: (n_classes,) or None.
    """

    columns: SomeColumns
    labels: Index
    weight: NDArray[np.generic] | None
    rows: NDArray[np.int64]
    snapped: NDArray[np.int64]
    sizes: Sizes
    hashes: NDArray[np.uint64]
    class_weight: Floats | None = None
    label_rows: NDArray[np.int64] | None = None
    identity: NDArray[np.uint64] | None = None
    targets: SomeColumns | None = None
    per: NDArray[np.generic] | None = None
    slices: Index | None = None
    cells: Index | None = None
    probe: Probe = Probe.NO

    def __len__(self) -> int:
        return len(self.labels)
