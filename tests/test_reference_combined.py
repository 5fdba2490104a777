"""Every figure of xent against the reference where weights, labels, inputs, units, slices and left-out rows meet."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reference.combined import Combined, Table, combined_case
from reference.comparing import LEFT_OUT, Scale, scale_of, section_differences, slice_differences, unknown_keys
from reference.evaluator import Figures, evaluate
from reference.slices import Slice, evaluate_slices

import xentcli

BATCHES = 25
CASES_PER_BATCH = 14

Result = dict[str, Any]


def batch_of_cases(batch: int) -> list[Combined]:
    return [combined_case(batch * CASES_PER_BATCH + i) for i in range(CASES_PER_BATCH)]


def write_table(path: Path, table: Table, narrow: tuple[str, ...] = ()) -> Path:
    """Write a table as its ending says; `narrow` names the columns that Parquet holds as float32."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))  # csv writes floats as repr, which is exact
    else:
        types = {name: _narrow(values[0]) if name in narrow else None for name, values in table.items()}
        pq.write_table(pa.table({name: pa.array(values, types[name]) for name, values in table.items()}), path)
    return path


def _narrow(value: Any) -> pa.DataType:
    return pa.list_(pa.float32()) if isinstance(value, list) else pa.float32()


def run(case: Combined, folder: Path) -> Result:
    """Return the result of `xent` on the files of a case, as the dictionary that JSON would hold."""
    predictions = write_table(folder / f"p{case.seed}.{case.formats[0]}", case.predictions, case.narrow)
    labels = None if case.labels is None else write_table(folder / f"y{case.seed}.{case.formats[1]}", case.labels)
    try:
        return xentcli.evaluate(predictions, labels, **case.options).to_dict()
    except xentcli.XentError as error:
        raise AssertionError(f"{case}: {error}") from error


def reference(case: Combined) -> tuple[Figures, list[Figures], dict[Any, Slice]]:
    given = (case.rows, case.given, case.weights, case.settings)
    overall, classes = evaluate(*given, case.per)
    return overall, classes, {} if case.keys is None else evaluate_slices(*given, case.keys, case.per)


def differences(case: Combined, result: Result) -> list[str]:
    """Return a line for each figure of a result that is not the reference's."""
    overall, classes, slices = reference(case)
    scale = scale_of(case.rows, case.given, case.weights, case.settings)
    found = _of_rows("", result, (overall, dict(enumerate(classes))), scale, case)
    found += [
        f"overall {key} is {result['overall'][key]!r}, of {case.left_out[key]} rows"
        for key in LEFT_OUT
        if result["overall"][key] != case.left_out[key]
    ]
    if case.keys is None:
        return [*found, *(["slices are there and were not asked for"] if "slices" in result else [])]
    parts = {tuple(part["by"].values()): part for part in result["slices"]}
    if len(parts) != len(result["slices"]) or parts.keys() != slices.keys():
        return [*found, f"there are slices {list(parts)}, the reference has {list(slices)}"]
    for key, wanted in slices.items():
        found += _of_rows(f"slice {key}: ", parts[key], (wanted.overall, wanted.classes), scale, case)
        against = {name: value for name, value in wanted.against.items() if name != "p_adjusted"}
        found += [f"slice {key}: {line}" for line in section_differences(parts[key], against, scale, overall)]
        found += [f"slice {key} has {name}" for name in unknown_keys(parts[key], against | {"weight_share": 0.0})]
    return found + slice_differences(result["slices"])


