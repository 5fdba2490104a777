"""What other kind of input numbers may be than they are said to be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.spec.choices import InputKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE

Floats = NDArray[np.float64]
Asked = tuple[str, list[str]]
_PERCENT = 100.0
# So large a part of the rows says what all are: with a sum to 1 as proof, and where there is none.
_MOSTLY, _NEARLY_ALL = 0.5, 0.9
_FINE = "Most rows are what --input says; this value is not."


# Sums of what is no probability may leave float64, which says nothing.
@np.errstate(over="ignore", invalid="ignore")
def other_kind(numbers: Floats, kind: InputKind) -> Asked:
    """Return what to ask about finite numbers of which one is none of its kind, and the options that settle it.

    numbers: those of some rows, shape (n_rows, n_columns). Where most rows are of their kind, one value that is not is
    an error of its own, and no option settles it.

    >>> other_kind(np.array([[1.5, -0.5], [0.25, 3.0]]), InputKind.PROBS)
    ('Are these logits?', ['--input logits'])
    >>> other_kind(np.log([[0.25, 0.75]]), InputKind.PROBS)
    ('Their exponentials sum to 1 in every row.', ['--input logprobs'])
    >>> other_kind(np.array([[0.5, 0.5], [0.25, 0.75], [1.25, 0.5]]), InputKind.PROBS)
    ('Most rows are what --input says; this value is not.', [])
    """
    if _are(numbers, kind):
        return _FINE, []
    low, high = float(numbers.min()), float(numbers.max())
    if kind is InputKind.LABEL_PROBS:
        return "", [f"--input {InputKind.LABEL_LOGPROBS}"] if high <= 0.0 else []
    if kind is InputKind.LABEL_LOGPROBS:
        return "", [f"--input {InputKind.LABEL_PROBS}"] if low >= 0.0 and high <= 1.0 else []
    return _other_of_classes(numbers, kind, low, high)


def _other_of_classes(numbers: Floats, kind: InputKind, low: float, high: float) -> Asked:
    """Return what other probabilities of classes, or their logits, numbers may be."""
    one = numbers.shape[1] == 1
    if kind is InputKind.LOGPROBS and low >= 0.0 and high <= 1.0:
        return "These are from 0 to 1.", ["--input probs"]
    if high <= 0.0 and one:
        return "Are these log-probabilities, or logits?", ["--input logprobs", "--input logits"]
    if high <= 0.0 and _sum_to(np.exp(numbers), 1.0):
        return "Their exponentials sum to 1 in every row.", ["--input logprobs"]
    if low >= 0.0 and 1.0 < high <= _PERCENT and (one or _sum_to(numbers, _PERCENT)):
        return "If these are percentages, divide them by 100.", ["--input logits"] if one else []
    if (numbers == np.floor(numbers)).all():
        return "All numbers are whole: are these classes, or counts?", []
    return "Are these logits?", ["--input logits"]


def _are(numbers: Floats, kind: InputKind) -> bool:
    """Say whether most of the rows are of their kind."""
    if kind in {InputKind.LOGPROBS, InputKind.LABEL_LOGPROBS}:
        fine = (numbers <= 0.0).all(axis=1)
    else:
        fine = ((numbers >= 0.0) & (numbers <= 1.0)).all(axis=1)
    if numbers.shape[1] == 1:
        return float(fine.mean()) > _NEARLY_ALL
    values = np.exp(np.minimum(numbers, 0.0)) if kind is InputKind.LOGPROBS else numbers
    fine &= np.abs(values.sum(axis=1) - 1.0) <= DEFAULT_SUM_TOLERANCE
    return float(fine.mean()) > _MOSTLY


def _sum_to(numbers: Floats, total: float) -> bool:
    return bool((np.abs(numbers.sum(axis=1) / total - 1.0) <= DEFAULT_SUM_TOLERANCE).all())
