"""What an inspection found, as CSV: a line for each column, and doubts beside it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.csv
import pytest
from conftest import SAMPLES, RunXent

from xentcli import InspectResult, inspect
from xentcli.render.csv.inspect import render

HEADINGS = (
    "input,path,format,rows,rows_estimate,sample_rows,bytes,column,type,role,also,class,why,"
    "holds,low,high,labels_matched"
)
FILES = (SAMPLES / "digits_forest.parquet", SAMPLES / "digits_labels.csv")
CASES: dict[str, tuple[tuple[Path, ...], dict[str, Any]]] = {
    "keyed": (FILES, {"on": "image", "label": "label", "by": "half,label"}),
    "logits": ((SAMPLES / "wine_logits.csv", SAMPLES / "wine_labels.csv"), {"input": "logits"}),
    "binary": ((SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.parquet"), {}),
}
HOSTILE = ["=x", "\x1b[2J", "a,b", 'say "a"', "a\tb\nc", "\udcff", "", "x" * 5000]
SHOWN = ["'=x", "\\x1b[2J", "a,b", 'say "a"', "a\tb\\nc", "\\xff", "", "x" * 5000]


def records_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def found(case: str) -> InspectResult:
    files, options = CASES[case]
    return inspect(*files, **options)


@pytest.mark.parametrize("case", CASES)
def test_every_column_of_every_input_has_a_line_with_what_json_says_of_it(case: str) -> None:
    result = found(case)
    assert render(result).partition("\n")[0] == HEADINGS
    records = records_of(render(result))
    columns = [(file, column) for file in result.to_dict()["files"] for column in file["columns"]]
    assert len(records) == len(columns)
    for record, (file, column) in zip(records, columns, strict=True):
        data = file | {"column": column.pop("name")} | column
        data["also"] = ", ".join(data["also"])
        assert record == {name: "" if data[name] is None else str(data[name]) for name in HEADINGS.split(",")}


def test_a_file_is_written_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("id,cat,dog,note\n1,0.7,0.3,x\n2,0.2,0.8,y\n")
    Path("y.csv").write_text("id,label\n1,cat\n2,dog\n")
    result = inspect("p.csv", "y.csv", on="id", by="id", pred="cat,dog")
    assert render(result) == (
        f"{HEADINGS}\n"
        "predictions,p.csv,csv,2,,2,40,id,text,key,slice,,,whole numbers,1.0,2.0,0\n"
        "predictions,p.csv,csv,2,,2,40,cat,text,prediction,,cat,,numbers,0.2,0.7,0\n"
        "predictions,p.csv,csv,2,,2,40,dog,text,prediction,,dog,,numbers,0.3,0.8,0\n"
        "predictions,p.csv,csv,2,,2,40,note,text,unused,,,'--pred does not name it,text,,,0\n"
        "labels,y.csv,csv,2,,2,21,id,text,key,slice,,,whole numbers,1.0,2.0,0\n"
        "labels,y.csv,csv,2,,2,21,label,text,label,,,,text,,,2\n"
    )


def test_an_estimate_has_a_column_of_its_own_and_a_pipe_no_bytes(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("cat,dog,label\n" + "0.25,0.75,dog\n" * 400_000)
    (one, *_) = records_of(render(inspect(path)))
    assert (one["rows"], one["rows_estimate"], one["sample_rows"]) == ("", "399980", "1000")
    assert one["bytes"] == str(path.stat().st_size)
    result = inspect(path)
    piped = replace(result, files=tuple(replace(file, bytes=None, rows_estimate=None) for file in result.files))
    assert {(one["rows_estimate"], one["bytes"]) for one in records_of(render(piped))} == {("", "")}


def test_nothing_in_a_name_is_active_and_every_reader_finds_the_records() -> None:
    result = found("keyed")
    base = result.files[0].columns[0]
    columns = tuple(replace(base, name=name, type=name, class_=name, why=name) for name in HOSTILE)
    text = render(replace(result, files=(replace(result.files[0], path="=\x1b", columns=columns),)))
    for name in ("column", "type", "class", "why"):
        assert [one[name] for one in records_of(text)] == SHOWN
    assert {one["path"] for one in records_of(text)} == {"'=\\x1b"}
    frame = pd.read_csv(io.StringIO(text), keep_default_na=False)
    assert frame["column"].tolist() == SHOWN
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    assert pyarrow.csv.read_csv(io.BytesIO(text.encode()), parse_options=parse)["column"].to_pylist() == SHOWN


def test_doubts_are_said_beside_it_unless_quiet(run_xent: RunXent, tmp_path: Path) -> None:
    files = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
    ran = run_xent("inspect", *files, "-f", "csv")
    assert (ran.code, ran.stdout) == (0, render(inspect(*files)))
    assert ran.stderr == (
        "doubt: column 'image' of both inputs must be the same row by row, as no option names them (--on image or "
        "--no-order-check)\n"
        "doubt: column 'weight' may hold weights, but every row weighs 1 (unused) (--weight weight)\n"
    )
    ran = run_xent("inspect", *files, "-f", "csv", "-q", "-o", tmp_path / "out")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "out").read_bytes() == render(inspect(*files)).encode()
