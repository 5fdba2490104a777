"""Parquet: every numeric type as float64, every label type as text, damage as an error."""

from __future__ import annotations

import datetime
import decimal
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evaluated import same_everywhere

from xentcli import DataError, evaluate

P = [0.25, 0.5, 0.75, 1.0, 0.0]
LABELS = ["a", "b", "a", "b", "a"]


def files(folder: Path, p: Any, labels: Any = None) -> tuple[str, str]:
    left, right = folder / "p.parquet", folder / "y.parquet"
    pq.write_table(pa.table({"p_b": p}), left)
    pq.write_table(pa.table({"label": pa.array(LABELS) if labels is None else labels}), right)
    return str(left), str(right)


@pytest.mark.parametrize(
    "kind",
    [pa.float32(), pa.float16(), pa.decimal128(12, 4), pa.decimal128(30, 20), pa.decimal256(50, 4), pa.decimal32(5, 2)],
    ids=str,
)
def test_every_numeric_type_is_the_same_numbers(kind: pa.DataType, tmp_path: Path) -> None:
    expected = evaluate(*files(tmp_path, pa.array(P))).to_dict()
    if pa.types.is_decimal(kind):
        column = pa.array([decimal.Decimal(str(value)) for value in P]).cast(kind)
    else:
        column = pa.array(np.array(P).astype(kind.to_pandas_dtype()))
    assert same_everywhere(evaluate(*files(tmp_path, column)).to_dict()) == same_everywhere(expected)


@pytest.mark.parametrize("kind", [pa.bool_(), pa.int8(), pa.uint64(), pa.int64()], ids=str)
def test_booleans_and_integers_are_numbers(kind: pa.DataType, tmp_path: Path) -> None:
    whole = [1, 0, 1, 1, 0]
    expected = evaluate(*files(tmp_path, pa.array([float(value) for value in whole]))).to_dict()
    found = evaluate(*files(tmp_path, pa.array(whole).cast(kind))).to_dict()
    assert same_everywhere(found) == same_everywhere(expected)


def test_decimals_become_the_nearest_float(tmp_path: Path) -> None:
    from xentcli.sources.arrow.buffers import number_column

    texts = ["0.1", "0.3", "-12345.6789", "99999999999.9999", "0.0001"]
    array = pa.array([decimal.Decimal(text) for text in texts], type=pa.decimal128(15, 4))
    assert number_column(array).tolist() == [float(text) for text in texts]
    assert number_column(array.slice(1, 3)).tolist() == [float(text) for text in texts[1:4]]
    assert number_column(array.slice(0, 0)).tolist() == []


@pytest.mark.parametrize(
    "labels",
    [
        pa.array(LABELS).dictionary_encode(),
        pa.array(LABELS, type=pa.large_string()),
        pa.array(LABELS, type=pa.string_view()),
    ],
    ids=["dictionary", "large_string", "string_view"],
)
def test_every_text_type_is_the_same_labels(labels: pa.Array, tmp_path: Path) -> None:
    expected = evaluate(*files(tmp_path, pa.array(P))).to_dict()
    assert same_everywhere(evaluate(*files(tmp_path, pa.array(P), labels)).to_dict()) == same_everywhere(expected)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (pa.array([0, 1, 0, 1, 0]), ["0", "1"]),
        (pa.array([-1, 1, -1, 1, -1], type=pa.int8()), ["-1", "1"]),
        (pa.array([0.0, 1.0, 0.0, 1.0, 0.0]), ["0", "1"]),
        (pa.array([False, True, False, True, False]), ["false", "true"]),
        (pa.array([10**6, 1, 10**6, 1, 10**6]), ["1000000", "1"]),
        (pa.array([decimal.Decimal("0"), decimal.Decimal("1")] * 2 + [decimal.Decimal("0")]), ["0", "1"]),
    ],
)
def test_typed_labels_are_their_text(labels: pa.Array, classes: list[str], tmp_path: Path) -> None:
    positive = {"1000000": "1"}.get(classes[0])
    result = evaluate(*files(tmp_path, pa.array(P), labels), positive=positive)
    assert list(result.inputs.classes) == classes
    assert result.overall.loss == evaluate(*files(tmp_path, pa.array(P))).overall.loss


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()], ids=str)
def test_dates_are_their_iso_text(kind: pa.DataType, tmp_path: Path) -> None:
    days = [datetime.date(2020, 1, 1), datetime.date(1969, 12, 31)]
    labels = pa.array([days[0], days[1], days[0], days[1], days[0]], type=kind)
    result = evaluate(*files(tmp_path, pa.array(P), labels), positive="1969-12-31")
    assert list(result.inputs.classes) == ["2020-01-01", "1969-12-31"]


def test_integers_beyond_float64_stay_exact(tmp_path: Path) -> None:
    big = [2**53, 2**53 + 1]
    labels = pa.array([big[0], big[1], big[0], big[1], big[0]])
    result = evaluate(*files(tmp_path, pa.array(P), labels), positive=str(big[1]))
    assert list(result.inputs.classes) == [str(value) for value in big]


