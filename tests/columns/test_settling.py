"""What names, first labels and first rows say: wraps, readings, proof by sums, looks, and later rows."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import evaluate
from xentcli.columns.first_rows import ROWS, first_labels
from xentcli.columns.given_classes import by_column, classes_of, in_order, rule_of_index
from xentcli.columns.input_kinds import other_kind
from xentcli.columns.looks import Holds, Look, TypedLook, looks_of
from xentcli.columns.proof import proven
from xentcli.columns.readings import Reading, fitting, readings
from xentcli.columns.wraps import Wrap, wraps_around
from xentcli.errors import XentError
from xentcli.scoring.batch import Left
from xentcli.sources.base import Source
from xentcli.sources.open import open_source
from xentcli.spec.choices import InputKind
from xentcli.spec.dialect import Dialect
from xentcli.spec.options import ColumnSpec

P, Y = "p.csv", "y.csv"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def csv(path: str, header: str, *rows: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def refused(predictions: str, labels: str | None = None, **options: Any) -> str:
    found = set()
    chunkings: tuple[dict[str, Any], ...] = ({}, {"chunk_rows": 1}, {"chunk_rows": 7, "jobs": 2})
    for chunking in chunkings:
        with pytest.raises(XentError) as caught:
            evaluate(predictions, labels, **options, **chunking)
        found.add(str(caught.value))
    (message,) = found
    return message


@contextmanager
def opened(path: str, side: int = 1) -> Iterator[Source]:
    source = open_source(path, side, Dialect())
    try:
        yield source
    finally:
        source.close()


# Wraps and readings.


@pytest.mark.parametrize(
    ("labels", "names", "found"),
    [
        (("cat",), ("p_cat",), {Wrap("p_", "")}),
        (("cat",), ("pcat", "cat"), set()),
        (("a_b",), ("x_a_b_y",), {Wrap("x_", "_y")}),
        (("0", "1"), ("X0Prob", "X1Prob"), {Wrap("X", "Prob", lettered=True)}),
        (("0", "cat"), ("X0Prob", "X1Prob"), set()),
        (("1",), ("p_c1", "p_1"), {Wrap("p_c", "", lettered=True), Wrap("p_", "")}),
        (("1",), ("p12", "1"), set()),
        (("cat",), ("_" * 65 + "cat",), {Wrap("_" * 65, "")}),
        ((), ("p_cat",), set()),
        (("",), ("p_", "_"), set()),
    ],
)
def test_wraps_end_at_separators_or_for_digits_at_letters(
    labels: Sequence[str], names: Sequence[str], found: set[Wrap]
) -> None:
    assert set(wraps_around(labels, names)) == found


def test_wraps_are_spelled_and_hold_what_stands_between() -> None:
    wrap = Wrap("P (kind=", ")")
    assert (str(wrap), wrap.middle("P (kind=cat)"), wrap.middle("P (kind=)"), wrap.middle("P (kind=cat")) == (
        "prefix 'P (kind=' and suffix ')'",
        "cat",
        "",
        "",
    )
    assert Wrap("aa", "aa").middle("aaa") == ""
    assert Wrap("X", "", lettered=True).middle("X1b") == ""


@pytest.mark.parametrize(
    ("names", "labels", "rule", "columns"),
    [
        (("not_a", "not_b", "open"), ("not_a",), "exact", ("not_a", "not_b", "open")),
        (("id", "p_cat", "p_dog"), ("cat", "dog"), "prefix 'p_'", ("p_cat", "p_dog")),
        (("p_cat", "p_dog", "p_other_cat"), ("cat",), "prefix 'p_'", ("p_cat", "p_dog", "p_other_cat")),
        (("a_p_1", "b_p_1", "b_p_2"), ("1", "2"), "prefix 'b_p_'", ("b_p_1", "b_p_2")),
        (("True", "False"), ("true",), "exact", ("True", "False")),
    ],
)
def test_one_reading_that_all_labels_fit(
    names: Sequence[str], labels: Sequence[str], rule: str, columns: Sequence[str]
) -> None:
    found = readings(names, labels)
    assert (found.best.rule, found.best.columns, found.lacking, found.rivals) == (rule, tuple(columns), (), ())


def test_readings_that_fit_as_well_are_rivals() -> None:
    found = readings(("p_a", "p_b", "q_a", "q_b"), ("a", "b"))
    assert [reading.columns for reading in (found.best, *found.rivals)] == [("p_a", "p_b"), ("q_a", "q_b")]
    one_hot = readings(("a", "b", "p_a", "p_b"), ("a", "b"))
    assert (one_hot.best.rule, [reading.columns for reading in one_hot.rivals]) == ("exact", [("p_a", "p_b")])
    # One label alone, as where labels are sorted, is a sign of a wrap only beside columns without it.
    assert [held.columns for held in readings(("a", "b", "p_a", "p_b"), ("a",)).rivals] == [("p_a", "p_b")]
    assert not readings(("a", "p_a", "p_b"), ("a",)).rivals
    assert not readings(("a", "b", "p_a", "p_b"), ("a",), whole=True).rivals
    assert [reading.rule for reading in fitting(("a", "b", "p_a", "p_b"), ("a", "b"))] == ["exact", "prefix 'p_'"]


def test_the_reading_that_most_labels_fit_lacks_the_others_in_their_order() -> None:
    found = readings(("p_a", "p_b", "id"), ("z", "a", "y", "b"))
    assert (found.best, found.lacking) == (Reading("prefix 'p_'", ("p_a", "p_b"), ("a", "b")), ("z", "y"))
    assert readings(("p_a", "id"), ("a",)).lacking == ("a",), "a wrap has two columns at least"
    assert readings(("p_a", "p_b", "id"), ("a",), whole=True).lacking == ("a",)
    assert readings(("a", "b"), ()).best.rule == "exact"


# The proof by sums.


def look(name: str, *numbers: float, holds: Holds = Holds.NUMBERS) -> Look:
    return TypedLook(name, holds, len(numbers), np.array(numbers) if numbers else None)


TABLE = {
    held.name: held
    for held in (
        look("a", 0.75, 0.5),
        look("b", 0.25, 0.5),
        look("conf", 0.75, 0.5),
        look("h", 0.6, 0.7),
        look("id", 1.0, 2.0, holds=Holds.WHOLE),
        look("fold", 0.0, 1.0, holds=Holds.WHOLE),
        look("f3", 3.0, 1.0, holds=Holds.WHOLE),
        look("note", holds=Holds.TEXT),
    )
}


@pytest.mark.parametrize(
    ("names", "unnamed", "kept"),
    [
        ("a b", "", "a b"),
        ("a b", "a b", "a b"),
        ("a b note", "note", "a b"),
        ("note a b id fold f3 conf", "note id fold f3 conf", "a b"),
        ("h a b conf", "h conf", "a b"),
        ("a b conf", "", ""),
        ("a b note", "", ""),
        ("a conf", "a conf", ""),
        ("a h", "h", ""),
    ],
)
def test_what_sums_to_1_is_proven_and_no_label_is_left_without_its_column(names: str, unnamed: str, kept: str) -> None:
    assert proven(names.split(), unnamed.split(), TABLE, InputKind.PROBS, 0.01) == kept.split()


def test_what_proves_nothing() -> None:
    logs = {"a": look("a", *np.log([0.75, 0.5])), "b": look("b", *np.log([0.25, 0.5]))}
    assert proven(["a", "b"], [], logs, InputKind.LOGPROBS, 0.01) == ["a", "b"]
    assert proven(["a", "b"], [], TABLE, InputKind.LOGITS, 0.01) == []
    rounded = {"a": look("a", 0.5), "b": look("b", 0.49)}
    assert proven(["a", "b"], [], rounded, InputKind.PROBS, 0.01) == ["a", "b"]
    assert proven(["a", "b"], [], rounded, InputKind.PROBS, 0.001) == []
    outside = {"a": look("a", 1.5), "b": look("b", -0.5)}
    assert proven(["a", "b"], [], outside, InputKind.PROBS, 0.01) == []


# What columns look like.


def test_what_the_first_rows_of_csv_hold() -> None:
    csv(P, "whole,point,half,text,lack,none,odd", "1,1.0,.5,x,.5,,1_0", "-2,2.0,1e-3,2,NA,nan,5")
    with opened(P, 0) as source:
        looks = looks_of(source, [column.name for column in source.columns], None)
    assert {name: (held.holds, held.numbers is not None) for name, held in looks.items()} == {
        "whole": (Holds.WHOLE, True),
        "point": (Holds.NUMBERS, True),
        "half": (Holds.NUMBERS, True),
        "text": (Holds.TEXT, False),
        "lack": (Holds.NUMBERS, False),
        "none": (Holds.NOTHING, False),
        "odd": (Holds.TEXT, False),
    }
    assert (looks["text"].values, looks["lack"].values) == (("x", "2"), (".5", "NA"))


def test_what_the_first_rows_of_parquet_hold() -> None:
    columns = {
        "whole": pa.array([1, 2]),
        "floats": pa.array([1.0, 2.0]),
        "bits": pa.array([True, False]),
        "text": pa.array(["x", None]),
        "lists": pa.array([[1.0], [2.0]]),
        "lack": pa.array([0.5, None]),
    }
    pq.write_table(pa.table(columns), "p.parquet")
    with opened("p.parquet", 0) as source:
        looks = looks_of(source, columns, None)
    assert [(held.holds, held.numbers is not None) for held in looks.values()] == [
        (Holds.WHOLE, True),
        (Holds.NUMBERS, True),
        (Holds.WHOLE, True),
        (Holds.TEXT, False),
        (Holds.LISTS, False),
        (Holds.NUMBERS, False),
    ]


def test_only_the_first_rows_say_what_a_column_holds() -> None:
    for rows, holds in ((ROWS - 1, Holds.TEXT), (ROWS, Holds.WHOLE)):
        csv(P, "a,b", *["1,2"] * rows, "x,2")
        with opened(P, 0) as source:
            assert looks_of(source, ["a"], None)["a"].holds is holds


# The first labels.


def labels_of(*texts: str, left: dict[str, Left] | None = None, classes: Sequence[str] = ()) -> tuple[list[str], str]:
    csv(Y, "id,label", *(f"{at},{text}" for at, text in enumerate(texts)))
    with opened(Y) as source:
        found = first_labels(source, "label", left or {}, classes)
        found.source.close()
    return list(found.texts), found.ending


def test_labels_are_of_the_first_rows_that_have_one() -> None:
    assert labels_of(*["a"] * (ROWS - 1), "b", "c") == (["a", "b"], "")
    assert labels_of(*[""] * ROWS, *["a"] * (ROWS - 1), "b", "c") == (["a", "b"], "")
    assert labels_of(*["-1"] * 5, *["a"] * ROWS, "b", left={"-1": Left.IGNORED}) == (["a"], "")
    assert labels_of("", "") == ([], "")


@pytest.mark.parametrize(
    ("texts", "classes", "found", "ending"),
    [
        (("0.0", "1.0"), (), ["0", "1"], ".0"),
        (("-1.00", "1.00"), (), ["-1", "1"], ".00"),
        (("0.0", "1"), (), ["0.0", "1"], ""),
        (("0.0", "1.00"), (), ["0.0", "1.00"], ""),
        (("0.0", "cat"), (), ["0.0", "cat"], ""),
        (("01.0",), (), ["01.0"], ""),
        (("0.0", "1.0"), ("p_0.0", "p_1.0"), ["0.0", "1.0"], ""),
        (("0.0", "1.0"), ("p_7.0",), ["0", "1"], ".0"),
    ],
)
def test_an_ending_that_all_whole_numbers_share_is_none(
    texts: Sequence[str], classes: Sequence[str], found: list[str], ending: str
) -> None:
    assert labels_of(*texts, classes=classes) == (found, ending)


def test_what_is_ignored_is_so_in_either_spelling() -> None:
    assert labels_of("-1.0", "0.0", "1.0", left={"-1": Left.IGNORED}) == (["0", "1"], ".0")


# What --classes says.


def test_classes_by_column_by_place_and_in_order() -> None:
    names = ("x", "a=b", "y")
    assert by_column(ColumnSpec(classes=("x=cat", "a=b=dog")), names) == {"x": "cat", "a=b": "dog"}
    assert by_column(ColumnSpec(classes=("p=1", "q=2")), names) == {}, "classes whose names have the sign"
    assert by_column(ColumnSpec(class_map={"x": "cat", "y": "dog"}), names) == {"x": "cat", "y": "dog"}
    assert in_order(ColumnSpec(class_map={"cat": 1, "dog": 0}), ("x", "y")) == ("dog", "cat")
    assert in_order(ColumnSpec(class_map={"0": "cat", "1": "dog"}), ("x", "y")) == ("cat", "dog")
    assert classes_of(ColumnSpec(), names, names) == ()
    assert rule_of_index(("p_2", "p_10")).classes == ("2", "10")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (ColumnSpec(classes=("x=cat", "z=dog")), "--classes names 'z', which is not a column"),
        (ColumnSpec(classes=("x=cat", "x=dog")), "--classes names column 'x' twice"),
        (ColumnSpec(classes=("x=cat", "y=cat")), "--classes gives two columns the class 'cat'"),
    ],
)
def test_classes_by_column_that_are_refused(spec: ColumnSpec, message: str) -> None:
    with pytest.raises(XentError) as caught:
        by_column(spec, ("x", "y"))
    assert caught.value.problem == message


# Labels that come after the first rows.


@pytest.mark.one_in_three
@pytest.mark.parametrize("order", sorted(set(permutations(("no", "yes", "no")))))
@pytest.mark.parametrize("column", ["p_yes", "p_no"])
def test_a_second_class_after_the_first_rows_means_what_it_would_among_them(
    column: str, order: tuple[str, str, str]
) -> None:
    first, *rest = order
    labels = [first] * ROWS + rest + [order[1]]
    scores = [0.75 if label == column[2:] else 0.25 for label in labels]
    csv(P, column, *map(repr, scores))
    late = evaluate(P, csv(Y, "label", *labels))
    csv(P, column, *map(repr, reversed(scores)))
    early = evaluate(P, csv(Y, "label", *reversed(labels)))
    assert late.inputs.classes == early.inputs.classes == (({"p_yes": "no", "p_no": "yes"}[column]), column[2:])
    assert late.overall == early.overall
    for chunk_rows, threads in ((1, 1), (7, 2), (ROWS, 1)):
        assert evaluate(P, Y, chunk_rows=chunk_rows, jobs=threads).overall == late.overall


def test_a_second_class_after_the_first_rows_that_says_nothing_is_an_error_of_its_row() -> None:
    csv(P, "score", *["0.5"] * (ROWS + 2))
    csv(Y, "label", *["ham"] * (ROWS + 1), "spam")
    assert refused(P, Y) == (
        f"y.csv, record {ROWS + 2} (line {ROWS + 3}), column 'label': which class does the prediction column 'score' "
        "speak of? The labels are 'ham' and 'spam', and its name is neither\n"
        "  Try --positive ham\n  or  --positive spam"
    )


def test_a_second_class_that_changes_what_the_first_one_means_is_an_error() -> None:
    """Beside 0 the column speaks of 1; beside 2 nothing says of which."""
    csv(P, "p", *["0.5"] * (ROWS + 1))
    csv(Y, "label", *["1"] * ROWS, "2")
    assert refused(P, Y).startswith(f"y.csv, record {ROWS + 1} (line {ROWS + 2}), column 'label': ")
    csv(Y, "label", *["1"] * ROWS, "0")
    assert evaluate(P, Y).inputs.classes == ("0", "1")


def test_a_later_label_that_does_not_fit_is_an_error_and_no_other_reading() -> None:
    csv(P, "id,p_cat,p_dog", *["0.5,0.5,0.5"] * (ROWS + 3))
    csv(Y, "label", *["cat"] * ROWS, "dog", "p_dog", "id")
    assert refused(P, Y) == (
        f"y.csv, record {ROWS + 2} (line {ROWS + 3}), column 'label': the label 'p_dog' is not a class; the classes "
        "are 'cat', 'dog'\n  Is this the label column? See --label, or name the classes with --classes.\n"
        f"  2 labels are no class:\n  'p_dog', first in record {ROWS + 2}\n  'id', first in record {ROWS + 3}"
    )
    csv(Y, "label", *["cat"] * ROWS, "dog", "Cat", "dog")
    assert refused(P, Y) == (
        f"y.csv, record {ROWS + 2} (line {ROWS + 3}), column 'label': the label 'Cat' is not a class; the classes are "
        "'cat', 'dog'\n  1 label would match in other letter case. Labels are compared as they stand: change the file, "
        "or name the classes with --classes."
    )


def test_rows_without_a_label_are_no_first_ones() -> None:
    csv(P, "id,p_cat,p_dog", *["0.5,0.75,0.25"] * (ROWS + 2))
    csv(Y, "n,label", *["1,"] * ROWS, "1,cat", "1,dog")
    found = evaluate(P, Y, label="label", missing="drop")
    assert (found.inputs.classes, found.inputs.name_rule) == (("cat", "dog"), "prefix 'p_'")
    assert (found.overall.rows, found.overall.dropped_rows) == (2, ROWS)


def test_endings_of_zeros_after_the_first_rows() -> None:
    csv(P, "0,1", *["0.5,0.5"] * (ROWS + 1))
    csv(Y, "label", *["0.0"] * ROWS, "1.0")
    found = evaluate(P, Y)
    assert (found.inputs.name_rule, [held.rows for held in found.classes]) == ("exact, labels without '.0'", [ROWS, 1])
    csv(Y, "label", *["0.0"] * ROWS, "1")
    assert [held.rows for held in evaluate(P, Y).classes] == [ROWS, 1]
    csv(Y, "label", *["0"] * ROWS, "1.0")
    assert refused(P, Y) == (
        f"y.csv, record {ROWS + 1} (line {ROWS + 2}), column 'label': the label '1.0' is not a class; the classes are "
        "'0', '1'\n  1 label would match as a number. Labels are compared as they stand: change the file, or name the "
        "classes with --classes.\n  Try --classes 0=0,1=1.0"
    )
    csv(Y, "label", *["0.0"] * ROWS, "1.00")
    assert "the label '1.00' is not a class" in refused(P, Y)


# Where first rows are read from.


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("rows", [2, 40_000])
def test_a_pipe_on_either_side_is_read_once(side: int, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    csv(P, "id,p_cat,p_dog", *["0.5,0.75,0.25"] * rows)
    csv(Y, "label", *["cat", "dog"] * (rows // 2))
    expected = evaluate(P, Y).overall
    content = Path((P, Y)[side]).read_bytes()
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    before = os.dup(0)
    os.dup2(reading, 0)
    os.close(reading)
    try:
        found = evaluate(*("-" if at == side else path for at, path in enumerate((P, Y))))
    finally:
        os.dup2(before, 0)
        os.close(before)
        writer.join()
    assert found.overall == expected


def test_first_labels_of_parts_are_those_of_all_parts_in_their_order() -> None:
    csv("d/a.csv", "id,p_cat,p_dog,label", *["1,0.5,0.5,cat"] * 2)
    csv("d/b.csv", "label,p_dog,id,p_cat", "dog,0.5,1,0.5", "p_cat,0.5,1,0.5")
    assert refused("d") == (
        "d/b.csv, record 2 (line 3), column 'label': the label 'p_cat' is not a class; the classes are 'cat', 'dog'\n"
        "  Is this the label column? See --label, or name the classes with --classes."
    )
    csv("d/b.csv", "label,p_dog,id,p_cat", "dog,0.5,1,0.5")
    assert evaluate("d").inputs.classes == ("cat", "dog")


# Headers that are labels.


def test_a_class_for_a_header_is_told_though_predictions_have_the_column() -> None:
    message = (
        "y.csv, line 1: the first row looks like data: 'cat'\n"
        "  Is there no header? Else give the columns names that are no numbers and no classes.\n"
        "  Try --labels-no-header"
    )
    csv(P, "cat,dog,emu", ".5,1.25,.1", "1.5,.5,.2", "1.5,.5,.2")
    csv(Y, "cat", "dog", "emu", "dog")
    assert refused(P, Y, input="logits") == message
    csv(P, "cat,dog", ".75,.25", ".5,.5", ".5,.5")
    csv(Y, "cat", "dog", "dog", "dog")
    assert refused(P, Y) == message


def test_a_label_column_that_predictions_have_a_copy_of_is_a_header() -> None:
    csv(P, "species,setosa,virginica", "setosa,.75,.25", "virginica,.5,.5")
    csv(Y, "species", "setosa", "virginica")
    assert evaluate(P, Y).inputs.classes == ("setosa", "virginica")


def test_numbers_whose_sum_leaves_float64_are_asked_about_without_a_word_of_numpy() -> None:
    table = np.array([[1e308, 1e308], [0.25, 0.75], [1.5e308, 0.5]])
    assert other_kind(table, InputKind.PROBS) == ("Are these logits?", ["--input logits"])
