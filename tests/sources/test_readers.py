"""Whoever reads bytes gives at most as many as it is asked for, whatever is between the file and the text."""

from __future__ import annotations

import bz2
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evaluated import same_everywhere

from xentcli import evaluate
from xentcli.sources.files.compressed import Unpacked, Whole
from xentcli.sources.files.encodings import Recoded, UndecodableError

# The reader of a store, without a store.
from xentcli.sources.files.uris import _Handle

TEXT = "é中\N{CROCODILE}a,b\n" * 1000
BYTES = TEXT.encode("utf-8")


def whole(data: bytes) -> Whole:
    return Whole(data[:4096], io.BytesIO(data[4096:]))


class Remote:
    """What a store gives: as many bytes as there are, never more than asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read_at(self, length: int, start: int) -> bytes:
        return self.data[start : start + length]

    def close(self) -> None:
        """Nothing is held."""


READERS: dict[str, Callable[[], Any]] = {
    "whole": lambda: whole(BYTES),
    "gzip": lambda: Unpacked(whole(gzip.compress(BYTES)), "gzip"),
    "bzip2": lambda: Unpacked(whole(bz2.compress(BYTES)), "bzip2"),
    "uri": lambda: _Handle("s3://b/k", Remote(BYTES), len(BYTES)),
    "utf-16": lambda: Recoded(whole(TEXT.encode("utf-16")), "utf-16"),
    "gb18030": lambda: Recoded(whole(TEXT.encode("gb18030")), "gb18030"),
    "utf-7": lambda: Recoded(whole(TEXT.encode("utf-7")), "utf-7"),
    "utf-16-gzip": lambda: Recoded(Unpacked(whole(gzip.compress(TEXT.encode("utf-16"))), "gzip"), "utf-16"),
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096, 1 << 16])
@pytest.mark.parametrize("name", READERS)
def test_a_reader_gives_at_most_what_it_is_asked_for_and_all_of_it(name: str, size: int) -> None:
    reader = READERS[name]()
    parts = list(iter(lambda: reader.read(size), b""))
    assert max(map(len, parts)) <= size
    assert b"".join(parts) == BYTES


def test_what_is_good_comes_before_the_error_however_little_is_asked_for() -> None:
    reader = Recoded(io.BytesIO("é".encode("utf-16-le") * 3 + b"\x00\xdc"), "utf-16-le")
    found = [reader.read(1) for _ in range(6)]
    assert b"".join(found).decode() == "ééé"
    with pytest.raises(UndecodableError, match=r"byte 7 of the text \(00 dc in hexadecimal\)"):
        reader.read(1)


ROWS = 40_000
OTHERS = [
    ("latin-1", "é"),
    ("cp1251", "щ"),
    ("gb18030", "中"),
    ("shift_jis", "犬"),
    ("utf-16", "中"),
    ("utf-16-be", "é"),
    ("utf-32", "\N{CROCODILE}"),
    ("utf-7", "é"),
]


@pytest.mark.one_in_three
@pytest.mark.parametrize(("encoding", "name"), OTHERS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_text_that_is_longer_as_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, name: str, pack: Callable[[bytes], bytes]
) -> None:
    """100,000 lines of é in latin-1 ended in an internal error, as did UTF-16 of ordinary rows."""
    monkeypatch.chdir(tmp_path)
    end = "" if pack is bytes else ".gz"
    Path("p.csv").write_text(f"p_{name},p_b\n" + "0.7,0.3\n" * ROWS, encoding="utf-8")
    texts = {"y.csv": "y\n" + f"{name}\n" * ROWS, "y.jsonl": f'{{"y":"{name}"}}\n' * ROWS}
    plain = None
    for path, text in texts.items():
        Path(path).write_text(text, encoding="utf-8")
        plain = plain or same_everywhere(evaluate("p.csv", path).to_dict())
        Path(path + end).write_bytes(pack(text.encode(encoding)))
        other = evaluate("p.csv", path + end, labels_encoding=encoding)
        assert same_everywhere(other.to_dict()) == plain, path


@pytest.mark.one_in_three
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("columns", [100, 3000])
def test_a_long_header_of_another_encoding(tmp_path: Path, encoding: str, columns: int) -> None:
    path = tmp_path / "p.csv"
    names = [f"é{number:05}" + "è" * 40 for number in range(columns)]
    text = ",".join(["y", *names]) + "\n" + ",".join([names[1], *[str(1 / columns)] * columns]) + "\n"
    path.write_bytes(text.encode(encoding))
    result = evaluate(path, label="y", encoding=encoding)
    assert result.inputs.classes[-1] == names[-1]
    assert result.overall.rows == 1
