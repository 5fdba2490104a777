"""Which part of a label belongs to which prediction, by names; by places only where both orders are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import EvalResult, XentError, evaluate

P = {"cat": [0.7, 0.2], "dog": [0.2, 0.5], "eel": [0.1, 0.3]}
Y = {"cat": [0.5, 0.0], "dog": [0.5, 0.25], "eel": [0.0, 0.75]}


def named(table: dict[str, list[float]], prefix: str = "", suffix: str = "") -> dict[str, Any]:
    return {f"{prefix}{name}{suffix}": values for name, values in table.items()}


def listed(table: dict[str, list[float]], name: str) -> dict[str, Any]:
    return {name: [list(row) for row in zip(*table.values(), strict=True)]}


def run(folder: Path, p: dict[str, Any], y: dict[str, Any], **options: Any) -> EvalResult:
    for name, table in (("p", p), ("y", y)):
        pq.write_table(pa.table(table), folder / f"{name}.parquet")
    return evaluate(folder / "p.parquet", folder / "y.parquet", **options)


def refusal(folder: Path, p: dict[str, Any], y: dict[str, Any], **options: Any) -> str:
    with pytest.raises(XentError) as caught:
        run(folder, p, y, **options)
    return str(caught.value).replace(f"{folder}/", "")


def figures(result: EvalResult) -> list[tuple[str, float | None]]:
    return [(entry.class_, entry.loss) for entry in result.classes]


@pytest.mark.parametrize(
    ("p", "y"),
    [
        (named(P), named(Y)),
        (named(P, "p_"), named(Y, "y_")),
        (named(P, suffix="_p"), named(Y, "truth.")),
        (named(dict(reversed(P.items())), "p_"), named(dict(reversed(Y.items())))),
        (named(P, "p_"), named(dict(reversed(Y.items())), "y_")),
        (named(P, "p_"), listed(Y, "y")),
    ],
)
def test_parts_belong_to_predictions_by_their_names(p: dict[str, Any], y: dict[str, Any], tmp_path: Path) -> None:
    plain = run(tmp_path, named(P, "p_"), named(Y, "y_"), label=list(named(Y, "y_")))
    result = run(tmp_path, p, y, label=list(y), pred=list(p))
    assert figures(result) == figures(plain)
    assert [name for name, _ in figures(plain)] == ["cat", "dog", "eel"]


def test_lists_on_both_sides_go_by_their_places_and_classes_name_them(tmp_path: Path) -> None:
    plain = run(tmp_path, named(P), named(Y), label=list(Y))
    for options, names in (({}, ["0", "1", "2"]), ({"classes": list(P)}, list(P))):
        result = run(tmp_path, listed(P, "p"), listed(Y, "y"), **options)
        assert [name for name, _ in figures(result)] == names
        assert [loss for _, loss in figures(result)] == [loss for _, loss in figures(plain)]
    result = run(tmp_path, listed(P, "p"), named(dict(reversed(Y.items())), "y_"), classes=list(P), label="y_*")
    assert figures(result) == figures(plain)


REFUSED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = [
    (
        named(P),
        {name: Y[name] for name in ("cat", "dog")},
        {"label": ["cat", "dog"], "pred": list(P)},
        "y.parquet: labels have 2 parts, but there are 3 predictions\n  A distribution needs one part for each "
        "class.\n  Try --pred cat,dog",
    ),
    (
        named(P),
        {"a": Y["cat"], "b": Y["dog"], "c": Y["eel"]},
        {"label": ["a", "b", "c"]},
        "y.parquet: the label columns 'a', 'b', 'c' do not say which prediction columns they belong to: those "
        "are 'cat', "
        "'dog', 'eel'\n  Both need the same names, each side with a prefix or suffix of its own or without one; see "
        "--classes.",
    ),
    (
        named(dict(reversed(P.items()))),
        listed(Y, "y"),
        {},
        "y.parquet: the parts of the label have no names, and the prediction columns are not in class order: "
        "'eel', 'dog', 'cat'\n  Are the parts in the order of the columns, or of their classes?\n"
        "  Try --classes eel,dog,cat\n  or  --pred cat,dog,eel",
    ),
    (
        {"1_2": P["cat"], "2_1": P["dog"]},
        {"1_2_x_1": Y["cat"], "2_1_x_1": Y["dog"]},
        {"label": ["1_2_x_1", "2_1_x_1"], "classes": ["q", "r"]},
        "",
    ),
    (
        {"p_no": [0.3, 0.4], "p_yes": [0.7, 0.6]},
        {"y_no": [0.5, 0.5], "y_yes": [0.5, 0.5]},
        {"label": "y_*", "positive": "maybe"},
        "--positive is 'maybe', but the classes are 'no', 'yes'",
    ),
    (
        named(P),
        named(Y, "y_"),
        {"label": "y_*", "negative": "cat"},
        "--negative is 'cat', but the classes are 'cat', 'dog', 'eel'",
    ),
    (
        {"p_yes": [0.3, 0.4]},
        named(Y, "y_"),
        {"label": "y_*"},
        "y.parquet: one prediction column has two classes, but labels have 3 parts\n  A distribution needs one "
        "part for "
        "each class.",
    ),
    (
        {"p_yes": [0.3, 0.4]},
        {"y_a": [0.5, 0.5], "y_b": [0.5, 0.5]},
        {"label": "y_*"},
        "y.parquet: which class does the prediction column 'p_yes' speak of? The label columns are 'y_a', "
        "'y_b'\n  Try --positive y_a\n  or  --positive y_b",
    ),
    (
        {"p": [0.3, 0.4]},
        {"y": [[0.5, 0.5], [0.5, 0.5]]},
        {"positive": "yes"},
        "--positive is 'yes', but the parts of the label have no names, so which is it?",
    ),
    (
        {"p_yes": [0.3, 0.4]},
        {"y_no": [0.5, 0.5], "y_yes": [0.5, 0.5]},
        {"label": "y_*", "negative": "never"},
        "--negative is 'never', but the classes are 'no', 'yes'",
    ),
]


@pytest.mark.parametrize(("p", "y", "options", "message"), REFUSED)
def test_parts_that_do_not_say_where_they_belong_are_an_error(
    p: dict[str, Any], y: dict[str, Any], options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    said = refusal(tmp_path, p, y, **options)
    assert said == message if message else "do not say which prediction columns" in said


@pytest.mark.parametrize(
    ("p", "y", "options", "classes"),
    [
        ("p_yes", {"y_no": [0.25, 1.0], "y_yes": [0.75, 0.0]}, {"label": "y_*"}, ["no", "yes"]),
        ("score", {"y_yes": [0.75, 0.0], "y_no": [0.25, 1.0]}, {"label": "y_*", "positive": "yes"}, ["no", "yes"]),
        ("score", {"y_yes": [0.75, 0.0], "y_no": [0.25, 1.0]}, {"label": "y_*", "positive": "no"}, ["yes", "no"]),
        ("score", {"y_0": [0.25, 1.0], "y_1": [0.75, 0.0]}, {"label": "y_*"}, ["0", "1"]),
        ("score", {"y": [[0.25, 0.75], [1.0, 0.0]]}, {}, ["0", "1"]),
        ("p_yes", {"no": [0.25, 1.0], "yes": [0.75, 0.0]}, {"label": "no,yes", "negative": "no"}, ["no", "yes"]),
    ],
)
def test_one_prediction_column_against_two_parts(
    p: str, y: dict[str, Any], options: dict[str, Any], classes: list[str], tmp_path: Path
) -> None:
    result = run(tmp_path, {p: [0.6, 0.2]}, y, **options)
    assert list(result.inputs.classes) == classes
    both = {"p_a": [0.4, 0.8], "p_b": [0.6, 0.2]}
    parts = {"y_a": [0.25, 1.0], "y_b": [0.75, 0.0]}
    if options.get("positive") == "no":
        parts = {"y_a": parts["y_b"], "y_b": parts["y_a"]}
    plain = run(tmp_path, both, parts, label="y_*")
    assert result.overall.loss == pytest.approx(plain.overall.loss, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "positive"),
    [({}, "yes"), ({"positive": "no"}, "no"), ({"negative": "yes"}, "no"), ({"positive": "yes"}, "yes")],
)
def test_the_positive_class_of_two(options: dict[str, Any], positive: str, tmp_path: Path) -> None:
    p, y = {"p_no": [0.3, 0.4], "p_yes": [0.7, 0.6]}, {"y_no": [0.5, 0.5], "y_yes": [0.5, 0.5]}
    assert run(tmp_path, p, y, label="y_*", **options).settings.positive == positive


def test_the_shortest_names_that_match_are_the_classes(tmp_path: Path) -> None:
    p, y = named(P, "p_x_"), named(Y, "y_x_")
    assert list(run(tmp_path, p, y, label="y_*").inputs.classes) == ["cat", "dog", "eel"]


def test_parts_without_names_go_by_place_even_where_columns_are_called_as_places_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("2,1\n.75,.25\n.5,.5\n")
    Path("y.csv").write_text(".5,.5\n0,1\n")
    with pytest.raises(XentError, match="not in class order: '2', '1'") as caught:
        evaluate("p.csv", "y.csv", labels_no_header=True, label="1,2")
    assert caught.value.options == ("--classes 2,1", "--pred 1,2")


def test_with_indices_any_column_may_be_the_stray_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last column lacks a label because the first is no class: the warning names all."""
    monkeypatch.chdir(tmp_path)
    Path("p.csv").write_text("atemp,cat,dog\n1.5,1.2,-.3\n2.5,.1,.9\n")
    Path("y.csv").write_text("label\n0\n1\n")
    (warning,) = evaluate("p.csv", "y.csv", input="logits", label_kind="index").warnings
    assert warning.message == (
        "labels are indices, and of 3 prediction columns 1 has none: is each of 'atemp', 'cat', 'dog' a class? Nothing "
        "sums to 1 here that would tell. --pred names the prediction columns."
    )
