"""What the words before the cursor say, and what the word at the cursor is to become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import typer

from xentcli.cli.commands import opposites


class Wanted(StrEnum):
    """What a word is to become."""

    COMMAND = "command"
    OPTION = "option"
    VALUE = "value"
    ARGUMENT = "argument"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """A command line up to the cursor.

    parameters: what the program or command at hand takes. values: what options hold, by the names of their parameters;
    a flag holds the name it was given by. arguments: what is no option. parameter: whose value is wanted. prefix: what
    of the word comes before it, as in `--unit=`. leaf: the rest of the word.
    """

    parameters: tuple[Any, ...]
    context: Any
    values: dict[str, list[str]]
    arguments: tuple[str, ...]
    wanted: Wanted
    prefix: str
    leaf: str
    parameter: Any = None

    def with_config(self) -> Line:
        """Return the line with what the file of options says beside it, if there is one and it is right."""
        from xentcli.cli.completion.paths import expanded, is_file
        from xentcli.cli.config.file import config_of, load_config

        path = self.last("--config")
        if path is not None and not is_file(path):
            return self
        with suppress(Exception):
            load_config(self.context, None if path is None else expanded(path))
        config = config_of(self.context)
        if config is None:
            return self
        known = {one.name: one for one in self.parameters}
        held = {name: _as_typed(known[name], value) for name, value in config.values.items()}
        return replace(self, values=held | self.values)

    def last(self, option: str) -> str | None:
        """Return the value of an option by its name, such as `--by`; None without one."""
        name = next((one.name for one in self.parameters if option in one.opts), "")
        return self.values[name][-1] if name in self.values else None


def _as_typed(parameter: Any, value: Any) -> list[str]:
    """Return a value of a file of options as a line would hold it."""
    if isinstance(value, bool):
        return [(parameter.opts if value else parameter.secondary_opts or [""])[0]]
    return list(value) if isinstance(value, list) else [value]


class _Reading:
    """The words before the cursor, read one by one."""

    def __init__(self, program: Any) -> None:
        self.program = program
        self.context: Any = typer.Context(program, info_name="xent", **program.context_settings)
        self.in_program = True
        self.unknown = False
        self.values: dict[str, list[str]] = {}
        self.arguments: list[str] = []
        self.pending: Any = None  # the option whose value comes next
        self.options_end = False
        self._take_parameters(program)

    def _take_parameters(self, command: Any) -> None:
        self.parameters = tuple(one for one in command.get_params(self.context) if not one.hidden)
        options = options_of(self.parameters)
        self.named = {name: one for one in options for name in [*one.opts, *one.secondary_opts]}
        if not self.in_program:
            self.named |= {name: one for one in options for name in unlisted(one)}

    def read(self, words: Iterable[str]) -> None:
        for word in words:
            if self.pending is not None:
                self._hold(self.pending, word)
                self.pending = None
            elif self.options_end or word == "-" or not word.startswith("-"):
                self._read_argument(word)
            elif word == "--":
                self.options_end = True
            else:
                self._read_option(word)

    def _read_argument(self, word: str) -> None:
        if not self.in_program:
            self.arguments.append(word)
            return
        command = self.program.get_command(self.context, word)
        self.in_program = False
        self.unknown = command is None
        self.values.clear()
        if command is not None:
            self.context = typer.Context(command, info_name=word, parent=self.context)
            self._take_parameters(command)

    def _read_option(self, word: str) -> None:
        name, _, value = word.partition("=")
        whole = [(self.named.get(name), name, value if "=" in word else None)]
        for parameter, called, held in whole if word.startswith("--") else self._cluster(word):
            if parameter is None:
                continue
            if parameter.is_flag:
                self._hold(parameter, called)
            elif held is not None:
                self._hold(parameter, held)
            else:
                self.pending = parameter

    def _cluster(self, word: str) -> Iterator[tuple[Any, str, str | None]]:
        """Yield the options in a word such as `-qfjson`."""
        for at, letter in enumerate(word[1:], start=2):
            parameter = self.named.get(f"-{letter}")
            whole = parameter is not None and not parameter.is_flag
            yield parameter, f"-{letter}", (word[at:] or None) if whole else None
            if whole:
                return

    def _hold(self, parameter: Any, value: str) -> None:
        self.values.setdefault(parameter.name, []).append(value)

    def line(self, current: str) -> Line:
        """Return what was read, and what the word at the cursor is to become."""
        wanted, prefix, parameter = self._wanted(current)
        return Line(
            parameters=self.parameters,
            context=self.context,
            values=self.values,
            arguments=tuple(self.arguments),
            wanted=wanted,
            prefix=prefix,
            leaf=current.removeprefix(prefix),
            parameter=parameter,
        )

    def _wanted(self, current: str) -> tuple[Wanted, str, Any]:
        if self.unknown:
            return Wanted.NOTHING, "", None
        if self.pending is not None:
            return Wanted.VALUE, "", self.pending
        if current.startswith("-") and not self.options_end:
            return self._wanted_of_option(current)
        if self.in_program:
            return Wanted.COMMAND, "", None
        places = [one for one in self.parameters if one.param_type_name == "argument"]
        if len(self.arguments) < len(places):
            return Wanted.ARGUMENT, "", places[len(self.arguments)]
        return (Wanted.NOTHING if self.options_end or current else Wanted.OPTION), "", None

    def _wanted_of_option(self, current: str) -> tuple[Wanted, str, Any]:
        """Return what a word with a dash is to become: an option, or one with its value, as in `--unit=b` and `-fj`."""
        name, equals, _ = current.partition("=")
        prefix = name + equals
        if not name.startswith("--"):
            name = prefix = current[:2]
            equals = current[2:]
        if not equals:
            return Wanted.OPTION, "", None
        parameter = self.named.get(name)
        if parameter is None or parameter.is_flag:
            return Wanted.NOTHING, "", None
        return Wanted.VALUE, prefix, parameter


def read_line(program: Any, words: Sequence[str], current: str) -> Line:
    """Return what a line says. `words` are those between the program's name and the cursor."""
    reading = _Reading(program)
    reading.read(words)
    return reading.line(current)


def options_of(parameters: Iterable[Any]) -> list[Any]:
    """Return the parameters that are options."""
    return [one for one in parameters if one.param_type_name == "option"]


def unlisted(option: Any) -> list[str]:
    """Return what turns a switch off again that a file of options turned on; the help does not list it."""
    never = option.name in {"help", "show_config"} or option.secondary_opts
    return opposites(option.opts) if option.is_flag and not never else []
