"""Formats that are known but not read: named, with a line for a shell that turns each into one that is."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from conftest import RunXent
from pyarrow import orc
from tables import P, Y, write
from tools import tool

from xentcli import DataError, evaluate

FRAME = pd.DataFrame({"cat": [0.7, 0.2], "dog": [0.3, 0.8]})
LABELS = "label\ncat\ndog\n"
LOSS = 0.2899092476264711  # -(log(0.7) + log(0.8)) / 2, the nearest float64


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Y, LABELS)


def refusal(path: str) -> DataError:
    with pytest.raises(DataError) as error:
        evaluate(path, Y)
    return error.value


def run(line: str) -> str:
    """Run a line in Bash, where `python` is this Python; return the file that it writes."""
    function = f'python() {{ "{sys.executable}" "$@"; }}\n'
    subprocess.run([tool("bash"), "-c", function + line], check=True)
    return str(max(Path().rglob("*"), key=lambda path: path.stat().st_mtime_ns))


def a_pickle(path: str, protocol: int = 4) -> None:
    Path(path).write_bytes(pickle.dumps(FRAME, protocol))


def a_database(path: str) -> None:
    with sqlite3.connect(path) as database:
        FRAME.to_sql("t", database, index=False)
    database.close()


def an_array(path: str, orient: str = "records", indent: int | None = None) -> None:
    held = FRAME.to_dict("records") if orient == "records" else FRAME.to_numpy().tolist()
    Path(path).write_text(json.dumps(held, indent=indent))


ARFF = "% made by WEKA\n@RELATION p\n\n@attribute cat numeric\n@attribute dog numeric\n@data\n0.7,0.3\n0.2,0.8\n"
REAL: dict[str, tuple[str, Callable[[str], object]]] = {
    "p.orc": ("ORC", lambda path: orc.write_table(pa.Table.from_pandas(FRAME), path)),
    "p.dta": ("Stata", lambda path: FRAME.to_stata(path, write_index=False)),
    "old.dta": ("Stata", lambda path: FRAME.to_stata(path, write_index=False, version=114)),
    "p.pkl": ("a pickle", a_pickle),
    "p2": ("a pickle", lambda path: a_pickle(path, 2)),
    "p5.bin": ("a pickle", lambda path: a_pickle(path, 5)),
    "p0.pickle": ("a pickle", lambda path: a_pickle(path, 0)),
    "p.sqlite": ("SQLite", a_database),
    "p.json": ("a JSON array", an_array),
    "indented.json": ("a JSON array", lambda path: an_array(path, indent=1)),
    "q.jsonl": ("a JSON array", an_array),
    "it's mine.json": ("a JSON array", an_array),
    "-p.json": ("a JSON array", an_array),
    "p.arff": ("ARFF", lambda path: write(path, ARFF)),
    "weka.txt": ("ARFF", lambda path: write(path, ARFF)),
    "p.arff.gz": ("ARFF", lambda path: Path(path).write_bytes(gzip.compress(ARFF.encode()))),
    "p.json.gz": (
        "a JSON array",
        lambda path: Path(path).write_bytes(gzip.compress(FRAME.to_json(orient="records").encode())),
    ),
}
NEEDS = {"ARFF": "scipy", "a JSON array": ""}


@pytest.mark.one_in_three
@pytest.mark.parametrize("path", REAL)
def test_a_format_is_named_with_a_line_that_turns_it_into_one_that_is_read(path: str) -> None:
    name, make = REAL[path]
    make(path)
    error = refusal(path)
    assert error.problem == f"the file is {name}, which is not read"
    assert "CSV, JSON Lines and Parquet are." in error.hint
    (line,) = error.options
    assert str(error).endswith(f"\n  Try {line}")
    if name == "a JSON array":
        tool("jq")
    if find_spec(NEEDS.get(name, "pandas") or "sys") is None:
        pytest.skip(f"no {NEEDS.get(name, 'pandas')} here")
    assert evaluate(run(line.replace(" TABLE", " t")), Y).overall.loss == pytest.approx(LOSS, rel=1e-15)


@pytest.mark.parametrize(("path", "orient"), [("p.json", "lists"), ("p.txt", "lists")])
def test_an_array_of_lists_becomes_records_without_a_header(path: str, orient: str) -> None:
    an_array(path, orient, indent=1)
    error = refusal(path)
    assert error.hint.endswith("--no-header.")
    tool("jq")
    found = evaluate(run(error.options[0]), Y, no_header=True, labels_no_header=False, classes="cat,dog")
    assert found.overall.loss == LOSS


def test_an_array_of_labels_becomes_a_line_each() -> None:
    FRAME.to_csv(P, index=False)
    write("y.json", json.dumps(["cat", "dog"]))
    with pytest.raises(DataError) as error:
        evaluate(P, "y.json")
    tool("jq")
    assert evaluate(P, run(error.value.options[0]), labels_no_header=True).overall.loss == LOSS


MAGIC: dict[str, tuple[bytes, str, str, str]] = {
    "p.avro": (b"Obj\x01\x04\x16avro.schema", "Avro", "polars", "read_avro"),
    "p.duckdb": (b"\x01\x02\x03\x04\x05\x06\x07\x88DUCK\x40\0\0\0", "DuckDB", "duckdb", "write_parquet"),
    "p.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "an Excel workbook", "pandas", "read_excel"),
    "p.xlsx": (b"PK\x03\x04\x14\0\x06\0" + bytes(22) + b"[Content_Types].xml", "an Excel workbook", "pandas", "excel"),
    "book": (b"PK\x03\x04\x14\0\x06\0" + bytes(22) + b"[Content_Types].xml", "an Excel workbook", "pandas", "excel"),
}


@pytest.mark.parametrize("path", MAGIC)
def test_a_format_is_told_by_its_first_bytes(path: str) -> None:
    head, name, package, call = MAGIC[path]
    write(path, head)
    error = refusal(path)
    assert error.problem == f"the file is {name}, which is not read"
    assert package in error.options[0]
    assert call in error.options[0]
    code = re.search(r'python -c "([^"]*)"', error.options[0])
    assert code is not None
    compile(code.group(1), path, "exec")


@pytest.mark.parametrize("name", ["ORC", "Obj", "DUCKDUCKDUCK", "SQLite format 3", "@relation", "<stata_dta>", "[x"])
def test_a_column_may_be_called_as_a_format_begins(name: str) -> None:
    write(P, f"{name},dog\n0.7,0.3\n0.2,0.8\n")
    assert evaluate(P, write("z.csv", f"label\n{name}\ndog\n")).overall.loss == LOSS


def test_what_the_name_says_is_contradicted_by_name() -> None:
    write("p.parquet", MAGIC["p.avro"][0])
    assert refusal("p.parquet").problem == "the name says Parquet, but the content is Avro"


def test_lists_a_line_are_no_array(run_xent: RunXent) -> None:
    write("p.jsonl", "[0.7, 0.3]\n[0.2, 0.8]\n")
    ran = run_xent("eval", "p.jsonl", Y)
    assert "the line is a list, not an object" in ran.stderr


def test_a_line_writes_over_no_file() -> None:
    an_array("p.json")
    write("p.jsonl", "mine"), write("p_plain.jsonl", "mine")
    assert refusal("p.json").options == ("jq -c '.[]' p.json > p_plain2.jsonl",)
    write("p.dta.gz", gzip.compress(b"<stata_dta>")), write("p.dta", "mine"), write("p_plain.csv", "mine")
    assert refusal("p.dta.gz").options[0].startswith("gzip -dc p.dta.gz > p_plain.dta && python")
    assert refusal("p.dta.gz").options[0].endswith(" p_plain.dta p_plain_plain.csv")


def test_standard_input_is_called_file(monkeypatch: pytest.MonkeyPatch) -> None:
    script = '"$XENT_PYTHON" -m xentcli eval - y.csv < p.json'
    an_array("p.json")
    ran = subprocess.run(
        [tool("bash"), "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XENT_PYTHON": sys.executable},
    )
    assert ran.returncode == 2
    assert ran.stderr.endswith("  Try jq -c '.[]' FILE > FILE.jsonl\n")


# Cells ---------------------------------------------------------------------------------------------------------


def test_wekas_stars_are_named_and_taken_away(run_xent: RunXent) -> None:
    write(P, "cat,dog\n*0.7,0.3\n0.2,*0.8\n")
    error = refusal(P)
    assert str(error) == (
        "p.csv, record 1 (line 2), column 'cat': '*0.7' is not a number\n"
        "  A star marks the class that WEKA predicts.\n  Try sed 's/[*]//g' p.csv > p_plain.csv"
    )
    assert evaluate(run(error.options[0]), Y).overall.loss == LOSS


def test_wekas_one_name_for_the_distribution_becomes_one_a_class() -> None:
    header = "inst#,actual,predicted,error,distribution\n"
    write(P, f"{header}1,1:cat,1:cat,,*0.7,0.3\n2,2:dog,2:dog,,0.2,*0.8\n")
    error = refusal(P)
    assert error.options == ("sed -e '1s/distribution/1,2/' -e 's/[*]//g' p.csv > p_plain.csv",)
    found = evaluate(run(error.options[0]), label="actual", pred="1,2", classes="1:cat,2:dog")
    assert found.overall.loss == LOSS


@pytest.mark.parametrize(
    "text",
    [
        "cat:0.7 dog:0.3\ndog:0.8 cat:0.2\n",
        "cat:0.7,dog:0.3\ncat:0.2,dog:0.8\n",
        "x,y\ncat:0.7,dog:0.3\ncat:0.2,dog:0.8\n",
        "scores,n\ncat:0.7 dog:0.3,a\ncat:2e-1 dog:8e-1,b\n",
        "scores,n\ncat:0.7;dog:0.3,a\ncat:0.2;dog:0.8,b\n",
    ],
)
def test_pairs_of_names_and_numbers_become_objects(text: str) -> None:
    write(P, text)
    with pytest.raises(DataError) as error:
        evaluate(P, Y, pred=["x", "y"] if text.startswith("x") else ["scores"])
    assert error.value.hint == "Names beside their numbers are written as an object of JSON Lines for each row."
    tool("jq")
    assert evaluate(run(error.value.options[0]), Y).overall.loss == LOSS


def test_columns_and_times_with_colons_are_no_pairs() -> None:
    write(P, "class:0,class:1\n0.7,0.3\n0.2,0.8\n")
    assert evaluate(P, write("z.csv", "label\n0\n1\n")).overall.loss == LOSS
    write(P, "cat,dog\n12:30,0.3\n")
    assert refusal(P).options == ()


def test_duckdb_and_avro_of_the_real_libraries() -> None:
    for package, path in (("duckdb", "p.duckdb"), ("polars", "p.avro")):
        if find_spec(package) is None:
            continue
        module = __import__(package)
        if package == "duckdb":
            with module.connect(path) as database:
                database.execute(
                    "CREATE TABLE t AS SELECT * FROM (VALUES (0.7::DOUBLE, 0.3::DOUBLE), (0.2, 0.8)) v(cat, dog)"
                )
        else:
            module.DataFrame({"cat": [0.7, 0.2], "dog": [0.3, 0.8]}).write_avro(path)
        assert evaluate(run(refusal(path).options[0].replace(" TABLE", " t")), Y).overall.loss == LOSS
