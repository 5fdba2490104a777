"""Sums over runs, and sums of squares: exact, whatever the values and however they are cut."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_squares import MOST_CALLS, square_sums
from xentcli.numerics.exact_sums import ExactSums
from xentcli.numerics.limbs import SLICE_ROWS
from xentcli.numerics.segments import MOST_SORTED, Runs, Where, counts_by, part_of, runs_of, some_of

Floats = NDArray[np.float64]
ODD = (0.0, 64.0, -64.0, 64.00000000000001, 744.4, 2.0**-18, 2.0**-19 * 1.1, 5e-324, 1e-300, 1e300, 1 / 3, 1e-5, -0.1)
LOSSES = st.sampled_from(ODD) | st.floats(0.0, 100.0) | st.floats(-1e-4, 1e-4)


def fraction(value: Dyadic) -> Fraction:
    return Fraction(value.n) * Fraction(2) ** value.e


def squares(sums: ExactSums) -> list[Fraction]:
    return [fraction(value) for value in sums.values()]


def expected(values: list[float], index: list[int], size: int) -> list[Fraction]:
    out = [Fraction(0)] * size
    for value, at in zip(values, index, strict=True):
        out[at] += Fraction(value) ** 2
    return out


@given(st.lists(st.tuples(LOSSES, st.integers(0, 3)), min_size=1, max_size=40))
def test_squares_add_up_exactly_wherever_they_go(pairs: list[tuple[float, int]]) -> None:
    values, index = [value for value, _ in pairs], [at for _, at in pairs]
    x, at = np.array(values), np.array(index, dtype=np.intp)
    order, runs = runs_of(at, 4)
    by_index, by_runs, together, by_products = ExactSums(4), ExactSums(4), ExactSums(1), ExactSums(4)
    by_index.add_squares(x, at)
    by_runs.add_squares(x if order is None else x[order], runs)
    together.add_squares(x)
    by_products.add_products([x, x], at)
    assert squares(by_index) == squares(by_runs) == squares(by_products) == expected(values, index, 4)
    assert squares(together) == [sum(expected(values, index, 4))]


@given(st.lists(st.tuples(LOSSES, st.integers(0, 2)), min_size=1, max_size=30), st.integers(1, 29), st.data())
def test_squares_in_parts_merged_grown_taken_and_folded_are_those_of_the_whole(
    pairs: list[tuple[float, int]], cut: int, data: st.DataObject
) -> None:
    x, at = np.array([value for value, _ in pairs]), np.array([k for _, k in pairs], dtype=np.intp)
    whole, first, second = ExactSums(3), ExactSums(3), ExactSums(3)
    whole.add_squares(x, at)
    first.add_squares(x[:cut], at[:cut])
    second.add_squares(x[cut:], at[cut:])
    merged = first.merge(second)
    assert squares(merged) == squares(whole) == squares(second.merge(first))
    assert squares(first) == expected(x[:cut].tolist(), at[:cut].tolist(), 3)
    merged.add_squares(x, at)
    merged.grow(5)
    assert squares(merged)[3:] == [0, 0]
    assert squares(merged.take(np.array([2, 0]))) == [2 * squares(whole)[2], 2 * squares(whole)[0]]
    assert squares(merged.fold(np.array([0, 1, 0, 1, 1]), 2)) == [
        2 * squares(whole)[0] + 2 * squares(whole)[2],
        2 * squares(whole)[1],
    ]


def test_a_full_slice_of_the_largest_squares_is_exact_for_as_many_calls_as_are_kept() -> None:
    # 63.99… has bits in all four pieces.
    value = float(np.nextafter(64.0, 0.0))
    sums = ExactSums(1)
    for _ in range(MOST_CALLS + 3):
        sums.add_squares(np.full(SLICE_ROWS, value))
    assert squares(sums) == [Fraction(value) ** 2 * SLICE_ROWS * (MOST_CALLS + 3)]


@pytest.mark.parametrize("rows", [SLICE_ROWS - 1, SLICE_ROWS, SLICE_ROWS + 1, 3 * SLICE_ROWS + 7])
def test_runs_longer_than_a_slice_are_cut(rows: int) -> None:
    x = np.random.default_rng(rows).random(rows) * 40.0
    index = np.sort(np.random.default_rng(1).integers(0, 3, rows))
    order, runs = runs_of(index, 3)
    x = x if order is None else x[order]
    by_index, by_runs, sums, sums_of_runs = ExactSums(3), ExactSums(3), ExactSums(3), ExactSums(3)
    by_index.add_squares(x, index)
    by_runs.add_squares(x, runs)
    sums.add(x, index)
    sums_of_runs.add(x, runs)
    assert by_index.values() == by_runs.values()
    assert sums.values() == sums_of_runs.values()


def test_what_is_odd_is_said_value_by_value() -> None:
    found = square_sums(np.array([1.0, 65.0, 1e-9, -65.0]), None, 1)
    assert found.odd is not None
    assert found.odd.tolist() == [False, True, True, True]
    assert square_sums(np.array([1.0, 0.0]), None, 1).odd is None


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.sampled_from([6, 256, 257, MOST_SORTED]),
    st.data(),
)
def test_runs_say_where_every_value_goes(index: list[int], size: int, data: st.DataObject) -> None:
    check(index, size, data)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=30), st.data())
def test_runs_of_two_say_where_every_value_goes(index: list[int], data: st.DataObject) -> None:
    check(index, 2, data)


def check(index: list[int], size: int, data: st.DataObject) -> None:
    at = np.array(index, dtype=np.intp)
    order, runs = runs_of(at, size)
    spread = at if order is None else at[order]
    assert runs.spread().tolist() == sorted(index) == spread.tolist()
    assert order is None or sorted(order.tolist()) == list(range(len(index)))
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index))))
    assert counts_by(runs, size).tolist() == counts_by(at, size).tolist()
    assert counts_by(runs, size, chosen).tolist() == counts_by(spread, size, chosen).tolist()
    taken = some_of(runs, chosen)
    assert taken is not None
    assert taken.tolist() == spread[chosen].tolist()
    start = data.draw(st.integers(0, len(index) - 1))
    stop = data.draw(st.integers(start + 1, len(index) + 2))
    part: Where = part_of(runs, start, stop)
    assert isinstance(part, Runs)
    assert part.spread().tolist() == spread[start:stop].tolist()
    assert part.starts[0] == 0


@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=20))
def test_sums_of_values_that_are_never_0_need_no_look_at_what_is_left(rows: list[list[float]]) -> None:
    matrix = np.asfortranarray(np.array(rows))
    sums, above = ExactSums(3), ExactSums(3)
    sums.add_columns(matrix)
    above.add_columns(np.asfortranarray(np.maximum(matrix, 1e-310)))
    for k in range(3):
        assert fraction(sums.values()[k]) == sum(Fraction(row[k]) for row in rows)
        assert fraction(above.values()[k]) == sum(Fraction(max(row[k], 1e-310)) for row in rows)


def test_counts_are_added_up_to_the_most_that_fits() -> None:
    sums = ExactSums(2)
    for _ in range(1200):
        sums.add_counts(np.array([1 << 21, 1]))
    sums.add(np.array([0.5]), np.array([1]))
    assert squares(sums) == [Fraction(1200 << 21), Fraction(2401, 2)]
    for wrong in ((1 << 21) + 1, -1):
        with pytest.raises(ValueError, match="2,097,152"):
            sums.add_counts(np.array([0, wrong]))


def test_without_an_index_everything_goes_to_the_first_sum() -> None:
    sums, both = ExactSums(2), ExactSums(2)
    sums.add(np.array([1.0, 2.0]))
    both.add_squares(np.array([1.0, 2.0, 1e-30]))
    assert squares(sums) == [3, 0]
    assert squares(both) == [5 + Fraction(1e-30) ** 2, 0]
