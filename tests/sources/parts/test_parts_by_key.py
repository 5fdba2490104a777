"""Twenty gzip parts of predictions against one Parquet file of labels, by key and sliced: here, and in a bucket."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq
import pytest
from conftest import RunProcess
from evaluated import same_everywhere
from remote import s3_store

from xentcli import evaluate

# In each of four folders.
PARTS = 5
ROWS = 1000
CLASSES = ("cat", "dog", "eel")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder: parts in folders by day, labels in another order, and the same rows side by side in one file."""
    folder = tmp_path_factory.mktemp("parts")
    rng = random.Random(5)
    rows: list[dict[str, Any]] = []
    for at in range(ROWS):
        odds = [rng.expovariate(1.0) for _ in CLASSES]
        p = {f"p_{name}": repr(value / sum(odds)) for name, value in zip(CLASSES, odds, strict=True)}
        day = f"2026-01-{at * PARTS // ROWS % 4 + 1:02d}"
        rows.append({"id": at * 7 + 1, **p, "day": day, "label": rng.choice(CLASSES), "site": rng.choice(("a", None))})
    rng.shuffle(rows)
    for part in range(PARTS):
        for day in {row["day"] for row in rows}:
            mine = [row for row in rows if row["day"] == day and row["id"] % PARTS == part]
            lines = ["id,p_cat,p_dog,p_eel", *(",".join(str(row[name]) for name in _COLUMNS) for row in mine)]
            place = folder / f"scores/day={day}/part-{part:02d}.csv.gz"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    labelled = rng.sample(rows, ROWS)
    pq.write_table(
        pa.table({name: [row[name] for row in labelled] for name in ("id", "label", "site")}), folder / "y.pq"
    )
    whole = {name: [row[name] if name in _TEXTS else float(row[name]) for row in rows] for name in _WHOLE}
    pq.write_table(pa.table(whole), folder / "whole.parquet")
    return folder


_COLUMNS = ("id", "p_cat", "p_dog", "p_eel")
_TEXTS = ("day", "label", "site")
_WHOLE = ("p_cat", "p_dog", "p_eel", *_TEXTS)
OPTIONS = ("--on", "id", "--by", "day,site")


def figures(result: dict[str, Any]) -> dict[str, Any]:
    """Return everything but how it was asked for: settings are the same but for what paths are called."""
    return {key: value for key, value in same_everywhere(result).items() if key != "settings"}


def test_parts_by_key_give_the_figures_of_the_rows_side_by_side(made: Path, run_process: RunProcess) -> None:
    plain = evaluate(made / "whole.parquet", label="label", pred="p_*", by="day,site").to_dict()
    assert len(plain["slices"]) == 8
    for threads in ("1", "2"):
        ran = run_process("eval", made / "scores", made / "y.pq", *OPTIONS, "-f", "json", "--jobs", threads)
        assert (ran.code, ran.stderr) == (0, "")
        result = json.loads(ran.stdout)
        assert figures(result) == figures(plain)
        assert len(result["inputs"]["predictions"]) == 4 * PARTS
        assert result["inputs"]["alignment"] == "key"


def test_inspect_says_how_parts_and_labels_would_be_understood(made: Path, run_process: RunProcess) -> None:
    ran = run_process("inspect", made / "scores", made / "y.pq", *OPTIONS)
    assert (ran.code, ran.stderr) == (0, "")
    for said in (f"{4 * PARTS} parts", "folder name", "slice", "by key 'id'", "prefix 'p_'", "1,000 rows"):
        assert said in ran.stdout, said
    ran = run_process("inspect", made / "scores", made / "y.pq", *OPTIONS, "-f", "json")
    roles = {column["name"]: column["role"] for column in json.loads(ran.stdout)["files"][0]["columns"]}
    assert roles == {"id": "key", "day": "slice", **dict.fromkeys(("p_cat", "p_dog", "p_eel"), "prediction")}


@pytest.mark.slow
def test_the_same_from_a_bucket(made: Path, run_process: RunProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = evaluate(made / "whole.parquet", label="label", pred="p_*", by="day,site").to_dict()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with s3_store() as port:
        endpoint = f"127.0.0.1:{port}"
        store = pyarrow.fs.S3FileSystem(
            endpoint_override=endpoint, scheme="http", region="us-east-1", allow_bucket_creation=True
        )
        store.create_dir("shelf")
        for path in [*sorted((made / "scores").rglob("*.gz")), made / "y.pq"]:
            with store.open_output_stream(f"shelf/{path.relative_to(made)}", compression=None) as out:
                out.write(path.read_bytes())
        env = {"AWS_ENDPOINT_URL": f"http://{endpoint}"}
        for command in ("inspect", "eval"):
            ran = run_process(command, "s3://shelf/scores", "s3://shelf/y.pq", *OPTIONS, "-f", "json", env=env)
            assert (ran.code, ran.stderr) == (0, ""), ran.stderr
        result = json.loads(ran.stdout)
    assert figures(result) == figures(plain)
    assert result["inputs"]["labels"] == ["s3://shelf/y.pq"]
