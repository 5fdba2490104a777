"""Columns of lists: one number a class, as many in every row."""

from __future__ import annotations

import decimal
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from held import column, opened, parquet, pieces, refusal

from xentcli import DataError
from xentcli.sources.arrow.lists import is_number_list, list_flaw, width_of
from xentcli.sources.base import ColumnKind, Role

ROWS = [[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.25, 0.5, 0.25]]
HINT = "\n  Every row needs a number here; leave out rows without one."
KINDS = [
    pa.list_(pa.float64()),
    pa.list_(pa.float32()),
    pa.list_(pa.float16()),
    pa.large_list(pa.float64()),
    pa.list_(pa.float64(), 3),
    pa.list_(pa.float32(), 3),
    pa.list_(pa.decimal128(9, 4)),
]


def lists(rows: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind.value_type):
        rows = [row and [decimal.Decimal(str(value)) for value in row] for row in rows]
    elif pa.types.is_float16(kind.value_type):
        rows = [row and [value if value is None else np.float16(value) for value in row] for row in rows]
    return pa.array(rows, type=kind)


def as_json(folder: Path, rows: list[Any], name: str = "c") -> Path:
    path = folder / "c.jsonl"
    path.write_text("".join(json.dumps({name: row}) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("role", [Role.NUMBER, Role.SCORE])
def test_lists_are_rows_of_numbers(kind: pa.DataType, role: Role, tmp_path: Path) -> None:
    path = parquet(tmp_path, lists(ROWS * 5, kind), row_group_size=7)
    assert column(path, "c", role) == ROWS * 5
    with opened(path) as source:
        assert source.columns[0].kind is ColumnKind.LIST
        assert source.width_of("c") == source.width_of("c") == 3
        (first, *_) = pieces(source, {"c": role})
        assert first.numbers["c"].shape == (first.rows, 3)


def test_lists_of_integers(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([[1, 0], [0, 1]], type=pa.list_(pa.int8())))
    assert column(path, "c", Role.NUMBER) == [[1, 0], [0, 1]]


@pytest.mark.parametrize("kind", [pa.list_(pa.string()), pa.list_(pa.bool_()), pa.float64()], ids=str)
def test_other_lists_are_none(kind: pa.DataType) -> None:
    assert not is_number_list(kind)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([[0.5, 0.5], [0.5, 0.25, 0.25]], "the list has 3 numbers, but the first row has 2"),
        ([[0.5, 0.5], [1.0]], "the list has 1 number, but the first row has 2"),
        ([[0.5, 0.5], []], "the list has 0 numbers, but the first row has 2"),
        ([[0.5, 0.5], None, [None, 0.5]], "the value is missing: it is null"),
        ([[0.5, 0.5], [0.5, None], None], "number 2 of the list is missing: it is null"),
        ([[0.5, 0.5], [None], None], "the list has 1 number, but the first row has 2"),
    ],
)
def test_odd_lists_are_refused(rows: list[Any], problem: str, tmp_path: Path) -> None:
    for kind in (pa.list_(pa.float64()), pa.large_list(pa.float32())):
        path = parquet(tmp_path, pa.array(rows, type=kind))
        assert refusal(path, "c", Role.NUMBER) in {f", record 2, column 'c': {problem}{HINT}"}
    path = as_json(tmp_path, rows)
    assert refusal(path, "c", Role.NUMBER) == f", record 2 (line 2), column 'c': {problem}{HINT}"


