"""Columns of lists: a class each, the same number in every row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xentcli.sources.arrow.buffers import first_null, number_column
from xentcli.sources.base import Numbers
from xentcli.text import count


def is_list(kind: pa.DataType) -> bool:
    """Say whether a type is a list, of whatever."""
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def is_number_list(kind: pa.DataType) -> bool:
    """Say whether a type is a list of numbers."""
    if not is_list(kind):
        return False
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return any(test(kind.value_type) for test in tests)


def width_of(array: pa.Array) -> int:
    """Return how many numbers the first list of an array has, 0 if there is none or it is null."""
    if not len(array) or first_null(array) == 0:
        return 0
    return int(_lengths(array)[0])


def list_column(array: pa.Array, width: int) -> Numbers:
    """Return lists without nulls, all of one width, as numbers, shape (n, width)."""
    numbers: Numbers = number_column(array.flatten()).reshape(len(array), width)
    return numbers


def list_flaw(array: pa.Array, width: int) -> tuple[int, str] | None:
    """Return (row, problem) of the first list that is null, of another width, or holds a null; None without one."""
    null = first_null(array)
    good = array if null is None else array.slice(0, null)
    found = [] if null is None else [(null, "the value is missing: it is null")]
    lengths = _lengths(good)
    wrong = np.flatnonzero(lengths != width) if width else np.zeros(len(good) and 1, dtype=np.intp)
    if len(wrong):
        found.append((int(wrong[0]), wrong_width(int(lengths[wrong[0]]), width)))
    inside = first_null(good.flatten())
    if inside is not None:
        ends = np.cumsum(lengths)
        row = int(np.searchsorted(ends, inside, side="right"))
        found.append((row, null_inside(inside - int(ends[row] - lengths[row]))))
    # Of two flaws of one row the first in this order is told: its length says more than what is in it.
    return min(found, key=lambda flaw: flaw[0]) if found else None


def wrong_width(length: int, width: int) -> str:
    """Return what is wrong with a list of another length than the first one; of none, with an empty one."""
    if not width:
        return "the list is empty"
    return f"the list has {count(length, 'number')}, but the first row has {width:,}"


def null_inside(position: int) -> str:
    """Return what is wrong with a list that holds a null at a position, counted from 0."""
    return f"number {position + 1:,} of the list is missing: it is null"


def _lengths(array: pa.Array) -> NDArray[np.int64]:
    """Return the length of every list; where a null is, anything."""
    if pa.types.is_fixed_size_list(array.type):
        return np.full(len(array), array.type.list_size, dtype=np.int64)
    if not len(array):
        return np.zeros(0, dtype=np.int64)
    kind = np.dtype(np.int64 if pa.types.is_large_list(array.type) else np.int32)
    at = np.frombuffer(array.buffers()[1], dtype=kind, count=len(array) + 1, offset=array.offset * kind.itemsize)
    return at[1:].astype(np.int64) - at[:-1]
