"""`xent eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.cli.options import columns, files, gates, report, rows, running, scoring
from xentcli.spec.choices import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind

if TYPE_CHECKING:
    from xentcli.spec.options import EvalSpec


def eval_command(
    predictions: files.Predictions,
    labels: files.Labels = None,
    on: rows.On = None,
    unmatched: rows.UnmatchedOption = Unmatched.ERROR,
    no_order_check: rows.NoOrderCheck = False,
    missing: rows.MissingOption = Missing.ERROR,
    ignore: rows.Ignore = None,
    by: rows.By = None,
    max_slices: rows.MaxSlices = None,
    label: columns.Label = None,
    pred: columns.Pred = None,
    classes: columns.Classes = None,
    positive: columns.Positive = None,
    negative: columns.Negative = None,
    label_kind: columns.LabelKindOption = LabelKind.AUTO,
    weight: columns.Weight = None,
    weight_kind: columns.WeightKindOption = WeightKind.IMPORTANCE,
    per: columns.Per = None,
    input_: scoring.InputOption = InputKind.PROBS,
    clip: scoring.Clip = "default",
    sum_tolerance: scoring.SumTolerance = None,
    renormalize: scoring.Renormalize = False,
    class_weight: scoring.ClassWeight = None,
    label_smoothing: scoring.LabelSmoothing = "0",
    unit: scoring.UnitOption = Unit.NATS,
    delimiter: files.Delimiter = None,
    no_header: files.NoHeader = None,
    encoding: files.Encoding = None,
    decimal: files.Decimal = None,
    labels_delimiter: files.LabelsDelimiter = None,
    labels_no_header: files.LabelsNoHeader = None,
    labels_encoding: files.LabelsEncoding = None,
    labels_decimal: files.LabelsDecimal = None,
    confidence: report.Confidence = "0.95",
    format_: report.FormatOption = report.Format.TABLE,
    output: report.Output = None,
    sort: report.SortOption = report.Sort.LOSS_SHARE,
    top: report.Top = "20",
    slice_classes: report.SliceClasses = False,
    max_: gates.Max = None,
    min_: gates.Min = None,
    baseline: gates.BaselineOption = None,
    max_increase: gates.MaxIncrease = None,
    max_decrease: gates.MaxDecrease = None,
    exit_zero: gates.ExitZero = False,
    jobs: running.Jobs = None,
    chunk_rows: running.ChunkRows = None,
    memory_limit: running.MemoryLimit = None,
    progress: running.ProgressOption = None,
    quiet: running.Quiet = False,
    verbose: running.Verbose = False,
    config: running.ConfigOption = None,
    show_config: running.ShowConfig = False,
) -> int:
    """Evaluate the log loss of predictions: what it is, how sure that is, and which classes it comes from.

    Row i of PREDICTIONS belongs to row i of LABELS, or --on names keys. Every value is checked; nothing is repaired,
    dropped or clipped without a count in the output.
    """
    from xentcli.memory import refuse_starved

    refuse_starved()
    from xentcli.cli.gating import Gating, gates_of
    from xentcli.cli.report import Report, evaluate_and_report
    from xentcli.cli.specs import Given, spec_of
    from xentcli.cli.values import whole_of
    from xentcli.render.wording.listing_options import ListingOptions

    # Read by others: main.py, which also sees errors that come before this point; config/file.py; commands.py.
    del verbose, config, show_config
    spec: EvalSpec = spec_of(Given(**{name: value for name, value in locals().items() if name in Given.__slots__}))
    listing = ListingOptions(sort.value, whole_of("--top", top, "from 1 up"), slice_classes)
    gates = gates_of(max_, min_, max_increase, max_decrease)
    report = Report(format_.value, output, listing, Gating(gates, baseline, exit_zero), progress, quiet)
    return evaluate_and_report(spec, predictions, labels, report)