def refusal(*paths: str, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        evaluate(*paths, **options)
    return str(caught.value)


@pytest.mark.parametrize("value", [0.5, float("inf"), 2.0**54])
def test_labels_that_are_fractions_are_refused(value: float, tmp_path: Path) -> None:
    paths = files(tmp_path, pa.array(P), pa.array([0.0, 1.0, value, 1.0, 0.0]))
    assert refusal(*paths) == (
        f"{paths[1]}, record 3, column 'label': the label is {value!r}, not a whole number up to 2^53; labels are "
        "names or whole numbers\n  A distribution needs one column for each class."
    )


def test_nulls_are_missing_and_named_by_record_and_column(tmp_path: Path) -> None:
    paths = files(tmp_path, pa.array([0.5, 0.5, None, None, 0.5]))
    hint = "Every row needs a number here; leave out rows without one."
    assert refusal(*paths) == f"{paths[0]}, record 3, column 'p_b': the value is missing: it is null\n  {hint}"
    paths = files(tmp_path, pa.array([0.5, 0.5, float("nan"), 0.5, 0.5]))
    assert refusal(*paths) == f"{paths[0]}, record 3, column 'p_b': the value is missing: it is NaN\n  {hint}"
    hint = "Give every row a label, or leave the row out.\n  Try --missing drop"
    for labels in (
        pa.array(["a", "b", "a", None, "a"]),
        pa.array(["a", "b", "a", "", "a"]),
        pa.array([0, 1, 0, None, 1]),
    ):
        paths = files(tmp_path, pa.array(P), labels)
        message = f"{paths[1]}, record 4, column 'label': the label is missing (null or empty)\n  {hint}"
        assert refusal(*paths, jobs=1) == refusal(*paths, chunk_rows=1) == message


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array(["x"] * 5), "string"),
        (pa.array([datetime.datetime(2020, 1, 1)] * 5), "timestamp[us]"),
        (pa.array([{"a": 1}] * 5), "struct<a: int64>"),
        (pa.array([["a"]] * 5), "list<element: string>"),
    ],
)
def test_predictions_of_another_type_are_refused(column: pa.Array, kind: str, tmp_path: Path) -> None:
    paths = files(tmp_path, column)
    assert refusal(*paths) == (
        f"{paths[0]}: column 'p_b' is of type {kind}, not a prediction\n  Predictions are numbers.\n"
        f"  The columns of {paths[0]} are 'p_b'."
    )


def test_labels_of_another_type_are_refused(tmp_path: Path) -> None:
    paths = files(tmp_path, pa.array(P), pa.array([[1]] * 5))
    assert "one prediction column has two classes, but labels have 1 part" in refusal(*paths)
    paths = files(tmp_path, pa.array(P), pa.array([["a"]] * 5))
    assert "the label column 'label' is of type list<element: string>" in refusal(*paths)
    paths = files(tmp_path, pa.array([[0.5]] * 5))
    assert "the lists of column 'p_b' have 1 number; a list has one for each class" in refusal(*paths)


def test_no_rows_no_columns_and_repeated_columns_are_refused(tmp_path: Path) -> None:
    paths = files(tmp_path, pa.array([], type=pa.float64()))
    assert refusal(*paths) == f"{paths[0]}: the file has no rows"
    pq.write_table(pa.table([pa.array(P), pa.array(P)], names=["p_b", "p_b"]), paths[0])
    assert refusal(*paths) == f"{paths[0]}: two columns are called 'p_b'\n  Rename one of them."
    pq.write_table(pa.table({}), paths[0])
    assert "no column is left to be a prediction" in refusal(*paths)


@pytest.mark.parametrize("damage", ["tail", "middle", "footer", "leading byte", "trailing byte"])
def test_a_damaged_file_is_an_error(damage: str, tmp_path: Path) -> None:
    paths = files(tmp_path, pa.array(np.linspace(0, 1, 5)))
    data = bytearray(Path(paths[0]).read_bytes())
    if damage == "tail":
        data = data[:-20]
    elif damage == "middle":
        del data[10:30]
    elif damage == "footer":
        data[-8:-4] = b"\xff\xff\xff\x7f"
    elif damage == "leading byte":
        data = bytearray(b"x") + data
    else:
        data += b"\n"
    Path(paths[0]).write_bytes(data)
    assert paths[0] in refusal(*paths)


def test_flipped_bits_are_errors_or_change_nothing(tmp_path: Path) -> None:
    """Page checksums are verified; without them flips in pages read as good."""
    rng = np.random.default_rng(0)
    left, right = tmp_path / "p.parquet", tmp_path / "y.parquet"
    pq.write_table(pa.table({"p_b": rng.random(2000)}), left, write_page_checksum=True)
    pq.write_table(pa.table({"label": np.array(["a", "b"])[rng.integers(0, 2, 2000)]}), right)
    good = left.read_bytes()
    expected = same_everywhere(evaluate(left, right).to_dict())
    silent = 0
    for bit in rng.integers(0, 8 * len(good), 120):
        data = bytearray(good)
        data[bit // 8] ^= 1 << (bit % 8)
        left.write_bytes(data)
        with suppress(DataError):
            silent += same_everywhere(evaluate(left, right, jobs=1).to_dict()) != expected
    assert silent == 0


def test_several_row_groups_and_dictionaries_read_as_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    labels = np.array(["b", "a", "c"])[rng.integers(0, 3, 999)]
    p = rng.dirichlet([1, 1, 1], 999)
    table = pa.table({name: p[:, k] for k, name in enumerate("abc")})
    results = []
    for size in (1000, 7):
        pq.write_table(table, tmp_path / "p.parquet", row_group_size=size)
        pq.write_table(
            pa.table({"label": labels}), tmp_path / "y.parquet", row_group_size=size + 1, use_dictionary=size == 7
        )
        results.append(same_everywhere(evaluate(tmp_path / "p.parquet", tmp_path / "y.parquet").to_dict()))
    assert results[0] == results[1]
