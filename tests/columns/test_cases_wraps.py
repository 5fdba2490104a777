"""Small files in the shapes that people have: names wrapped on both sides (K6), what a hint must not do (K8)."""

from __future__ import annotations

from math import exp, log

import pyarrow as pa
import pytest
from both_ways import Ask, lines, put, refused, right, then

LOGITS = ["--input", "logits"]
BOTH, ONE = ["p.csv", "y.csv"], ["p.csv"]


# K6: names wrapped on both sides.


@pytest.mark.parametrize(
    ("wrap", "names"),
    [
        (("P (kind=", ")"), ("cat", "dog", "emu")),
        (("X", "Prob"), ("0", "1", "2")),
        (("confidence(", ")"), ("yes", "no", "maybe")),
        (("Probability:Class=", ""), ("0", "1", "2")),
        (('"', '"'), ("cat", "dog", "emu")),
        (("[", "]"), ("cat", "dog", "emu")),
        (("p/", ".prob"), ("cat", "dog", "emu")),
        (("class", "_p"), ("0", "1", "2")),
        (("", "prob"), ("7", "8", "9")),
        (("p_", ""), ("p_cat", "p_dog", "p_emu")),
    ],
)
def test_k6_a_prefix_and_a_suffix(ask: Ask, wrap: tuple[str, str], names: tuple[str, ...]) -> None:
    header = ",".join('"' + (wrap[0] + name + wrap[1]).replace('"', '""') + '"' for name in names)
    put(p_csv=lines(header, ".8,.1,.1", ".2,.6,.2", ".3,.2,.5"), y_csv=lines("label", *names))
    answer = right(ask(BOTH), 0.47570545188004854)
    assert sorted(answer.result["inputs"]["classes"]) == sorted(names)
    rule = answer.result["inputs"]["name_rule"]
    for kind, part in (("prefix", wrap[0]), ("suffix", wrap[1])):
        assert (f"{kind} '{part}'" in rule) if part else (kind not in rule), rule


def test_k6_letters_meet_digits_only(ask: Ask) -> None:
    """'price' is no class beside p0 and p1; 'pcat' is none at all."""
    put(p_csv=lines("p0,p1,price", ".75,.25,9.5"), y_csv=lines("label", "0"))
    answer = right(ask(BOTH), -log(0.75))
    assert answer.result["inputs"]["unused_columns"] == ["price"]
    put(p_csv=lines("pcat,pdog", ".75,.25"), y_csv=lines("label", "cat"))
    refused(ask(BOTH), "'cat'", "'pcat'")


# K8: what a hint must not do.


def test_k8_neither_the_id_nor_the_text_is_offered(ask: Ask) -> None:
    put(p_csv=lines("id,pred,cat,dog,label", "0,cat,1.2,-.3,cat", "1,dog,.1,.9,dog", "2,cat,2.0,.5,cat"))
    answer = refused(ask(ONE, LOGITS))
    assert answer.options[0] == "--pred cat,dog"
    loss = (log(1 + exp(-1.5)) + log(1 + exp(-0.8)) + log(1 + exp(-1.5))) / 3
    right(then(ask, ONE, LOGITS, answer), loss)


def test_k8_with_index_labels_any_whole_numbers_are_doubted(ask: Ask) -> None:
    put(p_csv=lines("Id,cat,dog,label", "1,1.2,-.3,0", "2,.1,.9,1", "3,2.0,.5,0"))
    options = [*LOGITS, "--label-kind", "index"]
    answer = refused(ask(ONE, options), "'Id'")
    assert answer.options[0] == "--pred cat,dog"
    loss = (log(1 + exp(-1.5)) + log(1 + exp(-0.8)) + log(1 + exp(-1.5))) / 3
    right(then(ask, ONE, options, answer), loss)


def test_k8_one_hot_labels_beside_predictions_are_two_readings(ask: Ask) -> None:
    put(p_csv=lines("cat,dog,p_cat,p_dog,label", "1,0,.9,.1,cat", "0,1,.2,.8,dog"))
    for options in ([], LOGITS):
        answer = refused(ask(ONE, options), "'p_'")
        assert answer.options[0] == "--pred p_cat,p_dog"
        assert len(answer.options) >= 2
    answer = ask(ONE)
    right(then(ask, ONE, [], answer), -(log(0.9) + log(0.8)) / 2)


