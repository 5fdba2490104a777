"""The same rows as text of every kind give the same figures, bit for bit."""

from __future__ import annotations

import bz2
import gzip
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from xentcli import evaluate

CLASSES = ["café", "Ünï", "ça"]
ROWS = 3000
Options = dict[str, Any]


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def texts() -> tuple[str, str]:
    rng = np.random.default_rng(5)
    raw = rng.random((ROWS, len(CLASSES)))
    rows = (raw / raw.sum(axis=1, keepdims=True)).tolist()
    predictions = ",".join(CLASSES) + "\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows)
    labels = "label\n" + "".join(CLASSES[i] + "\n" for i in rng.integers(0, len(CLASSES), ROWS))
    return predictions, labels


PREDICTIONS, LABELS = texts()
COMMAS = PREDICTIONS.replace(",", ";").replace(".", ",").encode()
HEADLESS = PREDICTIONS.partition("\n")[2].encode()


def figures(*given: str, **options: Any) -> list[Any]:
    result = evaluate(*given, **options).to_dict()
    return [result["overall"], result["classes"]]


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_bytes(PREDICTIONS.encode())
    Path("y.csv").write_bytes(LABELS.encode())


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        pytest.param("a.csv.gz", gzip.compress(PREDICTIONS.encode()), {}, id="gzip"),
        pytest.param("a.csv.bz2", bz2.compress(PREDICTIONS.encode()), {}, id="bzip2"),
        pytest.param("a.csv.zst", zstd(PREDICTIONS.encode()), {}, id="zstd"),
        pytest.param("a.tsv.gz", gzip.compress(PREDICTIONS.replace(",", "\t").encode()), {}, id="tsv-gzip"),
        pytest.param(
            "a.csv", PREDICTIONS.encode("utf-16"), {"encoding": "utf-16", "labels_encoding": "utf-8"}, id="utf-16"
        ),
        pytest.param(
            "a.csv", PREDICTIONS.encode("latin-1"), {"encoding": "latin-1", "labels_encoding": "utf-8"}, id="latin-1"
        ),
        pytest.param(
            "a.csv",
            COMMAS,
            {"delimiter": ";", "decimal": ",", "labels_delimiter": ",", "labels_decimal": "."},
            id="decimal-commas",
        ),
        pytest.param(
            "a.csv",
            HEADLESS,
            {"no_header": True, "labels_no_header": False, "classes": CLASSES, "pred": ["1", "2", "3"]},
            id="no-header",
        ),
        pytest.param(
            "a.csv.zst",
            zstd(COMMAS.decode().partition("\n")[2].encode("utf-16-be")),
            {
                "delimiter": ";",
                "decimal": ",",
                "no_header": True,
                "encoding": "utf-16-be",
                "labels_delimiter": ",",
                "labels_decimal": ".",
                "labels_no_header": False,
                "labels_encoding": "utf-8",
                "classes": CLASSES,
                "pred": ["1", "2", "3"],
            },
            id="all-at-once",
        ),
    ],
)
def test_predictions_by_every_route(name: str, content: bytes, options: Options) -> None:
    plain: Options = {"classes": CLASSES, "pred": CLASSES} if "classes" in options else {}
    expected = figures("p.csv", "y.csv", **plain)
    Path(name).write_bytes(content)
    for setting in ({}, {"jobs": 2, "chunk_rows": 7}):
        assert figures(name, "y.csv", **options, **setting) == expected


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        pytest.param("b.csv.gz", gzip.compress(LABELS.encode()), {}, id="gzip"),
        pytest.param("b.csv", LABELS.encode("utf-16"), {"labels_encoding": "utf-16"}, id="utf-16"),
        pytest.param("b.csv", LABELS.encode("cp1252"), {"labels_encoding": "cp1252"}, id="cp1252"),
        pytest.param(
            "b.csv", LABELS.partition("\n")[2].encode(), {"labels_no_header": True, "label": ["1"]}, id="no-header"
        ),
    ],
)
def test_labels_by_every_route(name: str, content: bytes, options: Options) -> None:
    expected = figures("p.csv", "y.csv")
    Path(name).write_bytes(content)
    assert figures("p.csv", name, **options) == expected


@contextmanager
def writing(path: str | int, data: bytes) -> Iterator[None]:
    """Write data into a pipe meanwhile."""

    def feed() -> None:
        with suppress(BrokenPipeError), open(path, "wb", buffering=0) as pipe:  # noqa: PTH123  # a descriptor
            pipe.write(data)

    writer = threading.Thread(target=feed)
    writer.start()
    yield
    writer.join()


@contextmanager
def standard_input(data: bytes) -> Iterator[None]:
    """Let data be what standard input gives."""
    before = os.dup(0)
    out, into = os.pipe()
    os.dup2(out, 0)
    os.close(out)
    try:
        with writing(into, data):
            yield
    finally:
        os.dup2(before, 0)
        os.close(before)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("path", ["-", "/dev/stdin"])
def test_fs6_standard_input_for_one_of_the_two(path: str, pack: Callable[[bytes], bytes]) -> None:
    expected = figures("p.csv", "y.csv")
    with standard_input(pack(PREDICTIONS.encode())):
        assert figures(path, "y.csv") == expected
    with standard_input(pack(LABELS.encode())):
        assert figures("p.csv", path) == expected


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_fs6_a_pipe_by_its_name(pack: Callable[[bytes], bytes]) -> None:
    expected = figures("p.csv", "y.csv")
    os.mkfifo("pipe")
    with writing("pipe", pack(PREDICTIONS.encode())):
        assert figures("pipe", "y.csv") == expected


def test_standard_input_is_called_so_in_messages() -> None:
    from xentcli import DataError

    first, *rows = PREDICTIONS.splitlines(keepends=True)
    content = "".join([first, "0.5,x,0\n", *rows[1:]]).encode()
    with standard_input(content), pytest.raises(DataError, match="'x' is not a number") as caught:
        evaluate("-", "y.csv")
    assert str(caught.value).startswith("standard input, record 1 (line 2), column 'Ünï': ")
    with standard_input(b""), pytest.raises(DataError, match=r"^standard input: the file is empty$"):
        evaluate("-", "y.csv")
    with standard_input(b"PAR1" * 2000), pytest.raises(DataError, match=r"^standard input: Parquet cannot be read"):
        evaluate("-", "y.csv")
