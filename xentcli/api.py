"""`evaluate`: paths and options in, a result out. The command line is a thin client of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from os import PathLike, fspath
from typing import TypeVar

from xentcli.errors import UsageError
from xentcli.evaluation import evaluate_spec
from xentcli.result import EvalResult
from xentcli.spec import ColumnSpec, EvalSpec, InputKind, LabelKind, Unit, default_clip
from xentcli.text import quote

Kind = TypeVar("Kind", bound=StrEnum)


def evaluate(
    predictions: str | PathLike[str],
    labels: str | PathLike[str] | None = None,
    *,
    label: str | None = None,
    pred: str | Sequence[str] = (),
    classes: str | Sequence[str] = (),
    positive: str | None = None,
    negative: str | None = None,
    label_kind: str = "auto",
    weight: str | None = None,
    order_check: bool = True,
    input: str = "probs",  # the command's name for it
    clip: float | str | None = "default",
    sum_tolerance: float | None = None,
    renormalize: bool = False,
    unit: str = "nats",
    confidence: float = 0.95,
    threads: int | None = None,
    chunk_rows: int | None = None,
    delimiter: str | None = None,
    labels_delimiter: str | None = None,
) -> EvalResult:
    """Return the cross entropy of predictions in a file against labels, class by class.

    predictions, labels: paths of CSV or Parquet files with one row a record, in the same order; without `labels` the
    label column is in `predictions`. The other arguments are the options of `xent eval`, by the same names; `clip`
    None or 'none' is no clip. Losses are in nats, or bits if `unit` says so.

    Raises UsageError for options that make no sense, DataError for input that cannot be evaluated (with file, record
    and column), ResourceError where memory runs out.

    >>> result = evaluate("sample_data/cancer.csv", "sample_data/cancer_labels.csv")
    >>> f"{result.overall.loss:.6f}", [entry.class_ for entry in result.classes]
    ('0.075614', ['benign', 'malignant'])
    """
    columns = ColumnSpec(
        label=label,
        pred=tuple(pred.split(",") if isinstance(pred, str) else pred),
        classes=tuple(classes.split(",") if isinstance(classes, str) else classes),
        positive=positive,
        negative=negative,
        label_kind=_choice("label_kind", label_kind, LabelKind),
        weight=weight,
        order_check=order_check,
    )
    kind = _choice("input", input, InputKind)
    spec = EvalSpec(
        columns=columns,
        input=kind,
        clip=parse_clip(clip, kind),
        sum_tolerance=sum_tolerance,
        renormalize=renormalize,
        unit=_choice("unit", unit, Unit),
        confidence=confidence,
        threads=threads,
        chunk_rows=chunk_rows,
        delimiter=delimiter,
        labels_delimiter=labels_delimiter,
    )
    return evaluate_spec(spec, fspath(predictions), None if labels is None else fspath(labels))


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


def _choice(name: str, value: str, kinds: type[Kind]) -> Kind:
    try:
        return kinds(value)
    except ValueError:
        raise UsageError(f"--{name.replace('_', '-')} is {value!r}; it takes one of {', '.join(kinds)}") from None
