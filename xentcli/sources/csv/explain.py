"""The slow reading of one CSV block, record by record: what is wrong first, and where.

The fast reading (`source.py`) says only that something is; this one finds the record, the column and the raw text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xentcli.sources.base import NUMBERS, Role
from xentcli.sources.files.unread_formats import STARRED, STARS, without_last_delimiter, without_stars
from xentcli.sources.number_text import Writing, judge
from xentcli.sources.text_blocks import LONGEST_RECORD, Data, stray_quote
from xentcli.spec.parsing import typed
from xentcli.text import count, quote

csv.field_size_limit(LONGEST_RECORD)
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")


class Fault(NamedTuple):
    """What is wrong with a record, the place of its column (-1: the record as a whole), a hint, what can be typed."""

    problem: str
    position: int = -1
    hint: str = ""
    options: tuple[str, ...] = ()


class Problem(NamedTuple):
    """The first thing wrong in a block: records before it in the block, its line there (from 0), what it is."""

    record: int
    line: int
    fault: Fault
    good: bytes
    fields: list[str]


class Reading(NamedTuple):
    """The first problem, if there is one, and the rows before it that hold an underflow, one entry a cell."""

    problem: Problem | None
    underflows: list[int]


class Layout(NamedTuple):
    """What a block should look like: the fields of the first record, the wanted columns by place, how it is written."""

    first: Sequence[str]
    roles: Mapping[int, Role]
    writing: Writing


def read_slowly(data: Data, layout: Layout) -> Reading:
    """Return the first problem of a block and its underflows."""
    text = data.decode("utf-8", "surrogateescape")
    # Where the lines that were taken end: whatever follows the first problem is never looked at.
    ends = [0]
    stray = stray_quote(data, layout.writing.delimiter)
    stray_line = None if stray is None else _line_of(data, stray)
    underflows: list[int] = []
    start, begins = 0, 0
    reader = csv.reader(_lines(text, ends), delimiter=layout.writing.delimiter, strict=True)
    record = 0
    while True:
        fields, failure = _next(reader)
        end: int = reader.line_num
        if fields is None and failure is None:
            return Reading(None, underflows)
        found = failure or (None if stray_line is None or not start <= stray_line < end else Fault(_STRAY))
        if found is None:
            found, odd = _check(fields or [], layout)
            underflows += [record] * odd
        if found is not None:
            good = text[:begins].encode("utf-8", "surrogateescape")
            return Reading(Problem(record, start, found, good, fields or []), underflows)
        start, begins, record = end, ends[0], record + 1


def _lines(text: str, ends: list[int]) -> Iterator[str]:
    """Yield the lines of a text with their ends, and set where the last one ends."""
    for line in _LINE.finditer(text):
        ends[0] = line.end()
        yield line[0]


_MOST_NAMED = 100
_UNCLOSED = "a quote opened in this record is never closed"
_STRAY = "a quote stands inside a field: a field with quotes in it is quoted as a whole, and they are doubled"


def _line_of(data: Data, at: int) -> int:
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n")


def _next(reader: Iterator[list[str]]) -> tuple[list[str] | None, Fault | None]:
    """Return the fields of the next record, or what the tokenizer objects to; (None, None) at the end."""
    try:
        return next(reader), None
    except StopIteration:
        return None, None
    except csv.Error as error:
        return None, Fault(_UNCLOSED if "unexpected end" in str(error) else _STRAY)


def _check(fields: list[str], layout: Layout) -> tuple[Fault | None, int]:
    """Return what is wrong with one record, and its number of underflows."""
    width = len(layout.first)
    if not fields:
        fields = [""]
        if width > 1:
            return Fault("the line is blank", hint="Blank lines may only follow the last record."), 0
    if len(fields) != width:
        problem = f"it has {count(len(fields), 'field')}, but the {layout.writing.first} has {width}"
        hint, options = _width_hint(fields, layout)
        return Fault(problem, -1, hint, options), 0
    underflows = 0
    for position, role in sorted(layout.roles.items()):
        verdict = judge(fields[position], role, layout.writing)
        if verdict.problem:
            return Fault(
                verdict.problem, position, verdict.hint, verdict.options or _without(position, layout)
            ), underflows
        underflows += verdict.underflow
    return None, underflows


def _without(position: int, layout: Layout) -> tuple[str, ...]:
    """Return the predictions without a column that has no name, as what follows a delimiter at the end of lines has."""
    named = [layout.first[at] for at, role in sorted(layout.roles.items()) if role in NUMBERS and layout.first[at]]
    unnamed = layout.writing.headed and not layout.first[position]
    return (typed("--pred", named),) if unnamed and 0 < len(named) <= _MOST_NAMED else ()


def _width_hint(fields: list[str], layout: Layout) -> tuple[str, tuple[str, ...]]:
    """Return what a record of another width may mean, and what can be typed about it."""
    first, writing = layout.first, layout.writing
    seen = f"The record begins {quote(writing.delimiter.join(fields), 60)}; the {writing.first} begins "
    seen += f"{quote(writing.delimiter.join(first[:20]), 60)}."
    if any(field.startswith("'") for field in fields):
        return seen + " Apostrophes do not quote in CSV; double quotes do.", ()
    if any(field.endswith("\\") for field in fields[:-1]):
        return seen + " A backslash does not escape in CSV; double quotes around the field do.", ()
    if len(fields) > len(first) and any(map(STARRED.fullmatch, fields)):
        return f"{seen} {STARS}", (without_stars(writing.path, len(fields) - len(first) + 1),)
    if abs(len(fields) - len(first)) == 1 and not max(fields, first, key=len)[-1] and min(fields, first, key=len)[-1:]:
        who = "record" if len(fields) > len(first) else writing.first
        return f"{seen} The {who} ends in a delimiter.", (without_last_delimiter(writing.path, writing.delimiter),)
    indexed = writing.headed and len(fields) == len(first) + 1 and fields[0].isdigit()
    whole = all(field.lstrip(" +-").isdigit() for field in fields[::2])
    if (
        writing.delimiter == ","
        and len(fields) == 2 * len(first)
        and whole
        and not (indexed and not fields[1].isdigit())
    ):
        options = f"{writing.options}delimiter ';' {writing.options}decimal ','"
        return seen + f" If decimals are written with a comma, fields need another delimiter: {options}.", ()
    return seen + " Is its first column an index without a name?" if indexed else seen, ()
