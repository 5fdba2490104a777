"""Many columns of numbers are parsed as one matrix: the same bits and the same errors as column by column."""

from __future__ import annotations

import gzip
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evaluated import same_every_run, same_everywhere

from xentcli import XentError, evaluate
from xentcli.numerics import column_matrix as wide
from xentcli.sources.csv import flat as csv_flat
from xentcli.sources.csv.flat import flat_numbers
from xentcli.sources.number_text import Writing
from xentcli.sources.parquet import wide as parquet_wide
from xentcli.sources.text_blocks import BlockReader

K, ROWS = 70, 40
RNG = np.random.default_rng(5)
P = RNG.multinomial(4096, RNG.dirichlet(np.ones(K)), ROWS) / 4096.0
LABELS = [f"c{at}" for at in RNG.integers(0, K, ROWS)]
ROUTES = [(None, 1), (None, 2), (7, 2)]
Narrow = Callable[[], None]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Narrow:
    """Return what makes every file one of few columns from then on."""

    def become() -> None:
        for module in (wide, parquet_wide):
            monkeypatch.setattr(module, "FEWEST_COLUMNS", 1 << 30)
        monkeypatch.setattr(parquet_wide, "MANY_COLUMNS", 1 << 30)

    return become


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that says of every block whether it was parsed as a matrix; blocks are a few records."""
    monkeypatch.setattr(BlockReader.__init__, "__defaults__", (4000,))
    found: list[bool] = []
    real = csv_flat.flat_numbers

    def spied(*arguments: Any) -> Any:
        numbers = real(*arguments)
        found.append(numbers is not None)
        return numbers

    monkeypatch.setattr(csv_flat, "flat_numbers", spied)
    return found


def cells(p: Any = P) -> list[list[str]]:
    return [[repr(value) for value in row] for row in p.tolist()]


NAMES = [f"c{at}" for at in range(K)]


def files(
    folder: Path, rows: list[list[str]], delimiter: str = ",", end: str = "\n", last: str = "\n", order: Any = None
) -> list[str]:
    """Write predictions and labels, and return their paths."""
    records = [NAMES, *rows] if order is None else [[row[at] for at in order] for row in (NAMES, *rows)]
    lines = [delimiter.join(row) for row in records]
    (folder / "p.csv").write_text(end.join(lines) + last, newline="")
    (folder / "y.csv").write_text("\n".join(["label", *LABELS]) + "\n")
    return [str(folder / "p.csv"), str(folder / "y.csv")]


def outcome(paths: list[str], **options: Any) -> Any:
    """Return the result of a run, or the text of its error, which no chunks and no threads may change."""
    found = []
    for chunk, threads in ROUTES:
        try:
            result = evaluate(*paths, chunk_rows=chunk, jobs=threads, **options)
            found.append(same_every_run(result.to_dict()))
        except XentError as error:
            found.append({"error": str(error), "type": type(error).__name__})
    assert all(other == found[0] for other in found)
    return found[0]


def test_a_matrix_gives_the_bits_of_columns_and_of_parquet(tmp_path: Path, narrow: Narrow, parsed: list[bool]) -> None:
    paths = files(tmp_path, cells())
    found = outcome(paths)
    assert parsed
    assert all(parsed)
    table = pa.table({f"c{at}": P[:, at] for at in range(K)})
    pq.write_table(table, tmp_path / "p.parquet", row_group_size=11)
    in_parquet = outcome([str(tmp_path / "p.parquet"), paths[1]])
    count = len(parsed)
    narrow()
    assert outcome(paths) == found
    assert len(parsed) == count
    assert outcome([str(tmp_path / "p.parquet"), paths[1]]) == in_parquet
    assert same_everywhere(in_parquet) == same_everywhere(found)


def test_columns_in_any_order(tmp_path: Path, narrow: Narrow, parsed: list[bool]) -> None:
    (tmp_path / "other").mkdir()
    paths = files(tmp_path / "other", cells(), order=np.random.default_rng(1).permutation(K))
    found = outcome(paths)
    assert all(parsed)
    assert same_everywhere(found) == same_everywhere(outcome(files(tmp_path, cells())))
    narrow()
    assert outcome(paths) == found


@pytest.mark.parametrize(
    "options",
    [
        {"weight": "c3", "pred": [f"c{at}" for at in range(K) if at != 3], "renormalize": True, "ignore": ["c3"]},
        {"input": "logits"},
        {"label_smoothing": 0.1, "class_weight": {"c1": 2.0}},
    ],
    ids=["weighted", "logits", "smoothed"],
)
def test_options_see_the_same_columns(
    tmp_path: Path, narrow: Narrow, parsed: list[bool], options: dict[str, Any]
) -> None:
    paths = files(tmp_path, cells())
    found = outcome(paths, **options)
    assert "error" not in found
    assert all(parsed)
    assert parsed
    narrow()
    assert outcome(paths, **options) == found


@pytest.mark.parametrize(
    "writing",
    [
        {"end": "\r\n", "last": "\r\n"},
        {"last": ""},
        {"last": "\n\n\n"},
        {"end": "\r\n", "last": ""},
        {"delimiter": "\t"},
        {"delimiter": "|"},
    ],
    ids=repr,
)
def test_line_ends_and_delimiters(tmp_path: Path, narrow: Narrow, parsed: list[bool], writing: dict[str, str]) -> None:
    paths = files(tmp_path, cells(), **writing)
    options = {"delimiter": writing["delimiter"]} if "delimiter" in writing else {}
    found = outcome(paths, **options)
    assert "error" not in found
    assert all(parsed)
    narrow()
    assert outcome(paths, **options) == found


def test_decimal_commas(tmp_path: Path, narrow: Narrow, parsed: list[bool]) -> None:
    paths = files(tmp_path, [[cell.replace(".", ",") for cell in row] for row in cells()], delimiter=";")
    found = outcome(paths, decimal=",", delimiter=";")
    assert "error" not in found
    assert all(parsed)
    narrow()
    assert outcome(paths, decimal=",", delimiter=";") == found


ODD = {
    "empty": "",
    "nan": "nan",
    "infinite": "inf",
    "masked": "-inf",
    "overflow": "1e400",
    "underflow": "1e-400",
    "tiny": "1e-310",
    "long": "0." + "0" * 120 + "1",
    "long zero": "0." + "0" * 120,
    "text": "x",
    "spaces": " 0.0 ",
    "quotes": '"0.0"',
    "half a quote": '"0.0',
    "comma in quotes": '"0,0"',
    "negative": "-0.5",
    "zero byte": "0\0",
    "return": "0\r0",
    "hexadecimal": "0x1p3",
    "byte order mark": "\ufeff0.0",
}


@pytest.mark.parametrize("options", [{}, {"input": "logits"}], ids=["probs", "logits"])
@pytest.mark.one_in_three
@pytest.mark.parametrize("cell", ODD.values(), ids=ODD)
def test_an_odd_cell_is_read_or_refused_as_ever(
    tmp_path: Path, narrow: Narrow, parsed: list[bool], cell: str, options: dict[str, Any]
) -> None:
    rows = cells()
    row = 23
    at = next(k for k in range(1, K) if P[row, k] == 0.0)
    rows[row][at] = cell
    paths = files(tmp_path, rows)
    found = outcome(paths, **options)
    assert parsed[0]
    narrow()
    assert outcome(paths, **options) == found


def too_few(rows: list[list[str]]) -> None:
    rows[17].pop()


def too_many(rows: list[list[str]]) -> None:
    rows[17].append("0.5")


def one_moved(rows: list[list[str]]) -> None:
    rows[18].append(rows[17].pop())


def blank(rows: list[list[str]]) -> None:
    rows.insert(17, [])


def empty_last(rows: list[list[str]]) -> None:
    rows[17][-1] = ""


def two_wrong(rows: list[list[str]]) -> None:
    rows[30][2], rows[17][40], rows[17][30] = "x", "2", "nan"


def bad_before_a_short_row(rows: list[list[str]]) -> None:
    rows[16][3] = "7"
    rows[17].pop()


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "spoil",
    [too_few, too_many, one_moved, blank, empty_last, two_wrong, bad_before_a_short_row],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["newline", "return"])
def test_bad_records_have_the_same_error(
    tmp_path: Path, narrow: Narrow, parsed: list[bool], spoil: Callable[[list[list[str]]], None], end: str
) -> None:
    rows = cells()
    spoil(rows)
    paths = files(tmp_path, rows, end=end, last=end)
    found = outcome(paths)
    assert "error" in found
    assert not all(parsed)
    narrow()
    assert outcome(paths) == found


def test_underflows_are_counted_in_their_rows(tmp_path: Path, parsed: list[bool]) -> None:
    rows = cells()
    for row in (2, 3, 39):
        rows[row][int(np.argmin(P[row]))] = "1e-400"
    found = outcome(files(tmp_path, rows))
    assert found["overall"]["snapped_values"] == 3
    assert all(parsed)


def test_labels_that_are_distributions(tmp_path: Path, narrow: Narrow) -> None:
    paths = files(tmp_path, cells())
    parts = [[repr(value) for value in row] for row in (P[::-1]).tolist()]
    other = tmp_path / "other"
    other.mkdir()
    distributions = [paths[0], files(other, parts)[0]]
    found = outcome(distributions, label=NAMES)
    assert "error" not in found
    narrow()
    assert outcome(distributions, label=NAMES) == found


@pytest.mark.one_in_three
@pytest.mark.parametrize("many", [1, 1 << 13], ids=["whole groups", "batches"])
@pytest.mark.parametrize("spoil", ["nothing", "null", "types"])
def test_parquet_in_either_way(
    tmp_path: Path, narrow: Narrow, monkeypatch: pytest.MonkeyPatch, many: int, spoil: str
) -> None:
    monkeypatch.setattr(parquet_wide, "MANY_COLUMNS", many)
    # Few columns at once, so that 70 are several times as many.
    monkeypatch.setattr(parquet_wide, "_COLUMNS_AT_ONCE", 32)
    columns: dict[str, Any] = {f"c{at}": pa.array(P[:, at], pa.float32()) for at in reversed(range(K))}
    if spoil == "null":
        columns["c9"] = pa.array([None if row in (15, 30) else P[row, 9] for row in range(ROWS)], pa.float32())
        columns["c8"] = pa.array([None if row == 16 else P[row, 8] for row in range(ROWS)], pa.float32())
    elif spoil == "types":
        columns["c9"] = pa.array(P[:, 9], pa.float64())
    path = str(tmp_path / "p.parquet")
    pq.write_table(pa.table(columns), path, row_group_size=11)
    paths = [path, files(tmp_path, cells())[1]]
    found = outcome(paths)
    assert ("error" in found) == (spoil == "null")
    narrow()
    assert outcome(paths) == found


def test_lists_are_matrices(tmp_path: Path) -> None:
    plain = outcome(files(tmp_path, cells()), classes=[f"c{at}" for at in range(K)])
    flat = pa.FixedSizeListArray.from_arrays(pa.array(P.reshape(-1)), K)
    pq.write_table(pa.table({"p": flat}), tmp_path / "p.parquet", row_group_size=11)
    paths = [str(tmp_path / "p.parquet"), str(tmp_path / "y.csv")]
    for classes in ([f"c{at}" for at in range(K)],):
        found = outcome(paths, classes=classes)
        assert found["overall"] == plain["overall"]
        assert found["classes"] == plain["classes"]


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"", 2),
        (b"\n", 2),
        (b"1,2\n3\n", 2),
        (b"1,2,3\n4\n", 2),
        (b"1,2\n3,4\n,", 2),
        (b"1,2\n3,", 2),
        (b"1,2\r3,4\r", 2),
        (b"1,2\n\n3,4\n", 2),
        (b"1, 2\n", 2),
        (b'1,"2"\n', 2),
        (b"1\n2\n3,4\n", 2),
        (b"1,\xff\n", 2),
    ],
    ids=repr,
)
def test_what_is_no_table_of_plain_numbers_is_left_alone(data: bytes, columns: int) -> None:
    assert flat_numbers(data, columns, Writing()) is None


@pytest.mark.parametrize("size", [1 << 10, csv_flat._AT_ONCE, 3 * csv_flat._AT_ONCE + 5])
def test_parts_of_a_block_meet(size: int) -> None:
    numbers = np.random.default_rng(2).random((size // 30 + 1, 3))
    text = "".join(",".join(map(repr, row)) + "\n" for row in numbers.tolist())
    assert np.array_equal(np.asarray(flat_numbers(text.encode(), 3, Writing())), numbers)
    assert np.array_equal(np.asarray(flat_numbers(text.encode()[:-1], 3, Writing())), numbers)


@pytest.mark.parametrize("spoilt", [True, False], ids=["bad cell before", "good cells before"])
def test_what_was_read_before_a_file_breaks_off_counts(tmp_path: Path, narrow: Narrow, spoilt: bool) -> None:
    rows = cells(np.random.default_rng(6).multinomial(4096, np.ones(K) / K, 2000) / 4096.0)
    if spoilt:
        rows[3][4] = "7.5"
    paths = files(tmp_path, rows)
    (tmp_path / "y.csv").write_text("label\n" + "c1\n" * len(rows))
    packed = gzip.compress(Path(paths[0]).read_bytes())
    (tmp_path / "p.csv.gz").write_bytes(packed[: len(packed) // 2])
    paths[0] += ".gz"
    found = outcome(paths)
    assert "error" in found
    assert ("7.5 is" in found["error"]) == spoilt
    narrow()
    assert outcome(paths) == found


def test_the_public_module_does_where_the_private_one_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    data, writing = b"0.25,1e-5\n.5,1\n", Writing()
    found = flat_numbers(data, 2, writing)
    importlib.import_module("pyarrow.compute")
    monkeypatch.setitem(sys.modules, "pyarrow._compute", None)
    again = flat_numbers(data, 2, writing)
    assert found is not None
    assert again is not None
    assert found.tolist() == again.tolist() == [[0.25, 1e-5], [0.5, 1.0]]
