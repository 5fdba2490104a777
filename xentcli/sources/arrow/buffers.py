"""Arrow arrays as NumPy arrays, by their buffers: `to_numpy` and `pa.array` would import pandas on the way."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xentcli.sources.base import Strings, Texts

_DTYPES = {
    pa.float64(): np.float64,
    pa.float32(): np.float32,
    pa.float16(): np.float16,
    pa.int8(): np.int8,
    pa.int16(): np.int16,
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.uint8(): np.uint8,
    pa.uint16(): np.uint16,
    pa.uint32(): np.uint32,
    pa.uint64(): np.uint64,
    pa.date32(): np.int32,
    pa.date64(): np.int64,
}
_EXACT_DIGITS = 15
_Words = NDArray[np.signedinteger[Any]]


def fixed_width(array: pa.Array) -> NDArray[np.generic]:
    """Return the values of a fixed-width array, shape (n,), without copying; where a null is, anything."""
    dtype = np.dtype(_DTYPES[array.type])
    return np.frombuffer(array.buffers()[1], dtype=dtype, count=len(array), offset=array.offset * dtype.itemsize)


def plain_numbers(array: pa.Array, dtype: np.dtype[Any]) -> NDArray[np.generic]:
    """Return what `fixed_width` does, for a type that was looked up before: a file may have 100,000 columns."""
    return np.frombuffer(array.buffers()[1], dtype=dtype, count=len(array), offset=array.offset * dtype.itemsize)


def cast_to(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return what `array.cast(kind)` does, or raise ArrowInvalid as it does."""
    try:
        # What pyarrow.compute gives to everybody, without the 40 ms that it takes to import.
        from pyarrow._compute import CastOptions, call_function
    except ImportError:
        from pyarrow.compute import CastOptions, call_function
    return call_function("cast", [array], CastOptions.safe(kind))


def dtype_of(kind: pa.DataType) -> np.dtype[Any] | None:
    """Return the NumPy type of numbers that are read without converting them, None for any other type."""
    number = pa.types.is_floating(kind) or pa.types.is_integer(kind)
    return np.dtype(_DTYPES[kind]) if number else None


def number_column(array: pa.Array) -> NDArray[np.generic]:
    """Return a numeric, boolean or decimal array as numbers, shape (n,), in its own type where NumPy has it.

    Decimals become the nearest float64: with at most 15 digits as an exact integer over an exact power of ten,
    which one correct division rounds; otherwise through Python's decimal. Where a null is, there is anything.
    """
    if not len(array):
        return np.zeros(0)
    if pa.types.is_boolean(array.type):
        return _bits(array.buffers()[1], array.offset, len(array)).astype(np.float64)
    if not pa.types.is_decimal(array.type):
        return fixed_width(array)
    if array.type.precision <= _EXACT_DIGITS and 0 <= array.type.scale <= 22:
        return cast("NDArray[np.generic]", _words(array)[:, 0] / 10.0**array.type.scale)
    values = (value.as_py() for value in array)
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)


def _words(array: pa.Array) -> _Words:
    """Return the unscaled integers of a decimal array as words, the lowest first, shape (n, words)."""
    words = array.type.bit_width // 64
    raw = np.frombuffer(array.buffers()[1], dtype=np.int64 if words else np.int32)
    return cast("_Words", raw.reshape(-1, words or 1)[array.offset : array.offset + len(array)])


def unscaled(array: pa.Array) -> NDArray[np.int64] | None:
    """Return the integers that a decimal array holds before the point is set, None if one is beyond int64."""
    words = _words(array)
    low = words[:, 0].astype(np.int64)
    valid = valid_of(array)
    inside = (words[:, 1:] == (low >> 63)[:, None]).all(axis=1)
    return low if (inside if valid is None else inside | ~valid).all() else None


