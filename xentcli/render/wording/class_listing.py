"""Which classes a report lists, in which order, and what stands for the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from xentcli.results.class_groups import everything, summed
from xentcli.results.class_names import sort_classes
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult

_FIELDS = {"loss-share": "loss_share", "loss": "loss", "ratio": "loss_ratio", "rows": "rows"}


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


def _loss(entry: ClassResult) -> float:
    return -math.inf if entry.loss is None else entry.loss
