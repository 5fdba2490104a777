"""Typed Parquet values as the text they are compared as: 7 as `7`, true as `true`, a date as its ISO form."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xentcli.sources.arrow import fixed_width, number_column, strings_column
from xentcli.sources.base import OrderValues, Strings, Texts

_DENSE = 1 << 16
_WHOLE = 2.0**53
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAY_MILLISECONDS = 86_400_000


def labels_of(array: pa.Array) -> Texts:
    """Return a typed array as texts; nulls and floats that are no whole numbers must have been refused.

    Integers are written in decimal, booleans as `true` and `false`, whole floats up to 2^53 as that integer (pandas
    stores integers so beside a null), dates as ISO text.
    """
    kind = array.type
    if pa.types.is_boolean(kind):
        return Texts(number_column(array).astype(np.int32), ("false", "true"))
    if pa.types.is_date(kind):
        days = fixed_width(array)
        return _distinct(days // _DAY_MILLISECONDS if pa.types.is_date64(kind) else days, _iso)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _distinct(number_column(array).astype(np.int64), str)
    return _distinct(fixed_width(array), str)


def first_odd(array: pa.Array) -> tuple[int, str] | None:
    """Return (row, value) of the first float or decimal that is no whole number up to 2^53, or of the first date
    outside the years 1 to 9999; None without one.
    """
    kind = array.type
    if pa.types.is_date(kind):
        return _first_odd_date(array)
    if not (pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    values = number_column(array).astype(np.float64)
    with np.errstate(invalid="ignore"):
        odd = ~((values == np.floor(values)) & (np.abs(values) <= _WHOLE))
    at = int(np.argmax(odd)) if odd.any() else None
    return None if at is None else (at, repr(float(values[at])))


def _first_odd_date(array: pa.Array) -> tuple[int, str] | None:
    days = fixed_width(array).astype(np.int64) // (_DAY_MILLISECONDS if pa.types.is_date64(array.type) else 1)
    odd = (days < 1 - _EPOCH) | (days > datetime.date.max.toordinal() - _EPOCH)
    at = int(np.argmax(odd)) if odd.any() else None
    return None if at is None else (at, f"day {int(days[at])} since 1970")


def _distinct(values: NDArray[np.generic], spell: Callable[[int], str]) -> Texts:
    """Return integers as codes into their distinct values, spelled; small ones by a table instead of a sort."""
    if len(values) and int(values.min()) >= 0 and int(values.max()) < _DENSE:
        seen = np.zeros(int(values.max()) + 1, dtype=np.bool_)
        seen[values] = True
        distinct = np.flatnonzero(seen)
        place = np.zeros(len(seen), dtype=np.int32)
        place[distinct] = np.arange(len(distinct), dtype=np.int32)
        return Texts(place[values], [spell(value) for value in distinct.tolist()])
    unique, codes = np.unique(values, return_inverse=True)
    return Texts(codes.astype(np.int32), [spell(value) for value in unique.tolist()])


def _iso(day: int) -> str:
    return datetime.date.fromordinal(int(day) + _EPOCH).isoformat()


def order_of(array: pa.Array) -> OrderValues:
    """Return an integer, text or date array without nulls as values to compare row by row."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return strings_column(array)
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return fixed_width(array).astype(np.int64)
    texts = [_text(value) for value in array]
    raw = [text.encode() for text in texts]
    offsets = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in raw], out=offsets[1:])
    return Strings(offsets, np.frombuffer(b"".join(raw), dtype=np.uint8))


def _text(value: pa.Scalar) -> str:
    held = value.as_py()
    return held.isoformat() if isinstance(held, datetime.date) else str(held)
