"""Which classes a report lists, in which order, and what stands for the rest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from xentcli.results.class_names import sort_classes
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult

SORTS = ("loss-share", "loss", "ratio", "rows", "name", "none")
_FIELDS = {"loss-share": "loss_share", "loss": "loss", "ratio": "loss_ratio", "rows": "rows"}
# Rows of probabilities sum to 1 within this without a warning, and so do predicted shares.
_ROW_SUMS = 1e-6


class Kind(StrEnum):
    """What a row of the table stands for."""

    CLASS = "class"
    REST = "rest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. What a sum of classes does not have, such as an interval, is None."""

    kind: Kind
    figures: ClassResult


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of the table from top to bottom, and the class with the highest loss where it is not among them."""

    rows: tuple[Row, ...]
    hidden_highest: ClassResult | None


def listed(result: EvalResult, sort: str, top: int) -> Listing:
    """Return the first `top` classes in the order asked for, one row for the rest, one for all."""
    ordered = in_order(result, sort)
    shown, hidden = ordered[:top], ordered[top:]
    rows = [Row(Kind.CLASS, entry) for entry in shown]
    if hidden:
        name = "1 more class" if len(hidden) == 1 else f"{len(hidden):,} more classes"
        rows.append(Row(Kind.REST, summed(hidden, name, result.settings.class_weight)))
    rows.append(Row(Kind.ALL, everything(result)))
    highest = max((entry for entry in result.classes if entry.loss is not None), key=_loss, default=None)
    inside = highest is None or any(_loss(entry) == _loss(highest) for entry in shown)
    return Listing(tuple(rows), None if inside else highest)


def in_order(result: EvalResult, sort: str) -> list[ClassResult]:
    """Return the classes, the highest figure first, those without it last; ties stay in class order.

    Where the loss is infinite there are no shares of it and no ratios to it: the losses decide.
    """
    if sort == "none":
        return list(result.classes)
    if sort == "name":
        return [result.classes[at] for at in sort_classes([entry.class_ for entry in result.classes])]
    if sort in {"loss-share", "ratio"} and result.overall.loss == math.inf:
        sort = "loss"

    def key(entry: ClassResult) -> tuple[bool, float]:
        value = getattr(entry, _FIELDS[sort])
        return value is None, 0.0 if value is None else -value

    return sorted(result.classes, key=key)


def summed(classes: Sequence[ClassResult], name: str, class_weight: Mapping[str, float] | None = None) -> ClassResult:
    """Return several classes as one: sums of rows and shares, and means of what is a mean, by weight.

    The loss is Σ weight_share·loss / Σ weight_share; class weights count in it, but not in the label probability and
    the recall. Intervals and the precision need what the result does not hold, and are None.
    """
    weights = class_weight or {}
    share = _sum(entry.weight_share for entry in classes)
    loss_share = _sum(entry.loss_share for entry in classes)
    return ClassResult(
        class_=name,
        rows=sum(entry.rows for entry in classes),
        weight=_sum((entry.weight for entry in classes), 0.0),
        weight_share=share,
        loss=_mean(classes, "loss", {}),
        loss_se=None,
        loss_low=None,
        loss_high=None,
        loss_share=loss_share,
        loss_ratio=loss_share / share if share and loss_share is not None else None,
        label_probability=_mean(classes, "label_probability", weights),
        predicted_share=_sum((entry.predicted_share for entry in classes), _ROW_SUMS),
        recall=_mean(classes, "recall", weights),
        precision=None,
        predicted_rows=_sum((entry.predicted_rows for entry in classes), 0.0),
        clipped_rows=sum(entry.clipped_rows for entry in classes),
    )


def everything(result: EvalResult) -> ClassResult:
    """Return the whole as if it were one class: its shares are all there is, its recall is the accuracy."""
    overall = result.overall
    measured = overall.loss is not None and 0.0 < overall.loss < math.inf
    sums = summed(result.classes, "all classes", result.settings.class_weight)
    return replace(
        sums,
        rows=overall.rows,
        weight=overall.weight,
        weight_share=1.0,
        loss=overall.loss,
        loss_se=overall.loss_se,
        loss_low=overall.loss_low,
        loss_high=overall.loss_high,
        loss_share=1.0 if measured else None,
        loss_ratio=1.0 if measured else None,
        recall=overall.accuracy,
        clipped_rows=overall.clipped_rows,
    )


def _loss(entry: ClassResult) -> float:
    return -math.inf if entry.loss is None else entry.loss


def _sum(values: Iterable[float | None], rounding: float = 1e-12) -> float | None:
    """Return the sum of what there is, None of nothing. A sum of shares that misses 1 by rounding is 1."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    added = math.fsum(known)
    return 1.0 if abs(added - 1.0) <= rounding else added


def _mean(classes: Sequence[ClassResult], name: str, class_weight: Mapping[str, float]) -> float | None:
    """Return the mean of a figure by weight without that of classes, over those that have it.

    None where a class of weight 0 has rows: what they weigh without it is not in the result.
    """
    if any(entry.rows and class_weight.get(entry.class_) == 0.0 for entry in classes):
        return None
    pairs = [
        ((entry.weight_share or 0.0) / (class_weight.get(entry.class_) or 1.0), getattr(entry, name))
        for entry in classes
    ]
    known = [(share, value) for share, value in pairs if share and value is not None]
    if not known:
        return None
    total: float = sum(share * value for share, value in known)
    # A plain sum, as fsum refuses what overflows; shares are at most 1, so that only an infinite loss does.
    return total / math.fsum(share for share, _ in known)
