"""Options: the inputs, and how text files are written."""

from __future__ import annotations

from typing import Annotated

import typer

_PANEL = "Files"

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

Delimiter = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        metavar="CHAR",
        help="The CSV delimiter, such as ';' or tab. By default a comma, or a tab in files called .tsv.",
        rich_help_panel=_PANEL,
    ),
]

NoHeader = Annotated[
    bool | None,
    typer.Option(
        "--no-header/--header",
        help="The CSV files have no header: columns are called 1, 2, and so on, which name no class.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]

Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of text files, such as utf-16 or latin-1. By default UTF-8.",
        rich_help_panel=_PANEL,
    ),
]

Decimal = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        metavar="CHAR",
        help="What decimals are written with in CSV: a point, or a comma.",
        rich_help_panel=_PANEL,
    ),
]

LabelsDelimiter = Annotated[
    str | None,
    typer.Option(
        "--labels-delimiter",
        metavar="CHAR",
        help="The CSV delimiter of LABELS alone.",
        rich_help_panel=_PANEL,
    ),
]

LabelsNoHeader = Annotated[
    bool | None,
    typer.Option(
        "--labels-no-header/--labels-header",
        help="The CSV files of LABELS alone have no header: columns are called 1, 2, and so on.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]

LabelsEncoding = Annotated[
    str | None,
    typer.Option(
        "--labels-encoding",
        metavar="NAME",
        help="The encoding of LABELS alone.",
        rich_help_panel=_PANEL,
    ),
]

LabelsDecimal = Annotated[
    str | None,
    typer.Option(
        "--labels-decimal",
        metavar="CHAR",
        help="What decimals are written with in CSV of LABELS alone.",
        rich_help_panel=_PANEL,
    ),
]
