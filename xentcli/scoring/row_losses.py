"""Row losses from probabilities, logits and log-probabilities: the mathematics and nothing else.

Matrices have shape (n_rows, n_classes), float64, and are kept column by column (Fortran order). Sums and maxima
over classes go by halves, an order that depends on the number of classes alone, so a row's bits do not depend on
the rows beside it. All losses are in nats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.class_axis import max_over_classes, sum_over_classes

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

# Well above where float64 has fewer digits.
_SMALL = 1e-290
_LN2 = float(np.log(2.0))


class RowLosses(NamedTuple):
    """What one block of predictions says about its rows.

    loss: (n,) −ln of the probability given to the label, ≥ 0, +inf where that is 0.
    label_probability: (n,) the probability given to the label.
    place: (n,) where that stands among the probabilities, column by column. These three are in the order of the labels.
    probabilities: (n, k) of every class.
    ranking: (n, k) numbers whose largest in a row is the predicted class; as given, so ties are the file's own.
    sums: (n,) sum of the probabilities as given, or None where they sum to 1 by construction. log_sums: its logarithm.
    every: returns −ln of the probability given to each class, (n, k), of which `loss` has one a row, to the bit.
    """

    loss: Floats
    label_probability: Floats
    place: Index
    probabilities: Floats
    ranking: Floats
    every: Callable[[], Floats]
    sums: Floats | None
    log_sums: Floats | None = None


def places(labels: Index, order: Index | None = None) -> Index:
    """Return where the values of labels stand in a matrix of as many rows, column by column: label·n + row.

    order: (n,) which row each label is of; without it they are in the order of the rows.
    """
    at = labels * len(labels)
    at += np.arange(len(labels)) if order is None else order
    return at


def at_label(matrix: Floats, place: Index) -> Floats:
    """Return the values at `places`, shape (n,): one gather."""
    return matrix.T.reshape(-1).take(place)


def from_probabilities(
    p: Floats, labels: Index, renormalize: bool = False, order: Index | None = None, sums: Floats | None = None
) -> RowLosses:
    """Return −ln p_label for probabilities in [0, 1], shape (n, k).

    sums: those of the rows, where they are known. They are taken before renormalisation; a row that sums to 0 must have
    been refused before. order: as in `places`, here and in the other functions.

    >>> from_probabilities(np.array([[0.7, 0.2, 0.1]]), np.array([0])).loss.round(12).tolist()
    [0.356674943939]
    """
    sums = sum_over_classes(p) if sums is None else sums
    shares = np.asfortranarray(p / sums[:, None]) if renormalize else p
    place = places(labels, order)
    label_probability = at_label(shares, place)
    every = lambda: _minus_log(shares)  # noqa: E731  # a name for what may never be called
    return RowLosses(_minus_log(label_probability), label_probability, place, shares, p, every, sums, np.log(sums))


def from_probability(p: Floats, labels: Index, order: Index | None = None) -> RowLosses:
    """Return the losses of one column p, shape (n,), of class 1: −ln p, and −log1p(−p) for class 0.

    >>> from_probability(np.array([1e-17, 0.5]), np.array([0, 1])).loss.tolist()
    [1e-17, 0.6931471805599453]
    """
    both = _two_columns(1.0 - p, p)
    with np.errstate(divide="ignore"):
        negative = 0.0 - np.log1p(-p)
    losses, place = _two_columns(negative, _minus_log(p)), places(labels, order)
    return RowLosses(at_label(losses, place), at_label(both, place), place, both, both, lambda: losses, None)


def from_logits(x: Floats, labels: Index, order: Index | None = None) -> RowLosses:
    """Return the losses of softmax(x), x of shape (n, k), without NaN, +inf or rows that are all −inf.

    With m the row's maximum and S the sum of exp(x − m) over all classes but one that holds m,
    ln Σexp(x) − x_y = log1p(S) + (m − x_y): two terms that are never negative, so nothing cancels.

    >>> f"{from_logits(np.array([[40.0, 0.0, 0.0]]), np.array([0])).loss[0]:.9e}"
    '8.496708511e-18'
    """
    top = max_over_classes(x)
    with np.errstate(over="ignore"):
        odds = np.exp(np.asfortranarray(x - top[:, None]))
        place = places(labels, order)
        behind = (top if order is None else top.take(order)) - at_label(x, place)
    is_top = x == top[:, None]
    others = sum_over_classes(np.asfortranarray(odds * ~is_top)) + (is_top.sum(axis=1) - 1.0)
    probabilities = np.asfortranarray(odds / (1.0 + others)[:, None])
    rest = np.log1p(others)

    def every() -> Floats:
        with np.errstate(over="ignore"):
            return np.asfortranarray(rest[:, None] + (top[:, None] - x))

    loss = (rest if order is None else rest.take(order)) + behind
    return RowLosses(loss, at_label(probabilities, place), place, probabilities, x, every, None)


def from_logit(z: Floats, labels: Index, order: Index | None = None) -> RowLosses:
    """Return the losses of one logit z, shape (n,), of class 1: softplus(−z), and softplus(z) for class 0.

    >>> from_logit(np.array([1.5, -1e308]), np.array([1, 0])).loss.round(12).tolist()
    [0.201413277983, 0.0]
    """
    positive, negative = np.logaddexp(0.0, -z), np.logaddexp(0.0, z)
    both = _two_columns(np.exp(-negative), np.exp(-positive))
    losses, place = _two_columns(negative, positive), places(labels, order)
    ranking = _two_columns(np.zeros_like(z), z)
    return RowLosses(at_label(losses, place), at_label(both, place), place, both, ranking, lambda: losses, None)


def from_logprobs(
    x: Floats, labels: Index, renormalize: bool = False, order: Index | None = None, sums: Floats | None = None
) -> RowLosses:
    """Return −x_label for log-probabilities x ≤ 0, shape (n, k), of which a row has one above −inf.

    Sums of rows far below 0 are taken relative to the row's maximum, as e to them has few digits or none.

    >>> from_logprobs(np.log(np.array([[0.5, 0.25, 0.25]])), np.array([1])).loss.round(12).tolist()
    [1.38629436112]
    """
    top = max_over_classes(x)
    sums = sum_over_classes(np.exp(x)) if sums is None else sums
    if sums.size and sums.min() < _SMALL:
        log_sums = top + np.log(sum_over_classes(np.exp(np.asfortranarray(x - top[:, None]))))
    else:
        log_sums = np.log(sums)
    shares = np.asfortranarray(x - log_sums[:, None]) if renormalize else x
    p = np.exp(shares)
    place = places(labels, order)
    loss = np.maximum(0.0 - at_label(shares, place), 0.0)
    every = lambda: np.maximum(0.0 - shares, 0.0)  # noqa: E731  # as in from_probabilities
    return RowLosses(loss, at_label(p, place), place, p, x, every, sums, log_sums)


def from_logprob(x: Floats, labels: Index, order: Index | None = None) -> RowLosses:
    """Return the losses of one log-probability x ≤ 0, shape (n,), of class 1: −x, and −ln(1 − e^x) for class 0.

    The logarithm of 1 − e^x is taken by expm1 above −ln 2 and by log1p below (Mächler 2012).

    >>> from_logprob(np.array([-1e-20, -1.0]), np.array([0, 0])).loss.round(12).tolist()
    [46.051701859881, 0.458675145387]
    """
    with np.errstate(divide="ignore"):
        complement = np.where(x > -_LN2, np.log(-np.expm1(x)), np.log1p(-np.exp(x)))
    both = _two_columns(complement, x)
    place = places(labels, order)
    p = np.exp(both)
    return RowLosses(0.0 - at_label(both, place), at_label(p, place), place, p, both, lambda: 0.0 - both, None)


def clipped(loss: Floats, p: Floats, clip: float | None) -> tuple[Floats, Mask | None]:
    """Return losses of any shape with none above −ln clip, and which were clipped (p < clip; None without a clip).

    >>> rows = from_probabilities(np.array([[1.0, 0.0]]), np.array([1]))
    >>> loss, touched = clipped(rows.loss, rows.label_probability, 2.0**-52)
    >>> loss.round(12).tolist(), touched.tolist()
    ([36.043653389117], [True])
    """
    if clip is None:
        return loss, None
    touched = p < clip
    if not touched.any():
        return loss, touched
    ceiling = minus_log(clip)
    return np.where(touched, ceiling, np.minimum(loss, ceiling)), touched


def minus_log(value: float) -> float:
    """Return −ln value by the same function as the row losses, to the same bits."""
    return float(0.0 - np.log(np.array([value]))[0])


def squared_error(rows: RowLosses, parts: Floats | None = None) -> Floats:
    """Return Σ_k (p_k − y_k)² of each row, shape (n,), y from its label or from `parts`, shape (n, k).

    >>> rows = from_probabilities(np.array([[0.8, 0.1, 0.1]]), np.array([0]))
    >>> round(squared_error(rows).item(), 12)
    0.06
    """
    if parts is None:
        error = np.multiply(rows.probabilities, rows.probabilities)
        at_labels = rows.label_probability - 1.0
        at_labels *= at_labels
        error.T.reshape(-1)[rows.place] = at_labels
    else:
        error = np.asfortranarray(rows.probabilities - parts)
        error *= error
    return sum_over_classes(error)


def label_probability_losses(values: Floats, logarithms: bool) -> tuple[Floats, Floats]:
    """Return (losses, probabilities) of what was given to the true labels, shape (n,): p, or x = ln p.

    >>> [part.round(6).tolist() for part in label_probability_losses(np.array([-0.5, 0.0]), logarithms=True)]
    [[0.5, 0.0], [0.606531, 1.0]]
    """
    if logarithms:
        return np.maximum(0.0 - values, 0.0), np.exp(values)
    return _minus_log(values), values


def _minus_log(p: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return 0.0 - np.log(p)


def _two_columns(first: Floats, second: Floats) -> Floats:
    both = np.empty((len(first), 2), order="F")
    both[:, 0] = first
    both[:, 1] = second
    return both
