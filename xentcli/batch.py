"""The two shapes in which rows travel: aligned input, and the same rows scored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Aligned rows, not yet validated.

    columns: one array of shape (n,) a class, in class order, each of the file's own float or integer type.
    labels: (n,) class of each row's label. weight: (n,) or None. first_row: rows before these, in the whole input.
    snapped: one entry, the row within the batch, for each cell whose text is not 0 but which float64 rounds to 0.
    """

    columns: tuple[NDArray[np.generic], ...]
    labels: NDArray[np.intp]
    weight: NDArray[np.generic] | None
    first_row: int
    snapped: NDArray[np.int64]

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
    clipped: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.loss)
