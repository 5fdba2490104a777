"""Texts all at once against texts one by one."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import TEXT, loose, texts_of

from xentcli.alignment.keys import texts as module
from xentcli.alignment.keys.texts import concatenated, equal_rows, from_texts, joined, padded, text_hashes
from xentcli.sources.base import Strings

LONGER = [size for word in (8, 16, 64, 512, 1024) for size in (word - 1, word, word + 1)]


@given(st.lists(TEXT, max_size=40))
@settings(deadline=None)
def test_equal_texts_and_no_others_have_equal_hashes(texts: list[str]) -> None:
    hashes = text_hashes(from_texts(texts)).tolist()
    assert len({*zip(texts, hashes, strict=True)}) == len({*texts}) == len({*hashes})


@given(st.lists(TEXT, min_size=1, max_size=20), st.integers(0, 9), st.integers(0, 20), st.integers(0, 2**64 - 1))
@settings(deadline=None)
def test_a_hash_does_not_depend_on_where_a_text_lies(texts: list[str], shift: int, start: int, seed: int) -> None:
    start = min(start, len(texts))
    alone = [text_hashes(from_texts([text]), seed).item() for text in texts]
    assert text_hashes(loose(texts, shift), seed).tolist() == alone
    assert text_hashes(from_texts(texts).slice(start, len(texts)), seed).tolist() == alone[start:]
    assert text_hashes(loose(texts, shift).slice(0, start), seed).tolist() == alone[:start]


def test_a_hash_is_the_same_on_every_machine() -> None:
    hashes = text_hashes(from_texts(["", "a", "catcatca", "日本語 text", "x" * 512, "x" * 513]))
    assert [f"{value:016x}" for value in hashes.tolist()] == [
        "8b703457cdf0920b",
        "5b8d65fa3d55278f",
        "af94f2d9b826241a",
        "1b766975cee987ed",
        "13f897963ab4964e",
        "ad00e3753bf31d84",
    ]


def test_every_length_and_every_bit_counts() -> None:
    texts = ["x" * size for size in range(1100)] + ["\x00" * size for size in range(1, 1100)]
    for size in LONGER:
        raw = np.full((8 * size, size), ord("x"), dtype=np.uint8)
        raw[np.arange(8 * size), np.arange(8 * size) // 8] ^= (1 << np.arange(8 * size) % 8).astype(np.uint8)
        flipped = text_hashes(Strings(np.arange(8 * size + 1) * size, raw.ravel()))
        assert len({*flipped.tolist()} | {text_hashes(from_texts(["x" * size])).item()}) == 8 * size + 1
    assert len({*text_hashes(from_texts(texts)).tolist()}) == len(texts)


def test_differences_in_the_top_bits_of_words_do_not_cancel() -> None:
    """One multiplication a word would leave a top bit where it is, for the next word to take away."""
    first, second = np.zeros((64, 64, 16), dtype=np.uint8), np.zeros((64, 64, 16), dtype=np.uint8)
    bits = np.arange(64)
    first[:, :, 7] = 0x80
    first[bits, :, 8 + bits // 8] ^= (1 << bits % 8).astype(np.uint8)[:, None]
    first[:, bits, 8 + bits // 8] ^= (1 << bits % 8).astype(np.uint8)
    hashes = text_hashes(Strings(np.arange(64 * 64 + 1) * 16, first.ravel()))
    none = text_hashes(Strings(np.arange(2) * 16, second.ravel()))
    assert none.item() not in hashes.tolist()


@pytest.mark.parametrize("pattern", ["{}", "{:08}", "{:036}", "img_{:06}.png", "{:x}" + "0" * 30])
def test_regular_texts_are_spread_over_high_and_low_bits(pattern: str) -> None:
    hashes = text_hashes(from_texts([pattern.format(number) for number in range(1 << 16)]))
    assert len({*hashes.tolist()}) == 1 << 16
    for bits in (hashes >> np.uint64(52), hashes & np.uint64(0xFFF)):
        counts = np.bincount(bits.astype(np.int64), minlength=1 << 12)
        # 16 expected; chi-squared of 4095 degrees of freedom stays below 4600 but once in ten million.
        assert ((counts - 16.0) ** 2 / 16).sum() < 4600


def test_one_long_text_among_short_ones_costs_its_own_bytes() -> None:
    texts = from_texts([*(f"key {number}" for number in range(50_000)), "z" * 3_000_000, "last"])
    tracemalloc.start()
    hashes = text_hashes(texts)
    everything = np.arange(len(texts))
    assert equal_rows(texts, everything, texts, everything).all()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(texts) + 4_000_000 + 128 * module.BLOCK
    assert len({*hashes.tolist()}) == len(texts)


@given(st.lists(TEXT, min_size=1, max_size=12), st.lists(TEXT, max_size=12), st.data())
@settings(deadline=None)
def test_equal_rows_compares_bytes(mine: list[str], others: list[str], data: st.DataObject) -> None:
    yours = [*others, *mine]
    pairs = data.draw(st.lists(st.tuples(st.integers(0, len(mine) - 1), st.integers(0, len(yours) - 1))))
    a_rows, b_rows = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    equal = equal_rows(loose(mine), a_rows, from_texts(yours), b_rows)
    assert equal.tolist() == [mine[a] == yours[b] for a, b in pairs]


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 511, 512, 513, 2000])
def test_equal_rows_finds_one_byte_anywhere(size: int) -> None:
    whole = "m" * size
    others = [whole[:at] + "n" + whole[at + 1 :] for at in range(size)]
    rows = np.arange(size)
    assert not equal_rows(loose([whole]), 0 * rows, loose(others, 5), rows).any()
    assert equal_rows(loose(others), rows, loose(others, 5), rows).all()


def test_many_blocks_are_compared_and_joined() -> None:
    texts = [f"{number:x}" for number in range(2 * module.BLOCK + 5)]
    a, rows = from_texts(texts), np.arange(len(texts))
    assert equal_rows(a, rows, loose(texts), rows).all()
    assert not equal_rows(a, rows[1:], a, rows[:-1]).any()
    both = joined([a, loose(texts)])
    assert all(
        both.data[both.offsets[row] : both.offsets[row + 1]].tobytes()
        == f"{texts[row]}@{texts[row]}".encode().replace(b"@", b"\xff")
        for row in rows.tolist()[:: module.BLOCK - 1]
    )


@given(st.lists(st.lists(TEXT, max_size=6), max_size=5), st.integers(0, 3))
@settings(deadline=None)
def test_concatenated_keeps_every_text_and_no_other_byte(parts: list[list[str]], start: int) -> None:
    whole = concatenated([loose(part, at).slice(min(start, len(part)), len(part)) for at, part in enumerate(parts)])
    expected = [text for part in parts for text in part[start:]]
    assert texts_of(whole) == expected
    used = len("".join(expected).encode())
    assert whole.offsets[0] == 0
    assert used == whole.offsets[-1]
    assert used + 8 < len(whole.data) <= used + 16
    assert not whole.data[used:].any()
    assert padded(whole) is whole


def test_padded_copies_what_cannot_be_read_by_words() -> None:
    texts = from_texts(["abcdefgh", "ijk"])
    for data in (texts.data[:11], texts.data[: len(texts.data) - 8], np.repeat(texts.data, 2)[::2]):
        assert texts_of(padded(Strings(texts.offsets, data))) == ["abcdefgh", "ijk"]
    misplaced = np.zeros(33, dtype=np.uint8)[1:]
    misplaced[: len(texts.data)] = texts.data
    assert padded(Strings(texts.offsets, misplaced)).data is not misplaced


def test_an_empty_list_has_no_texts() -> None:
    for nothing in (from_texts([]), concatenated([]), joined([from_texts([])] * 2)):
        assert len(nothing) == 0
        assert len(text_hashes(nothing)) == 0


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=20))
@settings(deadline=None)
def test_joined_texts_are_equal_where_all_columns_are(rows: list[tuple[str, str, str]]) -> None:
    columns = [[row[at] for row in rows] for at in range(3)]
    whole = joined([loose(columns[0]), from_texts(columns[1]), loose(["", *columns[2]]).slice(1, len(rows) + 1)])
    raw = [whole.data[first:last].tobytes() for first, last in zip(whole.offsets[:-1], whole.offsets[1:], strict=True)]
    assert raw == [b"\xff".join(text.encode() for text in row) for row in rows]
    assert len({*raw}) == len({*rows})


def test_one_column_is_joined_to_itself() -> None:
    texts = from_texts(["a"])
    assert joined([texts]) is texts
