"""Which slices a report lists, in which order, what stands for the rest, and the classes of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xentcli.render.wording.class_listing import Kind, Listing, Row, listed
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import SliceResult

# What a missing value is called. A text that could be taken for it stands in quotes.
MISSING = "(none)"


@dataclass(frozen=True, slots=True)
class Rest:
    """Several slices as one: sums of rows and shares, and the mean of their losses by weight."""

    slices: int
    rows: int
    weight_share: float | None
    loss: float | None
    loss_share: float | None

    @property
    def name(self) -> str:
        """Return how many more slices they are."""
        return "1 more slice" if self.slices == 1 else f"{self.slices:,} more slices"


@dataclass(frozen=True, slots=True)
class SliceListing:
    """The slices from top to bottom, the rest, and the slice with the highest loss where it is not listed."""

    shown: tuple[SliceResult, ...]
    rest: Rest | None
    hidden_highest: SliceResult | None


def listed_slices(result: EvalResult, top: int) -> SliceListing:
    """Return the first `top` slices by the excess loss they carry, and what is left."""
    ordered = by_excess(result)
    shown, hidden = ordered[:top], ordered[top:]
    highest = max((one for one in ordered if one.overall.loss is not None), key=_loss, default=None)
    inside = highest is None or any(_loss(one) == _loss(highest) for one in shown)
    return SliceListing(tuple(shown), _rest(hidden) if hidden else None, None if inside else highest)


def by_excess(result: EvalResult) -> list[SliceResult]:
    """Return the slices by (loss of the slice − loss of all)·share of the weight, highest first.

    Those without a loss come last; ties stay in order of their values. Where the loss of all is infinite, nothing is
    above it: the losses decide.
    """
    whole = result.overall.loss
    finite = whole is not None and whole < math.inf

    def key(one: SliceResult) -> tuple[bool, float]:
        loss = one.overall.loss
        if loss is None:
            return True, 0.0
        return False, -(loss - whole) * (one.weight_share or 0.0) if finite and whole is not None else -loss

    return sorted(result.slices or (), key=key)


def _rest(slices: Sequence[SliceResult]) -> Rest:
    shares = [one.weight_share for one in slices if one.weight_share is not None]
    losses = [one.loss_share for one in slices if one.loss_share is not None]
    weighed = [
        (one.weight_share, one.overall.loss) for one in slices if one.weight_share and one.overall.loss is not None
    ]
    weight = math.fsum(share for share, _ in weighed)
    return Rest(
        len(slices),
        sum(one.overall.rows for one in slices),
        math.fsum(shares) if shares else None,
        # A plain sum, as fsum refuses what overflows.
        sum(share * loss for share, loss in weighed) / weight if weight else None,
        math.fsum(losses) if losses else None,
    )


def _loss(one: SliceResult) -> float:
    return -math.inf if one.overall.loss is None else one.overall.loss


def value_text(value: str | None, spelling: Spelling) -> str:
    """Return a value as it stands in its column: text as it is, unless it could be taken for a missing one or nothing.

    >>> plain = Spelling(str, "'{}'".format, str, str, " … ", "×")
    >>> [value_text(value, plain) for value in ("north", None, "(none)", "", " a", "'b'")]
    ['north', '(none)', "'(none)'", "''", "' a'", "''b''"]
    """
    if value is None:
        return MISSING
    confusing = value in {MISSING, ""} or value != value.strip() or value.startswith("'")
    return spelling.quoted(value) if confusing else spelling.name(value)


def slice_name(one: SliceResult, spelling: Spelling) -> str:
    """Return a slice as it is named in a sentence: `region 'north', year (none)`."""
    return ", ".join(
        f"{spelling.name(column)} {MISSING if value is None else spelling.quoted(value)}"
        for column, value in one.by.items()
    )


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
