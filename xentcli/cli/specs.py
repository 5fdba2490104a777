"""The options of the command line as the one validated value; commands that read the same inputs share it."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.cli.classes import classes_of
from xentcli.cli.values import names_of, number_of, weights_of, whole_of
from xentcli.memory_limit import bytes_of
from xentcli.spec.choices import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind
from xentcli.spec.dialect import Dialect
from xentcli.spec.options import MOST_CHUNK_ROWS, MOST_JOBS, MOST_SLICES, ColumnSpec, EvalSpec
from xentcli.spec.parsing import parse_class_weight, parse_clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What options hold, by the names of their parameters, as the command line gives it."""

    on: str | None
    unmatched: Unmatched
    no_order_check: bool
    missing: Missing
    ignore: list[str] | None
    by: str | None
    max_slices: str | None
    label: str | None
    pred: str | None
    classes: str | None
    positive: str | None
    negative: str | None
    label_kind: LabelKind
    weight: str | None
    weight_kind: WeightKind
    per: str | None
    input_: InputKind
    clip: str
    sum_tolerance: str | None
    renormalize: bool
    class_weight: str | None
    label_smoothing: str
    unit: Unit
    delimiter: str | None
    no_header: bool | None
    encoding: str | None
    decimal: str | None
    labels_delimiter: str | None
    labels_no_header: bool | None
    labels_encoding: str | None
    labels_decimal: str | None
    confidence: str
    jobs: str | None
    chunk_rows: str | None
    memory_limit: str | None


def spec_of(given: Given) -> EvalSpec:
    """Return the validated options. Raises UsageError, and DataError for a file that an option names."""
    return EvalSpec(
        columns=_columns(given),
        input=given.input_,
        clip=parse_clip(given.clip, given.input_),
        sum_tolerance=number_of("--sum-tolerance", given.sum_tolerance, "a number from 0 up"),
        renormalize=given.renormalize,
        class_weight=weights_of(given.class_weight, parse_class_weight),
        label_smoothing=number_of("--label-smoothing", given.label_smoothing, "a number from 0 to 1"),
        unit=given.unit,
        confidence=number_of("--confidence", given.confidence, "a number between 0 and 1, such as 0.95"),
        most_slices=whole_of("--max-slices", given.max_slices, f"from 1 to {MOST_SLICES}"),
        jobs=whole_of("--jobs", given.jobs, f"from 1 to {MOST_JOBS}"),
        chunk_rows=whole_of("--chunk-rows", given.chunk_rows, f"from 1 to {MOST_CHUNK_ROWS}"),
        memory_limit=None if given.memory_limit is None else bytes_of(given.memory_limit),
        dialect=Dialect(
            delimiter=given.delimiter,
            header=_not(given.no_header),
            encoding=given.encoding,
            decimal=given.decimal,
        ),
        labels_dialect=Dialect(
            delimiter=given.labels_delimiter,
            header=_not(given.labels_no_header),
            encoding=given.labels_encoding,
            decimal=given.labels_decimal,
        ),
    )


def _columns(given: Given) -> ColumnSpec:
    classes, class_map = classes_of(given.classes)
    return ColumnSpec(
        on=names_of("--on", given.on),
        unmatched=given.unmatched,
        label=names_of("--label", given.label),
        pred=names_of("--pred", given.pred),
        classes=classes,
        class_map=class_map,
        positive=given.positive,
        negative=given.negative,
        label_kind=given.label_kind,
        weight=given.weight,
        weight_kind=given.weight_kind,
        by=names_of("--by", given.by),
        per=given.per,
        missing=given.missing,
        ignore=tuple(given.ignore or ()),
        order_check=not given.no_order_check,
    )


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value
