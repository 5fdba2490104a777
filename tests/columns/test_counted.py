"""Columns whose names count them, in another order than they stand, and classes or indices that count columns."""

from __future__ import annotations

import json
from math import log

import pytest
from both_ways import Ask, lines, put, refused, right, then
from following import added, typed

from xentcli.columns.counted import counts_of

BOTH = ["p.csv", "y.csv"]
INDEX = ["--label-kind", "index"]
NAMES = [f"c{k}" for k in range(12)]
LIST = ",".join(NAMES)
# Class 3, then class 10, is given 0.65, class 2 gets 0.25 and all others 0.01: by place c3 is that of column 11.
MEANT, BY_PLACE = -log(0.65), -(log(0.01) + log(0.01)) / 2


def sorted_as_text(prefix: str, suffix: str = "", labels: tuple[str, ...] = ("c3", "c10")) -> list[str]:
    """Write 12 columns that stand as text is sorted; return their names as the classes count."""
    counted = [f"{prefix}{k}{suffix}" for k in range(12)]
    header = [f"{prefix}{k}{suffix}" for k in sorted(map(str, range(12)))]
    rows = [
        [".65" if name == counted[k] else ".25" if name == counted[2] else ".01" for name in header] for k in (3, 10)
    ]
    put(p_csv=lines(",".join(header), *map(",".join, rows)), y_csv=lines("label", *labels))
    return counted


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("prefix", "suffix"), [("p_", ""), ("", ""), ("X", ""), ("X", "Prob"), ("p_", "_x"), ("p[", "]")]
)
@pytest.mark.parametrize("by_index", [False, True])
def test_a_list_beside_columns_that_were_sorted_as_text(ask: Ask, prefix: str, suffix: str, by_index: bool) -> None:
    counted = sorted_as_text(prefix, suffix, ("3", "10") if by_index else ("c3", "c10"))
    options = ["--classes", LIST, *(INDEX if by_index else [])]
    answer = refused(ask(BOTH, options), f"so column {counted[10]!r} would be 'c2'")
    right(then(ask, BOTH, options, answer), MEANT)
    right(then(ask, BOTH, options, answer, 1), BY_PLACE)


@pytest.mark.parametrize("content", [dict(enumerate(NAMES)), {name: k for k, name in enumerate(NAMES)}, NAMES])
def test_a_file_of_classes_beside_columns_that_were_sorted_as_text(ask_command: Ask, content: object) -> None:
    sorted_as_text("p_")
    put(map_json=json.dumps(content))
    options = ["--classes", "@map.json"]
    answer = refused(ask_command(BOTH, options), "do the numbers in the names of the columns count the classes?")
    right(then(ask_command, BOTH, options, answer), MEANT)


def test_places_of_a_file_are_no_columns_that_are_numbers(ask_command: Ask) -> None:
    put(p_csv=lines("1,0", ".9,.1", ".2,.8"), y_csv=lines("label", "dog", "cat"))
    put(places_json='{"cat": 0, "dog": 1}', columns_json='{"0": "cat", "1": "dog"}')
    loss = -(log(0.9) + log(0.8)) / 2
    answer = refused(ask_command(BOTH, ["--classes", "@places.json"]))
    assert answer.options == ["--classes 0=cat,1=dog", "--classes 1=cat,0=dog"]
    right(then(ask_command, BOTH, [], answer), loss)
    right(ask_command(BOTH, ["--classes", "@columns.json"]), loss)


def test_columns_that_count_in_their_order_or_are_listed_too_are_no_doubt(ask: Ask) -> None:
    put(p_csv=lines("p_1,p_0", ".75,.25", ".5,.5"), y_csv=lines("label", "cat", "dog"))
    loss = -(log(0.75) + log(0.5)) / 2
    right(ask(BOTH, ["--classes", "cat,dog", "--pred", "p_1,p_0"]), loss)
    right(ask(BOTH, ["--classes", "p_1=cat,p_0=dog"]), loss)
    put(p_csv=lines("p_1,p_2", ".75,.25", ".5,.5"))
    right(ask(BOTH, ["--classes", "cat,dog"]), loss)


@pytest.mark.parametrize("suffix", ["", "Prob"])
def test_indices_and_columns_that_were_sorted_as_text(ask: Ask, suffix: str) -> None:
    sorted_as_text("X", suffix, ("3", "10"))
    answer = refused(ask(BOTH, INDEX), "and in order '0', '1', '2', '3'")
    right(then(ask, BOTH, INDEX, answer), BY_PLACE)
    right(then(ask, BOTH, INDEX, answer, 1), MEANT)


@pytest.mark.parametrize("listed", ["cat,dog", "dog,cat", "*", "c*,d*"])
def test_indices_count_the_file_whatever_the_order_of_pred(ask: Ask, listed: str) -> None:
    put(p_csv=lines("dog,cat", ".9,.1", ".2,.8"), y_csv=lines("label", "0", "1"))
    options = [*INDEX, "--pred", listed]
    answer = refused(ask(BOTH, options), "the columns are 'dog', 'cat', and in order 'cat', 'dog'")
    right(then(ask, BOTH, options, answer), -(log(0.9) + log(0.8)) / 2)
    right(then(ask, BOTH, options, answer, 1), -(log(0.1) + log(0.2)) / 2)


def test_indices_of_classes_that_are_in_the_order_of_pred(ask: Ask) -> None:
    put(p_csv=lines("dog,cat", ".9,.1", ".2,.8"), y_csv=lines("label", "0", "1"))
    options = [*INDEX, "--pred", "cat,dog", "--classes", "C,D"]
    answer = refused(ask(BOTH, options), options=["--classes dog=D,cat=C", "--classes cat=C,dog=D"])
    for number, loss in enumerate((-(log(0.9) + log(0.8)) / 2, -(log(0.1) + log(0.2)) / 2)):
        right(ask(BOTH, added(options, typed(answer.options[number]))), loss)


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        ("p_1 p_0", "1 0"),
        ("p_00 p_01", "00 01"),
        ("1 2 3", "1 2 3"),
        ("X2Prob X1Prob", "2 1"),
        ("1st 2st", "1 2"),
        ("10 11", ""),
        ("p_1 p_3", ""),
        ("p_1 p_1", ""),
        ("p_1", ""),
        ("a1 b0", ""),
        ("cat dog", ""),
        ("01 11", ""),
        ("aa aaa", ""),
        ("p_-1 p_1", ""),
        ("9" * 5000 + " 0", ""),
    ],
)
def test_which_names_count(names: str, counts: str) -> None:
    assert counts_of(names.split()) == tuple(counts.split())
