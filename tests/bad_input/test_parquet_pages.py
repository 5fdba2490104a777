"""Headers of Parquet pages that lie: no checksum covers them, and none makes a run take what a header says."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from measured import run_measured
from tables import parquet

from xentcli import DataError, evaluate
from xentcli.sources.parquet import headers as parquet_headers
from xentcli.sources.parquet import pages as parquet_pages
from xentcli.sources.parquet.headers import BadHeaderError, page_header

P, Y = "p.parquet", "y.parquet"
XENT = [sys.executable, "-P", "-m", "xentcli"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def headers(path: str, column: int = 0) -> list[tuple[int, int]]:
    """Return where the headers of the first row group of a column begin and end."""
    data, chunk = Path(path).read_bytes(), pq.read_metadata(path).row_group(0).column(column)
    at = chunk.data_page_offset if chunk.dictionary_page_offset is None else chunk.dictionary_page_offset
    end, found = at + chunk.total_compressed_size, []
    while at < end:
        page = page_header(data, at)
        found.append((at, page.end))
        at = page.end + page.packed
    assert at == end
    return found


def number(value: int) -> bytes:
    """Return a number of 32 bits as Thrift's compact protocol writes it, in five bytes."""
    zigzag = (value << 1) ^ (value >> 31)
    return bytes([*(zigzag >> 7 * at & 127 | 128 for at in range(4)), zigzag >> 28 & 15])


def forge(path: str, page: int, packed: int | None = None, unpacked: int | None = None) -> None:
    """Change what the header of a page says; what is longer takes the place of statistics."""
    start, end = headers(path)[page]
    data = Path(path).read_bytes()
    old = page_header(data, start)
    sizes = number(old.unpacked if unpacked is None else unpacked), number(old.packed if packed is None else packed)
    head = b"\x15\x00\x15" + sizes[0] + b"\x15" + sizes[1] + b"\x2c\x15\x02\x15\x00\x15\x06\x15\x06"
    # What is left is one text of the fields after those.
    fill = end - start - len(head) - 4
    assert 0 < fill < 128
    head += b"\xf8" + bytes([fill]) + b"x" * fill + b"\0\0"
    Path(path).write_bytes(data[:start] + head + data[end:])


