"""Make the man pages docs/man/*.1 from what the help is made of: `python docs/man_pages.py`.

With `--check` nothing is written, and the exit code says whether anything would change. The date of a page is that of
the day its text changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer
from man_texts import EXAMPLES, FILES, SHELL_FILES, SHELL_VARIABLES, STREAMS, VARIABLES, exits_of
from roff import bold, escaped, example, italic, literal, prose
from typer.main import get_command

from xentcli import __version__
from xentcli.cli.app import app
from xentcli.cli.completion.values import choices_of
from xentcli.cli.help import default_of, panels
from xentcli.cli.summaries import SUMMARIES

FOLDER = Path(__file__).resolve().parent / "man"


def page(command: Any, context: Any, name: str, date: str) -> str:
    """Return the page of a command, or of the program itself, as roff."""
    program = name == "xent"
    dashed = name.replace(" ", "-")
    summary = cleandoc(command.help).split("\n\n")[0]
    blocks = [
        '.\\" Made by docs/man_pages.py from what --help shows.',
        f'.TH {literal(dashed.upper())} 1 "{date}" "xent {__version__}" "User Commands"',
        # Ragged, and no name broken in two.
        ".ad l\n.nh",
        f".SH NAME\n{literal(dashed)} \\- {escaped(_decapitalised(summary.partition(':')[0]))}",
        ".SH SYNOPSIS\n" + _synopsis(command, name),
        ".SH DESCRIPTION\n" + "\n.PP\n".join(map(prose, cleandoc(command.help).split("\n\n"))),
        *_parameters(command, context),
    ]
    if program:
        listed = {f"xent {other}": text for other, text in SUMMARIES.items()}
        blocks.append(".SH COMMANDS\n" + _entries(listed))
    own = name.removeprefix("xent ")
    blocks += [
        ".SH EXIT STATUS\n" + _entries({str(int(code)): text for code, text in exits_of(name).items()}),
        ".PP\n" + prose(STREAMS),
        ".SH ENVIRONMENT\n" + _entries(VARIABLES | (SHELL_VARIABLES if program else {})),
        ".SH FILES\n" + _entries(FILES | (SHELL_FILES if program else {})),
        ".SH EXAMPLES\n" + "\n.PP\n".join(f"{prose(text)}\n.PP\n{example(line)}" for text, line in EXAMPLES[own]),
        ".SH SEE ALSO\n" + _see_also(dashed),
    ]
    return "\n".join(blocks) + "\n"


def _decapitalised(sentence: str) -> str:
    return " ".join((sentence[0].lower() + sentence[1:]).removesuffix(".").split())


def _synopsis(command: Any, name: str) -> str:
    if name == "xent":
        return (
            f"{bold('xent')} {italic('COMMAND')} [{italic('OPTION')}...] [{italic('FILE')}...]\n.br\n"
            + "\n.br\n".join(f"{bold('xent')} {bold(option)}" for option in ("--help", "--version"))
        )
    places = [one for one in command.params if one.param_type_name == "argument"]
    words = [italic(_place(one)) if one.required else f"[{italic(_place(one))}]" for one in places]
    return f"{bold(name)} [{italic('OPTION')}...] " + " ".join(words)


def _place(argument: Any) -> str:
    return str(argument.metavar or argument.name).upper()


def _parameters(command: Any, context: Any) -> Iterator[str]:
    """Yield the arguments, and the options by the panels of the help, that of --help last."""
    found = panels(command, context)
    arguments, usual = found.pop("Arguments", []), found.pop("Options", [])
    if arguments:
        yield ".SH ARGUMENTS\n" + "\n".join(_entry(italic(_place(one)), one.help) for one in arguments)
    yield ".SH OPTIONS"
    for title, options in {**found, ("Other" if found else ""): usual}.items():
        heading = f".SS {title}\n" if title else ""
        yield heading + "\n".join(_entry(_names(one), _help(one)) for one in options)


def _names(option: Any) -> str:
    """Return the names of an option, short ones first, with what it takes."""
    names = sorted([*option.opts, *option.secondary_opts], key=lambda name: name.startswith("--"))
    choices = choices_of(option)
    takes = "|".join(map(bold, choices)) or italic(option.metavar or "")
    return ", ".join(map(bold, names)) + ("" if option.is_flag else f" {takes}")


def _help(option: Any) -> str:
    default = default_of(option)
    return option.help if default is None else f"{option.help} The default is {default}."


def _entry(tag: str, text: str) -> str:
    return f".TP\n{tag}\n{prose(text)}"


def _entries(held: dict[str, str]) -> str:
    return "\n".join(_entry(bold(name), text) for name, text in held.items())


def _see_also(dashed: str) -> str:
    others = [other for other in ["xent", *(f"xent-{name}" for name in SUMMARIES)] if other != dashed]
    return ",\n".join(f".BR {literal(other)} (1)" for other in others)


def pages() -> dict[Path, str]:
    """Return every page by its file, each with the date that it has, or with today's where its text has changed."""
    program = get_command(app)
    top = typer.Context(program, info_name="xent", **program.context_settings)
    commands = {"xent": (program, top)}
    for name in SUMMARIES:
        command = program.get_command(top, name)  # type: ignore[attr-defined]  # a group
        commands[f"xent {name}"] = (command, typer.Context(command, info_name=name, parent=top))
    found = {}
    for name, (command, context) in commands.items():
        path = FOLDER / f"{name.replace(' ', '-')}.1"
        before = path.read_text() if path.exists() else ""
        date = re.search(r'^\.TH \S+ 1 "(\S+)"', before, re.MULTILINE)
        same = date is not None and page(command, context, name, date.group(1)) == before
        found[path] = before if same else page(command, context, name, f"{datetime.now(UTC):%Y-%m-%d}")
    return found


def main() -> int:
    """Write or check the pages."""
    found = pages()
    stale = [path for path, text in found.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        if "--check" in sys.argv:
            print(f"docs/man/{path.name} is not what the help says; run python docs/man_pages.py")
        else:
            path.write_text(found[path])
    return len(stale) if "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
