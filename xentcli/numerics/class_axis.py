"""Sums and maxima over the classes of a row, with the same bits however many rows there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SNAP = 1e-6
# Slack for the rounding of a sum itself, so that text such as .33, .33, .33 is 0.01 away from 1 and no further.
SUM_ROUNDING = 1e-12


def sum_over_classes(matrix: Floats) -> Floats:
    """Return the sum of each row, shape (n,), added by halves.

    >>> sum_over_classes(np.array([[0.25, 0.5, 0.25]])).tolist()
    [1.0]
    """
    return _halved(matrix, np.add)


def max_over_classes(matrix: Floats) -> Floats:
    """Return the maximum of each row, shape (n,)."""
    return _halved(matrix, np.maximum)


def _halved(matrix: Floats, combine: np.ufunc) -> Floats:
    """Return the columns combined: the first half with the second, and so on; an odd one stays as it is."""
    while (k := matrix.shape[1]) > 1:
        half, pairs = (k + 1) // 2, k // 2
        folded = np.empty((len(matrix), half), order="F")
        combine(matrix[:, :pairs], matrix[:, half:], out=folded[:, :pairs])
        if pairs < half:
            folded[:, pairs] = matrix[:, pairs]
        matrix = folded
    return np.ascontiguousarray(matrix[:, 0])
