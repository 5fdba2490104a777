"""`--show-config`: the options in force and where each comes from, as TOML that `--config` reads."""

from __future__ import annotations

import json
import re
from typing import Any

from xentcli.cli.config.file import config_of
from xentcli.spec.choices import Bound
from xentcli.text import path, show

_HIDDEN = {"help", "config", "show-config", "verbose"}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SOURCES = {"COMMANDLINE": "command line", "DEFAULT": "default", "ENVIRONMENT": "environment"}


def shown_config(context: Any) -> str:
    """Return a line for each option, by panels; those that are not set are comments."""
    config = config_of(context)
    lines = [f"# xent {context.info_name}: the options in force. " + _read(config)]
    panel = None
    for parameter in context.command.params:
        key = next((name[2:] for name in parameter.opts if name.startswith("--")), None)
        if key is None or key in _HIDDEN:
            continue
        if parameter.rich_help_panel != panel:
            panel = parameter.rich_help_panel
            lines += ["", f"# {panel}"]
        value = context.params.get(parameter.name)
        lines.append(f"{_entry(key, value)}  # {_source(context, parameter)}")
    return "\n".join(lines) + "\n"


def _read(config: Any) -> str:
    return "No file of options was read." if config is None else f"Read from {path(config.file)}."


def _source(context: Any, parameter: Any) -> str:
    source = getattr(context.get_parameter_source(parameter.name), "name", "DEFAULT")
    config = config_of(context)
    if config is not None and parameter.name in config.values:
        place = config.place(parameter.name)
        if source == "DEFAULT_MAP":
            return place
        value, key = context.params.get(parameter.name), config.keys[parameter.name][-1]
        if key in tuple(Bound) and any(text in (value or ()) for text in config.values[parameter.name]):
            return f"command line and {place}"
        return f"command line, over {place}"
    return _SOURCES.get(source, source.lower())


def _entry(key: str, value: Any) -> str:
    if value is None or (isinstance(value, list | tuple) and not value):
        return f"# {key} ="
    if key in tuple(Bound):
        limits = [text.rpartition("=") for text in value]
        if len({metric for metric, _, _ in limits}) == len(limits):
            return f"{key} = {{ " + ", ".join(f"{_key(metric)} = {_limit(text)}" for metric, _, text in limits) + " }"
    return f"{key} = {_toml(value)}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)


def _limit(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else _toml(text)


def _toml(value: Any) -> str:
    """Return a value as TOML; its texts are escaped as those of JSON are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return "".join(map(_shown, json.dumps(str(value), ensure_ascii=False)))


def _shown(char: str) -> str:
    """Return a character, or its escape where a terminal would act on it or not show it."""
    if show(char) == char:
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
