"""How the work is done: chunks of the asked size, on the asked number of threads, the first error and no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from conftest import RunXent
from evaluated import write

import xentcli.commands.evaluate
import xentcli.engine.single_pass
from xentcli import evaluate
from xentcli.columns.classes import find_classes
from xentcli.engine.local import available_cores, workers
from xentcli.errors import DataError
from xentcli.scoring.batch import Batch
from xentcli.scoring.score_plan import ScorePlan
from xentcli.scoring.scorer import score
from xentcli.sources.base import Piece
from xentcli.sources.csv.explain import Layout, Problem
from xentcli.sources.csv.source import CsvSource
from xentcli.sources.pool import in_order
from xentcli.sources.text_blocks import Block, BlockReader
from xentcli.state.scored_rows import Scored

ROWS = 103


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    p = np.random.default_rng(0).random(ROWS)
    labels = ["ham", "spam"] * (ROWS // 2) + ["ham"]
    return (
        write(pa.table({"p_spam": p}), str(tmp_path / "p.csv")),
        write(pa.table({"label": labels}), str(tmp_path / "y.parquet")),
    )


class Recorder:
    """Scores as xent does, and remembers what it was given and on which thread."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.threads: set[int] = set()

    def __call__(self, batch: Batch, plan: ScorePlan) -> Iterator[Scored]:
        self.sizes.append(len(batch))
        self.threads.add(threading.get_ident())
        return score(batch, plan)


class Readers:
    """Parses CSV blocks as xent does; waits until as many threads do as were asked for, and notes which.

    begun: the pass has, before which the first rows are read apart from it, on one thread.
    """

    def __init__(self, parties: int) -> None:
        self.threads: set[int] = set()
        self.begun = False
        self._barrier = threading.Barrier(parties)
        self._parse = CsvSource._parse

    def as_method(self) -> Callable[[CsvSource, Block, Layout], tuple[Piece, Problem | None, Block]]:
        def parse(source: CsvSource, block: Block, layout: Layout) -> tuple[Piece, Problem | None, Block]:
            return self._read(source, block, layout)

        return parse

    def _read(self, source: CsvSource, block: Block, layout: Layout) -> tuple[Piece, Problem | None, Block]:
        if not self.begun:
            return self._parse(source, block, layout)
        if len(self.threads) < self._barrier.parties:
            # With fewer threads than were asked for this times out, with more one stays alone.
            self.threads.add(threading.get_ident())
            self._barrier.wait(timeout=20)
        self.threads.add(threading.get_ident())
        return self._parse(source, block, layout)


@pytest.mark.parametrize("chunk", [1, 7, 50, 103, 1000])
def test_chunks_have_the_size_that_was_asked_for(
    chunk: int, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(xentcli.engine.single_pass, "score", recorder)
    evaluate(*files, chunk_rows=chunk, jobs=1)
    full, rest = divmod(ROWS, chunk)
    assert sorted(recorder.sizes, reverse=True) == [chunk] * full + [rest] * (rest > 0)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_as_many_threads_read_as_were_asked_for(threads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p = np.random.default_rng(0).random(8_000)
    one = write(pa.table({"p_1": p, "y": (p < 0.4).astype(int)}), str(tmp_path / "one.csv"))
    readers, recorder = Readers(threads), Recorder()
    monkeypatch.setattr(BlockReader.__init__, "__defaults__", (1 << 12,))
    # Who parses is seen there alone.
    monkeypatch.setattr(CsvSource, "_parse", readers.as_method())
    monkeypatch.setattr(xentcli.engine.single_pass, "score", recorder)
    settled = find_classes

    def begin(*given: Any) -> Any:
        found = settled(*given)
        readers.begun = True
        return found

    monkeypatch.setattr(xentcli.commands.evaluate, "find_classes", begin)
    result = evaluate(one, jobs=threads)
    assert len(readers.threads) == threads == result.run.jobs
    assert recorder.threads == {threading.get_ident()}
    assert (readers.threads == recorder.threads) == (threads == 1)


def test_all_cores_are_used_unless_jobs_says_otherwise(files: tuple[str, str]) -> None:
    assert evaluate(*files).run.jobs == available_cores() >= 1


def test_no_thread_is_left_behind(files: tuple[str, str]) -> None:
    evaluate(*files, jobs=3)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("xent")]


def test_with_one_thread_everything_runs_on_the_one_there_is() -> None:
    seen: list[threading.Thread] = []

    def work(item: int) -> int:
        seen.append(threading.current_thread())
        if item == 2:
            raise DataError("item 2")
        return item

    with workers(1) as pool:
        assert pool.submit(work, 1).result() == 1
        with pytest.raises(DataError, match="item 2"):
            pool.submit(work, 2).result()
    assert set(seen) == {threading.current_thread()}


def test_what_is_ahead_is_under_way_while_a_result_is_used() -> None:
    begun: list[int] = []
    with workers(1) as pool:
        results = in_order(pool, begun.append, range(5), 1)
        next(results)
        assert begun == [0, 1]
        begun.clear()
        next(in_order(pool, begun.append, range(5), 0))
        assert begun == [0]


def test_whoever_waits_does_what_nobody_has_begun() -> None:
    here, seen = threading.get_ident(), []
    both = threading.Barrier(2)

    def work(item: int) -> int:
        seen.append(threading.get_ident())
        if item < 2:
            # Over when two threads are here: one of the pool and the one that asks.
            both.wait(timeout=20)
        if item == 3:
            raise DataError("item 3")
        return item

    got: list[int] = []
    with workers(2) as pool, pytest.raises(DataError, match="item 3"):
        got.extend(in_order(pool, work, range(6), 3))
    assert got == [0, 1, 2]
    assert here in seen
    assert len(set(seen)) == 2


def test_work_ahead_comes_back_in_order_and_so_do_errors() -> None:
    def items() -> Iterator[int]:
        yield from (3, 1, 2)
        raise OSError("gone")

    got: list[int] = []
    with ThreadPoolExecutor(2) as pool, pytest.raises(OSError, match="gone"):
        got.extend(in_order(pool, lambda x: x * 10, items(), 2))
    with ThreadPoolExecutor(2) as pool:
        results = in_order(pool, lambda x: x * 10, items(), 2)
        assert [next(results) for _ in range(3)] == [30, 10, 20]


def test_progress_is_told_in_bytes_up_to_the_whole(files: tuple[str, str]) -> None:
    from xentcli.commands.evaluate import evaluate_spec
    from xentcli.spec.options import EvalSpec

    seen: list[tuple[int, int]] = []
    evaluate_spec(EvalSpec(chunk_rows=10), *files, progress=lambda done, everything: seen.append((done, everything)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {everything for _, everything in seen} == {sum(Path(path).stat().st_size for path in files)}
    assert 0 < seen[-1][0] <= seen[-1][1]


@pytest.mark.parametrize("option", ["--jobs", "--chunk-rows"])
@pytest.mark.parametrize("value", ["0", "-1", str(10**30)])
def test_impossible_numbers_are_refused_with_their_range(
    option: str, value: str, files: tuple[str, str], run_xent: RunXent
) -> None:
    ran = run_xent("eval", *files, option, value)
    most = 1024 if option == "--jobs" else 1 << 31
    assert ran.code == 2
    assert ran.stderr == f"error: {option} is {value}; it takes a whole number from 1 to {most}\n"


def test_memory_that_runs_out_is_an_error_of_its_own(files: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from xentcli.errors import ResourceError

    def greedy(*arguments: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(xentcli.engine.single_pass, "score", greedy)
    with pytest.raises(ResourceError, match="not enough memory"):
        evaluate(*files)
