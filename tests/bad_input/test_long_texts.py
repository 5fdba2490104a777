"""Labels, keys and values of slices are names: a text of many kB is refused, with its record, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from tables import refused_files

from xentcli import evaluate
from xentcli.sources.limits import LONGEST_TEXT

HINT = "\n  Is this the column that is meant? A short name or a hash in the place of each text is as good."
ROWS = 5
LONG = "x" * (LONGEST_TEXT + 1)
OPTIONS = {
    "label": ["--label", "z"],
    "value": ["--label", "y", "--by", "z"],
    "key": ["labels", "--label", "labels:y", "--on", "z"],
}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(form: str, texts: list[Any]) -> str:
    columns = {"z": texts, "y": ["a", "b"] * 2 + ["a"], "p_a": [0.5] * ROWS, "p_b": [0.5] * ROWS}
    name = f"p.{form.partition('-')[0]}"
    if form == "csv":
        rows = ["" if z is None else z for z in texts]
        body = "".join(f"{z},{y},0.5,0.5\n" for z, y in zip(rows, columns["y"], strict=True))
        Path(name).write_text("z,y,p_a,p_b\n" + body, encoding="utf-8")
    elif form == "jsonl":
        records = (dict(zip(columns, record, strict=True)) for record in zip(*columns.values(), strict=True))
        Path(name).write_text("".join(json.dumps(record) + "\n" for record in records))
    else:
        kind = {"dictionary": pa.string(), "bytes": pa.binary(), "delta": pa.large_string()}[form.partition("-")[2]]
        encoding = {"column_encoding": {"z": "DELTA_BYTE_ARRAY"}, "use_dictionary": False}
        options: dict[str, Any] = encoding if "delta" in form else {}
        pq.write_table(pa.table(columns | {"z": pa.array(texts, type=kind)}), name, row_group_size=2, **options)
    return name


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet-dictionary", "parquet-bytes", "parquet-delta"])
@pytest.mark.parametrize("role", OPTIONS)
@pytest.mark.parametrize("text", [LONG, "é" * (LONGEST_TEXT // 2 + 1)], ids=["ascii", "two-bytes"])
def test_f7_a_text_that_is_no_name(run_xent: RunXent, form: str, role: str, text: str) -> None:
    """A value of --by of 50 MB took 4.4 GB of memory and 1.4 GB of output."""
    texts = [f"k{at}" for at in range(ROWS)] if role == "key" else ["a", "b", "a", "b", "a"]
    path = written(form, texts)
    options = [part.replace("labels", "l" + path[1:], 1) if part == "labels" else part for part in OPTIONS[role]]
    if role == "key":
        Path(options[0]).write_bytes(Path(path).read_bytes())
    texts[3] = text
    written(form, texts)
    line = " (line 5)" if form == "csv" else " (line 4)" if form == "jsonl" else ""
    size = len(text.encode())
    rule = f"labels, keys and values of slices have at most {LONGEST_TEXT:,}"
    message = f"{path}, record 4{line}, column 'z': the {role} has {size:,} bytes; {rule}{HINT}"
    settings = [(), ("--chunk-rows", "1")]
    refused_files(run_xent, [path, *options, "--pred", "p_a,p_b"], message, settings)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet-dictionary", "parquet-bytes", "parquet-delta"])
def test_a_text_as_long_as_may_be_is_a_slice_and_missing_ones_are_none(form: str) -> None:
    path = written(form, ["é" * (LONGEST_TEXT // 2), None, "b", LONG[1:], None])
    result = evaluate(path, label="y", by="z", pred=["p_a", "p_b"])
    assert {one.by["z"] for one in result.slices or ()} == {"é" * (LONGEST_TEXT // 2), None, "b", LONG[1:]}


def test_a_number_of_many_digits_is_no_label_either(run_xent: RunXent) -> None:
    Path("p.jsonl").write_text('{"z": 1, "1": 0.5, "2": 0.5}\n' + f'{{"z": {"1" * 5000}, "1": 0.5, "2": 0.5}}\n')
    rule = f"labels, keys and values of slices have at most {LONGEST_TEXT:,}"
    message = f"p.jsonl, record 2 (line 2), column 'z': the label has 5,000 bytes; {rule}{HINT}"
    refused_files(run_xent, ["p.jsonl", "--label", "z"], message, [()])


def test_a_long_text_that_is_only_compared_is_none_of_these(run_xent: RunXent) -> None:
    """Without --on shared columns are compared row by row, whatever they hold."""
    path = written("csv", ["a", "b", "c", LONG * 20, "e"])
    Path("l.csv").write_bytes(Path(path).read_bytes())
    ran = run_xent("eval", path, "l.csv", "--label", "labels:y", "--pred", "p_a,p_b")
    assert (ran.code, ran.stderr) == (0, "")
