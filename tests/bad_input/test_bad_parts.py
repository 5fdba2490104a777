"""Parts that do not go together, and URIs and odd names of directories on the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import RunXent
from files import LABELS, PREDICTIONS, read_json
from tables import Y, accepted_files, figures, parquet, refused_files, write

from xentcli import DataError
from xentcli.sources.base import Role
from xentcli.sources.open import open_source
from xentcli.spec.dialect import Dialect

ONE_TYPE = "Write it with one type in all parts."
BY_NAME = "Parts have the same columns by name, in any order."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def parts(**files: str) -> str:
    """Write CSV parts below `d`, each called as its keyword, and return the folder."""
    for name, content in files.items():
        Path("d").mkdir(exist_ok=True)
        write(f"d/{name}.csv", content)
    return "d"


# OF7 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", "cat,dog\n", "dog,cat", "\ufeffcat,dog\r\n"])
def test_of7_empty_parts_among_others_are_fine(empty: str) -> None:
    write(Y, LABELS)
    write("p.csv", PREDICTIONS)
    expected = figures(accepted_files("p.csv", Y))
    rows = PREDICTIONS.splitlines()
    parts(a=empty, b=f"{rows[0]}\n{rows[1]}\n", c=empty, d=f"{rows[0]}\n{rows[2]}\n", e=empty)
    assert figures(accepted_files("d", Y)) == expected
    assert figures(accepted_files("d/*.csv", Y)) == expected


def test_of7_empty_parquet_parts_are_fine() -> None:
    Path("d").mkdir()
    parquet("d/a.parquet", p_dog=pa.array([], pa.float32()), label=pa.array([], pa.null()))
    parquet("d/b.parquet", p_dog=[0.25, 0.75], label=["cat", "dog"])
    write("d/c.parquet", "")
    assert accepted_files("d").overall.rows == 2


def test_of7_all_parts_are_empty(run_xent: RunXent) -> None:
    write(Y, LABELS)
    refused_files(run_xent, [parts(a="", b=""), Y], "d: every part is empty: 0 bytes long")
    refused_files(run_xent, [parts(a="", b="cat,dog\n", c="dog,cat\n"), Y], "d: no part has a row of data")
    Path("q").mkdir()
    parquet("q/a.parquet", cat=pa.array([], pa.float64()), dog=pa.array([], pa.float64()))
    refused_files(run_xent, ["q", Y], "q: no part has a row of data")


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("cat", "it has no column 'dog', which 'd/a.csv' has"),
        ("cat,Dog", "it has no column 'dog', which 'd/a.csv' has"),
        ("cat,dog,cow", "it has a column 'cow', which 'd/a.csv' does not have"),
        ("cat,dog,,", "it has a column '', which 'd/a.csv' does not have"),
    ],
)
@pytest.mark.parametrize("given", ["d", "d/*.csv", "d/**/?.csv"])
def test_of7_parts_with_different_columns(run_xent: RunXent, header: str, problem: str, given: str) -> None:
    parts(_a="", a=PREDICTIONS, b=f"{header}\n", c="x\n")
    refused_files(run_xent, [given, write(Y, LABELS)], f"d/b.csv: {problem}\n  {BY_NAME}")


def test_of7_parts_with_different_numbers_of_unnamed_columns(run_xent: RunXent) -> None:
    parts(a=",,cat\n", b=",cat\n")
    refused_files(run_xent, ["d", write(Y, LABELS)], f"d/b.csv: it has 2 columns, but 'd/a.csv' has 3\n  {BY_NAME}")


@pytest.mark.parametrize(
    ("values", "shown"),
    [(["1", "2"], "string"), ([True, False], "bool"), ([[1.0], [2.0]], "list<element: double>")],
)
def test_of7_parts_with_different_types(run_xent: RunXent, values: list[Any], shown: str) -> None:
    Path("d").mkdir()
    parquet("d/a.parquet", id=pa.nulls(2), p_dog=[0.25, 0.75], label=["cat", "dog"])
    parquet("d/b.parquet", id=[1, 2], p_dog=[0.25, 0.75], label=["cat", "dog"])
    parquet("d/c.parquet", id=values, p_dog=[0.25, 0.75], label=["cat", "dog"])
    message = f"d/c.parquet: column 'id' is of type {shown} here, but int64 in 'd/b.parquet'\n  {ONE_TYPE}"
    refused_files(run_xent, ["d"], message)


@pytest.mark.parametrize(("kind", "shown"), [(pa.float64(), "double"), (pa.uint64(), "uint64")])
def test_of7_keys_that_compare_differently_in_two_parts(kind: pa.DataType, shown: str) -> None:
    Path("d").mkdir()
    for name, one in (("a", pa.int64()), ("b", pa.int32()), ("c", kind)):
        parquet(f"d/{name}.parquet", id=pa.array([1, 2], one), p_dog=[0.25, 0.75])
    source = open_source("d", 0, Dialect())
    with pytest.raises(DataError) as caught:
        next(iter(source.pieces({"id": Role.KEY}, None, 1)))  # type: ignore[arg-type]  # no pool is needed to be refused
    assert str(caught.value) == (
        f"d/c.parquet: column 'id' is of type {shown} here, but int64 in 'd/a.parquet'\n  {ONE_TYPE}"
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a=1/x", "y"], "d/a=1/x.csv: a folder gives 'a', but none does for 'd/y.csv'"),
        (["a=1/x", "a=1/b=2/x"], "d/a=1/b=2/x.csv: a folder gives 'b', but none does for 'd/a=1/x.csv'"),
        (["a=1/a=2/x"], "d/a=1/a=2/x.csv: two of its folders give 'a'"),
        (["cat=1/x"], "d/cat=1/x.csv: the column 'cat' is in the file and in the name of a folder above it"),
        (["a=%ff/x"], "d/a=%ff/x.csv: its folder 'a=%ff' is not valid UTF-8"),
    ],
)
def test_of7_folders_that_contradict(run_xent: RunXent, names: list[str], message: str) -> None:
    for name in names:
        Path("d", name).parent.mkdir(parents=True, exist_ok=True)
        write(f"d/{name}.csv", PREDICTIONS)
    if "gives" in message:
        message += "\n  Every part needs the same key=value folders."
    elif "in the file" in message:
        message += "\n  Leave out one of them."
    refused_files(run_xent, ["d", write(Y, LABELS)], message)


def test_of7_folders_that_are_no_key_say_nothing() -> None:
    write(Y, LABELS)
    for name in ("a", "=b"):
        Path("d", name).mkdir(parents=True)
        write(f"d/{name}/x.csv", PREDICTIONS)
    assert [column.name for column in open_source("d", 0, Dialect()).columns] == ["cat", "dog"]


def test_of7_the_first_bad_record_of_the_first_bad_part_is_reported(run_xent: RunXent) -> None:
    parts(a=PREDICTIONS, b="dog,cat\n0.5,0.5\nx,y\n", c="cat,dog\nz,0.5\n")
    write(Y, "label\n" + "cat\n" * 5)
    refused_files(
        run_xent,
        ["d", Y],
        "d/b.csv, record 2 (line 3), column 'dog': 'x' is not a number\n  Are these the predictions?\n  Try --pred cat",
    )


def test_of7_a_bad_label_in_the_first_record_of_a_part(run_xent: RunXent) -> None:
    parts(a="label,cat,dog\ncat,0.7,0.3\n", b="label,cat,dog\ncow,x,0.3\n")
    refused_files(
        run_xent,
        ["d"],
        "d/b.csv, record 1 (line 2), column 'label': the label 'cow' is not a class; the classes are 'cat', 'dog'\n"
        "  Is this the label column? See --label, or name the classes with --classes.",
    )


def test_of7_a_part_with_a_header_that_cannot_be_is_an_error_at_once(run_xent: RunXent) -> None:
    parts(a="cat,dog\nx,y\n", b="cat,cat\n")
    message = "d/b.csv, line 1: two columns are called 'cat'\n  Rename one of them."
    refused_files(run_xent, ["d", write(Y, LABELS)], message)


# CL10, CL11 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("scheme", ["s3", "gs", "gcs"])
def test_cl10_a_uri_without_a_bucket(run_xent: RunXent, scheme: str, side: int) -> None:
    paths = [write("p.csv", PREDICTIONS), write(Y, LABELS)]
    paths[side] = f"{scheme}://"
    refused_files(run_xent, paths, f"'{scheme}://' names no bucket; it is {scheme}://BUCKET/PATH")


def test_cl11_a_directory_whose_names_are_not_utf_8(run_xent: RunXent) -> None:
    name = os.fsdecode(b"d\xff\x1b[31m")
    Path(name).mkdir()
    write(f"{name}/\udcfe.csv", PREDICTIONS)
    write(Y, LABELS)
    ran = run_xent("eval", name, Y, "-f", "json")
    assert (ran.code, ran.stderr) == (0, "")
    assert read_json(ran.stdout)["inputs"]["predictions"] == ["d\\udcff\x1b[31m/\\udcfe.csv"]
    write(f"{name}/q.csv", "x\n")
    shown = "d\\xff\\x1b[31m"
    # By their bytes q comes before \xfe.
    message = f"{shown}/\\xfe.csv: it has no column 'x', which '{shown}/q.csv' has\n  {BY_NAME}"
    refused_files(run_xent, [f"{name}/*.csv", Y], message)
