"""Arrow arrays as NumPy arrays, by their buffers: `to_numpy` and `pa.array` would import pandas on the way."""

from __future__ import annotations

from typing import cast

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


def fixed_width(array: pa.Array) -> NDArray[np.generic]:
    """Return the values of a fixed-width array, shape (n,), without copying; nulls must have been refused."""
    dtype = np.dtype(_DTYPES[array.type])
    return np.frombuffer(array.buffers()[1], dtype=dtype, count=len(array), offset=array.offset * dtype.itemsize)


def number_column(array: pa.Array) -> NDArray[np.generic]:
    """Return a numeric, boolean or decimal array as numbers, shape (n,), in its own type where NumPy has it.

    Decimals become the nearest float64: with at most 15 digits as an exact integer over an exact power of ten,
    which one correct division rounds; otherwise through Python's decimal.
    """
    if not len(array):
        return np.zeros(0)
    if pa.types.is_boolean(array.type):
        return _bits(array.buffers()[1], array.offset, len(array)).astype(np.float64)
    if not pa.types.is_decimal(array.type):
        return fixed_width(array)
    if array.type.precision <= _EXACT_DIGITS and 0 <= array.type.scale <= 22:
        words = array.type.bit_width // 64 or 1
        if array.type.bit_width >= 64:
            raw = np.frombuffer(array.buffers()[1], dtype=np.int64)
            low = raw[array.offset * words : (array.offset + len(array)) * words : words]
            return cast("NDArray[np.generic]", low / 10.0**array.type.scale)
    return np.array([float(value.as_py()) for value in array], dtype=np.float64)


def strings_column(array: pa.Array) -> Strings:
    """Return a string or large_string array as bytes and offsets; nulls must have been refused."""
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    offset_type = np.dtype(np.int64 if wide else np.int32)
    _, offsets, data = array.buffers()
    at = np.frombuffer(offsets, dtype=offset_type, count=len(array) + 1, offset=array.offset * offset_type.itemsize)
    held = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return Strings(at.astype(np.int64), held)


def text_column(array: pa.DictionaryArray) -> Texts:
    """Return a dictionary array of strings as codes and values; nulls must have been refused."""
    values = [] if not len(array.dictionary) else array.dictionary.to_pylist()
    return Texts(cast("NDArray[np.integer]", fixed_width(array.indices)), values)


def first_null(array: pa.Array) -> int | None:
    """Return the place of the first null, None if there is none."""
    if not array.null_count:
        return None
    valid = _bits(array.buffers()[0], array.offset, len(array))
    return int(np.argmin(valid))


def _bits(buffer: pa.Buffer, offset: int, length: int) -> NDArray[np.uint8]:
    bits = np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), bitorder="little")
    return bits[offset : offset + length]
