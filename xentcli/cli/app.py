"""The program `xent` and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from xentcli.cli.commands import Program
from xentcli.cli.summaries import SUMMARIES
from xentcli.version import __version__

app = typer.Typer(
    name="xent",
    cls=Program,
    # Typer's own lets names in files reach the shell as code (docs/shell.md).
    add_completion=False,
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


def _install_completion(wanted: bool) -> None:
    if wanted:
        from xentcli.cli.completion.install import install

        shell, path = install()
        typer.echo(f"{shell} completion installed in {path}\nCompletion will take effect once you restart the terminal")
        raise typer.Exit


def _show_completion(wanted: bool) -> None:
    if wanted:
        from xentcli.cli.completion.install import shell_in_use
        from xentcli.cli.completion.scripts import SCRIPTS

        typer.echo(SCRIPTS[shell_in_use()], nl=False)
        raise typer.Exit


@app.callback()
def _xent(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    install_completion: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            callback=_install_completion,
            is_eager=True,
            help="Install completion for the current shell.",
        ),
    ] = False,
    show_completion: Annotated[
        bool,
        typer.Option(
            "--show-completion",
            callback=_show_completion,
            is_eager=True,
            help="Show completion for the current shell, to copy it or customize the installation.",
        ),
    ] = False,
) -> None:
    """Evaluate log loss."""


def _placeholder() -> None:
    """Stand for a command until it is built (commands.py)."""


for _name, _summary in SUMMARIES.items():
    app.command(_name, help=_summary)(_placeholder)
