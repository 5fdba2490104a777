"""Sums and quotients without rounding: of `Fraction`s, of which None stands for an infinite one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Ratio:
    """Σ parts / Σ bases with its standard error; `value` None is infinite."""

    value: Fraction | None
    se: float | None

    @property
    def rounded(self) -> float:
        """The value in float64."""
        return as_float(self.value)


def total(values: Iterable[Fraction]) -> Fraction:
    """Return the sum, over one common denominator (quicker than adding one by one, and as exact)."""
    terms = list(values)
    bottom = math.lcm(*(term.denominator for term in terms))
    return Fraction(sum(term.numerator * (bottom // term.denominator) for term in terms), bottom)


def total_or_infinite(values: Iterable[Fraction | None]) -> Fraction | None:
    """Return the sum; infinite if a term is."""
    terms = list(values)
    finite = [term for term in terms if term is not None]
    return total(finite) if len(finite) == len(terms) else None


def ratio(
    parts: Sequence[Fraction | None], bases: Sequence[Fraction], weights: Sequence[Fraction], counts: bool
) -> Ratio:
    """Return R = Σ parts / Σ bases and its standard error, a pair of terms for each row.

    se = sqrt(Σ (part − R·base)² · n/(n − 1)) / Σ bases, n the number of rows; null below 2. Where weights are
    counts, a row is w equal rows, each with 1/w of its part and base: w·((part − R·base)/w)², and n = Σ w.
    """
    whole = total(bases)
    top = total_or_infinite(parts)
    if top is None or whole == 0:
        return Ratio(None, None)
    n = total(weights) if counts else Fraction(len(bases))
    if n < 2:
        return Ratio(top / whole, None)
    # Residuals times Σ bases: no quotient has to be carried along, and equal ones leave exactly 0.
    residuals = [part * whole - base * top for part, base in zip(parts, bases, strict=True) if part is not None]
    each = weights if counts else [Fraction(1)] * len(residuals)
    squares = total(residual**2 / w for residual, w in zip(residuals, each, strict=True))
    return Ratio(top / whole, as_float(root(squares * n / (n - 1)) / whole**2))


def root(value: Fraction) -> Fraction:
    """Return the square root to 40 digits and more, whatever the exponent."""
    shift = 300 + max(0, value.denominator.bit_length() - value.numerator.bit_length())
    return Fraction(math.isqrt((value.numerator << 2 * shift) // value.denominator), 1 << shift)


def effective_rows(terms: Sequence[Fraction], weights: Sequence[Fraction], counts: bool) -> Fraction:
    """Return (Σa)²/Σa²: how many equal rows would carry as much information. Of counts, w rows of a/w each."""
    each = weights if counts else [Fraction(1)] * len(terms)
    return total(terms) ** 2 / total(a**2 / w for a, w in zip(terms, each, strict=True))


def share(part: Fraction | None, whole: Fraction | None) -> float | None:
    """Return part/whole; None where it is undefined: 0/0 and ∞/∞."""
    if part is None or whole == 0:
        return None
    return 0.0 if whole is None else as_float(part / whole)


def as_float(value: Fraction | None) -> float:
    """Return the nearest float64; infinity for None and where the value leaves it."""
    if value is None:
        return math.inf
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def exp(value: float) -> float:
    """Return e to this power; infinity where that leaves float64."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def minus_log_of_share(part: Fraction) -> float:
    """Return −ln of an exact share, accurately also where it is close to 1."""
    if part > Fraction(1, 2):
        return -math.log1p(-float(1 - part)) + 0.0
    return math.log(part.denominator) - math.log(part.numerator) if part < 1e-300 else -math.log(part)
