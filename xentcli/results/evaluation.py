"""What an evaluation found: frozen values, in the contract's names and order. None is undefined, never 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from xentcli.results.figures import ClassResult, Overall, SliceResult
from xentcli.results.limits import NOT_BELOW_0, CountOrNone, Unsigned, one_of
from xentcli.results.verdicts import BaselineResult, GateResult

if TYPE_CHECKING:
    import pandas as pd


SCHEMA_VERSION = 1
# 1: the first: `overall`, `classes`, `slices`, `inputs`, `settings`, `baseline`, `gates`, `infinite`, `warnings`,
# `run`.


_CODES = one_of(
    *("infinite_loss", "clipped", "reversed_column", "row_sums", "snapped", "share_off", "overflow"),
    *("trailing_blank_line", "order_unchecked", "columns_left_out", "classes_without_labels", "perfect"),
    *("ignored_nothing", "predicted_label", "no_label_zero"),
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was read, and how it was understood; rows_fingerprint is None where not all rows were read."""

    predictions: Annotated[tuple[str, ...], "Files of predictions."]
    labels: Annotated[tuple[str, ...], "Files of labels; empty where PREDICTIONS holds them."]
    alignment: Annotated[str, one_of("row-order", "key")]
    on: tuple[str, ...] | None
    input: Annotated[str, one_of("probs", "logits", "logprobs", "label-probs", "label-logprobs")]
    task: Annotated[str, one_of("binary", "multiclass", "label-only")]
    classes: Annotated[tuple[str, ...], "In class order."]
    label_kind: Annotated[str | None, one_of("name", "index", "distribution"), "null where there are no labels."]
    name_rule: Annotated[str, "How columns and labels were matched."]
    unused_columns: Annotated[tuple[str, ...], "The columns that nothing uses, those of PREDICTIONS first."]
    rows_fingerprint: Annotated[
        str | None,
        {"pattern": "^[0-9a-f]{16}$"},
        "The same for the same rows, labels and weights, whatever the predictions.",
    ]


@dataclass(frozen=True, slots=True)
class Settings:
    """The options in force; what cannot be asked for yet stands at its default."""

    clip: Annotated[Unsigned, "The least probability of a label; null for none."]
    unit: Annotated[str, one_of("nats", "bits")]
    sum_tolerance: Annotated[Unsigned, "null where sums were not checked."]
    renormalize: bool
    label_smoothing: float
    class_weight: dict[str, float] | None
    weight: Annotated[str | None, "The weight column."]
    weight_kind: Annotated[str, one_of("importance", "count")]
    positive: Annotated[str | None, "The positive class of two; null for more."]
    cluster: str | None
    per: str | None
    by: tuple[str, ...]
    missing: Annotated[str, one_of("error", "drop")]
    ignore: tuple[str, ...]
    unmatched: Annotated[str, one_of("error", "drop", "drop-labels", "drop-predictions")]
    confidence: Annotated[float, {"exclusiveMinimum": 0, "exclusiveMaximum": 1}]
    brier_scale: Annotated[float, one_of(0.5, 1.0)]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a row that a warning speaks of stands."""

    file: Annotated[str, "The file."]
    record: Annotated[int, {"minimum": 1}, "Counted from 1 at the first data row."]


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning in plain words: `message` holds no file and no record, `first` says where it begins."""

    code: Annotated[str, _CODES]
    message: Annotated[str, "In plain words, without files or records."]
    rows: CountOrNone = None
    first: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How it was run; the only part that differs between two runs of the same thing."""

    seconds: Annotated[float, NOT_BELOW_0]
    rows_per_second: Unsigned
    jobs: Annotated[int, {"minimum": 1}]
    engine: Annotated[str, one_of("local")]
    peak_memory_bytes: CountOrNone
    finished_at: Annotated[str, "ISO 8601, UTC."]
    arguments: Annotated[tuple[str, ...], "The command line."]


@dataclass(frozen=True, slots=True)
class EvalResult:
    """The result of `evaluate`.

    `to_dict()` is plain data by the contract, `to_json()` the same as text, `metrics()` flat numbers by name;
    `classes_frame()` has the classes and `slices_frame()` the slices as pandas.
    """

    xent_version: str
    inputs: Annotated[Inputs, "What was read and how it was understood."]
    settings: Annotated[Settings, "The options in force."]
    overall: Overall
    classes: tuple[ClassResult, ...]
    warnings: tuple[Warned, ...]
    run: Annotated[Run, "How it was run: the only part that differs between two runs."]
    slices: Annotated[
        tuple[SliceResult, ...] | None,
        "Figures of each combination of values of the --by columns; absent without it.",
    ] = None
    baseline: Annotated[
        BaselineResult | None, "How the figures differ from those of --baseline; absent without it."
    ] = None
    gates: Annotated[tuple[GateResult, ...] | None, "What came of the gates; absent without any."] = None
    schema_version: Annotated[int, {"const": SCHEMA_VERSION}] = SCHEMA_VERSION
    command: Annotated[str, {"const": "eval"}] = "eval"

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
