"""Rows joined by a shuffled key: xent beside Polars and DuckDB on the same work, whole processes, interleaved.

    python benchmarks/join.py --folder /tmp/join --rows 5000000

The work: pair predictions of ten classes with labels by `id`, then for each class the number of rows, the mean and
the standard deviation of the loss, the mean probability of the label, and the accuracy; nulls, probabilities outside
0 to 1, rows that do not sum to 1 and keys without a partner are looked for. Needs polars and duckdb, which xent does
not.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

K = 10
NAMES = [f"p_{k}" for k in range(K)]

POLARS = """
import sys, polars as pl
p, y = (pl.scan_parquet(path) for path in sys.argv[1:3])
names = [f"p_{k}" for k in range(10)]
cells = pl.concat_list(names)
joined = p.join(y, on="id", how="full", coalesce=True).with_columns(
    label_p=pl.coalesce([pl.when(pl.col("label") == k).then(pl.col(name)) for k, name in enumerate(names)]),
    total=pl.sum_horizontal(names), top=pl.max_horizontal(names), low=pl.min_horizontal(names))
checked = joined.with_columns(loss=-pl.col("label_p").clip(2.0**-52).log(), right=pl.col("label_p") == pl.col("top"))
bad = (pl.col("label").is_null() | pl.col("total").is_null() | (pl.col("low") < 0) | (pl.col("top") > 1)
       | ((pl.col("total") - 1).abs() > 0.01) | pl.col("label_p").is_null()).sum().alias("bad")
out = checked.group_by("label").agg(pl.len(), pl.col("loss").mean(), pl.col("loss").std().alias("sd"),
    pl.col("label_p").mean(), pl.col("right").mean(), bad).collect(engine="streaming")
print((out["loss"] * out["len"]).sum() / out["len"].sum(), out["bad"].sum())
"""
DUCKDB = """
import sys, duckdb
names = [f"p_{k}" for k in range(10)]
label_p = "case label " + " ".join(f"when {k} then {name}" for k, name in enumerate(names)) + " end"
total, top, low = " + ".join(names), f"greatest({', '.join(names)})", f"least({', '.join(names)})"
q = f'''
with joined as (select label, {label_p} as label_p, {total} as total, {top} as top, {low} as low
  from read_parquet('{sys.argv[1]}') full outer join read_parquet('{sys.argv[2]}') using (id))
select label, count(*), avg(-ln(greatest(label_p, power(2.0, -52)))), stddev(-ln(greatest(label_p, power(2.0, -52)))),
  avg(label_p), avg((label_p = top)::int),
  count(*) filter (where label_p is null or total is null or low < 0 or top > 1 or abs(total - 1) > 0.01)
from joined group by label order by label'''
base = duckdb.connect()
base.execute("set enable_progress_bar = false")
rows = base.execute(q).fetchall()
print(sum(r[1] * r[2] for r in rows) / sum(r[1] for r in rows), sum(r[6] for r in rows))
"""


def make(folder: Path, rows: int) -> None:
    """Write predictions and labels with a whole-number key and with a text key, the labels in another order."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    if (folder / f"done-{rows}").exists():
        return
    rng = np.random.default_rng(7)
    y, order = rng.integers(0, K, rows), rng.permutation(rows)
    logits = rng.normal(size=(rows, K))
    logits[np.arange(rows), y] += 2.0
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    cells = {name: pa.array(p[:, k]) for k, name in enumerate(NAMES)}
    number = rng.permutation(rows).astype(np.int64) * 7919 + 13
    text = pa.array([f"{i * 0x9E3779B97F4A7C15 % 2**128:032x}" for i in number.tolist()])
    for kind, key in (("integer", pa.array(number)), ("text", text)):
        pq.write_table(pa.table({"id": key, **cells}), folder / f"{kind}_p.parquet", row_group_size=500_000)
        shuffled = {"id": key.take(pa.array(order)), "label": pa.array(y[order])}
        pq.write_table(pa.table(shuffled), folder / f"{kind}_y.parquet", row_group_size=500_000)
    (folder / f"done-{rows}").touch()


PEAK = """
status = open("/proc/self/status").read()
print(int(status.partition("VmHWM:")[2].split()[0]) * 1024)
"""


def timed(command: list[str]) -> tuple[float, float, float]:
    """Return the seconds that a process took, its peak in megabytes, and the loss that it found."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - began
    if "xentcli" in command:
        result = json.loads(done.stdout)
        return seconds, result["run"]["peak_memory_bytes"] / 2**20, result["overall"]["loss"]
    *_, found, peak = done.stdout.splitlines()
    return seconds, int(peak) / 2**20, float(found.split()[0])


def main() -> None:
    """Run the rounds and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.rows)
    print(f"{os.cpu_count()} cores, {arguments.rows:,} rows x {K} classes, Parquet, medians of {arguments.rounds}")
    for kind in ("integer", "text"):
        files = [str(arguments.folder / f"{kind}_{side}.parquet") for side in "py"]
        xent = [sys.executable, "-m", "xentcli", "eval", *files, "--on", "id", "--label", "label", "-f", "json", "-q"]
        tools = {
            "xent": xent,
            "Polars": [sys.executable, "-c", POLARS + PEAK, *files],
            "DuckDB": [sys.executable, "-c", DUCKDB + PEAK, *files],
        }
        runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in tools}
        for _ in range(arguments.rounds):
            for name, command in tools.items():
                runs[name].append(timed(command))
        for name, found in runs.items():
            seconds, megabytes = (statistics.median(run[at] for run in found) for at in (0, 1))
            print(f"{kind:8} {name:8} {seconds:6.2f} s {megabytes:7.0f} MB  loss {found[0][2]!r}", flush=True)


if __name__ == "__main__":
    main()
