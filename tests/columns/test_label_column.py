"""Which column is the label: every sentence of the contract, on small files."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_tables import ROW, P, Y, csv, figures, in_every_chunking, refused, rule

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_only_column_of_labels_is_the_label() -> None:
    csv(P, "cat,dog", ROW[2])
    csv(Y, "whatever", "cat")
    assert evaluate(P, Y).overall.rows == 1


def test_the_only_column_that_predictions_lack_is_the_label() -> None:
    csv(P, "id,cat,dog", "7,0.75,0.25")
    csv(Y, "id,whatever", "7,cat")
    assert rule(evaluate(P, Y)) == (("cat", "dog"), "exact")


def test_a_usual_name_is_the_label_where_several_columns_are_left() -> None:
    csv(P, "cat,dog", ROW[2])
    for name in ("label", "target", "class", "y_true", "y"):
        csv(Y, f"source,{name},split", "a,cat,b")
        assert evaluate(P, Y).overall.rows == 1


def test_the_weight_is_not_left_over() -> None:
    csv(P, "cat,dog", ROW[2])
    csv(Y, "truth,w", "cat,2")
    assert evaluate(P, Y, weight="w").overall.weight == 2.0


def test_two_usual_names_are_an_error() -> None:
    csv(P, "cat,dog", ROW[2])
    csv(Y, "y,label", "cat,dog")
    assert refused(P, Y) == (
        "y.csv: which column is the label: 'label', 'y'?\n  The columns of y.csv are 'y', 'label'.\n"
        "  Try --label label\n  or  --label y"
    )


def test_no_usual_name_is_an_error() -> None:
    csv(P, "cat,dog", ROW[2])
    csv(Y, "a,b", "cat,dog")
    assert refused(P, Y) == (
        "y.csv: which column is the label: 'a', 'b'?\n  The columns of y.csv are 'a', 'b'.\n"
        "  Try --label a\n  or  --label b"
    )


def test_label_in_the_same_file() -> None:
    csv(P, "cat,dog,label", "0.75,0.25,cat")
    assert rule(in_every_chunking(P)) == (("cat", "dog"), "exact")
    csv(P, "cat,dog,kind", "0.75,0.25,cat")
    assert rule(in_every_chunking(P, label="kind")) == (("cat", "dog"), "exact")
    assert refused(P) == (
        "p.csv: there is no label column: none is called 'label', 'target', 'class', 'y_true', 'y'\n"
        "  Give the labels in a second file, or name their column.\n"
        "  The columns of p.csv are 'cat', 'dog', 'kind'.\n  Try --label kind"
    )


def test_label_that_both_inputs_have_is_taken_from_labels() -> None:
    csv(P, "cat,dog,label", "0.75,0.25,dog")
    csv(Y, "label", "cat")
    assert evaluate(P, Y, label="label", pred=["cat", "dog"]).classes[0].rows == 1
    assert evaluate(P, Y, label="predictions:label", pred=["cat", "dog"]).classes[1].rows == 1
    assert evaluate(P, Y, label="labels:label", pred=["cat", "dog"]).classes[0].rows == 1


def test_a_column_called_as_the_label_is_no_prediction_unless_pred_says_so() -> None:
    csv(P, "cat,dog,label", "0.75,0.25,dog")
    csv(Y, "label", "cat")
    assert rule(in_every_chunking(P, Y)) == (("cat", "dog"), "exact")
    assert refused(P, Y, pred=["cat", "dog", "label"]) == (
        "p.csv, record 1 (line 2), column 'label': 'dog' is not a number\n  Other columns sum to 1 in every row.\n"
        "  Try --pred cat,dog"
    )


def test_a_class_called_as_the_label_column_is_a_class_where_pred_names_it() -> None:
    csv(P, "a,b,label", ROW[3])
    csv(Y, "id,label", "1,label")
    found = in_every_chunking(P, Y, label="label", pred=["a", "b", "label"])
    assert found.inputs.classes == ("a", "b", "label")


def test_a_usual_name_that_predictions_have_too_does_not_make_another_column_the_label() -> None:
    """Row numbers would be read as the labels of digits."""
    csv(P, "0,1,2,label", "0.5,0.25,0.25,2", "0.5,0.25,0.25,2")
    csv(Y, "id,label", "0,2", "1,2")
    assert refused(P, Y) == (
        "y.csv: which column is the label: 'id', 'label'?\n  The columns of y.csv are 'id', 'label'.\n"
        "  Try --label label\n  or  --label id"
    )


def test_label_in_predictions_although_labels_are_given() -> None:
    for header, names in (("cat,dog,kind", ("cat", "dog")), ("p_cat,p_dog,p_kind", ("cat", "dog"))):
        csv(P, header, "0.75,0.25,cat")
        csv(Y, "id", "1")
        assert evaluate(P, Y, label=header.split(",")[2]).inputs.classes == names


def test_label_that_is_a_prediction_column_is_an_error() -> None:
    csv(P, "cat,dog,label", "0.75,0.25,cat")
    message = "column 'label' is the label; it cannot be a prediction column too"
    assert refused(P, pred=["cat", "dog", "label"]) == message
    assert refused(P, pred=["*", "label"]) == message


def test_patterns_pass_over_the_label() -> None:
    csv(P, "cat,dog,label", "0.75,0.25,cat")
    assert figures(in_every_chunking(P, pred="*")) == figures(in_every_chunking(P))
