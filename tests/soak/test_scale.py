"""Large files: right to 1e-12, under 300 MB, the same bits on one thread and two. XENT_SOAK=short takes a tenth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from effort import SHORT, soak_size
from sklearn.metrics import log_loss

pytestmark = pytest.mark.soak
MEMORY = 300 << 20


def run(*arguments: str) -> dict[str, Any]:
    """Run xent as a process and return its result and its own account of its peak memory."""
    done = subprocess.run(
        [sys.executable, "-m", "xentcli", "eval", *arguments, "-f", "json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def binary(rows: int) -> tuple[pa.Table, pa.Table, float]:
    rng = np.random.default_rng(1)
    p = np.round(rng.beta(2, 2, rows), 6)
    y = (rng.random(rows) < p).astype(np.int64)
    return pa.table({"p": p}), pa.table({"y": y}), float(log_loss(y, p))


def ten_classes(rows: int) -> tuple[pa.Table, pa.Table, float]:
    rng = np.random.default_rng(2)
    odds = np.exp(rng.standard_normal((rows, 10)) * 2)
    p = odds / odds.sum(axis=1, keepdims=True)
    y = (rng.random(rows)[:, None] > p.cumsum(axis=1)).sum(axis=1).clip(0, 9)
    table = pa.table({f"p_c{k}": p[:, k] for k in range(10)})
    return table, pa.table({"label": np.array([f"c{k}" for k in range(10)])[y]}), float(log_loss(y, p))


@pytest.mark.parametrize(("make", "rows"), [(binary, 10_000_000), (ten_classes, 2_000_000)])
def test_millions_of_rows(make: Any, rows: int, tmp_path: Path) -> None:
    predictions, labels, expected = make(soak_size(rows // 10, rows))
    names = {form: (str(tmp_path / f"p.{form}"), str(tmp_path / f"y.{form}")) for form in ("csv", "parquet")}
    for table, at in ((predictions, 0), (labels, 1)):
        pyarrow.csv.write_csv(table, names["csv"][at])
        pyarrow.parquet.write_table(table, names["parquet"][at])
    results = [run(*names[form], "--jobs", threads) for form in names for threads in ("1", "2")]
    for result in results:
        assert result["overall"]["loss"] == pytest.approx(expected, rel=1e-12)
        assert result["overall"] == results[0]["overall"]
        assert result["classes"] == results[0]["classes"]
        assert result["run"]["peak_memory_bytes"] < MEMORY


@pytest.mark.parametrize("make", [binary, ten_classes])
@pytest.mark.parametrize("form", ["csv", "parquet in one row group", "parquet in many"])
def test_memory_does_not_grow_with_the_rows(make: Any, form: str, tmp_path: Path) -> None:
    if SHORT and make is ten_classes:
        pytest.skip("of ten classes in the full suite alone")
    peaks = []
    for rows in (1_000_000, soak_size(3_000_000, 10_000_000)):
        paths = [str(tmp_path / f"{side}-{rows}") for side in "py"]
        for table, path in zip(make(rows)[:2], paths, strict=True):
            if form == "csv":
                pyarrow.csv.write_csv(table, path)
            else:
                pyarrow.parquet.write_table(table, path, row_group_size=rows if "one" in form else 100_000)
        # Of two runs the least: what blocks are under way at once differs from run to run.
        peaks.append(min(run(*paths)["run"]["peak_memory_bytes"] for _ in range(2)))
    assert peaks[1] <= 1.1 * peaks[0]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_hundred_thousand_classes(form: str, tmp_path: Path) -> None:
    k, rows = soak_size(10_000, 100_000), soak_size(60, 100)
    p = np.random.default_rng(3).dirichlet(np.ones(k), rows)
    labels = [f"c{at}" for at in np.random.default_rng(4).integers(0, k, rows)]
    table = pa.table({f"c{at}": p[:, at] for at in range(k)})
    paths = str(tmp_path / f"p.{form}"), str(tmp_path / "y.csv")
    pyarrow.csv.write_csv(table, paths[0]) if form == "csv" else pyarrow.parquet.write_table(table, paths[0])
    pyarrow.csv.write_csv(pa.table({"label": labels}), paths[1])
    result = run(*paths)
    chosen = [p[row, int(name[1:])] for row, name in enumerate(labels)]
    assert result["overall"]["loss"] == pytest.approx(float(-np.mean(np.log(np.maximum(chosen, 2.0**-52)))), rel=1e-12)
