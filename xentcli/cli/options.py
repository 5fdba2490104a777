"""Every option once: its names, its help and where the help shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

_COLUMNS = "Columns"
_SCORING = "Scoring"
_REPORT = "Report"
_RUNNING = "Running"


class Format(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"


class Sort(StrEnum):
    """The order of classes in the table."""

    LOSS_SHARE = "loss-share"
    LOSS = "loss"
    RATIO = "ratio"
    ROWS = "rows"
    NAME = "name"
    NONE = "none"


class Input(StrEnum):
    """What the predictions are."""

    PROBS = "probs"
    LOGITS = "logits"
    LOGPROBS = "logprobs"


class Kind(StrEnum):
    """How labels name classes."""

    AUTO = "auto"
    NAME = "name"
    INDEX = "index"


class LossUnit(StrEnum):
    """The unit of losses."""

    NATS = "nats"
    BITS = "bits"


Predictions = Annotated[
    str, typer.Argument(metavar="PREDICTIONS", help="CSV or Parquet file of predictions, one row a record.")
]
Labels = Annotated[
    str | None,
    typer.Argument(help="CSV or Parquet file of labels, rows in the same order. Without it, PREDICTIONS has them."),
]

Label = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="COL",
        help="The label column. By default the one left over in LABELS, else one called label, target, class, "
        "y_true or y.",
        rich_help_panel=_COLUMNS,
    ),
]
Pred = Annotated[
    str | None,
    typer.Option(
        "--pred",
        metavar="COL,...",
        help="The prediction columns, or a quoted pattern such as 'p_*'. By default those that nothing else explains.",
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
    Kind,
    typer.Option(
        "--label-kind",
        help="Labels are class names, or 0-based indices into the classes. auto: names.",
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
NoOrderCheck = Annotated[
    bool,
    typer.Option(
        "--no-order-check",
        help="Do not compare, row by row, the columns that both inputs have.",
        rich_help_panel=_COLUMNS,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHAR",
        help="The CSV delimiter. By default a comma, or a tab in files called .tsv.",
        rich_help_panel=_COLUMNS,
    ),
]
LabelsDelimiter = Annotated[
    str | None,
    typer.Option(
        "--labels-delimiter", metavar="CHAR", help="The CSV delimiter of LABELS alone.", rich_help_panel=_COLUMNS
    ),
]
InputOption = Annotated[
    Input,
    typer.Option("--input", help="What the prediction columns hold; never guessed.", rich_help_panel=_SCORING),
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
        help="A row whose probabilities sum to something further than T from 1 is an error. [default: 0.01]",
        rich_help_panel=_SCORING,
    ),
]
Renormalize = Annotated[
    bool,
    typer.Option(
        "--renormalize",
        help="Divide each row by its sum instead of checking it; counted.",
        rich_help_panel=_SCORING,
    ),
]
UnitOption = Annotated[
    LossUnit, typer.Option("--unit", help="The unit of everything that is a loss.", rich_help_panel=_SCORING)
]
Confidence = Annotated[
    str, typer.Option("--confidence", metavar="C", help="How sure the intervals are.", rich_help_panel=_REPORT)
]
FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How the result is written.", rich_help_panel=_REPORT)
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
        "--top", metavar="N", help="Classes in the table; the rest are summed in one row.", rich_help_panel=_REPORT
    ),
]
Threads = Annotated[
    str | None,
    typer.Option(
        "--threads",
        metavar="N",
        help="Threads that parse and score; never changes a digit. By default all cores.",
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
