"""Compressed text: read as what is in it, or refused where name and content, or the data themselves, disagree."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import RunXent
from files import LABELS, LOSS, PREDICTIONS, plain_files
from tables import P, Y, accepted_files, figures, parquet, refused_files, write

from xentcli import XentError, evaluate

COMPLETE_HINT = "\n  It is not complete, or was changed since it was compressed."
RENAME_HINT = "\n  Rename it, or decompress it."
TEXT = PREDICTIONS.encode()
# Enough that no damage shows in the first bytes, and of many blocks of bzip2.
LONG = b"cat,dog\n" + b"".join(b"0.%05d,0.%05d\n" % (i, 100_000 - i) for i in range(10_000, 70_000))


def zstd(data: bytes) -> bytes:
    """Return a frame of zstd with a checksum, as its command writes."""
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "bzip2": bz2.compress, "zstd": zstd}
ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "zstd": ".zst"}
every_packing = pytest.mark.parametrize("packing", PACKERS)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def packed(packing: str, data: bytes, name: str = "p.csv") -> str:
    """Write compressed data under a name that says so; return the path."""
    return write(name + ENDINGS[packing], PACKERS[packing](data))


@every_packing
def test_cd24_compressed_text_is_read_as_what_is_in_it(packing: str) -> None:
    plain = figures(accepted_files(*plain_files()))
    for predictions in (packed(packing, TEXT), packed(packing, TEXT.replace(b",", b"\t"), "p.TSV")):
        result = accepted_files(predictions, packed(packing, LABELS.encode(), Y))
        assert result.overall.loss == LOSS
        assert figures(result) == plain


def test_cd24_endings_in_capitals_count() -> None:
    write("P.CSV.GZ", gzip.compress(TEXT))
    assert accepted_files("P.CSV.GZ", write(Y, LABELS)).overall.loss == LOSS


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param(
            "p",
            gzip.compress(TEXT),
            f"the file is compressed (gzip), but its name does not end in .gz{RENAME_HINT}",
            id="CD25-no-ending",
        ),
        pytest.param(
            "p.csv",
            bz2.compress(TEXT),
            f"the file is compressed (bzip2), but its name does not end in .bz2{RENAME_HINT}",
            id="CD25-bzip2",
        ),
        pytest.param(
            "p.csv.gz",
            bz2.compress(TEXT),
            "the name says gzip (.gz), but the content is bzip2\n  Rename the file.",
            id="CD25-other",
        ),
        pytest.param(
            "p.csv.gz",
            lzma.compress(TEXT),
            "the name says gzip (.gz), but the content is xz\n  Rename the file.",
            id="CD25-xz-as-gz",
        ),
        pytest.param(
            "p.csv.xz",
            lzma.compress(TEXT),
            "the file is compressed (xz)\n  Decompress it first, or use gzip, bzip2 or zstd.",
            id="CD25-xz",
        ),
        pytest.param(
            "p.csv.zip",
            b"PK\x03\x04rest",
            "the file is compressed (zip)\n  Decompress it first, or use gzip, bzip2 or zstd.",
            id="CD25-zip",
        ),
        pytest.param(
            "p.csv.xz", TEXT, "the name says xz (.xz), but the content is not\n  Rename the file.", id="CD25-named-xz"
        ),
        pytest.param(
            "p.csv.gz",
            TEXT,
            "the name says gzip (.gz), but the content is plain text\n  Rename the file.",
            id="CD26-plain-text",
        ),
        pytest.param(
            "p.csv.zst",
            TEXT,
            "the name says zstd (.zst), but the content is plain text\n  Rename the file.",
            id="CD26-plain-text-zst",
        ),
        pytest.param(
            "p.csv.gz",
            b"\x00\x01binary",
            "the name says gzip (.gz), but the content is something else\n  Rename the file.",
            id="CD26-binary",
        ),
        pytest.param("p.csv.gz", b"", "the file is empty", id="FS5-empty"),
        pytest.param("p.csv.gz", gzip.compress(b""), "the file is empty", id="FS5-empty-inside"),
        pytest.param(
            "p.csv.gz.gz",
            gzip.compress(gzip.compress(TEXT)),
            "the file is compressed twice: gzip inside gzip\n  Decompress it first.",
            id="CD25-twice",
        ),
        pytest.param(
            "p.parquet.gz",
            gzip.compress(TEXT),
            "the name says Parquet, but the content is not: it does not begin with PAR1",
            id="CD25-parquet-in-name",
        ),
        pytest.param(
            "p.tar.gz",
            gzip.compress(b"p.csv" + b"\0" * 252 + b"ustar\x00" + b"\0" * 500),
            "the file is tar, which is not read\n  CSV, JSON Lines and Parquet are.",
            id="CD25-tar",
        ),
    ],
)
def test_names_and_contents_that_disagree(run_xent: RunXent, name: str, content: bytes, message: str) -> None:
    write(name, content)
    refused_files(run_xent, [name, write(Y, LABELS)], f"{name}: {message}")


@every_packing
def test_cd25_parquet_inside_is_refused(run_xent: RunXent, packing: str) -> None:
    data = Path(parquet("p.parquet", cat=pa.array([0.7]), dog=pa.array([0.3]))).read_bytes()
    hint = "Parquet has its index at the end and is compressed within: decompress the file."
    write(Y, LABELS)
    path = packed(packing, data, "q.parquet")
    refused_files(run_xent, [path, Y], f"{path}: Parquet cannot be read from inside {packing}\n  {hint}")
    path = packed(packing, data)
    message = f"{path}: the name says CSV, but the content is Parquet\n  Rename the file."
    refused_files(run_xent, [path, Y], message)


@every_packing
@pytest.mark.parametrize("kept", [0.3, 0.9, -1, -9])
def test_cd26_data_that_end_in_the_middle(run_xent: RunXent, packing: str, kept: float) -> None:
    write(Y, "label\n" + "cat\n" * 60_000)
    for data in (TEXT, LONG):
        whole = PACKERS[packing](data)
        path = write(f"{P}{ENDINGS[packing]}", whole[: int(kept * len(whole)) if 0 < kept < 1 else int(kept)])
        message = f"{path}: the {packing} data end in the middle{COMPLETE_HINT}"
        refused_files(run_xent, [path, Y, "--jobs", "2"], message, [(), ("--chunk-rows", "997")])


@pytest.mark.parametrize(
    ("packing", "junk", "reason"),
    [
        pytest.param("gzip", b"junk!", "incorrect header check", id="CD26-gzip-junk"),
        pytest.param("bzip2", b"junk!", "data is not bz2-compressed (no magic header)", id="CD26-bzip2-junk"),
        pytest.param("zstd", b"junk!", "Unknown frame descriptor", id="CD26-zstd-junk"),
    ],
)
def test_what_follows_the_data_is_not_passed_over(run_xent: RunXent, packing: str, junk: bytes, reason: str) -> None:
    for data, labels in ((TEXT, LABELS), (LONG, "label\n" + "cat\n" * 60_000)):
        path = write(f"{P}{ENDINGS[packing]}", PACKERS[packing](data) + junk)
        write(Y, labels)
        message = f"{path}: the {packing} data are damaged: {reason}{COMPLETE_HINT}"
        refused_files(run_xent, [path, Y], message, [(), ("--jobs", "1"), ("--chunk-rows", "999")])


@every_packing
def test_cd26_one_bit_anywhere_never_changes_a_number(packing: str) -> None:
    data = b"cat,dog\n" + b"".join(b"0.%03d,0.%03d\n" % (i, 1000 - i) for i in range(100, 300))
    write(Y, "label\n" + "cat\n" * 200)
    good = PACKERS[packing](data)
    path = f"{P}{ENDINGS[packing]}"
    write(path, good)
    expected = figures(evaluate(path, Y))
    refusals = 0
    for at in range(0, len(good), max(1, len(good) // 60)):
        bad = bytearray(good)
        bad[at] ^= 0x10
        write(path, bytes(bad))
        try:
            found = figures(evaluate(path, Y))
        except XentError as error:
            assert re.match(rf"{path}(, record \d+ \(line \d+\))?: (the|cannot)", str(error)), str(error)
            refusals += 1
        else:
            # Some bits say when or by what it was compressed.
            assert found == expected
    assert refusals > 30


@pytest.mark.parametrize("at", [-8, -5], ids=["CD26-crc", "CD26-first-of-the-length"])
def test_a_checksum_that_is_wrong(run_xent: RunXent, at: int) -> None:
    whole = bytearray(gzip.compress(TEXT))
    whole[at] ^= 1
    write("p.csv.gz", bytes(whole))
    message = f"p.csv.gz: the gzip data are damaged: incorrect data check{COMPLETE_HINT}"
    refused_files(run_xent, ["p.csv.gz", write(Y, LABELS)], message)


def test_cd26_an_earlier_bad_row_comes_first(run_xent: RunXent) -> None:
    """What could be read before the damage is validated, whatever the blocks."""
    text = LONG.replace(b"\n0.1", b"\noops", 1)
    path = write("p.csv.gz", gzip.compress(text)[:-9])
    write(Y, "label\n" + "cat\n" * 60_000)
    hint = "The column is read as numbers; --pred says which columns are predictions."
    message = f"{path}, record 1 (line 2), column 'cat': 'oops0000' is not a number\n  {hint}"
    refused_files(run_xent, [path, Y], message)


@every_packing
def test_cd27_several_members_are_one_file(packing: str) -> None:
    pack = PACKERS[packing]
    plain = figures(accepted_files(*plain_files()))
    path = write(f"{P}{ENDINGS[packing]}", b"".join(pack(TEXT[at : at + 5]) for at in range(0, len(TEXT), 5)))
    assert figures(accepted_files(path, Y)) == plain


# SE11 ----------------------------------------------------------------------------------------------------------


def ran_within(megabytes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run xent with so much more of memory than it needs to start; return what it left behind."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))

    command = [sys.executable, "-m", "xentcli", "eval", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=bound, check=False)


def test_se11_a_record_that_decompresses_to_2_gb_is_refused_in_little_memory() -> None:
    write("p.csv.gz", gzip.compress(TEXT) + gzip.compress(b"1" * (16 << 20)) * 128)
    assert Path("p.csv.gz").stat().st_size < 3 << 20
    ran = ran_within(600, "p.csv.gz", write(Y, LABELS), "--jobs", "2")
    message = "error: p.csv.gz, record 3 (line 4): a record is longer than 64 MiB: it has no line end\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", message)


@pytest.mark.slow
def test_se11_many_rows_from_few_bytes_stream() -> None:
    rows, members = 100_000, 60
    write("p.csv.gz", gzip.compress(b"cat,dog\n") + gzip.compress(b"0.750000000,0.250000000\n" * rows) * members)
    write("y.csv.gz", gzip.compress(b"label\n") + gzip.compress(b"cat\n" * rows) * members)
    assert Path("p.csv.gz").stat().st_size < 1 << 20
    ran = ran_within(600, "p.csv.gz", "y.csv.gz", "-q", "-f", "json", "--jobs", "2")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f'"rows": {rows * members}' in ran.stdout
