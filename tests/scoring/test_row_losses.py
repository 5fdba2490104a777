"""Row losses against 60-digit arithmetic, and where they must be exact."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xentcli.numerics.class_axis import max_over_classes, sum_over_classes
from xentcli.scoring import row_losses as loss

LABEL_0, LABEL_1 = np.array([0]), np.array([1])


def matrix(*rows: list[float]) -> NDArray[np.float64]:
    return np.asfortranarray(np.array(rows, dtype=np.float64))


def exact_softmax_loss(x: list[float], label: int) -> float:
    with mpmath.workdps(700):
        total = mpmath.fsum(mpmath.exp(mpmath.mpf(v) - mpmath.mpf(x[label])) for v in x if v != -math.inf)
        return float(mpmath.log(total))


def ulps(found: float, expected: float) -> float:
    return abs(found - expected) / math.ulp(expected) if expected else float(found != expected)


@given(st.lists(st.floats(-700, 700), min_size=2, max_size=8), st.data())
@settings(max_examples=examples(200), deadline=None)
def test_softmax_losses_are_as_good_as_the_differences_of_logits(x: list[float], data: st.DataObject) -> None:
    label = data.draw(st.integers(0, len(x) - 1))
    found = loss.from_logits(matrix(x), np.array([label])).loss[0]
    # x − max is rounded once, and e to it is off by that error: up to |x − max|/2 ulp.
    assert ulps(found, exact_softmax_loss(x, label)) <= 8 + max(x) - min(x)


@pytest.mark.parametrize("z", [1e4, -1e4, 745.2, -745.2, 37.0, -37.0, 1.5, 0.0, 1e308, -1e308])
@pytest.mark.parametrize("label", [0, 1])
def test_one_logit_is_softplus(z: float, label: int) -> None:
    found = loss.from_logit(np.array([z]), np.array([label])).loss[0]
    with mpmath.workdps(1200):
        exact = (
            mpmath.log1p(mpmath.exp(mpmath.mpf(-z if label else z)))
            if abs(z) < 1e5
            else mpmath.mpf(max(0.0, -z if label else z))
        )
        assert abs(found - float(exact)) <= 2 * math.ulp(float(exact))


def test_a_confident_logit_keeps_its_tiny_loss() -> None:
    for shift in (0.0, 1e6):
        x = matrix([40.0 + shift, shift, shift])
        with mpmath.workdps(60):
            assert ulps(loss.from_logits(x, LABEL_0).loss[0], float(mpmath.log1p(2 * mpmath.exp(-40)))) <= 1


@pytest.mark.parametrize("value", [1e308, 1e8, 0.0, -1e308])
@pytest.mark.parametrize("k", [2, 3, 10, 1000])
def test_equal_logits_cost_the_logarithm_of_their_number(value: float, k: int) -> None:
    found = loss.from_logits(np.full((1, k), value, order="F"), LABEL_1).loss[0]
    assert ulps(found, math.log(k)) <= 1


def test_a_masked_class_costs_nothing_to_others_and_everything_to_itself() -> None:
    x = matrix([-math.inf, 1.0, 0.5])
    assert loss.from_logits(x, LABEL_1).loss[0] == loss.from_logits(matrix([1.0, 0.5]), LABEL_0).loss[0]
    assert loss.from_logits(x, LABEL_0).loss[0] == math.inf
    assert loss.from_logits(matrix([-1e308, 1e308]), LABEL_0).loss[0] == math.inf


def test_a_perfect_row_costs_zero_and_not_minus_zero() -> None:
    for rows in (
        loss.from_probabilities(matrix([1.0, 0.0]), LABEL_0),
        loss.from_probability(np.array([1.0]), LABEL_1),
        loss.from_probability(np.array([0.0]), LABEL_0),
        loss.from_logits(matrix([800.0, 0.0]), LABEL_0),
        loss.from_logit(np.array([800.0]), LABEL_1),
        loss.from_logprobs(matrix([0.0, -math.inf]), LABEL_0),
        loss.from_logprob(np.array([0.0]), LABEL_1),
        loss.from_logprob(np.array([-math.inf]), LABEL_0),
    ):
        assert math.copysign(1.0, rows.loss[0]) == 1.0
        assert rows.loss[0] == 0.0


@pytest.mark.parametrize("p", [1e-17, 1e-300, 5e-324, 0.1, 0.5, 1 - 2**-53])
def test_the_negative_of_one_probability_is_log1p(p: float) -> None:
    with mpmath.workdps(400):
        exact = float(-mpmath.log1p(-mpmath.mpf(p)))
    assert ulps(loss.from_probability(np.array([p]), LABEL_0).loss[0], exact) <= 1


@pytest.mark.parametrize("x", [-1e-20, -1e-3, -0.5, -0.6931471805599453, -0.7, -5.0, -40.0, -800.0])
def test_the_negative_of_one_log_probability_is_right_on_both_sides_of_ln_2(x: float) -> None:
    with mpmath.workdps(400):
        exact = float(-mpmath.log(-mpmath.expm1(mpmath.mpf(x))))
    assert ulps(loss.from_logprob(np.array([x]), LABEL_0).loss[0], exact) <= 2


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8, 13])
def test_sums_and_maxima_over_classes_do_not_depend_on_the_rows_beside(k: int) -> None:
    rng = np.random.default_rng(k)
    many = np.asfortranarray(rng.random((500, k)))
    alone = [np.asfortranarray(many[at : at + 1]) for at in range(500)]
    assert sum_over_classes(many).tolist() == [sum_over_classes(row)[0] for row in alone]
    assert max_over_classes(many).tolist() == many.max(axis=1).tolist()


def test_clipping_bounds_a_loss_and_says_which() -> None:
    rows = loss.from_probabilities(matrix([0.0, 1.0], [1e-3, 0.999], [0.5, 0.5]), np.array([0, 0, 0]))
    bounded, touched = loss.clipped(rows.loss, rows.label_probability, 1e-3)
    assert touched is not None
    assert touched.tolist() == [True, False, False]
    assert bounded[0] == bounded[1] == loss.minus_log(1e-3)
    assert loss.clipped(rows.loss, rows.label_probability, None)[1] is None
    same, none = loss.clipped(rows.loss, rows.label_probability, 1e-300)
    assert same[1] == rows.loss[1]
    assert none is not None
    assert none.tolist() == [True, False, False]


def test_renormalised_probabilities_and_log_probabilities_agree() -> None:
    p = matrix([0.2, 0.3], [0.9, 0.3])
    labels = np.array([0, 1])
    by_p = loss.from_probabilities(p, labels, renormalize=True)
    by_log = loss.from_logprobs(np.asfortranarray(np.log(p)), labels, renormalize=True)
    expected = [-math.log(0.2 / 0.5), -math.log(0.3 / 1.2)]
    assert by_p.loss.tolist() == pytest.approx(expected, rel=1e-15)
    assert by_log.loss.tolist() == pytest.approx(expected, rel=1e-15)
    assert by_p.sums is not None
    assert by_p.sums.tolist() == [0.5, 1.2]
