"""Whether Arrow may have read something in a CSV block differently from how it was meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np

from xentcli.numerics.column_matrix import WideNumbers
from xentcli.sources.base import Numbers, Piece, Role, Strings, Texts
from xentcli.sources.limits import LONGEST_TEXT, byte_length
from xentcli.sources.text_blocks import Data, stray_quote

_LARGE_EXPONENT = re.compile(rb"[eE][+-]?0*[1-9][0-9]{2}")
_LONG_CELL = 100


def is_odd(piece: Piece, data: Data, roles: Mapping[str, Role], delimiter: str) -> bool:
    """Say whether Arrow may have read something other than what is written."""
    if stray_quote(data, delimiter) is not None:
        return True
    if any(_has_odd_text(texts) for texts in piece.labels.values()) or _has_odd_key(piece, roles):
        return True
    if not piece.numbers or not piece.rows:
        return False
    numbers = _arrays(piece.numbers)
    lows = [float(values.min()) for values in numbers]
    # Compared so that NaN is neither.
    masked = all(bool(values.max() < np.inf) for values in numbers)
    finite = masked and all(low > -np.inf for low in lows)
    if not finite and (not masked or Role.NUMBER in roles.values() or _may_leave_float64(data, delimiter)):
        return True
    if all(low > 0.0 for low in lows) or not any((values == 0.0).any() for values in numbers):
        return False
    return _may_leave_float64(data, delimiter)


def _arrays(numbers: Mapping[str, Numbers]) -> Collection[Numbers]:
    """Return arrays that hold all numbers: as few as there are."""
    return [numbers.matrix] if isinstance(numbers, WideNumbers) else numbers.values()


def _has_odd_text(texts: Texts) -> bool:
    """Say whether a text is empty or too long."""
    return "" in texts.values or any(byte_length(text) > LONGEST_TEXT for text in texts.values)


def _has_odd_key(piece: Piece, roles: Mapping[str, Role]) -> bool:
    """Say whether a key is empty or too long."""
    keys = (values for name, values in piece.order.items() if roles[name] is Role.KEY)
    sizes = (np.diff(key.offsets) for key in keys if isinstance(key, Strings) and len(key))
    return any(bool(size.min() == 0 or size.max() > LONGEST_TEXT) for size in sizes)


def _may_leave_float64(data: Data, delimiter: str) -> bool:
    """Say whether a cell may be beyond float64 or fall to 0 in it: an exponent of three digits, or very many."""
    if (b"e" in data or b"E" in data) and _LARGE_EXPONENT.search(data) is not None:
        return True
    raw = np.frombuffer(data, dtype=np.uint8)
    # Most delimiters, signs and line ends are below the point and the digits; runs between them bound the cells.
    breaks = np.flatnonzero((raw < 0x2E) | (raw == ord(delimiter)))
    return len(raw) >= _LONG_CELL and bool(np.diff(breaks, prepend=-1, append=len(raw)).max() >= _LONG_CELL)
