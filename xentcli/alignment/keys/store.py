"""The keys of LABELS, collected piece by piece, and hashes of keys of either kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.keys.chunks import Chunks
from xentcli.alignment.keys.decimals import from_integers, to_integers
from xentcli.alignment.keys.table import Keys, KeyTable
from xentcli.alignment.keys.texts import BLOCK, padding, text_hashes
from xentcli.numerics.hashing import splitmix
from xentcli.sources.base import Strings

_INTEGERS = np.uint64(0x6A09E667F3BCC909)  # sets the hash of an integer apart from that of a row number


class KeyStore:
    """Collects keys: as integers while every key is one, as texts from the first piece on in which one is not.

    Pieces are copied, so nothing that a reader holds is kept.

    >>> store = KeyStore()
    >>> store.add(np.array([1, 2]))
    >>> store.build().find(np.array([2, 3]))
    array([ 1, -1])
    """

    def __init__(self) -> None:
        self._integers = Chunks(np.int64)
        self._ends = Chunks(np.int64)
        self._data = Chunks(np.uint8)
        self._is_text = False

    def __len__(self) -> int:
        return len(self._ends) - 1 if self._is_text else len(self._integers)

    @property
    def text_bytes(self) -> int | None:
        """Return the bytes of all texts so far, None while all keys are integers: as `bytes_needed` takes it."""
        return len(self._data) if self._is_text else None

    def add(self, keys: Keys) -> None:
        """Add the keys of the next rows."""
        if not self._is_text:
            integers, canonical = to_integers(keys) if isinstance(keys, Strings) else (keys, None)
            if canonical is None or canonical.all():
                self._integers.add(integers)
                return
            self._turn()
        self._add_texts(keys if isinstance(keys, Strings) else from_integers(keys))

    def _turn(self) -> None:
        """Make the integers so far their texts."""
        self._is_text = True
        self._ends.add(np.zeros(1, dtype=np.int64))
        for integers in self._integers.drained():
            for start in range(0, len(integers), BLOCK):
                self._add_texts(from_integers(integers[start : start + BLOCK]))

    def _add_texts(self, texts: Strings) -> None:
        first, last = int(texts.offsets[0]), int(texts.offsets[-1])
        self._ends.add(texts.offsets[1:] + (len(self._data) - first))
        self._data.add(texts.data[first:last])

    def build(self) -> KeyTable:
        """Return the table of all keys in the order they were added; the store is empty afterwards."""
        if not self._is_text:
            return KeyTable(self._integers.whole())
        self._is_text = False
        self._data.add(padding(len(self._data)))
        return KeyTable(Strings(self._ends.whole(), self._data.whole()))


def key_hashes(keys: Keys) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each key, shape (n,): the same for an integer and its text, on every machine.

    >>> from xentcli.alignment.keys.decimals import from_integers
    >>> integers = np.array([0, -17])
    >>> bool((key_hashes(integers) == key_hashes(from_integers(integers))).all())
    True
    """
    if not isinstance(keys, Strings):
        return splitmix(keys.view(np.uint64) ^ _INTEGERS)
    integers, canonical = to_integers(keys)
    return np.where(canonical, key_hashes(integers), text_hashes(keys))
