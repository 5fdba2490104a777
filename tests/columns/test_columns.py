"""Which column means what, and which class each label names: every sentence of the contract, on small files."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import DataError, UsageError, evaluate
from xentcli.errors import XentError
from xentcli.results.evaluation import EvalResult

P, Y = "p.csv", "y.csv"
ROW = {2: "0.75,0.25", 3: "0.5,0.25,0.25", 4: "0.4,0.3,0.2,0.1"}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def csv(path: str, header: str, *rows: str) -> str:
    Path(path).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def parquet(path: str, /, **columns: Any) -> str:
    pq.write_table(pa.table(columns), path)
    return path


def run(header: str, labels: Sequence[str], *rows: str, **options: Any) -> EvalResult:
    """Evaluate a CSV of predictions (equal rows unless given) against a CSV of labels, in every chunking."""
    rows = rows or (ROW[header.count(",") + 1],) * len(labels)
    csv(P, header, *rows)
    csv(Y, "label", *labels)
    return in_every_chunking(P, Y, **options)


def in_every_chunking(predictions: str, labels: str | None = None, **options: Any) -> EvalResult:
    result = evaluate(predictions, labels, **options)
    for chunk_rows, threads in ((1, 2), (3, 1)):
        other = evaluate(predictions, labels, **options, chunk_rows=chunk_rows, jobs=threads)
        assert figures(other) == figures(result), (chunk_rows, threads)
    return result


def figures(result: EvalResult) -> dict[str, Any]:
    """Return a result without `run` and without the paths."""
    held = result.to_dict()
    inputs = {key: value for key, value in held["inputs"].items() if key not in {"predictions", "labels"}}
    return {**{key: value for key, value in held.items() if key != "run"}, "inputs": inputs}


def unordered(result: EvalResult) -> dict[str, Any]:
    """Return a result without what the order of rows may change: where they stand, and their fingerprint."""
    held = figures(result)
    del held["inputs"]["rows_fingerprint"]
    for warning in held["warnings"]:
        del warning["first"]
    return held


def refusal(header: str, labels: Sequence[str], *rows: str, **options: Any) -> str:
    """Return the message with which the same is refused, in every chunking."""
    rows = rows or (ROW[header.count(",") + 1],) * len(labels)
    csv(P, header, *rows)
    csv(Y, "label", *labels)
    return refused(P, Y, **options)


def refused(predictions: str, labels: str | None = None, **options: Any) -> str:
    found = set()
    chunkings: tuple[dict[str, Any], ...] = ({}, {"chunk_rows": 1}, {"chunk_rows": 1, "jobs": 2}, {"chunk_rows": 3})
    for chunking in chunkings:
        with pytest.raises(XentError) as caught:
            evaluate(predictions, labels, **options, **chunking)
        found.add(str(caught.value))
    (message,) = found
    return message


def rule(result: EvalResult) -> tuple[tuple[str, ...], str]:
    return result.inputs.classes, result.inputs.name_rule


# Which column is the label.


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


# Prediction columns by default.


def test_columns_that_labels_have_are_no_predictions() -> None:
    csv(P, "id,cat,fold,dog", "7,0.75,1,0.25")
    csv(Y, "id,fold,label", "7,1,cat")
    assert rule(evaluate(P, Y)) == (("cat", "dog"), "exact")


def test_the_weight_is_no_prediction() -> None:
    csv(P, "cat,dog,w", "0.75,0.25,3")
    csv(Y, "label", "cat")
    assert evaluate(P, Y, weight="w").inputs.classes == ("cat", "dog")


def test_columns_that_share_a_prefix_when_the_others_do_not() -> None:
    for header in ("id,p_cat,p_dog", "p_cat,id,fold,p_dog", "id,p.cat,p.dog", "id,p cat,p dog", "id,p:cat,p:dog"):
        cells = ",".join("0.5" if name[:1] == "p" else "x" for name in header.split(","))
        csv(P, header, cells)
        csv(Y, "label", "cat")
        assert evaluate(P, Y).inputs.classes == ("cat", "dog")


def test_columns_that_share_a_suffix_when_the_others_do_not() -> None:
    csv(P, "id,cat_prob,dog_prob", "x,0.75,0.25")
    csv(Y, "label", "cat")
    assert rule(evaluate(P, Y)) == (("cat", "dog"), "suffix '_prob'")


def test_columns_of_letters_and_digits_when_the_others_are_not() -> None:
    csv(P, "id,p0,p1,p10", "x,0.5,0.25,0.25")
    csv(Y, "label", "10")
    assert rule(evaluate(P, Y)) == (("0", "1", "10"), "prefix 'p'")


def test_two_groups_that_share_a_prefix_are_all_predictions() -> None:
    csv(P, "p_a,p_b,q_a,q_b", ROW[4])
    csv(Y, "label", "q_a")
    assert evaluate(P, Y).inputs.classes == ("p_a", "p_b", "q_a", "q_b")


def test_a_csv_column_is_never_left_out_because_of_its_cells() -> None:
    csv(P, "note,cat,dog", "hello,0.75,0.25")
    csv(Y, "label", "cat")
    assert refused(P, Y) == (
        "p.csv, record 1 (line 2), column 'note': 'hello' is not a number\n  Other columns sum to 1 in every row.\n"
        "  Try --pred cat,dog"
    )


@pytest.mark.parametrize(
    ("array", "type_name"),
    [
        (pa.array(["x"]), "string"),
        (pa.array([datetime.date(2020, 1, 1)]), "date32[day]"),
        (pa.array(["x"]).dictionary_encode(), "dictionary<values=string, indices=int32, ordered=0>"),
    ],
)
def test_a_parquet_column_of_another_type_is_an_error(array: pa.Array, type_name: str) -> None:
    parquet("p.parquet", cat=[0.75], dog=[0.25], note=array)
    csv(Y, "label", "cat")
    assert refused("p.parquet", Y) == (
        f"p.parquet: column 'note' is of type {type_name}, not a prediction\n  Predictions are numbers.\n"
        "  The columns of p.parquet are 'cat', 'dog', 'note'.\n  Try --pred cat,dog"
    )
    assert evaluate("p.parquet", Y, pred=["cat", "dog"]).overall.rows == 1


def test_a_column_of_lists_beside_columns_of_numbers_is_an_error() -> None:
    parquet("p.parquet", cat=[0.75], dog=[0.25], note=[[0.5]])
    csv(Y, "label", "cat")
    assert refused("p.parquet", Y) == (
        "p.parquet: column 'note' is of type list<element: double>, beside other prediction columns\n"
        "  Predictions are one column of lists, or columns of numbers.\n"
        "  The columns of p.parquet are 'cat', 'dog', 'note'.\n  Try --pred cat,dog\n  or  --pred note"
    )


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, 0], pa.uint8()),
        pa.array([1, 0], pa.int64()),
        pa.array([True, False]),
        pa.array([1.0, 0.0], pa.float32()),
        pa.array(np.array([1.0, 0.0], np.float16)),
        pa.array([Decimal("1.0"), Decimal("0.0")]),
    ],
)
def test_parquet_numbers_of_any_type_are_predictions(array: pa.Array) -> None:
    parquet("p.parquet", cat=array, dog=[0.0, 1.0])
    csv(Y, "label", "cat", "dog")
    assert evaluate("p.parquet", Y).overall.loss == 0.0


INDEX_HINT = "is it an index?\n  If so write the file without it, or name the others."


def test_an_unnamed_first_column_is_an_error() -> None:
    csv(P, ",cat,dog", "0,0.75,0.25")
    csv(Y, "label", "cat")
    assert refused(P, Y) == (
        f"p.csv: column 1 has no name; {INDEX_HINT}\n  The columns of p.csv are '', 'cat', 'dog'.\n  Try --pred cat,dog"
    )
    assert evaluate(P, Y, pred=["cat", "dog"]).overall.rows == 1


def test_an_unnamed_last_column_of_text_is_an_error_that_asks_for_a_delimiter_at_the_end() -> None:
    csv(P, "cat,dog,", "0.75,0.25,")
    csv(Y, "label", "cat")
    assert refused(P, Y) == (
        "p.csv: column 3 has no name\n  Does a delimiter end its lines?\n  The columns of p.csv are 'cat', 'dog', ''.\n"
        "  Try --pred cat,dog"
    )


def test_an_index_that_pandas_wrote_is_an_error() -> None:
    parquet("p.parquet", cat=[0.75], dog=[0.25], __index_level_0__=[5])
    csv(Y, "label", "cat")
    assert refused("p.parquet", Y) == (
        f"p.parquet: column 3 has no name; {INDEX_HINT}\n"
        "  The columns of p.parquet are 'cat', 'dog', '__index_level_0__'.\n  Try --pred cat,dog"
    )


def test_no_prediction_column_left_is_an_error() -> None:
    csv(P, "label", "cat")
    assert refused(P) == (
        "p.csv: no column is left to be a prediction\n  Name the prediction columns with --pred.\n"
        "  The columns of p.csv are 'label'."
    )


def test_predictions_whose_columns_labels_all_have_are_a_copy_of_these() -> None:
    csv(P, "id", "1")
    csv(Y, "id,label", "1,cat")
    assert refused(P, Y) == (
        "p.csv: LABELS has every column that PREDICTIONS could have its predictions in: 'id'\n"
        "  Is this a copy of LABELS? If it holds predictions all the same, name them.\n"
        "  The columns of p.csv are 'id'.\n  Try --pred id"
    )


# --pred.


def test_pred_as_a_list_and_as_a_pattern() -> None:
    csv(P, "p_b,x,p_a,q_a", "0.75,9,0.25,7")
    csv(Y, "label", "b")
    results = [
        figures(in_every_chunking(P, Y, pred=pred)) for pred in ("p_*", ["p_*"], ["p_a", "p_b"], ["p_b", "p_a"], "p_?")
    ]
    assert all(result == results[0] for result in results)
    assert results[0]["inputs"]["classes"] == ["a", "b"]


def test_pred_pattern_that_is_a_column_is_that_column() -> None:
    csv(P, "p_*,p_a", "0.75,9")
    csv(Y, "label", "1")
    assert (
        evaluate(P, Y, pred="p_*", positive="1").overall.loss == evaluate(P, Y, pred=["p_*"], positive="1").overall.loss
    )


def test_pred_that_names_a_column_twice_is_an_error() -> None:
    csv(P, "p_a,p_b", ROW[2])
    csv(Y, "label", "a")
    assert refused(P, Y, pred=["p_*", "p_?"]) == "--pred names column 'p_a' twice"
    assert refused(P, Y, pred=["p_a", "p_a"]) == "--pred names 'p_a' twice"


def test_a_pattern_of_pred_passes_over_columns_that_are_named() -> None:
    csv(P, "p_b,p_a", ROW[2])
    csv(Y, "label", "a")
    assert figures(in_every_chunking(P, Y, pred=["p_a", "p_*"])) == figures(in_every_chunking(P, Y))


def test_pred_that_matches_nothing_is_an_error() -> None:
    csv(P, "p_a,p_b", ROW[2])
    csv(Y, "label", "a")
    assert refused(P, Y, pred="P_a") == (
        "p.csv: --pred names 'P_a', which is not a column\n  Did you mean 'p_a'?\n  The columns of p.csv are 'p_a', "
        "'p_b'."
    )


def test_pred_that_labels_have_too_is_taken_from_predictions() -> None:
    csv(P, "a,b", "0.75,0.25")
    csv(Y, "a,label", "0.5,a")
    assert rule(evaluate(P, Y, pred=["a", "b"])) == (("a", "b"), "exact")


# Names to classes.


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


# --classes.


def test_classes_as_a_list_in_the_order_of_the_columns() -> None:
    result = run("x,y,z", ["dog", "cat"], ROW[3], ROW[3], classes=["dog", "cat", "emu"])
    assert rule(result) == (("dog", "cat", "emu"), "--classes")
    assert [entry.label_probability for entry in result.classes] == [0.5, 0.25, None]


def test_classes_follow_pred() -> None:
    result = run("x,y,z", ["dog", "cat"], ROW[3], ROW[3], pred=["z", "x", "y"], classes=["emu", "dog", "cat"])
    assert [entry.label_probability for entry in result.classes] == [None, 0.5, 0.25]


def test_classes_from_a_file() -> None:
    from xentcli.cli.values import names_of

    for content in (b"dog\ncat\n", b"dog\ncat", b"dog\r\ncat\r\n", b"\xef\xbb\xbfdog\ncat\n"):
        Path("names.txt").write_bytes(content)
        assert names_of("--classes", "@names.txt") == ("dog", "cat")
    Path("names.txt").write_bytes(b"a,b\n c \n")
    assert names_of("--classes", "@names.txt") == ("a,b", " c ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"cat\n\ndog\n", "names.txt, line 2: --classes reads one name a line; this line is empty"),
        (b"", "names.txt, line 1: --classes reads one name a line; this line is empty"),
        (b"cat\ndog\ncat\n", "names.txt, line 3: --classes has 'cat' twice, first in line 1"),
        (b"cat\nd\xffg\n", "names.txt: --classes reads it, but it is not valid UTF-8"),
        (None, "names.txt: --classes cannot read it: No such file or directory"),
    ],
)
def test_files_of_classes_that_are_refused(content: bytes | None, message: str) -> None:
    from xentcli.cli.values import names_of

    if content is not None:
        Path("names.txt").write_bytes(content)
    with pytest.raises(DataError) as caught:
        names_of("--classes", "@names.txt")
    assert str(caught.value) == message


def test_a_list_of_classes_without_a_file_is_an_error() -> None:
    from xentcli.cli.values import names_of

    with pytest.raises(UsageError) as caught:
        names_of("--classes", "@")
    assert str(caught.value) == "--classes is '@'; the name of a file follows the @"


def test_repeats_in_a_file_of_classes_are_shown_escaped() -> None:
    from xentcli.cli.values import names_of

    Path("names.txt").write_bytes(b"\x1b[2J\n\x1b[2J\n")
    with pytest.raises(DataError) as caught:
        names_of("--classes", "@names.txt")
    assert str(caught.value) == r"names.txt, line 2: --classes has '\x1b[2J' twice, first in line 1"


WHICH = "\n  Say which is which with COL=CLASS, or which columns with --pred."
LEAVE_OUT = "  Leave --classes out if the names of the columns say which is which, or say it of each column."


@pytest.mark.parametrize(
    ("header", "classes", "message"),
    [
        ("x,y", ["a"], f"--classes names 1 class, but there are 2 prediction columns: 'x', 'y'{WHICH}"),
        ("x,y", ["a", "b", "c"], f"--classes names 3 classes, but there are 2 prediction columns: 'x', 'y'{WHICH}"),
        ("x,y", ["a", "a"], "--classes names 'a' twice"),
        ("x,y", ["a", ""], "--classes has an empty name"),
        (
            "cat,dog",
            ["dog", "cat"],
            "--classes gives the class of each prediction column in order, so column 'cat' would be 'dog'\n"
            f"{LEAVE_OUT}\n  Try --classes cat=cat,dog=dog\n  or  --classes cat=dog,dog=cat",
        ),
        (
            "p_cat,p_dog",
            ["dog", "cat"],
            "--classes gives the class of each prediction column in order, so column 'p_cat' would be 'dog'\n"
            f"{LEAVE_OUT}\n  Try --classes p_cat=cat,p_dog=dog\n  or  --classes p_cat=dog,p_dog=cat",
        ),
    ],
)
def test_classes_that_are_refused(header: str, classes: list[str], message: str) -> None:
    assert refusal(header, ["cat"], ROW[2], classes=classes) == message


def test_classes_with_one_prediction_column_are_an_error() -> None:
    assert refusal("p", ["a"], "0.5", classes=["a", "b"]) == (
        "--classes names the class of each of several prediction columns; there is one, 'p'\n  Say which class it "
        "speaks of "
        "with --positive, and the other with --negative."
    )


@pytest.mark.parametrize("options", [{}, {"classes": ["True", "true"], "pred": ["True", "true"]}])
def test_classes_that_differ_only_as_booleans_do_not_take_a_third_spelling(options: dict[str, Any]) -> None:
    """`TRUE` could be either of `True` and `true`; it is not silently one of them."""
    assert run("True,true", ["True", "true"], **options).classes[0].rows == 1
    message = refusal("True,true", ["TRUE"], **options)
    assert message.startswith(
        "y.csv, record 1 (line 2), column 'label': the label 'TRUE' is not a class; the classes are 'True', 'true'"
    )


# One prediction column.


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


# Text of values.


@pytest.mark.parametrize(
    "names", [("NA", "null"), ("None", "nan"), ("001", "1"), ("1", "1.0"), ("a", " a"), ("A", "a")]
)
def test_labels_are_compared_as_text(names: tuple[str, str]) -> None:
    result = run(",".join(names), names)
    assert sorted(entry.class_ for entry in result.classes if entry.rows == 1) == sorted(names)


@pytest.mark.parametrize("label", ["True", "TRUE", "true", "tRuE"])
@pytest.mark.parametrize("column", ["true", "True", "TRUE"])
def test_booleans_match_in_any_letter_case(label: str, column: str) -> None:
    result = run(f"{column},false", [label, "FALSE"])
    assert [entry.rows for entry in result.classes] == [1, 1]
    assert {entry.class_ for entry in result.classes} == {column, "false"}


TYPED: list[tuple[Any, tuple[str, str]]] = [
    (pa.array([0, 1, 1], pa.int8()), ("0", "1")),
    (pa.array([0, 1, 1], pa.uint16()), ("0", "1")),
    (pa.array([-1, 1, 1], pa.int64()), ("-1", "1")),
    (pa.array([70000, 1, 1], pa.int32()), ("70000", "1")),
    (pa.array([2**64 - 1, 2**53 + 1, 2**53 + 1], pa.uint64()), ("18446744073709551615", "9007199254740993")),
    (pa.array([-(2**63), 2**63 - 1, 2**63 - 1], pa.int64()), ("-9223372036854775808", "9223372036854775807")),
    (pa.array([False, True, True]), ("false", "true")),
    (pa.array([0.0, 1.0, 1.0]), ("0", "1")),
    (pa.array([-0.0, 1.0, 1.0]), ("0", "1")),
    (pa.array([-3.0, 2.0**53, 2.0**53]), ("-3", "9007199254740992")),
    (pa.array([0.0, 1.0, 1.0], pa.float32()), ("0", "1")),
    (pa.array(np.array([0.0, 1.0, 1.0], np.float16)), ("0", "1")),
    (pa.array([Decimal("0.00"), Decimal("1.00"), Decimal("1.00")]), ("0", "1")),
    (pa.array([datetime.date(2020, 1, 2)] + [datetime.date(1969, 12, 31)] * 2), ("2020-01-02", "1969-12-31")),
    (
        pa.array([datetime.date(2020, 1, 2)] + [datetime.date(1969, 12, 31)] * 2).cast(pa.date64()),
        ("2020-01-02", "1969-12-31"),
    ),
    (pa.array(["a", "b", "b"]), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.large_string()), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.string_view()), ("a", "b")),
    (pa.array(["a", "b", "b"]).dictionary_encode(), ("a", "b")),
    (pa.array(["a", "b", "b"], pa.large_string()).dictionary_encode(), ("a", "b")),
    (pa.array(["001", "1", "1"]), ("001", "1")),
    (pa.array(["NA", "null", "null"]), ("NA", "null")),
]


@pytest.mark.parametrize(("array", "names"), TYPED, ids=[f"{array.type}-{names[0]}" for array, names in TYPED])
@pytest.mark.parametrize("prefix", ["", "p_"])
def test_typed_labels_become_text(array: pa.Array, names: tuple[str, str], prefix: str) -> None:
    first, second = names
    parquet("p.parquet", **{prefix + first: [0.75, 0.25, 0.5], prefix + second: [0.25, 0.75, 0.5]})
    parquet("y.parquet", label=array)
    typed = in_every_chunking("p.parquet", "y.parquet")
    assert {entry.class_: entry.rows for entry in typed.classes} == {first: 1, second: 2}
    csv(Y, "label", first, second, second)
    assert figures(in_every_chunking("p.parquet", Y)) == figures(typed)


@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (pa.array([0.0, 0.5]), "0.5"),
        (pa.array([0.0, 2.0**53 + 2]), "9007199254740994.0"),
        (pa.array([0.0, float("inf")]), "inf"),
        (pa.array([0.0, 0.5], pa.float32()), "0.5"),
        (pa.array([Decimal("0.0"), Decimal("0.5")]), "0.5"),
    ],
)
def test_other_floats_as_labels_are_an_error(array: pa.Array, shown: str) -> None:
    parquet("p.parquet", p_0=[0.75, 0.25], p_1=[0.25, 0.75])
    parquet("y.parquet", label=array)
    assert refused("p.parquet", "y.parquet").startswith(
        f"y.parquet, record 2, column 'label': the label is {shown}, not a whole number up to 2^53; labels are names "
        f"or "
        "whole numbers"
    )


@pytest.mark.parametrize(
    ("array", "type_name"),
    [
        (pa.array([b"ab"], type=pa.binary(2)), "fixed_size_binary[2]"),
        (pa.array([datetime.datetime(2020, 1, 1)]), "timestamp[us]"),
        (pa.array([["a", "b"]]), "list<element: string>"),
        (pa.array([{"a": 1}]), "struct<a: int64>"),
        (pa.array([datetime.time(1)]), "time64[us]"),
    ],
)
def test_labels_of_other_types_are_an_error(array: pa.Array, type_name: str) -> None:
    csv(P, "a,b", ROW[2])
    parquet("y.parquet", label=array)
    assert refused(P, "y.parquet") == (
        f"y.parquet: the label column 'label' is of type {type_name}\n  Labels are text, whole numbers, booleans or "
        f"dates.\n"
        "  The columns of y.parquet are 'label'."
    )


@pytest.mark.parametrize("label", ["1.0", "01", "+1", "1e0"])
def test_a_number_spelled_otherwise_is_an_error_with_the_hint(label: str) -> None:
    assert refusal("0,1", ["0", label]) == (
        f"y.csv, record 2 (line 3), column 'label': the label '{label}' is not a class; the classes are '0', '1'\n  1 "
        f"label "
        f"would match "
        "as a number. Labels are compared as they stand: change the file, or name the classes with --classes.\n"
        f"  Try --classes 0=0,1={label}"
    )


def test_matches_that_changes_would_make_are_counted() -> None:
    """Each label once, under the least change."""
    assert refusal("cat,dog", ["Cat", "CAT", " dog", "emu"], *[ROW[2]] * 4) == (
        "y.csv, record 1 (line 2), column 'label': the label 'Cat' is not a class; the classes are 'cat', 'dog'\n  1 "
        "label "
        "would match "
        "without the spaces around it; 2 labels would match in other letter case. Labels are compared as they stand: "
        "change "
        "the file, or name the classes with --classes.\n  4 labels are no class:\n  'Cat', first in record 1\n  'CAT', "
        "first "
        "in record 2\n  ' dog', first in record 3\n  'emu', first in record 4"
    )


# --label-kind.


def test_labels_as_names_by_default() -> None:
    for kind in ("auto", "name"):
        assert run("10,2", ["10", "2"], label_kind=kind).inputs.label_kind == "name"
        assert [entry.rows for entry in run("10,2", ["10"], label_kind=kind).classes] == [0, 1]


def test_labels_as_indices_count_from_0_in_the_order_of_the_columns() -> None:
    result = run("ant,cat,dog", ["0", "0", "2"], *["0.375,0.125,0.5"] * 3, label_kind="index")
    assert (result.inputs.classes, result.inputs.label_kind, result.inputs.name_rule) == (
        ("ant", "cat", "dog"),
        "index",
        "index",
    )
    assert [entry.label_probability for entry in result.classes] == [0.375, None, 0.5]


def test_indices_of_columns_in_another_order_than_their_classes_are_an_error_with_both_orders() -> None:
    rows = ["0.5,0.125,0.375"] * 3
    assert refusal("dog,cat,ant", ["0", "0", "2"], *rows, label_kind="index") == (
        "p.csv: labels are indices, but the columns stand in another order than their classes: the columns are 'dog', "
        "'cat', 'ant', and in order 'ant', 'cat', 'dog'\n  Which order do the indices count in?\n"
        "  The columns of p.csv are 'dog', 'cat', 'ant'.\n"
        "  Try --classes dog,cat,ant\n  or  --classes ant=ant,cat=cat,dog=dog"
    )
    given: dict[str, Any] = {"label_kind": "index"}
    by_place = run("dog,cat,ant", ["0", "0", "2"], *rows, classes=["dog", "cat", "ant"], **given)
    assert [entry.label_probability for entry in by_place.classes] == [0.5, None, 0.375]
    by_class = run("dog,cat,ant", ["0", "0", "2"], *rows, classes=["ant=ant", "cat=cat", "dog=dog"], **given)
    assert [entry.label_probability for entry in by_class.classes] == [0.375, None, 0.5]


def test_labels_as_indices_count_in_the_order_of_classes() -> None:
    result = run("x,y,z", ["0", "2"], ROW[3], ROW[3], label_kind="index", classes=["c", "b", "a"])
    assert [(entry.class_, entry.rows) for entry in result.classes] == [("c", 1), ("b", 0), ("a", 1)]


def test_labels_as_indices_into_numbered_columns() -> None:
    header = ",".join(f"p_{k}" for k in range(11))
    rows = [",".join(["0"] * k + ["1"] + ["0"] * (10 - k)) for k in (2, 10)]
    assert run(header, ["2", "10"], *rows, label_kind="index").overall.loss == 0.0


def test_typed_labels_as_indices() -> None:
    parquet("p.parquet", cat=[0.75, 0.25], dog=[0.25, 0.75])
    for array in (pa.array([0, 1]), pa.array([0.0, 1.0])):
        parquet("y.parquet", label=array)
        assert evaluate("p.parquet", "y.parquet", label_kind="index").inputs.classes == ("cat", "dog")


def test_labels_as_indices_with_one_column() -> None:
    result = run("p_sick", ["0", "1"], "0.25", "0.75", label_kind="index")
    assert [entry.label_probability for entry in result.classes] == [0.75, 0.75]


@pytest.mark.parametrize("label", ["2", "-1", "00", "+0", "cat"])
def test_labels_that_are_no_index_are_an_error(label: str) -> None:
    assert refusal("cat,dog", ["0", label], label_kind="index").startswith(
        f"y.csv, record 2 (line 3), column 'label': the label '{label}' is not the index of a class; those are 0 to 1"
    )


# The order check.


@pytest.mark.parametrize(
    ("mine", "yours"),
    [
        (pa.array([7, 8]), pa.array([7, 8], pa.int32())),
        (pa.array([7, 8]), pa.array(["7", "8"])),
        (pa.array(["a", "b"]), pa.array(["a", "b"], pa.large_string())),
        (pa.array(["a", "b"]).dictionary_encode(), pa.array(["a", "b"])),
        (pa.array(["a", "b"], pa.string_view()), pa.array(["a", "b"])),
        (pa.array([datetime.date(2020, 1, 1)] * 2), pa.array(["2020-01-01"] * 2)),
        (pa.array([datetime.date(2020, 1, 1)] * 2), pa.array([datetime.date(2020, 1, 1)] * 2).cast(pa.date64())),
        (pa.array([2**64 - 1, 0], pa.uint64()), pa.array(["18446744073709551615", "0"])),
    ],
)
def test_shared_columns_are_compared_by_their_text(mine: pa.Array, yours: pa.Array) -> None:
    csv(Y, "label", "a", "b")
    plain = figures(evaluate(parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75]), Y))
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], key=mine)
    parquet("y.parquet", key=yours, label=["a", "b"])
    assert figures(in_every_chunking("p.parquet", "y.parquet")) == plain


@pytest.mark.parametrize(
    ("mine", "yours", "first", "second"),
    [
        (pa.array([7, 8]), pa.array([7, 9], pa.int32()), "8", "9"),
        (pa.array([7, 8]), pa.array(["7", "08"]), "8", "08"),
        (pa.array(["a", "b"]), pa.array(["a", "c"]), "b", "c"),
        (pa.array(["a", ""]), pa.array(["a", "c"]), "", "c"),
        (pa.array(["é", "é"]), pa.array(["é", "e\u0301"]), "é", "e\u0301"),
    ],
)
def test_one_difference_in_a_shared_column_is_an_error(
    mine: pa.Array, yours: pa.Array, first: str, second: str
) -> None:
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], key=mine)
    parquet("y.parquet", key=yours, label=["a", "b"])
    assert refused("p.parquet", "y.parquet") == (
        f"p.parquet, record 2, column 'key': the rows are not in the same order: it is '{first}' here and '{second}' "
        "in 'y.parquet'\n  Is it a key, or does it mean something else in each?\n"
        "  Try --on key\n  or  --no-order-check"
    )
    assert evaluate("p.parquet", "y.parquet", order_check=False).overall.rows == 2


def test_columns_that_options_name_are_not_compared() -> None:
    csv(P, "a,b,w", "0.75,0.25,1", "0.25,0.75,2")
    csv(Y, "label,w", "a,5", "b,6")
    assert evaluate(P, Y, weight="labels:w").overall.weight == 11.0
    csv(Y, "label,a", "a,0.1", "b,0.2")
    assert evaluate(P, Y, pred=["a", "b"]).overall.rows == 2


def test_shared_floats_are_not_compared() -> None:
    parquet("p.parquet", a=[0.75, 0.25], b=[0.25, 0.75], s=[0.1, 0.2])
    parquet("y.parquet", s=[0.1, 0.3], label=["a", "b"])
    assert evaluate("p.parquet", "y.parquet").overall.rows == 2


def test_the_lowest_record_of_several_shared_columns_is_told() -> None:
    csv(P, "i,j,a,b", "1,1,0.75,0.25", "2,2,0.75,0.25", "3,3,0.75,0.25")
    csv(Y, "i,j,label", "1,1,a", "2,9,a", "9,3,a")
    assert refused(P, Y).startswith(
        "p.csv, record 2 (line 3), column 'j': the rows are not in the same order: it is '2' here and '9'"
    )


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


def test_csv_and_parquet_are_the_same_table() -> None:
    rows = [(0.75, 0.25, "a", 1), (0.5, 0.5, "b", 2), (0.125, 0.875, "b", 3)]
    csv(P, "p_a,p_b,label,w", *(",".join(map(str, row)) for row in rows))
    a, b, label, w = zip(*rows, strict=True)
    parquet("p.parquet", p_a=a, p_b=b, label=label, w=w)
    first, second = (figures(in_every_chunking(path, weight="w")) for path in (P, "p.parquet"))
    assert first == second
