"""UUIDs of Parquet are the text that they are in CSV: keys, slices and labels."""

from __future__ import annotations

import uuid
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import DataError, evaluate
from xentcli.sources.arrow.uuids import uuid_texts

ROWS = 300


def ids() -> list[uuid.UUID]:
    rng = Random(5)
    return [uuid.UUID(int=rng.getrandbits(128)) for _ in range(ROWS)]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(values: list[uuid.UUID | None], path: str = "p.parquet", size: int = 64) -> str:
    held = pa.array([None if value is None else value.bytes for value in values], pa.uuid())
    labels = ["a" if at % 3 else "b" for at in range(len(values))]
    shares = [0.25 + at % 50 / 100 for at in range(len(values))]
    columns = {"id": held, "y": labels, "p_a": shares, "p_b": [1 - p for p in shares]}
    pq.write_table(pa.table(columns), path, row_group_size=size)
    return path


@pytest.mark.parametrize("size", [1, 64, ROWS])
def test_a_uuid_is_a_key_in_either_format(size: int) -> None:
    values = ids()
    written(list(values), size=size)
    rows = sorted((str(value), "a" if at % 3 else "b") for at, value in enumerate(values))
    Path("y.csv").write_text("id,y\n" + "".join(f"{value},{label}\n" for value, label in rows))
    options = {"on": ["id"], "pred": ["p_a", "p_b"]}
    alone = evaluate("p.parquet", label="y", pred=["p_a", "p_b"]).overall.loss
    assert evaluate("p.parquet", "y.csv", label="labels:y", **options).overall.loss == alone  # type: ignore[arg-type]
    written(list(values), "y.parquet")
    assert evaluate("p.parquet", "y.parquet", label="labels:y", **options).overall.loss == alone  # type: ignore[arg-type]


def test_a_uuid_is_a_slice_and_may_be_missing() -> None:
    few = ids()[:3]
    written([None if at % 5 == 0 else few[at % 3] for at in range(ROWS)])
    result = evaluate("p.parquet", label="y", by="id", pred=["p_a", "p_b"])
    assert {one.by["id"] for one in result.slices or ()} == {None, *map(str, few)}


def test_a_key_that_is_null_is_told_with_its_record() -> None:
    values: list[uuid.UUID | None] = list(ids())
    values[7] = None
    written(values)
    written(list(ids()), "y.parquet")
    with pytest.raises(DataError, match=r"record 8, column 'id': the key is missing: it is null"):
        evaluate("p.parquet", "y.parquet", on="id", label="labels:y", pred=["p_a", "p_b"])


def test_parts_of_an_array_are_its_texts() -> None:
    values: list[uuid.UUID | None] = [*ids()[:20], None, *ids()[20:30]]
    array = pa.array([None if value is None else value.bytes for value in values], pa.uuid())
    for start, stop in ((0, 31), (3, 31), (9, 25), (21, 31), (5, 5)):
        expected = [None if value is None else str(value) for value in values[start:stop]]
        found = uuid_texts(array.slice(start, stop - start))
        found.validate(full=True)
        assert found.to_pylist() == expected
