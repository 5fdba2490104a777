"""Arrow arrays that no file here holds but that may come: empty ones, dictionaries with nulls and repeats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from held import column, opened, parquet, pieces, plain, refusal

from xentcli.errors import ResourceError
from xentcli.sources.arrow.buffers import plain as plain_array
from xentcli.sources.arrow.buffers import strings_column, text_column, valid_of
from xentcli.sources.arrow.typed import labels_of, order_of
from xentcli.sources.base import Role
from xentcli.sources.parquet import guard as parquet_guard
from xentcli.sources.parquet import source as parquet_module


def coded(codes: list[Any], values: list[Any], kind: pa.DataType | None = None) -> pa.DictionaryArray:
    kind = kind or pa.uint8()
    return pa.DictionaryArray.from_arrays(pa.array(codes, type=kind), pa.array(values, type=pa.string()))


@pytest.mark.parametrize("kind", [pa.uint8(), pa.int32(), pa.uint32(), pa.int64()], ids=str)
@pytest.mark.parametrize(
    ("codes", "values", "texts"),
    [
        ([0, 1, 2], ["a", "b", "a"], ["a", "b", "a"]),
        ([0, 1, 2], ["a", None, ""], ["a", None, ""]),
        ([0, None, 2, 1], ["a", None, "a"], ["a", None, "a", None]),
        ([0, None], ["a", "b"], ["a", None]),
        ([0, 2], ["a", None, "b"], ["a", "b"]),
        ([None, None], [], [None, None]),
    ],
)
def test_dictionaries_with_nulls_and_repeats(
    codes: list[Any], values: list[Any], texts: list[Any], kind: pa.DataType
) -> None:
    array = coded(codes, values, kind)
    assert plain(text_column(array)) == texts
    assert plain(text_column(array.slice(1))) == texts[1:]
    valid = valid_of(array)
    assert (valid is None) == (None not in texts)
    assert valid is None or valid.tolist() == [text is not None for text in texts]


def test_empty_and_null_arrays() -> None:
    assert plain(order_of(pa.array([], type=pa.string()))) == []
    assert len(strings_column(pa.array([], type=pa.large_string()))) == 0
    assert plain(order_of(pa.array([], type=pa.uint64()))) == []
    valid = valid_of(pa.nulls(2))
    assert valid is not None
    assert not valid.any()
    assert plain(labels_of(pa.array([None], type=pa.int64()))) == [None]


def test_dictionaries_of_views_are_made_plain() -> None:
    held = pa.array(["a", "b"], type=pa.string_view())
    array = pa.DictionaryArray.from_arrays(pa.array([1, 0, 1]), held)
    assert plain(text_column(plain_array(array))) == ["b", "a", "b"]


def test_the_longest_text_of_a_dictionary() -> None:
    assert parquet_guard._longest(pa.array(["abc"])) == 0
    assert parquet_guard._longest(coded([None], [])) == 0
    assert parquet_guard._longest(coded([0], ["a", "abcd", ""])) == 4
    assert parquet_guard.expanded_size(coded([None], [])) == 0
    assert parquet_guard.expanded_size(coded([1, None, 0, 1], ["a", "abcd"])) == 9


def test_texts_beyond_any_key_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path, pa.array(["abcdefgh"] * 40))
    monkeypatch.setattr(parquet_guard, "MOST_TEXT", 100)
    monkeypatch.setattr(parquet_module, "MOST_TEXT", 319)
    message = (
        ", column 'c': 40 of its values have 320 bytes: too much, 319 are the most at once\n  Is this a column of keys?"
    )
    assert refusal(path, "c", Role.KEY) == message
    monkeypatch.setattr(parquet_module, "MOST_TEXT", 320)
    assert column(path, "c", Role.KEY) == ["abcdefgh"] * 40
    path = parquet(tmp_path, pa.array(["x" * 200_000]), use_dictionary=False, compression="zstd")
    monkeypatch.setattr(parquet_guard, "LONGEST_RECORD", 100_000)
    assert "of row group 1 unpack to 200," in refusal(path, "c", Role.LABEL)


def test_no_memory_is_an_error_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path, pa.array([0.5]))

    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(parquet_module, "piece_of", fail)
    with opened(path) as source, pytest.raises(ResourceError, match="not enough memory to read"):
        list(pieces(source, {"c": Role.NUMBER}))


def test_dictionaries_of_numbers_are_spelled_out() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), pa.array([0.5, None]))
    assert plain_array(array).to_pylist() == [None, 0.5, None]
