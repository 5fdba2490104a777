"""Lists have the limit that columns have, whatever stands for it in few bytes, and before memory is taken."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent
from tables import refused_files

from xentcli import DataError, evaluate
from xentcli.sources import limits
from xentcli.sources.jsonl.record import Unreadable, refuse_large
from xentcli.sources.parquet import lists as parquet_lists

HINT = "\n  A list of predictions or labels has one number for each class. Is this the column that is meant?"
MANY = 5_000_000
TOO_LONG = f"the list has {MANY:,} elements, and 250,000 are the most{HINT}"
OPTIONS = ["--label", "y", "--label-kind", "index", "--pred", "p"]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def parquet(path: str, widths: list[int], row_group_size: int | None = None, kind: str = "list") -> str:
    values = pa.array(np.full(sum(widths), 1 / widths[0]))
    offsets = np.cumsum([0, *widths])
    if kind == "fixed":
        lists = pa.FixedSizeListArray.from_arrays(values, widths[0])
    elif kind == "large":
        lists = pa.LargeListArray.from_arrays(pa.array(offsets), values)
    else:
        lists = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)
    table = pa.table({"y": pa.array([0] * len(widths)), "p": lists})
    pq.write_table(table, path, compression="zstd", row_group_size=row_group_size)
    return path


def record(width: int) -> str:
    return '{"y": 0, "p": [' + ",".join([repr(1 / width)] * width) + "]}\n"


def peak(*arguments: str) -> tuple[str, int]:
    """Return standard error and the peak memory of a run of its own."""
    script = "import sys; from pathlib import Path; from xentcli.cli.main import main; code = main(sys.argv[1:]); "
    script += "print(code, Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    code, memory = map(int, done.stdout.split()[-2:])
    assert code == 2
    return done.stderr, memory * 1024


@pytest.mark.one_in_three
@pytest.mark.parametrize("kind", ["list", "large", "fixed"])
def test_f5_a_list_of_five_million_in_a_thousand_bytes(kind: str) -> None:
    """854 bytes took 50 s and 2.1 GB before the error."""
    parquet("p.parquet", [MANY], kind=kind)
    assert Path("p.parquet").stat().st_size < 1000
    message, memory = peak("eval", "p.parquet", *OPTIONS)
    assert message == f"error: p.parquet, record 1, column 'p': {TOO_LONG}\n"
    assert memory < 150 << 20


def test_f5_the_same_in_gzipped_json_lines() -> None:
    """49 kB took 92 s and 7 GB."""
    Path("p.jsonl.gz").write_bytes(gzip.compress(record(MANY).replace(repr(1 / MANY), "0.5").encode()))
    message, memory = peak("eval", "p.jsonl.gz", *OPTIONS)
    assert message == f"error: p.jsonl.gz, record 1 (line 1): {TOO_LONG}\n"
    assert memory < 300 << 20


def test_a_list_that_is_too_long_in_a_later_row_group(run_xent: RunXent) -> None:
    parquet("p.parquet", [2, 2, 1_000_000], row_group_size=1)
    message = f"p.parquet, record 3, column 'p': {TOO_LONG.replace(f'{MANY:,}', '1,000,000')}"
    refused_files(run_xent, ["p.parquet", *OPTIONS], message, [()])
    parquet("p.parquet", [2, 2, 1_000_000])
    problem = "row group 1: the mean list has 333,334 elements, and 250,000 are the most"
    refused_files(run_xent, ["p.parquet", *OPTIONS], f"p.parquet, column 'p': {problem}{HINT}", [()])
    # Among many short ones the footer does not give it away.
    parquet("p.parquet", [2] * 100 + [1_000_000])
    problem = "the list has 1,000,000 numbers, but the first row has 2"
    with pytest.raises(DataError, match=rf"p.parquet, record 101, column 'p': {problem}"):
        evaluate("p.parquet", label="y", label_kind="index", pred="p")


def test_row_groups_of_far_more_numbers_than_bytes(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet("p.parquet", [200_000] * 2)
    # The limit is small, so that two lists are beyond it.
    monkeypatch.setattr(parquet_lists, "_MOST_UNPACKED", 300_000)
    ran = run_xent("eval", "p.parquet", *OPTIONS)
    assert ran.code == 2
    assert "bytes of row group 1 unpack to 400,000 numbers\n  If all of them are meant, write fewer rows" in ran.stderr


def test_a_record_too_long_after_others(run_xent: RunXent) -> None:
    Path("p.jsonl").write_text(record(2) * 3 + record(300_000).replace(repr(1 / 300_000), "0.5") + record(2))
    message = f"p.jsonl, record 4 (line 4): {TOO_LONG.replace(f'{MANY:,}', '300,000')}"
    refused_files(run_xent, ["p.jsonl", *OPTIONS], message, [(), ("--chunk-rows", "1")])


def nested(width: int) -> Iterator[str]:
    numbers = "[" + ",".join(["1"] * width) + "]"
    yield f'{{"a": {numbers}}}'
    yield f'{{"a": {{"b": [{numbers}, 2]}}}}'
    yield f'{{"t": "\\"[", "a": {numbers}}}'


def test_lists_are_counted_at_any_depth_and_not_in_texts() -> None:
    most = limits.MOST_COLUMNS
    for line in nested(most):
        refuse_large(line.encode())
    for line in nested(most + 1):
        with pytest.raises(Unreadable, match="the list has 250,001 elements"):
            refuse_large(line.encode())
    refuse_large(json.dumps({"text": "[1" + ",1" * 400_000 + "]", "quoted": '"],[\\' * 300_000}).encode())
    short = ",".join(["[1,2]"] * 600_000)
    with pytest.raises(Unreadable, match="the record has 1,200,000 values, and 1,000,000 are the most"):
        refuse_large(f'{{"a": [{short}]}}'.encode())


def test_as_many_as_may_be_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("limits", "jsonl.record", "parquet.lists"):
        monkeypatch.setattr(f"xentcli.sources.{module}.MOST_COLUMNS", 4)
    Path("p.jsonl").write_text(record(4) * 3)
    for path in ("p.jsonl", parquet("p.parquet", [4] * 3), parquet("f.parquet", [4] * 3, kind="fixed")):
        assert evaluate(path, label="y", label_kind="index", pred="p").overall.rows == 3
    Path("p.jsonl").write_text(record(5) * 3)
    for path in ("p.jsonl", parquet("p.parquet", [5] * 3), parquet("f.parquet", [5] * 3, kind="fixed")):
        with pytest.raises(DataError, match="5 elements, and 4 are the most"):
            evaluate(path, label="y", label_kind="index", pred="p")
