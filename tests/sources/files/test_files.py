"""Files as they are opened and read: blocks, changes under our hands, failing and stingy readers."""

from __future__ import annotations

import io
import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from effort import examples
from evaluated import same_every_run, same_everywhere, write
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli.sources.csv.source
from xentcli import DataError, evaluate
from xentcli.sources import text_blocks as blocks
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.text_blocks import BlockReader, count_lines, last_record_end, stray_quote

cells = st.text(alphabet='a,"\n\r;x ', max_size=6)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\r\n') else cell


@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 40),
)
@settings(max_examples=examples(300), deadline=None)
def test_blocks_end_between_records_whatever_their_size(rows: list[tuple[str, str]], end: str, size: int) -> None:
    import csv

    text = "".join(f"{quoted(a)},{quoted(b)}{end}" for a, b in rows)
    data = text.encode()

    class Fake:
        head = data[:3]
        handle = io.BytesIO(data[3:])
        consumed = 0
        size = 0

    reader = BlockReader(Fake(), size)  # type: ignore[arg-type]  # it reads as a file does
    pieces = list(reader.blocks())
    assert b"".join(piece.data for piece in pieces) == data
    assert not any(piece.last for piece in pieces[:-1])
    parsed = [row for piece in pieces for row in csv.reader(io.StringIO(piece.data.decode(), newline=""))]
    assert [tuple(row) for row in parsed if row] == rows
    line = 1
    for piece in pieces:
        assert piece.first_line == line
        line += count_lines(piece.data)
    assert stray_quote(data, ",") is None


@given(st.binary(max_size=30).map(lambda raw: bytes(b'a",\n\r'[byte % 5] for byte in raw)))
def test_a_stray_quote_is_found_where_strict_readers_object(data: bytes) -> None:
    if data.count(b'"') % 2:
        return
    found = stray_quote(data, ",")
    fine = True
    quoted_now = False
    for at, byte in enumerate(data):
        if byte != 0x22:
            continue
        before = data[at - 1 : at] if at else b"\n"
        after = data[at + 1 : at + 2] or b"\n"
        fine = fine and (after if quoted_now else before) in b'\n\r,"'
        quoted_now = not quoted_now
    assert (found is None) == fine
    assert last_record_end(data) <= len(data)


def test_line_ends_of_every_kind_are_counted() -> None:
    assert count_lines(b"a\r\nb\nc\rd") == 3


def files(folder: Path, rows: int = 5000) -> tuple[Path, Path]:
    rng = random.Random(3)
    p, y = folder / "p.csv", folder / "y.csv"
    p.write_text("p_b\n" + "".join(f"{rng.random()!r}\n" for _ in range(rows)))
    y.write_text("label\n" + "".join(rng.choice(["a\n", "b\n", '"b"\n']) for _ in range(rows)))
    return p, y


