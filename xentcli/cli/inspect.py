"""`xent inspect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.cli.options import columns, files, report, rows, running, scoring
from xentcli.spec.choices import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind

if TYPE_CHECKING:
    from xentcli.spec.options import EvalSpec


def inspect_command(
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
    format_: report.InspectFormatOption = report.InspectFormat.TABLE,
    output: report.Output = None,
    memory_limit: running.MemoryLimit = None,
    quiet: running.Quiet = False,
    verbose: running.Verbose = False,
    config: running.ConfigOption = None,
    show_config: running.ShowConfig = False,
) -> None:
    """Say what eval would read and how it would understand it: files, columns, classes, alignment, doubts.

    Reads headers, footers and about 1,000 rows of each input, and checks those as eval does: what eval would refuse in
    them is an error here too. Nothing is scored.
    """
    from xentcli.memory import refuse_starved

    refuse_starved()
    from xentcli.cli.report_inspect import inspect_and_report
    from xentcli.cli.specs import Given, spec_of

    # Read by others: main.py, which also sees errors that come before this point; config/file.py; commands.py.
    del verbose, config, show_config
    given = {name: value for name, value in locals().items() if name in Given.__slots__}
    # What is left out here changes no reading of the inputs.
    spec: EvalSpec = spec_of(Given(**given, confidence="0.95", jobs=None, chunk_rows=None))
    inspect_and_report(spec, predictions, labels, form=format_.value, output=output, quiet=quiet)
