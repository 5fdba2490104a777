"""CSV: every figure of JSON, to the last bit and for every reader; null, infinite and empty are told apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES
from csv_reading import READERS, by_csv, cells_of, csv_of, in_json, same
from reading import evaluated

from xentcli import EvalResult, evaluate
from xentcli.render.wording.class_listing import in_order
from xentcli.render.wording.listing_options import SORTS
from xentcli.render.wording.slice_listing import by_excess
from xentcli.results.figures import keys_of
from xentcli.results.verdicts import BaselineResult, Change

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
SLICE = "class_mix,delta_rest,delta_rest_se,delta_rest_low,delta_rest_high,p_value,p_adjusted"
PER = "loss_per_total,loss_per_value,loss_per_se,loss_per_low,loss_per_high,loss_per_perplexity"
CLASS = ",".join(keys_of("class"))
# What everything has besides, before and after the figures of --per.
OVERALL, COUNTS = ",".join(key for key in keys_of("overall") if key not in keys_of("class")).split(f",{PER},")


@cache
def forest(**options: Any) -> EvalResult:
    return evaluate(*FOREST, **options)


def regions(folder: Path, **options: Any) -> EvalResult:
    """Return slices by two columns, of probabilities of the label alone; in `b` all of them are 0."""
    columns = {
        "p": [0.5, 0.0, 0.25] * 12,
        "region": ["a", "b", None] * 12,
        "year": ["", "", "2025"] * 12,
        "bytes": [1, 2, 4] * 12,
        "label": ["cat", "dog"] * 18,
    }
    options = {"input": "label-probs", "pred": "p", "by": "region,year", "clip": "none", "per": "bytes"} | options
    return evaluated(folder, columns, **options)


CASES: dict[str, Callable[[Path], EvalResult]] = {
    "binary": lambda _: evaluate(SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv"),
    "logits": lambda _: evaluate(SAMPLES / "wine_logits.csv", SAMPLES / "wine_labels.csv", input="logits"),
    "ten classes": lambda _: forest(),
    "slices": lambda _: forest(by="half", weight="weight"),
    "infinite": lambda _: forest(by="half", clip="none"),
    "two columns": regions,
}


def by_of(result: EvalResult) -> tuple[str, ...]:
    return () if result.slices is None else result.settings.by


# Which records and columns there are ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "headings"),
    [
        ({}, ["row", "class", CLASS, OVERALL, COUNTS]),
        ({"by": "half"}, ["row", "half", "class", CLASS, SLICE, OVERALL, COUNTS]),
        ({"by": "half", "per": "weight"}, ["row", "half", "class", CLASS, SLICE, OVERALL, PER, COUNTS]),
    ],
    ids=["plain", "by", "per"],
)
def test_the_options_alone_say_which_columns_there_are(options: dict[str, str], headings: list[str]) -> None:
    assert csv_of(forest(**options)).partition("\n")[0] == ",".join(headings)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("reader", READERS)
def test_every_figure_is_that_of_json(case: str, reader: str, tmp_path: Path) -> None:
    result = CASES[case](tmp_path)
    by = by_of(result)
    expected = {}
    for one in in_json(result):
        values = one.pop("by", None) or dict.fromkeys(by)
        # Most readers take an empty text and a missing one for the same.
        key = (one["row"], *(values[column] or "" for column in by), one.get("class", ""))
        expected[key] = one
    records = READERS[reader](csv_of(result), ("row", "class", *by))
    assert len(records) == len(expected) == len({tuple(one[name] for name in ("row", *by, "class")) for one in records})
    for one in records:
        figures = expected[tuple(one[name] for name in ("row", *by, "class"))]
        assert set(figures) - {"class"} <= set(one)
        for name in set(one) - {"row", "class", *by}:
            assert same(one[name], figures.get(name)), name


def test_everything_comes_first_then_classes_then_each_slice_with_its_own() -> None:
    result = forest(by="half")
    records = [(one["row"], one["half"], one["class"]) for one in by_csv(csv_of(result), ("row", "half", "class"))]
    expected = [("overall", "", ""), *(("class", "", entry.class_) for entry in in_order(result, "loss-share"))]
    for one in by_excess(result):
        value = str(one.by["half"])
        mine = sorted(one.classes, key=lambda entry: -(entry.loss_share or 0.0))
        expected += [("slice", value, ""), *(("slice-class", value, entry.class_) for entry in mine)]
    assert records == expected
    assert [value for row, value, _ in records if row == "slice"] == ["upper", "even", "lower"]


@pytest.mark.parametrize("sort", SORTS)
def test_all_classes_are_there_sorted_however_few_the_table_would_list(sort: str) -> None:
    records = by_csv(csv_of(forest(), sort=sort, top=1))
    assert [one["class"] for one in records[1:]] == [entry.class_ for entry in in_order(forest(), sort)]


def filled(text: str) -> list[dict[str, str]]:
    """Return the cells of every record that are not empty, by their headings."""
    headings, *records = cells_of(text)
    return [{name: cell for name, cell in zip(headings, one, strict=True) if cell} for one in records]


def test_every_figure_of_a_class_is_written_in_full(tmp_path: Path) -> None:
    columns = {"p_cat": [0.5, 0.25], "p_dog": [0.5, 0.75], "label": ["cat", "cat"]}
    whole, cat, dog = filled(csv_of(evaluated(tmp_path, columns)))
    loss = repr((math.log(2) + math.log(4)) / 2)
    # 1.5·ln 2 lies ln 2 / 2 from either row's loss.
    error = repr(math.log(2) / 2)
    assert cat == cat | {
        "row": "class",
        "class": "cat",
        "rows": "2",
        "weight": "2.0",
        "weight_share": "1.0",
        "loss": loss,
        "loss_se": error,
        "loss_share": "1.0",
        "loss_ratio": "1.0",
        "label_probability": "0.375",
        "predicted_share": "0.375",
        "recall": "0.25",
        "precision": "1.0",
        "predicted_rows": "0.5",
        "clipped_rows": "0",
    }
    assert not cat.keys() & {"loss_low", "loss_high"}
    assert dog == dog | {
        "row": "class",
        "class": "dog",
        "rows": "0",
        "weight": "0.0",
        "weight_share": "0.0",
        "predicted_share": "0.625",
        "precision": "0.0",
        "predicted_rows": "1.5",
        "clipped_rows": "0",
    }
    undefined = {"loss", "loss_se", "loss_low", "loss_high", "loss_share", "loss_ratio", "label_probability", "recall"}
    assert not dog.keys() & undefined
    assert (whole["row"], whole["loss"], whole["accuracy"], whole["tied_rows"]) == ("overall", loss, "0.25", "1")
    # 1 less cat's probability, squared, in both classes, and halved for two.
    assert whole["brier"] == repr((0.5**2 + 0.75**2) / 2)


# How values are written ----------------------------------------------------------------------------------------


def test_null_is_empty_infinite_is_inf_and_counts_are_whole() -> None:
    headings, *records = cells_of(csv_of(forest(by="half", clip="none")))
    found = {tuple(one[:3]): dict(zip(headings, one, strict=True)) for one in records}
    whole, nine = found["overall", "", ""], found["slice-class", "lower", "nine"]
    assert (whole["rows"], whole["loss"], whole["loss_low"], whole["skill"]) == ("809", "inf", "", "-inf")
    assert (nine["rows"], nine["weight"], nine["loss_se"], nine["skill"], nine["clipped_rows"]) == (
        *("1", "1.0", "", "", "0"),
    )


def test_a_missing_value_is_empty_and_an_empty_text_is_quoted(tmp_path: Path) -> None:
    lines = [line for line in csv_of(regions(tmp_path)).splitlines() if line.startswith("slice,")]
    assert sorted(line.split(",")[1:3] for line in lines) == [["", "2025"], ["a", '""'], ["b", '""']]


def test_lines_end_in_a_line_feed_and_nothing_else() -> None:
    text = csv_of(forest())
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text
    assert len(text.splitlines()) == 12


def test_columns_of_slices_called_as_others_are_have_by_before_their_name() -> None:
    result = forest(by="half")
    for columns, names in [
        (("loss", "row"), ["by_loss", "by_row"]),
        (("class", "by_class"), ["by_by_class", "by_class"]),
        (("delta_rest", "loss_per_value"), ["by_delta_rest", "loss_per_value"]),
        (("=x", "a,b"), ["'=x", "a,b"]),
    ]:
        slices = tuple(replace(one, by=dict(zip(columns, ("x", "y"), strict=True))) for one in result.slices or ())
        given = replace(result, slices=slices, settings=replace(result.settings, by=columns))
        headings = cells_of(csv_of(given))[0]
        assert headings[1:3] == names
        assert len(set(headings)) == len(headings)


# Baselines -----------------------------------------------------------------------------------------------------


def test_with_a_baseline_the_change_of_each_loss_stands_beside_it() -> None:
    result = forest(by="half")
    changes = (
        Change("loss", 0.5, 0.39, -0.11, 0.25),
        Change("class/nine/loss", 0.75, 0.96, 0.21, None),
        Change("slice/half/even/loss", math.inf, 0.36, -math.inf, None),
        Change("skill", 0.1, 0.8, 0.7, 0.1),
    )
    given = replace(result, baseline=BaselineResult("old.json", 800, False, (), changes))
    text = csv_of(given)
    headings = cells_of(text)[0]
    at = headings.index("loss_baseline")
    assert headings[at - 1 : at + 4] == [
        "loss_high",
        "loss_baseline",
        "loss_change",
        "loss_change_half_width",
        "loss_share",
    ]
    found = {tuple(one[:3]): one[at : at + 3] for one in cells_of(text)[1:]}
    assert found.pop(("overall", "", "")) == ["0.5", "-0.11", "0.25"]
    assert found.pop(("class", "", "nine")) == ["0.75", "0.21", ""]
    assert found.pop(("slice", "even", "")) == ["inf", "-inf", ""]
    assert set(map(tuple, found.values())) == {("", "", "")}
