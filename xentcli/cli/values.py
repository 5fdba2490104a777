"""Texts of options as values: names as `a,b,c` or `@FILE` with one a line, and numbers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, overload

from xentcli.errors import DataError, UsageError
from xentcli.text import quote

Number = TypeVar("Number", int, float)


def names_of(option: str, value: str | None) -> tuple[str, ...]:
    """Return the names in the value of an option, () without one.

    >>> names_of("--classes", "cat,dog"), names_of("--classes", None)
    (('cat', 'dog'), ())
    """
    if value is None:
        return ()
    if value == "@":
        raise UsageError(f"{option} is '@'; the name of a file follows the @")
    if value.startswith("@"):
        return _lines(option, value[1:])
    names = tuple(value.split(","))
    if not all(names):
        raise UsageError(f"{option} is {quote(value)}, which has an empty name; names are separated by single commas")
    return names


def _lines(option: str, path: str) -> tuple[str, ...]:
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{option} reads names from it, but it is not valid UTF-8", file=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataError(f"{option} cannot read it: {reason}", file=path) from error
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    seen: dict[str, int] = {}
    for number, name in enumerate(lines, start=1):
        if not name:
            raise DataError(f"{option} reads one name a line; this line is empty", file=path, line=number)
        if name in seen:
            raise DataError(f"{option} has {quote(name)} twice, first in line {seen[name]}", file=path, line=number)
        seen[name] = number
    return tuple(lines)


@overload
def whole_of(option: str, value: str, allowed: str) -> int: ...
@overload
def whole_of(option: str, value: str | None, allowed: str) -> int | None: ...
def whole_of(option: str, value: str | None, allowed: str) -> int | None:
    """Return the whole number that an option holds, None without one; its range is checked where it is used.

    >>> whole_of("--top", "20", "from 1 up"), whole_of("--threads", None, "from 1 up")
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
