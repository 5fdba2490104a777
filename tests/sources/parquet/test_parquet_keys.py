"""Keys, order columns and texts with gaps: every type that Parquet stores them as."""

from __future__ import annotations

import datetime
import decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from held import column, opened, parquet, pieces, refusal

from xentcli.sources.base import ColumnKind, Role, Strings

TEXTS = ["b", "", "a", "b", "ä漢"]
KEY_HINT = "\n  Give every row a key, or leave the row out."
DAYS = [datetime.date(2020, 2, 29), datetime.date(1969, 12, 31), datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]
D = decimal.Decimal
TEXT_TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.binary(),
    pa.large_binary(),
    pa.binary_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
    pa.dictionary(pa.int32(), pa.binary()),
]


def typed(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, type=kind.value_type).dictionary_encode().cast(kind)
    return pa.array(values, type=kind)


@pytest.mark.parametrize("role", [Role.KEY, Role.ORDER, Role.NULLABLE])
@pytest.mark.parametrize("kind", TEXT_TYPES, ids=str)
@pytest.mark.parametrize("stored", [True, False], ids=["schema", "no-schema"])
def test_every_text_type_is_the_same_texts(kind: pa.DataType, role: Role, stored: bool, tmp_path: Path) -> None:
    path = parquet(tmp_path, typed(TEXTS * 3, kind), row_group_size=4, store_schema=stored)
    assert column(path, "c", role) == TEXTS * 3
    with opened(path) as source:
        assert source.columns[0].kind is ColumnKind.TEXT


@pytest.mark.parametrize("kind", TEXT_TYPES, ids=str)
def test_null_texts_are_missing_or_refused(kind: pa.DataType, tmp_path: Path) -> None:
    path = parquet(tmp_path, typed(["b", "", None, "a", None, "b"], kind), row_group_size=5)
    assert column(path, "c", Role.NULLABLE) == ["b", "", None, "a", None, "b"]
    assert refusal(path, "c", Role.KEY) == f", record 3, column 'c': the key is missing: it is null{KEY_HINT}"
    assert refusal(path, "c", Role.LABEL).startswith(", record 2, column 'c': the label is missing (null or empty)")
    assert refusal(path, "c", Role.ORDER).startswith(", record 3, column 'c': the value is missing: it is null")


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([3, -7, 2**62]), [3, -7, 2**62]),
        (pa.array([3, 250], type=pa.uint8()), [3, 250]),
        (pa.array([3, 2**63 - 1], type=pa.uint64()), [3, 2**63 - 1]),
        (pa.array([3, 2**63], type=pa.uint64()), ["3", str(2**63)]),
        (pa.array([3.0, -(2.0**53), 0.0]), [3, -(2**53), 0]),
        (pa.array(np.array([3.0, -4.0], dtype=np.float16)), [3, -4]),
        (pa.array([D("3.00"), D("-4")]), [3, -4]),
        (pa.array([D("3.00"), D("-4")], type=pa.decimal128(38, 25)), [3, -4]),
        (pa.array([D(3), D(-4)], type=pa.decimal256(60, 2)), [3, -4]),
        (pa.array([D(3), D(-4)], type=pa.decimal32(5, 2)), [3, -4]),
        (pa.array([D(2**53), D(-4)], type=pa.decimal128(38, 0)), [2**53, -4]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(DAYS, type=pa.date32()), [day.isoformat() for day in DAYS]),
        (pa.array(DAYS, type=pa.date64()), [day.isoformat() for day in DAYS]),
        (pa.array([5, 6, 5]).dictionary_encode(), [5, 6, 5]),
        (pa.array([5.0, 6.0, 5.0]).dictionary_encode(), [5, 6, 5]),
    ],
    ids=lambda held: str(held.type) if isinstance(held, pa.Array) else "",
)
def test_typed_keys(array: pa.Array, expected: list[Any], tmp_path: Path) -> None:
    path = parquet(tmp_path, array, row_group_size=2 if len(array) > 2 else None)
    assert column(path, "c", Role.KEY) == column(path, "c", Role.ORDER) == expected
    assert column(path, "c", Role.NULLABLE) == [str(value) for value in expected]
    with_null = pa.concat_arrays([array, pa.nulls(1, array.type)]) if not pa.types.is_dictionary(array.type) else None
    if with_null is not None:
        path = parquet(tmp_path, with_null)
        assert column(path, "c", Role.NULLABLE) == [*(str(value) for value in expected), None]
        assert f"record {len(array) + 1}, column 'c': the key is missing: it is null" in refusal(path, "c", Role.KEY)
        assert f"record {len(array) + 1}, column 'c': the label is missing" in refusal(path, "c", Role.LABEL)


