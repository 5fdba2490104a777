"""`xent inspect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.cli import options as opt
from xentcli.kinds import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind

if TYPE_CHECKING:
    from xentcli.spec import EvalSpec


def inspect_command(
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
    format_: opt.InspectFormatOption = opt.InspectFormat.TABLE,
    output: opt.Output = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    config: opt.ConfigOption = None,
    show_config: opt.ShowConfig = False,
) -> None:
    """Say what eval would read and how it would understand it: files, columns, classes, alignment, doubts.

    Reads headers, footers and about 1,000 rows of each input, and checks those as eval does: what eval would refuse in
    them is an error here too. Nothing is scored.
    """
    from xentcli.cli.report_inspect import inspect_and_report
    from xentcli.cli.specs import Given, spec_of

    # Read by others: cli/main.py, which also sees errors that come before this point; cli/config.py; cli/commands.py.
    del verbose, config, show_config
    given = {name: value for name, value in locals().items() if name in Given.__slots__}
    # What is left out here changes no reading of the inputs.
    spec: EvalSpec = spec_of(Given(**given, confidence="0.95", threads=None, chunk_rows=None))
    inspect_and_report(spec, predictions, labels, form=format_.value, output=output, quiet=quiet)
