"""Sums of rows whose classes and slices were numbered otherwise are the same sums under other numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored import SLICES, Made, varied_rows
from test_laws import EMPTY, KINDS, K, of

from xentcli.state.base import View

CLASSES = st.permutations(range(K))
NUMBERS = st.permutations(range(SLICES))


def made(seed: int, kind: str) -> Made:
    """Return rows whose probabilities are sums of few powers of two: no order of classes rounds them otherwise."""
    rows = varied_rows(seed, 24, kind)
    p = np.random.default_rng(seed).integers(0, 65, rows.p.shape) / 64
    parts = rows.parts
    if parts is not None:
        parts = np.asfortranarray(np.eye(K)[rows.labels] / 2 + np.eye(K)[(rows.labels + 1) % K] / 2)
    return replace(rows, p=np.asfortranarray(p), parts=parts)


def renumbered(rows: Made, classes: Sequence[int], slices: Sequence[int]) -> Made:
    """Return rows with class classes[i] in place i, and slice s under the number slices[s]."""
    place = np.argsort(classes)
    return replace(
        rows,
        p=np.asfortranarray(rows.p[:, classes]),
        labels=place[rows.labels],
        parts=None if rows.parts is None else np.asfortranarray(rows.parts[:, classes]),
        slices=None if rows.slices is None else np.array(slices, dtype=np.intp)[rows.slices],
        names=tuple(classes),
    )


def back(rows: Made, classes: Sequence[int], slices: Sequence[int]) -> View:
    """Return the view that gives the sums of such rows their first numbers again."""
    where = np.argsort(slices) if rows.slices is not None else np.zeros(1, dtype=np.intp)
    cells = (where[:, None] * K + np.array(classes)).reshape(-1)
    return View(cells, cells, where, True, K, len(where))


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000), classes=st.lists(CLASSES, min_size=3, max_size=3), data=st.data())
@settings(max_examples=5, deadline=None)
def test_parts_numbered_otherwise_add_up_to_the_whole(
    name: str, kind: str, seed: int, classes: list[list[int]], data: st.DataObject
) -> None:
    rows = made(seed, kind)
    whole = of(name, rows).totals()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), min_size=2, max_size=2)))
    merged = EMPTY[name]()
    for part, drawn in zip(np.split(np.arange(len(rows)), cuts), classes, strict=True):
        # What smoothing charges is a sum over classes of each row, which rounds by their order.
        order = range(K) if "smoothed" in kind else drawn
        numbers = data.draw(NUMBERS)
        other = of(name, renumbered(rows.take(part), order, numbers))
        merged = other.view(back(rows, order, numbers)).merge(merged)
    assert merged.totals() == whole


def test_a_view_that_renumbers_changes_nothing_of_the_state() -> None:
    rows = made(3, "sliced")
    state = of("evaluation", rows)
    before = state.totals()
    state.view(back(rows, [2, 0, 1], [3, 1, 0, 2]))
    assert state.totals() == before
