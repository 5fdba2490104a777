"""Student's t without scipy: two-sided tail probabilities and quantiles for real degrees of freedom.

With a = v/2, x = v/(v + t²) and y = t²/(v + t²), the two-sided tail is the incomplete beta ratio
Q(t) = I_x(a, ½) and the middle is P(t) = 1 − Q(t) = I_y(½, a) (Abramowitz & Stegun 26.7.1, 26.5.27).
Near the middle P is a power series of positive terms; in the tail Q is a continued fraction.  Both are
written so that nothing cancels as v grows, so one code path reaches from half a degree to the normal limit.
"""

import math
from functools import lru_cache

_LEAST_DEGREES = 0.5
# There Student and normal tails differ by a relative t⁴/(4v) < 1e-16 wherever a float can hold them.
_NORMAL_DEGREES = 1e22
_ROUNDING = 2.0**-53
# The fraction settles within 90 levels; any further ones would only add their rounding.
_MOST_LEVELS = 100.0


def tail(t: float, degrees: float) -> float:
    """Return P(|T| ≥ t), the two-sided p-value of t for Student's T with that many degrees of freedom.

    Formula: I_x(v/2, ½) with x = v/(v + t²).
    Edge cases: t = 0 gives 1, t = inf gives 0, a tail too small for a float gives 0; degrees = inf is the
    normal distribution.  ValueError when t is negative or nan, or degrees is nan or below 0.5.
    Source: Abramowitz & Stegun 26.7.1 and 26.5.27.

    >>> tail(1.0, 1.0)
    0.5
    >>> round(tail(2.228138851986274, 10.0), 12)
    0.05
    """
    v = _checked_degrees(degrees)
    if not t >= 0.0:
        raise ValueError(f"t must be zero or more, not {t!r}")
    return 0.0 if math.isinf(t) else _masses(t, v)[1]


@lru_cache(maxsize=1 << 12)
def t_quantile(confidence: float, degrees: float) -> float:
    """Return the t with P(|T| ≤ t) = confidence for Student's T with that many degrees of freedom.

    Formula: Newton's method for the logarithm of the smaller of P and Q as a function of log t.  Both
    logarithms are concave in log t (log |T| is a difference of two independent variables with log-concave
    densities), so from a start on the outer side every step moves towards the root and none passes it:
    below one half the start is c/(2·f(0)), since P(t) ≤ 2·f(0)·t; from one half on it solves x^(v/2) = 1 − c,
    since I_x(v/2, ½) ≤ I_x(v/2, 1).
    Edge cases: degrees = inf is the normal distribution.  ValueError when confidence is not strictly
    between 0 and 1, or degrees is nan or below 0.5.
    Source: Abramowitz & Stegun 26.7.1 and 26.5.27; DLMF 3.8(ii), Newton's rule.

    >>> round(t_quantile(0.5, 1.0), 12)
    1.0
    >>> round(t_quantile(0.95, 10.0), 12)
    2.228138851986
    """
    v = _checked_degrees(degrees)
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, not {confidence!r}")
    if confidence < 0.5:
        return _newton(confidence / (2.0 * _peak(v)), v, confidence, outside=False)
    beyond = 1.0 - confidence  # exact: the two are within a factor of two
    return _newton(math.sqrt(v * math.expm1(-2.0 * math.log(beyond) / v)), v, beyond, outside=True)


def _newton(t: float, v: float, target: float, *, outside: bool) -> float:
    """Return the t at which Q(t) (outside) or P(t) (inside) equals target, from a start on the outer side.

    Formula: log t ← log t ± log(mass/target)·mass/(2·t·f(t)).  Convergence is quadratic with a constant
    near one, so the step after one below 1e-9 would be lost in rounding.
    Edge cases: none within the domain; see t_quantile for why no bracket is needed.
    Source: DLMF 3.8(ii), Newton's rule.

    >>> round(_newton(3.0, 1.0, 0.5, outside=True), 12)
    1.0
    """
    step = 1.0
    while abs(step) > 1e-9:
        middle, beyond, slope = _masses(t, v)
        mass = beyond if outside else -middle
        step = math.log(abs(mass) / target) * mass / slope
        t *= math.exp(step)
    return t


def _checked_degrees(degrees: float) -> float:
    """Return the degrees of freedom to compute with: the argument, or 1e22 for anything above that.

    Formula: min(degrees, 1e22).
    Edge cases: inf becomes 1e22; ValueError for nan and below 0.5.
    Source: Abramowitz & Stegun 26.7.8, the approximation for large degrees of freedom.

    >>> _checked_degrees(math.inf)
    1e+22
    """
    if not degrees >= _LEAST_DEGREES:
        raise ValueError(f"degrees of freedom must be {_LEAST_DEGREES} or more, not {degrees!r}")
    return min(degrees, _NORMAL_DEGREES)


