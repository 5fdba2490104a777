"""TOML with the lines where things stand, which Python's parser does not tell."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from typing import Any

from xentcli.errors import DataError
from xentcli.text import show

_PLACE = re.compile(r" \(at (?:line (?P<line>[0-9]+), column [0-9]+|end of document)\)$")

# Characters that are parsed in search of a line: about a second.
_MOST_PARSED = 1 << 21
_ENDLESS = re.compile(r"[0-9][0-9_]{4000}")


class Number(str):
    """A number with a point or an exponent, as it was written: what is compared as a decimal is never a float."""

    __slots__ = ()


def parse(data: bytes, file: str) -> tuple[str, dict[str, Any]]:
    """Return the text of a TOML file and what it holds. Raises DataError with the line where it is broken."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        at = data[: error.start].count(b"\n") + 1
        raise DataError("it is not valid UTF-8, as TOML has to be", file=file, line=at) from error
    try:
        return text, _loads(text)
    except RecursionError as error:
        raise DataError("it is not valid TOML: it is nested too deeply", file=file) from error
    except ValueError as error:
        message = str(error)
        if not isinstance(error, tomllib.TOMLDecodeError):
            # The one other error of its own: Python reads no whole number that is so long.
            digits = _ENDLESS.search(text)
            where = None if digits is None else text[: digits.start()].count("\n") + 1
            raise DataError("it holds a number of thousands of digits", file=file, line=where) from error
        place = _PLACE.search(message)
        line_text = place.group("line") if place is not None else None
        what = _PLACE.sub("", message)
        lines = text.count("\n") + 1
        line = int(line_text) if line_text else lines if place is not None else None
        raise DataError(f"it is not valid TOML: {show(what[:1].lower() + what[1:])}", file=file, line=line) from error


def _loads(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=lambda number: Number(number.replace("_", "")))


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """Return the line where the value under these keys begins; None if it is not there. The text is valid TOML.

    A beginning of the file that ends between two values is valid TOML as well, so that the line can be searched for.
    None also where that takes too long: in values of thousands of lines.

    >>> line_of('[tool.xent]\\nclip = 1e-7\\nby = [\\n  "a",\\n]', ("tool", "xent", "by"))
    3
    """
    search = _Search(text.split("\n"), keys)
    low, high = 1, len(search.lines)
    try:
        if not search.has(high):
            return None
        while low < high:
            middle = (low + high) // 2
            if search.has(middle):
                high = middle
            else:
                low = middle + 1
    except _TooLongError:
        return None
    return low


class _TooLongError(Exception):
    """More would have to be parsed than a line number is worth."""


class _Search:
    """The lines that are searched, and how much may still be parsed."""

    def __init__(self, lines: list[str], keys: tuple[str, ...]) -> None:
        self.lines = lines
        self.keys = keys
        self.left = _MOST_PARSED

    def has(self, length: int) -> bool:
        """Say whether the first lines have the keys: so many, and those to the end of a value that they break off in.

        Raises _TooLongError.
        """
        for end in range(length, len(self.lines) + 1):
            text = "\n".join(self.lines[:end])
            self.left -= len(text)
            if self.left < 0:
                raise _TooLongError
            with suppress(tomllib.TOMLDecodeError):
                return _has(_loads(text), self.keys)
        return False


def _has(held: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(held, dict) or key not in held:
            return False
        held = held[key]
    return True
