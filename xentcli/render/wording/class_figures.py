"""What the class table shows, column by column, and what it says of a class that it does not list."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

from xentcli.render.wording.class_listing import Kind, Listing, Row
from xentcli.render.wording.numbers import Figures, figure, fraction, intervals, percent, places_for, times
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.text import count

_ORDERS = {
    "loss-share": "largest loss share first",
    "loss": "highest loss first",
    "ratio": "highest ratio to the average first",
    "rows": "most rows first",
    "name": "by name",
    "none": "in class order",
}
_ROUNDING = 1e-12
# Where the probability of the label is all there is.
_UNKNOWN = {"predicted_share", "recall", "precision"}


def class_figures(result: EvalResult, rows: Sequence[Row], spelling: Spelling) -> list[Figures]:
    """Return every column that has something to say, from left to right; the names of the classes are the first."""
    places = places_for(result.overall.loss, digits=3)

    def loss(value: float | None) -> str:
        return figure(value, places)

    low, high = (_figures(rows, name, "", loss) for name in ("loss_low", "loss_high"))
    columns = [
        # What a sum of classes is called is no name from the inputs.
        Figures("class", "class", tuple(_name(row, spelling) for row in rows)),
        _counts(result, rows, "rows", "rows"),
        _figures(rows, "weight_share", share_heading(result), percent),
        _figures(rows, "predicted_share", "pred %", percent),
        _figures(rows, "loss", "loss", loss),
        intervals("interval", low, high, result.settings.confidence),
        _figures(rows, "loss_share", "loss %", percent),
        _figures(rows, "loss_ratio", f"{spelling.times} avg", times),
        _figures(rows, "label_probability", "label p", fraction),
        _figures(rows, "recall", "recall %", percent),
        _figures(rows, "precision", "precision %", percent),
    ]
    if result.overall.clipped_rows:
        columns.append(_counts(result, rows, "clipped_rows", "clipped"))
    left_out = _UNKNOWN if result.inputs.task == "label-only" else set()
    return [column for column in columns if column.key not in left_out]


def classes_facts(result: EvalResult, listing: Listing, sort: str) -> list[str]:
    """Return in which order the classes stand; of many, how many are listed, and over how many the loss is spread."""
    shown = sum(row.kind is Kind.CLASS for row in listing.rows)
    # Where the loss is infinite there are no shares of it.
    order = _ORDERS["loss" if sort in {"loss-share", "ratio"} and result.overall.loss == math.inf else sort]
    if shown == len(result.classes):
        return [order]
    half = half_of_the_loss(result)
    spread = [] if half is None else [f"half the loss in {count(half, 'class', 'classes')}"]
    return [f"{shown:,} of {len(result.classes):,}, {order}", *spread]


def half_of_the_loss(result: EvalResult) -> int | None:
    """Return how many classes it takes at least to make half of the loss; None where there are no shares of it."""
    shares = sorted((entry.loss_share for entry in result.classes if entry.loss_share is not None), reverse=True)
    sums = accumulate(shares)
    return next((at for at, share in enumerate(sums, 1) if share >= 0.5 - _ROUNDING), None)


def share_heading(result: EvalResult) -> str:
    """Return what the share of a class or slice is of: its rows, or where they do not weigh the same, their weight."""
    settings = result.settings
    same = settings.weight is None and not settings.class_weight and not overlapping(result)
    return "rows %" if same else "weight %"


def overlapping(result: EvalResult) -> bool:
    """Say whether a row may belong to several classes, so that rows by class do not add up."""
    return result.inputs.label_kind == "distribution"


def hidden_class_text(result: EvalResult, listing: Listing, spelling: Spelling) -> str:
    """Return a sentence on the class with the highest loss, where the table does not list it."""
    entry = listing.hidden_highest
    if entry is None:
        return ""
    loss = f"{figure(entry.loss, places_for(result.overall.loss))} {result.settings.unit}"
    name, rows = spelling.quoted(entry.class_), count(entry.rows, "row")
    return f"Not listed: {name} has the highest loss, {loss} ({rows})."


def _name(row: Row, spelling: Spelling) -> str:
    return spelling.name(row.figures.class_) if row.kind is Kind.CLASS else row.figures.class_


def _counts(result: EvalResult, rows: Sequence[Row], key: str, heading: str) -> Figures:
    """Return a column of row counts; several classes together have none where a row may belong to two of them."""
    unknown = {Kind.REST} if overlapping(result) else set()
    cells = ("" if row.kind in unknown else f"{getattr(row.figures, key):,}" for row in rows)
    return Figures(key, heading, tuple(cells))


def _figures(rows: Sequence[Row], key: str, heading: str, form: Callable[[float | None], str]) -> Figures:
    return Figures(key, heading, tuple(_cell(row, key, form) for row in rows))


def _cell(row: Row, key: str, form: Callable[[float | None], str]) -> str:
    """Return a figure; where it is None, a class has it undefined and a sum of classes has none."""
    value = getattr(row.figures, key)
    return "" if value is None and row.kind is not Kind.CLASS else form(value)
