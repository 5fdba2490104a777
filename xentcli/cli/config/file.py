"""Options from a TOML file: `--config FILE.toml`, or the table tool.xent of the nearest pyproject.toml that has one.

Keys are the long names of options; a table with the name of a command holds options of that alone. What the command
line says wins, but a gate of the file only gives way to a gate of the same kind on the same metric: none is lost
without being named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from xentcli.errors import DataError, UsageError
from xentcli.spec.option_files import read_small
from xentcli.text import path as shown
from xentcli.text import quote

PROJECT = "pyproject.toml"
# What could hold tool.xent; most files of projects do not, and are not parsed.
_MENTIONS = re.compile(rb"""tool["']?\s*\.\s*["']?xent|^\s*\[?\s*["']?tool["']?\s*[\]=]""", re.MULTILINE)
_HERE = "xent.config"


@dataclass(frozen=True, slots=True)
class Config:
    """The options in a file, as the command line would give them: by the names of parameters, with where each stands.

    keys: the tables that lead to each, and its own key last.
    """

    file: str
    text: str
    values: Mapping[str, Any]
    keys: Mapping[str, tuple[str, ...]]

    def place(self, name: str) -> str:
        """Return where the option of that parameter stands: `pyproject.toml, line 12`."""
        from xentcli.cli.config.toml import line_of

        line = line_of(self.text, self.keys[name])
        return shown(self.file) if line is None else f"{shown(self.file)}, line {line}"


def load_config(context: typer.Context, path: str | None) -> str | None:
    """Take the options of a file as defaults of those on the command line. Raises DataError for a wrong one."""
    if context.resilient_parsing:
        return path
    found = _named(path) if path is not None else _nearest(Path.cwd())
    if found is None:
        return path
    from xentcli.cli.config.values import values_of

    file, text, table, held = found
    values, keys = values_of(context, file, text, table, held)
    context.meta[_HERE] = Config(file, text, values, keys)
    context.default_map = dict(values)
    return path


def config_of(context: Any) -> Config | None:
    """Return the file of options in force, None if there is none."""
    config: Config | None = context.meta.get(_HERE)
    return config


def _named(path: str) -> tuple[str, str, tuple[str, ...], Mapping[str, Any]]:
    """Return what a file holds: its options at the top, or in tool.xent if it has a table `tool`."""
    from xentcli.cli.config.toml import parse

    text, held = parse(read_small(path, "--config"), path)
    if "tool" not in held:
        return path, text, (), held
    table = _tool_xent(held, path)
    if table is None:
        raise DataError("--config reads its table tool.xent, which is not there", file=path)
    return path, text, ("tool", "xent"), table


def _nearest(folder: Path) -> tuple[str, str, tuple[str, ...], Mapping[str, Any]] | None:
    """Return the table tool.xent of the nearest pyproject.toml that has one, from this folder up."""
    for place in (folder, *folder.parents):
        file = PROJECT if place == folder else str(place / PROJECT)
        try:
            # A pipe of that name would wait for somebody to write.
            data = read_small(file, "xent") if (place / PROJECT).is_file() else b""
        except DataError as error:
            if isinstance(error.__cause__, OSError):
                continue
            raise
        if _MENTIONS.search(data):
            from xentcli.cli.config.toml import parse

            text, held = parse(data, file)
            table = _tool_xent(held, file)
            if table is not None:
                return file, text, ("tool", "xent"), table
    return None


def _tool_xent(held: Mapping[str, Any], file: str) -> Mapping[str, Any] | None:
    tool = held.get("tool", {})
    table = tool.get("xent") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise DataError(f"tool.xent is {quote(str(table))}; it is a table of options", file=file)
    return table


def merged_gates(context: typer.Context, parameter: typer.CallbackParam, value: list[str] | None) -> list[str] | None:
    """Return gates of the command line with those of the file on other metrics, which come first."""
    config = config_of(context)
    if config is None or not value or parameter.name not in config.values:
        return value
    file: list[str] = config.values[parameter.name]
    if list(value) == file:
        return value
    named = {text.rpartition("=")[0] for text in value}
    return [text for text in file if text.rpartition("=")[0] not in named] + list(value)


def refuse_as_output(context: Any) -> None:
    """Raise UsageError if the result is to overwrite a file that options are read from, or that one names."""
    output = context.params.get("output")
    if not output:
        return
    config = config_of(context)
    named = [context.params.get(name) or "" for name in ("classes", "class_weight")]
    read = [*(value[1:] for value in named if value.startswith("@")), *([config.file] if config else [])]
    for path in read:
        with suppress(OSError, ValueError):
            if Path(output).samefile(path):
                raise UsageError(f"--output is {quote(output)}, which is an input")


def blame(context: Any, message: str) -> str:
    """Return where the option came from that a message begins with, if that is a file; else ''."""
    config = config_of(context)
    option = re.match(r"--([a-z-]+)", message)
    if config is None or option is None:
        return ""
    name = next((name for name, keys in config.keys.items() if keys[-1] == option.group(1)), None)
    source = getattr(context.get_parameter_source(name), "name", "") if name is not None else ""
    return f"--{option.group(1)} is from {config.place(name)}." if name is not None and source == "DEFAULT_MAP" else ""
