"""The slow reading of a block of JSON Lines, record by record: the values where they are unambiguous, else the error.

A label that is the number 1 in one record and the text "1" in another is the same label; 1.0 is the whole number 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from xentcli.sources.arrow.buffers import is_utf8
from xentcli.sources.arrow.lists import null_inside, wrong_width
from xentcli.sources.arrow.typed import WHOLE, spelled
from xentcli.sources.arrow.values import HINTS, OPTIONS, not_whole
from xentcli.sources.base import NOUNS, NUMBERS, TEXTS, ColumnKind, Numbers, OrderValues, Piece, Role, Texts
from xentcli.sources.jsonl.record import Constant, Field, Fields, Literal, Unreadable, is_integer, read_line, what
from xentcli.sources.limits import LONGEST_TEXT, byte_length, text_too_long
from xentcli.sources.number_text import judge
from xentcli.sources.text_blocks import Data
from xentcli.text import quote

_ABSENT = object()
_NESTED_HINT = "Write the value itself, without a list or an object around it."


class Problem(NamedTuple):
    """The first thing wrong in a block, its column (None: the line as a whole), and the values left of it.

    options: what can be typed about it.
    """

    problem: str
    hint: str
    column: str | None
    partial: Piece | None
    options: tuple[str, ...] = ()


class Refused(Exception):  # noqa: N818  # it becomes a Problem where the column is known
    """A value that its role does not allow: what is wrong, a hint, and what can be typed about it."""

    def __init__(self, problem: str, hint: str = "", options: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem, self.hint, self.options = problem, hint, options


def read_slowly(data: Data, wanted: Mapping[str, Role], fields: Mapping[str, Field]) -> tuple[Piece, Problem | None]:
    """Return the rows before the first problem of a block of whole lines, and that problem."""
    rows: list[list[Any]] = []
    snapped: list[int] = []
    names = [name for name in fields if name in wanted]
    problem = None
    for line in bytes(data).removesuffix(b"\n").split(b"\n"):
        row: list[Any] = []
        try:
            record, repeated = _fields(read_line(line), wanted)
            for name in names:
                if name in repeated:
                    raise Refused("the field is there twice in its record")  # noqa: TRY301  # caught below
                value, underflows = _value(record.get(name, _ABSENT), wanted[name], fields[name])
                row.append(value)
                snapped += [len(rows)] * underflows
        except Unreadable as error:
            problem = Problem(error.problem, error.hint, None, None)
        except Refused as error:
            held = names[: len(row)]
            partial = _piece([row], held, wanted, fields) if held else None
            problem = Problem(error.problem, error.hint, names[len(row)], partial, error.options)
        if problem is not None:
            snapped = [at for at in snapped if at < len(rows)]
            break
        rows.append(row)
    piece = _piece(rows, names, wanted, fields) if rows else Piece(0, {})
    return Piece(piece.rows, piece.numbers, piece.labels, piece.order, np.array(snapped, dtype=np.int64)), problem


def _fields(record: Fields, wanted: Mapping[str, Role]) -> tuple[dict[str, Any], set[str]]:
    """Return the wanted fields of a record, and which of them it has more than once."""
    found: dict[str, Any] = {}
    repeated: set[str] = set()
    for name, value in record:
        if name in wanted:
            if name in found:
                repeated.add(name)
            found[name] = value
    return found, repeated


def _value(value: Any, role: Role, field: Field) -> tuple[Any, int]:
    """Return a value as its role wants it, and how many numbers in it float64 rounds to 0. Raises Refused."""
    if value is None or value is _ABSENT:
        if role is Role.NULLABLE:
            return None, 0
        noun = NOUNS.get(role, "value")
        reason = "it is null" if value is None else "the record has no such field"
        raise Refused(f"the {noun} is missing: {reason}", HINTS.get(role, HINTS[Role.NUMBER]), OPTIONS.get(role, ()))
    if role not in NUMBERS:
        return _text(value, role), 0
    if field.column.kind is ColumnKind.LIST:
        return _list(value, role, field.width)
    if isinstance(value, bool) and field.column.kind is ColumnKind.BOOLEAN:
        return float(value), 0
    if field.column.kind is ColumnKind.BOOLEAN:
        raise Refused(f"it is {what(value)}, but in the first record it is true or false")
    return _number(value, role)


def _number(value: Any, role: Role) -> tuple[float, int]:
    if not isinstance(value, Literal | Constant):
        shown = f"the text {quote(value)}" if isinstance(value, str) else what(value)
        hint = "Numbers stand without quotes in JSON." if isinstance(value, str) else ""
        raise Refused(f"it is {shown}, not a number", hint)
    verdict = judge(str(value), role)
    if verdict.problem:
        raise Refused(verdict.problem, verdict.hint)
    return float(value), int(verdict.underflow)


def _list(value: Any, role: Role, width: int) -> tuple[list[float], int]:
    if type(value) is not list:
        raise Refused(f"it is {what(value)}, but in the first record it is a list")
    if len(value) != width or not width:
        raise Refused(wrong_width(len(value), width), HINTS[Role.NUMBER])
    numbers, underflows = [], 0
    for place, item in enumerate(value):
        if item is None:
            raise Refused(null_inside(place), HINTS[Role.NUMBER])
        try:
            number, underflow = _number(item, role)
        except Refused as error:
            raise Refused(f"number {place + 1:,} of the list: {error.problem}", error.hint) from None
        numbers.append(number)
        underflows += underflow
    return numbers, underflows


def _text(value: Any, role: Role) -> str:
    """Return the text that a value is compared as; an integer that is to be compared keeps its type for `_order`."""
    noun = NOUNS.get(role, "value")
    if isinstance(value, bool):
        return what(value)
    if isinstance(value, str) and role is not Role.ORDER and (size := byte_length(value)) > LONGEST_TEXT:
        raise Refused(*text_too_long(size, noun))
    if isinstance(value, Literal):
        return _number_text(value, role)
    if isinstance(value, Constant):
        if value == "NaN":
            raise Refused(f"the {noun} is missing: it is NaN", HINTS.get(role, ""), OPTIONS.get(role, ()))
        flaw = not_whole(0, value, role)
        raise Refused(flaw.problem, flaw.hint)
    if isinstance(value, list):
        raise Refused(f"the {noun} is {what(value)}, not a text or a number", _NESTED_HINT)
    if not value and role is Role.LABEL:
        raise Refused("the label is missing: it is an empty text", HINTS[role], OPTIONS[role])
    if not is_utf8(value):
        raise Refused(f"{quote(value)} is no text: half of a surrogate pair is no character")
    return str(value)


def _number_text(value: Literal, role: Role) -> Literal:
    if is_integer(value):
        return Literal("0") if value == "-0" else value
    if role is Role.ORDER:
        return value
    number = float(value)
    whole = number.is_integer() and abs(number) <= WHOLE and (abs(number) < WHOLE or Decimal(value) == int(number))
    if not whole or (role is Role.KEY and number == 0.0 and value.startswith("-")):
        flaw = not_whole(0, value, role)
        raise Refused(flaw.problem, flaw.hint)
    return Literal(int(number))


def _piece(
    rows: Sequence[list[Any]], names: Sequence[str], wanted: Mapping[str, Role], fields: Mapping[str, Field]
) -> Piece:
    numbers: dict[str, Numbers] = {}
    labels: dict[str, Texts] = {}
    order: dict[str, OrderValues] = {}
    for name, values in zip(names, zip(*rows, strict=True), strict=False):
        if wanted[name] in NUMBERS:
            numbers[name] = np.array(values, dtype=np.float64)
        elif wanted[name] in TEXTS:
            labels[name] = _coded(values)
        else:
            order[name] = _order(values)
    return Piece(len(rows), numbers, labels, order)


def _coded(values: Sequence[str | None]) -> Texts:
    distinct = {value: code for code, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    codes = [-1 if value is None else distinct[value] for value in values]
    return Texts(np.array(codes, dtype=np.int32), list(map(str, distinct)))


def _order(values: Sequence[str]) -> OrderValues:
    """Return values as int64 where all are integers within it, else as texts."""
    if all(isinstance(value, Literal) and is_integer(value) and len(value) <= 20 for value in values):
        whole = [int(value) for value in values]
        if min(whole) >= -(2**63) and max(whole) < 2**63:
            return np.array(whole, dtype=np.int64)
    return spelled(_coded(values))
