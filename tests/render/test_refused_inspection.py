"""What `inspect` shows where `eval` would refuse: the columns on standard output, the error last on standard error."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import RunXent
from rich.cells import cell_len
from schemas import INSPECT as SCHEMA

from xentcli import DataError, inspect
from xentcli.render.screen import Screen
from xentcli.render.table.inspect import render
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.inspection import InspectResult

FORMATS = ["table", "json"]
ERROR = "p.csv, record 1 (line 2), column 'pred': 'VF' is not a number\n  Other columns sum to 1 in every row.\n"
TRY = "  Try --pred VF,F"
TABLE = """\
p.csv (predictions)
CSV · unknown rows · 63 B · 6 columns · first 2 rows read

column  holds          from       to  labels matched  may be      such as
───────────────────────────────────────────────────────────────────────────────
obs     text                                       2  label       VF, F
pred    text                                       2  label       VF, F
VF      numbers         0.4      0.7               0  prediction  .7, .4
F       numbers         0.3      0.6               0  prediction  .3, .6
fold    text                                       0  slice       f1
id      whole numbers     7  1.1e+09               0  prediction  7, 1100000000

eval would refuse this. Nothing was scored.
"""
COLUMNS = [
    ("obs", "label", "text", None, None, ["VF", "F"], 2),
    ("pred", "label", "text", None, None, ["VF", "F"], 2),
    ("VF", "prediction", "numbers", 0.4, 0.7, [".7", ".4"], 0),
    ("F", "prediction", "numbers", 0.3, 0.6, [".3", ".6"], 0),
    ("fold", "slice", "text", None, None, ["f1"], 0),
    ("id", "prediction", "whole numbers", 7.0, 1.1e9, ["7", "1100000000"], 0),
]


@pytest.fixture(autouse=True)
def arrhythmias(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write predictions as caret writes them: the label, the predicted one, the classes, the fold, the row."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("p.csv").write_text("obs,pred,VF,F,fold,id\nVF,VF,.7,.3,f1,7\nF,F,.4,.6,f1,1100000000\n")


def refused(*paths: str, **options: Any) -> InspectResult:
    """Return what the inspection of inputs found that eval would refuse."""
    with pytest.raises(DataError) as caught:
        inspect(*paths, **options)
    found = caught.value.inspection
    assert isinstance(found, InspectResult)
    assert found.error is not None and found.error.message == str(caught.value)
    assert (found.inputs, found.settings, found.rules) == (None, None, None)
    jsonschema.validate(found.to_dict(), SCHEMA)
    return found


@pytest.mark.parametrize("terminal", [False, True])
def test_the_columns_come_whole_and_the_error_last(terminal: bool, run_xent: RunXent) -> None:
    for quiet in ((), ("-q",)):
        ran = run_xent("inspect", "p.csv", "--label", "obs", *quiet, terminal=terminal, columns=80)
        assert (ran.code, ran.stderr.replace("\x1b[1;31m", "").replace("\x1b[0m", "")) == (2, f"error: {ERROR}{TRY}\n")
        if not terminal:
            assert ran.stdout == TABLE


def test_json_says_what_the_columns_look_like_and_why_eval_would_refuse(run_xent: RunXent) -> None:
    ran = run_xent("inspect", "p.csv", "--label", "obs", "-f", "json")
    assert (ran.code, ran.stderr) == (2, f"error: {ERROR}{TRY}\n")
    data = json.loads(ran.stdout)
    jsonschema.validate(data, SCHEMA)
    assert data["error"] == {"message": ERROR + TRY, "options": ["--pred VF,F"]}
    assert [data[part] for part in ("inputs", "settings", "rules", "doubts", "warnings")] == [None, None, None, [], []]
    assert [
        tuple(one[key] for key in ("name", "role", "holds", "low", "high", "examples", "labels_matched"))
        for one in data["files"][0]["columns"]
    ] == COLUMNS


def test_an_inspection_that_is_not_refused_has_no_error(run_xent: RunXent) -> None:
    ran = run_xent("inspect", "p.csv", "--label", "obs", "--pred", "VF,F", "-f", "json")
    data = json.loads(ran.stdout)
    jsonschema.validate(data, SCHEMA)
    assert (ran.code, data["error"]) == (0, None)
    assert data["inputs"]["unused_columns"] == ["pred", "fold", "id"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_has_what_standard_output_would_have(form: str, run_xent: RunXent) -> None:
    arguments = ("inspect", "p.csv", "--label", "obs", "-f", form)
    printed, written = run_xent(*arguments), run_xent(*arguments, "-o", "out")
    assert (written.code, written.stdout, written.stderr) == (2, "", f"error: {ERROR}{TRY}\n")
    text = Path("out").read_text()
    if form == "json":
        there, here = json.loads(text), json.loads(printed.stdout)
        assert there | {"run": None} == here | {"run": None}
    else:
        assert text == printed.stdout
    assert sorted(path.name for path in Path().iterdir()) == ["out", "p.csv"]


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_written_where_not_even_the_columns_are_known(form: str, run_xent: RunXent) -> None:
    for path, text in (("empty.csv", ""), ("p.json", "[1, 2]")):
        Path(path).write_text(text)
        ran = run_xent("inspect", path, "-f", form, "-o", "out")
        assert (ran.code, ran.stdout, Path("out").exists()) == (2, "", False)
        assert ran.stderr.startswith(f"error: {path}: ")
        assert run_xent("inspect", path, "-f", form).stdout == ""


def test_both_inputs_are_shown_with_what_they_share(run_xent: RunXent) -> None:
    Path("q.csv").write_text("id,World,Sports,Business\n1,.7,.2,.1\n2,.1,.6,.3\n3,.1,.4,.5\n")
    Path("y.csv").write_text("id,label\n1,0\n2,1\n3,2\n")
    ran = run_xent("inspect", "q.csv", "y.csv", columns=80)
    assert (ran.code, ran.stdout) == (
        2,
        """\
