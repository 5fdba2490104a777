"""Options: how the result is written."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from xentcli.render.formats import Format as Format  # noqa: PLC0414  # the commands name it
from xentcli.render.formats import InspectFormat as InspectFormat  # noqa: PLC0414

_PANEL = "Report"


class Sort(StrEnum):
    """The order of classes in the table."""

    LOSS_SHARE = "loss-share"
    LOSS = "loss"
    RATIO = "ratio"
    ROWS = "rows"
    NAME = "name"
    NONE = "none"


Confidence = Annotated[
    str, typer.Option("--confidence", metavar="C", help="How sure the intervals are.", rich_help_panel=_PANEL)
]

FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="How the result is written.", rich_help_panel=_PANEL)
]

InspectFormatOption = Annotated[
    InspectFormat, typer.Option("--format", "-f", help="How the result is written.", rich_help_panel=_PANEL)
]

Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the result to FILE, whole or not at all, instead of standard output.",
        rich_help_panel=_PANEL,
    ),
]

SortOption = Annotated[Sort, typer.Option("--sort", help="The order of classes in the table.", rich_help_panel=_PANEL)]

Top = Annotated[
    str,
    typer.Option(
        "--top",
        metavar="N",
        help="Classes in the table, and slices; the rest are summed in one row.",
        rich_help_panel=_PANEL,
    ),
]

SliceClasses = Annotated[
    bool,
    typer.Option(
        "--slice-classes",
        help="In the table and Markdown: the classes of every slice too.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