def _masses(t: float, v: float) -> tuple[float, float, float]:
    """Return P(|T| ≤ t), P(|T| ≥ t) and 2·t·f(t), f being the density, for finite t ≥ 0.

    Formula: 2·t·f(t) = 2·f(0)·t·√x·x^(v/2); P is that times a series, Q that times half a fraction.
    Edge cases: hypot keeps t² from overflowing; log x comes from y while x is near one.
    Source: Abramowitz & Stegun 26.7.1; DLMF 8.17.8 and 8.17.22.

    >>> [round(mass, 12) for mass in _masses(1.0, 1.0)]
    [0.5, 0.5, 0.318309886184]
    """
    root = math.sqrt(v)
    length = math.hypot(root, t)
    cosine, sine = root / length, t / length  # √x and √y
    log_x = 2.0 * math.log(cosine) if t > root else math.log1p(-sine * sine)
    slope = 2.0 * _peak(v) * (t * cosine) * math.exp(0.5 * v * log_x)
    if t * t > min(v, 2.0):
        beyond = 0.5 * slope * _tail_fraction(0.5 * v, cosine * cosine, sine * sine)
        return 1.0 - beyond, beyond, slope
    middle = slope * _middle_series(0.5 * v, sine * sine)
    return middle, 1.0 - middle, slope


def _peak(v: float) -> float:
    """Return f(0), the height of the Student density at zero.

    Formula: Γ(a + ½)/(Γ(a)·√(2πa)) with a = v/2; from a = 100 on, where gamma overflows soon after and a
    difference of lgamma loses digits, exp(−1/(8a) + 1/(192a³) − 1/(640a⁵))/√(2π).
    Edge cases: the first term left out of the series is below 1.2e-17 at a = 100.
    Source: the density under the integral of Abramowitz & Stegun 26.7.1; DLMF 5.11.1 and 5.11.8.

    >>> round(_peak(1.0) * math.pi, 12), round(_peak(1e22) * math.sqrt(2.0 * math.pi), 12)
    (1.0, 1.0)
    """
    a = 0.5 * v
    if a < 100.0:
        return math.gamma(a + 0.5) / (math.gamma(a) * math.sqrt(2.0 * math.pi * a))
    r = 1.0 / a
    return math.exp(-r * (1 / 8 - r * r * (1 / 192 - r * r / 640))) / math.sqrt(2.0 * math.pi)


def _middle_series(a: float, y: float) -> float:
    """Return I_y(½, a) divided by 2·t·f(t), for y up to about ½ or, with a large, a·y up to about 1.

    Formula: Σ y^n·(a + ½)_n/(3/2)_n = 1 + y·(a + ½)/(3/2)·(1 + y·(a + 3/2)/(5/2)·(1 + …)).
    Edge cases: y = 0 gives 1; every term is positive, so nothing cancels.
    Source: DLMF 8.17.8 with the hypergeometric series 15.2.1.

    >>> round(_middle_series(0.5, 0.5), 12) == round(math.pi / 2.0, 12)
    True
    """
    total = term = n = 1.0
    while term > _ROUNDING * total:
        term *= y * (a + n - 0.5) / (n + 0.5)
        total += term
        n += 1.0
    return total


def _tail_fraction(a: float, x: float, y: float) -> float:
    """Return I_x(a, ½) divided by t·f(t), for t² above the smaller of 2a and 2.

    Formula: 1/(β₀ + α₁/(β₁ + α₂/(β₂ + …))), with b = ½ and
    αₙ = (a + n − 1)(a + b + n − 1)·n(b − n)·x²/(a + 2n − 1)²,
    βₙ = n + n(b − n)x/(a + 2n − 1) + (a + n)/(a + 2n + 1)·((a + b)y + 1 − b + n(1 + y)).
    This is the even part of DLMF 8.17.22, which itself loses digits as a grows; by Lentz's method.
    Edge cases: x = 0 stops at once; numerators and denominators of the convergents are orthogonal
    polynomials with their zeros beyond x = 1, so nothing divides by zero.
    Source: DLMF 8.17.22; DiDonato & Morris, ACM TOMS 18 (1992) 360-373, BFRAC.

    >>> round(_tail_fraction(0.5, 0.5, 0.5), 12) == round(math.pi, 12)
    True
    """
    ahead = value = a / (a + 1.0) * ((a + 0.5) * y + 0.5)
    behind, factor, n = 0.0, 0.0, 0.0
    while abs(factor - 1.0) > 2.0 * _ROUNDING and n < _MOST_LEVELS:
        n += 1.0
        middle = a + 2.0 * n - 1.0
        twist = n * (0.5 - n) * x / middle
        alpha = (a + n - 1.0) / middle * (a + n - 0.5) * twist * x
        beta = n + twist + (a + n) / (middle + 2.0) * ((a + 0.5) * y + 0.5 + n * (1.0 + y))
        behind = 1.0 / (beta + alpha * behind)
        ahead = beta + alpha / ahead
        factor = ahead * behind
        value *= factor
    return 1.0 / value
