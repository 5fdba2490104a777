"""Standard errors to intervals."""

from __future__ import annotations

import math

from xentcli.numerics.student_t import t_quantile

FEWEST_ROWS = 10.0


def t_of(confidence: float, effective_rows: float | None) -> float | None:
    """Return t for an interval, with effective_rows − 1 degrees of freedom; None below 10 effective rows."""
    if effective_rows is None or effective_rows < FEWEST_ROWS:
        return None
    return t_quantile(confidence, effective_rows - 1.0)


def around(value: float | None, error: float | None, t: float | None) -> tuple[float | None, float | None]:
    """Return value·exp(±t·error/value): an interval on the log scale, as a loss cannot be below 0.

    (None, None) where a part is undefined or the value infinite; (0, 0) for a value of 0.

    >>> around(2.0, 0.0, 1.96), around(0.0, 0.0, 1.96), around(None, None, None)
    ((2.0, 2.0), (0.0, 0.0), (None, None))
    """
    if value is None or error is None or t is None or not math.isfinite(value):
        return None, None
    if value == 0.0:
        return 0.0, 0.0
    reach = t * error / value
    try:
        return value * math.exp(-reach), value * math.exp(reach)
    except OverflowError:
        return value * math.exp(-reach), math.inf
