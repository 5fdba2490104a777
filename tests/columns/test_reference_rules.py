"""The reference's rules, held against tables that can be settled by hand, and the generator against the rules."""

from __future__ import annotations

import doctest
import math
from collections.abc import Mapping, Sequence

import following
import pytest
from reference import cells, class_names, rule_cases, rules, shaped_cases, stray_columns, wraps
from reference.rule_cases import random_rule_case
from reference.rules import Question, Reading, Refused, Why, settle
from reference.shaped_cases import SHAPES
from test_rules_property import question


@pytest.mark.parametrize(
    "module", [cells, class_names, following, rule_cases, rules, shaped_cases, stray_columns, wraps]
)
def test_examples_in_docstrings_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module


def table(header: str, *rows: str) -> dict[str, list[str]]:
    """Return columns by name from lines without quotes."""
    columns = zip(*(row.split(",") for row in rows), strict=True)
    return {name: list(held) for name, held in zip(header.split(","), columns, strict=True)}


def refusal(columns: Mapping[str, Sequence[str]], labels: Sequence[str], **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        settle(Question(columns, labels, **more))  # type: ignore[arg-type]  # by name
    return caught.value


def reading(header: str, labels: str, *rows: str, logits: bool = True) -> Reading:
    filled = rows or (",".join(f"{k}.5" for k in range(header.count(",") + 1)),)
    return settle(Question(table(header, *filled), labels.split(","), logits=logits))


@pytest.mark.parametrize(
    ("header", "labels", "classes", "rule"),
    [
        (
            "street_pedestrian,street_traffic,tram",
            "street_pedestrian",
            "street_pedestrian,street_traffic,tram",
            "exact",
        ),
        ("P (kind=cat),P (kind=dog)", "cat,dog", "cat,dog", "prefix 'P (kind=' and suffix ')'"),
        ("X0Prob,X1Prob,X10Prob,XProb", "1,0", "0,1,10", "prefix 'X' and suffix 'Prob'"),
        ("confidence(yes),confidence(no)", "no", "no,yes", "prefix 'confidence(' and suffix ')'"),
        ("Probability:Class=0,Probability:Class=1", "0", "0,1", "prefix 'Probability:Class='"),
        ("p_street_a,p_street_b,p_tram,p_", "street_a,street_b", "street_a,street_b,tram", "prefix 'p_'"),
        ("p_street_a,p_street_b,p_tram", "a,b", "a,b", "prefix 'p_street_'"),
        ("p0,p1,p10,price", "1,10", "0,1,10", "prefix 'p'"),
        ("p_a,p_b,p_c", "a.0", "", ""),
        ("pa,pb", "a,b", "", ""),
        ("0,1", "0.0,1.0", "0,1", "exact"),
        ("p_0,p_1", "0.0,1.0", "0,1", "prefix 'p_'"),
        ("p_0.0,p_1.0", "0.0,1.0", "0.0,1.0", "prefix 'p_'"),
        ("10,9,-1", "9", "-1,9,10", "exact"),
    ],
)
def test_names_become_classes(header: str, labels: str, classes: str, rule: str) -> None:
    if not classes:
        assert refusal(table(header, header), labels.split(",")).why == Why.NONE_FITS
        return
    found = reading(header, labels)
    assert (",".join(found.classes), found.rule) == (classes, rule)


def test_whole_numbers_beside_fractions_are_doubted() -> None:
    columns = table("id,cat,dog", "0,1.2,-0.3", "1,0.1,0.9")
    found = refusal(columns, ["cat", "dog"], logits=True)
    assert (found.why, found.offers) == (Why.WHOLE_NUMBERS, (("cat", "dog"), ("cat", "dog", "id")))
    assert settle(Question(columns, ["cat"], logits=True, pred=["cat", "dog", "id"])).without_labels == ("dog", "id")
    assert refusal(columns, ["cat"], logits=True, pred=["*"]).why == Why.WHOLE_NUMBERS
    assert settle(Question(columns, ["cat"], logits=True, pred=["*", "!id"])).classes == ("cat", "dog")
    assert refusal(columns, ["0", "1"], logits=True, by_index=True).why == Why.INDEX_ORDER
    ordered = table("Id,cat,dog", "1,1.2,-.3", "2,.1,.9")
    assert refusal(ordered, ["0", "1"], logits=True, by_index=True).offers[0] == ("cat", "dog")
    told = Question(columns, ["0"], logits=True, pred=["cat", "dog"], classes=["x", "y"])
    assert settle(told).rule == "--classes"


def test_numbers_written_with_a_point_are_not_doubted() -> None:
    found = reading("cat,dog,emu", "cat,dog", "1.0,0.5,2.0", "0.2,1.5,1.0")
    assert found.without_labels == ("emu",)


def test_sums_prove_which_columns_are_classes() -> None:
    columns = table("0,1,predicted", ".9,.1,0", ".2,.8,1", ".7,.3,0")
    found = refusal(columns, ["0", "1", "1"])
    assert (found.why, found.offers[0]) == (Why.SUMS, ("0", "1"))
    assert refusal(columns, ["0", "1", "1"], renormalize=True).why == Why.SUMS
    assert refusal(table("a,b", ".9,.9"), ["a"]).why == Why.BAD_SUMS
    assert settle(Question(table("a,b", ".9,.9"), ["a"], renormalize=True)).classes == ("a", "b")


def test_text_is_left_out_by_name_only() -> None:
    columns = table("pred,VF,F,Resample", "VF,.6,.4,Fold1", "F,.3,.7,Fold1")
    assert refusal(columns, ["VF", "F"]).offers == (("VF", "F"),)
    columns = table("id,pred,cat,dog", "0,cat,1.2,-.3", "1,dog,.1,.9")
    assert refusal(columns, ["cat"], logits=True).offers == (("cat", "dog"),)
    columns = table("note,p_cat,p_dog", "x,1.2,-.3")
    assert settle(Question(columns, ["cat"], logits=True)).left_out == ("note",)


def test_two_readings_are_told() -> None:
    columns = table("cat,dog,p_cat,p_dog", "1,0,.9,.1", "0,1,.2,.8")
    found = refusal(columns, ["cat", "dog"])
    assert found.why == Why.TWO_READINGS
    assert found.offers == (("p_cat", "p_dog"), ("cat", "dog"), ("cat", "dog", "p_cat", "p_dog"))
    assert reading("cat,dog,p_cat,p_dog", "cat,dog,p_cat").rule == "exact"
    found = refusal(table("p_cat,p_dog,q_cat,q_dog", "1,2,3,4"), ["cat", "dog"])
    assert (found.why, found.offers) == (Why.SEVERAL_WRAPS, (("p_cat", "p_dog"), ("q_cat", "q_dog")))


def test_columns_that_are_not_in_class_order_are_not_counted() -> None:
    columns = table("World,Sports,Business,Sci/Tech", ".7,.1,.1,.1", ".1,.6,.2,.1")
    found = refusal(columns, ["0", "1"], by_index=True)
    assert (found.why, found.offers) == (Why.INDEX_ORDER, (("World", "Sports", "Business", "Sci/Tech"),))
    columns = table(",".join(f"p_{k}" for k in range(11)), ",".join(["0.5", "0.5"] + ["0"] * 9))
    assert settle(Question(columns, ["10"], by_index=True)).classes == tuple(str(k) for k in range(11))


def test_an_unnamed_column_and_one_alone_are_refused() -> None:
    assert refusal(table(",cat,dog", "0,.5,.5"), ["cat"]).why == Why.UNNAMED
    assert refusal(table("cat", ".5"), ["cat"]).why == Why.SINGLE


def test_the_rules_find_the_true_columns_of_random_tables_or_none() -> None:
    """Of 1,000 tables, where a reading is found it is the true one, or a column without labels is named."""
    found = 0
    for seed in range(1000):
        case = random_rule_case(seed)
        try:
            held = settle(question(case))
        except Refused:
            continue
        if case.by_index:
            continue
        found += 1
        columns = dict(zip(held.classes, held.columns, strict=True))
        assert {name: columns.get(name) for name in case.met} == {name: case.truth[name] for name in case.met}, seed
        more = [name for name in held.classes if columns[name] not in case.truth.values()]
        if case.logits:
            assert set(more) <= set(held.without_labels), seed
            assert set(case.truth.values()) <= set(columns.values()), seed
    assert found > 500


def test_random_tables_are_many_kinds() -> None:
    cases = [random_rule_case(seed) for seed in range(1000)]
    assert all(len(case.label_cells) >= 3 and len(case.truth) >= 2 for case in cases)
    assert {case.ending for case in cases} == {"csv", "parquet"}
    for kind in (
        [case.logits for case in cases],
        [case.by_index for case in cases],
        [case.labels is None for case in cases],
        [len(case.met) < len(case.truth) for case in cases],
        [bool(case.strays) for case in cases],
        [all(column != name for name, column in case.truth.items()) for case in cases],
        [any(cell.endswith(".0") for cell in case.label_cells) for case in cases],
        [any(char in column for column in case.predictions for char in ",='\"") for case in cases],
        ["--pred" in case.options for case in cases],
        ["--on" in case.options for case in cases],
    ):
        assert min(sum(kind), len(kind) - sum(kind)) >= 10, kind
    assert all(math.isfinite(case.loss) and case.loss > 0 for case in cases)
    for case in cases:
        if not case.logits:
            for row in zip(*(case.predictions[column].cells for column in case.truth.values()), strict=True):
                assert abs(math.fsum(map(float, row)) - 1) < 1e-12, case.seed


def test_shaped_tables_are_what_they_are_called() -> None:
    cases = {shape: [made(seed) for seed in range(100)] for shape, made in SHAPES.items()}
    assert all(len(case.label_cells) > 1000 for case in cases["long"])
    late = [set(case.label_cells) - set(case.label_cells[:1000]) for case in cases["long"]]
    assert sum(map(bool, late)) > 20, "a class whose labels begin after the first rows"
    assert {case.ending for case in cases["json"]} == {"jsonl"}
    assert all("--no-header" in case.options for case in cases["headless"])
    assert all(len(case.truth) == 1 for case in cases["single"])
    for shape, held in cases.items():
        for kind in ([case.labels is None for case in held], [bool(case.strays) for case in held]):
            assert 10 <= sum(kind) <= 90, (shape, kind)
