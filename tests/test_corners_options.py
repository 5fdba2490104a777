"""Options that meet where they seldom do: each is in force, or refused, and chunks change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evaluated import same_every_run, same_everywhere

import xentcli.alignment.batch_maker
import xentcli.state.class_pairs
from xentcli import XentError, evaluate


def text(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content)
    return str(folder / name)


def parquet(folder: Path, name: str, table: dict[str, Any]) -> str:
    pq.write_table(pa.table(table), folder / name)
    return str(folder / name)


def refusal(*paths: str, **options: Any) -> str:
    said = set()
    for chunk in (1, 2, None):
        with pytest.raises(XentError) as caught:
            evaluate(*paths, chunk_rows=chunk, **options)
        said.add(str(caught.value))
    (message,) = said
    return message


@pytest.mark.parametrize(
    ("column", "options", "message"),
    [
        ("p", {"positive": "0"}, "--positive is '0', but with --label-kind index a single column speaks of class 1"),
        ("p", {"negative": "1"}, "--negative is '1', but with --label-kind index a single column speaks of class 1"),
        ("p_0", {}, "the prediction column 'p_0' seems to speak of '0', but with --label-kind index a single column"),
    ],
)
def test_indices_do_not_say_that_a_single_column_speaks_of_class_0(
    column: str, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = text(tmp_path, "p.csv", f"{column},label\n0.25,1\n0.5,0\n")
    assert message in refusal(path, label_kind="index", **options)
    named = evaluate(path, label_kind="index", positive="yes", negative="no")
    assert named.inputs.classes == ("no", "yes")


def test_slices_without_a_row_that_is_scored_change_no_other_s_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit is small, so that few slices are beyond it.
    monkeypatch.setattr(xentcli.state.class_pairs, "_MOST_SUMS", 18)
    rng = np.random.default_rng(3)
    p, y = rng.dirichlet(np.ones(3), 22), rng.dirichlet(np.ones(3), 22)
    table: dict[str, Any] = {f"p_{k}": p[:, k] for k in range(3)} | {f"y_{k}": y[:, k] for k in range(3)}
    table |= {"w": [1.0] * 20 + [0.0] * 2, "s": [*"ab"] * 10 + ["c", "d"]}
    path = parquet(tmp_path, "p.parquet", table)
    results = [
        same_every_run(evaluate(path, pred="p_*", label="y_*", weight="w", by="s", chunk_rows=chunk).to_dict())
        for chunk in (1, 20, None)
    ]
    assert results[0] == results[1] == results[2]
    assert results[0]["slices"][0]["overall"]["skill_se"] is None
    assert results[0]["overall"]["skill_se"] is not None


def test_a_class_of_weight_0_costs_nothing_even_where_its_loss_is_infinite(tmp_path: Path) -> None:
    rows = "0.5,0.5,0,0.5,0.25,0.25\n0.25,0.5,0.25,1,0,0\n0.5,0.25,0.25,0,1,0\n"
    path = text(tmp_path, "z.csv", "p_a,p_b,p_c,y_a,y_b,y_c\n" + rows)
    free = evaluate(path, label="y_*", class_weight={"c": 0}, clip="none").overall
    bounded = evaluate(path, label="y_*", class_weight={"c": 0}, clip=1e-300).overall
    assert (free.loss, free.loss_se) == (bounded.loss, bounded.loss_se)
    assert free.loss == pytest.approx(1.1972, abs=1e-4)


@pytest.mark.parametrize(("weight", "class_weight"), [("1e300", 1e10), ("5e-324", 0.25)])
@pytest.mark.parametrize("label", ["label", "y_*"])
def test_weights_that_leave_float64_with_their_class_s_are_an_error(
    weight: str, class_weight: float, label: str, tmp_path: Path
) -> None:
    rows = f"0.5,0.5,b,0,1,1\n0.5,0.5,a,1,0,{weight}\n0.5,0.5,b,0,1,1\n"
    path = text(tmp_path, "p.csv", "p_a,p_b,label,y_a,y_b,w\n" + rows)
    message = refusal(path, pred="p_*", label=label, weight="w", class_weight={"a": class_weight})
    assert message.startswith(
        f"{path}, record 2 (line 3), column 'w': the weight is {float(weight)!r}; times the weight"
    )


def test_booleans_are_spelled_alike_in_every_format(tmp_path: Path) -> None:
    csv = text(tmp_path, "p.csv", "p,label,g\n0.25,True,FALSE\n0.5,False,True\n0.75,TRUE,False\n")
    table = {"p": [0.25, 0.5, 0.75], "label": [True, False, True], "g": [False, True, False]}
    typed = parquet(tmp_path, "p.parquet", table)
    results = [same_everywhere(evaluate(path, by="g", class_weight="true=2").to_dict()) for path in (csv, typed)]
    assert results[0] == results[1]
    assert [entry["class"] for entry in results[0]["classes"]] == ["false", "true"]


def test_keys_that_are_booleans_match_in_any_letter_case(tmp_path: Path) -> None:
    typed = parquet(tmp_path, "p.parquet", {"id": [1, 1, 2], "k": [True, False, True], "p": [0.2, 0.4, 0.6]})
    csv = text(tmp_path, "y.csv", "id,k,label\n2,TRUE,1\n1,False,0\n1,True,1\n")
    assert evaluate(typed, csv, on="id,k").overall.rows == 3
    other = text(tmp_path, "p.csv", "id,k,p\n1,True,0.2\n1,FALSE,0.4\n2,true,0.6\n")
    labels = parquet(tmp_path, "y.parquet", {"id": [2, 1, 1], "k": [True, False, True], "label": [1, 0, 1]})
    assert evaluate(other, labels, on="id,k").overall == evaluate(typed, csv, on="id,k").overall


@pytest.mark.parametrize("by", ["id", "labels:id"])
def test_slices_by_a_key_leave_the_key_as_strict_as_it_is(by: str, tmp_path: Path) -> None:
    p = parquet(tmp_path, "p.parquet", {"id": [-0.0, 1.0], "p": [0.25, 0.5]})
    y = text(tmp_path, "y.csv", "id,label\n0,1\n1,0\n")
    assert refusal(p, y, on="id") == refusal(p, y, on="id", by=by)
    p = parquet(tmp_path, "p.parquet", {"id": [1, 0], "p": [0.5, 0.25]})
    slices = evaluate(p, y, on="id", by=by).slices
    assert slices is not None
    assert [one.by for one in slices] == [{"id": "0"}, {"id": "1"}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"class_weight": {"the": 5}}, "--class-weight is about labels, and there are none\n  Name their column"),
        ({"ignore": "the"}, "--ignore is about labels, and there are none"),
        ({"missing": "drop"}, "--missing is about labels, and there are none"),
        ({"label_kind": "name"}, "--label-kind is about labels, and there are none"),
        ({"label": "doc", "class_weight": {"teh": 5}}, "--class-weight names 'teh', which is no class"),
    ],
)
def test_what_is_said_of_labels_is_refused_where_it_means_nothing(
    options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = text(tmp_path, "t.csv", "lp,doc\n-0.5,x\n-1.5,y\n")
    assert message in refusal(path, input="label-logprobs", pred="lp", **options)


def test_a_folder_called_label_is_the_label(tmp_path: Path) -> None:
    for label, p in (("a", "0.75"), ("b", "0.25")):
        (tmp_path / f"d/label={label}").mkdir(parents=True)
        (tmp_path / f"d/label={label}/x.csv").write_text(f"p_a,p_b\n{p},{1 - float(p)}\n")
    assert evaluate(tmp_path / "d").overall.accuracy == 1.0


def test_one_hot_columns_have_the_classes_of_the_labels_they_encode(tmp_path: Path) -> None:
    path = text(tmp_path, "o.csv", "p_c0,p_c1,y_c0,y_c1,label\n0.25,0.75,1,0,c0\n0.5,0.5,0,1,c1\n")
    hard, soft = (evaluate(path, pred="p_*", label=label) for label in ("label", "y_*"))
    assert hard.classes == soft.classes
    assert hard.inputs.classes == ("c0", "c1")


def test_a_first_list_that_is_missing_is_missing(tmp_path: Path) -> None:
    path = parquet(tmp_path, "l.parquet", {"p": [None, [0.2, 0.8]], "label": ["0", "1"]})
    message = f"{path}, record 1, column 'p': the list is missing or empty\n  Every row needs a list with a number for "
    assert refusal(path) == message + "each class."


def test_one_headless_probability_against_two_parts_speaks_of_the_second(tmp_path: Path) -> None:
    path = text(tmp_path, "h.csv", "0.25,0.5,0.5\n0.75,0,1\n")
    result = evaluate(path, pred="1", label="2,3", no_header=True)
    assert result.inputs.classes == ("0", "1")
    assert result.settings.positive == "1"


def test_slices_have_caps_of_their_own_and_with_the_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"0.5,0.5,a,{at}\n" for at in range(1001))
    path = text(tmp_path, "s.csv", "p_a,p_b,label,g\n" + rows)
    problem = "there are more than 1,000 slices by 'g'"
    with pytest.raises(XentError, match=rf"record 1001 .*{problem}"):
        evaluate(path, by="g")
    assert len(evaluate(path, by="g", max_slices=1001).slices or ()) == 1001
    monkeypatch.setattr(xentcli.alignment.batch_maker, "MOST_CELLS", 20)
    with pytest.raises(XentError, match=r"record 11 .*there are more than 10 slices by 'g'"):
        evaluate(path, by="g")


def test_a_blank_last_line_is_a_row_without_a_label_where_those_are_left_out(tmp_path: Path) -> None:
    p = text(tmp_path, "p.csv", "p_a,p_b\n0.5,0.5\n0.25,0.75\n0.75,0.25\n")
    y = text(tmp_path, "y.csv", "label\na\nb\n\n")
    for chunk in (1, 2, None):
        result = evaluate(p, y, missing="drop", chunk_rows=chunk)
        assert (result.overall.rows, result.overall.dropped_rows, result.warnings) == (2, 1, ())
    assert "record 3 (line 4), column 'label': the last line is blank" in refusal(p, y)


def test_slices_of_what_cannot_be_text_or_of_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    p = parquet(tmp_path, "p.parquet", {"p_a": [0.5], "p_b": [0.5], "g": [1], "l": [[1.0]]})
    y = parquet(tmp_path, "y.parquet", {"label": ["a"], "g": [1]})
    assert "the column of slices 'l' is of type list<element: double>" in refusal(p, y, pred="p_*", by="l")
    problem = "--by names two columns called 'g'; rename one of them"
    assert problem in refusal(p, y, pred="p_*", by="predictions:g,labels:g")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decimal": ";"}, "--decimal is ';'; it takes '.' or ','"),
        ({"labels_decimal": "x"}, "--labels-decimal is 'x'; it takes '.' or ','"),
        ({"encoding": "base64"}, "--encoding is 'base64'; it takes an encoding such as utf-16, latin-1 or cp1252"),
        ({"encoding": "utf-\0"}, "--encoding is 'utf-\\x00'; it takes an encoding"),
        ({"class_weight": {}}, "--class-weight names no class"),
        ({"input": "label-probs", "label": "a,b"}, "--label takes one column here: --input label-probs has"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], message: str) -> None:
    assert message in refusal("nothing", **options)
