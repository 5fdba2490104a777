"""UUIDs as the text that everybody writes them as: sixteen bytes of Parquet, 36 characters elsewhere."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_HEXADECIMAL = np.array([list(b"%02x" % byte) for byte in range(256)], dtype=np.uint8)
_BYTES, _LENGTH, _DASH = 16, 36, ord("-")
_DIGITS = [at for at in range(_LENGTH) if at not in {8, 13, 18, 23}]


def is_uuid(kind: pa.DataType) -> bool:
    """Say whether a type is UUIDs."""
    return isinstance(kind, getattr(pa, "UuidType", ()))


def uuid_texts(array: pa.ExtensionArray) -> pa.StringArray:
    """Return UUIDs as text: lower case, with dashes.

    >>> import uuid
    >>> uuid_texts(pa.array([uuid.UUID(int=255).bytes, None], pa.uuid())).to_pylist()
    ['00000000-0000-0000-0000-0000000000ff', None]
    """
    storage, rows = array.storage, len(array)
    start = storage.offset * _BYTES
    held = storage.buffers()[1]
    raw = np.zeros(0, dtype=np.uint8) if held is None else np.frombuffer(held, dtype=np.uint8)
    raw = raw[start : start + rows * _BYTES].reshape(rows, _BYTES)
    text = np.full((rows, _LENGTH), _DASH, dtype=np.uint8)
    text[:, _DIGITS] = _HEXADECIMAL[raw].reshape(rows, 2 * _BYTES)
    offsets = np.arange(rows + 1, dtype=np.int32) * _LENGTH
    valid = None
    if storage.null_count:
        valid = pa.py_buffer(np.packbits([value.is_valid for value in storage], bitorder="little"))
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text.reshape(-1)), valid)