def _of_rows(
    where: str, actual: Result, expected: tuple[Figures, dict[int, Figures]], scale: Scale, case: Combined
) -> list[str]:
    """Compare `overall` and `classes` of the whole or of a slice."""
    overall, classes = expected
    found = [f"overall: {line}" for line in section_differences(actual["overall"], overall, scale, overall)]
    if overall["rows"]:  # of a slice without rows the reference says no more than that it has no figures
        found += [f"overall has {name}" for name in unknown_keys(actual["overall"], overall) - set(LEFT_OUT)]
    if case.per is None and actual["overall"]["loss_per"] is not None:
        found.append("loss_per is there and was not asked for")
    names = [case.names[k] for k in classes]
    if [one["class"] for one in actual["classes"]] != names:
        return [where + line for line in [*found, f"classes are not {names}"]]
    for name, one, wanted in zip(names, actual["classes"], classes.values(), strict=True):
        found += [f"class {name}: {line}" for line in section_differences(one, wanted, scale, overall)]
        found += [f"class {name} has {key}" for key in unknown_keys(one, wanted)]
    return [where + line for line in found]


@pytest.mark.one_in_three
@pytest.mark.parametrize("batch", range(BATCHES))
def test_xent_gives_the_figures_of_the_reference_where_options_meet(batch: int, tmp_path: Path) -> None:
    for case in batch_of_cases(batch):
        result = run(case, tmp_path)
        assert not differences(case, result), str(case)
        assert result["inputs"]["classes"] == case.names, str(case)
        infinite = scale_of(case.rows, case.given, case.weights, case.settings).infinite
        assert ("overall.loss" in result["infinite"]) == infinite, str(case)
        if case.labels is None:
            assert (result["inputs"]["task"], result["classes"]) == ("label-only", []), str(case)


def test_every_pair_of_facts_that_can_meet_does_in_the_random_cases() -> None:
    """Guards the comparison above against a generator that leaves a combination out."""
    cases = [case for batch in range(BATCHES) for case in batch_of_cases(batch)]
    assert len(cases) >= 300
    facts = [{name for name, holds in FACTS.items() if holds(case)} for case in cases]
    met = Counter(pair for held in facts for pair in combinations(sorted(held), 2))
    assert min(Counter(name for held in facts for name in held).values()) >= 25
    strangers = {pair for pair in combinations(sorted(FACTS), 2) if not met[pair]}
    assert strangers == {pair for group in EXCLUSIVE for pair in combinations(sorted(group), 2)}


FACTS: dict[str, Callable[[Combined], bool]] = {
    "bits": lambda case: case.settings.unit == "bits",
    "by": lambda case: case.keys is not None,
    "class weights": lambda case: case.settings.class_weights is not None,
    "clip": lambda case: case.options.get("clip") not in {None, "none"},
    "counts": lambda case: case.settings.counts,
    "distribution": lambda case: case.given is not None and not isinstance(case.given[0], int),
    "dropped": lambda case: case.left_out["dropped_rows"] > 0,
    "ignored": lambda case: case.left_out["ignored_rows"] > 0,
    "keyed": lambda case: "on" in case.options,
    "label only": lambda case: case.settings.label_only,
    "lists": lambda case: isinstance(case.predictions.get("all of them", [0])[0], list),
    "logits": lambda case: case.settings.input == "logits",
    "logprobs": lambda case: case.settings.input == "logprobs",
    "no clip": lambda case: case.options.get("clip") == "none",
    "one column": lambda case: not case.settings.label_only and len(case.rows[0]) == 1,
    "per": lambda case: case.per is not None,
    "renormalized": lambda case: case.settings.renormalize,
    "smoothing": lambda case: case.settings.label_smoothing > 0,
    "unlabelled": lambda case: case.labels is None,
    "weights": lambda case: case.weights is not None and not case.settings.counts,
}

EXCLUSIVE = (
    ("clip", "no clip"),
    ("counts", "weights"),
    ("logits", "logprobs", "label only"),
    ("logits", "renormalized"),
    ("one column", "renormalized", "label only"),
    ("distribution", "label only"),
    ("smoothing", "label only"),
    ("lists", "label only"),
    ("lists", "one column"),
    ("lists", "unlabelled"),
    ("distribution", "dropped"),  # a distribution is never missing here,
    ("distribution", "ignored"),  # and never the label -100
    *(("unlabelled", other) for other in ("class weights", "distribution", "dropped", "ignored", "keyed", "logits")),
    *(("unlabelled", other) for other in ("logprobs", "one column", "renormalized", "smoothing")),
)