@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (pa.array([1.0, 0.5]), "0.5"),
        (pa.array([1.0, -0.0]), "-0.0"),
        (pa.array([1.0, 2.0**54]), repr(2.0**54)),
        (pa.array([1.0, float("-inf")]), "-inf"),
        (pa.array([D("1.0"), D("0.5")]), "0.5"),
        (pa.array([D(1), D(2**53 + 1)], type=pa.decimal128(38, 0)), str(2**53 + 1)),
        (pa.array([D(1), D("1." + "0" * 24 + "1")], type=pa.decimal128(38, 25)), "1." + "0" * 24 + "1"),
        (pa.array([D(1), D(10**50)], type=pa.decimal256(60, 2)), str(D(10**50)) + ".00"),
    ],
    ids=str,
)
def test_keys_that_are_no_whole_numbers(array: pa.Array, shown: str, tmp_path: Path) -> None:
    path = parquet(tmp_path, array)
    message = f", record 2, column 'c': the key is {shown}, not a whole number up to 2^53"
    assert refusal(path, "c", Role.KEY) == f"{message}\n  Keys are text, whole numbers, booleans or dates."
    if shown != "-0.0":
        label = f", record 2, column 'c': the label is {shown}, not a whole number up to 2^53; labels are names or "
        hint = "\n  A distribution needs one column for each class."
        assert refusal(path, "c", Role.LABEL) == f"{label}whole numbers{hint}"
        assert refusal(path, "c", Role.NULLABLE) == message.replace("key", "value")


def test_nan_is_missing(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([1.0, float("nan"), None, 2.0]))
    assert refusal(path, "c", Role.KEY) == f", record 2, column 'c': the key is missing: it is NaN{KEY_HINT}"
    assert column(path, "c", Role.NULLABLE) == ["1", None, None, "2"]


@pytest.mark.parametrize("day", [-719163, 2932897])
def test_dates_without_a_year_of_four_digits(day: int, tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([0, day], type=pa.int32()).cast(pa.date32()))
    shown = f"day {day} since 1970"
    message = f", record 2, column 'c': the key is {shown}; dates as keys are of the years 1 to 9999"
    assert refusal(path, "c", Role.KEY) == message
    assert refusal(path, "c", Role.ORDER) == message.replace("key", "value")


@pytest.mark.parametrize(
    "array",
    [
        pa.array([datetime.datetime(2020, 1, 1)] * 2),
        pa.array([{"a": 1}] * 2),
        pa.array([[("a", 1)]] * 2, type=pa.map_(pa.string(), pa.int64())),
        pa.array([b"ab"] * 2, type=pa.binary(2)),
        pa.array([["a"]] * 2),
        pa.array([[True]] * 2),
        pa.nulls(2),
        pa.array([1, 2], type=pa.int64()).cast(pa.duration("s")),
    ],
    ids=lambda array: str(array.type),
)
def test_what_has_no_text_is_of_another_kind(array: pa.Array, tmp_path: Path) -> None:
    path = parquet(tmp_path, array)
    with opened(path) as source:
        (found,) = source.columns
    assert found.kind is ColumnKind.OTHER
    for role, noun in ((Role.KEY, "key"), (Role.ORDER, "shared"), (Role.NUMBER, "prediction"), (Role.LABEL, "label")):
        assert refusal(path, "c", role).startswith(f": the {noun} column 'c' is of type {found.type_name}\n")


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.binary())], ids=str)
def test_bytes_that_are_no_text(kind: pa.DataType, tmp_path: Path) -> None:
    """Where rows are only compared, bytes are enough."""
    path = parquet(tmp_path, typed([b"ok", b"\xff\xfe", b"ok"], kind))
    assert column(path, "c", Role.ORDER) == ["ok", "\\xff\\xfe", "ok"]
    message = ", record 2, column 'c': '\\xff\\xfe' is not valid UTF-8\n  Convert the text to UTF-8."
    for role in (Role.KEY, Role.LABEL, Role.NULLABLE):
        assert refusal(path, "c", role) == message


def test_texts_are_read_without_an_object_a_row(tmp_path: Path) -> None:
    """A dictionary of a few texts spelled out a million times is arithmetic on bytes."""
    codes = np.random.default_rng(0).integers(0, 3, 1_000_000).astype(np.int32)
    values = ["a", "", "ccc"]
    path = parquet(tmp_path, pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values)))
    with opened(path) as source:
        for piece in pieces(source, {"c": Role.KEY}):
            held = piece.order["c"]
            assert isinstance(held, Strings)
            lengths = np.diff(held.offsets)
            assert lengths.tolist() == np.array([1, 0, 3])[codes[: piece.rows]].tolist()
            codes = codes[piece.rows :]
    assert not len(codes)
