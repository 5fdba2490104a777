"""The result as data: valid by its schema, JSON always, pandas on demand."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pyarrow as pa
import pytest
from conftest import SAMPLES, RunXent
from evaluated import write
from schemas import INSPECT
from schemas import RESULT as SCHEMA

import xentcli
from xentcli import EvalResult, evaluate

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("digits_logistic", "digits_labels", {"weight": "weight"}),
    ("digits_forest", "digits_labels", {"unit": "bits"}),
    ("digits_forest", "digits_labels", {"clip": "none"}),
    ("cancer", "cancer_labels", {"confidence": 0.5}),
    ("wine_logits", "wine_labels", {"input": "logits"}),
]


def sample(predictions: str, labels: str, options: dict[str, Any]) -> EvalResult:
    return evaluate(SAMPLES / f"{predictions}.csv", SAMPLES / f"{labels}.parquet", **options)


@pytest.mark.parametrize(("predictions", "labels", "options"), CASES)
def test_every_result_is_valid_by_the_schema(predictions: str, labels: str, options: dict[str, Any]) -> None:
    result = sample(predictions, labels, options)
    jsonschema.validate(json.loads(result.to_json()), SCHEMA)
    assert json.loads(result.to_json()) == result.to_dict()


def test_the_schemas_are_valid_themselves_and_made_of_the_dataclasses() -> None:
    for schema in (SCHEMA, INSPECT):
        jsonschema.Draft202012Validator.check_schema(schema)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "docs/json_schemas.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_result_does_not_have_is_not_valid() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**sample(*CASES[0]).to_dict(), "extra": 1}, SCHEMA)


def test_infinite_figures_are_null_and_listed() -> None:
    result = sample(*CASES[2])
    data = result.to_dict()
    assert result.overall.loss == math.inf
    assert data["overall"]["loss"] is None
    nine = [entry["class"] for entry in data["classes"]].index("nine")
    assert set(data["infinite"]) == {
        *(f"overall.{key}" for key in ("loss", "loss_sum", "macro_loss", "perplexity", "excess_loss", "skill")),
        f"classes.{nine}.loss",
    }
    assert [warning.code for warning in result.warnings] == ["infinite_loss"]
    assert data["overall"]["loss_se"] is None


def test_the_frame_has_the_classes_in_order_with_missing_as_nan() -> None:
    frame = sample(*CASES[2]).classes_frame()
    assert list(frame.columns) == list(SCHEMA["$defs"]["class"]["properties"])
    assert list(frame["class"]) == sorted(frame["class"])
    assert frame["rows"].dtype == np.int64
    assert frame.loc[frame["class"] == "nine", "loss"].item() == math.inf
    assert math.isnan(frame.loc[frame["class"] == "nine", "loss_se"].item())


def test_results_are_frozen() -> None:
    with pytest.raises(AttributeError):
        sample(*CASES[3]).overall.loss = 0.0  # type: ignore[misc]  # which is what is refused


def test_sums_that_leave_float64_are_null_with_a_warning_and_means_are_right(tmp_path: Path) -> None:
    p = write(pa.table({"a": [0.5, 0.25], "b": [0.5, 0.75]}), str(tmp_path / "p.parquet"))
    y = write(pa.table({"label": ["a", "a"], "w": [1.7e308, 1.7e308]}), str(tmp_path / "y.parquet"))
    result = evaluate(p, y, weight="w")
    assert (result.overall.weight, result.overall.loss_sum) == (None, None)
    assert result.overall.loss == pytest.approx((-math.log(0.5) - math.log(0.25)) / 2, rel=1e-15)
    assert result.classes[0].weight_share == 1.0
    assert [warning.code for warning in result.warnings if warning.code == "overflow"] == ["overflow"]


def test_a_perplexity_beyond_float64_is_infinite_and_listed(tmp_path: Path) -> None:
    p = write(pa.table({"a": [0.0], "b": [-1000.0]}), str(tmp_path / "p.parquet"))
    y = write(pa.table({"label": ["b"]}), str(tmp_path / "y.parquet"))
    result = evaluate(p, y, input="logits")
    assert result.overall.loss == 1000.0
    assert result.to_dict()["infinite"] == ["overall.perplexity"]


def test_the_function_and_the_command_give_the_same(run_xent: RunXent) -> None:
    paths = SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv"
    ran = run_xent("eval", *paths, "-f", "json", "--unit", "bits", "--confidence", "0.9")
    assert (ran.code, ran.stderr) == (0, "")
    ours = evaluate(*paths, unit="bits", confidence=0.9).to_dict()
    theirs = json.loads(ran.stdout)
    for key in ours:
        if key != "run":
            assert ours[key] == theirs[key]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"input": "odds"}, "--input is 'odds'; it takes one of probs, logits, logprobs, label-probs, label-logprobs"),
        ({"label_kind": "number"}, "--label-kind is 'number'; it takes one of auto, name, index, distribution"),
        ({"clip": "some"}, "--clip is 'some'; it takes a probability above 0 and below 1, or 'none'"),
        ({"clip": 0.0}, "--clip is 0; it takes a probability above 0 and below 1, or 'none'"),
        ({"confidence": 1.0}, "--confidence is 1; it takes a number between 0 and 1, such as 0.95"),
        ({"sum_tolerance": -1.0}, "--sum-tolerance is -1; it takes a number from 0 up"),
        ({"sum_tolerance": math.nan}, "--sum-tolerance is nan; it takes a number from 0 up"),
        ({"classes": ["a", "b", "a"]}, "--classes names 'a' twice"),
        ({"classes": ["a", ""]}, "--classes has an empty name"),
        ({"pred": ["a", "a"]}, "--pred names 'a' twice"),
        ({"positive": "a", "negative": "a"}, "--positive and --negative are both 'a'; they are two classes"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_any_file_is_read(options: dict[str, Any], message: str) -> None:
    with pytest.raises(xentcli.UsageError) as caught:
        evaluate("no such file", "nor this", **options)
    assert str(caught.value) == message
