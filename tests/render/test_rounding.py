"""Rounding that does not lie: what is not 0 or 1 is not shown as it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_reading import result, shown

from xentcli.render.wording.numbers import figure, fraction, percent, quantity, times

any_share = st.floats(0.0, 1.0) | st.floats(1e-12, 1e-3) | st.floats(1e-12, 1e-3).map(lambda rest: 1.0 - rest)


@given(any_share)
def test_a_percentage_is_0_or_100_only_if_it_is(share: float) -> None:
    text = percent(share)
    assert (text == "0.0") == (share == 0.0)
    assert (text == "100.0") == (share == 1.0)
    if text[0] not in "<>":
        assert abs(float(text) - 100.0 * share) <= 0.05 + 1e-9
    assert percent(0.9996) != "100.0"
    assert percent(0.9996, 2) == "99.96"


@given(any_share)
def test_a_probability_is_0_or_1_only_if_it_is(share: float) -> None:
    text = fraction(share)
    assert (float(text.lstrip(">")) == 0.0) == (share == 0.0)
    assert (text == "1") == (share == 1.0)
    assert float(text.lstrip(">")) == pytest.approx(share, rel=0.06)


@given(st.floats(allow_nan=False), st.integers(4, 7))
def test_a_figure_is_near_and_0_only_if_it_is(value: float, places: int) -> None:
    text = figure(value, places)
    assert (text == "0") == (value == 0.0)
    assert len(text) <= 10
    if value and math.isfinite(value) and math.isfinite(float(text)):
        assert float(text) == pytest.approx(value, rel=0.06)


@given(st.floats(0.0, 1e300) | st.floats(0.0, 10.0))
def test_times_and_quantities_are_0_only_if_they_are(value: float) -> None:
    assert (times(value) == "0") == (value == 0.0)
    assert (float(quantity(value).replace(",", "")) == 0.0) == (value == 0.0)


def test_what_is_nearly_all_is_not_all_of_it() -> None:
    cancer = result("cancer")
    whole = replace(cancer.overall, accuracy=0.99999, skill=0.999999)
    text = shown(replace(cancer, overall=whole))
    assert "accuracy  >99.99 %" in text
    assert "skill     >0.9999" in text
