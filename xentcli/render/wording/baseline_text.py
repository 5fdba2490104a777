"""How a result compares with its baseline, as every format words it."""

from __future__ import annotations

from xentcli.render.wording.numbers import confidence_percent, difference, figure
from xentcli.results.verdicts import BaselineResult
from xentcli.text import count

_BETTER = {"skill": 1, "accuracy": 1, "prior_entropy": 0}
_PAIRED = (
    "The rows are the same: comparing their losses row by row would be far sharper than the interval of two draws of "
    "rows, which is therefore not shown."
)
_UNKNOWN = (
    "Whether the rows are the same cannot be told, as one result is aligned by key and the other by row order; "
    "if they are, these intervals are too wide."
)


def better(metric: str) -> int:
    """Return 1 where a higher figure is the better one, -1 where a lower one is, 0 where neither is.

    >>> better("skill"), better("loss"), better("prior_entropy")
    (1, -1, 0)
    """
    return _BETTER.get(metric, -1)


def rows_of(baseline: BaselineResult) -> str:
    """Return how many rows the baseline is of, and whether they are these.

    >>> rows_of(BaselineResult("old.json", 809, False, (), ()))
    '809 rows, not the same ones'
    """
    if baseline.same_rows is None:
        return f"{count(baseline.rows, 'row')}, perhaps the same"
    rows = count(baseline.rows, "row")
    return f"the same {rows}" if baseline.same_rows else f"{rows}, not the same ones"


def change_text(change: float | None, half_width: float | None, places: int, plus_minus: str = " ± ") -> str:
    """Return a change with how sure it is, where that is known.

    >>> change_text(0.004, 0.018, 4), change_text(0.004, None, 4), change_text(None, None, 4)
    ('+0.0040 ± 0.0180', '+0.0040', 'n/a')
    """
    return difference(change, places) + ("" if half_width is None else f"{plus_minus}{figure(half_width, places)}")


def baseline_notes(baseline: BaselineResult, confidence: float, plus_minus: str = "±") -> list[str]:
    """Return sentences on what the changes mean: their intervals, or why there are none, and what else differs."""
    others = [f"{note[:1].upper()}{note[1:]}." for note in baseline.notes]
    if baseline.same_rows:
        return [_PAIRED, *others]
    sure = any(change.half_width is not None for change in baseline.changes)
    percent = confidence_percent(confidence)
    meaning = f"{plus_minus} is half the {percent} % interval of a change, as of rows drawn apart"
    meaning += "." if baseline.same_rows is None else "; where both have rows in common, it is too wide."
    return [*([meaning] if sure else []), *([_UNKNOWN] if sure and baseline.same_rows is None else []), *others]
