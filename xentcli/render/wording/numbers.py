"""Figures as text that is short and never says more than is so: what is not 0 or 1 is not shown as it.

Fixed places where they tell something, a power of ten where they would not; 0 alone is exactly 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

NONE = "n/a"
_DIGITS = 7
_LARGEST = 1e7


def places_for(loss: float | None, digits: int = 4) -> int:
    """Return the decimal places that give a loss so many significant digits: at least 4, at most 7.

    >>> places_for(2.3026), places_for(0.0612), places_for(0.0612, digits=3), places_for(3.1e-9), places_for(None)
    (4, 5, 4, 7, 4)
    """
    if loss is None or not 0.0 < loss < math.inf:
        return 4
    return min(max(digits - 1 - math.floor(math.log10(loss)), 4), _DIGITS)


def figure(value: float | None, places: int = 4, digits: int = 2) -> str:
    """Return a figure with `places` decimals, fewer above 7 significant digits; `digits` and a power of ten outside.

    >>> figure(0.20715), figure(36.0437), figure(3.14159e-9), figure(2e-6, places=6), figure(123456.789)
    ('0.2072', '36.0437', '3.1e-09', '2.0e-06', '123456.8')
    >>> figure(0.0), figure(None), figure(float("inf")), figure(1e300), figure(-0.5)
    ('0', 'n/a', 'inf', '1.0e+300', '-0.5000')
    """
    if value is None:
        return NONE
    size = abs(value)
    if size == 0.0 or math.isinf(size):
        return f"{value:.0f}".removeprefix("-" if size == 0.0 else "")
    if size < 10.0 ** (1 - places) or size >= _LARGEST:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{min(places, _DIGITS - 1 - math.floor(math.log10(size)))}f}"


def difference(value: float | None, places: int = 4) -> str:
    """Return a difference with its sign and `places` decimals: how large it is counts, not its digits.

    >>> difference(0.0012), difference(-0.5), difference(0.0), difference(-1e-9), difference(None)
    ('+0.0012', '-0.5000', '0', '-1.0e-09', 'n/a')
    """
    if value is None or value == 0.0:
        return figure(value)
    seen = round(abs(value), places) > 0.0
    text = f"{value:+.{places}f}" if seen and abs(value) < 10.0 ** (_DIGITS - 1 - places) else figure(value, places)
    return text if text[0] in "+-" else f"+{text}"


def p_value(p: float | None) -> str:
    """Return a p-value: how small it is below a thousandth tells nobody anything.

    >>> p_value(0.0312), p_value(0.0), p_value(0.0009999), p_value(0.99999), p_value(1.0), p_value(None)
    ('0.031', '<0.001', '<0.001', '>0.999', '1', 'n/a')
    """
    if p is None:
        return NONE
    if p < 0.001:
        return "<0.001"
    return f"{p:.3f}" if p < 0.5 else fraction(p)


def fraction(value: float | None, places: int = 3) -> str:
    """Return a figure that is at most 1, such as a probability; 1 alone is exactly 1.

    >>> fraction(0.7704), fraction(0.99996), fraction(1.0), fraction(3.1e-9), fraction(-0.25, 4), fraction(None)
    ('0.770', '>0.999', '1', '3.1e-09', '-0.2500', 'n/a')
    """
    if value is None or value < 0.5:
        return figure(value, places)
    most = 1.0 - 10.0**-places
    if value < 1.0 and f"{value:.{places}f}".startswith("1"):
        return f">{most:.{places}f}"
    return "1" if value == 1.0 else f"{value:.{places}f}"


def percent(share: float | None, places: int = 1) -> str:
    """Return a share in per cent, without the sign; 0.0 alone is none of it, 100.0 all.

    >>> percent(0.1012), percent(0.0), percent(1e-9), percent(0.9996), percent(1.0), percent(0.9996, places=2)
    ('10.1', '0.0', '<0.1', '>99.9', '100.0', '99.96')
    >>> percent(1.004), percent(None)
    ('100.4', 'n/a')
    """
    if share is None:
        return NONE
    text = f"{100.0 * share:.{places}f}"
    step = 10.0**-places
    if share > 0.0 and float(text) == 0.0:
        return f"<{step:.{places}f}"
    if share < 1.0 and float(text) >= 100.0:
        return f">{100.0 - step:.{places}f}"
    return text


def times(ratio: float | None) -> str:
    """Return how many times the average something is.

    >>> times(1.8569), times(0.05), times(0.001), times(0.0), times(250000.0), times(None)
    ('1.86', '0.05', '<0.01', '0', '250000.0', 'n/a')
    """
    if ratio is None or ratio <= 0.0 or ratio >= 1e5:
        return figure(ratio)
    return "<0.01" if ratio < 0.005 else f"{ratio:.2f}"


def quantity(amount: float | None) -> str:
    """Return a weight or a number of effective rows, whole where it is.

    >>> quantity(804.0), quantity(794.977), quantity(1234567.25), quantity(0.2), quantity(1e300), quantity(None)
    ('804', '795.0', '1,234,567.2', '0.2000', '1.0000e+300', 'n/a')
    """
    if amount is None or not 1e-3 <= amount < 1e15:
        return figure(amount, digits=5)
    if amount.is_integer():
        return f"{amount:,.0f}"
    return f"{amount:,.1f}" if amount >= 100.0 else f"{amount:.4f}"


def confidence_percent(confidence: float) -> str:
    """Return a confidence as it was asked for, in per cent, without the sign.

    >>> confidence_percent(0.95), confidence_percent(0.9), confidence_percent(0.999), confidence_percent(1 - 1e-12)
    ('95', '90', '99.9', '99.9999999999')
    """
    return str(Decimal(repr(confidence)).scaleb(2) + 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a column shows, its heading, and one text a row; an empty one where there is nothing to say.

    Of intervals the cells are the low ends, and `highs` the high ones.
    """

    key: str
    heading: str
    cells: tuple[str, ...]
    highs: tuple[str, ...] = ()

    def joined(self, between: str) -> tuple[str, ...]:
        """Return the cells, those of intervals with both ends; without an end they are as empty.

        >>> Figures("interval", "95 % interval", ("0.1", "n/a"), ("12.3", "n/a")).joined(" … ")
        ('0.1 … 12.3', 'n/a')
        """
        if not self.highs:
            return self.cells
        ends = zip(self.cells, self.highs, strict=True)
        return tuple(low if low in {"", NONE} else f"{low}{between}{high}" for low, high in ends)


def intervals(key: str, lows: Figures, highs: Figures, confidence: float) -> Figures:
    """Return the intervals between two ends."""
    return Figures(key, f"{confidence_percent(confidence)} % interval", lows.cells, highs.cells)
