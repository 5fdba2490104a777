"""What an evaluation found: frozen values, in the contract's names and order. None is undefined, never 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xentcli.results.figures import ClassResult, Overall, SliceResult
from xentcli.results.verdicts import BaselineResult, GateResult

if TYPE_CHECKING:
    import pandas as pd


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
    jobs: int
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
        from xentcli.results.metric_names import to_metrics

        return to_metrics(self)

    def classes_frame(self) -> pd.DataFrame:
        """Return one row a class, in class order, with the columns of `classes` in JSON; None becomes NaN."""
        from xentcli.results.frames import classes_frame

        return classes_frame(self.classes)

    def slices_frame(self) -> pd.DataFrame:
        """Return one row a slice: the values of the `by` columns, then its figures; None becomes NaN.

        Raises ValueError where no slices were asked for.
        """
        from xentcli.results.frames import slices_frame

        return slices_frame(self.slices, self.settings.by, self.overall)
