"""The classes of a slice, listed as those of the whole are."""

from __future__ import annotations

from dataclasses import replace

from xentcli.render.wording.class_listing import Kind, Listing, Row, listed
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import SliceResult


def as_result(result: EvalResult, one: SliceResult) -> EvalResult:
    """Return a slice as if it were all there is; what the whole is compared with is not about it."""
    names = tuple(entry.class_ for entry in one.classes)
    return replace(
        result,
        overall=one.overall,
        classes=tuple(one.classes),
        slices=None,
        baseline=None,
        gates=None,
        inputs=replace(result.inputs, classes=names),
    )


def listed_within(result: EvalResult, part: EvalResult, sort: str, top: int) -> Listing:
    """Return the rows of a slice's table. Classes it has no rows of are not in it, but may well be predicted."""
    listing = listed(part, sort, top)
    if len(part.classes) == len(result.classes):
        return listing
    rows = (
        Row(row.kind, replace(row.figures, predicted_share=None)) if row.kind is Kind.ALL else row
        for row in listing.rows
    )
    return replace(listing, rows=tuple(rows))
