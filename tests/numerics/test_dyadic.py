"""Exact numbers and the two roundings."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.numerics.dyadic import ZERO, Dyadic, ratio, root_of_ratio, rounded, total

dyadics = st.builds(Dyadic, st.integers(-(2**200), 2**200), st.integers(-1500, 1500))
floats = st.floats(allow_nan=False, allow_infinity=False)


def fraction(value: Dyadic) -> Fraction:
    return Fraction(value.n) * Fraction(2) ** value.e


@given(floats)
def test_every_float_is_a_dyadic(value: float) -> None:
    assert fraction(Dyadic.of(value)) == Fraction(value)
    assert rounded(Dyadic.of(value)) == value


@given(dyadics, dyadics)
def test_arithmetic_is_exact(a: Dyadic, b: Dyadic) -> None:
    for ours, theirs in (
        (a + b, fraction(a) + fraction(b)),
        (a - b, fraction(a) - fraction(b)),
        (a * b, fraction(a) * fraction(b)),
    ):
        assert fraction(ours) == theirs
        assert bool(ours) == (theirs != 0)


@given(st.lists(dyadics, max_size=6))
def test_totals_are_exact(values: list[Dyadic]) -> None:
    assert fraction(total(values)) == sum(map(fraction, values), Fraction(0))


@given(dyadics, dyadics)
def test_ratios_are_correctly_rounded(a: Dyadic, b: Dyadic) -> None:
    found = ratio(a, b)
    if not b.n:
        assert found is None
        return
    try:
        assert found == fraction(a).numerator * fraction(b).denominator / (
            fraction(a).denominator * fraction(b).numerator
        )
    except OverflowError:
        assert found is None


@given(st.integers(0, 2**300), st.integers(1, 2**300), st.integers(-400, 400))
def test_roots_are_within_one_ulp(top: int, bottom: int, e: int) -> None:
    found = root_of_ratio(Dyadic(top, e), Dyadic(bottom))
    with localcontext() as context:
        context.prec = 200
        exact = (Decimal(top) * Decimal(2) ** e / Decimal(bottom)).sqrt()
    assert found is not None
    assert abs(Decimal(found) - exact) <= Decimal(math.ulp(found))


@pytest.mark.parametrize(("top", "bottom"), [(1, 0), (-1, 1), (1, -1)])
def test_a_root_of_nothing_or_less_is_undefined(top: int, bottom: int) -> None:
    assert root_of_ratio(Dyadic(top), Dyadic(bottom)) is None


def test_a_root_of_two_negatives_is_that_of_their_ratio() -> None:
    assert root_of_ratio(Dyadic(-4), Dyadic(-1)) == 2.0


def test_zero_is_zero() -> None:
    assert Dyadic(0, 99).reduced() == ZERO
    assert total([]) == ZERO
    assert root_of_ratio(ZERO, Dyadic(3)) == 0.0
