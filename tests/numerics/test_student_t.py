"""Student's t against mpmath at 60 digits, against closed forms, and by the laws that tie both together."""

import itertools
import math
import subprocess
import sys
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli.numerics import student_t as student
from xentcli.numerics.student_t import t_quantile, tail

INF = math.inf
DEGREES = [0.5, 0.75, 1.0, 1.3, 2.0, 2.5, 4.7, 10.0, 29.5, 77.7, 199.0, 200.0, 201.0, 1234.5]
LARGE_DEGREES = [1e4, 3e5, 1e6, 1e8, 1e10, 1e12, 1e15, 1e18]
CONFIDENCES = [0.01, 0.1, 0.3, 0.49999, 0.5, 0.6, 0.68, 0.75, 0.84, 0.85, 0.9, 0.95, 0.99]
CONFIDENCES += [0.999, 0.9999, 0.999999, 0.9999999, 1.0 - 1e-12, 1.0 - 2.0**-53]
POINTS = [1e-8, 0.1, 0.5, 0.71, 1.0, 1.41, 1.42, 2.0, 3.0, 6.0]

any_degrees = st.floats(math.log(0.5), math.log(1e24)).map(lambda power: max(0.5, math.exp(power))) | st.just(INF)
any_confidence = st.floats(1e-12, 1.0 - 1e-12)


def reference_tail(t: float, degrees: float) -> Any:
    """P(|T| ≥ t) to 60 digits: mpmath's incomplete beta, or its ₂F₁ where that would not converge."""
    v, z = mpmath.mpf(degrees), mpmath.mpf(t)
    if degrees <= 150.0 or t * t > degrees:
        return mpmath.betainc(v / 2, 0.5, 0, v / (v + z * z), regularized=True)
    return 1 - 2 * z * reference_peak(degrees) * mpmath.hyp2f1(0.5, (v + 1) / 2, 1.5, -z * z / v)


def reference_peak(degrees: float) -> Any:
    v = mpmath.mpf(degrees)
    return mpmath.exp(mpmath.loggamma((v + 1) / 2) - mpmath.loggamma(v / 2)) / mpmath.sqrt(v * mpmath.pi)


def quantile_error(confidence: float, degrees: float) -> float:
    """The relative error of t_quantile, as the residual of Q over its derivative with respect to log t."""
    t = t_quantile(confidence, degrees)
    v, z = mpmath.mpf(degrees), mpmath.mpf(t)
    slope = 2 * z * reference_peak(degrees) * mpmath.exp(-(v + 1) / 2 * mpmath.log1p(z * z / v))
    return float(abs(reference_tail(t, degrees) - (1 - mpmath.mpf(confidence))) / slope)


@pytest.mark.parametrize("degrees", DEGREES + LARGE_DEGREES)
def test_quantile_matches_mpmath(degrees: float) -> None:
    with mpmath.workdps(60):
        errors = {confidence: quantile_error(confidence, degrees) for confidence in CONFIDENCES}
    assert max(errors.values()) < 2e-14, errors


@pytest.mark.parametrize("degrees", DEGREES + LARGE_DEGREES)
def test_tail_matches_mpmath(degrees: float) -> None:
    with mpmath.workdps(60):
        errors = {t: float(abs(tail(t, degrees) / reference_tail(t, degrees) - 1)) for t in POINTS}
    assert max(errors.values()) < 2e-14, errors


@pytest.mark.parametrize("degrees", [0.5, 0.7, 1.0, 2.0, 3.3])
@pytest.mark.parametrize("t", [1e-300, 1e-160, 1e-20, 1e5, 1e8, 1e20, 1e50, 1e90])
def test_tail_keeps_its_digits_at_extreme_t(t: float, degrees: float) -> None:
    with mpmath.workdps(60):
        assert float(abs(tail(t, degrees) / reference_tail(t, degrees) - 1)) < 1e-12


@pytest.mark.parametrize(("t", "degrees"), [(1e155, 0.5), (1e300, 0.5), (1.7e308, 0.5), (1e200, 1.0)])
def test_tail_survives_where_t_squared_overflows(t: float, degrees: float) -> None:
    with mpmath.workdps(60):
        v = mpmath.mpf(degrees)
        power_law = 2 / v * mpmath.sqrt(v) * reference_peak(degrees) * (mpmath.mpf(t) / mpmath.sqrt(v)) ** -v
        assert tail(t, degrees) == pytest.approx(float(power_law), rel=1e-12, abs=0.0)


@pytest.mark.parametrize("degrees", [1e22, 1e30, 1.7e308, INF])
def test_large_degrees_are_the_normal_distribution(degrees: float) -> None:
    with mpmath.workdps(60):
        for t in [0.01, 0.5, 1.0, 1.5, 2.0, 5.0, 12.0, 25.0, 37.0]:
            normal = float(mpmath.erfc(mpmath.mpf(t) / mpmath.sqrt(2)))
            assert tail(t, degrees) == pytest.approx(normal, rel=1e-12, abs=0.0)
        for confidence in CONFIDENCES:
            with_sign = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(confidence))
            assert t_quantile(confidence, degrees) == pytest.approx(float(with_sign), rel=1e-14, abs=0.0)


