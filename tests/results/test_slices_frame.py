"""Slices as data: a pandas frame of them, and what of them is infinite in JSON."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from reading import evaluated
from schemas import RESULT as SCHEMA

from xentcli import EvalResult, evaluate

SAMPLES = Path(__file__).parents[2] / "sample_data"
FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")


def regions(folder: Path, **options: str) -> EvalResult:
    """Return three slices; in b all labels have the probability 0."""
    columns = {
        "p": [0.5, 0.0, 0.25] * 12,
        "region": ["a", "b", None] * 12,
        "loss": ["x"] * 36,
        "bytes": [1, 2, 4] * 12,
        "label": ["cat", "dog"] * 18,
    }
    return evaluated(folder, columns, input="label-probs", pred="p", by="region,loss", clip="none", **options)


def test_the_frame_has_the_values_first_and_a_row_a_slice(tmp_path: Path) -> None:
    frame = regions(tmp_path).slices_frame()
    assert list(frame.columns[:5]) == ["region", "by_loss", "rows", "weight", "loss"]
    assert list(frame["region"]) == ["a", "b", None]
    assert list(frame["by_loss"]) == ["x", "x", "x"]
    assert frame["rows"].dtype == np.int64
    assert frame["p_value"].dtype == np.float64
    assert frame["loss"].tolist() == pytest.approx([math.log(2), math.inf, math.log(4)])
    assert math.isnan(frame["accuracy"][0])


def test_every_figure_of_a_slice_is_a_column() -> None:
    result = evaluate(*FOREST, by="half")
    frame = result.slices_frame()
    for at, one in enumerate(result.to_dict()["slices"]):
        figures = {**one["overall"], **{key: value for key, value in one.items() if key not in {"overall", "classes"}}}
        assert figures.pop("loss_per") is None
        assert figures.pop("by") == {"half": frame["half"][at]}
        assert set(frame.columns) == {"half", *figures}
        for name, value in figures.items():
            assert math.isnan(frame[name][at]) if value is None else frame[name][at] == value


def test_the_loss_per_unit_has_columns_where_there_are_units(tmp_path: Path) -> None:
    frame = regions(tmp_path, per="bytes").slices_frame()
    assert frame["loss_per_total"].tolist() == [12.0, 24.0, 48.0]
    assert frame["loss_per_value"][0] == pytest.approx(math.log(2))
    assert "loss_per_column" not in frame.columns


def test_a_column_called_as_two_figures_are_is_still_told_apart(tmp_path: Path) -> None:
    result = regions(tmp_path)
    by = ("loss", "by_loss")
    slices = tuple(replace(one, by={"loss": "x", "by_loss": "y"}) for one in result.slices or ())
    frame = replace(result, slices=slices, settings=replace(result.settings, by=by)).slices_frame()
    assert list(frame.columns[:3]) == ["by_by_loss", "by_loss", "rows"]
    assert frame.columns.is_unique


def test_without_slices_there_is_no_frame() -> None:
    with pytest.raises(ValueError, match="the result has no slices; name their columns with `by`"):
        evaluate(*FOREST).slices_frame()


def test_infinite_figures_of_slices_are_null_and_listed_and_undefined_ones_are_null(tmp_path: Path) -> None:
    result = regions(tmp_path)
    data = result.to_dict()
    jsonschema.validate(json.loads(result.to_json()), SCHEMA)
    assert json.loads(result.to_json()) == data
    listed = [place for place in data["infinite"] if place.startswith("slices.")]
    assert "slices.1.overall.loss" in listed
    assert "slices.1.overall.perplexity" in listed
    assert not any(place.startswith("slices.0.overall.") for place in listed)
    for place in data["infinite"]:
        held: Any = data
        for part in place.split("."):
            held = held[int(part)] if isinstance(held, list) else held[part]
        assert held is None
    assert data["slices"][2]["by"] == {"region": None, "loss": "x"}
    assert data["overall"]["tied_rows"] is None
    assert data["slices"][0]["overall"]["tied_rows"] is None
    assert "overall.tied_rows" not in data["infinite"]
