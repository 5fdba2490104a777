"""Several classes as one, and the whole as if it were one: sums, and means of what is a mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult

# Rows of probabilities sum to 1 within this without a warning, and so do predicted shares.
_ROW_SUMS = 1e-6


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
