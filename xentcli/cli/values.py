"""Texts of options as values: names as `a,b,c` or `@FILE` with one a line, and numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, overload

from xentcli.errors import DataError, UsageError
from xentcli.spec.option_files import read_small
from xentcli.spec.parsing import split_names
from xentcli.text import quote

_WEIGHTS = "a JSON object of numbers by class name"
Number = TypeVar("Number", int, float)


def names_of(option: str, value: str | None) -> tuple[str, ...]:
    """Return the names in the value of an option, () without one.

    >>> names_of("--by", "cat,dog"), names_of("--by", None)
    (('cat', 'dog'), ())
    """
    if value is None:
        return ()
    if value.startswith("@"):
        return lines_of(option, value[1:], text_of(option, value[1:]))
    return split_names(option, value)


def text_of(option: str, path: str) -> str:
    """Return the text of a file that an option names. Raises DataError if it cannot be read, or is beyond 16 MiB."""
    if not path:
        raise UsageError(f"{option} is '@'; the name of a file follows the @")
    try:
        return read_small(path, option).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{option} reads it, but it is not valid UTF-8", file=path) from error


def lines_of(option: str, path: str, text: str) -> tuple[str, ...]:
    """Return the names in the text of a file, one a line; none is empty or there twice."""
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    seen: dict[str, int] = {}
    for number, name in enumerate(lines, start=1):
        if not name:
            raise DataError(f"{option} reads one name a line; this line is empty", file=path, line=number)
        if name in seen:
            raise DataError(f"{option} has {quote(name)} twice, first in line {seen[name]}", file=path, line=number)
        seen[name] = number
    return tuple(lines)


def weights_of(value: str | None, parse: Callable[[str], dict[str, float]]) -> dict[str, float] | None:
    """Return the weights in --class-weight: `NAME=W,...` by `parse`, or the JSON object in `@FILE`."""
    if value is None or not value.startswith("@"):
        return None if value is None else parse(value)
    path, option = value[1:], "--class-weight"
    import json

    held = json_of(option, path, text_of(option, path), _WEIGHTS)
    if not isinstance(held, dict) or not held:
        raise DataError(f"{option} takes {_WEIGHTS}", file=path)
    for name, weight in held.items():
        number = not isinstance(weight, bool) and isinstance(weight, int | float)
        # A whole number may be beyond float64.
        if not number or not 0.0 <= weight <= sys.float_info.max:
            shown = quote(json.dumps(weight))
            raise DataError(f"{option} gives {quote(name)} the weight {shown}; it takes a number from 0 up", file=path)
    return {name: float(weight) for name, weight in held.items()}


def json_of(option: str, path: str, text: str, takes: str) -> Any:
    """Return what the JSON text of a file holds, in which no object has a name twice."""
    import json

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for name, value in pairs:
            if name in held:
                raise DataError(f"{option} has {quote(name)} twice", file=path)
            held[name] = value
        return held

    try:
        return json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise DataError(f"{option} takes {takes}: {error}", file=path, line=line) from error


@overload
def whole_of(option: str, value: str, allowed: str) -> int: ...
@overload
def whole_of(option: str, value: str | None, allowed: str) -> int | None: ...
def whole_of(option: str, value: str | None, allowed: str) -> int | None:
    """Return the whole number that an option holds, None without one; its range is checked where it is used.

    >>> whole_of("--top", "20", "from 1 up"), whole_of("--jobs", None, "from 1 up")
    (20, None)
    """
    return _number(option, value, int, f"a whole number {allowed}")


@overload
def number_of(option: str, value: str, allowed: str) -> float: ...
@overload
def number_of(option: str, value: str | None, allowed: str) -> float | None: ...
def number_of(option: str, value: str | None, allowed: str) -> float | None:
    """Return the number that an option holds, None without one."""
    return _number(option, value, float, allowed)


def _number(option: str, value: str | None, kind: Callable[[str], Number], allowed: str) -> Number | None:
    if value is None:
        return None
    if value.isascii() and "_" not in value:
        with suppress(ValueError):
            return kind(value)
    raise UsageError(f"{option} is {quote(value)}; it takes {allowed}")
