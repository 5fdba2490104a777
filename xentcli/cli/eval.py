"""`xent eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.cli import options as opt

if TYPE_CHECKING:
    from xentcli.spec import EvalSpec


def eval_command(
    predictions: opt.Predictions,
    labels: opt.Labels = None,
    label: opt.Label = None,
    pred: opt.Pred = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    negative: opt.Negative = None,
    label_kind: opt.LabelKindOption = opt.Kind.AUTO,
    weight: opt.Weight = None,
    no_order_check: opt.NoOrderCheck = False,
    delimiter: opt.Delimiter = None,
    labels_delimiter: opt.LabelsDelimiter = None,
    input_: opt.InputOption = opt.Input.PROBS,
    clip: opt.Clip = "default",
    sum_tolerance: opt.SumTolerance = None,
    renormalize: opt.Renormalize = False,
    unit: opt.UnitOption = opt.LossUnit.NATS,
    confidence: opt.Confidence = "0.95",
    format_: opt.FormatOption = opt.Format.TABLE,
    output: opt.Output = None,
    sort: opt.SortOption = opt.Sort.LOSS_SHARE,
    top: opt.Top = "20",
    threads: opt.Threads = None,
    chunk_rows: opt.ChunkRows = None,
    progress: opt.ProgressOption = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """Evaluate the log loss of predictions: what it is, how sure that is, and which classes it comes from.

    Row i of PREDICTIONS belongs to row i of LABELS. Every value is checked; nothing is repaired, dropped or clipped
    without a count in the output.
    """
    from xentcli.api import parse_clip
    from xentcli.cli.report import Report, evaluate_and_report
    from xentcli.cli.values import names_of, number_of, whole_of
    from xentcli.spec import MOST_CHUNK_ROWS, MOST_THREADS, ColumnSpec, EvalSpec, InputKind, LabelKind, Unit

    del verbose  # read from the arguments by cli/main.py, which also sees errors that come before this point
    kind = InputKind(input_.value)
    spec: EvalSpec = EvalSpec(
        columns=ColumnSpec(
            label=label,
            pred=names_of("--pred", pred),
            classes=names_of("--classes", classes),
            positive=positive,
            negative=negative,
            label_kind=LabelKind(label_kind.value),
            weight=weight,
            order_check=not no_order_check,
        ),
        input=kind,
        clip=parse_clip(clip, kind),
        sum_tolerance=number_of("--sum-tolerance", sum_tolerance, "a number from 0 up"),
        renormalize=renormalize,
        unit=Unit(unit.value),
        confidence=number_of("--confidence", confidence, "a number between 0 and 1, such as 0.95"),
        threads=whole_of("--threads", threads, f"from 1 to {MOST_THREADS}"),
        chunk_rows=whole_of("--chunk-rows", chunk_rows, f"from 1 to {MOST_CHUNK_ROWS}"),
        delimiter=delimiter,
        labels_delimiter=labels_delimiter,
    )
    evaluate_and_report(
        spec,
        predictions,
        labels,
        Report(format_.value, output, sort.value, whole_of("--top", top, "from 1 up"), progress, quiet),
    )
