"""Directories and patterns: the same rows in any number of parts give the same bits, and every row its place."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from evaluated import Result, same_every_run, same_everywhere

from xentcli import DataError, evaluate
from xentcli.sources.ahead import Ahead
from xentcli.sources.base import Piece, Role, Source, Spot, Strings
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.open import open_source
from xentcli.sources.parts import listing
from xentcli.sources.parts.row_places import Places
from xentcli.sources.parts.source import PartsSource
from xentcli.spec.dialect import Dialect

ROWS = 97
CUTS = {
    "one": [0, ROWS],
    "two": [0, 40, ROWS],
    "empty ones": [0, 0, 1, 1, 50, 50, ROWS, ROWS],
    "a row each": list(range(ROWS + 1)),
}
SETTINGS: list[tuple[int | None, int]] = list(itertools.product([1, 7, None], [1, 3]))
NAMED: dict[str, Any] = {"label": "label", "weight": "w"}


def table() -> pa.Table:
    rng = random.Random(5)
    first = [round(rng.random(), 6) for _ in range(ROWS)]
    return pa.table(
        {
            "id": [f"row {at}" for at in range(ROWS)],
            "p_cat": first,
            "p_dog": [round(1 - p, 6) for p in first],
            "label": [rng.choice(["cat", "dog"]) for _ in range(ROWS)],
            "w": [rng.randint(0, 4) for _ in range(ROWS)],
        }
    )


def save(path: Path, content: pa.Table) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(content, path, row_group_size=11)
    else:
        pyarrow.csv.write_csv(content, path)
    return str(path)


def cut(folder: Path, content: pa.Table, form: str, at: list[int]) -> str:
    """Write rows as parts, in folders of their own now and then, the columns of each in an order of its own."""
    for number, (start, stop) in enumerate(itertools.pairwise(at)):
        names = list(content.column_names)
        random.Random(number).shuffle(names)
        below = "" if number % 3 else f"{number:04}-below/"
        save(folder / f"{below or f'{number:04}-'}part.{form}", content.slice(start, stop - start).select(names))
    (folder / "_SUCCESS").touch()
    (folder / ".part.csv.crc").touch()
    return str(folder)


@pytest.mark.one_in_three
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("shape", CUTS)
def test_how_rows_are_cut_into_parts_changes_nothing(shape: str, form: str, tmp_path: Path) -> None:
    content = table()
    whole = evaluate(save(tmp_path / f"whole.{form}", content), **NAMED).to_dict()
    folder = cut(tmp_path / "parts", content, form, CUTS[shape])
    labels = cut(tmp_path / "labels", content.select(["id", "label", "w"]), form, CUTS["two"])
    by_run: dict[str, Result] = {}
    # However the parts were found, they are read alike: one setting does for the other two ways to name them.
    routes = [(folder, *setting) for setting in (SETTINGS if len(CUTS[shape]) < 10 else [(1, 3), (None, 1)])]
    routes += [(f"{folder}/**/*.{form}", 7, 3), (f"file://{folder}", 7, 3)]
    for given, chunk, threads in routes:
        result = evaluate(given, chunk_rows=chunk, jobs=threads, **NAMED).to_dict()
        assert same_everywhere(result) == same_everywhere(whole), (given, chunk, threads)
        assert result["inputs"]["rows_fingerprint"] == whole["inputs"]["rows_fingerprint"]
        assert same_every_run(result) == by_run.setdefault(given, same_every_run(result))
    apart = evaluate(folder, labels, pred="p_*", **NAMED, jobs=2, chunk_rows=10).to_dict()
    assert same_everywhere(apart) == same_everywhere(
        evaluate(tmp_path / f"whole.{form}", labels, pred="p_*", **NAMED).to_dict()
    )


def test_parts_go_by_the_bytes_of_their_paths(tmp_path: Path) -> None:
    content = table()
    names = ["a.csv", "a/b.csv", "a-b.csv", "B.csv", "é.csv", "a/_b/c.csv", "a/.b.csv", "10.csv", "9.csv"]
    for name in names:
        save(tmp_path / name, content)
    expected = ["10.csv", "9.csv", "B.csv", "a-b.csv", "a.csv", "a/b.csv", "é.csv"]
    assert open_source(str(tmp_path), 0, Dialect()).files == tuple(f"{tmp_path}/{name}" for name in expected)
    assert open_source(f"{tmp_path}/", 0, Dialect()).files == tuple(f"{tmp_path}/{name}" for name in expected)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.csv", ["a.csv", "b.csv", "c[1].csv"]),
        ("[ab].csv", ["a.csv", "b.csv"]),
        ("?.csv", ["a.csv", "b.csv"]),
        ("./[!b].csv", ["./a.csv"]),
        ("d/*", ["d/e/f.csv", "d/g.csv"]),
        ("d/*/*.csv", ["d/e/f.csv"]),
        ("d/**", ["d/e/f.csv", "d/g.csv"]),
        ("**/**/f.csv", ["d/e/f.csv"]),
        ("**/*.csv", ["a.csv", "b.csv", "c[1].csv", "d/e/f.csv", "d/g.csv", "k[1]/l.csv"]),
        ("_h*/*.csv", ["_hidden/i.csv"]),
        ("*/e/*.csv", ["d/e/f.csv"]),
        ("c[[]1].csv", ["c[1].csv"]),
        ("c[1].csv", ["c[1].csv"]),
        ("k[1]/*.csv", ["k[1]/l.csv"]),
        ("d*/", ["d/e/f.csv", "d/g.csv"]),
        ("**/x.txt", ["t/x.txt"]),
    ],
)
def test_patterns(pattern: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ["a.csv", "b.csv", "d/e/f.csv", "d/g.csv", "_hidden/i.csv", "c[1].csv", "k[1]/l.csv", "k1/m.CSV"]:
        save(tmp_path / name, table())
    save(tmp_path / "t/x.csv", table())
    (tmp_path / "t/x.csv").rename(tmp_path / "t/x.txt")
    source = open_source(pattern, 0, Dialect())
    assert list(source.files) == expected
    source.close()


def test_an_absolute_pattern_begins_at_the_root(tmp_path: Path) -> None:
    save(tmp_path / "a.csv", table())
    assert open_source(f"{tmp_path}/*.csv", 0, Dialect()).files == (f"{tmp_path}/a.csv",)


def test_folders_are_columns(tmp_path: Path) -> None:
    content = table().drop_columns(["label"])
    labels = table()["label"].to_pylist()
    for name, weight in (("cat", "1"), ("dog", "2.5")):
        mask = pa.array([label == name for label in labels])
        save(tmp_path / f"parts/label={name}/w2={weight}/x.csv", content.filter(mask))
    result = evaluate(tmp_path / "parts", pred="p_*", label="label", weight="w2")
    assert result.overall.rows == ROWS
    assert {entry.class_: entry.rows for entry in result.classes} == {x: labels.count(x) for x in ("cat", "dog")}
    assert result.overall.weight == labels.count("cat") + 2.5 * labels.count("dog")
    # Below the part of a pattern that is no pattern there is one folder left.
    assert open_source(f"{tmp_path}/parts/label=cat/*/x.csv", 0, Dialect()).columns[-1].name == "w2"


def read(source: Source, **wanted: Role) -> list[Piece]:
    with ThreadPoolExecutor(2) as pool:
        return list(source.pieces(wanted, pool, 3))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_folders_say_in_every_role(form: str, tmp_path: Path) -> None:
    for name in ("a%20b", "__HIVE_DEFAULT_PARTITION__", ""):
        save(tmp_path / f"day={name}/x.{form}", table().slice(0, 2))
    source = open_source(str(tmp_path), 0, Dialect())
    # By their bytes: nothing, the null, 'a%20b'.
    pieces = read(source, day=Role.NULLABLE, p_cat=Role.NUMBER)
    assert [piece.labels["day"].codes.tolist() for piece in pieces] == [[-1, -1], [-1, -1], [0, 0]]
    assert [list(piece.labels["day"].values) for piece in pieces] == [[], [], ["a b"]]
    for role in (Role.KEY, Role.LABEL, Role.NUMBER):
        with pytest.raises(DataError) as caught:
            read(source, day=role, p_cat=Role.NUMBER)
        assert str(caught.value) == (
            f"{tmp_path}/day=/x.{form}, record 1, column 'day': the value is missing: its folder says nothing "
            "after the =\n  Rename the folder day=…, or move it away."
        )
        assert caught.value.order == (0, 0, 5)
    with pytest.raises(DataError, match="the value is missing: its folder says null") as caught:
        read(source, day=Role.ORDER, p_cat=Role.NUMBER)
    assert caught.value.order == (2, 0, 5)
    (tmp_path / "day=").rename(tmp_path / "_day=")
    (tmp_path / "day=__HIVE_DEFAULT_PARTITION__").rename(tmp_path / "_null")
    source = open_source(str(tmp_path), 0, Dialect())
    (keys,) = (piece.order["day"] for piece in read(source, day=Role.KEY, p_cat=Role.NUMBER))
    assert isinstance(keys, Strings) and [keys.text(0), keys.text(1)] == ["a b", "a b"]
    for name, problem in (("x", "'x', which is not a number"), ("1e999", "'1e999', which is beyond float64")):
        next(tmp_path.glob("day=*")).rename(tmp_path / f"day={name}")
        with pytest.raises(DataError, match=problem):
            read(open_source(str(tmp_path), 0, Dialect()), day=Role.NUMBER, p_cat=Role.NUMBER)
    (tmp_path / "day=1e999").rename(tmp_path / "day=.5")
    source = open_source(str(tmp_path), 0, Dialect())
    assert read(source, day=Role.NUMBER, p_cat=Role.NUMBER)[0].numbers["day"].tolist() == [0.5, 0.5]
    assert read(source, p_cat=Role.NUMBER)[0].labels == {}


def test_types_of_parquet_parts_may_differ_as_far_as_kinds_allow(tmp_path: Path) -> None:
    content = table()
    expected = evaluate(save(tmp_path / "whole.parquet", content), **NAMED).to_dict()
    narrow = content.schema
    for name, kind in (("w", pa.int16()), ("id", pa.large_string()), ("label", pa.dictionary(pa.int8(), pa.string()))):
        narrow = narrow.set(narrow.get_field_index(name), pa.field(name, kind))
    save(tmp_path / "parts/0.parquet", content.slice(0, 10).cast(narrow))
    save(tmp_path / "parts/1.parquet", content.slice(10, 50))
    wide = content.schema.set(4, pa.field("w", pa.float32()))
    save(tmp_path / "parts/2.parquet", content.slice(60).cast(wide))
    assert same_everywhere(evaluate(tmp_path / "parts", **NAMED).to_dict()) == same_everywhere(expected)
    nothing = content.schema.set(4, pa.field("w", pa.null()))
    empty = content.slice(0, 0)
    save(tmp_path / "parts/00.parquet", empty.set_column(4, nothing.field(4), pa.nulls(0)))
    save(tmp_path / "parts/3.parquet", empty.set_column(4, nothing.field(4), pa.nulls(0)))
    source = open_source(str(tmp_path / "parts"), 0, Dialect())
    assert source.rows == ROWS
    assert [column.kind.value for column in source.columns] == ["text", "float", "float", "text", "float"]
    assert same_everywhere(evaluate(tmp_path / "parts", **NAMED).to_dict()) == same_everywhere(expected)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_errors_and_places_are_those_of_the_part(form: str, tmp_path: Path) -> None:
    content = table()
    bad = content.slice(50, 10).to_pydict()
    bad["p_cat"][3] = float("nan")
    content = pa.concat_tables([content.slice(0, 50), pa.table(bad), content.slice(60)])
    folder = cut(tmp_path / "parts", content, form, [0, 10, 10, 49, 70, ROWS])
    place = f"{folder}/0003-below/part.{form}, record 5" + (" (line 6)" if form == "csv" else "")
    for chunk, threads in SETTINGS:
        with pytest.raises(DataError) as caught:
            evaluate(folder, chunk_rows=chunk, jobs=threads, **NAMED)
        assert str(caught.value).startswith(f"{place}, column 'p_cat': the value is missing: ")


class Rows:
    """A source of rows whose lines go on as told."""

    path = "x"
    trailing_blank = False

    def __init__(self, lines: list[int | None]) -> None:
        self.lines = lines

    def locate(self, row: int) -> Spot:
        return Spot("x", row + 1, self.lines[row])


@pytest.mark.parametrize(
    "lines",
    [[2, 3, 4, 5], [2, 3, None, None], [None, None, None, None], [2, 4, 5, 6], [2, 3, 4, None]],
)
def test_places_stay_when_the_file_is_let_go(lines: list[int | None]) -> None:
    places = Places()
    source: Any = Rows(lines)
    places.begin(0, source)
    during = [places.locate(row) for row in range(3)]
    places.end(source, 3)
    places.begin(3, source)
    assert [places.locate(row) for row in range(3)] == during == [source.locate(row) for row in range(3)]
    assert places.locate(4) == source.locate(1)
    assert places.blank() is None


def test_a_blank_line_at_the_end_of_a_part_is_the_place_of_the_row_that_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    (folder / "0.csv").write_text("label\ncat\n\n")
    (folder / "1.csv").write_text("label\ndog\n")
    p = tmp_path / "p.csv"
    p.write_text("cat,dog\n0.7,0.3\n0.2,0.8\n")
    assert [warning.code for warning in evaluate(p, folder).warnings] == ["trailing_blank_line"]
    p.write_text("cat,dog\n0.7,0.3\n0.2,0.8\n0.2,0.8\n")
    with pytest.raises(DataError) as caught:
        evaluate(p, folder)
    assert str(caught.value).startswith(f"{folder}/0.csv, record 2 (line 3), column 'label': the last line is blank")


def test_progress_is_over_all_parts(tmp_path: Path) -> None:
    source = open_source(cut(tmp_path / "parts", table(), "csv", CUTS["empty ones"]), 0, Dialect())
    size = sum(path.stat().st_size for path in (tmp_path / "parts").rglob("*part.csv") if path.name[0] != ".")
    assert source.position() == (0, size)
    with ThreadPoolExecutor(1) as pool:
        done = [source.position()[0] for _ in source.pieces({"p_cat": Role.NUMBER}, pool, 2)]
    assert done == sorted(done) and 0 < done[0] <= size
    assert source.position() == (size, size)
    assert source.rows == ROWS
    assert source.width_of("p_cat") == 1
    assert (source.seekable, source.headerless, source.doubt, source.format) == (True, False, None, "csv")


def test_lists_have_one_length_in_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(2):
        save(tmp_path / f"{at}.csv", table())
    source = open_source(str(tmp_path), 0, Dialect())
    assert isinstance(source, PartsSource)
    original = source._open_file

    def with_lists(file: Any) -> Source:
        found: Any = original(file)
        width = 2 + int(file.path.endswith("1.csv"))
        found.pieces = lambda *_: iter([Piece(3, {"p_cat": np.zeros((3, width))})])
        found.width_of = lambda name: 0 if width == 2 else width
        found.locate = lambda row: Spot(file.path, row + 1, None)
        return found  # type: ignore[no-any-return]  # of pyarrow, which has no types

    source._open_file = with_lists
    with pytest.raises(DataError) as caught:
        read(source, p_cat=Role.NUMBER)
    assert str(caught.value) == f"{tmp_path}/1.csv, record 1, column 'p_cat': a list of 3, but of 2 in rows before"
    assert caught.value.order == (3, 0, 1)
    assert source.width_of("p_cat") == 3
    # What is known of a part that has no rows, without one.
    monkeypatch.setattr(source, "_empty", [False, True])
    assert source.width_of("p_cat") == 0


def test_a_part_that_turns_out_to_have_no_rows(tmp_path: Path) -> None:
    save(tmp_path / "0.csv", table())
    source = open_source(str(tmp_path), 0, Dialect())
    assert isinstance(source, PartsSource)
    original = source._open_file

    def without_rows(file: Any) -> Source:
        found: Any = original(file)
        found.pieces = lambda *_: iter([])
        return found  # type: ignore[no-any-return]  # of pyarrow, which has no types

    source._open_file = without_rows
    with pytest.raises(DataError, match="no part has a row of data"):
        read(source, p_cat=Role.NUMBER)


def test_a_part_that_changes_before_its_turn_is_an_error(tmp_path: Path) -> None:
    for at in range(3):
        save(tmp_path / f"{at}.csv", table())
    source = open_source(str(tmp_path), 0, Dialect())
    with (tmp_path / "2.csv").open("a") as handle:
        handle.write("more\n")
    with pytest.raises(DataError) as caught:
        read(source, p_cat=Role.NUMBER)
    assert str(caught.value) == (
        f"{tmp_path}/2.csv: the file changed since its columns were read\n"
        "  Run again when whatever writes it has finished."
    )
    assert caught.value.order == (2 * ROWS, 0, -1)


def test_reading_ends_where_nobody_takes_the_rest(tmp_path: Path) -> None:
    before = threading.active_count()
    source = open_source(cut(tmp_path / "parts", table(), "csv", CUTS["a row each"]), 0, Dialect())
    with ThreadPoolExecutor(1) as pool:
        next(iter(source.pieces({"p_cat": Role.NUMBER}, pool, 2)))
        source.close()
    assert threading.active_count() == before
    assert source.position()[0] >= 0


def test_an_iterator_runs_ahead_and_no_further() -> None:
    made: list[int] = []

    def items() -> Generator[int]:
        for number in range(10):
            made.append(number)
            yield number
        raise ValueError("at the end")

    ahead = Ahead(items, 2)
    taken = iter(ahead)
    assert next(taken) == 0
    deadline = time.monotonic() + 10
    while len(made) < 4 and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(0.01)
    # One was taken, two wait, and one more is in the generator's hand.
    assert made == [0, 1, 2, 3]
    assert [next(taken) for _ in range(9)] == list(range(1, 10))
    with pytest.raises(ValueError, match="at the end"):
        next(taken)
    stopped = Ahead(items, 1)
    stopped.stop()
    assert not stopped._thread.is_alive()


def test_many_parts_do_not_hold_many_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cut(tmp_path / "parts", table(), "csv", CUTS["a row each"])
    most = 0
    original = InputFile.close

    def close(self: Any) -> None:
        nonlocal most
        most = max(most, len(list(Path("/proc/self/fd").iterdir())))
        original(self)

    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(InputFile, "close", close)
    evaluate(folder, **NAMED)
    assert most <= before + 8


@pytest.mark.parametrize("bound", ["MOST_PARTS", "MOST_ENTRIES"])
def test_listing_is_bounded(bound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cut(tmp_path / "parts", table(), "csv", CUTS["a row each"])
    monkeypatch.setattr(listing, bound, 20)
    with pytest.raises(DataError) as caught:
        evaluate(folder)
    assert str(caught.value) == f"{folder}: more than 20 files are below it\n  Name a smaller part of them."
