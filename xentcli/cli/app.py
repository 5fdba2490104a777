"""The program `xent` and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli import __version__
from xentcli.cli.commands import Program
from xentcli.cli.summaries import SUMMARIES

app = typer.Typer(
    name="xent",
    cls=Program,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Cross entropy (log loss) of predictions that already exist in files: what it is, how sure that is, and "
    "which classes it comes from.",
    epilog="Exit codes: 0 done, 1 a gate was not met, 2 could not evaluate, 130 interrupted, 143 terminated.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"xent {__version__}")
        raise typer.Exit


@app.callback()
def _xent(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Evaluate log loss."""


def _placeholder() -> None:
    """Stand for a command until it is built (commands.py)."""


for _name, _summary in SUMMARIES.items():
    app.command(_name, help=_summary)(_placeholder)
