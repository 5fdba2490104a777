"""Options: what the numbers are, and how they are scored."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.spec.choices import InputKind, Unit

_PANEL = "Scoring"

InputOption = Annotated[
    InputKind,
    typer.Option(
        "--input",
        help="What the prediction columns hold; never guessed. label-probs and label-logprobs: one column with the "
        "(log-)probability given to the true label, labels optional.",
        rich_help_panel=_PANEL,
    ),
]

ClassWeight = Annotated[
    str | None,
    typer.Option(
        "--class-weight",
        metavar="NAME=W,...|@FILE",
        help="The weight of each class in the loss; 1 for those not named. @FILE is a JSON object.",
        rich_help_panel=_PANEL,
    ),
]

LabelSmoothing = Annotated[
    str,
    typer.Option(
        "--label-smoothing",
        metavar="S",
        help="Take a part S of every label and spread it over all classes evenly.",
        rich_help_panel=_PANEL,
    ),
]

Clip = Annotated[
    str,
    typer.Option(
        "--clip",
        metavar="EPS|none",
        help="No row costs more than -ln EPS. By default 2.220446049250313e-16 for probs, none for the others.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]

SumTolerance = Annotated[
    str | None,
    typer.Option(
        "--sum-tolerance",
        metavar="T",
        help="A row whose probabilities sum to something further than T from 1 is an error. By default 0.01.",
        rich_help_panel=_PANEL,
    ),
]

Renormalize = Annotated[
    bool,
    typer.Option(
        "--renormalize",
        help="Divide each row by its sum instead of checking it; counted.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]

UnitOption = Annotated[
    Unit, typer.Option("--unit", help="The unit of everything that is a loss.", rich_help_panel=_PANEL)
]
