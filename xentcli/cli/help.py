"""The help as typer prints it, without what typer imports for it: Markdown, tracebacks and the colours of program code.

Most of `xent --help` was those imports. Texts are taken as they are: those of `xent` hold no markup.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from inspect import cleandoc
from typing import Any

from rich.align import Align
from rich.columns import Columns
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.highlighter import RegexHighlighter
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.theme import Theme
from typer.core import HAS_RICH, TyperArgument

_STYLES = {
    "option": "bold cyan",
    "switch": "bold green",
    "negative_option": "bold magenta",
    "negative_switch": "bold red",
    "types": "bold yellow",
    "types_sep": "dim",
    "usage": "yellow",
}


class _Words(RegexHighlighter):
    highlights = (
        r"(^|\W)(?P<switch>\-\w+)(?![a-zA-Z0-9])",
        r"(^|\W)(?P<option>\-\-[\w\-]+)(?![a-zA-Z0-9])",
        r"(?P<types>\<[^\>]+\>)",
        r"(?P<usage>Usage: )",
    )


class _Negatives(RegexHighlighter):
    highlights = (
        r"(^|\W)(?P<negative_switch>\-\w+)(?![a-zA-Z0-9])",
        r"(^|\W)(?P<negative_option>\-\-[\w\-]+)(?![a-zA-Z0-9])",
    )


class _Types(RegexHighlighter):
    highlights = (r"^(?P<types_sep>(\[|<))", r"(?P<types_sep>\|)", r"(?P<types_sep>(\]|>))(\.\.\.)?$")


_words, _negatives, _types = _Words(), _Negatives(), _Types()


class _Line:
    """One text, which takes the width that is left as `Columns` does, but without being laid out as a table."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Text]:
        yield self.text


def can_print(command: Any, context: Any) -> bool:
    """Say whether typer would use Rich, and describes its parameters in the way that is known here."""
    return HAS_RICH and all(hasattr(parameter, "display_type_rich") for parameter in command.get_params(context))


def print_help(command: Any, context: Any, commands: Iterable[Any] = ()) -> None:
    """Print the help of a command, or of the program with its commands."""
    console = _console()
    console.print(Padding(_words(command.get_usage(context)), 1), style="bold")
    if command.help:
        console.print(Padding(Align(Group(*_paragraphs(command.help)), pad=False), (0, 1, 1, 1)))
    for name, parameters in panels(command, context).items():
        console.print(_panel(name, _parameter_table(parameters, context)))
    if commands:
        console.print(_panel("Commands", _command_table(list(commands))))
    if command.epilog:
        console.print(Padding(Align(_words(command.epilog), pad=False), 1))


def _console() -> Console:
    """Return the console that typer would print to, by the same variables."""
    width = os.environ.get("TERMINAL_WIDTH")
    force = True if any(os.environ.get(name) for name in ("GITHUB_ACTIONS", "FORCE_COLOR", "PY_COLORS")) else None
    return Console(
        theme=Theme(_STYLES),
        highlighter=_words,
        force_terminal=False if os.environ.get("_TYPER_FORCE_DISABLE_TERMINAL") else force,
        width=int(width) if width else None,
    )


def _paragraphs(text: str) -> Iterable[Text]:
    """Yield what a command is for: a first paragraph in one line, and the others."""
    first, *others = cleandoc(text).split("\n\n")
    yield _words(first.replace("\n", " ").strip())
    if others:
        yield Text("")
        yield _words(Text("\n\n".join(others), style="dim"))


def panels(command: Any, context: Any) -> dict[str, list[Any]]:
    """Return the parameters by the panels that they stand in, those without one of their own first."""
    panels: dict[str, list[Any]] = {"Arguments": [], "Options": []}
    for parameter in command.get_params(context):
        if not parameter.hidden:
            usual = "Arguments" if isinstance(parameter, TyperArgument) else "Options"
            panels.setdefault(parameter.rich_help_panel or usual, []).append(parameter)
    return {name: parameters for name, parameters in panels.items() if parameters}


def _panel(name: str, table: Table) -> Panel:
    return Panel(table, border_style="dim", title=name, title_align="left")


def _parameter_table(parameters: list[Any], context: Any) -> Table:
    table = Table(highlight=True, show_header=False, expand=True, box=None, pad_edge=False)
    starred = any(parameter.required for parameter in parameters)
    for parameter in parameters:
        star = [Text("*", style="red") if parameter.required else ""] if starred else []
        table.add_row(*star, *_names(parameter), _type(parameter, context), _help(parameter))
    return table


def _names(parameter: Any) -> list[Text]:
    """Return the four columns of names: long and short ones, and those that turn it off."""
    if isinstance(parameter, TyperArgument):
        return [_words(""), _words(parameter.display_name_raw), _negatives(""), _negatives("")]
    columns = []
    for names, highlight in ((parameter.opts, _words), (parameter.secondary_opts, _negatives)):
        long = [name for name in names if name.startswith("--")]
        short = [name for name in names if name not in long]
        columns += [highlight(",".join(long)), highlight(",".join(short))]
    return columns


def _type(parameter: Any, context: Any) -> Text:
    return _types(Text(parameter.display_type_rich(ctx=context), style="bold yellow", overflow="fold"))


def _help(parameter: Any) -> Columns | _Line:
    """Return what a parameter is for, its default, and whether it has to be given; side by side where they fit."""
    text = _words(parameter.help)
    items: list[RenderableType] = [text]
    default = default_of(parameter)
    if default is not None:
        items.append(Text(f"[default: {default}]", style="dim"))
    if parameter.required:
        items.append(Text("[required]", style="dim red"))
    return Columns(items) if len(items) > 1 else _Line(text)


def default_of(parameter: Any) -> str | None:
    """Return the default that the help shows, None where it shows none; a flag that is not given needs none."""
    hidden = not parameter.show_default or parameter.default is None or parameter.default is False
    return None if hidden else str(parameter.default)


def _command_table(commands: list[Any]) -> Table:
    table = Table(show_header=False, expand=True, box=None, pad_edge=False)
    table.add_column(style="bold cyan", no_wrap=True, width=max(len(command.name) for command in commands))
    # A big ratio: the names take no more room than they need.
    table.add_column("Description", ratio=10)
    for command in commands:
        table.add_row(Text(command.name), _words(cleandoc(command.help).split("\n\n")[0]))
    return table
