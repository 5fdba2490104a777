"""SE7: names that a spreadsheet would run stand behind an apostrophe in `-f csv`, and in no other format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent

NAMES = ["=cmd()", "+1", "-1", "@x", "\tx", "\rx", "plain"]
SHOWN = ["'=cmd()", "+1", "-1", "'@x", "'\tx", "\\rx", "plain"]


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a file whose classes, slices and own name begin as formulas do, and return its name."""
    monkeypatch.chdir(tmp_path)
    columns = {name: [0.4 if name == label else 0.1 for label in NAMES] for name in NAMES}
    pq.write_table(pa.table({**columns, "label": NAMES, "=by": NAMES}), "=file.parquet")
    return "=file.parquet"


def records_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_se7_classes_and_slices_in_csv(hostile: str, run_xent: RunXent) -> None:
    ran = run_xent("eval", hostile, "--label", "label", "--by", "=by", "-f", "csv", "--sort", "none")
    assert (ran.code, ran.stderr) == (0, "")
    records = records_of(ran.stdout)
    assert list(records[0])[:3] == ["row", "'=by", "class"]
    assert sorted(one["class"] for one in records if one["row"] == "class") == sorted(SHOWN)
    assert sorted(one["'=by"] for one in records if one["row"] == "slice") == sorted(SHOWN)
    assert sorted(one["class"] for one in records if one["row"] == "slice-class") == sorted(SHOWN)


def test_se7_data_for_programs_are_as_they_were(hostile: str, run_xent: RunXent) -> None:
    ran = run_xent("eval", hostile, "--label", "label", "--by", "=by", "-f", "json")
    result = json.loads(ran.stdout)
    assert sorted(entry["class"] for entry in result["classes"]) == sorted(NAMES)
    assert sorted(one["by"]["=by"] for one in result["slices"]) == sorted(NAMES)
    metrics = json.loads(run_xent("eval", hostile, "--label", "label", "--by", "=by", "-f", "metrics").stdout)
    assert "class/_x3Dcmd_x28_x29/loss" in metrics
