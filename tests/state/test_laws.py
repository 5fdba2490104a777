"""One harness for every state: a sum may be cut, reordered and merged in any way."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored import CLIP, random_rows, take

from xentcli.batch import ScoredRows
from xentcli.state.accuracy import AccuracyState
from xentcli.state.base import State
from xentcli.state.brier import BrierState
from xentcli.state.clipping import ClippingState
from xentcli.state.evaluation import EvalState
from xentcli.state.loss import LossState
from xentcli.state.row_sums import RowSumsState
from xentcli.state.rows import RowsState
from xentcli.state.shares import SharesState

K = 3


EMPTY: dict[str, Callable[[], Any]] = {
    "loss": lambda: LossState(K),
    "shares": lambda: SharesState(K),
    "accuracy": lambda: AccuracyState(K),
    "brier": BrierState,
    "clipping": lambda: ClippingState(K, CLIP),
    "row_sums": RowSumsState,
    "rows": RowsState,
    "evaluation": lambda: EvalState.empty(K, CLIP),
}


def of(name: str, *parts: ScoredRows) -> Any:
    state = EMPTY[name]()
    for part in parts:
        state.update(part)
    return state


rows_strategy = st.builds(
    random_rows,
    seed=st.integers(0, 10_000),
    n=st.integers(0, 40),
    n_classes=st.just(K),
    weighted=st.booleans(),
    wide=st.booleans(),
)


@pytest.mark.parametrize("name", EMPTY)
@given(rows=rows_strategy, data=st.data())
@settings(max_examples=40, deadline=None)
def test_parts_in_any_order_equal_the_whole(name: str, rows: ScoredRows, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(rows)))), dtype=np.intp)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    # Rows reach a state in the order of the file within each part; the parts may come in any order.
    parts = [take(rows, np.sort(part)) for part in np.split(order, cuts)]
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
    state = of(name, random_rows(1, 30, weighted=weighted))
    assert state.merge(EMPTY[name]()).totals() == state.totals()
    assert EMPTY[name]().merge(state).totals() == state.totals()


@pytest.mark.parametrize("name", EMPTY)
def test_merge_changes_neither_side_and_leaves_both_updatable(name: str) -> None:
    first, second, third = (random_rows(seed, 20) for seed in (1, 2, 3))
    a, b = of(name, first), of(name, second)
    before = deepcopy(a.totals()), deepcopy(b.totals())
    merged = a.merge(b)
    assert (a.totals(), b.totals()) == before
    merged.update(third)
    assert (a.totals(), b.totals()) == before
    assert merged.totals() == of(name, first, second, third).totals()


@pytest.mark.parametrize("name", EMPTY)
def test_totals_can_be_taken_twice(name: str) -> None:
    state = of(name, random_rows(4, 25, weighted=True))
    assert state.totals() == state.totals()


def test_the_harness_holds_every_part_of_an_evaluation() -> None:
    parts = set(EvalState.__slots__)
    assert parts | {"evaluation"} == set(EMPTY)


def test_a_state_is_what_the_protocol_says() -> None:
    parts: list[State] = [LossState(K), SharesState(K), AccuracyState(K), BrierState(), ClippingState(K, None)]
    assert all(part.totals() for part in parts)


def test_more_than_two_to_the_31_rows_in_a_class_are_counted() -> None:
    state = of("loss", random_rows(5, 16))
    for _ in range(28):
        state = state.merge(state)
    single = of("loss", random_rows(5, 16)).by_class()
    for part, one in zip(state.by_class(), single, strict=True):
        assert part.n == one.n << 28
        assert part.s.reduced() == type(one.s)(one.s.n, one.s.e + 28).reduced()
        assert part.mean() == one.mean()
    assert sum(part.n for part in state.by_class()) == 1 << 32
