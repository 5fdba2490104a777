"""Inspect: what eval would read, how it would understand it, what it would refuse, and nothing beyond the sample."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES, RunProcess, RunXent
from schemas import INSPECT as SCHEMA

import xentcli
from xentcli import InspectResult, inspect
from xentcli.commands.inspect import sample
from xentcli.commands.inspect.sample import SAMPLE_ROWS

SAMPLE_CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("cancer.csv", "cancer_labels.parquet", {}),
    ("cancer.parquet", "cancer_labels.csv", {"on": "patient"}),
    ("digits_forest.csv", "digits_labels.csv", {"weight": "weight", "by": "half"}),
    ("digits_logistic.parquet", "digits_labels.parquet", {"on": "image"}),
    ("wine_logits.csv", "wine_labels.csv", {"input": "logits"}),
]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


def put_parquet(name: str, **columns: Any) -> str:
    pq.write_table(pa.table(columns), name)
    return name


def rows(line: str, number: int) -> str:
    return "".join(f"{line.format(i=i)}\n" for i in range(number))


def found(predictions: str, labels: str | None = None, **options: Any) -> dict[str, Any]:
    """Return an inspection as data, which the schema allows."""
    data: dict[str, Any] = inspect(predictions, labels, **options).to_dict()
    jsonschema.validate(data, SCHEMA)
    return data


def roles(data: dict[str, Any], side: int) -> dict[str, str]:
    return {column["name"]: column["role"] for column in data["files"][side]["columns"]}


def doubts(data: dict[str, Any]) -> dict[str, list[str]]:
    return {doubt["code"]: doubt["options"] for doubt in data["doubts"]}


# What is said.


@pytest.mark.parametrize(("predictions", "labels", "options"), SAMPLE_CASES)
def test_the_sample_data_are_understood_as_eval_understands_them(
    predictions: str, labels: str, options: dict[str, Any]
) -> None:
    data = found(str(SAMPLES / predictions), str(SAMPLES / labels), **options)
    evaluated = xentcli.evaluate(SAMPLES / predictions, SAMPLES / labels, **options).to_dict()
    assert {**data["inputs"], "rows_fingerprint": None} == {**evaluated["inputs"], "rows_fingerprint": None}
    assert data["settings"] == evaluated["settings"]
    assert data["files"][0]["rows"] == evaluated["overall"]["rows"]
    assert [one["class"] for one in data["rules"]["classes"]] == data["inputs"]["classes"]
    assert [one["rows"] for one in data["rules"]["classes"]] == [one["rows"] for one in evaluated["classes"]]


def test_every_role_is_named() -> None:
    predictions = put("p.csv", "id,day,p_a,p_b,note\n1,2,0.5,0.5,9\n2,2,0.25,0.75,9\n")
    labels = put("l.csv", "id,y,w,u,s,day\n1,a,1,2,x,2\n2,b,1,2,x,2\n")
    options = {"label": "y", "weight": "w", "per": "u", "by": "s,y"}
    data = found(predictions, labels, **options)
    assert roles(data, 0) == {
        "id": "order check",
        "day": "order check",
        "p_a": "prediction",
        "p_b": "prediction",
        "note": "unused",
    }
    assert roles(data, 1) == {
        "id": "order check",
        "y": "label",
        "w": "weight",
        "u": "per",
        "s": "slice",
        "day": "order check",
    }
    assert [column["also"] for column in data["files"][1]["columns"] if column["name"] == "y"] == [["slice"]]
    keyed = found(predictions, labels, on="id", **options)
    assert (roles(keyed, 0)["id"], roles(keyed, 1)["id"], roles(keyed, 1)["day"]) == ("key", "key", "unused")
    parts = found(put("d.csv", "p_a,p_b,y_a,y_b\n0.5,0.5,0,1\n0.5,0.5,0.5,0.5\n"), label="y_*")
    assert roles(parts, 0) == {"p_a": "prediction", "p_b": "prediction", "y_a": "label part", "y_b": "label part"}
    assert [column["class"] for column in parts["files"][0]["columns"]] == ["a", "b", "a", "b"]
    assert [one["rows"] for one in parts["rules"]["classes"]] == [1, 2]


@pytest.mark.parametrize(
    ("options", "column", "why"),
    [
        ({"pred": "p_*"}, "note", "--pred does not name it"),
        ({}, "note", "its name is no label in the way that those of the prediction columns are"),
        ({"order_check": False}, "id", "both inputs have it; --no-order-check"),
        ({"label": "y"}, "y", "that of LABELS is the label"),
    ],
)
def test_what_is_unused_says_why(options: dict[str, Any], column: str, why: str) -> None:
    predictions = put("p.csv", "id,y,p_a,p_b,note\n1,a,0.5,0.5,9\n2,b,0.25,0.75,9\n")
    data = found(predictions, put("l.csv", "id,y\n1,a\n2,b\n"), **{"label": "y", **options})
    assert next(one["why"] for one in data["files"][0]["columns"] if one["name"] == column) == why


RULES: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "exact": ("a,b\n.5,.5\n.5,.5\n", "y\na\nb\n", {}, {"names": "exact", "positive": "b"}),
    "prefix": ("p_a,p_b\n.5,.5\n.5,.5\n", "y\na\nb\n", {}, {"names": "prefix 'p_'"}),
    "suffix": ("a_p,b_p\n.5,.5\n.5,.5\n", "y\na\nb\n", {}, {"names": "suffix '_p'"}),
    "classes": ("u,v\n.5,.5\n.5,.5\n", "y\na\nb\n", {"classes": "a,b"}, {"names": "--classes"}),
    "second": ("a,b\n.5,.5\n.5,.5\n", "y\na\nb\n", {}, {"positive_rule": "the second of two"}),
    "index": (
        "a,b\n.5,.5\n.5,.5\n",
        "y\n0\n1\n",
        {"label_kind": "index"},
        {"names": "index", "label_kind": "index", "label_kind_rule": "--label-kind"},
    ),
    "no names": (
        ".5,.5\n.5,.5\n",
        "0\n1\n",
        {"no_header": True},
        {"names": "index", "label_kind_rule": "the predictions have no names"},
    ),
    "column name": ("p_b\n.5\n.6\n", "y\na\nb\n", {}, {"names": "column name", "positive": "b"}),
    "one": ("score\n.5\n.6\n", "y\n0\n1\n", {}, {"names": "1 or true", "positive_rule": "1 or true"}),
    "one named": ("p_1\n.5\n.6\n", "y\n0\n1\n", {}, {"names": "column name", "positive_rule": "column name"}),
    "positive": ("s\n.5\n.6\n", "y\na\nb\n", {"positive": "a"}, {"positive": "a", "positive_rule": "--positive"}),
    "negative": ("s\n.5\n.6\n", "y\na\nb\n", {"negative": "a"}, {"positive": "b", "positive_rule": "--negative"}),
    "several": (
        "a,b\n.5,.5\n.5,.5\n",
        "y_a,y_b\n1,0\n0,1\n",
        {"label": "y_*"},
        {"label_kind": "distribution", "label_kind_rule": "several label columns", "label": "--label"},
    ),
    "left over": ("a,b\n.5,.5\n.5,.5\n", "y\na\nb\n", {}, {"label": "the one column left over in LABELS"}),
    "alone": (
        "i,a,b\n1,.5,.5\n2,.5,.5\n",
        "i,t\n1,a\n2,b\n",
        {},
        {"label": "the one column that PREDICTIONS does not have"},
    ),
    "usual": ("a,b\n.5,.5\n.5,.5\n", "i,k,y\n1,1,a\n2,1,b\n", {}, {"label": "the usual name"}),
    "pred": ("a,b\n.5,.5\n.5,.5\n", "y\na\nb\n", {"pred": "a,b"}, {"predictions": "--pred"}),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_the_rule_that_was_used_is_named(case: str) -> None:
    predictions, labels, options, expected = RULES[case]
    rules = found(put("p.csv", predictions), put("l.csv", labels), **options)["rules"]
    assert {name: rules[name] for name in expected} == expected


def test_lists_are_read_by_their_places() -> None:
    predictions = put_parquet("p.parquet", probs=pa.array([[0.5, 0.5], [0.25, 0.75]]))
    data = found(predictions, put("l.csv", "y\n0\n1\n"))
    assert [one["prediction"] for one in data["rules"]["classes"]] == ["probs[0]", "probs[1]"]
    assert [one["label"] for one in data["rules"]["classes"]] == ["0", "1"]
    soft = found(predictions, put_parquet("l.parquet", y=pa.array([[1.0, 0.0], [0.5, 0.5]])))
    assert [(one["label"], one["rows"]) for one in soft["rules"]["classes"]] == [("y[0]", 2), ("y[1]", 1)]
    assert soft["rules"]["label_kind_rule"] == "a label column of lists"


def test_labels_are_counted_and_those_left_out_say_why() -> None:
    predictions = put("p.csv", "a,b\n" + rows("0.5,0.5", 4))
    data = found(predictions, put("l.csv", "y,k\na,1\n-100,1\n,1\nb,1\n"), label="y", missing="drop", ignore="-100")
    assert [(one["label"], one["class"], one["rows"], one["left_out"]) for one in data["rules"]["labels"]] == [
        ("a", "a", 1, None),
        ("-100", None, 1, "ignored"),
        (None, None, 1, "missing"),
        ("b", "b", 1, None),
    ]


def test_label_probabilities_need_no_labels() -> None:
    data = found(put("p.csv", "logprob\n-1\n-2\n"), input="label-logprobs")
    assert (data["rules"]["label"], data["inputs"]["task"], data["rules"]["classes"]) == (None, "label-only", [])
    with_labels = found(put("p.csv", "lp,y\n-1,b\n-2,a\n"), input="label-logprobs", label="y")
    assert [(one["class"], one["rows"]) for one in with_labels["rules"]["classes"]] == [("a", 1), ("b", 1)]


# Rows: known from footers, estimated in text.


def test_rows_of_parquet_are_known_and_rows_of_long_text_estimated() -> None:
    n = 120_000
    predictions = put("p.csv", "p_a,p_b\n" + rows("0.25,0.75", n))
    labels = put_parquet("l.parquet", y=["a", "b"] * (n // 2))
    files = found(predictions, labels)["files"]
    assert (files[0]["rows"], files[0]["sample_rows"], files[0]["bytes"]) == (None, SAMPLE_ROWS, 10 * n + 8)
    assert files[0]["rows_estimate"] == pytest.approx(n, rel=0.01)
    assert (files[1]["rows"], files[1]["rows_estimate"]) == (n, None)


@pytest.mark.parametrize("form", ["csv.gz", "jsonl"])
def test_rows_of_other_text_are_estimated_too(form: str) -> None:
    n = 400_000
    if form == "jsonl":
        predictions = put("p.jsonl", rows('{{"a": 0.25, "b": 0.75}}', n))
    else:
        predictions = "p.csv.gz"
        Path(predictions).write_bytes(gzip.compress(("a,b\n" + rows("0.{i},1e-9", n)).encode(), 1))
    options = {"renormalize": True} if form == "csv.gz" else {}
    file = found(predictions, put("l.csv", "y\n" + rows("a", n)), **options)["files"][0]
    assert (file["rows"], file["sample_rows"]) == (None, SAMPLE_ROWS)
    assert file["rows_estimate"] == pytest.approx(n, rel=0.25)


def test_standard_input_is_sampled(run_process: RunProcess) -> None:
    ran = run_process("inspect", "-", put("l.csv", "y\na\n"))
    assert (ran.code, ran.stderr) == (2, "error: standard input: the file is empty\n")


def test_different_lengths_in_footers_are_refused_and_in_estimates_doubted() -> None:
    labels = put_parquet("l.parquet", y=["a", "b"] * 2000)
    with pytest.raises(xentcli.DataError, match=r"'p.parquet' has 4,002 rows, but 'l.parquet' has 4,000"):
        inspect(put_parquet("p.parquet", a=[0.5] * 4002, b=[0.5] * 4002), labels)
    data = found(put("p.csv", "a,b\n" + rows("0.25,0.75", 60_000)), labels)
    assert doubts(data)["lengths"] == ["--on COL"]
    for (mine, yours), message in [
        ((20, 200_000), "has 20 rows, but 'l.csv' has 1,000 or more"),
        ((50_000, 20), "more rows, but 'l.csv' has 20"),
    ]:
        with pytest.raises(xentcli.DataError, match=message):
            inspect(put("p.csv", "a,b\n" + rows("0.5,0.5", mine)), put("l.csv", "y\n" + rows("a", yours)))


# Alignment by key.


def test_keys_are_compared_by_kind_and_memory_is_estimated() -> None:
    predictions = put("p.csv", "id,a,b\n" + rows("{i},0.5,0.5", 3000))
    labels = put_parquet("l.parquet", id=list(range(2999, -1, -1)), y=["a", "b"] * 1500)
    alignment = found(predictions, labels, on="id")["rules"]["alignment"]
    assert alignment["keys"] == [{"name": "id", "predictions": ["whole numbers"], "labels": ["whole numbers"]}]
    assert alignment["memory_bytes"] > 3000 * 14
    never = found(predictions, put("t.csv", "id,y\n" + rows("user{i},a", 2000) + "ua,b\n"), on="id")
    assert doubts(never)["keys_never_match"] == ["--on COL"]


def test_two_whole_samples_are_aligned_by_key_as_eval_does(run_xent: RunXent) -> None:
    arguments = [put("p.csv", "id,a,b\n1,0.5,0.5\n2,0.5,0.5\n"), put("l.csv", "id,y\n1,a\n3,b\n"), "--on", "id"]
    refused = run_xent("eval", *arguments)
    inspected = run_xent("inspect", *arguments)
    assert (inspected.code, inspected.stderr) == (refused.code, refused.stderr) == (2, refused.stderr)
    assert inspected.stdout.endswith("\neval would refuse this. Nothing was scored.\n")


# Doubts.

DOUBTS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "compared": ("id,a,b\n1,.5,.5\n2,.4,.6\n", "id,y\n1,a\n2,b\n", {}, ["--on id", "--no-order-check"]),
    "order_unchecked": ("x,a,b\n1,.5,.5\n0.5,.4,.6\n", "x,y\n1,a\n0.6,b\n", {}, ["--on COL"]),
    "key_unused": ("id,a,b\n1,.5,.5\n2,.4,.6\n", "id,y\n1,a\n2,b\n", {"order_check": False}, ["--on id"]),
    "columns_left_out": ("z,p_a,p_b\n1.5,.5,.5\n2,.4,.6\n", "y\na\nb\n", {}, ["--pred p_a,p_b,z"]),
    "label_names": ("y,p_a,p_b\n1,.5,.5\n2,.4,.6\n", "t\na\nb\n", {}, ["--label predictions:y"]),
    "weight_unused": ("p_a,p_b\n.5,.5\n.4,.6\n", "y,w\na,1\nb,1\n", {"label": "y"}, ["--weight w"]),
    "positive_default": ("score\n.5\n.6\n", "y\n0\n1\n", {}, ["--positive 1"]),
    "no_names": (".5,.5\n.4,.6\n", "0\n1\n", {"no_header": True}, ["--classes NAME,...", "--label-kind index"]),
    "one_label": ("a,b\n.5,.5\n.4,.6\n", "y\na\na\n", {}, ["--label COL"]),
    "classes_without_labels": ("a,b,c\n.5,.5,0\n.4,.6,0\n", "y\na\nb\n", {}, ["--label COL", "--pred COL,..."]),
    "whole_numbers": ("a,b\n0,1\n1,0\n", "y\na\nb\n", {}, ["--pred COL,..."]),
    "not_logits": ("a,b\n.5,.5\n.4,.6\n", "y\na\nb\n", {"input": "logits"}, ["--input probs"]),
    "row_sums": ("a,b\n.5,.501\n.4,.601\n", "y\na\nb\n", {}, ["--renormalize", "--sum-tolerance T"]),
}


@pytest.mark.parametrize("code", DOUBTS)
def test_what_is_doubtful_names_the_option_that_settles_it(code: str) -> None:
    predictions, labels, options, settles = DOUBTS[code]
    assert doubts(found(put("p.csv", predictions), put("l.csv", labels), **options))[code] == settles


def test_memory_and_a_column_that_no_label_of_the_sample_names_are_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 3000
    predictions, labels = put("p.csv", "id,p_b\n" + rows("{i},0.5", n)), put("l.csv", "id,y\n" + rows("{i},a", n))
    assert doubts(found(predictions, labels))["positive_unsettled"] == ["--positive NAME"]
    monkeypatch.setattr("xentcli.commands.inspect.doubts.free_bytes", lambda: 1000)
    assert doubts(found(predictions, labels, on="id"))["memory"] == ["--on COL"]


def test_what_is_settled_is_not_doubtful() -> None:
    predictions = put("p.csv", "p_a,p_b\n" + rows("0.25,0.75", 20))
    assert found(predictions, put("l.csv", "y\n" + rows("a", 10) + rows("b", 10)))["doubts"] == []
    assert set(DOUBTS) | {"lengths", "keys_never_match", "memory", "positive_unsettled"} == set(
        SCHEMA["properties"]["doubts"]["items"]["properties"]["code"]["enum"]
    )


# Refusals: eval's own.

GOOD = "p_a,p_b\n0.5,0.5\n0.25,0.75\n"
REFUSED: dict[str, tuple[str | None, str | None, list[str]]] = {
    "no file": (None, "y\na\nb\n", []),
    "empty": ("", "y\na\nb\n", []),
    "no rows": ("p_a,p_b\n", "y\na\n", []),
    "not a number": ("p_a,p_b\n0.5,x\n0.5,0.5\n", "y\na\nb\n", []),
    "no probability": ("p_a,p_b\n0.5,0.5\n0.5,3\n", "y\na\nb\n", []),
    "sum": ("p_a,p_b\n0.5,0.4\n0.5,0.5\n", "y\na\nb\n", []),
    "unknown label": (GOOD, "y\na\nc\n", []),
    "several unknown labels": (GOOD, "y\nA\n b\n", []),
    "empty label": (GOOD, "y,k\na,1\n,1\n", []),
    "order": ("id,p_a,p_b\n1,0.5,0.5\n2,0.5,0.5\n", "id,y\n2,a\n1,b\n", []),
    "lengths": (GOOD, "y\na\n", []),
    "ragged": ("p_a,p_b\n0.5,0.5\n0.5\n", "y\na\nb\n", []),
    "weight": (GOOD, "y,w\na,1\nb,-1\n", ["--weight", "w"]),
    "no column": (GOOD, "y\na\nb\n", ["--weight", "w"]),
    "two rules": ("score\n0.5\n0.5\n", "y\na\nb\n", []),
    "one label": ("p_b\n0.5\n0.5\n", "y\na\na\n", []),
    "third label": ("p_b\n0.5\n0.5\n0.5\n", "y\na\nb\nc\n", []),
    "positive": (GOOD, "y\na\nb\n", ["--positive", "z"]),
    "class weight": (GOOD, "y\na\nb\n", ["--class-weight", "z=2"]),
    "usage": (GOOD, "y\na\nb\n", ["--clip", "7"]),
    "all ignored": (GOOD, "y\na\na\n", ["--ignore", "a"]),
    "header": ("0.5,0.5\n0.25,0.75\n0.1,0.9\n", "y\na\nb\n", []),
    "twice": ("id,p_a,p_b\n1,0.5,0.5\n1,0.5,0.5\n", "id,y\n1,a\n2,b\n", ["--on", "id"]),
    "labels twice": ("id,p_a,p_b\n1,0.5,0.5\n2,0.5,0.5\n", "id,y\n1,a\n1,b\n", ["--on", "id"]),
    "distribution": ("a,b\n0.5,0.5\n0.5,0.5\n", "y_a,y_b\n1,0\n1,1\n", ["--label", "y_*"]),
    "slices": (GOOD, "y,s\na,1\nb,2\n", ["--by", "s", "--max-slices", "1"]),
    "order of errors": ("p_a,p_b\n0.5,0.5\n0.5,3\n", "y\nc\nb\n", []),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_eval_refuses_is_refused_with_its_words(case: str, run_xent: RunXent) -> None:
    predictions, labels, options = REFUSED[case]
    arguments = ["p.csv" if predictions is None else put("p.csv", predictions)]
    arguments += [] if labels is None else [put("l.csv", labels)]
    refused = run_xent("eval", *arguments, *options)
    inspected = run_xent("inspect", *arguments, *options)
    assert (inspected.code, inspected.stderr) == (refused.code, refused.stderr) == (2, refused.stderr)
    assert refused.stdout == ""
    # What columns look like is shown where there are any, and no option is at fault.
    known = case not in {"no file", "empty", "usage", "header"}
    assert inspected.stdout.endswith("\neval would refuse this. Nothing was scored.\n") == known
    assert bool(inspected.stdout) == known


# Nothing beyond the sample.


def test_a_bad_value_beyond_the_sample_is_not_seen(run_xent: RunXent) -> None:
    for number in (1500, 100_001):
        text = "p_a,p_b\n" + rows("0.25,0.75", number) + "0.25,oops\n" + rows("0.25,0.75", 10)
        arguments = [put("p.csv", text), put("l.csv", "y\n" + rows("a", number + 11))]
        assert run_xent("inspect", *arguments).code == 0
        assert run_xent("eval", *arguments).code == 2


def test_a_fifo_is_read_only_so_far(run_process: RunProcess) -> None:
    os.mkfifo("pipe")
    written = 0

    def write() -> None:
        nonlocal written
        line = b"0.25,0.75\n" * 1000
        with suppress(BrokenPipeError), Path("pipe").open("wb", buffering=0) as handle:
            handle.write(b"p_a,p_b\n")
            for _ in range(10_000):
                written += handle.write(line)

    writer = threading.Thread(target=write)
    writer.start()
    ran = run_process("inspect", "pipe", put("l.csv", "y\n" + rows("a", 2000) + rows("b", 2000)), "-f", "json")
    writer.join(60)
    data = json.loads(ran.stdout)
    assert (ran.code, data["files"][0]["rows"], data["files"][0]["bytes"]) == (0, None, None)
    assert data["files"][0]["rows_estimate"] is None
    assert written < 1 << 20


def test_wide_rows_are_sampled_by_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    k = 1000
    assert sample._MOST_CELLS == 1 << 21
    # The limit is small, so that a table of few rows is beyond it.
    monkeypatch.setattr(sample, "_MOST_CELLS", 209_715)
    header = ",".join(f"p_{at}" for at in range(k))
    data = found(put("p.csv", f"{header}\n" + (",".join(["1e-3"] * k) + "\n") * 300), put("l.csv", "y\n" + "7\n" * 300))
    assert data["files"][0]["sample_rows"] == data["files"][1]["sample_rows"] == 209
    assert len(data["rules"]["classes"]) == len(data["files"][0]["columns"]) == k


# The interfaces.


def test_the_result_is_frozen_and_its_text_is_its_data() -> None:
    result: InspectResult = inspect(SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv")
    assert json.loads(result.to_json()) == result.to_dict()
    with pytest.raises(FrozenInstanceError):
        result.command = "eval"  # type: ignore[misc]  # which is what is refused
    wrong: Callable[..., Any] = inspect
    with pytest.raises(TypeError, match="unexpected keyword argument 'sort'"):
        wrong(SAMPLES / "cancer.csv", sort="name")


def test_json_goes_to_a_file_and_doubts_are_said_unless_quiet(run_xent: RunXent) -> None:
    arguments = [str(SAMPLES / "cancer.csv"), str(SAMPLES / "cancer_labels.csv"), "-f", "json"]
    ran = run_xent("inspect", *arguments, "-o", "out.json")
    assert (ran.code, ran.stdout) == (0, "")
    assert ran.stderr == (
        "doubt: column 'patient' of both inputs must be the same row by row, as no option names them "
        "(--on patient or --no-order-check)\n"
    )
    jsonschema.validate(json.loads(Path("out.json").read_text()), SCHEMA)
    quiet = run_xent("inspect", *arguments, "-q")
    assert quiet.stderr == ""
    assert json.loads(quiet.stdout)["files"] == json.loads(Path("out.json").read_text())["files"]


def test_folders_are_columns_and_parts_are_listed() -> None:
    for year in (2023, 2024):
        Path(f"p/year={year}").mkdir(parents=True)
        put(f"p/year={year}/a.csv", "p_a,p_b\n0.5,0.5\n0.25,0.75\n")
    data = found("p", put("l.csv", "y\na\nb\nb\na\n"), by="year", pred="p_*")
    file = data["files"][0]
    assert (file["path"], file["rows"], file["bytes"]) == ("p", 4, 2 * 26)
    assert file["parts"] == ["p/year=2023/a.csv", "p/year=2024/a.csv"]
    assert [(one["type"], one["role"]) for one in file["columns"] if one["name"] == "year"] == [
        ("folder name", "slice")
    ]


def test_rows_of_parquet_parts_are_known_by_their_footers() -> None:
    Path("p").mkdir()
    for name in ("1.parquet", "2.parquet"):
        put_parquet(f"p/{name}", a=[0.5] * 3000, b=[0.5] * 3000)
    data = found("p", put_parquet("l.parquet", y=["a", "b"] * 3000))
    assert [(file["rows"], file["sample_rows"], len(file["parts"])) for file in data["files"]] == [
        (6000, SAMPLE_ROWS, 2),
        (6000, SAMPLE_ROWS, 1),
    ]
