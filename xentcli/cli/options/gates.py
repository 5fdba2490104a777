"""Options: limits that figures are held against, and the baseline."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from xentcli.cli.config.file import merged_gates
from xentcli.spec.choices import Bound

_PANEL = "Gates"


def _gate(bound: Bound, text: str) -> Any:
    """Return what the options of all gates have in common, and the help of one."""
    return typer.Option(f"--{bound}", metavar="METRIC=VALUE", callback=merged_gates, help=text, rich_help_panel=_PANEL)


Max = Annotated[
    list[str] | None,
    _gate(
        Bound.MAX,
        "Exit with 1 if this figure is above VALUE, undefined or infinite: loss, class/NAME/KEY, "
        "slice/COL/VALUE/KEY, as -f metrics names them. Repeatable, as all gates.",
    ),
]

Min = Annotated[
    list[str] | None,
    _gate(
        Bound.MIN,
        "Exit with 1 if this figure is below VALUE, undefined or infinite.",
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
    _gate(
        Bound.MAX_INCREASE,
        "Exit with 1 if this figure rose from the baseline by more than VALUE, or by more than 5%.",
    ),
]

MaxDecrease = Annotated[
    list[str] | None,
    _gate(
        Bound.MAX_DECREASE,
        "Exit with 1 if this figure fell from the baseline by more than VALUE, or by more than 5%.",
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
