"""Columns that folders give: `year=2024` is a column `year` that holds 2024 in every row below."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from xentcli.sources.base import Column, ColumnKind, Numbers, OrderValues, Piece, Role, Strings, Texts
from xentcli.text import quote

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
Keys = tuple[tuple[str, str | None], ...]


def folder_columns(keys: Keys) -> tuple[Column, ...]:
    """Return the columns that the folders of a part give."""
    return tuple(Column(key, ColumnKind.TEXT, "folder name") for key, _ in keys)


def first_odd(keys: Keys, wanted: Mapping[str, Role]) -> tuple[str, str] | None:
    """Return the first key whose value cannot be what is wanted of it, and why; None if all can."""
    for key, value in keys:
        if key in wanted and (problem := _problem(value, wanted[key])):
            return key, problem
    return None


def _problem(value: str | None, role: Role) -> str:
    if role is Role.NULLABLE:
        return ""
    if value is None or (value == "" and role is not Role.ORDER):
        return "the value is missing: its folder says " + ("null" if value is None else "nothing after the =")
    if role in {Role.NUMBER, Role.SCORE} and not _NUMBER.fullmatch(value):
        return f"its folder says {quote(value)}, which is not a number"
    if role in {Role.NUMBER, Role.SCORE} and math.isinf(float(value)):
        return f"its folder says {quote(value)}, which is beyond float64"
    return ""


def with_folders(piece: Piece, keys: Keys, wanted: Mapping[str, Role]) -> Piece:
    """Return a piece with the columns of its part's folders, as far as they are wanted."""
    numbers: dict[str, Numbers] = {}
    labels: dict[str, Texts] = {}
    order: dict[str, OrderValues] = {}
    for key, value in keys:
        role = wanted.get(key)
        if role in {Role.LABEL, Role.NULLABLE}:
            code = 0 if value else -1
            labels[key] = Texts(np.full(piece.rows, code, dtype=np.int32), (value,) if value else ())
        elif role in {Role.KEY, Role.ORDER}:
            order[key] = _repeated((value or "").encode(), piece.rows)
        elif role is not None:
            numbers[key] = np.full(piece.rows, float(value or "nan"))
    if not (numbers or labels or order):
        return piece
    return Piece(
        piece.rows,
        {**piece.numbers, **numbers},
        {**piece.labels, **labels},
        {**piece.order, **order},
        piece.snapped,
    )


def _repeated(text: bytes, rows: int) -> Strings:
    offsets = np.arange(rows + 1, dtype=np.int64) * len(text)
    return Strings(offsets, np.tile(np.frombuffer(text, dtype=np.uint8), rows))
