"""Typed values as the text they are compared as: 7 as `7`, true as `true`, a date as its ISO form."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xentcli.sources.arrow.buffers import fixed_width, number_column, strings_column, text_column, unscaled, valid_of
from xentcli.sources.base import OrderValues, Strings, Texts

WHOLE = 2**53
_DENSE = 1 << 16
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_DAY_MILLISECONDS = 86_400_000


class Odd(NamedTuple):
    """The first value that has no text: its row, and how it is shown."""

    row: int
    shown: str


def labels_of(array: pa.Array) -> Texts:
    """Return an array as texts, nulls and NaN as −1; floats that are no whole numbers must have been refused.

    Integers are written in decimal, booleans as `true` and `false`, whole floats up to 2^53 as that integer (pandas
    stores integers so beside a null), dates as ISO text.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        return text_column(array)
    valid = valid_of(array)
    if pa.types.is_floating(kind):
        numbers = ~np.isnan(cast("NDArray[np.floating]", fixed_width(array)))
        valid = valid if numbers.all() else numbers if valid is None else numbers & valid
    if valid is None:
        return _texts(array, slice(None))
    codes = np.full(len(array), -1, dtype=np.int32)
    held = _texts(array, valid)
    codes[valid] = held.codes
    return Texts(codes, held.values)


def _texts(array: pa.Array, rows: slice | NDArray[np.bool_]) -> Texts:
    kind = array.type
    if pa.types.is_boolean(kind):
        return Texts(number_column(array)[rows].astype(np.int32), ("false", "true"))
    if pa.types.is_date(kind):
        return _distinct(_days(array)[rows], _iso)
    if pa.types.is_decimal(kind):
        return _distinct(_whole_decimals(array)[0][rows], str)
    values = fixed_width(array)[rows]
    return _distinct(values.astype(np.int64) if pa.types.is_floating(kind) else values, str)


def first_odd(array: pa.Array, nan: bool = True, negative_zero: bool = False) -> Odd | None:
    """Return the first float or decimal that is no whole number up to 2^53, or the first date outside the years 1 to
    9999; None without one. Whether NaN and −0.0 are odd is said by `nan` and `negative_zero`; a null is not.
    """
    kind = array.type
    if pa.types.is_date(kind):
        days = _days(array)
        odd = (days < 1 - _EPOCH) | (days > datetime.date.max.toordinal() - _EPOCH)
    elif pa.types.is_decimal(kind):
        odd = _whole_decimals(array)[1]
    elif pa.types.is_floating(kind):
        values = fixed_width(array).astype(np.float64)
        with np.errstate(invalid="ignore"):
            odd = ~((values == np.floor(values)) & (np.abs(values) <= WHOLE))
        if negative_zero:
            odd |= (values == 0.0) & np.signbit(values)
        if not nan:
            odd &= ~np.isnan(values)
    else:
        return None
    valid = valid_of(array)
    odd = odd if valid is None else odd & valid
    if not odd.any():
        return None
    at = int(np.argmax(odd))
    if pa.types.is_date(kind):
        return Odd(at, f"day {int(days[at])} since 1970")
    return Odd(at, repr(float(values[at])) if pa.types.is_floating(kind) else str(array[at].as_py()))


def _days(array: pa.Array) -> NDArray[np.int64]:
    return fixed_width(array).astype(np.int64) // (_DAY_MILLISECONDS if pa.types.is_date64(array.type) else 1)


def _whole_decimals(array: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return decimals as integers, and which of them are none or beyond 2^53: exactly, without a way by float64."""
    scale = array.type.scale
    raw = unscaled(array) if 0 <= scale <= 18 else None
    if raw is not None:
        whole, rest = np.divmod(raw, np.int64(10**scale))
        return whole, (rest != 0) | (np.abs(whole) > WHOLE)
    held = [value.as_py() or 0 for value in array]
    odd = np.array([value != int(value) or abs(value) > WHOLE for value in held], dtype=np.bool_)
    return np.array([0 if bad else int(value) for value, bad in zip(held, odd, strict=True)], dtype=np.int64), odd


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
    """Return an array without nulls and odd values as values to compare row by row: int64, or texts.

    Integers beyond int64 become decimal text, with everything else in their array.
    """
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return strings_column(array)
    if pa.types.is_floating(kind):
        return fixed_width(array).astype(np.int64)
    if pa.types.is_decimal(kind):
        return _whole_decimals(array)[0]
    if pa.types.is_integer(kind):
        values = fixed_width(array)
        if kind != pa.uint64() or not len(values) or int(values.max()) < 2**63:
            return values.astype(np.int64)
    return spelled(labels_of(array))


def spelled(texts: Texts) -> Strings:
    """Return texts by their codes as texts row by row, no code being −1.

    >>> spelled(Texts(np.array([1, 0, 1]), ("a", "bc"))).text(2)
    'bc'
    """
    raw = [value.encode("utf-8", "surrogateescape") for value in texts.values]
    starts = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in raw], out=starts[1:])
    data = np.frombuffer(b"".join(raw), dtype=np.uint8)
    lengths = np.diff(starts)[texts.codes]
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    # Byte j of the result comes from as far behind the start of its value as j is behind the start of its row.
    shift = np.repeat(starts[texts.codes] - offsets[:-1], lengths)
    return Strings(offsets, data[np.arange(offsets[-1]) + shift])
