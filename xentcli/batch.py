"""The two shapes in which rows travel: aligned input, and the same rows scored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Probe(Enum):
    """Whether rows are scored, or only validated: whole rows, or their cells alone."""

    NO = 0
    ROWS = 1
    CELLS = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Aligned rows, not yet validated.

    columns: one array of shape (n,) a class, in class order, each of the file's own float or integer type.
    labels: (n,) class of each row's label. weight: (n,) or None. first_row: rows before these, in the whole input.
    probe: the rows are only validated, as an error in one of them is about to be raised: is there one before it? With
    Probe.CELLS some columns hold 0 in place of what could not be read, so sums are not checked.
    snapped: one entry, the row within the batch, for each cell whose text is not 0 but which float64 rounds to 0.
    """

    columns: tuple[NDArray[np.generic], ...]
    labels: NDArray[np.intp]
    weight: NDArray[np.generic] | None
    first_row: int
    snapped: NDArray[np.int64]
    probe: Probe = Probe.NO

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """Rows of positive weight with their losses: what every state is updated with.

    A row is a sum of terms, one for each class with a part in its label. With hard labels that is one term a
    row, so `classes`, `loss` and `weight` have one entry a row. Matrices are (n, n_classes), column by column.
    label_hash: one hash a row, of its label's name.
    """

    n_classes: int
    row: NDArray[np.int64]
    classes: NDArray[np.intp]
    label_hash: NDArray[np.uint64]
    weight: Floats | None
    loss: Floats
    label_probability: Floats
    probabilities: Floats
    ranking: Floats
    squared_error: Floats
    sums: Floats | None
    log_sums: Floats | None
    clipped: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.loss)
