"""What a text without a match would match if it were spelt otherwise."""

from __future__ import annotations

import unicodedata

import pytest
from key_data import column

from xentcli.alignment.keys import near as module
from xentcli.alignment.keys.near import near_matches
from xentcli.alignment.keys.table import KeyTable
from xentcli.alignment.keys.texts import from_texts, joined

SPACES, CASE = "without the spaces around it", "in other letter case"
NUMBER, UNICODE = "as a number", "in another Unicode form"


@pytest.mark.parametrize(
    ("unmatched", "stored", "expected"),
    [
        ([" a", "b"], ["a", "b "], {SPACES: 2}),
        (["CAT", " Dog"], ["cat", "dOG"], {CASE: 2}),
        (["straße"], ["STRASSE"], {CASE: 1}),
        (["007", "+7", "7.0", "70e-1", " 07"], ["7", "x"], {NUMBER: 5}),
        (["7"], ["007"], {NUMBER: 1}),
        (["0.5", "-0"], ["0.50", "0.0"], {NUMBER: 2}),
        (["1e30"], ["1000000000000000000000000000000"], {NUMBER: 1}),
        (["9007199254740993"], ["9007199254740992", "x"], {}),
        (["1_000", ".", "", "1e99999999999", "a7"], ["1000", "0", "7"], {}),
        ([unicodedata.normalize("NFD", "é")], ["é"], {UNICODE: 1}),
        (["é"], [unicodedata.normalize("NFD", "é")], {UNICODE: 1}),
        (["x", "y"], ["z"], {}),
        (["X ", "x ", "01"], ["x", "1"], {SPACES: 1, CASE: 1, NUMBER: 1}),
        (["7 " + " " * 100_000 + "x"], [" " * 100_000 + "x", "8"], {}),
        ([], ["a"], {}),
        (["a"], [], {}),
    ],
)
def test_reasons(unmatched: list[str], stored: list[str], expected: dict[str, int]) -> None:
    assert near_matches(unmatched, KeyTable(from_texts(stored))) == expected


def test_any_column_of_a_joined_key_may_be_what_differs() -> None:
    table = KeyTable(joined([from_texts(["a", "B", "c"]), from_texts(["1", "2", "3 "])]))
    unmatched = joined([from_texts(["a", "b", "c", "a"]), from_texts(["01", "2", "3", "2"])])
    raw = [unmatched.data[unmatched.offsets[row] : unmatched.offsets[row + 1]].tobytes() for row in range(4)]
    texts = [one.decode("utf-8", "surrogateescape") for one in raw]
    assert near_matches(texts, table) == {SPACES: 1, CASE: 1, NUMBER: 1}


def test_integers_are_looked_up_at_any_size() -> None:
    table = KeyTable(column([7, -(2**63), 10**6]))
    assert near_matches(["07", " 7", "-9223372036854775808.0", "1e6", "8.0", "x"], table) == {SPACES: 1, NUMBER: 3}


def test_only_so_many_texts_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    # Limits are small, so that few texts reach them.
    monkeypatch.setattr(module, "_SCANNED", 5)
    # And so are the blocks in which they are read.
    monkeypatch.setattr(module, "_BLOCK", 2)
    table = KeyTable(from_texts(["A", "B", "C", "D", "E", "F", "g"]))
    assert near_matches(["a", "e", "f", "G"], table) == {CASE: 3}
