"""Arrow arrays in the roles of their columns: the values as they are wanted, and the first that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from xentcli.errors import DataError
from xentcli.sources.arrow.buffers import (
    as_bytes,
    first_null,
    fixed_width,
    is_text,
    is_utf8,
    number_column,
    plain,
    strings_column,
    valid_of,
)
from xentcli.sources.arrow.lists import is_list, is_number_list, list_column, list_flaw
from xentcli.sources.arrow.typed import first_odd, labels_of, order_of
from xentcli.sources.arrow.uuids import is_uuid, uuid_texts
from xentcli.sources.base import (
    NOUNS,
    NUMBERS,
    TEXTS,
    Column,
    ColumnKind,
    Numbers,
    OrderValues,
    Piece,
    Role,
    Source,
    Texts,
)
from xentcli.sources.limits import LONGEST_TEXT, text_too_long
from xentcli.sources.number_text import LEAVE_OUT
from xentcli.text import listing, path, quote

UTF8_HINT = "Convert the text to UTF-8."
HINTS = {
    Role.NUMBER: "Every row needs a number here; leave out rows without one.",
    Role.LABEL: "Give every row a label, or leave the row out.",
    Role.KEY: "Give every row a key, or leave the row out.",
}
# What can be typed about a value that is missing.
OPTIONS = {Role.LABEL: LEAVE_OUT}
_WHOLE_HINTS = {
    Role.LABEL: "A distribution needs one column for each class.",
    Role.KEY: "Keys are text, whole numbers, booleans or dates.",
}


class Flaw(NamedTuple):
    """A value that cannot be what its column is for: its row, what is wrong, a hint, and what can be typed about it."""

    row: int
    problem: str
    hint: str
    options: tuple[str, ...] = ()


def kind_of(kind: pa.DataType) -> ColumnKind:
    """Return what a column of an Arrow type can hold."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if is_text(value) or is_uuid(value):
        return ColumnKind.TEXT
    tests = (
        (pa.types.is_integer, ColumnKind.INTEGER),
        (pa.types.is_floating, ColumnKind.FLOAT),
        (pa.types.is_decimal, ColumnKind.DECIMAL),
        (pa.types.is_boolean, ColumnKind.BOOLEAN),
        (pa.types.is_date, ColumnKind.DATE),
        (is_number_list, ColumnKind.LIST),
    )
    return next((found for test, found in tests if test(value)), ColumnKind.OTHER)


def refuse_misfits(source: Source, wanted: Mapping[str, Role]) -> None:
    """Raise DataError for a column whose type cannot hold what it is wanted for in any row."""
    columns = {column.name: column for column in source.columns}
    for place, name in enumerate(name for name in columns if name in wanted):
        column, role = columns[name], wanted[name]
        if _fits(column, role):
            continue
        noun = "prediction" if role in NUMBERS else NOUNS.get(role, "shared")
        hint = "Predictions are numbers." if role in NUMBERS else "Labels are text, whole numbers, booleans or dates."
        raise DataError(
            f"the {noun} column {quote(name)} is of type {column.type_name}",
            file=source.path,
            order=(0, source.side, place),
            hint=hint if role in NUMBERS or role is Role.LABEL else hint.replace("Labels", "Its values"),
            details=[f"The columns of {path(source.path)} are {listing(columns)}."],
        )


def _fits(column: Column, role: Role) -> bool:
    numeric = {ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL, ColumnKind.BOOLEAN}
    if role in NUMBERS:
        return column.kind in numeric or column.kind is ColumnKind.LIST
    return column.kind not in {ColumnKind.LIST, ColumnKind.OTHER}


def piece_of(arrays: Mapping[str, pa.Array], wanted: Mapping[str, Role], widths: Mapping[str, int], rows: int) -> Piece:
    """Return arrays without flaws as a piece."""
    numbers: dict[str, Numbers] = {}
    labels: dict[str, Texts] = {}
    order: dict[str, OrderValues] = {}
    for name, array in arrays.items():
        role = wanted[name]
        if role in NUMBERS:
            numbers[name] = list_column(array, widths[name]) if is_list(array.type) else number_column(array)
        elif role in TEXTS:
            labels[name] = labels_of(array)
        else:
            order[name] = order_of(array)
    return Piece(rows, numbers, labels, order)


