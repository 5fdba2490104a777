"""The quick reading of a block of JSON Lines by Arrow, with every field's type stated, and whether to trust it.

Arrow takes NaN for a number, 1e-400 for 0, two objects on a line for two rows and a field that is not there for a
null. What may be any of these is left to the slow reading (`explain.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.json as pajson
from numpy.typing import NDArray

from xentcli.sources.arrow.buffers import fixed_width
from xentcli.sources.arrow.typed import WHOLE
from xentcli.sources.arrow.values import flaw_of, piece_of, ready
from xentcli.sources.base import NUMBERS, ColumnKind, Numbers, Piece, Role
from xentcli.sources.jsonl.record import Field, Unreadable, refuse_large
from xentcli.sources.limits import MOST_COLUMNS
from xentcli.sources.text_blocks import Data

_TYPES = {
    ColumnKind.TEXT: pa.utf8(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.FLOAT: pa.float64(),
    ColumnKind.BOOLEAN: pa.bool_(),
    ColumnKind.LIST: pa.list_(pa.float64()),
}
_LINE_END, _OPENS, _CLOSES, _RETURN = b"\n{}\r"
_TINY = re.compile(rb"[eE]-0*[1-9][0-9]{2}")
_LONG_NUMBER = 100
_LONG_LINE = 2 * MOST_COLUMNS


def read_quickly(data: Data, wanted: Mapping[str, Role], fields: Mapping[str, Field]) -> Piece | None:
    """Return the rows of a block, None where Arrow cannot read them or may have misread one."""
    if not _is_safe(data) or not _is_utf8(data):
        return None
    try:
        table = pajson.read_json(
            pa.BufferReader(data),
            read_options=pajson.ReadOptions(use_threads=False, block_size=len(data) + 1),
            parse_options=pajson.ParseOptions(
                explicit_schema=pa.schema([(name, _type(fields[name], role)) for name, role in wanted.items()]),
                unexpected_field_behavior="ignore",
            ),
        )
        table.validate(full=True)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return None
    if table.num_rows != data.count(b"\n"):
        return None
    arrays = {name: ready(table.column(name).combine_chunks(), role) for name, role in wanted.items()}
    widths = {name: fields[name].width for name in wanted}
    if any(flaw_of(array, wanted[name], widths[name]) for name, array in arrays.items()):
        return None
    if any(_may_be_rounded(array, wanted[name]) for name, array in arrays.items()):
        return None
    piece = piece_of(arrays, wanted, widths, table.num_rows)
    return None if _is_odd(piece.numbers, data, wanted) else piece


def _type(field: Field, role: Role) -> pa.DataType:
    kind = field.column.kind
    return pa.float64() if role in NUMBERS and kind is ColumnKind.INTEGER else _TYPES[kind]


def _is_safe(data: Data) -> bool:
    """Say whether every line begins and ends as an object.

    Only between records can a line end stand between `}` and `{`, so that as many rows as lines are then one row a
    line. And a null in the place of the first record would be a segmentation fault in pyarrow 26.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(raw == _LINE_END)
    if raw[0] != _OPENS or (raw[ends[:-1] + 1] != _OPENS).any():
        return False
    if len(data) > _LONG_LINE and _has_large(data, ends):
        return False
    last = raw[ends - 1]
    returns = last == _RETURN
    if returns.any():
        last = np.where(returns, raw[ends - 2], last)
    return bool((last == _CLOSES).all())


def _has_large(data: Data, ends: NDArray[np.intp]) -> bool:
    """Say whether a record has more in it than is read: only a line of two bytes for each element can."""
    sizes = np.diff(ends, prepend=-1)
    for at in np.flatnonzero(sizes > _LONG_LINE).tolist():
        try:
            refuse_large(bytes(data[ends[at] + 1 - sizes[at] : ends[at]]))
        except Unreadable:
            return True
    return False


def _is_utf8(data: Data) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _may_be_rounded(array: pa.Array, role: Role) -> bool:
    """Say whether a number that is wanted as text may be an integer that float64 does not hold."""
    if role in NUMBERS or not pa.types.is_floating(array.type):
        return False
    values = fixed_width(array)
    return bool((np.abs(values.astype(np.float64)) >= WHOLE).any())


def _is_odd(numbers: Mapping[str, Numbers], data: Data, wanted: Mapping[str, Role]) -> bool:
    """Say whether a number may not be what is written, or must not be there."""
    zeros = False
    for name, values in numbers.items():
        if not bool(values.max() < np.inf):
            return True
        if not bool(values.min() > -np.inf) and (wanted[name] is Role.NUMBER or _is_odd_infinity(data)):
            return True
        zeros = zeros or bool((values == 0).any())
    return zeros and _may_underflow(data)


def _is_odd_infinity(data: Data) -> bool:
    """Say whether -Infinity may be spelled in another way, which Arrow knows and JSON's other readers do not."""
    return data.count(b"-Inf") != data.count(b"-Infinity")


def _may_underflow(data: Data) -> bool:
    """Say whether a number that is not 0 may fall to 0 in float64: a large exponent, or very many digits."""
    if (b"e-" in data or b"E-" in data) and _TINY.search(data) is not None:
        return True
    raw = np.frombuffer(data, dtype=np.uint8)
    # What stands between numbers is below the point and the digits; runs between such bytes bound the numbers.
    breaks = np.flatnonzero(raw < 0x2E)
    return bool(np.diff(breaks, prepend=-1, append=len(raw)).max() >= _LONG_NUMBER)
