"""Options: which rows there are, how they are paired, and slices."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.spec.choices import Missing, Unmatched

_PANEL = "Rows"

On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="COL,...",
        help="Align by these key columns instead of by row order. Holds the keys, labels and weights of LABELS in "
        "memory: about 24 bytes a row with a whole-number key, 31 bytes and its text with any other.",
        rich_help_panel=_PANEL,
    ),
]

UnmatchedOption = Annotated[
    Unmatched,
    typer.Option(
        "--unmatched",
        help="Keys that only one input has: an error, or left out and counted, on both sides or on one.",
        rich_help_panel=_PANEL,
    ),
]

NoOrderCheck = Annotated[
    bool,
    typer.Option(
        "--no-order-check",
        help="Without --on: do not compare, row by row, the columns that both inputs have.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]

MissingOption = Annotated[
    Missing,
    typer.Option("--missing", help="Rows without a label: an error, or left out and counted.", rich_help_panel=_PANEL),
]

Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="NAME",
        help="A label that means 'not annotated', such as -100: its rows are left out and counted. Repeatable.",
        rich_help_panel=_PANEL,
    ),
]

By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COL,...",
        help="Slices: the same figures for every combination of the values of these columns, of either input.",
        rich_help_panel=_PANEL,
    ),
]

MaxSlices = Annotated[
    str | None,
    typer.Option(
        "--max-slices",
        metavar="N",
        help="More slices than this are an error; each holds sums for its classes in memory. By default 1000.",
        rich_help_panel=_PANEL,
    ),
]
