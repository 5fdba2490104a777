"""Which class a column's name stands for, and the order of classes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from small_tables import P, Y, csv, figures, in_every_chunking, refusal, rule, run, unordered

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("header", "label", "classes", "name"),
    [
        ("cat,dog", "cat", ("cat", "dog"), "exact"),
        ("p_cat,p_dog", "p_cat", ("p_cat", "p_dog"), "exact"),
        ("p_cat,p_dog", "cat", ("cat", "dog"), "prefix 'p_'"),
        ("prob_a_x,prob_a_y", "y", ("x", "y"), "prefix 'prob_a_'"),
        ("p-cat,p-dog", "cat", ("cat", "dog"), "prefix 'p-'"),
        ("p.cat,p.dog", "cat", ("cat", "dog"), "prefix 'p.'"),
        ("p:cat,p:dog", "cat", ("cat", "dog"), "prefix 'p:'"),
        ("p/cat,p/dog", "cat", ("cat", "dog"), "prefix 'p/'"),
        ("p cat,p dog", "cat", ("cat", "dog"), "prefix 'p '"),
        ("p0,p1", "1", ("0", "1"), "prefix 'p'"),
        ("class01,class02", "01", ("01", "02"), "prefix 'class'"),
        ("p_c1,p_c2", "c1", ("c1", "c2"), "prefix 'p_'"),
        ("p_c1,p_c2", "2", ("1", "2"), "prefix 'p_c'"),
        ("cat_prob,dog_prob", "cat", ("cat", "dog"), "suffix '_prob'"),
        ("cat (p),dog (p)", "cat", ("cat", "dog"), "suffix ' (p)'"),
        ("0p,1p", "1", ("0", "1"), "suffix 'p'"),
        ("cat,cat_2", "cat", ("cat", "cat_2"), "exact"),
        ("p_cat,p_cat_2,p_c", "cat", ("c", "cat", "cat_2"), "prefix 'p_'"),
        ("new_york,new_jersey", "new_york", ("new_jersey", "new_york"), "exact"),
        ("pré_é,pré_è", "é", ("è", "é"), "prefix 'pré_'"),
    ],
)
def test_names_become_classes(header: str, label: str, classes: tuple[str, ...], name: str) -> None:
    assert rule(run(header, [label])) == (classes, name)


@pytest.mark.parametrize("labels", [("a", "p_b"), ("p_b", "a")])
def test_one_rule_goes_for_every_label(labels: tuple[str, str]) -> None:
    """Whichever comes first: the names as they are go before a wrap, where as many labels fit."""
    record = 1 + labels.index("a")
    assert refusal("p_a,p_b", labels) == (
        f"y.csv, record {record} (line {record + 1}), column 'label': the label 'a' is not a class; the classes are "
        "'p_a', 'p_b'\n  Is this the label column? See --label, or name the classes with --classes."
    )


def test_a_prefix_that_leaves_an_empty_name_is_not_stripped() -> None:
    assert refusal("p_,p_a", ["a"]).startswith(
        "y.csv, record 1 (line 2), column 'label': the label 'a' is not a class; the classes are 'p_', 'p_a'"
    )


def test_two_rules_that_fit_are_an_error() -> None:
    assert refusal("x_x_b_x,x_b_x_x", ["x_b_x", "x_b_x"]) == (
        "p.csv: the labels fit the prediction columns in 2 ways: prefix 'x_' ('x_x_b_x', 'x_b_x_x') and suffix '_x' "
        "('x_x_b_x', 'x_b_x_x')\n  Which of them are the predictions?\n"
        "  The columns of p.csv are 'x_x_b_x', 'x_b_x_x'.\n"
        "  Try --classes x_x_b_x=x_b_x,x_b_x_x=b_x_x\n  or  --classes x_x_b_x=x_x_b,x_b_x_x=x_b_x"
    )


def test_unknown_labels_are_an_error_with_the_first_five() -> None:
    labels = ["a", "v", "w", "v", "x", "y", "z", "zz", "b"]
    assert refusal("p_a,p_b", labels) == (
        "y.csv, record 2 (line 3), column 'label': the label 'v' is not a class; the classes are 'a', 'b'\n  Is this "
        "the label "
        "column? "
        "See --label, or name the classes with --classes.\n  5 or more labels are no class:\n  'v', first in record "
        "2\n  'w', "
        "first in record 3\n  'x', first in record 5\n  'y', first in record 6\n  'z', first in record 7"
    )


LATE = [
    # Columns, rows of labels: the first ones fit more rules than the last.
    ("a_a_b,a_b", ("a_b", "a_b", "b")),
    ("a_a_b,a_b", ("a_b", "a_a_b", "a_b")),
    ("p_c1,p_c2", ("c1", "c2", "c1")),
    ("x_x_b_x,x_b_x_x", ("x_b_x", "x_b_x", "b_x_x")),
    ("x_x_b_x,x_b_x_x", ("x_b_x", "x_b_x", "x_x_b")),
    # Both rules give 'a_a' the same place and the same column, but the other two change places.
    ("a_1-1_a,a_1-1-_a,a_a_a", ("a_a", "a_a", "a_1-1")),
    ("a_1-1_a,a_1-1-_a,a_a_a", ("a_a", "a_a", "1-1_a")),
]


@pytest.mark.parametrize(("header", "labels"), LATE)
def test_a_later_label_may_change_the_rule(header: str, labels: tuple[str, ...]) -> None:
    """Row by row or at once, and in any order of the rows, the same rule and the same figures."""
    cells = {2: ("0.75,0.25", "0.5,0.5", "0.125,0.875"), 3: ("0.5,0.125,0.375", "0.25,0.5,0.25", "0.75,0,0.25")}
    rows = list(zip(cells[header.count(",") + 1], labels, strict=True))
    results = []
    for order in itertools.permutations(rows):
        result = run(header, [label for _, label in order], *(row for row, _ in order))
        results.append(unordered(result))
    assert all(result == results[0] for result in results)


def test_a_later_label_may_change_the_rule_with_one_column() -> None:
    rows = [("0.75", "no"), ("0.5", "no"), ("0.25", "yes")]
    results = [
        unordered(run("p_no", [label for _, label in order], *(row for row, _ in order)))
        for order in itertools.permutations(rows)
    ]
    assert all(result == results[0] for result in results)
    assert results[0]["inputs"]["classes"] == ["yes", "no"]


# Class order.


def test_permuted_columns_are_the_same_result() -> None:
    names = ["p_b", "p_a", "p_10", "p_9"]
    rows = [[0.5, 0.25, 0.125, 0.125], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]]
    results = []
    for order in itertools.permutations(range(4)):
        lines = [",".join(repr(row[k]) for k in order) for row in rows]
        results.append(figures(run(",".join(names[k] for k in order), ["a", "9", "b"], *lines)))
    assert all(result == results[0] for result in results)
    assert results[0]["inputs"]["classes"] == ["10", "9", "a", "b"]


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (("10", "9", "1"), ("1", "9", "10")),
        (("-1", "1", "0"), ("-1", "0", "1")),
        (("b", "a", "B"), ("B", "a", "b")),
        (("10", "9", "x"), ("10", "9", "x")),
        (("é", "z", "a"), ("a", "z", "é")),
        (("\U0001f600", "\ufb01", "a"), ("a", "\ufb01", "\U0001f600")),
        (("18446744073709551616", "18446744073709551615", "2"), ("2", "18446744073709551615", "18446744073709551616")),
    ],
)
def test_class_order(names: tuple[str, ...], ordered: tuple[str, ...]) -> None:
    """As integers if all are, otherwise by UTF-8 bytes."""
    assert run(",".join(names), [names[0]]).inputs.classes == ordered


@pytest.mark.parametrize(
    ("header", "options", "positive"),
    [
        ("0,1", {}, "1"),
        ("1,2", {}, "1"),
        ("-1,1", {}, "1"),
        ("true,false", {}, "true"),
        ("True,False", {}, "True"),
        ("no,yes", {}, "yes"),
        ("cat,dog", {}, "dog"),
        ("cat,dog", {"positive": "cat"}, "cat"),
        ("cat,dog", {"negative": "dog"}, "cat"),
        ("cat,dog", {"positive": "cat", "negative": "dog"}, "cat"),
        ("0,1", {"positive": "0"}, "0"),
    ],
)
def test_positive_class_of_two_columns(header: str, options: dict[str, str], positive: str) -> None:
    result = run(header, [header.split(",", maxsplit=1)[0]], **options)
    assert (result.settings.positive, result.inputs.task) == (positive, "binary")
    assert result.inputs.classes == tuple(sorted(header.split(",")))


@pytest.mark.parametrize("options", [{"positive": "cat"}, {"negative": "dog"}, {"positive": "cat", "negative": "dog"}])
def test_positive_is_a_class_and_not_a_column(options: dict[str, str]) -> None:
    result = run("p_cat,p_dog", ["cat", "dog"], **options)
    assert result.settings.positive == "cat"


def test_positive_of_index_labels() -> None:
    assert run("cat,dog", ["0", "1"], label_kind="index", positive="cat").settings.positive == "cat"
    assert run("p_cat,p_dog", ["0", "1"], label_kind="index", positive="cat").settings.positive == "cat"


def test_positive_that_is_no_class_is_an_error() -> None:
    assert refusal("cat,dog", ["cat"], positive="emu") == "--positive is 'emu', but the classes are 'cat', 'dog'"
    assert refusal("p_cat,p_dog", ["cat"], positive="emu") == "--positive is 'emu', but the classes are 'cat', 'dog'"
    assert refusal("cat,dog", ["cat"], negative="emu") == "--negative is 'emu', but the classes are 'cat', 'dog'"


def test_positive_of_three_classes_is_an_error() -> None:
    assert refusal("a,b,c", ["a"], positive="a") == "--positive is for two classes; there are 3 prediction columns"
    assert refusal("a,b,c", ["a"], negative="a") == "--negative is for two classes; there are 3 prediction columns"


@pytest.mark.parametrize(("positive", "negative"), [("a", "a"), ("True", "true"), ("FALSE", "false")])
def test_positive_and_negative_are_two_classes(positive: str, negative: str) -> None:
    message = refusal("p", ["a"], "0.5", positive=positive, negative=negative)
    assert message.startswith("--positive and --negative are both ")


# Odd tables.


def test_200_classes() -> None:
    names = [f"class {k}" for k in range(200)]
    csv(P, ",".join(names), *(",".join("1" if k == row else "0" for k in range(200)) for row in (0, 199, 100)))
    csv(Y, "label", "0", "199", "100")
    result = in_every_chunking(P, Y)
    assert result.overall.loss == 0.0
    assert result.inputs.classes == tuple(str(k) for k in range(200))


def test_two_columns_called_0_and_1() -> None:
    result = run("1,0", ["0", "1"], "0.25,0.75", "0.5,0.5")
    assert (result.inputs.classes, result.settings.positive) == (("0", "1"), "1")
    assert [entry.label_probability for entry in result.classes] == [0.75, 0.5]


def test_names_in_any_script() -> None:
    assert run("p_漢字,p_かな", ["漢字"]).inputs.classes == ("かな", "漢字")


def test_names_that_need_quotes() -> None:
    csv(P, '"p_a,b","p_c""d"', "0.75,0.25")
    csv(Y, "label", '"c""d"')
    assert evaluate(P, Y).inputs.classes == ("a,b", 'c"d')
