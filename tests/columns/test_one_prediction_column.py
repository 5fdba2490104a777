"""One prediction column: which class it speaks of, and which is the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_tables import refusal, rule, run, unordered


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("header", "labels", "classes", "name"),
    [
        ("p_malignant", ("benign", "malignant"), ("benign", "malignant"), "column name"),
        ("p_benign", ("benign", "malignant"), ("malignant", "benign"), "column name"),
        ("malignant", ("benign", "malignant"), ("benign", "malignant"), "column name"),
        ("p.x-malignant", ("benign", "malignant"), ("benign", "malignant"), "column name"),
        ("p", ("0", "1"), ("0", "1"), "1 or true"),
        ("score", ("1", "0"), ("0", "1"), "1 or true"),
        ("p", ("-1", "1"), ("-1", "1"), "1 or true"),
        ("p", ("false", "true"), ("false", "true"), "1 or true"),
        ("p", ("TRUE", "False"), ("false", "true"), "1 or true"),
        ("p_1", ("0", "1"), ("0", "1"), "column name"),
        ("p_1", ("1", "2"), ("2", "1"), "column name"),
        ("p_2", ("1", "2"), ("1", "2"), "column name"),
        ("1", ("0", "1"), ("0", "1"), "column name"),
        ("p_TRUE", ("false", "true"), ("false", "true"), "column name"),
    ],
)
def test_what_one_column_speaks_of(header: str, labels: tuple[str, str], classes: tuple[str, str], name: str) -> None:
    result = run(header, labels, "0.75", "0.25")
    assert rule(result) == (classes, name)
    assert (result.settings.positive, result.inputs.task) == (classes[1], "binary")
    assert unordered(run(header, labels[::-1], "0.25", "0.75")) == unordered(result)
    folded = [label.lower() if label.lower() in {"true", "false"} else label for label in labels]
    positive = dict(zip(folded, (0.75, 0.25), strict=True))[classes[1]]
    assert result.classes[1].label_probability == positive


@pytest.mark.parametrize(
    ("options", "classes"),
    [
        ({"positive": "yes"}, ("no", "yes")),
        ({"positive": "no"}, ("yes", "no")),
        ({"negative": "no"}, ("no", "yes")),
        ({"positive": "yes", "negative": "no"}, ("no", "yes")),
    ],
)
def test_positive_and_negative_of_one_column(options: dict[str, str], classes: tuple[str, str]) -> None:
    assert run("p", ["no", "yes", "no"], "0.75", "0.25", "0.5", **options).inputs.classes == classes


def test_positive_goes_before_the_name_and_before_1() -> None:
    assert run("p_1", ["0", "1"], "0.75", "0.25", positive="0").inputs.classes == ("1", "0")
    assert run("p_0", ["0", "1"], "0.75", "0.25", positive="0").inputs.classes == ("1", "0")
    assert run("p_0", ["0", "1"], "0.75", "0.25", positive="1").inputs.classes == ("0", "1")


@pytest.mark.parametrize(
    ("header", "labels", "options", "classes"),
    [
        ("p_malignant", ["malignant"], {}, ("not malignant", "malignant")),
        ("p", ["1"], {}, ("not 1", "1")),
        ("p", ["yes"], {"positive": "yes"}, ("not yes", "yes")),
        ("p", ["no"], {"positive": "yes"}, ("no", "yes")),
        ("p", ["yes"], {"positive": "yes", "negative": "no"}, ("no", "yes")),
        ("p", ["no"], {"negative": "no"}, ("no", "not no")),
    ],
)
def test_a_class_that_is_not_met(
    header: str, labels: list[str], options: dict[str, str], classes: tuple[str, str]
) -> None:
    assert run(header, labels, "0.75", **options).inputs.classes == classes


def test_a_third_label_is_an_error() -> None:
    for options in ({}, {"positive": "1"}, {"negative": "0"}):
        assert refusal("p", ["0", "1", "2"], "0.5", "0.5", "0.5", **options).startswith(
            "y.csv, record 3 (line 4), column 'label': the label '2' is not a class; the classes are '0', '1'"
        )
    assert refusal("p", ["b"], "0.5", positive="c", negative="a").startswith(
        "y.csv, record 1 (line 2), column 'label': the label 'b' is not a class; the classes are 'a', 'c'"
    )


def test_a_name_that_contradicts_the_labels_is_an_error() -> None:
    """The first labels are known before any is scored, so that it is told of the first row."""
    message = (
        "y.csv, record 1 (line 2), column 'label': the prediction column 'p_0' seems to speak of '0', but with labels "
        "0 and 1 a single column speaks of 1\n  Which is it?\n  Try --positive 0\n  or  --positive 1"
    )
    assert refusal("p_0", ["1", "0"], "0.5", "0.5") == message
    assert refusal("p_0", ["0", "0", "1"], "0.5", "0.5", "0.5") == message


def test_a_column_that_looks_reversed_is_warned_about() -> None:
    result = run("p", ["1", "0"], "0.25", "0.75")
    warning = next(warning for warning in result.warnings if warning.code == "reversed_column")
    assert warning.message == (
        "the probability of '1' is lower where the label is '1' (mean 0.25) than where it is not (0.75): the column "
        "looks "
        "reversed. See --positive."
    )
    assert "reversed_column" not in {warning.code for warning in run("p", ["1", "0"], "0.75", "0.25").warnings}
