"""Files and directories that are not there, may not be read, lead in circles, or change under our hands."""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from conftest import RunXent
from files import LABELS, PREDICTIONS
from tables import P, Y, accepted_files, figures, parquet, refused_files, write

from xentcli import DataError, evaluate
from xentcli.columns.classes import find_classes
from xentcli.sources.csv.source import CsvSource
from xentcli.sources.parquet.source import ParquetSource
from xentcli.sources.parts.trees import LocalTree

ENDINGS = ".csv, .tsv, .jsonl, .ndjson (also with .gz, .bz2 or .zst), .parquet or .pq"
SKIPPED = "names that begin with _ or . are skipped"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def folder(name: str, **files: str) -> str:
    """Write a folder of CSV files, each called as its keyword, and return its path."""
    Path(name).mkdir(parents=True)
    for file, content in files.items():
        write(f"{name}/{file}.csv", content)
    return name


@contextmanager
def nobody() -> Iterator[None]:
    """Have the rights of nobody in particular, where tests run with all of them."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


# FS1 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["none.csv", "none/p.csv", "dangling.csv"])
def test_fs1_a_file_that_is_not_there(run_xent: RunXent, path: str) -> None:
    Path("dangling.csv").symlink_to("nowhere.csv")
    write(Y, LABELS)
    refused_files(run_xent, [path, Y], f"{path}: no such file")


def test_fs1_a_part_that_leads_nowhere(run_xent: RunXent) -> None:
    folder("d", a=PREDICTIONS)
    Path("d/b.csv").symlink_to("nowhere.csv")
    refused_files(run_xent, ["d", write(Y, LABELS)], "d/b.csv: no such file")


# FS2 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [[], ["_SUCCESS"], [".a.csv"], ["_logs/a.csv"], ["below/_a.csv"], ["a=1/.b/c.csv"]])
def test_fs2_a_directory_without_files_to_read(run_xent: RunXent, made: list[str]) -> None:
    folder("d")
    for name in made:
        Path("d", name).parent.mkdir(exist_ok=True, parents=True)
        write(f"d/{name}", PREDICTIONS)
    message = (
        "d: the directory has no files to read\n"
        f"  Files whose names end in {ENDINGS}, or without any ending count; {SKIPPED}."
    )
    refused_files(run_xent, ["d", write(Y, LABELS)], message)


@pytest.mark.parametrize("name", ["notes.txt", "p.csv.xz", "p.parquet.gz", "p.csv.bak", "deep/p.dat"])
def test_fs2_a_directory_with_files_of_other_endings(run_xent: RunXent, name: str) -> None:
    folder("d", a=PREDICTIONS)
    Path("d/deep").mkdir()
    write(f"d/{name}", "cat,dog\n")
    message = (
        f"d/{name}: the ending of its name is none that counts in a directory\n"
        f"  Names that end in {ENDINGS}, or without any ending do. Move the file away, or name the parts by a pattern."
    )
    refused_files(run_xent, ["d", write(Y, LABELS)], message)


def test_fs2_a_part_without_an_ending_is_read_as_what_its_bytes_say(run_xent: RunXent) -> None:
    folder("d", a=PREDICTIONS)
    write("d/part-00001", PREDICTIONS)
    write("twice.csv", LABELS + LABELS.split("\n", 1)[1])
    assert accepted_files("d", "twice.csv").overall.rows == 2 * accepted_files("d/a.csv", write(Y, LABELS)).overall.rows
    write("d/README", "What is here.\n")
    message = (
        "d/a.csv: it has no column 'What is here.', which 'd/README' has\n"
        "  Parts have the same columns by name, in any order."
    )
    refused_files(run_xent, ["d", "twice.csv"], message)
    Path("d/README").unlink()
    write("d/p.gz", "cat,dog\n")
    message = "d/p.gz: the name says gzip (.gz), but the content is plain text\n  Rename the file."
    refused_files(run_xent, ["d", "twice.csv"], message)


@pytest.mark.parametrize("pattern", ["d/*.tsv", "none/*.csv", "d/a.csv/*", "[x]*", "d/**/none.csv", "d/*/a.csv"])
def test_fs2_a_pattern_that_matches_nothing(run_xent: RunXent, pattern: str) -> None:
    folder("d", a=PREDICTIONS)
    root = {"d/a.csv/*": "d/a.csv", "none/*.csv": "none", "[x]*": "."}.get(pattern, "d")
    message = f"{pattern}: no file matches the pattern\n  It is looked for below {root}; {SKIPPED}."
    refused_files(run_xent, [pattern, write(Y, LABELS)], message)


@pytest.mark.parametrize("given", ["d", "d/*", "d/**"])
def test_fs2_a_directory_of_mixed_formats(run_xent: RunXent, given: str) -> None:
    folder("d", a=PREDICTIONS)
    parquet("d/b.parquet", cat=[0.7], dog=[0.3])
    message = "d/b.parquet: this part is Parquet, but 'd/a.csv' is CSV\n  All parts are of one format."
    refused_files(run_xent, [given, write(Y, LABELS)], message)


@pytest.mark.parametrize("given", ["/", "//", "/../", "file:///", "/**", "/**/*.csv", "root", "root/**/*.csv"])
def test_fs2_the_root_of_the_file_system(run_xent: RunXent, given: str) -> None:
    Path("root").symlink_to("/")
    shown = given.removeprefix("file://").removesuffix("/*.csv").removesuffix("**").removesuffix("root/") or "root"
    shown = "root" if given.startswith("root") else shown
    message = f"{shown}: this is the root of the whole file system\n  Name a directory below it."
    refused_files(run_xent, [given, write(Y, LABELS)], message)


def test_fs2_a_folder_that_leads_to_the_root(run_xent: RunXent) -> None:
    folder("d", a=PREDICTIONS)
    Path("d/root").symlink_to("/")
    message = "d/root: this is the root of the whole file system\n  Name a directory below it."
    refused_files(run_xent, ["d", write(Y, LABELS)], message)


@pytest.mark.parametrize("given", ["d", "d/*"])
def test_fs2_a_part_that_is_a_pipe_or_a_device(run_xent: RunXent, given: str) -> None:
    folder("d", a=PREDICTIONS)
    os.mkfifo("d/b.csv")
    message = "d/b.csv: it is a pipe or a device; parts are regular files"
    refused_files(run_xent, [given, write(Y, LABELS)], message)


# FS3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [P, "d/a.csv", "d", "d/*.csv"])
def test_fs3_no_permission_to_read(run_xent: RunXent, given: str, tmp_path: Path) -> None:
    Path(write(P, PREDICTIONS)).chmod(0)
    Path(folder("d", a=PREDICTIONS)).chmod(0o755)
    Path("d/a.csv").chmod(0)
    write(Y, LABELS)
    opened = [above for above in (tmp_path, *tmp_path.parents) if above.stat().st_uid == os.getuid()]
    modes = {above: stat.S_IMODE(above.stat().st_mode) for above in opened}
    try:
        for above in opened:
            above.chmod(modes[above] | 0o055)
        with nobody():
            message = f"{given if given == P else 'd/a.csv'}: no permission to read it"
            refused_files(run_xent, [given, Y], message)
    finally:
        for above, mode in modes.items():
            above.chmod(mode)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermissionError(13, "Permission denied"), "no permission to list it"),
        (OSError(5, "Input/output error"), "cannot be listed: Input/output error"),
        (OSError("the connection breaks off"), "cannot be listed: the connection breaks off"),
    ],
)
def test_fs3_a_folder_that_cannot_be_listed(
    run_xent: RunXent, error: OSError, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder("d/below", a=PREDICTIONS)
    original = LocalTree.entries

    def entries(self: LocalTree, path: str, deep: bool) -> object:
        if path == "d/below":
            raise error
        return original(self, path, deep)

    monkeypatch.setattr(LocalTree, "entries", entries)
    refused_files(run_xent, ["d", write(Y, LABELS)], f"d/below: {why}")


# FS4 -----------------------------------------------------------------------------------------------------------

TWICE = "One of them is a symbolic link: delete it, or name the parts by a pattern without it."


@pytest.mark.parametrize("given", ["d", "d/**", "d/**/*.csv"])
def test_fs4_links_that_lead_in_a_circle(run_xent: RunXent, given: str) -> None:
    folder("d/below", a=PREDICTIONS)
    Path("d/below/back").symlink_to("..")
    message = f"d/below/back: it leads to what is read already as 'd'\n  {TWICE}"
    refused_files(run_xent, [given, write(Y, LABELS)], message)


def test_fs4_a_link_to_a_part_would_count_its_rows_twice(run_xent: RunXent) -> None:
    folder("d", a=PREDICTIONS)
    Path("d/latest.csv").symlink_to("a.csv")
    with pytest.raises(DataError) as caught:
        evaluate("d", write(Y, LABELS))
    assert str(caught.value) in {
        f"d/{here}.csv: it leads to what is read already as 'd/{there}.csv'\n  {TWICE}"
        for here, there in (("latest", "a"), ("a", "latest"))
    }
    Path("d/latest.csv").unlink()
    expected = figures(accepted_files("d", Y))
    Path("elsewhere").symlink_to("d")
    Path("linked").mkdir()
    Path("linked/p.csv").symlink_to("../d/a.csv")
    assert figures(accepted_files("elsewhere", Y)) == figures(accepted_files("linked/*", Y)) == expected


def test_fs4_names_that_cannot_be(run_xent: RunXent) -> None:
    Path("loop.csv").symlink_to("loop.csv")
    folder("d")
    Path("d/loop.csv").symlink_to("loop.csv")
    write(Y, LABELS)
    refused_files(run_xent, ["loop.csv", Y], "loop.csv: cannot be read: Too many levels of symbolic links")
    refused_files(run_xent, ["d", Y], "d/loop.csv: cannot be read: Too many levels of symbolic links")
    refused_files(run_xent, ["x" * 300, Y], f"{'x' * 300}: cannot be read: File name too long")
    refused_files(run_xent, ["a\0b", Y], "a\\x00b: cannot be read: embedded null byte")
    refused_files(
        run_xent,
        ["a\0b/*", Y],
        f"a\\x00b/*: no file matches the pattern\n  It is looked for below a\\x00b; {SKIPPED}.",
    )
    message = f"{'x' * 300}/*: cannot be listed: File name too long"
    refused_files(run_xent, [f"{'x' * 300}/*", Y], message.replace("/*", ""))


# FS5 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["e.csv", "e.parquet", "/dev/null"])
def test_fs5_empty_files(run_xent: RunXent, path: str) -> None:
    if not path.startswith("/"):
        write(path, "")
    refused_files(run_xent, [path, write(Y, LABELS)], f"{path}: the file is empty")


# FS11, FS12, FS13 ----------------------------------------------------------------------------------------------


def large_parquet(path: str, rows: int = 200_000) -> str:
    rng = random.Random(1)
    table = pa.table({"p_dog": [rng.random() for _ in range(rows)], "label": ["cat", "dog"] * (rows // 2)})
    pyarrow.parquet.write_table(table, path, row_group_size=20_000, use_dictionary=["label"])
    return path


@pytest.mark.parametrize("given", ["p.parquet", "d", "d/*"])
@pytest.mark.parametrize("first_rows", [True, False])
def test_fs11_fs13_parquet_that_is_cut_while_it_is_read_is_an_error_and_no_bus_error(
    given: str, first_rows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its first rows are read, which say which columns are classes, or in the pass after it."""
    Path("d").mkdir()
    path = large_parquet("p.parquet" if given == "p.parquet" else "d/p.parquet")
    original = ParquetSource._next
    settled = find_classes
    calls, passes = 0, first_rows

    def cut(self: ParquetSource, *arguments: Any) -> Any:
        nonlocal calls
        calls += passes
        if calls == 1:
            os.truncate(path, 50_000)
        return original(self, *arguments)

    def found(*arguments: Any, **more: Any) -> Any:
        nonlocal passes
        result = settled(*arguments, **more)
        passes = True
        return result

    # The file is cut at this very moment.
    monkeypatch.setattr(ParquetSource, "_next", cut)
    monkeypatch.setattr("xentcli.commands.evaluate.find_classes", found)
    with pytest.raises(DataError) as caught:
        evaluate(given, jobs=1)
    assert calls
    if first_rows and given != "p.parquet":
        # Parts are opened again, and seen to be others.
        assert str(caught.value) == f"{path}: {CHANGED}"
    else:
        assert str(caught.value).startswith(f"{path}: the Parquet file cannot be read: ")
        assert str(caught.value).endswith("\n  It is damaged, or not complete.")


