"""Keys as readers may hand them over, and plain Python that says what is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from xentcli.alignment.keys.table import Keys
from xentcli.sources.base import Strings

LOW, HIGH = -(2**63), 2**63 - 1
# Lengths about those of words, and characters of one to four bytes.
TEXT = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    st.integers(0, 26).map(lambda size: "abcdefghijklmnopqrstuvwxyz"[:size]),
    st.sampled_from(["", "a", "é", "日本", "😀", "\x00", "\x00\x00", "x" * 7, "x" * 8, "x" * 16, "x" * 17, "y" * 600]),
)
INTEGER = st.one_of(
    st.sampled_from([0, 1, -1, 9, 10, -10, 99_999_999, 100_000_000, 2**32, 10**18, 10**18 - 1, LOW, LOW + 1, HIGH]),
    st.integers(LOW, HIGH),
    st.integers(-20, 20),
)


def loose(texts: Sequence[str], shift: int = 3) -> Strings:
    """Return texts in the middle of other bytes, neither aligned nor padded."""
    raw = [text.encode() for text in texts]
    data = np.frombuffer(b"\xee" * (shift + 1) + b"".join(raw), dtype=np.uint8)
    ends = np.cumsum([shift + 1, *map(len, raw)])
    return Strings(ends.astype(np.int64), data)


def column(integers: Sequence[int]) -> NDArray[np.int64]:
    return np.array(integers, dtype=np.int64)


def texts_of(keys: Keys) -> list[str]:
    """Return each key as its text."""
    return [keys.text(row) for row in range(len(keys))] if isinstance(keys, Strings) else list(map(str, keys.tolist()))


def rows_of(texts: Sequence[str]) -> dict[str, int]:
    """Return the first row of each text."""
    rows: dict[str, int] = {}
    for row, text in enumerate(texts):
        rows.setdefault(text, row)
    return rows


def first_duplicate(texts: Sequence[str]) -> tuple[int, int] | None:
    rows = rows_of(texts)
    return next(((row, rows[text]) for row, text in enumerate(texts) if rows[text] != row), None)
