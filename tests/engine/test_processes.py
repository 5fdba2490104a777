"""Units shared out among real processes: the result and the error of one pass, and no process left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from evaluated import Result, same_every_run

from xentcli import evaluate
from xentcli.engine import units
from xentcli.engine.local import can_fork
from xentcli.engine.processes import Failed, Processes
from xentcli.errors import ResourceError, XentError

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux, beside no other thread")
JOBS = [2, 3, 5]


@pytest.fixture(params=[60, 1000])
def shared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let work of any size be shared out, in units of so many rows."""
    # Work of half a second would be needed otherwise.
    monkeypatch.setattr(units, "_ROWS", request.param)
    return int(request.param)


def both(left: Any, right: Any = None, **options: Any) -> Iterator[Result | str]:
    """Yield what one pass and what several processes give: a result, or the text of an error."""
    for jobs in (1, *JOBS):
        try:
            yield same_every_run(evaluate(left, right, jobs=jobs, **options).to_dict())
        except XentError as error:
            yield str(error)


def rows(n: int) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    p = rng.random(n)
    return {
        "id": rng.permutation(n),
        "p_1": p,
        "y": (rng.random(n) < p).astype(np.int64),
        "g": [f"g{at % 5}" for at in range(n)],
    }


def written(path: Path, table: pa.Table) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=300)
    else:
        pyarrow.csv.write_csv(table, path)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("options", [{}, {"by": "g"}, {"input": "label-probs", "label": "g"}], ids=["", "by", "labels"])
def test_processes_give_the_same_bits(ending: str, options: dict[str, Any], shared: int, tmp_path: Path) -> None:
    path = written(tmp_path / f"p.{ending}", pa.table(rows(3_000)))
    one, *others = both(path, **{"pred": "p_1", "label": "y", **options})
    assert isinstance(one, dict)
    assert others == [one] * len(JOBS)


@pytest.mark.parametrize("unmatched", ["error", "drop"])
@pytest.mark.parametrize("extra", [0, 1], ids=["all", "alone"])
def test_rows_found_by_key_are_the_same(unmatched: str, extra: int, shared: int, tmp_path: Path) -> None:
    held = rows(2_000)
    left = written(tmp_path / "p.csv", pa.table({"id": held["id"], "p_1": held["p_1"]}))
    order = np.argsort(held["id"])
    right = written(tmp_path / "y.parquet", pa.table({"id": held["id"][order] + extra, "y": held["y"][order]}))
    one, *others = both(left, right, on="id", unmatched=unmatched)
    assert isinstance(one, str) == (unmatched == "error" and extra == 1)
    assert others == [one] * len(JOBS)


@pytest.mark.parametrize("at", [(1500,), (2999,), (2500, 1501), (0,)])
def test_the_first_error_by_row_is_the_one_that_is_told(at: tuple[int, ...], shared: int, tmp_path: Path) -> None:
    held = rows(3_000)
    cells = [repr(float(p)) for p in held["p_1"]]
    for row in at:
        cells[row] = f"bad {row}"
    path = tmp_path / "p.csv"
    path.write_text("p_1,y\n" + "".join(f"{p},{y}\n" for p, y in zip(cells, held["y"], strict=True)))
    one, *others = both(path, label="y", pred="p_1")
    assert isinstance(one, str)
    assert f"record {min(at) + 1} (line {min(at) + 2})" in one
    assert others == [one] * len(JOBS)


@pytest.mark.parametrize("lacking", [1, 900])
def test_inputs_of_other_lengths_are_told_with_all_their_rows(lacking: int, shared: int, tmp_path: Path) -> None:
    held = rows(2_000)
    left = written(tmp_path / "p.csv", pa.table({"p_1": held["p_1"]}))
    right = written(tmp_path / "y.csv", pa.table({"y": held["y"][:-lacking]}))
    one, *others = both(left, right)
    assert isinstance(one, str)
    assert "has 2,000 rows, but" in one
    assert others == [one] * len(JOBS)


def test_a_third_label_that_no_unit_has_beside_both_others_is_refused(shared: int, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    labels = ["cat"] * 1500 + ["dog"] * 1500 + ["emu"] * 1500
    path.write_text("p_cat,y\n" + "".join(f"0.5,{y}\n" for y in labels))
    one, *others = both(path, label="y")
    assert isinstance(one, str)
    assert others == [one] * len(JOBS)


def test_a_process_that_is_gone_is_one_error_and_none_is_left(tmp_path: Path) -> None:
    def work(task: int) -> int:
        if task == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return task * 2

    processes = Processes(work, 2)
    ids = processes.ids()
    assert len(ids) == 2
    with pytest.raises(ResourceError, match="was ended by SIGKILL: there is no result"):
        list(processes.results(iter(range(8)), lambda done: None))
    processes.stop()
    for process in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_after_work_that_failed_no_more_is_begun() -> None:
    def work(task: int) -> int:
        if task == 2:
            raise ValueError
        return task

    processes = Processes(work, 1)
    try:
        found = list(processes.results(iter(range(8)), lambda done: None))
    finally:
        processes.stop()
    assert [task for task, _ in found] == [0, 1, 2]
    assert isinstance(found[2][1], Failed)
