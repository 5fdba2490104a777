"""Small files in the shapes that people have, with their right values: which columns are classes (K1 to K6, F2)."""

from __future__ import annotations

from math import exp, log

import pytest
from both_ways import Ask, lines, put, refused, right, then
from conftest import RunXent

LOGITS = ["--input", "logits"]
BOTH, ONE = ["p.csv", "y.csv"], ["p.csv"]


def loss_of_logits(*rows: tuple[list[float], int]) -> float:
    """Return the mean of ln Σ exp z − z of the label."""
    return sum(log(sum(map(exp, row))) - row[label] for row, label in rows) / len(rows)


# K1: names that share an affix among themselves.

STREETS = "street_pedestrian,street_traffic,tram"


def test_k1_a_class_without_the_affix_of_the_others_is_a_class(ask: Ask) -> None:
    put(
        p_csv=lines(STREETS, "1.0,0.5,2.0", "0.2,1.5,1.0", "0.3,0.1,3.0"),
        y_csv=lines("label", "street_pedestrian", "street_traffic", "street_pedestrian"),
    )
    answer = right(ask(BOTH, LOGITS), 1.6368194630693615)
    assert answer.result["inputs"]["classes"] == STREETS.split(",")
    assert answer.result["inputs"]["name_rule"] == "exact"
    assert "'tram'" in answer.warnings["classes_without_labels"]
    told = ask(BOTH, [*LOGITS, "--classes", STREETS])
    assert "classes_without_labels" not in right(told, 1.6368194630693615).warnings


def test_k1_as_probabilities(ask: Ask) -> None:
    put(
        p_csv=lines(STREETS, "0.5,0.25,0.25", "0.125,0.5,0.375"),
        y_csv=lines("label", "street_pedestrian", "street_traffic"),
    )
    answer = right(ask(BOTH), log(2))
    assert "classes_without_labels" not in answer.warnings


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("not constructive", "not a real question", "open"), ("not constructive", "not a real question")),
        (
            ("SEX OFFENSES", "SEX OFFENSES NON FORCIBLE", "OFFENSES AGAINST FAMILY", "ARSON"),
            ("SEX OFFENSES", "SEX OFFENSES NON FORCIBLE"),
        ),
        (("a_x", "b_x", "c"), ("a_x", "b_x")),
        (("p_1", "p_2", "other"), ("p_1", "p_2")),
        (("cat", "cat_2", "cat_2_x"), ("cat_2", "cat_2_x")),
    ],
)
@pytest.mark.parametrize("wrap", [("", ""), ("prob_", ""), ("", " score"), ("P (kind=", ")")])
def test_k1_any_taxonomy_within_any_wrap(
    ask: Ask, names: tuple[str, ...], labels: tuple[str, str], wrap: tuple[str, str]
) -> None:
    rows = [[1.5 + k, 0.25, 2.5, 0.75][: len(names)] for k in range(2)]
    header = ",".join(wrap[0] + name + wrap[1] for name in names)
    put(p_csv=lines(header, *(",".join(map(str, row)) for row in rows)), y_csv=lines("label", *labels))
    loss = loss_of_logits(*((row, names.index(label)) for row, label in zip(rows, labels, strict=True)))
    answer = right(ask(BOTH, LOGITS), loss)
    assert sorted(answer.result["inputs"]["classes"]) == sorted(names)


# K2: a stray column becomes a class.


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", ["id", "fold", "ID", "row nr", "epoch"])
@pytest.mark.parametrize("two", [False, True])
def test_k2_whole_numbers_beside_logits_are_doubted(ask: Ask, name: str, two: bool) -> None:
    rows = ["0,1.2,-0.3", "1,0.1,0.9", "2,2.0,0.5", "3,-1.0,0.4"]
    labels = ["cat", "dog", "cat", "dog"]
    if two:
        put(p_csv=lines(f"{name},cat,dog", *rows), y_csv=lines("label", *labels))
    else:
        together = [f"{row},{label}" for row, label in zip(rows, labels, strict=True)]
        put(p_csv=lines(f"{name},cat,dog,label", *together))
    files = BOTH if two else ONE
    with_stray = f"--pred cat,dog,{name}" if " " not in name else f"--pred 'cat,dog,{name}'"
    answer = refused(ask(files, LOGITS), f"'{name}'", "fold", "predicted", options=["--pred cat,dog", with_stray])
    right(then(ask, files, LOGITS, answer), 0.24858615795793337)
    meant = then(ask, files, LOGITS, answer, 1)
    assert meant.code == 0
    assert f"'{name}'" in meant.warnings["classes_without_labels"]


def test_k2_a_pattern_does_not_settle_the_doubt(ask: Ask) -> None:
    put(p_csv=lines("id,cat,dog,label", "0,1.2,-0.3,cat", "1,0.1,0.9,dog", "2,2.0,0.5,cat", "3,-1.0,0.4,dog"))
    options = [*LOGITS, "--label", "label", "--pred", "*"]
    answer = refused(ask(ONE, options), "'id'")
    right(then(ask, ONE, options, answer), 0.24858615795793337)
    right(ask(ONE, [*LOGITS, "--label", "label", "--pred", "*,!id"]), 0.24858615795793337)


def test_k2_probabilities_that_sum_to_2(ask: Ask) -> None:
    put(p_csv=lines("0,1,predicted,label", ".9,.1,0,0", ".2,.8,1,1", ".7,.3,0,1", ".4,.6,1,1"))
    for options in ([], ["--renormalize"]):
        answer = refused(ask(ONE, options), "sum")
        assert answer.options[0] == "--pred 0,1"
        assert "--renormalize" not in answer.text.replace("also with --renormalize", "")
        assert "--sum-tolerance" not in answer.text
        right(then(ask, ONE, options, answer), 0.5108256237659907)


