"""Exact sums against fractions, on the values that break other sums."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.exact_products import two_product
from xentcli.numerics.exact_sums import ExactSums
from xentcli.numerics.limbs import LIMB_BITS, SLICE_ROWS

NASTY = [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-310, 1.0, -1.0, 0.1, 2.0**53 - 1, 2.0**53, 2.0**53 + 2]
NASTY += [1e308, -1e308, 1.7976931348623157e308, -1.7976931348623157e308, 36.04365338911715, 1e-17, 2.0**-149]
values = st.one_of(st.sampled_from(NASTY), st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 40))


def fraction(value: Dyadic) -> Fraction:
    return Fraction(value.n) * Fraction(2) ** value.e


def column(numbers: list[float]) -> NDArray[np.float64]:
    return np.array(numbers, dtype=np.float64)


@given(st.lists(st.tuples(values, st.integers(0, 2)), max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=examples(200), deadline=None)
def test_sums_are_exact_for_every_order_and_partition(rows: list[tuple[float, int]], rng: object) -> None:
    expected = [sum((Fraction(value) for value, k in rows if k == at), Fraction(0)) for at in range(3)]
    whole = ExactSums(3)
    whole.add(column([value for value, _ in rows]), np.array([k for _, k in rows], dtype=np.intp))
    assert [fraction(total) for total in whole.values()] == expected
    rng.shuffle(rows)  # type: ignore[attr-defined]  # a Random, given as an object
    merged = ExactSums(3)
    for start in range(0, len(rows), 7):
        part = ExactSums(3)
        some = rows[start : start + 7]
        part.add(column([value for value, _ in some]), np.array([k for _, k in some], dtype=np.intp))
        merged = part.merge(merged)
    assert merged.values() == whole.values()


@given(st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=8))
@settings(max_examples=examples(200), deadline=None)
def test_products_of_up_to_four_factors_are_exact(rows: list[list[float]]) -> None:
    width = min(len(row) for row in rows)
    factors = [column([row[at] for row in rows]) for at in range(width)]
    sums = ExactSums(1)
    sums.add_products(factors)
    assert fraction(sums.values()[0]) == sum(
        prod((Fraction(x) for x in row[:width]), start=Fraction(1)) for row in rows
    )


@given(
    st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=12),
    st.lists(values, min_size=12, max_size=12),
)
@settings(max_examples=examples(100), deadline=None)
def test_columns_and_weighted_columns_are_exact(rows: list[list[float]], weights: list[float]) -> None:
    matrix = np.asfortranarray(np.array(rows))
    plain, weighted = ExactSums(3), ExactSums(3)
    plain.add_columns(matrix)
    weight = column(weights[: len(rows)])
    weighted.add_products([matrix, weight[:, None]], slice(0, 3))
    for k in range(3):
        assert fraction(plain.values()[k]) == sum(Fraction(row[k]) for row in rows)
        parts = zip(rows, weight.tolist(), strict=True)
        assert fraction(weighted.values()[k]) == sum(Fraction(row[k]) * Fraction(w) for row, w in parts)


def test_a_slice_of_the_largest_pieces_fills_a_float64_and_no_more() -> None:
    largest = np.full(SLICE_ROWS, 2.0**LIMB_BITS)
    sums = ExactSums(1)
    sums.add(largest)
    assert fraction(sums.values()[0]) == SLICE_ROWS << LIMB_BITS


@pytest.mark.parametrize("sign", [1, -1])
def test_limbs_carry_long_before_they_overflow(sign: int) -> None:
    value = sign * (2.0**LIMB_BITS - 2.0**-12)
    sums = ExactSums(1)
    block = np.full(SLICE_ROWS, value)
    for _ in range(2500):
        sums.add(block)
    assert fraction(sums.values()[0]) == Fraction(value) * SLICE_ROWS * 2500
    doubled = sums
    for _ in range(20):
        doubled = doubled.merge(doubled)
    assert fraction(doubled.values()[0]) == Fraction(value) * SLICE_ROWS * 2500 * 2**20


def test_sums_of_different_sizes_merge_as_if_the_shorter_had_zeros() -> None:
    one, two = ExactSums(1), ExactSums(2)
    one.add(np.array([0.5]))
    two.add(np.array([0.25, 4.0]), np.array([0, 1]))
    assert one.merge(two).values() == two.merge(one).values() == [Dyadic(3, -2), Dyadic(1, 2)]


def test_no_rows_sum_to_exactly_zero() -> None:
    sums = ExactSums(2)
    sums.add(column([]), np.array([], dtype=np.intp))
    sums.add_columns(np.zeros((0, 2)))
    assert sums.values() == [Dyadic(0), Dyadic(0)]


@given(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100))
def test_two_product_is_the_product(a: float, b: float) -> None:
    if 0 < abs(a) < 1e-100 or 0 < abs(b) < 1e-100:
        return
    product, error = two_product(column([a]), column([b]))
    assert Fraction(product.item()) + Fraction(error.item()) == Fraction(a) * Fraction(b)
