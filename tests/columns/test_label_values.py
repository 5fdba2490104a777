"""What labels are as text, of every type, and --label-kind."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from small_tables import ROW, P, Y, csv, figures, in_every_chunking, parquet, refusal, refused, run

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "names", [("NA", "null"), ("None", "nan"), ("001", "1"), ("1", "1.0"), ("a", " a"), ("A", "a")]
)
def test_labels_are_compared_as_text(names: tuple[str, str]) -> None:
    result = run(",".join(names), names)
    assert sorted(entry.class_ for entry in result.classes if entry.rows == 1) == sorted(names)


@pytest.mark.parametrize("label", ["True", "TRUE", "true", "tRuE"])
@pytest.mark.parametrize("column", ["true", "True", "TRUE"])
def test_booleans_match_in_any_letter_case(label: str, column: str) -> None:
    result = run(f"{column},false", [label, "FALSE"])
    assert [entry.rows for entry in result.classes] == [1, 1]
    assert {entry.class_ for entry in result.classes} == {column, "false"}


TYPED: list[tuple[Any, tuple[str, str]]] = [
    (pa.array([0, 1, 1], pa.int8()), ("0", "1")),
    (pa.array([0, 1, 1], pa.uint16()), ("0", "1")),
    (pa.array([-1, 1, 1], pa.int64()), ("-1", "1")),
    (pa.array([70000, 1, 1], pa.int32()), ("70000", "1")),
    (pa.array([2**64 - 1, 2**53 + 1, 2**53 + 1], pa.uint64()), ("18446744073709551615", "9007199254740993")),
    (pa.array([-(2**63), 2**63 - 1, 2**63 - 1], pa.int64()), ("-9223372036854775808", "9223372036854775807")),
    (pa.array([False, True, True]), ("false", "true")),
    (pa.array([0.0, 1.0, 1.0]), ("0", "1")),
    (pa.array([-0.0, 1.0, 1.0]), ("0", "1")),
    (pa.array([-3.0, 2.0**53, 2.0**53]), ("-3", "9007199254740992")),
    (pa.array([0.0, 1.0, 1.0], pa.float32()), ("0", "1")),
    (pa.array(np.array([0.0, 1.0, 1.0], np.float16)), ("0", "1")),
    (pa.array([Decimal("0.00"), Decimal("1.00"), Decimal("1.00")]), ("0", "1")),
    (pa.array([datetime.date(2020, 1, 2)] + [datetime.date(1969, 12, 31)] * 2), ("2020-01-02", "1969-12-31")),
    (
        pa.array([datetime.date(2020, 1, 2)] + [datetime.date(1969, 12, 31)] * 2).cast(pa.date64()),
        ("2020-01-02", "1969-12-31"),
    ),
    (pa.array(["a", "b", "b"]), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.large_string()), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.string_view()), ("a", "b")),
    (pa.array(["a", "b", "b"]).dictionary_encode(), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.large_string()).dictionary_encode(), ("a", "b")),
    (pa.array(["001", "1", "1"]), ("001", "1")),
    (pa.array(["NA", "null", "null"]), ("NA", "null")),
]


@pytest.mark.one_in_three
@pytest.mark.parametrize(("array", "names"), TYPED, ids=[f"{array.type}-{names[0]}" for array, names in TYPED])
@pytest.mark.parametrize("prefix", ["", "p_"])
def test_typed_labels_become_text(array: pa.Array, names: tuple[str, str], prefix: str) -> None:
    first, second = names
    parquet("p.parquet", **{prefix + first: [0.75, 0.25, 0.5], prefix + second: [0.25, 0.75, 0.5]})
    parquet("y.parquet", label=array)
    typed = in_every_chunking("p.parquet", "y.parquet")
    assert {entry.class_: entry.rows for entry in typed.classes} == {first: 1, second: 2}
    csv(Y, "label", first, second, second)
    assert figures(in_every_chunking("p.parquet", Y)) == figures(typed)


@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (pa.array([0.0, 0.5]), "0.5"),
        (pa.array([0.0, 2.0**53 + 2]), "9007199254740994.0"),
        (pa.array([0.0, float("inf")]), "inf"),
        (pa.array([0.0, 0.5], pa.float32()), "0.5"),
        (pa.array([Decimal("0.0"), Decimal("0.5")]), "0.5"),
    ],
)
def test_other_floats_as_labels_are_an_error(array: pa.Array, shown: str) -> None:
    parquet("p.parquet", p_0=[0.75, 0.25], p_1=[0.25, 0.75])
    parquet("y.parquet", label=array)
    assert refused("p.parquet", "y.parquet").startswith(
        f"y.parquet, record 2, column 'label': the label is {shown}, not a whole number up to 2^53; labels are names "
        f"or "
        "whole numbers"
    )


@pytest.mark.parametrize(
    ("array", "type_name"),
    [
        (pa.array([b"ab"], type=pa.binary(2)), "fixed_size_binary[2]"),
        (pa.array([datetime.datetime(2020, 1, 1)]), "timestamp[us]"),
        (pa.array([["a", "b"]]), "list<element: string>"),
        (pa.array([{"a": 1}]), "struct<a: int64>"),
        (pa.array([datetime.time(1)]), "time64[us]"),
    ],
)
def test_labels_of_other_types_are_an_error(array: pa.Array, type_name: str) -> None:
    csv(P, "a,b", ROW[2])
    parquet("y.parquet", label=array)
    assert refused(P, "y.parquet") == (
        f"y.parquet: the label column 'label' is of type {type_name}\n  Labels are text, whole numbers, booleans or "
        f"dates.\n"
        "  The columns of y.parquet are 'label'."
    )


@pytest.mark.parametrize("label", ["1.0", "01", "+1", "1e0"])
def test_a_number_spelled_otherwise_is_an_error_with_the_hint(label: str) -> None:
    assert refusal("0,1", ["0", label]) == (
        f"y.csv, record 2 (line 3), column 'label': the label '{label}' is not a class; the classes are '0', '1'\n  1 "
        f"label "
        f"would match "
        "as a number. Labels are compared as they stand: change the file, or name the classes with --classes.\n"
        f"  Try --classes 0=0,1={label}"
    )


def test_matches_that_changes_would_make_are_counted() -> None:
    """Each label once, under the least change."""
    assert refusal("cat,dog", ["Cat", "CAT", " dog", "emu"], *[ROW[2]] * 4) == (
        "y.csv, record 1 (line 2), column 'label': the label 'Cat' is not a class; the classes are 'cat', 'dog'\n  1 "
        "label "
        "would match "
        "without the spaces around it; 2 labels would match in other letter case. Labels are compared as they stand: "
        "change "
        "the file, or name the classes with --classes.\n  4 labels are no class:\n  'Cat', first in record 1\n  'CAT', "
        "first "
        "in record 2\n  ' dog', first in record 3\n  'emu', first in record 4"
    )


# --label-kind.


def test_labels_as_names_by_default() -> None:
    for kind in ("auto", "name"):
        assert run("10,2", ["10", "2"], label_kind=kind).inputs.label_kind == "name"
        assert [entry.rows for entry in run("10,2", ["10"], label_kind=kind).classes] == [0, 1]


def test_labels_as_indices_count_from_0_in_the_order_of_the_columns() -> None:
    result = run("ant,cat,dog", ["0", "0", "2"], *["0.375,0.125,0.5"] * 3, label_kind="index")
    assert (result.inputs.classes, result.inputs.label_kind, result.inputs.name_rule) == (
        ("ant", "cat", "dog"),
        "index",
        "index",
    )
    assert [entry.label_probability for entry in result.classes] == [0.375, None, 0.5]


def test_indices_of_columns_in_another_order_than_their_classes_are_an_error_with_both_orders() -> None:
    rows = ["0.5,0.125,0.375"] * 3
    assert refusal("dog,cat,ant", ["0", "0", "2"], *rows, label_kind="index") == (
        "p.csv: labels are indices, but the columns stand in another order than their classes: the columns are 'dog', "
        "'cat', 'ant', and in order 'ant', 'cat', 'dog'\n  Which order do the indices count in?\n"
        "  The columns of p.csv are 'dog', 'cat', 'ant'.\n"
        "  Try --classes dog,cat,ant\n  or  --classes ant=ant,cat=cat,dog=dog"
    )
    given: dict[str, Any] = {"label_kind": "index"}
    by_place = run("dog,cat,ant", ["0", "0", "2"], *rows, classes=["dog", "cat", "ant"], **given)
    assert [entry.label_probability for entry in by_place.classes] == [0.5, None, 0.375]
    by_class = run("dog,cat,ant", ["0", "0", "2"], *rows, classes=["ant=ant", "cat=cat", "dog=dog"], **given)
    assert [entry.label_probability for entry in by_class.classes] == [0.375, None, 0.5]


def test_labels_as_indices_count_in_the_order_of_classes() -> None:
    result = run("x,y,z", ["0", "2"], ROW[3], ROW[3], label_kind="index", classes=["c", "b", "a"])
    assert [(entry.class_, entry.rows) for entry in result.classes] == [("c", 1), ("b", 0), ("a", 1)]


def test_labels_as_indices_into_numbered_columns() -> None:
    header = ",".join(f"p_{k}" for k in range(11))
    rows = [",".join(["0"] * k + ["1"] + ["0"] * (10 - k)) for k in (2, 10)]
    assert run(header, ["2", "10"], *rows, label_kind="index").overall.loss == 0.0


def test_typed_labels_as_indices() -> None:
    parquet("p.parquet", cat=[0.75, 0.25], dog=[0.25, 0.75])
    for array in (pa.array([0, 1]), pa.array([0.0, 1.0])):
        parquet("y.parquet", label=array)
        assert evaluate("p.parquet", "y.parquet", label_kind="index").inputs.classes == ("cat", "dog")


def test_labels_as_indices_with_one_column() -> None:
    result = run("p_sick", ["0", "1"], "0.25", "0.75", label_kind="index")
    assert [entry.label_probability for entry in result.classes] == [0.75, 0.75]


@pytest.mark.parametrize("label", ["2", "-1", "00", "+0", "cat"])
def test_labels_that_are_no_index_are_an_error(label: str) -> None:
    assert refusal("cat,dog", ["0", label], label_kind="index").startswith(
        f"y.csv, record 2 (line 3), column 'label': the label '{label}' is not the index of a class; those are 0 to 1"
    )
