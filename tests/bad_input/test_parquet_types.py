"""Parquet columns of every type, as predictions and as labels: the right number, or an error that names the type."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from tables import accepted_files, figures, parquet, place, refused_files

P, Y = "p.parquet", "y.parquet"
VALUES = [0.25, 0.5, 0.75]
LABELS = ["cat", "dog", "cat"]
NUMBER_HINT = "\n  Every row needs a number here; leave out rows without one."
LABEL_HINT = "\n  Give every row a label, or leave the row out.\n  Try --missing drop"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def both(predictions: Any, labels: Any = None) -> list[str]:
    return [parquet(P, p_dog=predictions), parquet(Y, label=pa.array(LABELS) if labels is None else labels)]


def test_PQ10_a_column_that_is_absent(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    paths = both(pa.array(VALUES))
    message = f"{P}: --pred names 'p_cat', which is not a column\n  The columns of {P} are 'p_dog'."
    refused_files(run_xent, [*paths, "--pred", "p_cat"], message)


def test_PQ11_names_that_are_alike(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    parquet(Y, label=pa.array(LABELS))
    pq.write_table(pa.table([pa.array(VALUES)] * 2, names=["p", "p"]), P)
    refused_files(run_xent, [P, Y], f"{P}: two columns are called 'p'\n  Rename one of them.")
    # A name with a point is a column, not a way into a struct.
    struct = pa.array([{"1": 0.5}] * 3)
    pq.write_table(pa.table({"p.1": pa.array(VALUES), "p": struct}), P)
    named = figures(accepted_files(P, Y, pred=["p.1"], positive="dog"))
    parquet("alone.parquet", **{"p.1": pa.array(VALUES)})
    assert named["overall"] == figures(accepted_files("alone.parquet", Y, positive="dog"))["overall"]
    message = f"{P}: column 'p' is of type struct<1: double>, not a prediction\n  Predictions are numbers."
    refused_files(run_xent, [P, Y, "--pred", "p"], f"{message}\n  The columns of {P} are 'p.1', 'p'.")


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        pytest.param(pa.array(["0.5"] * 3), "string", id="PQ12-string"),
        pytest.param(pa.array([datetime.datetime(2020, 1, 1)] * 3), "timestamp[us]", id="PQ12-timestamp"),
        pytest.param(pa.array([datetime.date(2020, 1, 1)] * 3), "date32[day]", id="PQ12-date"),
        pytest.param(pa.array([{"a": 0.5}] * 3), "struct<a: double>", id="PQ12-struct"),
        pytest.param(
            pa.array([[("a", 0.5)]] * 3, type=pa.map_(pa.string(), pa.float64())),
            "map<string, double ('p_dog')>",
            id="PQ12-map",
        ),
        pytest.param(pa.array([["a"]] * 3), "list<element: string>", id="PQ12-list-of-text"),
        pytest.param(pa.array([b"ab"] * 3, type=pa.binary(2)), "fixed_size_binary[2]", id="PQ12-bytes"),
        pytest.param(pa.nulls(3), "null", id="PQ12-null"),
    ],
)
def test_predictions_that_are_no_numbers(column: pa.Array, kind: str, run_xent: RunXent) -> None:
    message = f"{P}: column 'p_dog' is of type {kind}, not a prediction\n  Predictions are numbers."
    refused_files(run_xent, both(column), f"{message}\n  The columns of {P} are 'p_dog'.")


@pytest.mark.parametrize(
    "kind",
    [
        pa.float16(),
        pa.float32(),
        pa.decimal32(5, 3),
        pa.decimal64(12, 3),
        pa.decimal128(30, 3),
        pa.decimal256(50, 20),
        pa.dictionary(pa.int8(), pa.float64()),
    ],
    ids=str,
)
def test_PQ13_every_numeric_type_is_cast(kind: pa.DataType) -> None:  # noqa: N802  # called by the id of its case
    expected = figures(accepted_files(*both(pa.array(VALUES))))
    if pa.types.is_decimal(kind):
        column = pa.array([decimal.Decimal(str(value)) for value in VALUES]).cast(kind)
    elif pa.types.is_dictionary(kind):
        column = pa.array(VALUES).dictionary_encode().cast(kind)
    else:
        column = pa.array(np.array(VALUES, dtype=kind.to_pandas_dtype()))
    assert figures(accepted_files(*both(column))) == expected


@pytest.mark.parametrize("kind", [pa.bool_(), pa.int8(), pa.uint8(), pa.int64(), pa.uint64()], ids=str)
def test_PQ13_whole_numbers_and_booleans(kind: pa.DataType) -> None:  # noqa: N802  # called by the id of its case
    expected = figures(accepted_files(*both(pa.array([0.0, 1.0, 0.0]))))
    assert figures(accepted_files(*both(pa.array([0, 1, 0]).cast(kind)))) == expected


def test_PQ15_null_and_nan_are_told_apart(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    for value, reason in ((None, "null"), (float("nan"), "NaN")):
        for kind in (pa.float64(), pa.float32()):
            paths = both(pa.array([0.5, value, 0.5], type=kind))
            message = f"{place(P, 2, 'p_dog')}: the value is missing: it is {reason}{NUMBER_HINT}"
            refused_files(run_xent, paths, message)


def test_PQ16_a_dictionary_for_each_row_group() -> None:  # noqa: N802  # called by the id of its case
    """Codes start again in every row group: they are mapped by what they stand for."""
    groups = [["dog", "cat", "cat"], ["cat", "dog", "dog"], ["ant", "dog", "cat"]]
    p = np.random.default_rng(0).dirichlet([1, 1, 1], 9)
    parquet(P, **{name: pa.array(p[:, at]) for at, name in enumerate(["ant", "cat", "dog"])})
    with pq.ParquetWriter(Y, pa.schema([("label", pa.dictionary(pa.int32(), pa.string()))])) as writer:
        for group in groups:
            writer.write_table(pa.table({"label": pa.array(group).dictionary_encode()}))
    found = figures(accepted_files(P, Y))
    parquet("plain.parquet", label=pa.array([label for group in groups for label in group]))
    assert found == figures(accepted_files(P, "plain.parquet"))


def test_PQ17_odd_dictionaries(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    expected = figures(accepted_files(*both(pa.array(VALUES))))

    def coded(codes: Sequence[int | None], values: Sequence[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes, type=pa.int32()), pa.array(values))

    for codes, values in (([1, 3, 1], ["unused", "cat", "", "dog"]), ([0, 1, 2], ["cat", "dog", "cat"])):
        assert figures(accepted_files(*both(pa.array(VALUES), coded(codes, values)))) == expected
    message = f"{place(Y, 2, 'label')}: the label is missing (null or empty){LABEL_HINT}"
    refused_files(run_xent, both(pa.array(VALUES), coded([0, None, 0], ["cat"])), message)
    refused_files(run_xent, both(pa.array(VALUES), coded([0, 1, 0], ["cat", ""])), message)


@pytest.mark.parametrize("kind", [pa.string_view(), pa.large_string(), pa.binary(), pa.large_binary()], ids=str)
def test_PQ18_every_kind_of_text(kind: pa.DataType, run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    expected = figures(accepted_files(*both(pa.array(VALUES))))
    assert figures(accepted_files(*both(pa.array(VALUES), pa.array(LABELS, type=kind)))) == expected
    broken = pa.array([b"cat", b"d\xe9g", b"\xff"]).view(pa.binary())
    if kind in {pa.large_string(), pa.large_binary()}:
        broken = broken.cast(pa.large_binary())
    if kind == pa.large_string():
        broken = broken.view(kind)
    elif kind == pa.string_view():
        broken = broken.view(pa.string())
    message = f"{place(Y, 2, 'label')}: 'd\\xe9g' is not valid UTF-8\n  Convert the text to UTF-8."
    refused_files(run_xent, both(pa.array(VALUES), broken), message)


def test_PQ19_large_integers_beside_nulls(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    big = [2**53, 2**53 + 1, 2**53]
    result = accepted_files(*both(pa.array(VALUES), pa.array(big)), positive=str(big[1]))
    assert result.inputs.classes == (str(big[0]), str(big[1]))
    paths = both(pa.array([0.5] * 3), pa.array([big[0], None, big[1]]))
    message = f"{place(Y, 2, 'label')}: the label is missing (null or empty){LABEL_HINT}"
    refused_files(run_xent, [*paths, "--positive", str(big[1])], message)
    message = (
        f"{place(Y, 1, 'label')}: which class does the prediction column 'p_dog' speak of? The labels are "
        f"'{big[0]}' and '{big[1]}', and its name is neither\n  Try --positive {big[0]}\n  or  --positive {big[1]}"
    )
    refused_files(run_xent, paths, message)
