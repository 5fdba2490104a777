"""One harness for every state: a sum may be cut, reordered and merged in any way."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import fields, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from scored import CLIP, SLICES, Made, random_rows, varied_rows

from xentcli.state.base import View
from xentcli.state.eval_state import EvalState

K = 3


def empty(name: str) -> Any:
    """Return a state that holds nothing, by its name in an evaluation, or the evaluation."""
    if name == "evaluation":
        return EvalState.empty(K, CLIP)
    return getattr(EvalState.empty(K, CLIP, class_weighted=True), name)


EMPTY: dict[str, Callable[[], Any]] = {
    name: partial(empty, name) for name in (*(field.name for field in fields(EvalState)), "evaluation")
}
KINDS = (
    "plain",
    "sliced",
    "counted sliced",
    "soft",
    "soft sliced",
    "soft counted weighted",
    "soft smoothed weighted unclipped",
    "smoothed weighted",
    "smoothed sliced",
    "weighted unclipped",
)


def telling_rows(seed: int, n: int) -> Made:
    """Return rows with something in them for every statistic; with an even seed they have weights."""
    return varied_rows(seed, n, "soft")


def of(name: str, *parts: Made) -> Any:
    state = EMPTY[name]()
    for part in parts:
        state.update(part.scored())
    return state


rows_strategy = st.one_of(
    st.builds(
        random_rows,
        seed=st.integers(0, 10_000),
        n=st.integers(0, 40),
        n_classes=st.just(K),
        weighted=st.booleans(),
        wide=st.booleans(),
    ),
    st.builds(varied_rows, seed=st.integers(0, 10_000), n=st.integers(0, 40), kind=st.sampled_from(KINDS)),
)


@pytest.mark.parametrize("name", EMPTY)
@given(rows=rows_strategy, data=st.data())
@settings(max_examples=examples(40), deadline=None)
def test_parts_in_any_order_equal_the_whole(name: str, rows: Made, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(rows)))), dtype=np.intp)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    # Rows reach a state in the order of the file within each part; the parts may come in any order.
    parts = [rows.take(np.sort(part)) for part in np.split(order, cuts)]
    whole = of(name, rows).totals()
    assert of(name, *parts).totals() == whole
    merged = EMPTY[name]()
    for part in parts:
        merged = merged.merge(of(name, part))
    assert merged.totals() == whole
    right = EMPTY[name]()
    for part in reversed(parts):
        right = of(name, part).merge(right)
    assert right.totals() == whole


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("weighted", [False, True])
def test_empty_is_the_identity_of_merge_on_either_side(name: str, weighted: bool) -> None:
    state = of(name, telling_rows(2 if weighted else 1, 30))
    assert state.merge(EMPTY[name]()).totals() == state.totals()
    assert EMPTY[name]().merge(state).totals() == state.totals()


@pytest.mark.parametrize("name", EMPTY)
def test_merge_changes_neither_side_and_leaves_both_updatable(name: str) -> None:
    first, second, third = (telling_rows(seed, 20) for seed in (1, 3, 5))
    a, b = of(name, first), of(name, second)
    before = deepcopy(a.totals()), deepcopy(b.totals())
    merged = a.merge(b)
    assert (a.totals(), b.totals()) == before
    merged.update(third.scored())
    assert (a.totals(), b.totals()) == before
    assert merged.totals() == of(name, first, second, third).totals()


@pytest.mark.parametrize("name", EMPTY)
def test_totals_can_be_taken_twice(name: str) -> None:
    state = of(name, telling_rows(4, 25))
    assert state.totals() == state.totals()


def about(name: str, rows: Made) -> list[int]:
    """Return which rows a statistic is about: those of several labels, of units above 0, that are clipped, or all."""
    assert rows.parts is not None and rows.per is not None
    held = {
        "entropy": np.count_nonzero(rows.parts, axis=1) > 1,
        "per": rows.per > 0,
        "clipping": np.any((rows.parts > 0) & (rows.p < CLIP), axis=1),
    }
    return np.flatnonzero(held.get(name, np.ones(len(rows)))).tolist()


@pytest.mark.parametrize("name", EMPTY)
def test_every_row_that_a_statistic_is_about_is_in_its_sums(name: str) -> None:
    """The other laws hold for a state that holds nothing, too."""
    rows = telling_rows(4, 30)
    wanted = about(name, rows)
    assert len(wanted) > 5
    whole = of(name, rows).totals()
    without = [of(name, rows.take(np.delete(np.arange(30), at))).totals() for at in range(30)]
    assert [at for at in range(30) if without[at] != whole] == wanted


def test_more_than_two_to_the_31_rows_in_a_class_are_counted() -> None:
    state = of("loss", random_rows(5, 16))
    for _ in range(28):
        state = state.merge(state)
    single = of("loss", random_rows(5, 16)).moments()
    for part, one in zip(state.moments(), single, strict=True):
        assert part.rows == one.rows << 28
        assert part.s.reduced() == type(one.s)(one.s.n, one.s.e + 28).reduced()
        assert part.mean() == one.mean()
    assert sum(part.rows for part in state.moments()) == 1 << 32


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "sliced" in kind])
@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_a_slice_holds_what_its_rows_alone_would_and_slices_sum_to_the_whole(kind: str, seed: int) -> None:
    rows = varied_rows(seed, 30, kind)
    assert rows.slices is not None
    state = of("evaluation", rows)
    for number in range(SLICES):
        places = np.arange(number * K, (number + 1) * K)
        part = state.view(View(places, places, np.array([number]), False, K))
        alone = of("evaluation", replace(rows.take(np.flatnonzero(rows.slices == number)), slices=None))
        for name in ("loss", "totals_", "shares", "accuracy", "brier", "entropy", "per"):
            assert getattr(part, name).totals() == getattr(alone, name).totals(), name
    to = np.tile(np.arange(K), SLICES)
    whole = state.view(View(to, to, np.zeros(SLICES, dtype=np.intp), True, K))
    assert whole.totals() == of("evaluation", replace(rows, slices=None)).totals()


def test_counts_are_repeated_rows() -> None:
    rows = varied_rows(3, 40, "counted")
    assert rows.weight is not None
    repeated = replace(rows.take(np.repeat(np.arange(40), rows.weight.astype(np.intp))), weight=None, counted=False)
    counted, plain = of("loss", rows).moments(), of("loss", repeated).moments()
    for one, other in zip(counted, plain, strict=True):
        assert (one.n, one.a, one.s, one.a2, one.s1, one.s2) == (
            other.n,
            other.a,
            other.s,
            other.a2,
            other.s1,
            other.s2,
        )
