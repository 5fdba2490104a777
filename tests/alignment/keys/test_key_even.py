"""Texts of one length: hashed and compared as any others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import loose

from xentcli.alignment.keys import texts as module
from xentcli.alignment.keys.even import even_equal, even_width
from xentcli.alignment.keys.table import KeyTable
from xentcli.alignment.keys.texts import equal_rows, from_texts, text_hashes

WIDTHS = [1, 2, 7, 8, 9, 15, 16, 17, 32, 36, 40, 64, 511, 512, 513]


def of_width(width: int, rows: int, seed: int = 0) -> list[str]:
    """Return texts of so many bytes; few are the same, and many differ in one byte alone."""
    rng = np.random.default_rng(seed)
    cells = np.repeat(rng.integers(97, 123, (1, width), dtype=np.uint8), rows, axis=0)
    cells[np.arange(rows), rng.integers(0, width, rows)] = rng.integers(97, 123, rows, dtype=np.uint8)
    return [row.tobytes().decode() for row in cells]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shift", [0, 3])
def test_hashes_are_those_of_texts_among_others(width: int, shift: int) -> None:
    texts = of_width(width, 50)
    for seed in (0, 12345):
        alone = text_hashes(loose(texts, shift), seed)
        among = text_hashes(from_texts([*texts, "", "another"]), seed)
        assert np.array_equal(alone, among[:50])


@pytest.mark.parametrize("width", WIDTHS)
def test_keys_are_found_among_their_neighbours(width: int) -> None:
    texts = list(dict.fromkeys(of_width(width, 200)))
    rows = {text: row for row, text in enumerate(texts)}
    table = KeyTable(from_texts(texts))
    for seed in (0, 1):
        asked = of_width(width, 300, seed)
        for given_texts in (asked, [*asked, "", "x" * (width + 1)]):
            found = table.find(loose(given_texts))
            assert found.tolist() == [rows.get(text, -1) for text in given_texts]


@pytest.mark.parametrize("width", [3, 8, 36])
def test_texts_of_one_hash_are_told_apart(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As texts that were made to collide would be."""
    texts = list(dict.fromkeys(of_width(width, 40)))
    # Every mark is the same, so that all texts are compared byte by byte.
    monkeypatch.setattr(KeyTable, "_text_marks", lambda _, strings: np.zeros(len(strings), dtype=np.int64))
    table = KeyTable(from_texts(texts))
    assert table.first_duplicate is None
    assert table.find(loose(texts[::-1])).tolist() == list(range(len(texts)))[::-1]
    assert table.find(loose(["z" * width, *texts[:2]])).tolist() == [-1 if "z" * width not in texts else 0, 0, 1]


@given(st.lists(st.text("ab", min_size=2, max_size=3), max_size=9), st.integers(0, 9))
@settings(deadline=None)
def test_a_width_is_that_of_every_text(texts: list[str], start: int) -> None:
    strings = loose(texts).slice(min(start, len(texts)), len(texts))
    widths = {len(text) for text in texts[start:]}
    assert even_width(strings) == (widths.pop() if len(widths) == 1 else None)


def test_some_rows_of_one_length_are_compared() -> None:
    texts = of_width(9, 60)
    a, b = loose(texts), loose(texts[::-1], 4)
    rows = np.arange(10, 50)
    for others in (59 - rows, rows):
        assert np.array_equal(even_equal(a, rows, b, others, 9), equal_rows(a, rows, b, others))


def test_blocks_of_one_length_and_others(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*of_width(8, 20), *of_width(5, 20), "", "a", *of_width(36, 20)]
    whole = text_hashes(from_texts(texts))
    monkeypatch.setattr(module, "BLOCK", 10)
    assert np.array_equal(text_hashes(loose(texts)), whole)
