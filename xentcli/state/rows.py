"""Which rows were seen: counts of what was touched, the first rows of a kind, and a fingerprint of the whole."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.batch import ScoredRows

_KEPT = 5
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_MASK = (1 << 64) - 1


class FirstRows(NamedTuple):
    """The five lowest of some row numbers (counted from 0 over the whole input)."""

    rows: tuple[int, ...] = ()

    def including(self, rows: NDArray[np.int64]) -> FirstRows:
        """Return the lowest of these and `rows`, which ascend."""
        return FirstRows(tuple(sorted({*self.rows, *rows[:_KEPT].tolist()})[:_KEPT]))

    def merge(self, other: FirstRows) -> FirstRows:
        """Return the lowest of both."""
        return FirstRows(tuple(sorted({*self.rows, *other.rows})[:_KEPT]))


class RowsState:
    """Counts of rows and cells that were treated specially, and the fingerprint.

    The fingerprint is the sum modulo 2^64 of one hash a row, of its number, its label and its weight: the same
    for every chunking, and for every set of predictions about the same rows.
    """

    def __init__(self) -> None:
        self.read = 0
        self.zero_weight = 0
        self.snapped = 0
        self.renormalized = 0
        self.weighted = False
        self.first_snapped = FirstRows()
        self._hash = 0

    def update(self, rows: ScoredRows) -> None:
        """Add rows to the count and to the fingerprint."""
        self.read += len(rows)
        with np.errstate(over="ignore"):
            mixed = splitmix(rows.row.astype(np.uint64) * _GOLDEN ^ rows.label_hash)
            if rows.weight is not None:
                self.weighted = True
                mixed = splitmix(mixed ^ rows.weight.view(np.uint64))
            self._hash = (self._hash + int(mixed.sum(dtype=np.uint64))) & _MASK

    def merge(self, other: RowsState) -> RowsState:
        """Return both together."""
        out = RowsState()
        out.read = self.read + other.read
        out.zero_weight = self.zero_weight + other.zero_weight
        out.snapped = self.snapped + other.snapped
        out.renormalized = self.renormalized + other.renormalized
        out.weighted = self.weighted or other.weighted
        out.first_snapped = self.first_snapped.merge(other.first_snapped)
        out._hash = (self._hash + other._hash) & _MASK
        return out

    def totals(self) -> dict[str, object]:
        """Return everything held."""
        names = ("read", "zero_weight", "snapped", "renormalized")
        counts: dict[str, object] = {name: getattr(self, name) for name in names}
        return counts | {"first_snapped": self.first_snapped.rows, "fingerprint": self.fingerprint()}

    def fingerprint(self) -> str:
        """Return the fingerprint: 16 hexadecimal digits."""
        return f"{self._hash:016x}"


def splitmix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the SplitMix64 finaliser of each value (Steele, Lea & Flood 2014): a bijection that mixes all bits."""
    with np.errstate(over="ignore"):
        mixed = values ^ (values >> np.uint64(30))
        mixed *= _MIX_1
        mixed ^= mixed >> np.uint64(27)
        mixed *= _MIX_2
        mixed ^= mixed >> np.uint64(31)
    return mixed


def text_hash(text: str) -> int:
    """Return a 64-bit hash of a text: BLAKE2b, so that it is the same on every machine and in every run."""
    from hashlib import blake2b

    return int.from_bytes(blake2b(text.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "little")