def strings_column(array: pa.Array) -> Strings:
    """Return a string or large_string array as bytes and offsets; nulls must have been refused."""
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    offset_type = np.dtype(np.int64 if wide else np.int32)
    if not len(array):
        return Strings(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8))
    _, offsets, data = array.buffers()
    at = np.frombuffer(offsets, dtype=offset_type, count=len(array) + 1, offset=array.offset * offset_type.itemsize)
    held = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return Strings(at.astype(np.int64), held)


def text_column(array: pa.DictionaryArray) -> Texts:
    """Return a dictionary array of strings as codes and distinct values; nulls, also in the dictionary, are −1."""
    values = _values(array.dictionary)
    codes = fixed_width(array.indices)
    valid = valid_of(array)
    if len(set(values)) < len(values) or None in values:
        distinct = {value: code for code, value in enumerate(dict.fromkeys(values))}
        codes = np.array([distinct[value] for value in values], dtype=np.int32)[
            codes if valid is None else codes * valid
        ]
        values = list(distinct)
    if valid is not None:
        codes = np.where(valid, codes, np.int32(-1))
    return Texts(cast("NDArray[np.integer]", codes), ["" if value is None else value for value in values])


def _values(array: pa.Array) -> list[str | None]:
    """Return texts as Python has them; bytes that are not UTF-8 as surrogates, to be refused where a row has them."""
    if not len(array):
        return []
    try:
        return cast("list[str | None]", array.to_pylist())
    except UnicodeDecodeError:
        held = as_bytes(array).to_pylist()
        return [None if text is None else text.decode("utf-8", "surrogateescape") for text in held]


def is_utf8(text: str) -> bool:
    """Say whether a text that was read with surrogates for odd bytes has none of them."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def as_bytes(array: pa.Array) -> pa.Array:
    """Return (a dictionary of) string or large_string as bytes of which nothing is promised, without copying."""
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, as_bytes(array.dictionary), safe=False)
    return array.view(pa.large_binary() if pa.types.is_large_string(array.type) else pa.binary())


def valid_of(array: pa.Array) -> NDArray[np.bool_] | None:
    """Return which rows are not null, None if all are."""
    if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
        held, outer = valid_of(array.dictionary), valid_of(array.indices)
        assert held is not None
        codes = fixed_width(array.indices)
        valid = held[codes] if outer is None else held[codes * outer] & outer
        return None if valid.all() else valid
    if not array.null_count:
        return None
    if pa.types.is_null(array.type):
        return np.zeros(len(array), dtype=np.bool_)
    return _bits(array.buffers()[0], array.offset, len(array)).astype(np.bool_)


def first_null(array: pa.Array) -> int | None:
    """Return the place of the first null, None if there is none."""
    valid = valid_of(array)
    return None if valid is None else int(np.argmin(valid))


def _bits(buffer: pa.Buffer, offset: int, length: int) -> NDArray[np.uint8]:
    first = offset // 8
    raw = np.frombuffer(buffer, dtype=np.uint8, offset=first, count=(offset + length + 7) // 8 - first)
    return np.unpackbits(raw, bitorder="little")[offset % 8 : offset % 8 + length]


def is_text(kind: pa.DataType) -> bool:
    """Say whether a type holds text or bytes, by itself or in a dictionary."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(test(value) for test in tests) or is_bytes(value)


def is_bytes(kind: pa.DataType) -> bool:
    """Say whether a type holds bytes that nobody promises to be UTF-8: text as old writers of Parquet store it."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(test(value) for test in (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view))


def plain(array: pa.Array) -> pa.Array:
    """Return an array in one of the layouts that are read here: views, bytes and dictionaries of numbers are not.

    Texts become (dictionaries of) string or large_string, whose bytes may still be no UTF-8.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        if not is_text(kind):
            return array.dictionary_decode()
        values = plain(array.dictionary)
        same = values is array.dictionary
        return array if same else pa.DictionaryArray.from_arrays(array.indices, values, safe=False)
    if pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.large_binary()).view(pa.large_string())
    if pa.types.is_binary(kind):
        return array.view(pa.string())
    return array.view(pa.large_string()) if pa.types.is_large_binary(kind) else array
