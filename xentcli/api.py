"""`evaluate`, `judge` and `inspect`: paths and options in, a result out. The command line is a thin client of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from os import PathLike, fspath
from typing import Any, TypeVar

from xentcli.commands.evaluate import evaluate_spec
from xentcli.commands.inspect.inspect import inspect_spec
from xentcli.errors import UsageError
from xentcli.gates.baseline import load_baseline
from xentcli.gates.changes import compared
from xentcli.gates.gate import judge as judged
from xentcli.gates.gate import parse_gate
from xentcli.memory_limit import bytes_of, refuse_excess
from xentcli.results.evaluation import EvalResult
from xentcli.results.inspection import InspectResult
from xentcli.spec.choices import Bound, InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind
from xentcli.spec.dialect import Dialect
from xentcli.spec.options import ColumnSpec, EvalSpec
from xentcli.spec.parsing import parse_class_weight, parse_clip, split_names

Kind = TypeVar("Kind", bound=StrEnum)
Path = str | PathLike[str]
Names = str | Sequence[str]
Limits = Mapping[str, float | str] | Sequence[str]


def evaluate(
    predictions: Path,
    labels: Path | None = None,
    *,
    on: Names = (),
    unmatched: str = "error",
    label: Names = (),
    pred: Names = (),
    classes: Names | Mapping[str, str | int] = (),
    positive: str | None = None,
    negative: str | None = None,
    label_kind: str = "auto",
    weight: str | None = None,
    weight_kind: str = "importance",
    class_weight: str | Mapping[str, float] | None = None,
    by: Names = (),
    max_slices: int | None = None,
    per: str | None = None,
    missing: str = "error",
    ignore: Names = (),
    order_check: bool = True,
    input: str = "probs",  # the command's name for it
    clip: float | str | None = "default",
    sum_tolerance: float | None = None,
    renormalize: bool = False,
    label_smoothing: float = 0.0,
    unit: str = "nats",
    confidence: float = 0.95,
    jobs: int | None = None,
    chunk_rows: int | None = None,
    memory_limit: int | str | None = None,
    delimiter: str | None = None,
    no_header: bool | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    labels_delimiter: str | None = None,
    labels_no_header: bool | None = None,
    labels_encoding: str | None = None,
    labels_decimal: str | None = None,
) -> EvalResult:
    """Return the cross entropy of predictions against labels, class by class.

    predictions, labels: paths, globs, directories or URIs of CSV, Parquet or JSON Lines files with one row a record, in
    the same order or with keys that `on` names; without `labels` the label column is in `predictions`. The other
    arguments are the options of `xent eval`, by the same names; `clip` None or 'none' is no clip. Several names are a
    sequence, or a text with commas; `classes` may also say which is which: {'cat': 0} or {'p_cat': 'cat'}. Losses are
    in the unit asked for.

    `memory_limit` is of this whole process, and looked at from chunk to chunk.

    Raises UsageError for options that make no sense, DataError for input that cannot be evaluated (with file, record
    and column), ResourceError where memory or the limit of it runs out.

    >>> result = evaluate("sample_data/cancer.csv", "sample_data/cancer_labels.csv")
    >>> f"{result.overall.loss:.6f}", [entry.class_ for entry in result.classes]
    ('0.075614', ['benign', 'malignant'])
    """
    given = dict(locals())
    return evaluate_spec(spec_of(given), fspath(predictions), None if labels is None else fspath(labels))


def inspect(predictions: Path, labels: Path | None = None, **options: Any) -> InspectResult:
    """Return what `evaluate` would read, and how it would understand it; nothing is scored.

    predictions, labels, options: as `evaluate` takes them. Only headers, footers and the first rows are read.

    Raises what `evaluate` would raise, as far as those rows show it.

    >>> found = inspect("sample_data/cancer.csv", "sample_data/cancer_labels.csv")
    >>> found.rules.names, found.rules.positive
    ('column name', 'malignant')
    """
    defaults = evaluate.__kwdefaults__ or {}
    unknown = next((name for name in options if name not in defaults), None)
    if unknown is not None:
        raise TypeError(f"inspect() got an unexpected keyword argument {unknown!r}")
    spec = spec_of({**defaults, **options})
    found = inspect_spec(spec, fspath(predictions), None if labels is None else fspath(labels))
    refuse_excess(spec.memory_limit)
    return found


def judge(
    result: EvalResult,
    *,
    max: Limits | None = None,  # the command's names for them
    min: Limits | None = None,
    baseline: Path | None = None,
    max_increase: Limits | None = None,
    max_decrease: Limits | None = None,
) -> EvalResult:
    """Return a result with what came of gates, and how it differs from a baseline: an earlier result as JSON.

    max, min, max_increase, max_decrease: limits by the names of metrics (those of `result.metrics()`), as numbers or as
    the texts that the command line takes, such as '5%'; or texts such as 'loss=0.4'. Compared as exact decimals,
    inclusive.

    Raises UsageError for a metric that cannot exist, DataError for a baseline that cannot be compared with.

    >>> result = evaluate("sample_data/cancer.csv", "sample_data/cancer_labels.csv")
    >>> [gate.passed for gate in judge(result, max={"loss": 0.08}, min={"class/malignant/recall": 0.99}).gates]
    [True, False]
    """
    given = zip(Bound, (max, min, max_increase, max_decrease), strict=True)
    gates = [parse_gate(bound, text) for bound, limits in given for text in _gate_texts(limits or ())]
    held = None if baseline is None else load_baseline(fspath(baseline))
    if held is not None:
        result = replace(result, baseline=compared(result, held))
    return replace(result, gates=judged(result, gates, held)) if gates else result


def _gate_texts(limits: Limits) -> list[str]:
    if isinstance(limits, Mapping):
        return [f"{name}={limit}" for name, limit in limits.items()]
    return [limits] if isinstance(limits, str) else list(limits)


def spec_of(given: Mapping[str, Any]) -> EvalSpec:
    """Return the validated options, given by the names of `evaluate`'s arguments."""
    mapped = isinstance(given["classes"], Mapping)
    columns = ColumnSpec(
        on=_names("--on", given["on"]),
        unmatched=_choice("unmatched", given["unmatched"], Unmatched),
        label=_names("--label", given["label"]),
        pred=_names("--pred", given["pred"]),
        classes=() if mapped else _names("--classes", given["classes"]),
        class_map=given["classes"] if mapped else None,
        positive=given["positive"],
        negative=given["negative"],
        label_kind=_choice("label_kind", given["label_kind"], LabelKind),
        weight=given["weight"],
        weight_kind=_choice("weight_kind", given["weight_kind"], WeightKind),
        by=_names("--by", given["by"]),
        per=given["per"],
        missing=_choice("missing", given["missing"], Missing),
        ignore=(given["ignore"],) if isinstance(given["ignore"], str) else tuple(given["ignore"]),
        order_check=given["order_check"],
    )
    kind, weights = _choice("input", given["input"], InputKind), given["class_weight"]
    return EvalSpec(
        columns=columns,
        input=kind,
        clip=parse_clip(given["clip"], kind),
        sum_tolerance=given["sum_tolerance"],
        renormalize=given["renormalize"],
        class_weight=parse_class_weight(weights) if isinstance(weights, str) else weights,
        label_smoothing=given["label_smoothing"],
        unit=_choice("unit", given["unit"], Unit),
        confidence=given["confidence"],
        most_slices=given["max_slices"],
        jobs=given["jobs"],
        chunk_rows=given["chunk_rows"],
        memory_limit=None if given["memory_limit"] is None else bytes_of(given["memory_limit"]),
        dialect=Dialect(
            delimiter=given["delimiter"],
            header=_not(given["no_header"]),
            encoding=given["encoding"],
            decimal=given["decimal"],
        ),
        labels_dialect=Dialect(
            delimiter=given["labels_delimiter"],
            header=_not(given["labels_no_header"]),
            encoding=given["labels_encoding"],
            decimal=given["labels_decimal"],
        ),
    )


def _names(option: str, value: Names) -> tuple[str, ...]:
    return split_names(option, value) if isinstance(value, str) else tuple(value)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _choice(name: str, value: str, kinds: type[Kind]) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        raise UsageError(f"--{name.replace('_', '-')} is {value!r}; it takes one of {', '.join(kinds)}") from None
