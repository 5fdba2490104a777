"""Which predictions and weights are valid numbers, and which almost are: [−1e-6, 0) counts as 0, (1, 1+1e-6] as 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.class_axis import SNAP

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def check_probabilities(p: Floats, top: Floats | None = None) -> tuple[Floats, Mask | None, Mask | None]:
    """Return p with near misses snapped to 0 or 1, which cells were snapped, and which are invalid (None for none).

    top: the largest of each row, where it is known.

    >>> p, snapped, invalid = check_probabilities(np.array([[-1e-9, 1.1]]))
    >>> p.tolist(), snapped.tolist(), invalid.tolist()
    ([[0.0, 1.0]], [[True, False]], [[False, True]])
    """
    if p.size == 0 or (p.min() >= 0.0 and _largest(p, top) <= 1.0):
        return p, None, None
    invalid = ~((p >= -SNAP) & (p <= 1.0 + SNAP))
    snapped = ((p < 0.0) | (p > 1.0)) & ~invalid
    return np.clip(p, 0.0, 1.0), _or_none(snapped), _or_none(invalid)


def check_logprobs(x: Floats, top: Floats | None = None) -> tuple[Floats, Mask | None, Mask | None]:
    """Return x with (0, ln(1+1e-6)] snapped to 0, which cells were snapped, and which are invalid: NaN or above."""
    if x.size == 0 or _largest(x, top) <= 0.0:
        return x, None, None
    invalid = ~(x <= np.log1p(SNAP))
    snapped = (x > 0.0) & ~invalid
    return np.minimum(x, 0.0), _or_none(snapped), _or_none(invalid)


def check_logits(x: Floats, top: Floats | None = None) -> tuple[Floats, Mask | None, Mask | None]:
    """Return x, None, and which cells are invalid: NaN or +inf; −inf masks a class and is valid."""
    if x.size == 0 or _largest(x, top) < np.inf:
        return x, None, None
    return x, None, _or_none(~(x < np.inf))


def invalid_weights(weight: Floats) -> Mask | None:
    """Return which weights are NaN, negative or infinite, or None if all are valid.

    >>> invalid_weights(np.array([0.0, 2.5])), invalid_weights(np.array([1.0, -1.0])).tolist()
    (None, [False, True])
    """
    if weight.size == 0 or (weight.min() >= 0.0 and weight.max() < np.inf):
        return None
    return ~((weight >= 0.0) & (weight < np.inf))


def invalid_counts(weight: Floats) -> Mask | None:
    """Return which counts of rows are no whole numbers from 0 to 2^53, or None if all are valid.

    >>> invalid_counts(np.array([0.0, 2.0])), invalid_counts(np.array([1.0, 0.5])).tolist()
    (None, [False, True])
    """
    whole = (weight >= 0.0) & (weight <= 2.0**53) & (weight == np.floor(weight))
    return None if whole.all() else ~whole


def _largest(values: Floats, top: Floats | None) -> float:
    return float((values if top is None else top).max())


def _or_none(mask: Mask) -> Mask | None:
    return mask if mask.any() else None
