"""Which columns the first rows prove to be the predictions: those whose numbers sum to 1 in every row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.looks import Floats, Holds, Looks
from xentcli.numerics.class_axis import SNAP, SUM_ROUNDING
from xentcli.spec.choices import InputKind

# Among more columns that nothing tells apart, leaving out two would be any two.
_MOST_PAIRED = 50
# One column that is 1 in every row proves nothing.
_FEWEST = 2


def proven(names: Sequence[str], unnamed: Collection[str], looks: Looks, kind: InputKind, most: float) -> list[str]:
    """Return the columns that sum to 1 in the first rows: all, or all but some that no label names; [] without any.

    unnamed: the columns that no label names. Left out are as few of them as it takes: whole numbers and text, one or
    two others, or all. most: how far a sum may be from 1.
    """
    if kind not in {InputKind.PROBS, InputKind.LOGPROBS}:
        return []
    if any(looks[name].numbers is None for name in names if name not in unnamed):
        return []
    apart = [name for name in names if name in unnamed]
    text = {name for name in apart if looks[name].numbers is None}
    whole = [name for name in apart if looks[name].holds is Holds.WHOLE and name not in text]
    others = [name for name in apart if name not in text and name not in whole]
    paired = len(apart) <= _MOST_PAIRED
    numbers = [name for name in names if name not in text]
    if len(numbers) < _FEWEST:
        return []
    sums = _Sums(numbers, looks, kind, most)
    stages: tuple[tuple[set[str], list[str]], ...] = (
        (set(), [*whole, *others] if paired else []),
        (set(whole), others if paired else []),
        (set(apart), []),
    )
    for gone, few in stages:
        left = sums.left_out(gone, few)
        if left is not None:
            return [name for name in sums.names if name not in left]
    return []


class _Sums:
    """The sums of rows over some columns, from which others are taken away: each way costs a column, not a table."""

    def __init__(self, names: Sequence[str], looks: Looks, kind: InputKind, most: float) -> None:
        self.names = names
        matrix = matrix_of(names, looks)
        with np.errstate(over="ignore", invalid="ignore"):
            values = matrix if kind is InputKind.PROBS else np.exp(matrix)
            inside: NDArray[np.bool_] = np.all((values >= -SNAP) & (values <= 1.0 + SNAP), axis=0)
        # What no probability can be is kept in no way; the sums of all others lose no digit to it.
        self._outside = {name for name, fine in zip(names, inside.tolist(), strict=True) if not fine}
        self._values = np.where(inside, values, 0.0)
        self._most = most + SUM_ROUNDING

    def left_out(self, gone: set[str], few: Sequence[str]) -> set[str] | None:
        """Return what is left out where the rest sums to 1: those that are gone and, of few, none, one or two."""
        must = self._outside - gone
        room = 2 - len(must)
        if not self._values.size or room < 0 or not must <= set(few):
            return None
        kept = [name not in gone for name in self.names]
        beyond = self._values[:, kept].sum(axis=1) - 1.0
        free = [name for name in few if name not in must]
        columns = self._values[:, [self.names.index(name) for name in free]]
        left = sum(kept) - len(must)
        if left >= _FEWEST and self._fits(beyond):
            return gone | must
        if room > 0 and left - 1 >= _FEWEST:
            ones = self._fitting(beyond[:, np.newaxis] - columns)
            if ones.size:
                return gone | must | {free[ones[0]]}
        for at in range(len(free) - 1) if room > 1 and left - 2 >= _FEWEST else ():
            two = self._fitting((beyond - columns[:, at])[:, np.newaxis] - columns[:, at + 1 :])
            if two.size:
                return gone | must | {free[at], free[at + 1 + two[0]]}
        return None

    def _fits(self, beyond: Floats) -> bool:
        return bool((np.abs(beyond) <= self._most).all())

    def _fitting(self, beyond: Floats) -> NDArray[np.intp]:
        """Return which columns of differences from 1, shape (n_rows, n), are none in any row."""
        return np.flatnonzero((np.abs(beyond) <= self._most).all(axis=0))


def matrix_of(names: Sequence[str], looks: Looks) -> Floats:
    """Return the numbers of some columns, shape (n_rows, n_columns), all of which must have one in every row."""
    columns = [numbers for name in names if (numbers := looks[name].numbers) is not None]
    return np.stack(columns, axis=1) if len(columns) == len(names) else np.zeros((0, len(names)))