@pytest.mark.parametrize(
    ("rows", "problem", "width"),
    [
        ([None, [0.5, 0.5]], "the value is missing: it is null", 0),
        ([[], [0.5, 0.5]], "the list is empty", 0),
        ([[None, 0.5], [0.5, 0.5]], "number 1 of the list is missing: it is null", 2),
    ],
)
def test_an_odd_first_list_is_refused(rows: list[Any], problem: str, width: int, tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array(rows, type=pa.list_(pa.float64())))
    assert refusal(path, "c", Role.NUMBER) == f", record 1, column 'c': {problem}{HINT}"
    with opened(path) as source:
        assert source.width_of("c") == width
    path = as_json(tmp_path, rows)
    assert refusal(path, "c", Role.NUMBER) == f", record 1 (line 1), column 'c': {problem}{HINT}"
    with opened(path) as source:
        assert (source.columns[0].kind, source.width_of("c")) == (ColumnKind.LIST, width)


def test_null_fixed_size_lists(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([[0.5, 0.5], None, [0.5, None]], type=pa.list_(pa.float64(), 2)))
    assert refusal(path, "c", Role.NUMBER) == f", record 2, column 'c': the value is missing: it is null{HINT}"
    path = parquet(tmp_path, pa.array([[0.5, 0.5], [0.5, None], None], type=pa.list_(pa.float64(), 2)))
    message = f", record 2, column 'c': number 2 of the list is missing: it is null{HINT}"
    assert refusal(path, "c", Role.NUMBER) == message


def test_slices_of_lists_keep_their_places() -> None:
    for kind in (pa.list_(pa.float64()), pa.large_list(pa.float64()), pa.list_(pa.float64(), 2)):
        array = pa.array([[9.0, 9.0], [1.0, 2.0], [3.0, None], None], type=kind)
        assert list_flaw(array.slice(1), 2) == (1, "number 2 of the list is missing: it is null")
        assert list_flaw(array.slice(1, 1), 2) is None
        assert width_of(array.slice(3)) == width_of(array.slice(4)) == 0
        assert list_flaw(array.slice(4), 2) is None


def test_the_good_rows_come_before_the_error(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([[1.0, 2.0]] * 9 + [[1.0]], type=pa.list_(pa.float64())))
    read = 0
    with opened(path) as source, pytest.raises(DataError, match="record 10"):
        for piece in pieces(source, {"c": Role.NUMBER}):
            read += piece.rows
    assert read == 9


def test_wide_lists_are_read_a_few_rows_at_a_time(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.array([[0.5] * 30_000] * 100, type=pa.list_(pa.float32())))
    with opened(path) as source:
        assert max(piece.rows for piece in pieces(source, {"c": Role.NUMBER})) == (1 << 19) // 30_000


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"c": [0.5, "x"]}', "number 2 of the list: it is the text 'x', not a number\n  Numbers stand without quotes "
         "in JSON."),
        ('{"c": [0.5, [1]]}', "number 2 of the list: it is a list, not a number"),
        ('{"c": [NaN, 0.5]}', f"number 1 of the list: the value is missing: it is 'NaN'{HINT}"),
        ('{"c": [Infinity, 0.5]}', "number 1 of the list: 'Infinity' is infinite; it must be finite"),
        ('{"c": [-Infinity, 0.5]}', "number 1 of the list: '-Infinity' is infinite; it must be finite"),
        ('{"c": 0.5}', "it is a number, but in the first record it is a list"),
        ('{"c": {}}', "it is an object, but in the first record it is a list"),
        ('{"d": 0.5}', f"the value is missing: the record has no such field{HINT}"),
    ],
)  # fmt: skip
def test_odd_lists_in_json_lines(line: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"c": [0.5, 0.5]}\n' + line + "\n")
    assert refusal(path, "c", Role.NUMBER) == f", record 2 (line 2), column 'c': {problem}"


def test_masked_classes_and_underflow_in_json_lists(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"c": [0.5, -Infinity]}\n{"c": [1e-400, 1E-5000]}\n{"c": [0, 1]}\n')
    with opened(path) as source:
        (piece,) = pieces(source, {"c": Role.SCORE})
    assert piece.numbers["c"].tolist() == [[0.5, float("-inf")], [0.0, 0.0], [0.0, 1.0]]
    assert piece.snapped.tolist() == [1, 1]