q.csv (predictions)
CSV · unknown rows · 58 B · 4 columns · first 3 rows read

column    holds          from   to  labels matched  may be      such as
──────────────────────────────────────────────────────────────────────────
id        whole numbers     1    3               2  key         1, 2, 3
World     numbers         0.1  0.7               0  prediction  .7, .1
Sports    numbers         0.2  0.6               0  prediction  .2, .6, .4
Business  numbers         0.1  0.5               0  prediction  .1, .3, .5

y.csv (labels)
CSV · unknown rows · 21 B · 2 columns · first 3 rows read

column  holds          from  to  labels matched  may be  such as
────────────────────────────────────────────────────────────────
id      whole numbers     1   3               2  key     1, 2, 3
label   whole numbers     0   2               3  label   0, 1, 2

eval would refuse this. Nothing was scored.
""",
    )
    assert ran.stderr.startswith("error: y.csv, record 1 (line 2), column 'label': the label '0' is not a class; ")
    assert ran.stderr.endswith("\n  Try --label-kind index\n")


@pytest.mark.parametrize("width", [40, 60, 80, 120, None])
def test_names_and_values_of_any_length_are_neither_cut_nor_active(width: int | None) -> None:
    names = ["\x1b[2Jcat", "[red]x[/red]", "漢字" * 20, "a|b`c", "x" * 300]
    values = ["<b>", "=1+1", "1e300", "a b", "y" * 500]
    rows = [names, values, ["<b>", "=1+1", "-123456789", "a\u202eb", "z"]]
    with Path("h.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[head, *row] for head, row in zip(("label", "a", "b"), rows, strict=True)])
    found = refused("h.csv")
    text = render(found, Screen(width), ListingOptions())
    assert "\x1b" not in text and "\u202e" not in text
    assert width is None or max(map(cell_len, text.splitlines())) <= width
    # Names give way; figures and what a column may be do not.
    assert re.findall(r" -1\.235e\+08 +1e\+300 +0  ", text) or width == 40
    assert width == 40 or text.count("  labels matched  ") == 1
    assert text.count("slice") == 4


def test_on_a_narrow_screen_figures_give_way_to_names_that_can_be_read(run_xent: RunXent) -> None:
    ran = run_xent("inspect", "p.csv", "--label", "obs", terminal=True, columns=48)
    told = re.sub("\x1b\\[[0-9;]*m", "", ran.stdout)
    assert (
        told
        == """\
p.csv (predictions)
CSV · unknown rows · 63 B · 6 columns
first 2 rows read

column  holds          from       to  may be
────────────────────────────────────────────────
obs     text                          label
pred    text                          label
VF      numbers         0.4      0.7  prediction
F       numbers         0.3      0.6  prediction
fold    text                          slice
id      whole numbers     7  1.1e+09  prediction

eval would refuse this. Nothing was scored.
"""
    )


def test_of_very_many_columns_the_first_20_are_listed_and_the_rest_counted() -> None:
    k = 300
    Path("w.csv").write_text(",".join(f"c{at}" for at in range(k)) + "\n" + ",".join(["1"] * k) + "\n")
    Path("y.csv").write_text("label\nzebra\n")
    found = refused("w.csv", "y.csv")
    assert len(found.files[0].columns) == k
    assert "\n280 more columns: 280 prediction\n" in render(found, Screen(80), ListingOptions())


def test_missing_cells_and_files_without_rows_are_said() -> None:
    Path("m.csv").write_text("cat,dog,year,age,label\n.5,.5,2024,,cat\n.5,.5,,,emu\n.5,.5,1999,,cat\n")
    (file,) = refused("m.csv").files
    assert [(one.name, one.holds, one.low, one.high, one.role) for one in file.columns] == [
        ("cat", "numbers", 0.5, 0.5, "prediction"),
        ("dog", "numbers", 0.5, 0.5, "prediction"),
        ("year", "whole numbers", 1999.0, 2024.0, "prediction"),
        ("age", "nothing", None, None, "unused"),
        ("label", "text", None, None, "label"),
    ]
    Path("none.csv").write_text("cat,dog\n")
    Path("y.csv").write_text("label\nemu\nemu\n")
    mine, yours = refused("none.csv", "y.csv").files
    assert [(one.holds, one.role) for one in mine.columns] == [("nothing", "unused")] * 2
    assert (mine.sample_rows, yours.sample_rows) == (0, 2)
