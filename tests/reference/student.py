"""Student's t by numerical integration: quantiles for intervals, tails for tests."""

from __future__ import annotations

import math
from functools import cache


@cache
def student_t_quantile(probability: float, df: float) -> float:
    """Return the t that a Student variable with `df` ≥ 9 degrees of freedom stays below with `probability`.

    The density is integrated numerically and only up to a factor, so no gamma function is needed. The upper
    tail is a convex function of t ≥ 0, so Newton's method from 0 climbs to the root and never passes it.
    """
    if probability < 0.5:
        return -student_t_quantile(1 - probability, df)
    wanted = (1 - probability) * 2 * _tail(0.0, df)
    t = 0.0
    for _ in range(200):
        step = (_tail(t, df) - wanted) / _density(t, df)
        t += step
        if abs(step) <= 4e-16 * t:
            break
    return t


def student_t_two_sided(t: float, df: float) -> float:
    """Return the probability that a Student variable is at least as far from 0 as `t`."""
    return _tail(abs(t), df) / _tail(0.0, df)


def _density(x: float, df: float) -> float:
    """Return the density of Student's t up to its constant factor: (1 + x²/df)^(−(df + 1)/2)."""
    return math.exp(-(df + 1) / 2 * math.log1p(x * x / df))


def _tail(start: float, df: float) -> float:
    """Return the integral of the density from `start` to infinity, by the exp-sinh rule.

    x = start + exp(π/2·sinh u) makes the integrand fall off doubly exponentially at both ends, where the
    trapezoidal rule converges to the last digits of float64.
    """
    step = 1 / 64
    terms = []
    for i in range(-5 * 64, 5 * 64 + 1):
        u = i * step
        distance = math.exp(math.pi / 2 * math.sinh(u))
        if distance < 1e100:  # beyond, nothing is left of a density that falls as x**-10
            slope = math.pi / 2 * math.cosh(u) * distance
            terms.append(_density(start + distance, df) * slope)
    return step * math.fsum(terms)
