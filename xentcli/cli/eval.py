"""`xent eval`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.cli import options as opt
from xentcli.kinds import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind

if TYPE_CHECKING:
    from xentcli.spec import EvalSpec


def eval_command(
    predictions: opt.Predictions,
    labels: opt.Labels = None,
    on: opt.On = None,
    unmatched: opt.UnmatchedOption = Unmatched.ERROR,
    no_order_check: opt.NoOrderCheck = False,
    missing: opt.MissingOption = Missing.ERROR,
    ignore: opt.Ignore = None,
    by: opt.By = None,
    max_slices: opt.MaxSlices = None,
    label: opt.Label = None,
    pred: opt.Pred = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    negative: opt.Negative = None,
    label_kind: opt.LabelKindOption = LabelKind.AUTO,
    weight: opt.Weight = None,
    weight_kind: opt.WeightKindOption = WeightKind.IMPORTANCE,
    per: opt.Per = None,
    input_: opt.InputOption = InputKind.PROBS,
    clip: opt.Clip = "default",
    sum_tolerance: opt.SumTolerance = None,
    renormalize: opt.Renormalize = False,
    class_weight: opt.ClassWeight = None,
    label_smoothing: opt.LabelSmoothing = "0",
    unit: opt.UnitOption = Unit.NATS,
    delimiter: opt.Delimiter = None,
    no_header: opt.NoHeader = None,
    encoding: opt.Encoding = None,
    decimal: opt.Decimal = None,
    labels_delimiter: opt.LabelsDelimiter = None,
    labels_no_header: opt.LabelsNoHeader = None,
    labels_encoding: opt.LabelsEncoding = None,
    labels_decimal: opt.LabelsDecimal = None,
    confidence: opt.Confidence = "0.95",
    format_: opt.FormatOption = opt.Format.TABLE,
    output: opt.Output = None,
    sort: opt.SortOption = opt.Sort.LOSS_SHARE,
    top: opt.Top = "20",
    slice_classes: opt.SliceClasses = False,
    max_: opt.Max = None,
    min_: opt.Min = None,
    baseline: opt.BaselineOption = None,
    max_increase: opt.MaxIncrease = None,
    max_decrease: opt.MaxDecrease = None,
    exit_zero: opt.ExitZero = False,
    threads: opt.Threads = None,
    chunk_rows: opt.ChunkRows = None,
    progress: opt.ProgressOption = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    config: opt.ConfigOption = None,
    show_config: opt.ShowConfig = False,
) -> int:
    """Evaluate the log loss of predictions: what it is, how sure that is, and which classes it comes from.

    Row i of PREDICTIONS belongs to row i of LABELS, or --on names keys. Every value is checked; nothing is repaired,
    dropped or clipped without a count in the output.
    """
    from xentcli.cli.gating import Gating, gates_of
    from xentcli.cli.report import Report, evaluate_and_report
    from xentcli.cli.specs import Given, spec_of
    from xentcli.cli.values import whole_of
    from xentcli.render.listing import ListingOptions

    # Read by others: cli/main.py, which also sees errors that come before this point; cli/config.py; cli/commands.py.
    del verbose, config, show_config
    spec: EvalSpec = spec_of(Given(**{name: value for name, value in locals().items() if name in Given.__slots__}))
    listing = ListingOptions(sort.value, whole_of("--top", top, "from 1 up"), slice_classes)
    gates = gates_of(max_, min_, max_increase, max_decrease)
    report = Report(format_.value, output, listing, Gating(gates, baseline, exit_zero), progress, quiet)
    return evaluate_and_report(spec, predictions, labels, report)
