"""Texts as bytes in a row, all of them at once: hashes, exact comparison, composite keys.

Texts are read eight bytes at a time. Rows of a block are ordered by length, so that those which still have a word j
are the first ones, and no index is needed to go from word to word. The few texts that are too long for that go one
by one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.keys.even import even_width, even_words
from xentcli.numerics.hashing import splitmix
from xentcli.sources.base import Strings

Words = NDArray[np.uint64]
Rows = NDArray[np.int64]

SEPARATOR = 0xFF  # no byte of any UTF-8 text
BLOCK = 1 << 14  # rows whose temporaries fit the second-level cache
LONG = 512  # bytes from which on a text costs less by itself than as one of many
_PRIME = np.uint64(0x9FB21C651E98DF25)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # else the empty text would hash to 0
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)


def from_texts(texts: Sequence[str]) -> Strings:
    """Return texts as bytes in a row.

    >>> from_texts(["a", "", "bc"]).offsets
    array([0, 1, 1, 3])
    """
    raw = [text.encode("utf-8", "surrogateescape") for text in texts]
    offsets = np.zeros(len(raw) + 1, dtype=np.int64)
    np.cumsum([len(one) for one in raw], out=offsets[1:])
    return padded(Strings(offsets, np.frombuffer(b"".join(raw), dtype=np.uint8)))


def concatenated(parts: Sequence[Strings]) -> Strings:
    """Return the texts of all parts, one after the other, with only the bytes in use, and padded.

    >>> both = concatenated([from_texts(["a", "b", "c"]).slice(1, 3), from_texts(["d"])])
    >>> [both.text(row) for row in range(len(both))]
    ['b', 'c', 'd']
    """
    rows = sum(len(part) for part in parts)
    size = sum(int(part.offsets[-1] - part.offsets[0]) for part in parts)
    whole = Strings(np.zeros(rows + 1, dtype=np.int64), room_for(size))
    row = at = 0
    for part in parts:
        first, last = int(part.offsets[0]), int(part.offsets[-1])
        np.add(part.offsets[1:], at - first, out=whole.offsets[row + 1 : row + len(part) + 1])
        whole.data[at : at + last - first] = part.data[first:last]
        row, at = row + len(part), at + last - first
    return whole


def room_for(size: int) -> NDArray[np.uint8]:
    """Return zeros for so many bytes of texts, padded: to the end of the word after the last one."""
    return np.zeros(size // 8 * 8 + 16, dtype=np.uint8)


def padding(size: int) -> NDArray[np.uint8]:
    """Return the zeros that pad so many bytes of texts."""
    return np.zeros(size // 8 * 8 + 16 - size, dtype=np.uint8)


def padded(strings: Strings) -> Strings:
    """Return the texts so that they can be read by aligned words: a copy, unless they lie like that already."""
    data = strings.data
    enough = len(data) % 8 == 0 and len(data) // 8 >= int(strings.offsets[-1]) // 8 + 2
    aligned = data.flags.c_contiguous and data.__array_interface__["data"][0] % 8 == 0
    return strings if enough and aligned else concatenated([strings])


class Reader:
    """Reads texts by words, all of them at once: from each place `at` on in padded texts."""

    def __init__(self, strings: Strings, at: Rows) -> None:
        self._words = strings.data.view("<u8")
        self._index = at >> 3
        self._down = ((at & 7) << 3).view(np.uint64)
        self._up = np.uint64(64) - self._down  # NumPy shifts by 64 to 0
        self._low = self._words.take(self._index)

    def next(self, count: int) -> Words:
        """Return the next eight bytes, the first one lowest, of each of the first `count` texts."""
        index = self._index[:count]
        index += 1
        high = self._words.take(index)
        word = self._low[:count] >> self._down[:count]
        word |= high << self._up[:count]
        self._low[:count] = high
        return word


def text_hashes(strings: Strings, seed: int = 0) -> Words:
    """Return a 64-bit hash of the bytes and the length of each text, shape (n,): the same on every machine.

    Another seed gives another family of hashes: texts that were made to collide under one do not under the next.

    >>> hashes = text_hashes(from_texts(["cat", "dog", "cat"]))
    >>> bool(hashes[0] == hashes[2]), bool(hashes[0] == hashes[1])
    (True, False)
    """
    hashes = np.empty(len(strings), dtype=np.uint64)
    for start in range(0, len(strings), BLOCK):
        block = strings.slice(start, min(start + BLOCK, len(strings)))
        width = even_width(block)
        if width is None or width > LONG:
            strings = padded(strings)
            block = strings.slice(start, min(start + BLOCK, len(strings)))
            hashes[start : start + BLOCK] = _block_hashes(block, seed)
        else:
            hashes[start : start + BLOCK] = _even_hashes(block, width, seed)
    return hashes


def _even_hashes(strings: Strings, width: int, seed: int) -> Words:
    hashes = np.full(len(strings), width, dtype=np.uint64)
    hashes *= _PRIME
    hashes ^= np.uint64(seed) ^ _GOLDEN
    for words in even_words(strings, width):
        _stir(hashes, words)
    return splitmix(hashes)


def _block_hashes(strings: Strings, seed: int) -> Words:
    sizes = np.diff(strings.offsets)
    long = np.flatnonzero(sizes > LONG)
    sizes[long] = 0
    order, counts = _rounds(sizes)
    sizes = sizes[order]
    reader = Reader(strings, strings.offsets[:-1][order])
    ordered = sizes.view(np.uint64) * _PRIME
    ordered ^= np.uint64(seed) ^ _GOLDEN
    for count in counts:
        _stir(ordered[:count], reader.next(count))
    _stir(ordered, reader.next(len(ordered)) & _MASKS.take(sizes & 7))
    hashes = np.empty(len(strings), dtype=np.uint64)
    hashes[order] = splitmix(ordered)
    for row in long.tolist():
        hashes[row] = _long_hash(strings.data[strings.offsets[row] : strings.offsets[row + 1]], seed)
    return hashes


def _rounds(sizes: Rows) -> tuple[Rows, list[int]]:
    """Return an order of rows by length, longest first, and for each word how many rows fill it."""
    full = (sizes >> 3).astype(np.uint8)
    order = np.argsort(np.uint8(LONG >> 3) - full, kind="stable")  # bytes are sorted by counting
    filled = np.cumsum(np.bincount(full)[::-1])[::-1]
    return order, filled[1:].tolist()


def _stir(hashes: Words, words: Words) -> None:
    """Take one word into each hash, in place.

    One multiplication alone would let differences in the top bits of two words cancel.
    """
    hashes ^= words
    hashes ^= hashes >> np.uint64(32)
    hashes *= _PRIME
    hashes ^= hashes >> np.uint64(29)


def _long_hash(data: NDArray[np.uint8], seed: int) -> int:
    from hashlib import blake2b

    return int.from_bytes(blake2b(data.tobytes(), digest_size=8, salt=seed.to_bytes(8, "little")).digest(), "little")


def equal_rows(a: Strings, a_rows: Rows, b: Strings, b_rows: Rows) -> NDArray[np.bool_]:
    """Return for each i whether text a_rows[i] of `a` and text b_rows[i] of `b` are the same bytes, shape (n,).

    Texts that are not padded are copied first.

    >>> a, b = from_texts(["cat", "dog"]), from_texts(["dog", "cat"])
    >>> equal_rows(a, np.array([0, 1]), b, np.array([1, 1]))
    array([ True, False])
    """
    a, b = padded(a), padded(b)
    equal = np.empty(len(a_rows), dtype=np.bool_)
    for start in range(0, len(a_rows), BLOCK):
        rows = slice(start, start + BLOCK)
        equal[rows] = _block_equal(a, a_rows[rows], b, b_rows[rows])
    return equal


def _block_equal(a: Strings, a_rows: Rows, b: Strings, b_rows: Rows) -> NDArray[np.bool_]:
    a_at, b_at = a.offsets.take(a_rows), b.offsets.take(b_rows)
    sizes = a.offsets.take(a_rows + 1) - a_at
    equal: NDArray[np.bool_] = sizes == b.offsets.take(b_rows + 1) - b_at
    for i in np.flatnonzero(equal & (sizes > LONG)).tolist():
        size = int(sizes[i])
        equal[i] = np.array_equal(a.data[a_at[i] : a_at[i] + size], b.data[b_at[i] : b_at[i] + size])
    among = np.flatnonzero(equal & (sizes <= LONG))
    order, counts = _rounds(sizes[among])
    among = among[order]
    mine, yours = Reader(a, a_at[among]), Reader(b, b_at[among])
    differ = np.zeros(len(among), dtype=np.uint64)
    for count in counts:
        differ[:count] |= mine.next(count) ^ yours.next(count)
    last = mine.next(len(among)) ^ yours.next(len(among))
    differ |= last & _MASKS.take(sizes[among] & 7)
    equal[among] = differ == 0
    return equal


def joined(columns: Sequence[Strings]) -> Strings:
    """Return one text a row: those of all columns, with the byte 0xFF in between, which no UTF-8 text has.

    >>> one, other = joined([from_texts(["a"]), from_texts(["bc"])]), joined([from_texts(["ab"]), from_texts(["c"])])
    >>> one.data[:4].tobytes(), other.data[:4].tobytes()
    (b'a\\xffbc', b'ab\\xffc')
    """
    if len(columns) == 1:
        return columns[0]
    rows = len(columns[0])
    return concatenated(
        [_joined_block([column.slice(at, min(at + BLOCK, rows)) for column in columns]) for at in range(0, rows, BLOCK)]
    )


def _joined_block(columns: Sequence[Strings]) -> Strings:
    """Return the joined texts of a block: every byte is looked up by its place among the bytes of all columns."""
    rows, parts = len(columns[0]), 2 * len(columns) - 1
    pool = concatenated([*columns, Strings(np.array([0, 1]), np.array([SEPARATOR], dtype=np.uint8))])
    starts = np.full((rows, parts), pool.offsets[-2])
    sizes = np.ones((rows, parts), dtype=np.int64)
    starts[:, ::2] = pool.offsets[:-2].reshape(len(columns), rows).T
    sizes[:, ::2] = np.diff(pool.offsets)[:-1].reshape(len(columns), rows).T
    ends = np.cumsum(sizes)
    places = np.repeat(starts.ravel() - ends + sizes.ravel(), sizes.ravel())
    places += np.arange(len(places))
    offsets = np.zeros(rows + 1, dtype=np.int64)
    offsets[1:] = ends[parts - 1 :: parts]
    return Strings(offsets, pool.data.take(places))
