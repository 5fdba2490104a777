"""The roles of text columns in which values may or may not be missing: NULLABLE and KEY."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xentcli import DataError
from xentcli.sources.base import Piece, Role, Strings, Texts
from xentcli.sources.open import open_source
from xentcli.spec.dialect import Dialect


def pieces(path: Path, text: str, wanted: Mapping[str, Role], dialect: Dialect | None = None) -> list[Piece]:
    path.write_text(text)
    source = open_source(str(path), 1, dialect or Dialect())
    with ThreadPoolExecutor(1) as pool:
        try:
            return list(source.pieces(wanted, pool, 2))
        finally:
            source.close()


def texts_of(piece: Piece, name: str) -> list[str | None]:
    texts: Texts = piece.labels[name]
    return [None if code == -1 else texts.values[code] for code in texts.codes.tolist()]


@pytest.mark.parametrize("cells", [["", "a", "b"], ["a", "", "b", "a", ""], ["b", "a"], ["", ""]])
def test_a_nullable_cell_may_be_empty(cells: list[str], tmp_path: Path) -> None:
    text = "k,x\n" + "".join(f"k{i},{cell}\n" for i, cell in enumerate(cells))
    (piece,) = pieces(tmp_path / "a.csv", text, {"x": Role.NULLABLE, "k": Role.KEY})
    assert texts_of(piece, "x") == [cell or None for cell in cells]
    assert "" not in piece.labels["x"].values
    keys = piece.order["k"]
    assert isinstance(keys, Strings)
    assert [keys.text(i) for i in range(piece.rows)] == [f"k{i}" for i in range(len(cells))]


def test_cd6_a_blank_line_of_one_nullable_column_is_a_missing_value(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path / "a.csv", 'x\na\n\nb\n""\nc\n', {"x": Role.NULLABLE})
    assert texts_of(piece, "x") == ["a", None, "b", None, "c"]
    (piece,) = pieces(tmp_path / "a.csv", "\na\n", {"1": Role.NULLABLE}, Dialect(header=False))
    assert texts_of(piece, "1") == [None, "a"]
    (piece,) = pieces(tmp_path / "a.csv", "x\na\n\n\n", {"x": Role.NULLABLE})
    assert texts_of(piece, "x") == ["a", None, None]


def test_a_missing_key_is_an_error_after_the_rows_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("k,n,x,p\n1,1,a,1\n2,2,,1\n,3,b,1\n3,oops,c,1\n")
    source = open_source(str(path), 1, Dialect())
    found: list[Piece] = []
    wanted = {"k": Role.KEY, "n": Role.NUMBER, "x": Role.NULLABLE}
    with ThreadPoolExecutor(1) as pool, pytest.raises(DataError) as caught:
        found.extend(source.pieces(wanted, pool, 2))
    source.close()
    assert str(caught.value) == (
        f"{path}, record 3 (line 4), column 'k': the key is missing (an empty cell)\n"
        "  Give every row a key, or leave the row out."
    )
    assert caught.value.order == (2, 1, 0)


def test_what_comes_before_a_bad_cell_is_given_with_the_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x;n;y;k;z\n;0,5;b;1;oops\n")
    source = open_source(str(path), 0, Dialect(delimiter=";", decimal=","))
    wanted = {"x": Role.NULLABLE, "n": Role.NUMBER, "y": Role.NULLABLE, "k": Role.KEY, "z": Role.SCORE}
    with ThreadPoolExecutor(1) as pool, pytest.raises(DataError, match="'oops' is not a number") as caught:
        list(source.pieces(wanted, pool, 2))
    source.close()
    held = caught.value.partial
    assert isinstance(held, Piece)
    assert (texts_of(held, "x"), texts_of(held, "y")) == ([None], ["b"])
    assert held.numbers["n"].tolist() == [0.5]


@pytest.mark.parametrize("role", [Role.NULLABLE, Role.KEY])
def test_bytes_that_are_not_utf_8_are_refused(role: Role, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,y\na\xff,1\n")
    source = open_source(str(path), 1, Dialect())
    with ThreadPoolExecutor(1) as pool, pytest.raises(DataError, match=r"'a\\xff' is not valid UTF-8"):
        list(source.pieces({"x": role}, pool, 2))
    source.close()
