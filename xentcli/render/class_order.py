"""In which order classes are listed and how much of the loss is in how few, as facts of a few words."""

from __future__ import annotations

import math
from itertools import accumulate

from xentcli.render.table_rows import Kind, Listing
from xentcli.result import EvalResult
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


def class_facts(result: EvalResult, listing: Listing, sort: str) -> list[str]:
    """Return the order; of many classes also how many are listed, and over how many the loss is spread."""
    shown = sum(row.kind is Kind.CLASS for row in listing.rows)
    # Where the loss is infinite there are no shares of it.
    sort = "loss" if sort in {"loss-share", "ratio"} and result.overall.loss == math.inf else sort
    if shown == len(result.classes):
        return [_ORDERS[sort]]
    half = half_of_the_loss(result)
    more = [] if half is None else [f"half the loss in {count(half, 'class', 'classes')}"]
    return [f"{shown:,} of {len(result.classes):,}, {_ORDERS[sort]}", *more]


def half_of_the_loss(result: EvalResult) -> int | None:
    """Return how many classes it takes at least to make half of the loss; None where there are no shares of it."""
    shares = sorted((entry.loss_share for entry in result.classes if entry.loss_share is not None), reverse=True)
    sums = accumulate(shares)
    return next((at for at, share in enumerate(sums, 1) if share >= 0.5 - _ROUNDING), None)
