"""Labels that are no class: none, the one class that is left, or numbers that count from 1; a score beside labels."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import pyarrow as pa
import pytest
from both_ways import Ask, lines, put, refused, right, then

BOTH = ["p.csv", "y.csv"]
LOGITS = ["--input", "logits"]
# Of .9,.1 and .2,.8 and .6,.4 with labels that name the first column, the second and the first.
THREE = (".9,.1", ".2,.8", ".6,.4")
MEANT = -(log(0.9) + log(0.8) + log(0.6)) / 3


# A label that may mean that there is none.


@pytest.mark.parametrize(
    ("header", "first", "second", "paired"),
    [
        ("p_0,p_1", "-1", "1", "p_0=-1,p_1=1"),
        ("0,1", "-1", "1", "0=-1,1=1"),
        ("0,1", "-1.0", "1.0", "0=-1,1=1"),
        ("unk,cat", "unknown", "cat", "unk=unknown,cat=cat"),
        ("neg,+", "-", "+", "neg=-,+=+"),
    ],
)
def test_one_label_and_one_class_that_are_left_belong_together(
    ask: Ask, header: str, first: str, second: str, paired: str
) -> None:
    put(p_csv=lines(header, *THREE), y_csv=lines("label", first, second, first))
    plain = first.removesuffix(".0")
    answer = refused(ask(BOTH), options=[f"--classes {paired}", f"--ignore {plain}"])
    right(then(ask, BOTH, [], answer), MEANT)
    right(then(ask, BOTH, [], answer, 1), -log(0.8))


def test_they_do_among_three_classes_and_beside_an_id(ask: Ask) -> None:
    rows = (".5,.1,.4", ".2,.7,.1", ".1,.1,.8")
    meant = -(log(0.5) + log(0.7) + log(0.8)) / 3
    for label, number in (("none", 0), ("NA", 1)):
        put(p_csv=lines("cat,dog,other", *rows), y_csv=lines("label", "cat", "dog", label))
        answer = refused(ask(BOTH), "or the class that no label names")
        assert answer.options[number] == f"--classes cat=cat,dog=dog,other={label}"
        right(then(ask, BOTH, [], answer, number), meant)
    put(p_csv=lines("id,0,1", "5,.9,.1", "4,.2,.8"), y_csv=lines("label", "-1", "1"))
    answer = refused(ask(BOTH, LOGITS), options=["--classes 0=-1,1=1", "--ignore -1"])
    right(then(ask, BOTH, LOGITS, answer), (log(1 + exp(-0.8)) + log(1 + exp(-0.6))) / 2)


@pytest.mark.parametrize(
    ("header", "rows", "labels"),
    [
        ("cat,dog,emu", (".5,.1,.4", ".2,.7,.1"), ("cat", "none")),
        ("cat,dog", (".9,.1", ".2,.8", ".5,.5"), ("cat", "dog", "-1")),
        ("cat,dog", (".9,.1", ".2,.8"), ("-1", "-1")),
        ("a,b,c", (".5,.1,.4", ".2,.7,.1", ".5,.1,.4"), ("a", "none", "NA")),
    ],
)
def test_where_more_or_less_is_left_it_means_none(ask: Ask, header: str, rows: tuple[str], labels: tuple[str]) -> None:
    put(p_csv=lines(header, *rows), y_csv=lines("label", *labels))
    answer = refused(ask(BOTH), "Does it mean that there is no label?")
    assert [option.split()[0] for option in answer.options] == ["--ignore"]


def test_indices_name_no_class_that_is_left(ask: Ask) -> None:
    put(p_csv=lines("a,b,c", ".5,.1,.4", ".2,.7,.1", ".5,.1,.4"), y_csv=lines("label", "0", "1", "-1"))
    refused(ask(BOTH, ["--label-kind", "index"]), options=["--ignore -1"])


def test_minus_1_and_1_of_two_columns_that_sum_to_1_are_either_way_round(ask: Ask) -> None:
    put(p_csv=lines("cat,dog", *THREE), y_csv=lines("label", "-1", "1", "-1"))
    answer = refused(ask(BOTH))
    assert answer.options[:2] == ["--classes cat=-1,dog=1", "--classes dog=-1,cat=1"]
    right(then(ask, BOTH, [], answer), MEANT)
    put(y_csv=lines("label", "False", "True", "False"))
    answer = refused(ask(BOTH))
    assert answer.options[:2] == ["--classes cat=False,dog=True", "--classes dog=False,cat=True"]
    right(then(ask, BOTH, [], answer), MEANT)


# After the first rows.


def late(header: str, row: str, last: str, labels: int = 1500) -> None:
    """Write 1,500 rows labelled cat and dog by turns, of which the last has another label."""
    put(p_csv=lines(header, *[row] * labels))
    put(y_csv=lines("label", *(["cat", "dog"] * labels)[: labels - 1], last))


@pytest.mark.parametrize("label", ["NA", "-100", "none"])
def test_a_label_after_the_first_rows_is_offered_to_be_ignored(ask_command: Ask, label: str) -> None:
    late("cat,dog", ".75,.25", label)
    answer = refused(ask_command(BOTH), "record 1500 (line 1501)", options=[f"--ignore {label}"])
    assert then(ask_command, BOTH, [], answer).result["overall"]["rows"] == 1499
    late("cat,dog,other", ".5,.25,.25", label)
    assert f"--classes cat=cat,dog=dog,other={label}" in refused(ask_command(BOTH)).options
    late("cat,dog", ".75,.25", "emu")
    refused(ask_command(BOTH), "Is this the label column?", options=[])


def test_it_is_by_key_too(ask_command: Ask) -> None:
    late("cat,dog", ".75,.25", "NA")
    for path in map(Path, BOTH):
        rows = path.read_text().splitlines()
        path.write_text("".join(f"{at or 'id'},{row}\n" for at, row in enumerate(rows)))
    refused(ask_command(BOTH, ["--on", "id"]), "the label 'NA' is not a class", options=["--ignore NA"])


@pytest.mark.parametrize("value", ["x", "7", "", "1"])
def test_a_column_of_zeros_that_later_holds_something_else_is_left_out(ask_command: Ask, value: str) -> None:
    put(p_csv=lines("cat,dog,extra", *[".75,.25,0"] * 1200, f".75,.25,{value}"))
    put(y_csv=lines("label", *["cat", "dog"] * 600, "cat"))
    answer = refused(ask_command(BOTH), "p.csv, record 1201", options=["--pred cat,dog"])
    assert then(ask_command, BOTH, [], answer).loss == pytest.approx(
        -(601 * log(0.75) + 600 * log(0.25)) / 1201, rel=1e-12
    )


def test_a_column_beside_logits_that_later_holds_text_is_left_out(ask_command: Ask) -> None:
    put(p_csv=lines("cat,dog,extra", *["1.5,.5,.25"] * 1200, "1.5,.5,x"))
    put(y_csv=lines("label", *["cat", "dog"] * 600, "cat"))
    answer = refused(ask_command(BOTH, LOGITS), "'x' is not a number", options=["--pred cat,dog"])
    assert then(ask_command, BOTH, LOGITS, answer).warned
    # A column that a label names is a class.
    put(p_csv=lines("cat,dog,extra", *["1.5,.5,.25"] * 1200, "1.5,x,.25"))
    refused(ask_command(BOTH, LOGITS), "'x' is not a number", options=[])


# Labels that count from 1.


def test_labels_that_count_from_1(ask: Ask) -> None:
    rows = (".8,.1,.1", ".2,.7,.1", ".1,.8,.1")
    put(p_csv=lines("cat,dog,emu", *rows), y_csv=lines("label", "1", "2", "2"))
    answer = refused(ask(BOTH), "Are they places, in the order of the columns?")
    assert answer.options[:2] == ["--label-kind index", "--classes cat=1,dog=2,emu=3"]
    assert "do they count from 1?" in then(ask, BOTH, [], answer).warnings["no_label_zero"]
    right(then(ask, BOTH, [], answer, 1), -(log(0.8) + log(0.7) + log(0.8)) / 3)
    put(y_csv=lines("label", "1", "2", "3"))
    meant = -(log(0.8) + log(0.7) + log(0.1)) / 3
    right(then(ask, BOTH, [], refused(ask(BOTH), options=["--classes cat=1,dog=2,emu=3"])), meant)
    index = ["--label-kind", "index"]
    answer = refused(ask(BOTH, index), options=["--classes cat=1,dog=2,emu=3 --label-kind name"])
    right(then(ask, BOTH, index, answer), meant)


def test_they_do_beside_an_id_in_another_order_and_without_a_header(ask: Ask) -> None:
    put(p_csv=lines("id,dog,cat,emu", "7,.8,.1,.1", "8,.2,.7,.1", "9,.1,.1,.8"), y_csv=lines("label", "1", "2", "3"))
    both = ["--classes dog=1,cat=2,emu=3", "--classes cat=1,dog=2,emu=3"]
    meant = -(log(0.8) + log(0.7) + log(0.8)) / 3
    right(then(ask, BOTH, [], refused(ask(BOTH), options=both)), meant)
    refused(ask(BOTH, LOGITS), options=both)
    put(p_csv=lines(".8,.1,.1", ".2,.7,.1", ".1,.1,.8"), y_csv=lines("1", "2", "3"))
    right(then(ask, BOTH, ["--no-header"], refused(ask(BOTH, ["--no-header"]), options=["--classes 1,2,3"])), meant)


def test_a_warning_says_that_no_index_is_0(ask: Ask) -> None:
    put(
        p_csv=lines("a,b,c", ".8,.1,.1", ".2,.7,.1"),
        y_csv=lines("label", "1", "2"),
        p_jsonl='{"p":[0.5,0.25,0.25]}\n' * 2,
    )
    index = ["--label-kind", "index"]
    assert "no_label_zero" in ask(BOTH, index).warnings
    assert "no_label_zero" in ask(["p.jsonl", "y.csv"]).warnings
    put(y_csv=lines("label", "1", "0"))
    assert "no_label_zero" not in ask(BOTH, index).warnings
    put(s_csv=lines("score", ".8", ".7"), y_csv=lines("label", "1", "1"))
    assert "no_label_zero" not in ask(["s.csv", "y.csv"], index).warnings


def test_two_classes_that_count_from_1_are_either_way_round(ask: Ask) -> None:
    put(p_csv=lines("cat,dog", *THREE), y_csv=lines("label", "1", "2", "1"))
    answer = refused(ask(BOTH))
    assert answer.options[:2] == ["--classes cat=1,dog=2", "--classes dog=1,cat=2"]
    right(then(ask, BOTH, [], answer), MEANT)


# Logits from 0 to 1.


def test_logits_from_0_to_1_are_offered(ask: Ask) -> None:
    put(p_csv=lines("cat,dog,label", ".5,.1,cat", ".2,.9,dog"))
    answer = refused(ask(["p.csv"]), options=["--renormalize", "--sum-tolerance 0.4", "--input logits"])
    right(then(ask, ["p.csv"], [], answer, 2), (log(1 + exp(-0.4)) + log(1 + exp(-0.7))) / 2)
    put(p_csv=lines("cat,dog,label", ".57,.4,cat", ".23,.75,dog"))
    refused(ask(["p.csv"]), "Rounding 2 probabilities", options=["--sum-tolerance 0.05", "--renormalize"])


# A score beside the class that was predicted.


def test_a_score_beside_a_predicted_label_is_a_warning(ask: Ask) -> None:
    put(
        x_jsonl='{"pred":"POSITIVE","score":0.98,"label":"POSITIVE"}\n'
        '{"pred":"NEGATIVE","score":0.9,"label":"NEGATIVE"}\n'
    )
    answer = refused(ask(["x.jsonl"]), "Is the score of the class in 'pred'?")
    found = right(then(ask, ["x.jsonl"], [], answer), -(log(0.98) + log(1 - 0.9)) / 2)
    assert "column 'pred' of PREDICTIONS holds labels" in found.warnings["predicted_label"]
    put(p_csv=lines("pred,score", "no,.9", "no,.8"), y_parquet=pa.table({"label": ["yes", "no"]}))
    assert "predicted_label" in ask(["p.csv", "y.parquet"], ["--pred", "score", "--positive", "yes"]).warnings


@pytest.mark.parametrize(("header", "value"), [("note,score", "x"), ("score,label", "no"), ("fold,score", "1")])
def test_other_columns_beside_a_score_are_none(ask: Ask, header: str, value: str) -> None:
    names = header.split(",")
    row = ",".join(".75" if name == "score" else value for name in names)
    put(p_csv=lines(header, row, row), y_csv=lines("id,label", "1,yes", "2,no"))
    options = ["--pred", "score", "--positive", "yes", "--label", "label"]
    assert "predicted_label" not in ask(BOTH, options).warnings