@pytest.mark.one_in_three
@pytest.mark.parametrize("size", [64, 1000, 4096])
def test_the_size_of_blocks_changes_nothing(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p, y = files(tmp_path)
    whole = evaluate(p, y).to_dict()
    monkeypatch.setattr(BlockReader.__init__, "__defaults__", (size,))
    assert same_every_run(evaluate(p, y, jobs=2).to_dict()) == same_every_run(whole)


class Stingy(io.RawIOBase):
    """Gives one byte at a time, or fails at a call."""

    def __init__(self, inner: Any, fails_at: int | None) -> None:
        self.inner, self.fails_at, self.calls = inner, fails_at, 0

    def read(self, size: int = -1) -> bytes:
        self.calls += 1
        if self.calls == self.fails_at:
            raise OSError(5, "Input/output error")
        wanted: bytes = self.inner.read(size if self.fails_at else 1)
        return wanted

    def fileno(self) -> int:
        number: int = self.inner.fileno()
        return number

    def close(self) -> None:
        self.inner.close()


def with_reader(monkeypatch: pytest.MonkeyPatch, fails_at: int | None) -> None:
    original = InputFile._read_head

    def read_head(self: InputFile) -> bytes:
        self.handle = Stingy(self.handle, fails_at)  # type: ignore[assignment]  # it reads as a file does
        return original(self)

    # The file changes at this very moment.
    monkeypatch.setattr(InputFile, "_read_head", read_head)


def test_one_byte_at_a_time_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p, y = files(tmp_path, 300)
    expected = same_every_run(evaluate(p, y).to_dict())
    with_reader(monkeypatch, None)
    assert same_every_run(evaluate(p, y).to_dict()) == expected


@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_read_that_fails_is_an_error_every_time(call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p, y = files(tmp_path)
    with_reader(monkeypatch, call)
    with pytest.raises(DataError) as caught:
        evaluate(p, y)
    assert str(caught.value) in {f"{path}: cannot be read: Input/output error" for path in (p, y)}


@pytest.mark.parametrize("change", ["append", "shrink", "touch"])
def test_a_file_that_changes_while_it_is_read_is_an_error(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    p, y = files(tmp_path)
    original = xentcli.sources.csv.source.CsvSource._blocks

    def blocks_with_change(self: Any) -> Any:
        for number, block in enumerate(original(self)):
            yield block
            if number == 0 and self.side == 0:
                if change == "append":
                    with p.open("a") as handle:
                        handle.write("0.5\n")
                elif change == "shrink":
                    os.truncate(p, 30_000)
                else:
                    os.utime(p, (1, 1))

    # The file changes between two blocks.
    monkeypatch.setattr(xentcli.sources.csv.source.CsvSource, "_blocks", blocks_with_change)
    with pytest.raises(DataError, match="the file changed while it was read"):
        evaluate(p, y)


def test_a_file_replaced_while_it_is_read_is_read_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    p, y = files(tmp_path)
    expected = same_every_run(evaluate(p, y).to_dict())
    original = xentcli.sources.csv.source.CsvSource._blocks

    def replace(self: Any) -> Any:
        other = tmp_path / "other.csv"
        other.write_text("p_b\n0.5\n")
        other.replace(p)
        yield from original(self)

    # The file is replaced at this very moment.
    monkeypatch.setattr(xentcli.sources.csv.source.CsvSource, "_blocks", replace)
    assert same_every_run(evaluate(p, y).to_dict()) == expected


def test_a_fifo_of_csv_is_read_and_one_of_parquet_refused(tmp_path: Path) -> None:
    import threading

    p, y = files(tmp_path, 200)
    expected = evaluate(p, y).to_dict()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    def feed(data: bytes) -> None:
        with suppress(BrokenPipeError):
            fifo.write_bytes(data)

    writer = threading.Thread(target=feed, args=(p.read_bytes(),))
    writer.start()
    assert same_everywhere(evaluate(fifo, y).to_dict()) == same_everywhere(expected)
    writer.join()
    parquet = write(pa.table({"p_b": [0.5]}), str(tmp_path / "p.parquet"))
    writer = threading.Thread(target=feed, args=(Path(parquet).read_bytes() * 20,))
    writer.start()
    with pytest.raises(DataError, match="Parquet cannot be read from a pipe"):
        evaluate(fifo, y)
    writer.join()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "no such file"),
        ("empty.csv", b"", "the file is empty"),
        (
            "z.csv",
            b"\x1f\x8b\x08\x00rest",
            "the file is compressed (gzip), but its name does not end in .gz\n  Rename it, or decompress it.",
        ),
        (
            "z.csv",
            b"BZh9rest",
            "the file is compressed (bzip2), but its name does not end in .bz2\n  Rename it, or decompress it.",
        ),
        (
            "z.csv",
            b"\x28\xb5\x2f\xfdrest",
            "the file is compressed (zstd), but its name does not end in .zst\n  Rename it, or decompress it.",
        ),
        (
            "z.csv",
            b"PK\x03\x04rest",
            "the file is compressed (zip)\n  Decompress it first, or use gzip, bzip2 or zstd.",
        ),
        ("a.parquet", b"p_b\n0.5\n", "the name says Parquet, but the content is not: it does not begin with PAR1"),
        ("a.parquet", b"ARROW1\0\0", "the name says Parquet, but the content is Arrow IPC"),
        ("a.csv", b"ARROW1\0\0", "the file is Arrow IPC, which is not read\n  CSV, JSON Lines and Parquet are."),
        ("a.csv", b"PAR1PAR1", "the name says CSV, but the content is Parquet\n  Rename the file."),
        ("a.bin", b"PAREPARE", "the file is encrypted Parquet, which is not read\n  CSV, JSON Lines and Parquet are."),
        ("a.csv", b"\xff\xfep\0", "the text is UTF-16, not UTF-8\n  Try --encoding utf-16"),
        ("a.csv", b"p\0_\0b\0\n\0", "the text is UTF-16, not UTF-8\n  Try --encoding utf-16-le"),
        ("a.csv", b"\xff\xfe\0\0p\0\0\0", "the text is UTF-32, not UTF-8\n  Try --encoding utf-32"),
    ],
)
def test_what_a_file_is_its_first_bytes_say(name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    _, y = files(tmp_path, 10)
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        evaluate(path, y)
    assert str(caught.value) == f"{path}: {message}"


def test_odd_paths_are_one_line_errors(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    odd: list[tuple[str | Path, str]] = [
        (loop, "cannot be read: Too many levels of symbolic links"),
        (tmp_path / ("x" * 300), "cannot be read: File name too long"),
        ("a\0b", "cannot be read: embedded null byte"),
        (tmp_path / "dangling" / "x", "no such file"),
    ]
    for path, reason in odd:
        with pytest.raises(DataError) as caught:
            evaluate(path, "labels.csv")
        assert str(caught.value).endswith(f": {reason}")


def test_a_record_that_never_ends_is_an_error_within_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 1 << 20)
    _, y = files(tmp_path, 10)
    path = tmp_path / "long.csv"
    monkeypatch.setattr(BlockReader.__init__, "__defaults__", (1000,))
    path.write_text("p_b\n" + "1" * (3 << 20))
    with pytest.raises(DataError, match=r"record 1 \(line 2\): a record is longer than 1 MiB: it has no line end"):
        evaluate(path, y)
    path.write_text('p_b\n"' + "1\n" * (2 << 20))
    with pytest.raises(
        DataError, match=r"record 1 \(line 2\): a record is longer than 1 MiB: a quote opened in it is not closed"
    ):
        evaluate(path, y)