def test_k8_several_one_hot_label_columns_are_the_labels(ask: Ask) -> None:
    put(p_csv=lines("cat,dog,p_cat,p_dog", "1,0,.9,.1", "0,1,.2,.8"))
    answer = right(ask(ONE, ["--label", "cat,dog"]), -(log(0.9) + log(0.8)) / 2)
    assert answer.result["inputs"]["classes"] == ["cat", "dog"]
    put(p_csv=lines("y_cat,y_dog,p_cat,p_dog", "1,0,.9,.1", "0,1,.2,.8"))
    right(ask(ONE, ["--label", "y_cat,y_dog"]), -(log(0.9) + log(0.8)) / 2)


def test_k8_two_models_side_by_side_are_asked_about(ask: Ask) -> None:
    put(p_csv=lines("p_cat,p_dog,q_cat,q_dog", ".9,.1,.6,.4", ".2,.8,.3,.7"), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH), options=["--pred p_cat,p_dog", "--pred q_cat,q_dog"])
    first = right(then(ask, BOTH, [], answer), -(log(0.9) + log(0.8)) / 2)
    second = right(then(ask, BOTH, [], answer, 1), -(log(0.6) + log(0.7)) / 2)
    assert "columns_left_out" in first.warnings
    assert "columns_left_out" in second.warnings


def test_k8_a_column_that_labels_have_too_is_left_out_with_a_warning(ask: Ask) -> None:
    put(
        p_csv=lines("id,cat,dog,emu", "1,1.5,.5,.25", "2,.5,1.25,2.5"),
        y_csv=lines("id,label,dog", "1,cat,7", "2,emu,8"),
    )
    answer = ask(BOTH, [*LOGITS, "--on", "id", "--label", "label"])
    assert right(answer, (log(1 + exp(-1.25)) + log(1 + exp(-2.0))) / 2).result["inputs"]["classes"] == ["cat", "emu"]
    assert "'dog'" in answer.warnings["columns_left_out"]
    assert "dog" in answer.result["inputs"]["unused_columns"]


def test_k8_names_with_commas_can_be_typed(ask: Ask) -> None:
    names = ('"p_Washington, D.C."', "p_Rome")
    put(p_csv=lines(f"fold,{','.join(names)}", "1,.75,.25"), y_csv=lines("label", '"Washington, D.C."'))
    right(ask(BOTH), -log(0.75))
    right(ask(BOTH, ["--pred", ",".join(names)]), -log(0.75))
    names = ('"Washington, D.C."', "Rome")
    put(p_csv=lines(f"fold,{','.join(names)}", "1,.75,.25"))
    answer = refused(ask(BOTH))
    assert answer.options[0] == "--pred '\"Washington, D.C.\",Rome'"
    right(then(ask, BOTH, [], answer), -log(0.75))


def test_k8_in_parquet_whole_numbers_are_integers_and_booleans(ask: Ask) -> None:
    scores = {"cat": [1.5, 0.25], "dog": [0.5, 1.25]}
    put(y_csv=lines("label", "cat", "dog"))
    loss = (log(1 + exp(-1.0)) + log(1 + exp(-1.0))) / 2
    for stray in (pa.array([1, 2]), pa.array([1, 2], pa.uint8()), pa.array([True, False])):
        put(p_parquet=pa.table({"stray": stray, **scores}))
        answer = refused(ask(["p.parquet", "y.csv"], LOGITS), "'stray'")
        assert answer.options[0] == "--pred cat,dog"
        right(then(ask, ["p.parquet", "y.csv"], LOGITS, answer), loss)
    put(p_parquet=pa.table({"emu": pa.array([1.0, 2.0]), **scores}))
    answer = ask(["p.parquet", "y.csv"], LOGITS)
    assert "'emu'" in answer.warnings["classes_without_labels"]