def doubles(rows: int, **options: object) -> None:
    """Write numbers that do not pack, in one row group of pages without a dictionary."""
    table = pa.table({"p_dog": np.random.default_rng(0).random(rows)})
    pq.write_table(table, P, use_dictionary=False, row_group_size=rows, **options)
    parquet(Y, label=pa.array(["cat", "dog"] * (rows // 2)))


@pytest.mark.one_in_three
@pytest.mark.parametrize("rows", [1000, 2_200_000], ids=["read whole", "read through a buffer"])
@pytest.mark.parametrize("said", [{"packed": 2**31 - 1}, {"unpacked": 2**31 - 1}, {"packed": -5}], ids=str)
def test_a_header_that_says_gigabytes(rows: int, said: dict[str, int]) -> None:
    doubles(rows)
    forge(P, -1, **said)
    done, memory = run_measured([*XENT, "eval", P, Y, "--positive", "dog"])
    assert done.returncode == 2
    assert memory < 300 << 20
    message = done.stderr.decode()
    assert message.startswith(f"error: {P}")
    assert message.count("\n") == 2
    if rows > 1000 and "packed" in said:
        assert f", column 'p_dog': row group 1: a page of {said['packed']:,} bytes, where " in message


@pytest.mark.one_in_three
@pytest.mark.parametrize("packing", ["zstd", "gzip", "brotli"])
def test_a_page_that_unpacks_to_a_thousand_times_its_size(packing: str) -> None:
    rows = 10_000_000
    options = {"compression": packing, "use_dictionary": False, "data_page_size": 1 << 30, "max_rows_per_page": rows}
    numbers = np.zeros(rows)
    # In fewer bytes than a few hundred no page is looked for.
    numbers[:50] = np.random.default_rng(0).random(50)
    pq.write_table(pa.table({"p_dog": numbers}), P, row_group_size=rows, **options)
    parquet(Y, label=pa.array(["cat"] * rows))
    page = page_header(Path(P).read_bytes(), 4)
    assert 8 * rows <= page.unpacked < 8 * rows + 100
    with pytest.raises(DataError) as caught:
        evaluate(P, Y, positive="dog", negative="cat")
    assert caught.value.column == "p_dog"
    assert caught.value.problem == f"row group 1: a page of {page.packed:,} bytes unpacks to {page.unpacked:,}"
    assert caught.value.hint == "If all of it is meant, write smaller pages."


ENCODINGS = [
    {},
    {"use_dictionary": False, "compression": "zstd", "data_page_version": "2.0"},
    {"use_dictionary": False, "column_encoding": "BYTE_STREAM_SPLIT", "compression": "gzip"},
    {"compression": "none", "write_statistics": False, "write_page_checksum": True, "row_group_size": 700},
]


@pytest.mark.parametrize("options", ENCODINGS, ids=str)
def test_what_is_followed_from_page_to_page_is_read_as_it_is(
    options: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, lists of them and texts, in pages of a few hundred bytes that begin anywhere in what is read at once."""
    rng = np.random.default_rng(1)
    drawn = rng.dirichlet([1, 1, 1], 2000)
    flat = {"column_encoding": options["column_encoding"]} if "column_encoding" in options else {}
    small = {"data_page_size": 500, "write_batch_size": 50, **{k: v for k, v in options.items() if k not in flat}}
    pq.write_table(pa.table({"p_a": drawn[:, 0], "p_b": drawn[:, 1], "p_c": drawn[:, 2]}), P, **small, **flat)
    pq.write_table(pa.table({"p": pa.array(list(drawn))}), "lists.parquet", **small)
    labels = pa.table({"label": rng.choice(["a", "b", "c"], 2000), "id": [f"row {at}" for at in range(2000)]})
    pq.write_table(labels, Y, **small)
    assert len(headers(P)) > 10
    files: list[tuple[str, list[str]]] = [(P, []), ("lists.parquet", ["a", "b", "c"])]
    expected = [evaluate(path, Y, classes=classes).overall for path, classes in files]
    looks = 0

    def counted(data: bytes, at: int) -> parquet_headers.PageHeader:
        nonlocal looks
        looks += 1
        return page_header(data, at)

    monkeypatch.setattr(parquet_pages, "page_header", counted)
    monkeypatch.setattr(parquet_pages, "MOST_WHOLE", 0)
    # The least buffers, so that every page is looked at.
    monkeypatch.setattr("xentcli.sources.parquet.source._BUFFERS", 1)
    assert [evaluate(path, Y, classes=classes).overall for path, classes in files] == expected
    assert looks > 100
    # Every part begins where the first does, as in a footer that lies.
    monkeypatch.setattr(parquet_pages, "_start", lambda part: 4)
    with pytest.raises(DataError, match=r"row group \d begins at byte 4, within column 'p_"):
        evaluate(P, Y)


def test_a_header_is_found_wherever_reads_end() -> None:
    doubles(1000, data_page_size=500, write_batch_size=50)
    found = headers(P)
    end = pq.read_metadata(P).row_group(0).column(0).total_compressed_size + 4
    chunk = parquet_pages.Chunk(1, "p_dog", end, end)
    forge(P, -1, packed=10**6)
    for step in (1, 7, 100, 1000, 10**5):
        with Path(P).open("rb") as handle:
            file = SimpleNamespace(handle=handle, path=P, side=0)
            watched = parquet_pages.Watched(file, {4: chunk})  # type: ignore[arg-type]
            watched.seek(4)
            with pytest.raises(DataError, match="a page of 1,000,000 bytes"):
                while watched.read(step):
                    pass
            assert found[-1][0] < watched.tell() <= found[-1][1] + step


def test_a_header_read_in_one_go_is_as_one_read_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    doubles(100, data_page_version="2.0")
    pages = [b"\x15\x04\x15\x50\x15\x3c\x15\xe3\xf5\xde\xc2\x08\x3c\x15\x0a\x15\x00\x12\x00\x00"]
    pages += [Path(P).read_bytes()[start : end + 20] for start, end in headers(P)]
    # A list of texts, a map of numbers to truth values, a set of structs; a field with its number in full.
    pages += [b"\x15\x00\x15\x50\x15\x3c\x69\x28\x01a\x02bc\x1b\x01\x51\x04\x01\x1a\x1c\x15\x02\x00\x17" + b"d" * 8]
    pages[-1] += b"\x13\x01\x08\x80\x01\x01x\x00"
    rng = Random(0)

    def read(data: bytes) -> object:
        try:
            return page_header(data, 0)
        except (IndexError, BadHeaderError) as error:
            return type(error)

    usual, seen = parquet_headers._USUAL, set()
    assert read(pages[-1]) == (30, 40, len(pages[-1]))
    for _ in range(5000):
        data = bytearray(rng.choice(pages))
        for _ in range(rng.choice((0, 1, 3))):
            data[rng.randrange(len(data))] = rng.choice((rng.randrange(256), 0x18, 0x15, 8, 0, 0x1C, 0x11, 0xFF))
        quick = read(bytes(data))
        with monkeypatch.context() as without:
            # No header is a usual one, so that each is read step by step.
            without.setattr(parquet_headers, "_USUAL", SimpleNamespace(match=lambda data, at: None))
            assert read(bytes(data)) == quick
        seen.add(quick if isinstance(quick, type) else usual.match(bytes(data)) is not None)
    assert seen == {IndexError, BadHeaderError, True, False}
