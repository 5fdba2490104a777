"""How a result compares with its baseline, as every format words it."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.wording.class_listing import Kind, Row
from xentcli.render.wording.numbers import Figures, confidence_percent, difference, figure
from xentcli.render.wording.slice_listing import SliceListing
from xentcli.render.wording.spelling import Spelling
from xentcli.results.metric_names import prefix
from xentcli.results.verdicts import BaselineResult, Change
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
# Of what the baseline does not have.
_MISSING = Change("", None, None, None, None)


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


def changes_of_classes(rows: Sequence[Row], baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of the losses of classes, and of all of them; several as one have none."""
    metrics = {Kind.ALL: "loss", Kind.REST: None}
    return _changes([metrics.get(row.kind, prefix("class", (row.figures.class_,)) + "loss") for row in rows], baseline)


def changes_of_slices(listing: SliceListing, baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of the losses of slices; the rest of them, where there is one, has none."""
    names = [prefix("slice", one.by.items()) + "loss" for one in listing.shown]
    return _changes([*names, *([] if listing.rest is None else [None])], baseline)


def _changes(metrics: Sequence[str | None], baseline: BaselineResult | None) -> list[Change | None]:
    """Return the changes of these metrics; nothing where the baseline has none of them."""
    known = {} if baseline is None else baseline.by_metric()
    if not any(metric in known for metric in metrics):
        return []
    return [None if metric is None else known.get(metric, _MISSING) for metric in metrics]


def change_figures(changes: Sequence[Change | None], places: int, spelling: Spelling) -> list[Figures]:
    """Return the changes as a column, if there are any."""
    cells = (
        "" if one is None else change_text(one.change, one.half_width, places, spelling.plus_minus) for one in changes
    )
    return [Figures("change", "change", tuple(cells))] if changes else []
