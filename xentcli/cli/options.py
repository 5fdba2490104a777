"""Every option once: its names, its help and where the help shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from xentcli.cli.config import load_config, merged_gates
from xentcli.kinds import InputKind, LabelKind, Missing, Unit, Unmatched, WeightKind

_FILES = "Files"
_COLUMNS = "Columns"
_ROWS = "Rows"
_SCORING = "Scoring"
_REPORT = "Report"
_GATES = "Gates"
_RUNNING = "Running"


class Format(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    METRICS = "metrics"
    GITHUB = "github"
    JUNIT = "junit"


class InspectFormat(StrEnum):
    """How what `inspect` found is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


class Sort(StrEnum):
    """The order of classes in the table."""

    LOSS_SHARE = "loss-share"
    LOSS = "loss"
    RATIO = "ratio"
    ROWS = "rows"
    NAME = "name"
    NONE = "none"


Predictions = Annotated[
    str,
    typer.Argument(
        metavar="PREDICTIONS",
        help="Predictions, one row a record: a CSV, Parquet or JSON Lines file, a quoted glob, a directory, a URI, or "
        "- for standard input.",
    ),
]
Labels = Annotated[
    str | None,
    typer.Argument(
        help="Labels likewise, in the same order or with the keys of --on. Without it, PREDICTIONS has them."
    ),
]

On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="COL,...",
        help="Align by these key columns instead of by row order. Holds the keys, labels and weights of LABELS in "
        "memory: about 24 bytes a row with a whole-number key, 31 bytes and its text with any other.",
        rich_help_panel=_ROWS,
    ),
]
UnmatchedOption = Annotated[
    Unmatched,
    typer.Option(
        "--unmatched",
        help="Keys that only one input has: an error, or left out and counted, on both sides or on one.",
        rich_help_panel=_ROWS,
    ),
]
NoOrderCheck = Annotated[
    bool,
    typer.Option(
        "--no-order-check/--order-check",
        help="Without --on: do not compare, row by row, the columns that both inputs have.",
        show_default=False,
        rich_help_panel=_ROWS,
    ),
]
MissingOption = Annotated[
    Missing,
    typer.Option("--missing", help="Rows without a label: an error, or left out and counted.", rich_help_panel=_ROWS),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="NAME",
        help="A label that means 'not annotated', such as -100: its rows are left out and counted. Repeatable.",
        rich_help_panel=_ROWS,
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COL,...",
        help="Slices: the same figures for every combination of the values of these columns, of either input.",
        rich_help_panel=_ROWS,
    ),
]
MaxSlices = Annotated[
    str | None,
    typer.Option(
        "--max-slices",
        metavar="N",
        help="More slices than this are an error; each holds sums for its classes in memory. By default 1000.",
        rich_help_panel=_ROWS,
    ),
]

