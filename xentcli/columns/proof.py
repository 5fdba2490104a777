"""Which columns the first rows prove to be the predictions: those whose numbers sum to 1 in every row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np

from xentcli.columns.looks import Floats, Holds, Looks
from xentcli.numerics.class_axis import SNAP, SUM_ROUNDING
from xentcli.spec.choices import InputKind

# Among more columns that nothing tells apart, leaving out two would be any two.
_MOST_PAIRED = 50


def proven(names: Sequence[str], unnamed: Collection[str], looks: Looks, kind: InputKind, most: float) -> list[str]:
    """Return the columns that sum to 1 in the first rows: all, or all but some that no label names; [] without any.

    unnamed: the columns that no label names. Left out are as few of them as it takes: whole numbers and text, one or
    two others, or all. most: how far a sum may be from 1.
    """
    if kind not in {InputKind.PROBS, InputKind.LOGPROBS}:
        return []
    needed = [name for name in names if name not in unnamed]
    if not all(looks[name].numbers is not None for name in needed):
        return []
    for left in _left_out([name for name in names if name in unnamed], looks):
        kept = [name for name in names if name not in left]
        if (
            len(kept) > 1
            and all(looks[name].numbers is not None for name in kept)
            and _sum_to_one(kept, looks, kind, most)
        ):
            return kept
    return []


def _left_out(unnamed: Sequence[str], looks: Looks) -> Iterator[set[str]]:
    """Yield what may be left out, the least first."""
    text = [name for name in unnamed if looks[name].numbers is None]
    whole = [name for name in unnamed if looks[name].holds is Holds.WHOLE and name not in text]
    others = [name for name in unnamed if name not in text and name not in whole]
    least = set(text)
    few = [*whole, *others] if len(unnamed) <= _MOST_PAIRED else []
    yield least
    for number in (1, 2):
        yield from (least | set(some) for some in combinations(few, number))
    yield least | set(whole)
    for number in (1, 2):
        yield from (least | set(whole) | set(some) for some in combinations(others if few else (), number))
    yield set(unnamed)


def _sum_to_one(names: Sequence[str], looks: Looks, kind: InputKind, most: float) -> bool:
    matrix = matrix_of(names, looks)
    if not matrix.size:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        values = matrix if kind is InputKind.PROBS else np.exp(matrix)
        inside = bool(((values >= -SNAP) & (values <= 1.0 + SNAP)).all())
        return inside and bool((np.abs(values.sum(axis=1) - 1.0) <= most + SUM_ROUNDING).all())


def matrix_of(names: Sequence[str], looks: Looks) -> Floats:
    """Return the numbers of some columns, shape (n_rows, n_columns), all of which must have one in every row."""
    columns = [numbers for name in names if (numbers := looks[name].numbers) is not None]
    return np.stack(columns, axis=1) if len(columns) == len(names) else np.zeros((0, len(names)))
