"""Bytes that are no CSV in UTF-8: other encodings, compressed files, a workbook."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import bad, bad_labels
from files import LABELS, LOSS, PREDICTIONS
from tables import Case, Y, accepted, cases, refused, refused_files, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


XLSX = io.BytesIO()
with zipfile.ZipFile(XLSX, "w") as _book:
    _book.writestr("[Content_Types].xml", "<Types/>")
    _book.writestr("xl/workbook.xml", "<workbook/>")
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as _archive:
    _archive.writestr("p.csv", PREDICTIONS)


@cases(
    *(
        bad(
            f"CD2-{name}",
            PREDICTIONS.encode(name),
            f"p.csv: the text is {told}, not UTF-8\n  Try --encoding {name}",
        )
        for name, told in [
            ("utf-16", "UTF-16"),
            ("utf-32", "UTF-32"),
            ("utf-16-le", "UTF-16"),
            ("utf-16-be", "UTF-16"),
        ]
    ),
    bad_labels(
        "CD2-labels",
        LABELS.encode("utf-16"),
        "y.csv: the text is UTF-16, not UTF-8\n  Try --labels-encoding utf-16",
    ),
    *(
        bad(
            f"CD25-{name}",
            content,
            f"p.csv: the file is compressed ({name}), but its name does not end in {ending}\n"
            "  Rename it, or decompress it.",
        )
        for name, ending, content in [
            ("gzip", ".gz", gzip.compress(PREDICTIONS.encode())),
            ("bzip2", ".bz2", bz2.compress(PREDICTIONS.encode())),
            ("zstd", ".zst", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00"),
        ]
    ),
    *(
        bad(
            f"CD25-{name}",
            content,
            f"p.csv: the file is compressed ({name})\n  Decompress it first, or use gzip, bzip2 or zstd.",
        )
        for name, content in [("xz", lzma.compress(PREDICTIONS.encode())), ("zip", ZIP.getvalue())]
    ),
    bad_labels(
        "CD25-labels",
        gzip.compress(LABELS.encode()),
        "y.csv: the file is compressed (gzip), but its name does not end in .gz\n  Rename it, or decompress it.",
    ),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_cd25_a_workbook_is_not_told_to_be_decompressed(run_xent: RunXent) -> None:
    write("p.xlsx", XLSX.getvalue())
    write(Y, LABELS)
    message = "p.xlsx: the file is an Excel workbook, which is not read\n  CSV, JSON Lines and Parquet are.\n  Try "
    code = "import sys, pandas; pandas.read_excel(sys.argv[1]).to_csv(sys.argv[2], index=False)"
    refused_files(run_xent, ["p.xlsx", Y], f'{message}python -c "{code}" p.xlsx p.csv')


def test_cd25_a_column_may_be_called_as_a_magic_number() -> None:
    for name in ("BZh", "PAR1", "ARROW1"):
        table = f"{name},dog\n0.7,0.3\n0.2,0.8\n"
        assert accepted(table, f"label\n{name}\ndog\n").overall.loss == LOSS
