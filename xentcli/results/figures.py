"""The figures of everything, of a class and of a slice, by their names. None is undefined, never 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar, overload

from xentcli.results.limits import Count, CountOrNone, Unsigned

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class LossPer:
    """The loss per unit of a column: its total Σa·u, Σaℓ/Σa·u with error and interval, and exp of it in nats."""

    column: str
    total: Annotated[float | None, "Σ weights·column."]
    value: Annotated[float | None, "Σ terms / Σ weights·column, in settings.unit."]
    se: Annotated[float | None, "Its standard error."]
    low: Annotated[float | None, "Lower end of the interval."]
    high: Annotated[float | None, "Upper end of the interval."]
    perplexity: Annotated[float | None, "exp(value in nats)."]


@dataclass(frozen=True, slots=True)
class Overall:
    """Figures over all rows. Loss-like ones are in the unit of `Settings.unit`.

    loss_low and loss_high bound the loss at the confidence asked for; they and the standard errors are None below
    10 effective rows or where a loss is infinite. An infinite figure is inf here and null in JSON.
    """

    rows: Annotated[Count, "Rows with a weight above 0."]
    weight: Annotated[float | None, "Σ of the weights; the rows without --weight."]
    loss: Annotated[float | None, "Σ terms / Σ weights, in settings.unit."]
    loss_sum: Annotated[float | None, "Σ terms."]
    loss_se: Annotated[float | None, "Standard error of the loss; null below 2 rows."]
    loss_low: Annotated[float | None, "Lower end of the interval; null below 10 effective rows."]
    loss_high: Annotated[float | None, "Upper end of the interval."]
    macro_loss: Annotated[float | None, "Mean of the losses of the classes that have rows."]
    macro_classes: Annotated[Count, "How many classes those are."]
    perplexity: Annotated[float | None, "exp(loss in nats)."]
    label_entropy: Annotated[float | None, "The least loss any predictions could have; 0 for hard labels."]
    excess_loss: Annotated[float | None, "loss − label_entropy."]
    prior_entropy: Annotated[float | None, "The least loss of one constant prediction."]
    skill: Annotated[float | None, "1 − loss/prior_entropy; null if one class occurs."]
    skill_se: Annotated[float | None, "Standard error of the skill."]
    skill_low: Annotated[float | None, "Lower end of its interval."]
    skill_high: Annotated[float | None, "Upper end of its interval."]
    accuracy: Annotated[Unsigned, "Share of the weight predicted right; m ties count 1/m each."]
    tied_rows: Annotated[CountOrNone, "Rows whose largest prediction is shared by several classes."]
    brier: Annotated[Unsigned, "Mean of Σ_k(p_k − y_k)², times settings.brier_scale."]
    effective_rows: Annotated[Unsigned, "(Σw)²/Σw²."]
    sum_bias: Annotated[float | None, "Weighted mean of ln Σp: what --renormalize would add to the loss."]
    clipped_rows: Annotated[Count, "Rows whose label has a probability below the clip."]
    clipped_loss_share: Annotated[Unsigned, "Their part of the loss."]
    loss_per: Annotated[LossPer | None, "The loss per unit of the column of --per; null without it."]
    snapped_values: Annotated[Count, "Values within 1e-6 of [0, 1], or below float64, taken as the nearest allowed."]
    dropped_rows: Annotated[Count, "Rows without a label, left out by --missing drop."]
    ignored_rows: Annotated[Count, "Rows whose label --ignore names."]
    zero_weight_rows: Annotated[Count, "Rows of weight 0: validated, in no other figure."]
    renormalized_rows: Annotated[Count, "Rows divided by a sum that was not exactly 1."]
    unmatched_predictions: Annotated[Count, "Rows of PREDICTIONS whose key LABELS has not, 0 without --on."]
    unmatched_labels: Annotated[Count, "Rows of LABELS whose key PREDICTIONS has not; 0 without --on."]


@dataclass(frozen=True, slots=True)
class ClassResult:
    """Figures of one class: its share of rows, weight and loss, and how its rows are predicted.

    `class_` is its name (`class` in JSON). A class without rows has None where a mean would be.
    """

    class_: Annotated[str, "The class."]
    rows: Annotated[Count, "Rows with this label."]
    weight: Annotated[float | None, "Their weight."]
    weight_share: Annotated[Unsigned, "Their part of the weight."]
    loss: Annotated[float | None, "Their mean loss."]
    loss_se: Annotated[float | None, "Its standard error."]
    loss_low: Annotated[float | None, "Lower end of its interval."]
    loss_high: Annotated[float | None, "Upper end of its interval."]
    loss_share: Annotated[Unsigned, "Their part of the loss."]
    loss_ratio: Annotated[Unsigned, "loss_share / weight_share."]
    label_probability: Annotated[Unsigned, "Mean probability of the label over these rows."]
    predicted_share: Annotated[Unsigned, "Mean probability of this class over all rows."]
    recall: Annotated[Unsigned, "Part of these rows predicted as this class."]
    precision: Annotated[Unsigned, "Part of the rows predicted as this class that are it."]
    predicted_rows: Annotated[Unsigned, "Rows predicted as this class; m ties count 1/m each."]
    clipped_rows: Annotated[Count, "Rows of this class that were clipped."]


class Later(Sequence[Entry]):
    """A sequence that is made when it is first looked at: many slices have many classes, and a table shows few."""

    def __init__(self, make: Callable[[], tuple[Entry, ...]]) -> None:
        self._make = make
        self._made: tuple[Entry, ...] | None = None

    def _all(self) -> tuple[Entry, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, at: int | slice) -> Entry | tuple[Entry, ...]:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        # What is made of them pickles, not how.
        return _made, (self._all(),)


def _made(entries: tuple[Entry, ...]) -> Later[Entry]:
    return Later(lambda: entries)


@dataclass(frozen=True, slots=True)
class SliceResult:
    """Figures of the rows that share the values in `by`, and how they compare with the rest."""

    by: Annotated[dict[str, str | None], "The value of each column; null is a missing one."]
    weight_share: Annotated[float | None, "Its weight / all."]
    loss_share: Annotated[float | None, "Its part of the loss sum."]
    class_mix: Annotated[
        float | None,
        "Σ_k its share of class k × the whole's loss of class k − the whole's loss: what harder classes alone explain.",
    ]
    delta_rest: Annotated[float | None, "Its loss − the loss of all other rows."]
    delta_rest_se: Annotated[float | None, "Standard error of that."]
    delta_rest_low: Annotated[float | None, "Lower end of its interval."]
    delta_rest_high: Annotated[float | None, "Upper end of its interval."]
    p_value: Annotated[float | None, "Two-sided p of delta_rest (Welch)."]
    p_adjusted: Annotated[float | None, "The same, adjusted for all slices (Holm)."]
    overall: Overall
    classes: Annotated[Sequence[ClassResult], "The classes that it has rows of."]


# What a slice has beside the figures of its rows.
_OF_SLICES = tuple(field.name for field in fields(SliceResult) if field.name not in {"by", "overall", "classes"})


@cache
def keys_of(kind: str) -> tuple[str, ...]:
    """Return the keys of metrics of a kind: overall, class or slice.

    >>> keys_of("class")[:3], "loss_per_value" in keys_of("overall"), "delta_rest" in keys_of("slice")
    (('rows', 'weight', 'weight_share'), True, True)
    """
    if kind == "class":
        return tuple(field.name for field in fields(ClassResult) if field.name != "class_")
    whole: list[str] = []
    for field in fields(Overall):
        per = field.name == "loss_per"
        whole += [f"loss_per_{part.name}" for part in fields(LossPer)[1:]] if per else [field.name]
    if kind == "overall":
        return tuple(whole)
    return (*_OF_SLICES, *whole)


def value_in(entry: Mapping[str, Any], key: str) -> Any:
    """Return a figure by its key out of an `overall` or a class as plain data; KeyError if it is not there."""
    part = key.removeprefix("loss_per_")
    if part != key:
        return None if entry["loss_per"] is None else entry["loss_per"][part]
    return entry[key]


def figure_of(entry: Overall | ClassResult | SliceResult, key: str) -> float | None:
    """Return a figure by its key."""
    if isinstance(entry, SliceResult):
        return getattr(entry, key) if key in _OF_SLICES else figure_of(entry.overall, key)
    part = key.removeprefix("loss_per_")
    # Without --per there is none.
    value: float | None = getattr(entry, key) if part == key else getattr(getattr(entry, "loss_per", None), part, None)
    return value


class Figures(Protocol):
    """What has figures: of everything, by class and by slice. A result is one."""

    @property
    def overall(self) -> Overall:
        """Figures over all rows."""

    @property
    def classes(self) -> Sequence[ClassResult]:
        """Figures of classes, in class order."""

    @property
    def slices(self) -> Sequence[SliceResult] | None:
        """Figures of slices, None without any."""
