"""Row groups of few rows: read in batches that are worth what a batch costs, with the same results and errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evaluated import same_everywhere

from xentcli import DataError, evaluate
from xentcli.scoring.batch import Batch
from xentcli.scoring.score_plan import ScorePlan
from xentcli.scoring.scorer import score
from xentcli.sources.parquet import batches as parquet_batches
from xentcli.sources.parquet.batches import joined
from xentcli.state.scored_rows import Scored

ROWS = 600


def batch(*texts: str | None) -> pa.RecordBatch:
    kind = pa.dictionary(pa.int32(), pa.string())
    return pa.record_batch({"y": pa.array(texts, kind), "p": pa.array([0.5] * len(texts))})


def texts(batches: list[pa.RecordBatch]) -> list[list[str | None]]:
    return [each.column(0).to_pylist() for each in batches]


def test_short_batches_are_joined_until_they_are_worth_it() -> None:
    parts = [batch("a"), batch("b", None), batch("c"), batch("a", "b", "d"), batch("e")]
    assert texts(list(joined(iter(parts), 3))) == [["a", "b", None], ["c", "a", "b", "d"], ["e"]]
    assert texts(list(joined(iter(parts), 1))) == texts(parts)
    assert list(joined(iter([]), 3)) == []


def test_an_error_comes_after_what_was_read_before_it() -> None:
    def failing() -> Iterator[pa.RecordBatch]:
        yield batch("a")
        yield batch("b")
        raise OSError("page 3")

    found = joined(failing(), 1000)
    assert next(found).column(0).to_pylist() == ["a", "b"]
    with pytest.raises(OSError, match="page 3"):
        next(found)


def test_what_cannot_be_joined_stays_as_it_is() -> None:
    """Arrow does not unify dictionaries with nulls; text that is no UTF-8 is for those who tell it with its row."""
    null = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array(["b", None]))
    odd = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), pa.array([b"\xff"]).view(pa.string()))
    parts = [batch("a"), pa.record_batch({"y": null, "p": pa.array([0.5, 0.5])})]
    assert texts(list(joined(iter(parts), 1000))) == [["a"], ["b", None]]
    parts = [batch("a"), pa.record_batch({"y": odd, "p": pa.array([0.5])})]
    assert [each.num_rows for each in joined(iter(parts), 1000)] == [1, 1]


def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limit is small, so that any row group is beyond it.
    monkeypatch.setattr(parquet_batches, "_MOST_HELD", 1)
    assert texts(list(joined(iter([batch("a"), batch("b")]), 1000))) == [["a"], ["b"]]


@pytest.fixture
def table() -> pa.Table:
    labels = ["a" if at % 3 else "b" for at in range(ROWS)]
    folds = [None if at % 11 == 0 else f"s{at % 7}" for at in range(ROWS)]
    share = [((at * 37) % 100) / 100 for at in range(ROWS)]
    return pa.table({"y": labels, "fold": folds, "p_a": share, "p_b": [1 - p for p in share]})


@pytest.mark.parametrize("size", [1, 2, 7, 599])
def test_f9_row_groups_of_few_rows_have_the_same_figures(tmp_path: Path, table: pa.Table, size: int) -> None:
    one, many = tmp_path / "one.parquet", tmp_path / "many.parquet"
    pq.write_table(table, one)
    pq.write_table(table, many, row_group_size=size)
    options: dict[str, Any] = {"label": "y", "by": "fold", "pred": ["p_a", "p_b"]}
    expected = same_everywhere(evaluate(one, **options).to_dict())
    assert same_everywhere(evaluate(many, **options).to_dict()) == expected
    assert same_everywhere(evaluate(many, **options, jobs=1, chunk_rows=5).to_dict()) == expected


def test_the_first_bad_row_of_many_row_groups(tmp_path: Path, table: pa.Table) -> None:
    path = tmp_path / "p.parquet"
    values = table.column("p_a").to_pylist()
    values[400], values[500] = 1.5, None
    pq.write_table(table.set_column(2, "p_a", pa.array(values)), path, row_group_size=3)
    with pytest.raises(DataError, match=r"record 401, column 'p_a': 1.5 is not a probability"):
        evaluate(path, label="y", pred=["p_a", "p_b"])


def test_f9_thousands_of_row_groups_are_a_few_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """25 s for 20,000, of which pyarrow took 2.8: every row was a batch."""
    scored = []

    def counted(batch: Batch, plan: ScorePlan) -> Iterator[Scored]:
        scored.append(len(batch.rows))
        return score(batch, plan)

    monkeypatch.setattr("xentcli.engine.single_pass.score", counted)
    rows, path = 5000, tmp_path / "p.parquet"
    pq.write_table(pa.table({"y": ["a", "b"] * (rows // 2), "p_a": [0.7] * rows, "p_b": [0.3] * rows}), path, 1)
    assert evaluate(path, label="y", jobs=1).overall.rows == rows
    assert (sum(scored), len(scored)) == (rows, 2)
