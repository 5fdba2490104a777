"""Options: how it is run."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.cli.config.file import load_config

_PANEL = "Running"

ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE.toml",
        help="Options and gates by their long names; the command line wins, switches by --no-NAME. By default the "
        "table tool.xent of the nearest pyproject.toml that has one, here or above.",
        is_eager=True,
        callback=load_config,
        rich_help_panel=_PANEL,
    ),
]

ShowConfig = Annotated[
    bool,
    typer.Option(
        "--show-config",
        help="Print the options in force and where each comes from, as TOML; evaluate nothing.",
        is_eager=True,
        rich_help_panel=_PANEL,
    ),
]

Jobs = Annotated[
    str | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        help="Cores to use; never changes a digit. By default all cores.",
        rich_help_panel=_PANEL,
    ),
]

ChunkRows = Annotated[
    str | None,
    typer.Option(
        "--chunk-rows",
        metavar="N",
        help="Rows scored at a time; never changes a digit. By default as many as a few megabytes hold.",
        rich_help_panel=_PANEL,
    ),
]

MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit",
        metavar="BYTES",
        help="The most memory to hold, such as 500M or 2G; a run that needs more ends with an error. xent itself takes "
        "about 100 MB. By default what there is.",
        rich_help_panel=_PANEL,
    ),
]

ProgressOption = Annotated[
    bool | None,
    typer.Option(
        "--progress/--no-progress",
        help="A progress bar on standard error. By default on a terminal, once a run lasts over a second.",
        rich_help_panel=_PANEL,
    ),
]

Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Nothing on standard error but errors.", rich_help_panel=_PANEL),
]

Verbose = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="With an error, show where in xent it arose.", rich_help_panel=_PANEL),
]
