"""CSV of one column of short texts, as files of labels are: cells are compared as words of eight bytes, not parsed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.sources.base import Texts
from xentcli.sources.text_blocks import Data

_LONGEST = 8
_SLOT_BITS = 12
# Odd numbers with well-mixed bits: the golden ratio's, and SplitMix64's.
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(_LONGEST + 1)], dtype=np.uint64)

Words = NDArray[np.uint64]


def short_texts(data: Data, delimiter: str) -> Texts | None:
    r"""Return the cells of a block, one a line; None where Arrow has to read it: a cell is empty or has over eight
    bytes, or there is a quote, a delimiter or a carriage return, or too many texts are different.

    >>> texts = short_texts(b"a\nbee\na\n", ",")
    >>> [texts.values[code] for code in texts.codes]
    ['a', 'bee', 'a']
    """
    if any(odd in data for odd in (b'"', b"\r", b"\0", delimiter.encode())):
        return None
    words = _words(data)
    return None if words is None else _numbered(words)


def _words(data: Data) -> Words | None:
    """Return each line's bytes as one number, the first byte lowest; None where a line has none, or too many."""
    raw = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(raw == 0x0A)
    if not len(ends) or ends[-1] != len(raw) - 1:
        ends = np.append(ends, len(raw))
    lengths = np.diff(ends, prepend=-1) - 1
    shortest, longest = int(lengths.min()), int(lengths.max())
    if shortest < 1 or longest > _LONGEST:
        return None
    padded = np.zeros(len(raw) + _LONGEST, dtype=np.uint8)
    padded[: len(raw)] = raw
    # A word may begin at every byte.
    word_at = np.ndarray(len(raw), dtype="<u8", buffer=padded, strides=(1,))
    if shortest == longest:
        fixed: Words = word_at[:: longest + 1] & _MASKS[longest]
        return fixed
    words: Words = word_at[ends - lengths]
    words &= _MASKS[lengths]
    return words


def _numbered(words: Words) -> Texts | None:
    """Return words as codes into their distinct values; None where they are too many or no UTF-8."""
    for multiplier in _MULTIPLIERS:
        slots = ((words * np.uint64(multiplier)) >> np.uint64(64 - _SLOT_BITS)).view(np.int64)
        held: Words = np.zeros(1 << _SLOT_BITS, dtype=np.uint64)
        held[slots] = words
        if (held.take(slots) == words).all():
            break
    else:
        return None
    # No word is 0, as no cell is empty.
    used = np.flatnonzero(held)
    numbers = np.zeros(len(held), dtype=np.int32)
    numbers[used] = np.arange(len(used))
    try:
        values = [word.to_bytes(8, "little").rstrip(b"\0").decode() for word in held[used].tolist()]
    except UnicodeDecodeError:
        return None
    return Texts(numbers.take(slots), values)
