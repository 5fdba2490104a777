"""How commands are built and run: only the one that was asked for, and without what typer imports on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from xentcli.cli.parameters import quicken
from xentcli.errors import UsageError, XentError


class Command(TyperCommand):
    """A command with quick parameters and quick help."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options and arguments."""
        return [quicken(parameter) for parameter in super().get_params(ctx)]

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser, in which switches that have no opposite have one: a file may have turned them on."""
        parser = super().make_parser(ctx)
        options: list[Any] = [one for one in self.params if getattr(one, "is_flag", False)]
        for parameter in options:
            if not parameter.secondary_opts and parameter.name != "show_config":
                parser.add_option(parameter, opposites(parameter.opts), parameter.name, "store_const", const=False)
        return parser

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; to show the options in force takes no files."""
        if _asks_for_config(args):
            for parameter in self.params:
                parameter.required = False
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, or show its options; of an option that is refused, say which file it is from."""
        from xentcli.cli.config.file import blame, refuse_as_output
        from xentcli.cli.streams import speak

        # The file of options may say so, too.
        speak(as_commands=ctx.params.get("format_") == "github")
        try:
            if ctx.params.get("show_config"):
                return _show_config(ctx)
            refuse_as_output(ctx)
            return super().invoke(ctx)
        except XentError as error:
            if isinstance(error, UsageError):
                error.hint = " ".join(part for part in (error.hint, blame(ctx, error.problem)) if part)
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        from xentcli.cli.help import can_print, print_help

        if can_print(self, ctx):
            print_help(self, ctx)
        else:
            super().format_help(ctx, formatter)


class Program(TyperGroup):
    """`xent` itself. Its commands are placeholders with a name and a summary until one of them is wanted."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options of the program."""
        return [quicken(parameter) for parameter in super().get_params(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a whole command, built when it is first asked for; None if there is none of that name."""
        if not isinstance(self.commands.get(cmd_name, self), Command | Program):
            self.commands[cmd_name] = _built(cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help, which needs no more of the commands than there is."""
        from xentcli.cli.help import can_print, print_help

        if can_print(self, ctx):
            print_help(self, ctx, self.commands.values())
        else:
            super().format_help(ctx, formatter)


def opposites(names: list[str]) -> list[str]:
    """Return what turns a switch off.

    >>> opposites(["--renormalize"]), opposites(["--no-order-check"]), opposites(["--quiet", "-q"])
    (['--no-renormalize'], ['--order-check'], ['--no-quiet'])
    """
    long = [name.removeprefix("--") for name in names if name.startswith("--")]
    return [f"--{name.removeprefix('no-')}" if name.startswith("no-") else f"--no-{name}" for name in long]


def _asks_for_config(arguments: list[str]) -> bool:
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--show-config" in before


def _show_config(context: Any) -> int:
    from xentcli.cli.config.show import shown_config
    from xentcli.cli.streams import write_stdout

    write_stdout(shown_config(context))
    return 0


def _built(name: str) -> Any:
    one = typer.Typer(add_completion=False, rich_markup_mode="rich")
    one.command(name, cls=Command)(_function(name))
    return get_command(one)


def _function(name: str) -> Callable[..., int | None]:
    if name == "eval":
        from xentcli.cli.eval import eval_command

        return eval_command
    from xentcli.cli.inspect import inspect_command

    return inspect_command
