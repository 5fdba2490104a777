"""The table against a plain dict, on keys and hashes that break other tables."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import HIGH, INTEGER, LOW, TEXT, column, first_duplicate, loose, rows_of, texts_of
from numpy.typing import NDArray

from xentcli.alignment.keys import table as module
from xentcli.alignment.keys.decimals import from_integers
from xentcli.alignment.keys.table import Keys, KeyTable, bytes_needed, row_type, slots_for
from xentcli.alignment.keys.texts import from_texts, text_hashes
from xentcli.numerics.hashing import splitmix
from xentcli.sources.base import Strings

WEAK = {
    "constant": lambda texts, seed: np.full(len(texts), 7, dtype=np.uint64),
    "two bits": lambda texts, seed: text_hashes(texts, seed) & np.uint64(3),
    "length": lambda texts, seed: np.diff(texts.offsets).astype(np.uint64),
}


@contextmanager
def changed(name: str, value: object) -> Iterator[None]:
    """Change a name of the module; hypothesis runs many examples within one test, so no fixture does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, value)
        yield


def check(keys: Keys, asked: Keys) -> KeyTable:
    table = KeyTable(keys)
    texts = texts_of(keys)
    rows = rows_of(texts)
    assert table.find(keys).tolist() == [rows[text] for text in texts]
    assert table.find(asked).tolist() == [rows.get(text, -1) for text in texts_of(asked)]
    assert table.first_duplicate == first_duplicate(texts)
    assert table.duplicates == len(texts) - len(rows)
    assert len(table) == len(texts)
    return table


@given(st.lists(INTEGER, max_size=60), st.lists(INTEGER, max_size=20), st.sampled_from([1, 2, 7, 1 << 16]))
@settings(deadline=None)
def test_integers_are_found_as_by_a_dict(keys: list[int], asked: list[int], block: int) -> None:
    with changed("_BLOCK", block):
        check(column(keys), column(asked))
        check(column(keys), from_integers(column(asked)))
        check(from_integers(column(keys)), column(asked))


@given(
    st.lists(TEXT, max_size=60),
    st.lists(st.one_of(TEXT, INTEGER.map(str)), max_size=20),
    st.sampled_from([1, 2, 7, 1 << 16]),
    st.sampled_from([None, *WEAK]),
)
@settings(deadline=None, max_examples=examples(200))
def test_texts_are_found_as_by_a_dict(keys: list[str], asked: list[str], block: int, weak: str | None) -> None:
    with changed("_BLOCK", block), changed("text_hashes", WEAK[weak] if weak else text_hashes):
        check(loose(keys), loose(asked))
        check(from_texts(["", *keys]).slice(1, len(keys) + 1), from_texts([*asked, *keys]).slice(0, len(asked)))
        check(column([1, 2, 10, 1]), loose(asked))


@pytest.mark.parametrize("weak", WEAK)
def test_a_hash_collision_joins_no_two_texts(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "text_hashes", WEAK[weak])
    texts = [f"{number:04}" for number in range(0, 1200, 2)]
    table = check(from_texts(texts), from_texts([f"{number:04}" for number in range(1200)]))
    assert table.first_duplicate is None
    check(from_texts([*texts, "0004", "0002"]), from_texts(["0002", "0003"]))


REGULAR = {
    "sequential": np.arange(200_000),
    "multiples of 2^32": np.arange(200_000) << 32,
    "multiples of 2^46": np.arange(-(1 << 17), 1 << 17) << 46,
    "high and low halves alike": np.arange(200_000) * ((1 << 32) + 1),
    "powers of two and their neighbours": np.array(
        [s * (1 << p) + d for p in range(62) for s in (1, -1) for d in range(-9, 9)]
    ),
}


@pytest.mark.parametrize("name", REGULAR)
def test_regular_keys_are_found_and_told_from_their_neighbours(name: str) -> None:
    keys = REGULAR[name]
    table = KeyTable(keys)
    found = table.find(keys)
    assert np.array_equal(keys[found], keys)
    assert (found <= np.arange(len(keys))).all()
    assert np.array_equal(table.find(keys + 1) >= 0, np.isin(keys + 1, keys, kind="sort"))
    # Keys that are spread at random fill 26.8 % of 3.2 slots a key with the first tries.
    wanted = np.bincount(table._homes(np.array(sorted({*keys.tolist()}))))
    assert np.count_nonzero(wanted) > 0.23 * len(table._slots) * (len(keys) - table.duplicates) / len(keys)
    assert wanted.max() < 16


def test_keys_made_to_collide_under_one_seed_do_not_under_another() -> None:
    seed = np.uint64(0x123456789ABCDEF)
    keys = (unmixed(np.arange(50_000, dtype=np.uint64)) ^ seed).view(np.int64)
    assert np.array_equal(splitmix(keys.view(np.uint64) ^ seed), np.arange(50_000))
    table = check(keys, keys[::-1])
    assert len({*table._homes(keys).tolist()}) > 30_000


def unmixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return what SplitMix64's finaliser makes `values` of."""

    def back(mixed: NDArray[np.uint64], by: int) -> NDArray[np.uint64]:
        out = mixed
        for _ in range(64 // by):
            out = mixed ^ (out >> np.uint64(by))
        return out

    out = back(values, 31) * np.uint64(pow(0x94D049BB133111EB, -1, 1 << 64))
    out = back(out, 27) * np.uint64(pow(0xBF58476D1CE4E5B9, -1, 1 << 64))
    return back(out, 30)


@pytest.mark.parametrize("keys", [np.full(300_000, 5), from_texts(["same"] * 100_000)], ids=["integers", "texts"])
def test_equal_keys_are_told_at_the_first_try(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    next_slots = KeyTable._next

    def counted(table: KeyTable, at: NDArray[np.int64]) -> NDArray[np.int64]:
        tries.append(len(at))
        return next_slots(table, at)

    # Nothing but the steps of the table says how often it looked.
    monkeypatch.setattr(KeyTable, "_next", counted)
    table = KeyTable(keys)
    assert table.first_duplicate == (1, 0)
    assert table.duplicates == len(keys) - 1
    assert not any(tries)
    assert (table.find(keys) == 0).all()


@pytest.mark.parametrize("distinct", [10, 1000, 400_000])
def test_the_first_of_many_duplicates_is_exact(distinct: int) -> None:
    rng = np.random.default_rng(distinct)
    head = rng.permutation(distinct) * 977
    keys = np.concatenate([head, rng.choice(head, 2_000_000 - distinct)])
    for wanted in (keys, np.concatenate([[-5], keys, [-5]])):
        table = KeyTable(wanted)
        row = distinct + len(wanted) // 2_000_001
        assert table.first_duplicate == (row, int(np.argmax(wanted == wanted[row])))
        assert table.duplicates == len(wanted) - distinct - len(wanted) // 2_000_001


def test_one_duplicate_far_away_is_exact() -> None:
    keys = np.random.default_rng(0).permutation(500_000)
    for earlier, later in ((0, 499_999), (65_535, 65_536), (65_536, 131_071), (7, 8)):
        doubled = keys.copy()
        doubled[later] = doubled[earlier]
        table = KeyTable(doubled)
        assert (table.first_duplicate, table.duplicates) == ((later, earlier), 1)


def test_the_limits_of_int64_are_keys_like_any_other() -> None:
    check(column([LOW, HIGH, 0, -1]), column([HIGH, LOW, -1, 0, LOW + 1, HIGH - 1]))


def test_no_keys_match_nothing() -> None:
    for nothing in (column([]), from_texts([])):
        table = check(nothing, column([0, -1]))
        assert table.find(from_texts(["", "0"])).tolist() == [-1, -1]


def test_row_numbers_get_eight_bytes_where_four_do_not_hold_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row_type(rows) for rows in (0, 2**31, 2**31 + 1)] == [np.int32, np.int32, np.int64]
    # More rows than int32 counts would take 8 GB.
    monkeypatch.setattr(module, "_INT32_ROWS", 2)
    keys = column([3, 1, 2])
    assert check(keys, column([2, 4])).nbytes == 8 * 3 + 8 * slots_for(3)
    check(from_texts(["a", "b", "a"]), from_texts(["a"]))


@pytest.mark.parametrize("many", [False, True])
def test_memory_held_is_21_bytes_an_integer_and_29_beside_a_text_and_less_of_many(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 300_000
    if many:
        # So many rows as make a table sparse would take minutes.
        monkeypatch.setattr(module, "_SPARSE_ROWS", rows - 1)
    integers = KeyTable(np.arange(rows))
    assert integers.nbytes <= (15 if many else 21) * rows
    texts = KeyTable(from_integers(np.arange(rows)))
    characters = sum(len(str(number)) for number in range(rows))
    assert texts.nbytes <= characters + (23 if many else 29) * rows
    assert np.array_equal(integers.find(np.arange(rows)), np.arange(rows))


@pytest.mark.parametrize("kind", ["integers", "texts"])
def test_memory_at_the_peak_is_as_announced(kind: str) -> None:
    numbers = np.random.default_rng(0).permutation(1_000_000)
    keys: Keys = numbers if kind == "integers" else from_integers(numbers)
    size = None if isinstance(keys, np.ndarray) else int(keys.offsets[-1])
    held = 0 if size is None else 8 * len(numbers) + size
    tracemalloc.start()
    table = KeyTable(keys)
    peak = held + tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.first_duplicate is None
    assert peak <= bytes_needed(len(numbers), size)


def test_a_finished_table_is_only_read() -> None:
    keys = np.random.default_rng(1).permutation(200_000)
    for table in (KeyTable(keys), KeyTable(from_integers(keys))):
        texts = table.keys if isinstance(table.keys, Strings) else from_texts([])
        for flags in (table._slots.flags, table._marks.flags, texts.data.flags, texts.offsets.flags):
            flags.writeable = False
        pieces = [keys[start : start + 9999] for start in range(0, len(keys), 9999)]
        with ThreadPoolExecutor(4) as pool:
            assert np.array_equal(np.concatenate([*pool.map(table.find, pieces)]), np.arange(len(keys)))


def test_keys_asked_for_are_not_changed() -> None:
    rng = random.Random(2)
    asked = column([rng.randrange(50) for _ in range(300)])
    before = asked.copy()
    for table in (KeyTable(np.arange(40)), KeyTable(from_texts(["x", "7"]))):
        table.find(asked)
    assert np.array_equal(asked, before)
