"""Which columns are predictions, by default and with --pred."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from small_tables import ROW, P, Y, csv, figures, in_every_chunking, parquet, refused, rule

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


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


def test_csv_and_parquet_are_the_same_table() -> None:
    rows = [(0.75, 0.25, "a", 1), (0.5, 0.5, "b", 2), (0.125, 0.875, "b", 3)]
    csv(P, "p_a,p_b,label,w", *(",".join(map(str, row)) for row in rows))
    a, b, label, w = zip(*rows, strict=True)
    parquet("p.parquet", p_a=a, p_b=b, label=label, w=w)
    first, second = (figures(in_every_chunking(path, weight="w")) for path in (P, "p.parquet"))
    assert first == second
