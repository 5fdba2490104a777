"""The figures of everything, of a class and of a slice, by their names. None is undefined, never 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Protocol, TypeVar, overload

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class LossPer:
    """The loss per unit of a column: its total Σa·u, Σaℓ/Σa·u with error and interval, and exp of it in nats."""

    column: str
    total: float | None
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    perplexity: float | None


@dataclass(frozen=True, slots=True)
class Overall:
    """Figures over all rows. Loss-like ones are in the unit of `Settings.unit`.

    loss_low and loss_high bound the loss at the confidence asked for; they and the standard errors are None below
    10 effective rows or where a loss is infinite. An infinite figure is inf here and null in JSON.
    """

    rows: int
    weight: float | None
    loss: float | None
    loss_sum: float | None
    loss_se: float | None
    loss_low: float | None
    loss_high: float | None
    macro_loss: float | None
    macro_classes: int
    perplexity: float | None
    label_entropy: float | None
    excess_loss: float | None
    prior_entropy: float | None
    skill: float | None
    skill_se: float | None
    skill_low: float | None
    skill_high: float | None
    accuracy: float | None
    tied_rows: int | None
    brier: float | None
    effective_rows: float | None
    sum_bias: float | None
    clipped_rows: int
    clipped_loss_share: float | None
    loss_per: LossPer | None
    snapped_values: int
    dropped_rows: int
    ignored_rows: int
    zero_weight_rows: int
    renormalized_rows: int
    unmatched_predictions: int
    unmatched_labels: int


@dataclass(frozen=True, slots=True)
class ClassResult:
    """Figures of one class: its share of rows, weight and loss, and how its rows are predicted.

    `class_` is its name (`class` in JSON). A class without rows has None where a mean would be.
    """

    class_: str
    rows: int
    weight: float | None
    weight_share: float | None
    loss: float | None
    loss_se: float | None
    loss_low: float | None
    loss_high: float | None
    loss_share: float | None
    loss_ratio: float | None
    label_probability: float | None
    predicted_share: float | None
    recall: float | None
    precision: float | None
    predicted_rows: float | None
    clipped_rows: int


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
    """Figures of the rows that share the values in `by` (None: missing), and how they compare with the rest.

    class_mix: how much its loss would be above the whole's if each class cost what it costs everywhere. delta_rest: its
    loss less that of all other rows; p_adjusted by Holm over the slices. `classes` are those that it has rows of.
    """

    by: dict[str, str | None]
    weight_share: float | None
    loss_share: float | None
    class_mix: float | None
    delta_rest: float | None
    delta_rest_se: float | None
    delta_rest_low: float | None
    delta_rest_high: float | None
    p_value: float | None
    p_adjusted: float | None
    overall: Overall
    classes: Sequence[ClassResult]


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