Label = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="COL,...",
        help="The label column, or several (or one of lists) that hold a distribution. By default the one left over in "
        "LABELS, else one called label, target, class, y_true or y.",
        rich_help_panel=_COLUMNS,
    ),
]
Pred = Annotated[
    str | None,
    typer.Option(
        "--pred",
        metavar="COL,...",
        help="The prediction columns, a quoted pattern such as 'p_*', or one column of lists. By default those that "
        "nothing else explains.",
        rich_help_panel=_COLUMNS,
    ),
]
Classes = Annotated[
    str | None,
    typer.Option(
        "--classes",
        metavar="NAME,...|@FILE",
        help="The class of each prediction column, in order; @FILE has one a line. By default from the columns' names.",
        rich_help_panel=_COLUMNS,
    ),
]
Positive = Annotated[
    str | None,
    typer.Option(
        "--positive",
        metavar="NAME",
        help="The class that a single prediction column speaks of.",
        rich_help_panel=_COLUMNS,
    ),
]
Negative = Annotated[
    str | None,
    typer.Option("--negative", metavar="NAME", help="The other class of two.", rich_help_panel=_COLUMNS),
]
LabelKindOption = Annotated[
    LabelKind,
    typer.Option(
        "--label-kind",
        help="Labels are class names, 0-based indices into the classes, or distributions over them. auto: names; "
        "indices where predictions have no names; distributions where there are several columns or lists.",
        rich_help_panel=_COLUMNS,
    ),
]
Weight = Annotated[
    str | None,
    typer.Option(
        "--weight",
        metavar="COL",
        help="Sample weights, 0 or more, from either input (predictions:COL or labels:COL if both have it).",
        rich_help_panel=_COLUMNS,
    ),
]
WeightKindOption = Annotated[
    WeightKind,
    typer.Option(
        "--weight-kind",
        help="What a weight is: how much a row matters, or how many equal rows it stands for.",
        rich_help_panel=_COLUMNS,
    ),
]
Per = Annotated[
    str | None,
    typer.Option(
        "--per",
        metavar="COL",
        help="Also the loss per unit of this column, 0 or more: per byte or word of a token, say.",
        rich_help_panel=_COLUMNS,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHAR",
        help="The CSV delimiter. By default a comma, or a tab in files called .tsv.",
        rich_help_panel=_FILES,
    ),
]
NoHeader = Annotated[
    bool | None,
    typer.Option(
        "--no-header/--header",
        help="The CSV files have no header: columns are called 1, 2, and so on, which name no class.",
        show_default=False,
        rich_help_panel=_FILES,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of text files, such as utf-16 or latin-1. By default UTF-8.",
        rich_help_panel=_FILES,
    ),
]
Decimal = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        metavar="CHAR",
        help="What decimals are written with in CSV: a point, or a comma.",
        rich_help_panel=_FILES,
    ),
]
LabelsDelimiter = Annotated[
    str | None,
    typer.Option(
        "--labels-delimiter",
        metavar="CHAR",
        help="The CSV delimiter of LABELS alone.",
        rich_help_panel=_FILES,
    ),
]
LabelsNoHeader = Annotated[
    bool | None,
    typer.Option(
        "--labels-no-header/--labels-header",
        help="The CSV files of LABELS alone have no header: columns are called 1, 2, and so on.",
        show_default=False,
        rich_help_panel=_FILES,
    ),
]
LabelsEncoding = Annotated[
    str | None,
    typer.Option(
        "--labels-encoding",
        metavar="NAME",
        help="The encoding of LABELS alone.",
        rich_help_panel=_FILES,
    ),
]
LabelsDecimal = Annotated[
    str | None,
    typer.Option(
        "--labels-decimal",
        metavar="CHAR",
        help="What decimals are written with in CSV of LABELS alone.",
        rich_help_panel=_FILES,
    ),
]
InputOption = Annotated[
    InputKind,
    typer.Option(
        "--input",
        help="What the prediction columns hold; never guessed. label-probs and label-logprobs: one column with the "
        "(log-)probability given to the true label, labels optional.",
        rich_help_panel=_SCORING,
    ),
]
ClassWeight = Annotated[
    str | None,
    typer.Option(
        "--class-weight",
        metavar="NAME=W,...|@FILE",
        help="The weight of each class in the loss; 1 for those not named. @FILE is a JSON object.",
        rich_help_panel=_SCORING,
    ),
]
LabelSmoothing = Annotated[
    str,
    typer.Option(
        "--label-smoothing",
        metavar="S",
        help="Take a part S of every label and spread it over all classes evenly.",
        rich_help_panel=_SCORING,
    ),
]
Clip = Annotated[
    str,
    typer.Option(
        "--clip",
        metavar="EPS|none",
        help="No row costs more than -ln EPS. By default 2.220446049250313e-16 for probs, none for the others.",
        show_default=False,
        rich_help_panel=_SCORING,
    ),
]
SumTolerance = Annotated[
    str | None,
    typer.Option(
        "--sum-tolerance",
        metavar="T",
        help="A row whose probabilities sum to something further than T from 1 is an error. By default 0.01.",
        rich_help_panel=_SCORING,
    ),
]
Renormalize = Annotated[
    bool,
    typer.Option(
        "--renormalize/--no-renormalize",
        help="Divide each row by its sum instead of checking it; counted.",
        show_default=False,
        rich_help_panel=_SCORING,
    ),
]
UnitOption = Annotated[
    Unit, typer.Option("--unit", help="The unit of everything that is a loss.", rich_help_panel=_SCORING)
]
Confidence = Annotated[
    str, typer.Option("--confidence", metavar="C", help="How sure the intervals are.", rich_help_panel=_REPORT)
]
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How the result is written.", rich_help_panel=_REPORT)
]
InspectFormatOption = Annotated[
    InspectFormat, typer.Option("--format", "-f", help="How the result is written.", rich_help_panel=_REPORT)
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the result to FILE, whole or not at all, instead of standard output.",
        rich_help_panel=_REPORT,
    ),
]
SortOption = Annotated[Sort, typer.Option("--sort", help="The order of classes in the table.", rich_help_panel=_REPORT)]
Top = Annotated[
    str,
    typer.Option(
        "--top",
        metavar="N",
        help="Classes in the table, and slices; the rest are summed in one row.",
        rich_help_panel=_REPORT,
    ),
]
SliceClasses = Annotated[
    bool,
    typer.Option(
        "--slice-classes/--no-slice-classes",
        help="In the table and Markdown: the classes of every slice too.",
        show_default=False,
        rich_help_panel=_REPORT,
    ),
]
Max = Annotated[
    list[str] | None,
    typer.Option(
        "--max",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure is above VALUE, undefined or infinite: loss, class/NAME/KEY, "
        "slice/COL/VALUE/KEY, as -f metrics names them. Repeatable, as all gates.",
        rich_help_panel=_GATES,
    ),
]
Min = Annotated[
    list[str] | None,
    typer.Option(
        "--min",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure is below VALUE, undefined or infinite.",
        rich_help_panel=_GATES,
    ),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="RESULT.json",
        help="An earlier result (-f json) to compare with: every figure's change, and what the next two bound.",
        rich_help_panel=_GATES,
    ),
]
MaxIncrease = Annotated[
    list[str] | None,
    typer.Option(
        "--max-increase",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure rose from the baseline by more than VALUE, or by more than 5%.",
        rich_help_panel=_GATES,
    ),
]
MaxDecrease = Annotated[
    list[str] | None,
    typer.Option(
        "--max-decrease",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure fell from the baseline by more than VALUE, or by more than 5%.",
        rich_help_panel=_GATES,
    ),
]
ExitZero = Annotated[
    bool,
    typer.Option(
        "--exit-zero/--no-exit-zero",
        help="Exit with 0 even if a gate is not met; errors are still 2.",
        show_default=False,
        rich_help_panel=_GATES,
    ),
]
ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE.toml",
        help="Options and gates by their long names; the command line wins. By default the table tool.xent of the "
        "nearest pyproject.toml that has one, here or above.",
        is_eager=True,
        callback=load_config,
        rich_help_panel=_RUNNING,
    ),
]
ShowConfig = Annotated[
    bool,
    typer.Option(
        "--show-config",
        help="Print the options in force and where each comes from, as TOML; evaluate nothing.",
        is_eager=True,
        rich_help_panel=_RUNNING,
    ),
]
Threads = Annotated[
    str | None,
    typer.Option(
        "--threads",
        metavar="N",
        help="Threads; one of them scores, and all parse. Never changes a digit. By default all cores.",
        rich_help_panel=_RUNNING,
    ),
]
ChunkRows = Annotated[
    str | None,
    typer.Option(
        "--chunk-rows",
        metavar="N",
        help="Rows scored at a time; never changes a digit. By default as many as a few megabytes hold.",
        rich_help_panel=_RUNNING,
    ),
]
ProgressOption = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress",
        help="A progress bar on standard error. By default on a terminal, once a run lasts over a second.",
        rich_help_panel=_RUNNING,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Nothing on standard error but errors.", rich_help_panel=_RUNNING),
]
Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="With an error, show where in xent it arose.", rich_help_panel=_RUNNING),
]