def test_k2_whole_numbers_beside_log_probabilities(ask: Ask) -> None:
    rows = [f"{log(p)!r},{log(1 - p)!r},{k},{'ab'[k % 2]}" for k, p in enumerate((0.75, 0.25, 0.5))]
    put(p_csv=lines("a,b,fold,label", *rows))
    answer = ask(ONE, ["--input", "logprobs"])
    assert refused(answer).options[0] == "--pred a,b"
    right(then(ask, ONE, ["--input", "logprobs"], answer), -(log(0.75) + log(0.75) + log(0.5)) / 3)


# K3: index labels, and columns that are not in class order.

NEWS = lines("World,Sports,Business,Sci/Tech", ".7,.1,.1,.1", ".1,.6,.2,.1", ".1,.1,.5,.3", ".05,.05,.1,.8")
INDEX = ["--label-kind", "index"]


def test_k3_index_labels_count_columns_in_their_order_only_if_told(ask: Ask) -> None:
    put(p_csv=NEWS, y_csv=lines("label", "0", "1", "2", "3"))
    answer = refused(
        ask(BOTH, INDEX),
        "'World', 'Sports', 'Business', 'Sci/Tech'",
        "'Business', 'Sci/Tech', 'Sports', 'World'",
    )
    assert answer.options[0] == "--classes World,Sports,Business,Sci/Tech"
    right(then(ask, BOTH, INDEX, answer), 0.4459478248947195)


def test_k3_whole_numbers_are_no_names_of_classes(ask: Ask) -> None:
    first, *rows = NEWS.splitlines()
    put(
        p_csv=lines(f"id,{first}", *(f"{k},{row}" for k, row in enumerate(rows))),
        y_csv=lines("label", "0", "1", "2", "3"),
    )
    answer = refused(ask(BOTH, INDEX))
    assert "World,Sports,Business,Sci/Tech" in answer.options[0]
    right(then(ask, BOTH, INDEX, answer), 0.4459478248947195)


def test_k3_a_list_that_only_reorders_the_names_shows_columns_and_classes(ask: Ask) -> None:
    put(p_csv=NEWS, y_csv=lines("label", "World", "Sports", "Business", "Sci/Tech"))
    swapped = ["--classes", "Business,Sci/Tech,Sports,World"]
    answer = refused(ask(BOTH, swapped))
    told = "--classes World=Business,Sports=Sci/Tech,Business=Sports,Sci/Tech=World"
    assert told in answer.options
    assert ask(BOTH, told.split(" ")).code == 0
    right(ask(BOTH, ["--classes", "World,Sports,Business,Sci/Tech"]), 0.4459478248947195)


# K4: names of positions.

SLOTS = lines("Score.0,Score.1,Score.2,Score.3,Score.4", ".1,.6,.1,.1,.1", ".2,.2,.2,.2,.2", ".05,.05,.7,.1,.1")


def test_k4_classes_say_which_column_is_which(ask: Ask) -> None:
    put(p_csv=SLOTS, y_csv=lines("label", "0", "4", "2"))
    told = "Score.0=4,Score.1=0,Score.2=2,Score.3=1,Score.4=3"
    answer = right(ask(BOTH, ["--classes", told]), 0.8256461600462744)
    assert answer.result["inputs"]["name_rule"] == "--classes"
    answer = refused(ask(BOTH, ["--classes", "4,0,2,1,3"]))
    assert f"--classes {told}" in answer.options


def test_k4_a_column_is_each_part_before_its_last_equals_sign(ask: Ask) -> None:
    put(p_csv=lines("s=0,s=1,fold", ".75,.25,9"), y_csv=lines("label", "cat"))
    right(ask(BOTH, ["--classes", "s=0=dog,s=1=cat"]), -log(0.25))


# K5: text columns beside the probabilities.


def test_k5_text_beside_probabilities_names_the_others(ask: Ask, run_xent: RunXent) -> None:
    put(
        p_csv=lines(
            "obs,pred,VF,F,M,L,Resample",
            "VF,VF,.7,.1,.1,.1,Fold01",
            "F,VF,.4,.3,.2,.1,Fold01",
            "M,M,.1,.1,.5,.3,Fold02",
            "L,M,.1,.2,.4,.3,Fold02",
        )
    )
    answer = refused(ask(ONE, ["--label", "obs"]))
    assert answer.options[0] == "--pred VF,F,M,L"
    right(then(ask, ONE, ["--label", "obs"], answer), -(log(0.7) + log(0.3) + log(0.5) + log(0.3)) / 4)
    inspected = run_xent("inspect", "p.csv", "--label", "obs")
    for name in ("obs", "pred", "VF", "F", "M", "L", "Resample", "Fold01"):
        assert name in inspected.stdout, name


# F2: a copy of LABELS as PREDICTIONS.


def test_f2_a_copy_of_labels_is_not_perfect_in_silence(ask: Ask) -> None:
    content = lines("id,y", "1,1", "2,0", "3,1")
    put(a_csv=content, b_csv=content)
    options = ["--on", "id", "--label", "y"]
    refused(ask(["a.csv", "b.csv"], options), "--pred")
    insisted = ask(["a.csv", "b.csv"], [*options, "--pred", "y"])
    assert (insisted.loss, "perfect" in insisted.warnings) == (0.0, True)


def test_f2_labels_that_are_their_own_predictions_are_a_warning(ask: Ask) -> None:
    put(p_csv=lines("a,b", "1,0", "0,1"), y_csv=lines("label", "a", "b"))
    assert "perfect" in right(ask(BOTH), 0.0).warnings
    put(p_csv=lines("a,b", "1,0", "0.25,0.75"))
    assert "perfect" not in ask(BOTH).warnings