CHANGED = "the file changed since its columns were read\n  Run again when whatever writes it has finished."


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("first_rows", [True, False])
def test_fs12_a_part_that_is_replaced_while_it_is_read_is_read_as_it_was_or_an_error(
    form: str, first_rows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the pass parts are closed again, and another file is none that what is known of this one is about."""
    Path("d").mkdir()
    if form == "csv":
        write("d/p.csv", "p_dog,label\n0.25,cat\n0.75,dog\n")
    else:
        parquet("d/p.parquet", p_dog=[0.25, 0.75], label=["cat", "dog"])
    expected = evaluate("d").overall
    kind = CsvSource if form == "csv" else ParquetSource
    original = kind.pieces
    settled = find_classes
    passes = first_rows

    def pieces(self: object, *arguments: object) -> object:
        if passes:
            write("other", "p_dog,label\n0.5,cat\n")
            Path("other").replace(f"d/p.{form}")
        return original(self, *arguments)  # type: ignore[arg-type]  # passed on as they came

    def found(*arguments: Any, **more: Any) -> Any:
        nonlocal passes
        result = settled(*arguments, **more)
        passes = True
        return result

    monkeypatch.setattr(kind, "pieces", pieces)
    monkeypatch.setattr("xentcli.commands.evaluate.find_classes", found)
    if first_rows:
        with pytest.raises(DataError) as caught:
            evaluate("d")
        assert str(caught.value) == f"d/p.{form}: {CHANGED}"
    else:
        assert evaluate("d").overall == expected