def flaw_of(array: pa.Array, role: Role, width: int = 1, raw: bool = False) -> Flaw | None:
    """Return the first value of an array that its role does not allow, None if all are fine.

    raw: its bytes were never said to be UTF-8, which then only matters where they are shown as text.
    """
    if role in NUMBERS:
        found = list_flaw(array, width) if is_list(array.type) else _null(array, "the value is missing: it is null")
        return None if found is None else Flaw(*found, HINTS[Role.NUMBER])
    flaws = [_missing(array, role), _odd(array, role), _long(array, role)]
    if is_text(array.type) and not (raw and role is Role.ORDER):
        flaws.append(_no_utf8(array))
    return min((flaw for flaw in flaws if flaw is not None), key=lambda flaw: flaw.row, default=None)


def _null(array: pa.Array, problem: str) -> tuple[int, str] | None:
    at = first_null(array)
    return None if at is None else (at, problem)


def _missing(array: pa.Array, role: Role) -> Flaw | None:
    """Return the first value that is not there: a null, and among labels an empty text."""
    if role is Role.NULLABLE:
        return None
    null = first_null(array)
    if role is not Role.LABEL:
        problem = f"the {NOUNS.get(role, 'value')} is missing: it is null"
        return None if null is None else Flaw(null, problem, HINTS.get(role, HINTS[Role.NUMBER]))
    rows = [] if null is None else [null]
    if is_text(array.type):
        rows += _first_empty(array)
    return Flaw(min(rows), "the label is missing (null or empty)", HINTS[role], OPTIONS[role]) if rows else None


def _first_empty(array: pa.Array) -> list[int]:
    """Return the row of the first empty text, in a list; an empty list without one."""
    texts = labels_of(array)
    wrong = texts.codes == (texts.values.index("") if "" in texts.values else len(texts.values))
    return [int(np.argmax(wrong))] if wrong.any() else []


def _long(array: pa.Array, role: Role) -> Flaw | None:
    """Return the first text that is too long to be a name or a key."""
    if role is Role.ORDER or not is_text(array.type) or not len(array):
        return None
    coded = pa.types.is_dictionary(array.type)
    sizes = np.diff(strings_column(array.dictionary if coded else array).offsets)
    if sizes.max(initial=0) <= LONGEST_TEXT:
        return None
    if coded:
        # Where a null is, its code may be anything.
        valid = valid_of(array)
        codes = fixed_width(array.indices)
        sizes = sizes[codes if valid is None else codes * valid] * (1 if valid is None else valid)
    at = int(np.argmax(sizes > LONGEST_TEXT))
    return Flaw(at, *text_too_long(int(sizes[at]), NOUNS.get(role, "value"))) if sizes[at] > LONGEST_TEXT else None


def _odd(array: pa.Array, role: Role) -> Flaw | None:
    """Return the first value that has no text: a fraction, a number beyond 2^53, a date far away."""
    odd = first_odd(array, nan=role is not Role.NULLABLE, negative_zero=role is Role.KEY)
    if odd is None:
        return None
    noun = NOUNS.get(role, "value")
    if pa.types.is_date(array.type):
        hint = "Is this the label column? See --label." if role is Role.LABEL else ""
        return Flaw(odd.row, f"the {noun} is {odd.shown}; dates as {noun}s are of the years 1 to 9999", hint)
    if odd.shown == "nan":
        return Flaw(odd.row, f"the {noun} is missing: it is NaN", HINTS.get(role, ""), OPTIONS.get(role, ()))
    return not_whole(odd.row, odd.shown, role)


def not_whole(row: int, shown: str, role: Role) -> Flaw:
    """Return the flaw of a number that is no name: a fraction, or one that float64 does not hold exactly."""
    rule = "; labels are names or whole numbers" if role is Role.LABEL else ""
    problem = f"the {NOUNS.get(role, 'value')} is {shown}, not a whole number up to 2^53{rule}"
    return Flaw(row, problem, _WHOLE_HINTS.get(role, ""))


def _no_utf8(array: pa.Array) -> Flaw | None:
    """Return the first text that is no UTF-8. Raises ArrowInvalid where the array itself is damaged."""
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        as_bytes(array).validate(full=True)
        texts = labels_of(array if pa.types.is_dictionary(array.type) else array.dictionary_encode())
        wrong = np.array([not is_utf8(text) for text in texts.values])[texts.codes] & (texts.codes >= 0)
        at = int(np.argmax(wrong))
        return Flaw(at, f"{quote(texts.values[texts.codes[at]])} is not valid UTF-8", UTF8_HINT) if wrong[at] else None
    return None


def ready(array: pa.Array, role: Role) -> pa.Array:
    """Return an array in the layout that its role is read from: labels that are text as a dictionary."""
    found = uuid_texts(array) if is_uuid(array.type) else plain(array)
    texts = is_text(found.type) and not pa.types.is_dictionary(found.type)
    return found.dictionary_encode() if texts and role in TEXTS else found
