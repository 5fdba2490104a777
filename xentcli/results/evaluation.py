"""What an evaluation found: frozen values, in the contract's names and order. None is undefined, never 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, overload

from xentcli.results.verdicts import BaselineResult, GateResult

if TYPE_CHECKING:
    import pandas as pd

Entry = TypeVar("Entry")

SCHEMA_VERSION = 1
# 1: the first: `overall`, `classes`, `slices`, `inputs`, `settings`, `baseline`, `gates`, `infinite`, `warnings`,
# `run`.


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was read, and how it was understood; rows_fingerprint is None where not all rows were read."""

    predictions: tuple[str, ...]
    labels: tuple[str, ...]
    alignment: str
    on: tuple[str, ...] | None
    input: str
    task: str
    classes: tuple[str, ...]
    label_kind: str | None
    name_rule: str
    unused_columns: tuple[str, ...]
    rows_fingerprint: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """The options in force; what cannot be asked for yet stands at its default."""

    clip: float | None
    unit: str
    sum_tolerance: float | None
    renormalize: bool
    label_smoothing: float
    class_weight: dict[str, float] | None
    weight: str | None
    weight_kind: str
    positive: str | None
    cluster: str | None
    per: str | None
    by: tuple[str, ...]
    missing: str
    ignore: tuple[str, ...]
    unmatched: str
    confidence: float
    brier_scale: float


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


@dataclass(frozen=True, slots=True)
class Found:
    """Where a row that a warning speaks of stands."""

    file: str
    record: int


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in plain words: `message` holds no file and no record, `first` says where it begins."""

    code: str
    message: str
    rows: int | None = None
    first: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How it was run; the only part that differs between two runs of the same thing."""

    seconds: float
    rows_per_second: float | None
    threads: int
    engine: str
    peak_memory_bytes: int | None
    finished_at: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvalResult:
    """The result of `evaluate`.

    `to_dict()` is plain data by the contract, `to_json()` the same as text, `metrics()` flat numbers by name;
    `classes_frame()` has the classes and `slices_frame()` the slices as pandas.
    """

    xent_version: str
    inputs: Inputs
    settings: Settings
    overall: Overall
    classes: tuple[ClassResult, ...]
    warnings: tuple[Warned, ...]
    run: Run
    slices: tuple[SliceResult, ...] | None = None
    baseline: BaselineResult | None = None
    gates: tuple[GateResult, ...] | None = None
    schema_version: int = SCHEMA_VERSION
    command: str = "eval"

    def to_dict(self) -> dict[str, Any]:
        """Return the result as dicts, lists, strings, numbers and None; infinite figures are None and listed."""
        from xentcli.results.serialize import to_dict

        return to_dict(self)

    def to_json(self) -> str:
        """Return the result as JSON text, always valid: no NaN, no Infinity."""
        from xentcli.results.serialize import to_json

        return to_json(self)

    def metrics(self) -> dict[str, float]:
        """Return every finite figure by the name that gates, DVC and MLflow take; undefined ones are not there."""
        from xentcli.render.metrics import to_metrics

        return to_metrics(self)

    def classes_frame(self) -> pd.DataFrame:
        """Return one row a class, in class order, with the columns of `classes` in JSON; None becomes NaN."""
        from xentcli.results.frames import classes_frame

        return classes_frame(self)

    def slices_frame(self) -> pd.DataFrame:
        """Return one row a slice: the values of the `by` columns, then its figures; None becomes NaN.

        Raises ValueError where no slices were asked for.
        """
        from xentcli.results.frames import slices_frame

        return slices_frame(self)
