"""One line of JSON Lines, read strictly: an object whose numbers keep the text they are written as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn

from xentcli.sources.base import Column, ColumnKind
from xentcli.sources.jsonl.lines import BLANK
from xentcli.sources.limits import MOST_COLUMNS, MOST_VALUES, list_too_long
from xentcli.text import quote

# Texts as JSON has them, and lists without others in them.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_LIST = re.compile(rb"\[([^\[\]{}]*+)\]")
_ONE_A_LINE = "JSON Lines has one object a line."
_WHOLE_LINE = f"{_ONE_A_LINE} Was the file cut short, or is this JSON laid out over several lines?"


class Literal(str):
    """A number, as it is written."""

    __slots__ = ()


class Constant(str):
    """NaN, Infinity or -Infinity, which JSON does not have but many programs write."""

    __slots__ = ()


class Fields(list[tuple[str, Any]]):
    """An object: its fields in their order, names as often as they stand there."""


class Unreadable(Exception):  # noqa: N818  # it becomes a DataError where record and line are known
    """A line that is no object: what is wrong, and a hint."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint


def read_line(line: bytes) -> Fields:
    """Return the object of a line. Raises Unreadable."""
    refuse_large(line)
    bare = line.strip(BLANK)
    if not bare:
        raise Unreadable("the line is blank", "Blank lines may only follow the last record.")
    try:
        text = bare.decode()
    except UnicodeDecodeError as error:
        shown = bare[max(0, error.start - 10) : error.end].decode("utf-8", "surrogateescape")
        raise Unreadable(f"{quote(shown)} is not valid UTF-8", "Convert the file to UTF-8.") from None
    try:
        held = json.loads(
            text, object_pairs_hook=Fields, parse_float=Literal, parse_int=Literal, parse_constant=Constant
        )
    except json.JSONDecodeError as error:
        _refuse(text, error)
    except RecursionError:
        raise Unreadable("the record is nested too deeply") from None
    if not isinstance(held, Fields):
        raise Unreadable(f"the line is {what(held)}, not an object", _ONE_A_LINE)
    return held


def refuse_large(line: bytes) -> None:
    """Raise Unreadable for a list of more elements than are read, or a record of more values, before it is parsed."""
    if line.count(b",") < MOST_COLUMNS:
        return
    bare = _TEXT.sub(b'""', line)
    for found in _LIST.finditer(bare):
        if (size := found[1].count(b",") + 1) > MOST_COLUMNS:
            raise Unreadable(*list_too_long(size))
    if (values := bare.count(b",") + 1) > MOST_VALUES:
        raise Unreadable(f"the record has {values:,} values, and {MOST_VALUES:,} are the most")


def _refuse(text: str, error: json.JSONDecodeError) -> NoReturn:
    if error.msg.startswith("Extra data"):
        problem = f"after the first value of the line stands {quote(text[error.pos :], 40)}"
        raise Unreadable(problem, _ONE_A_LINE) from None
    if error.pos >= len(text) or error.msg.startswith("Unterminated"):
        kind = "list" if text.startswith("[") else "object"
        raise Unreadable(f"the line ends inside of its {kind}", _WHOLE_LINE) from None
    raise Unreadable(f"it is not JSON from character {error.pos + 1:,} on: {quote(text[error.pos :], 40)}") from None


def what(value: object) -> str:
    """Return what a value of JSON is called.

    >>> what(Literal("1")), what(None), what(True)
    ('a number', 'null', 'true')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Constant):
        return str(value)
    if isinstance(value, Literal):
        return "a number"
    if isinstance(value, Fields):
        return "an object"
    return "a list" if isinstance(value, list) else "a text"


class Field(NamedTuple):
    """A field of the first record: what it can hold, and how many numbers its list has (1 for no list)."""

    column: Column
    width: int


def fields_of(lines: Iterable[bytes]) -> dict[str, Field]:
    """Return the fields of the first of some lines; what a field holds is said by the first line that is not null
    there. Raises Unreadable for a first line that is none, or that names a field twice.
    """
    rest = iter(lines)
    first = read_line(next(rest))
    found = {name: _field(name, value) for name, value in first}
    if len(found) < len(first):
        name = next(name for at, (name, _) in enumerate(first) if name in dict(first[:at]))
        raise Unreadable(f"two fields are called {quote(name)}", "Rename one of them.")
    open_still = {name for name, value in first if value is None}
    for line in rest:
        if not open_still:
            break
        try:
            record = read_line(line)
        except Unreadable:  # for whoever reads the rows
            break
        for name, value in record:
            if name in open_still and value is not None:
                open_still.remove(name)
                found[name] = Field(_field(name, value).column, 0 if isinstance(value, list) else 1)
    return found


def _field(name: str, value: object) -> Field:
    if isinstance(value, Literal | Constant):
        whole = isinstance(value, Literal) and is_integer(value)
        kind = ColumnKind.INTEGER if whole else ColumnKind.FLOAT
        return Field(Column(name, kind, "integer" if whole else "number"), 1)
    if isinstance(value, Fields):
        return Field(Column(name, ColumnKind.OTHER, "object"), 1)
    if isinstance(value, list):
        if all(item is None or isinstance(item, Literal | Constant) for item in value):
            return Field(Column(name, ColumnKind.LIST, "list of numbers"), len(value))
        return Field(Column(name, ColumnKind.OTHER, "list"), 1)
    if isinstance(value, bool):
        return Field(Column(name, ColumnKind.BOOLEAN, "boolean"), 1)
    return Field(Column(name, ColumnKind.TEXT, "null" if value is None else "text"), 1)


def is_integer(text: str) -> bool:
    """Say whether a number is written as an integer."""
    return not ("." in text or "e" in text or "E" in text)
