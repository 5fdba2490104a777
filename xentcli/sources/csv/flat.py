"""CSV of many columns, all of them numbers: cells are found by NumPy, and Arrow converts all of a block at once.

Arrow's CSV parser spends microseconds on each column of each block, whatever it holds: a thousand columns cost more
than their numbers where blocks are small, and large blocks leave the cache. Finding the cells here takes half as long
as there. What looks odd in any way is left to `source.py`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from xentcli.sources.arrow.buffers import cast_to, plain_numbers
from xentcli.sources.number_text import Writing
from xentcli.sources.text_blocks import Data

_NEWLINE, _RETURN = 0x0A, 0x0D
_AT_ONCE = 1 << 17
# Cells and what separates them take turns: those are nulls, which nobody converts.
_EVERY_OTHER_BIT = 0x55
_FLOAT64 = np.dtype(np.float64)
_Bytes = NDArray[np.uint8]
_Index = NDArray[np.intp]


def flat_numbers(data: Data, columns: int, writing: Writing) -> NDArray[np.generic] | None:
    r"""Return the cells of whole records of two columns or more, shape (n, columns); None where a record has more
    cells or fewer, where there are quotes or spaces, or where a cell is no number.

    >>> flat_numbers(b"1,2\n3,4\n", 2, Writing()).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if writing.decimal != ".":
        # With a point in it, a cell is no number.
        if b"." in data:
            return None
        data = data.replace(writing.decimal.encode(), b".")
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = _cell_ends(raw, ord(writing.delimiter), columns)
    if ends is None:
        return None
    offsets = np.empty(2 * len(ends), dtype=np.int32)
    offsets[0] = 0
    offsets[1::2] = ends
    np.add(ends[:-1], 1, out=offsets[2::2], casting="unsafe")
    if b"\r" in data:
        last = offsets[1::2][columns - 1 :: columns]
        last -= raw[last - 1] == _RETURN
    try:
        return _converted(data, offsets).reshape(-1, columns)
    except pa.ArrowInvalid:
        return None


def _cell_ends(raw: _Bytes, delimiter: int, columns: int) -> _Index | None:
    """Return where each cell ends, None where a record does not have as many cells as there are columns."""
    lines = 0
    parts: list[_Index] = []
    for start in range(0, len(raw), _AT_ONCE):
        part = raw[start : start + _AT_ONCE]
        newline = part == _NEWLINE
        lines += int(np.count_nonzero(newline))
        here = np.flatnonzero(newline | (part == delimiter))
        here += start
        parts.append(here)
    if len(raw) and raw[-1] != _NEWLINE:
        parts.append(np.array([len(raw)], dtype=np.intp))
        lines += 1
    ends = np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)
    if not lines or len(ends) != lines * columns:
        return None
    # As many as there are, and all in their places, so no line ends anywhere else.
    last = ends[columns - 1 :: columns]
    return ends if (raw[last[:-1]] == _NEWLINE).all() and raw[min(last[-1], len(raw) - 1)] != delimiter else None


def _converted(data: Data, offsets: NDArray[np.int32]) -> NDArray[np.generic]:
    """Return the numbers between offsets 0 and 1, 2 and 3, and so on; raise ArrowInvalid where there is none."""
    size = len(offsets) - 1
    valid = np.full(size // 8 + 1, _EVERY_OTHER_BIT, dtype=np.uint8)
    texts = pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(data), pa.py_buffer(valid))
    return plain_numbers(cast_to(texts, pa.float64()), _FLOAT64)[::2].copy()
