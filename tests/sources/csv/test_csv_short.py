"""Files of one column of short labels are read without a parser: the same labels, and the same errors, as with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xentcli import DataError, evaluate
from xentcli.sources.csv import source
from xentcli.sources.csv.short import short_texts

CELLS = st.text(alphabet="ab01é日 .-_", min_size=1, max_size=6)


def texts_of(data: bytes) -> list[str] | None:
    found = short_texts(bytearray(data), ",")
    return None if found is None else [found.values[code] for code in found.codes]


@given(st.lists(CELLS, min_size=1, max_size=50), st.booleans())
def test_cells_are_the_lines(cells: list[str], ended: bool) -> None:
    data = "\n".join(cells).encode() + b"\n" * ended
    found = texts_of(data)
    if any(len(cell.encode()) > 8 for cell in cells):
        assert found is None
    else:
        assert found == cells


@pytest.mark.parametrize(
    "data",
    [
        b"a\n\nb\n",
        b"\n",
        b"a\nninechars\n",
        b'"a"\nb\n',
        b"a\r\nb\r\n",
        b"a,b\n",
        b"a\0\na\n",
        b"\xff\n",
        b"".join(b"%d\n" % i for i in range(5000)),
    ],
    ids=["blank", "only blank", "long", "quoted", "crlf", "delimiter", "nul", "no utf-8", "many"],
)
def test_anything_else_is_left_to_the_parser(data: bytes) -> None:
    assert texts_of(data) is None


def test_of_every_length_up_to_eight() -> None:
    cells = ["x" * n for n in range(1, 9)] + ["ééé", "日本"]
    assert texts_of("".join(f"{cell}\n" for cell in cells * 3).encode()) == cells * 3


def files(folder: Path, labels: bytes, rows: int) -> tuple[str, str]:
    (folder / "p.csv").write_text("p_a,p_b\n" + "0.25,0.75\n" * rows)
    (folder / "y.csv").write_bytes(b"label\n" + labels)
    return str(folder / "p.csv"), str(folder / "y.csv")


@pytest.mark.parametrize(
    "labels",
    [b"a\nb\nb\n", b"a\nb\nb", b'a\n"b"\nb\n', b"a\r\nb\r\nb\r\n", b"b\nb\nb\n", b"a\nb\nb\n\n"],
    ids=["plain", "no end", "quoted", "crlf", "one", "blank end"],
)
def test_the_result_is_that_of_the_parser(labels: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = files(tmp_path, labels, 3)
    mine = evaluate(*paths).to_dict()
    monkeypatch.setattr(source, "short_texts", lambda data, delimiter: None)
    parsed = evaluate(*paths).to_dict()
    assert mine["overall"] == parsed["overall"]
    assert mine["classes"] == parsed["classes"]


@pytest.mark.parametrize(
    "labels",
    [b"a\n\nb\n", b"a\nc\nb\n", b"a\nb,\nb\n", b"a\nb\n", b"a\nb\nb\nb\n", b"a\n\xff\nb\n"],
    ids=["blank", "unknown", "delimiter", "short", "long", "no utf-8"],
)
def test_the_error_is_that_of_the_parser(labels: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = files(tmp_path, labels, 3)
    with pytest.raises(DataError) as mine:
        evaluate(*paths)
    monkeypatch.setattr(source, "short_texts", lambda data, delimiter: None)
    with pytest.raises(DataError) as parsed:
        evaluate(*paths)
    assert str(mine.value) == str(parsed.value)
