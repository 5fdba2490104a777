"""`evaluate`: paths and options in, a result out. The command line is a thin client of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from os import PathLike, fspath
from typing import TypeVar

from xentcli.errors import UsageError
from xentcli.evaluation import evaluate_spec
from xentcli.kinds import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind
from xentcli.result import EvalResult
from xentcli.spec import ColumnSpec, Dialect, EvalSpec, default_clip
from xentcli.text import quote

Kind = TypeVar("Kind", bound=StrEnum)
Path = str | PathLike[str]
Names = str | Sequence[str]


def evaluate(
    predictions: Path,
    labels: Path | None = None,
    *,
    on: Names = (),
    unmatched: str = "error",
    label: Names = (),
    pred: Names = (),
    classes: Names = (),
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
    threads: int | None = None,
    chunk_rows: int | None = None,
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
    arguments are the options of `xent eval`, by the same names; `clip` None or 'none' is no clip. Losses are in the
    unit asked for.

    Raises UsageError for options that make no sense, DataError for input that cannot be evaluated (with file, record
    and column), ResourceError where memory runs out.

    >>> result = evaluate("sample_data/cancer.csv", "sample_data/cancer_labels.csv")
    >>> f"{result.overall.loss:.6f}", [entry.class_ for entry in result.classes]
    ('0.075614', ['benign', 'malignant'])
    """
    columns = ColumnSpec(
        on=_names(on),
        unmatched=_choice("unmatched", unmatched, Unmatched),
        label=_names(label),
        pred=_names(pred),
        classes=_names(classes),
        positive=positive,
        negative=negative,
        label_kind=_choice("label_kind", label_kind, LabelKind),
        weight=weight,
        weight_kind=_choice("weight_kind", weight_kind, WeightKind),
        by=_names(by),
        per=per,
        missing=_choice("missing", missing, Missing),
        ignore=(ignore,) if isinstance(ignore, str) else tuple(ignore),
        order_check=order_check,
    )
    kind = _choice("input", input, InputKind)
    spec = EvalSpec(
        columns=columns,
        input=kind,
        clip=parse_clip(clip, kind),
        sum_tolerance=sum_tolerance,
        renormalize=renormalize,
        class_weight=parse_class_weight(class_weight) if isinstance(class_weight, str) else class_weight,
        label_smoothing=label_smoothing,
        unit=_choice("unit", unit, Unit),
        confidence=confidence,
        most_slices=max_slices,
        threads=threads,
        chunk_rows=chunk_rows,
        dialect=Dialect(delimiter=delimiter, header=_not(no_header), encoding=encoding, decimal=decimal),
        labels_dialect=Dialect(
            delimiter=labels_delimiter,
            header=_not(labels_no_header),
            encoding=labels_encoding,
            decimal=labels_decimal,
        ),
    )
    return evaluate_spec(spec, fspath(predictions), None if labels is None else fspath(labels))


def _names(value: Names) -> tuple[str, ...]:
    return tuple(value.split(",") if isinstance(value, str) else value)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def parse_clip(clip: float | str | None, kind: InputKind) -> float | None:
    """Return a clip as given: a number, its text, 'none', or 'default' for the kind of input.

    >>> (
    ...     parse_clip("none", InputKind.PROBS),
    ...     parse_clip("1e-7", InputKind.PROBS),
    ...     parse_clip("default", InputKind.LOGITS),
    ... )
    (None, 1e-07, None)
    """
    if clip == "default":
        return default_clip(kind)
    if clip is None or clip == "none":
        return None
    try:
        return float(clip)
    except ValueError:
        raise UsageError(
            f"--clip is {quote(str(clip))}; it takes a probability above 0 and below 1, or 'none'"
        ) from None


def parse_class_weight(text: str) -> dict[str, float]:
    """Return the weights in `NAME=W,...`; a name may hold `=`, as its weight follows the last one.

    >>> parse_class_weight("cat=2,dog=0.5")
    {'cat': 2.0, 'dog': 0.5}
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, separator, number = part.rpartition("=")
        try:
            weight = float(number) if number.isascii() and "_" not in number else None
        except ValueError:
            weight = None
        if not separator or weight is None:
            raise UsageError(f"--class-weight has {quote(part)}; it takes NAME=WEIGHT,... or @FILE.json")
        if name in weights:
            raise UsageError(f"--class-weight names {quote(name)} twice")
        weights[name] = weight
    return weights


def _choice(name: str, value: str, kinds: type[Kind]) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        raise UsageError(f"--{name.replace('_', '-')} is {value!r}; it takes one of {', '.join(kinds)}") from None
