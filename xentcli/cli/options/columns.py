"""Options: which column means what."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.spec.choices import LabelKind, WeightKind

_PANEL = "Columns"

Label = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="COL,...",
        help="The label column, or several (a quoted pattern such as 'y_*', or one of lists) that hold a distribution. "
        "By default the one left over in LABELS, else one called label, target, class, y_true or y.",
        rich_help_panel=_PANEL,
    ),
]

Pred = Annotated[
    str | None,
    typer.Option(
        "--pred",
        metavar="COL,...",
        help="The prediction columns, a quoted pattern such as 'p_*', or one column of lists. By default those that "
        "nothing else explains.",
        rich_help_panel=_PANEL,
    ),
]

Classes = Annotated[
    str | None,
    typer.Option(
        "--classes",
        metavar="NAME,...|COL=CLASS,...|@FILE",
        help="The class of each prediction column, in order, or COL=CLASS,... that say which is which; @FILE has one a "
        'line, or JSON: a list, {"NAME": 0, ...} or {"0": "NAME", ...}. By default from the columns\' names.',
        rich_help_panel=_PANEL,
    ),
]

Positive = Annotated[
    str | None,
    typer.Option(
        "--positive",
        metavar="NAME",
        help="The class that a single prediction column speaks of.",
        rich_help_panel=_PANEL,
    ),
]

Negative = Annotated[
    str | None,
    typer.Option("--negative", metavar="NAME", help="The other class of two.", rich_help_panel=_PANEL),
]

LabelKindOption = Annotated[
    LabelKind,
    typer.Option(
        "--label-kind",
        help="Labels are class names, 0-based indices into the classes, or distributions over them. auto: names; "
        "indices where predictions have no names; distributions where there are several columns or lists.",
        rich_help_panel=_PANEL,
    ),
]

Weight = Annotated[
    str | None,
    typer.Option(
        "--weight",
        metavar="COL",
        help="Sample weights, 0 or more, from either input (predictions:COL or labels:COL if both have it).",
        rich_help_panel=_PANEL,
    ),
]

WeightKindOption = Annotated[
    WeightKind,
    typer.Option(
        "--weight-kind",
        help="What a weight is: how much a row matters, or how many equal rows it stands for.",
        rich_help_panel=_PANEL,
    ),
]

Per = Annotated[
    str | None,
    typer.Option(
        "--per",
        metavar="COL",
        help="Also the loss per unit of this column, 0 or more: per byte or word of a token, say.",
        rich_help_panel=_PANEL,
    ),
]
