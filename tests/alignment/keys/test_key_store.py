"""Keys collected in pieces of either kind, and their hashes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import INTEGER, TEXT, column, first_duplicate, loose, rows_of, texts_of

from xentcli.alignment.keys import chunks
from xentcli.alignment.keys.decimals import from_integers
from xentcli.alignment.keys.store import KeyStore, key_hashes
from xentcli.alignment.keys.table import Keys
from xentcli.alignment.keys.texts import from_texts
from xentcli.sources.base import Strings

INTEGERS = st.lists(INTEGER, max_size=8).map(column)
TEXTS = st.lists(st.one_of(INTEGER.map(str), TEXT, st.sampled_from(["07", "-0", "+7", "7.0", " 7"])), max_size=8)
PIECE = st.one_of(INTEGERS, INTEGERS.map(from_integers), TEXTS.map(loose), TEXTS.map(from_texts))


@given(st.lists(PIECE, max_size=6), st.lists(PIECE, max_size=4), st.sampled_from([8, 16, 40, chunks.CHUNK_BYTES]))
@settings(deadline=None, max_examples=examples(300))
def test_keys_match_as_if_each_were_its_text(pieces: list[Keys], asked: list[Keys], chunk: int) -> None:
    store = KeyStore()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK_BYTES", chunk)
        for piece in pieces:
            store.add(piece)
    texts = [text for piece in pieces for text in texts_of(piece)]
    rows = rows_of(texts)
    assert len(store) == len(texts)
    assert store.text_bytes in {None, len("".join(texts).encode())}
    table = store.build()
    assert texts_of(table.keys) == texts
    assert table.first_duplicate == first_duplicate(texts)
    for piece in [*pieces, *asked]:
        assert table.find(piece).tolist() == [rows.get(text, -1) for text in texts_of(piece)]


def test_integers_stay_integers_until_a_text_is_none() -> None:
    store = KeyStore()
    store.add(column([1, 2]))
    store.add(from_texts(["3", "-4"]))
    store.add(from_texts([]))
    assert state(store) == (4, None)
    keys = store.build().keys
    assert not isinstance(keys, Strings)
    assert keys.tolist() == [1, 2, 3, -4]


def test_from_the_first_text_that_is_no_integer_on_all_keys_are_texts() -> None:
    store = KeyStore()
    store.add(column([12, 3]))
    store.add(from_texts(["4", "05"]))
    assert state(store) == (4, 6)
    store.add(column([6]))
    store.add(from_texts(["7"]))
    assert state(store) == (6, 8)
    assert texts_of(store.build().keys) == ["12", "3", "4", "05", "6", "7"]
    assert state(store) == (0, None)


def state(store: KeyStore) -> tuple[int, int | None]:
    return len(store), store.text_bytes


def test_nothing_that_a_reader_holds_is_kept() -> None:
    integers, letters = column([1, 2]), np.frombuffer(b"1b", dtype=np.uint8).copy()
    store = KeyStore()
    store.add(integers)
    integers[:] = 0
    assert texts_of(store.build().keys) == ["1", "2"]
    store.add(Strings(np.arange(3), letters))
    letters[:] = 0
    assert texts_of(store.build().keys) == ["1", "b"]


PEAK = """
import numpy as np
from xentcli.alignment.keys.decimals import from_integers
from xentcli.alignment.keys.store import KeyStore
from xentcli.alignment.keys.table import bytes_needed
from xentcli.alignment.keys.texts import from_texts
def memory(name):
    return 1024 * next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))
def fill(store, kind, pieces):
    for piece in range(pieces):
        keys = np.arange(piece * 100_000, (piece + 1) * 100_000) * 0x9E3779B97F4A7C1
        store.add(from_integers(keys) if kind == "texts" else keys)
    if kind != "integers":
        store.add(from_texts(["x"]))
fill(KeyStore(), {kind!r}, 1)
store, before = KeyStore(), memory("VmRSS")
fill(store, {kind!r}, 25)
needed = bytes_needed(len(store), store.text_bytes)
table = store.build()
peak = memory("VmHWM") - before
assert table.first_duplicate is None
assert table.nbytes < peak + (1 << 20) and peak < needed, (table.nbytes, peak, needed)
"""


@pytest.mark.one_in_three
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("kind", ["integers", "texts", "integers that turn"])
def test_memory_at_the_peak_of_collecting_is_as_announced(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK.replace("{kind!r}", repr(kind))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@given(st.lists(INTEGER, max_size=20), TEXTS)
@settings(deadline=None)
def test_hashes_are_of_keys_whatever_their_kind(integers: list[int], texts: list[str]) -> None:
    hashes = key_hashes(column(integers)).tolist()
    assert key_hashes(from_integers(column(integers))).tolist() == hashes
    mixed = [*texts, *map(str, integers)]
    both = key_hashes(loose(mixed)).tolist()
    assert both[len(texts) :] == hashes
    assert len({*both}) == len({*mixed})


def test_hashes_are_the_same_on_every_machine() -> None:
    hashes = ["3564b439cd1e1f16", "fe766ab13afab784", "b5d0bf9c10e5479f", "5b8d65fa3d55278f"]
    assert [f"{one:016x}" for one in key_hashes(from_texts(["0", "-1", str(2**63 - 1), "a"])).tolist()] == hashes
