"""Columns that both inputs have are compared row by row, by their text."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from small_tables import P, Y, csv, figures, in_every_chunking, parquet, refused

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("mine", "yours"),
    [
        (pa.array([7, 8]), pa.array([7, 8], pa.int32())),
        (pa.array([7, 8]), pa.array(["7", "8"])),
        (pa.array(["a", "b"]), pa.array(["a", "b"], pa.large_string())),
        (pa.array(["a", "b"]).dictionary_encode(), pa.array(["a", "b"])),
        (pa.array(["a", "b"], pa.string_view()), pa.array(["a", "b"])),
        (pa.array([datetime.date(2020, 1, 1)] * 2), pa.array(["2020-01-01"] * 2)),
        (pa.array([datetime.date(2020, 1, 1)] * 2), pa.array([datetime.date(2020, 1, 1)] * 2).cast(pa.date64())),
        (pa.array([2**64 - 1, 0], pa.uint64()), pa.array(["18446744073709551615", "0"])),
    ],
)
def test_shared_columns_are_compared_by_their_text(mine: pa.Array, yours: pa.Array) -> None:
    csv(Y, "label", "a", "b")
    plain = figures(evaluate(parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75]), Y))
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], key=mine)
    parquet("y.parquet", key=yours, label=["a", "b"])
    assert figures(in_every_chunking("p.parquet", "y.parquet")) == plain


@pytest.mark.parametrize(
    ("mine", "yours", "first", "second"),
    [
        (pa.array([7, 8]), pa.array([7, 9], pa.int32()), "8", "9"),
        (pa.array([7, 8]), pa.array(["7", "08"]), "8", "08"),
        (pa.array(["a", "b"]), pa.array(["a", "c"]), "b", "c"),
        (pa.array(["a", ""]), pa.array(["a", "c"]), "", "c"),
        (pa.array(["é", "é"]), pa.array(["é", "e\u0301"]), "é", "e\u0301"),
    ],
)
def test_one_difference_in_a_shared_column_is_an_error(
    mine: pa.Array, yours: pa.Array, first: str, second: str
) -> None:
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], key=mine)
    parquet("y.parquet", key=yours, label=["a", "b"])
    assert refused("p.parquet", "y.parquet") == (
        f"p.parquet, record 2, column 'key': the rows are not in the same order: it is '{first}' here and '{second}' "
        "in 'y.parquet'\n  Is it a key, or does it mean something else in each?\n"
        "  Try --on key\n  or  --no-order-check"
    )
    assert evaluate("p.parquet", "y.parquet", order_check=False).overall.rows == 2


def test_columns_that_options_name_are_not_compared() -> None:
    csv(P, "a,b,w", "0.75,0.25,1", "0.25,0.75,2")
    csv(Y, "label,w", "a,5", "b,6")
    assert evaluate(P, Y, weight="labels:w").overall.weight == 11.0
    csv(Y, "label,a", "a,0.1", "b,0.2")
    assert evaluate(P, Y, pred=["a", "b"]).overall.rows == 2


def test_shared_floats_are_not_compared() -> None:
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], s=[0.1, 0.2])
    parquet("y.parquet", s=[0.1, 0.3], label=["a", "b"])
    assert evaluate("p.parquet", "y.parquet").overall.rows == 2


def test_the_lowest_record_of_several_shared_columns_is_told() -> None:
    csv(P, "i,j,a,b", "1,1,0.75,0.25", "2,2,0.75,0.25", "3,3,0.75,0.25")
    csv(Y, "i,j,label", "1,1,a", "2,9,a", "9,3,a")
    assert refused(P, Y).startswith(
        "p.csv, record 2 (line 3), column 'j': the rows are not in the same order: it is '2' here and '9'"
    )