@pytest.mark.parametrize("confidence", [1e-300, 1e-12, 9.99e-10, 1e-9, 1e-7, 9e-6, 1e-3, *CONFIDENCES])
def test_closed_forms_for_one_and_two_degrees(confidence: float) -> None:
    with mpmath.workdps(60):
        c = mpmath.mpf(confidence)
        one, two = float(mpmath.tan(mpmath.pi * c / 2)), float(c * mpmath.sqrt(2 / (1 - c * c)))
    assert t_quantile(confidence, 1.0) == pytest.approx(one, rel=1e-14, abs=0.0)
    assert t_quantile(confidence, 2.0) == pytest.approx(two, rel=1e-14, abs=0.0)


@pytest.mark.parametrize(
    ("confidence", "degrees", "table"),
    [
        (0.95, 1, 12.706),
        (0.95, 5, 2.571),
        (0.99, 10, 3.169),
        (0.9, 30, 1.697),
        (0.998, 120, 3.160),
        (0.95, INF, 1.960),
    ],
)
def test_printed_tables(confidence: float, degrees: float, table: float) -> None:
    """Abramowitz & Stegun table 26.10."""
    assert round(t_quantile(confidence, degrees), 3) == table


@given(any_confidence, any_degrees)
def test_round_trip(confidence: float, degrees: float) -> None:
    t = t_quantile(confidence, degrees)
    assert tail(t, degrees) == pytest.approx(1.0 - confidence, rel=1e-12, abs=0.0)
    assert t_quantile(confidence, degrees) == t


@given(any_confidence, any_confidence, any_degrees)
def test_quantile_grows_with_confidence(one: float, other: float, degrees: float) -> None:
    low, high = sorted((one, other))
    assert t_quantile(low, degrees) <= t_quantile(high, degrees) * (1.0 + 1e-14)


@given(any_confidence, any_degrees, any_degrees)
def test_quantile_shrinks_as_degrees_grow(confidence: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert t_quantile(confidence, low) >= t_quantile(confidence, high) * (1.0 - 1e-14)


@given(st.floats(0.0, INF), st.floats(0.0, INF), any_degrees)
def test_tail_falls_as_t_grows_and_stays_a_probability(one: float, other: float, degrees: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= tail(high, degrees) <= tail(low, degrees) * (1.0 + 1e-11) <= 1.0 + 1e-11


@given(st.floats(1e-323, 1.0, exclude_max=True), st.floats(0.5, INF))
def test_every_confidence_and_degrees_has_a_finite_quantile(confidence: float, degrees: float) -> None:
    assert 0.0 < t_quantile(confidence, degrees) < INF


@pytest.mark.parametrize("degrees", [0.5, 3.0, 1e9, INF])
def test_smallest_and_largest_confidence(degrees: float) -> None:
    assert 0.0 < t_quantile(5e-324, degrees) <= 1e-323
    assert 8.0 < t_quantile(1.0 - 2.0**-53, degrees) < 1e32


def test_regimes_meet() -> None:
    """Just below and just above each switch of formula the answers agree to the last digits."""
    for v, edge in itertools.product([0.5, 1.0, 1.99, 2.0, 3.0, 150.0, 1e9], [1.0, 2.0]):
        at = math.sqrt(min(v, edge))
        below, above = tail(at * (1.0 - 1e-15), v), tail(at * (1.0 + 1e-15), v)
        assert below == pytest.approx(above, rel=1e-14, abs=0.0)
    assert t_quantile(0.5, 7.0) == pytest.approx(t_quantile(math.nextafter(0.5, 0.0), 7.0), rel=1e-14, abs=0.0)
    assert t_quantile(0.9, 200.0) == pytest.approx(t_quantile(0.9, math.nextafter(200.0, 0.0)), rel=1e-14, abs=0.0)
    assert t_quantile(1e-9, 7.0) == pytest.approx(t_quantile(math.nextafter(1e-9, 0.0), 7.0), rel=1e-14, abs=0.0)


def test_ends_of_the_tail() -> None:
    for degrees in [0.5, 1.0, 30.0, 1e15, INF]:
        assert tail(0.0, degrees) == 1.0
        assert tail(INF, degrees) == 0.0
    assert tail(1e300, INF) == 0.0
    assert tail(1e300, 30.0) == 0.0


@pytest.mark.parametrize("degrees", [0.0, -1.0, 0.4999999999, -INF, math.nan])
def test_degrees_outside_the_domain(degrees: float) -> None:
    with pytest.raises(ValueError, match=r"degrees of freedom must be 0\.5 or more"):
        t_quantile(0.95, degrees)
    with pytest.raises(ValueError, match=r"degrees of freedom must be 0\.5 or more"):
        tail(1.0, degrees)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.1, 1.1, INF, -INF, math.nan])
def test_confidence_outside_the_domain(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence must lie strictly between 0 and 1"):
        t_quantile(confidence, 10.0)


@pytest.mark.parametrize("t", [-1e-300, -1.0, -INF, math.nan])
def test_t_outside_the_domain(t: float) -> None:
    with pytest.raises(ValueError, match="t must be zero or more"):
        tail(t, 10.0)


def test_module_imports_only_math_and_functools() -> None:
    """Start-up matters: loading the file alone must bring in no other module."""
    script = (
        "import functools, math, sys; before = set(sys.modules)\n"
        f"exec(compile(open({student.__file__!r}, encoding='utf-8').read(), 'student', 'exec'))\n"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
