"""Cells of CSV: nothing in them that a spreadsheet runs or a terminal obeys, and nothing lost for other readers."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from functools import cache

import pytest
from conftest import SAMPLES
from csv_reading import cells_of, csv_of
from hypothesis import example, given
from hypothesis import strategies as st

from xentcli import EvalResult, evaluate
from xentcli.render.csv import Cell, cell, line, safe

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
FORMULAS = "=+-@＝＋－＠"
HOSTILE = [
    "=cmd()",
    "\x1b]0;title\x07",
    "a\u202eb\u200bc",
    "x\t=1+1",
    "x\r\n=1+1",
    'x;"=1+1',
    '"quoted", and more',
    "",
    " ",
    "\udcff\ud800",
    "ＰＲ\uff1d1",
    "é" + "\u0301" * 20,
    "-" * 5000,
]

any_text = st.sampled_from(HOSTILE) | st.text(alphabet=st.characters(exclude_categories=[]), max_size=20)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=cmd()", "'=cmd()"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "+1"),
        ("-1", "-1"),
        ("-1.5e-3", "-1.5e-3"),
        ("+.5", "+.5"),
        ("-1+1", "'-1+1"),
        ("-1 ", "'-1 "),
        ("-1e", "'-1e"),
        ("-x", "'-x"),
        ("-", "'-"),
        ("-inf", "'-inf"),
        ("-٣", "'-٣"),
        ("@x", "'@x"),
        ("\tx", '"\'\tx"'),
        ("\rx", "\\rx"),
        ("\nx", "\\nx"),
        ("\n=x", "\\n=x"),
        ("a\n::error::b", "a\\n::error::b"),
        ("a\r\n##[error]b", "a\\r\\n##[error]b"),
        ("\t=1", "\"'\t'=1\""),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("a;=1", '"a;\'=1"'),
        ("a\n=1", "a\\n=1"),
        ('a;"=1', '"a;\'""=1"'),
        ("a=1", "a=1"),
        ("a;b", '"a;b"'),
        ("'=1", "'=1"),
        ("a,b", '"a,b"'),
        ('say "a"', '"say ""a"""'),
        ("", '""'),
        (" ", " "),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("\ufeff=1", "\\ufeff=1"),
        ("a\x00b", "a\\x00b"),
        ("a\x0bb\u2028c", "a\\x0bb\\u2028c"),
        ("\udcff", "\\xff"),
        ("漢😀", "漢😀"),
        ("NA", "NA"),
        ("x" * 5000, "x" * 5000),
    ],
    ids=ascii,
)
def test_a_text_is_written_so(text: str, written: str) -> None:
    assert cell(text) == written
    assert cell(safe(text)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0"),
        (-3, "-3"),
        (10**18, "1000000000000000000"),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (-0.5, "-0.5"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_a_number_is_written_with_every_digit_and_never_quoted(value: Cell, written: str) -> None:
    assert cell(value) == written


@given(st.lists(any_text | st.none() | st.integers() | st.floats(allow_nan=False), min_size=2, max_size=6))
@example(list(HOSTILE))
def test_readers_find_each_cell_where_it_was_written(values: list[Cell]) -> None:
    text = line(values)
    texts = [safe(value) if isinstance(value, str) else cell(value) for value in values]
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [texts]
    # What is read back as nothing is nothing.
    assert [written == "" for written in texts] == [value is None or value == "" for value in values]


@given(any_text)
def test_no_text_is_a_formula_or_obeyed_by_a_terminal(text: str) -> None:
    shown = safe(text)
    # Others than the first are cells where semicolons or tabs separate, and no quotes are seen around the whole.
    first, *others = re.split(r"[;\t]", shown) if not NUMBER.fullmatch(shown) else ["a number"]
    assert shown[:1] != "\t"
    assert not {first[:1], *(part.lstrip('"')[:1] for part in others)} & set(FORMULAS)
    assert all(char == "\t" or char.isprintable() for char in shown)
    shown.encode("utf-8")  # no surrogates


@cache
def forest() -> EvalResult:
    return evaluate(SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv", by="half")


@given(st.lists(any_text, min_size=10, max_size=10), st.lists(st.none() | any_text, min_size=3, max_size=3), any_text)
@example(HOSTILE[:10], [None, "", "=1"], "=x")
@example(HOSTILE[3:], ["\t", "-1", "\x1b"], "")
@example(["x"] * 10, [None] * 3, "class")
def test_whatever_names_hold_the_records_stay(names: list[str], values: list[str | None], column: str) -> None:
    result = forest()
    classes = tuple(replace(entry, class_=name) for entry, name in zip(result.classes, names, strict=True))
    slices = tuple(replace(one, by={column: value}) for one, value in zip(result.slices or (), values, strict=True))
    settings = replace(result.settings, by=(column,))
    headings, *records = cells_of(
        csv_of(replace(result, classes=classes, slices=slices, settings=settings), sort="none")
    )
    assert {len(one) for one in records} == {len(headings)}
    # One line each, which begins with a word of ours.
    lines = csv_of(replace(result, classes=classes, slices=slices, settings=settings), sort="none").split("\n")
    assert {one.partition(",")[0] for one in lines} == {"row", "overall", "class", "slice", "slice-class", ""}
    assert len(set(headings)) == len(headings)
    assert headings[1] in {safe(column), f"by_{safe(column)}"}
    assert [one[2] for one in records if one[0] == "class"] == [safe(name) for name in names]
    shown = {safe(value) if value else "" for value in values}
    assert {one[1] for one in records if one[0].startswith("slice")} == shown
    assert {one[1] for one in records if not one[0].startswith("slice")} == {""}
