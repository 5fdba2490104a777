"""Options: limits that figures are held against, and the baseline."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.cli.config import merged_gates

_PANEL = "Gates"

Max = Annotated[
    list[str] | None,
    typer.Option(
        "--max",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure is above VALUE, undefined or infinite: loss, class/NAME/KEY, "
        "slice/COL/VALUE/KEY, as -f metrics names them. Repeatable, as all gates.",
        rich_help_panel=_PANEL,
    ),
]

Min = Annotated[
    list[str] | None,
    typer.Option(
        "--min",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure is below VALUE, undefined or infinite.",
        rich_help_panel=_PANEL,
    ),
]

BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="RESULT.json",
        help="An earlier result (-f json) to compare with: every figure's change, and what the next two bound.",
        rich_help_panel=_PANEL,
    ),
]

MaxIncrease = Annotated[
    list[str] | None,
    typer.Option(
        "--max-increase",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure rose from the baseline by more than VALUE, or by more than 5%.",
        rich_help_panel=_PANEL,
    ),
]

MaxDecrease = Annotated[
    list[str] | None,
    typer.Option(
        "--max-decrease",
        metavar="METRIC=VALUE",
        callback=merged_gates,
        help="Exit with 1 if this figure fell from the baseline by more than VALUE, or by more than 5%.",
        rich_help_panel=_PANEL,
    ),
]

ExitZero = Annotated[
    bool,
    typer.Option(
        "--exit-zero",
        help="Exit with 0 even if a gate is not met; errors are still 2.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]
