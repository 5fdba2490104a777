"""Shards of the rows of some files add up to the shard of all of them, whatever each of them met first."""

from __future__ import annotations

import json
import math
import pickle
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from xentcli import UsageError
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import find_classes
from xentcli.columns.inputs import open_inputs
from xentcli.commands.evaluate import shard_of
from xentcli.engine.single_pass import Pass
from xentcli.spec.choices import InputKind, Missing, Unmatched, WeightKind
from xentcli.spec.options import ColumnSpec, EvalSpec
from xentcli.state.shard import Shard
from xentcli.summary.build_result import Running, result_of

RUNNING = Running(0.0, 1, ())
PETS = ("cat", "dog", "emu")
SLICED = ColumnSpec(by=("g", "h"), label=("y",), pred=PETS)
ALONE = ColumnSpec(by=("g", "h"), label=("y",), pred=("p",))
COUNTED = ColumnSpec(by=("g",), label=("y",), pred=PETS, weight="w", weight_kind=WeightKind.COUNT)
LEFT_OUT = ColumnSpec(by=("g",), label=("y",), pred=PETS, missing=Missing.DROP, ignore=("gnu",))
OF_DOG = ColumnSpec(label=("y",), pred=("p",), positive="dog")
SLICED_PETS = EvalSpec(columns=SLICED)
DOGS = ColumnSpec(pred=("cat", "dog"))
# Each with the columns of its predictions.
KINDS: dict[str, tuple[EvalSpec, Sequence[str]]] = {
    "plain": (EvalSpec(columns=ColumnSpec(label=("y",), pred=PETS)), PETS),
    "sliced": (EvalSpec(columns=SLICED), PETS),
    "counted": (EvalSpec(columns=COUNTED), PETS),
    "class weights": (EvalSpec(columns=SLICED, class_weight={"cat": 2.0, "emu": 0.5}, label_smoothing=0.1), PETS),
    "left out": (EvalSpec(columns=LEFT_OUT), PETS),
    "logits": (EvalSpec(columns=SLICED, input=InputKind.LOGITS), PETS),
    "distributions": (EvalSpec(columns=ColumnSpec(by=("g",), label=("y_*",), pred=("cat", "dog"))), ("cat", "dog")),
    "one column": (EvalSpec(columns=ColumnSpec(by=("g",), label=("y",), pred=("p",), positive="dog")), ("p",)),
    "one column, weights": (EvalSpec(columns=OF_DOG, class_weight={"cat": 2.0}, label_smoothing=0.1), ("p",)),
    "labels alone": (EvalSpec(columns=ALONE, input=InputKind.LABEL_PROBS), ("p",)),
    "no labels": (EvalSpec(columns=ColumnSpec(by=("g",), pred=("p",)), input=InputKind.LABEL_PROBS), ("p",)),
}


def record(kind: str, rng: random.Random) -> dict[str, Any]:
    """Return a row: labels, slices, a weight, and predictions that sum to 1 but for the last bits."""
    spec, columns = KINDS[kind]
    row: dict[str, Any] = {"g": rng.choice(["a", "b", "c", None]), "h": rng.choice(["1", "2"])}
    if spec.columns.weight is not None:
        row["w"] = rng.randint(0, 5)
    if kind == "distributions":
        share = rng.choice([0.0, 0.25, 1.0])
        row |= {"y_cat": share, "y_dog": 1.0 - share}
    elif kind != "no labels":
        names = ["cat", "dog"] if "one column" in kind else [*PETS]
        row["y"] = rng.choice([*names, "gnu", None] if kind == "left out" else names)
    if len(columns) == 1:
        return row | {columns[0]: rng.choice([0.0, 1.0, rng.random()])}
    numbers = [rng.expovariate(1.0) * rng.choice([1, 1, 1e-9]) for _ in columns]
    total = 1.0 if spec.input is InputKind.LOGITS else math.fsum(numbers)
    return row | {name: number / total for name, number in zip(columns, numbers, strict=True)}


def written(path: Path, rows: Sequence[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def said(shard: Shard) -> dict[str, Any]:
    """Return what a result says of a shard, but for what tells files and the numbers of rows."""
    result = result_of(shard, RUNNING).to_dict()
    for name in ("predictions", "labels", "rows_fingerprint"):
        result["inputs"].pop(name)
    for warning in result["warnings"]:
        warning["first"] = len(warning["first"])
    return {name: held for name, held in result.items() if name != "run"}


def parts_of(rows: Sequence[dict[str, Any]], data: st.DataObject) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows in two parts, each in an order of its own, so that slices and labels are met otherwise."""
    cut = data.draw(st.integers(10, len(rows) - 10))
    for part in (list(rows[:cut]), list(rows[cut:])):
        order = random.Random(data.draw(st.integers(0, 1000)))
        yield order.sample(part, len(part))


@pytest.mark.one_in_three
@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000), data=st.data())
@settings(max_examples=examples(20, fewest=6), deadline=None)
def test_shards_add_up_to_the_whole(
    kind: str, seed: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng, folder = random.Random(seed), tmp_path_factory.mktemp("shards")
    spec = KINDS[kind][0]
    # Either part has rows enough to meet every label; what happens where one has not, another test says.
    fixed = [record(kind, random.Random(at)) for at in range(20)]
    rows = [*fixed, *(record(kind, rng) for _ in range(rng.randint(0, 12))), *fixed]
    whole = shard_of(spec, written(folder / "whole.jsonl", rows), None)
    shards = [
        shard_of(spec, written(folder / f"{at}.jsonl", part), None) for at, part in enumerate(parts_of(rows, data))
    ]
    merged, other = shards[0].merge(shards[1]), shards[1].merge(shards[0])
    assert merged.state.totals() == other.state.totals()
    assert result_of(merged, RUNNING).to_dict()["inputs"] == result_of(other, RUNNING).to_dict()["inputs"]
    assert said(merged) == said(other) == said(whole)


@pytest.mark.one_in_three
@pytest.mark.parametrize("kind", KINDS)
@given(order=st.permutations(range(4)))
@settings(max_examples=examples(6, fewest=2), deadline=None)
def test_the_order_in_which_shards_are_merged_changes_nothing(
    kind: str, order: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, rng = tmp_path_factory.mktemp("shards"), random.Random(1)
    spec = KINDS[kind][0]
    files = [written(folder / f"{at}.jsonl", [record(kind, rng) for _ in range(12)]) for at in range(4)]
    shards = [shard_of(spec, file, None) for file in files]
    merged = [reduce(Shard.merge, [shards[at] for at in ordered]) for ordered in (range(4), order)]
    right = shards[order[0]].merge(shards[order[1]].merge(shards[order[2]].merge(shards[order[3]])))
    results = [result_of(shard, RUNNING).to_dict() for shard in (*merged, right)]
    for result in results:
        result.pop("run")
    assert results[0] == results[1] == results[2]
    assert merged[0].state.totals() == merged[1].state.totals() == right.state.totals()


def one_of(path: Path, text: str, spec: EvalSpec) -> Shard:
    """Return the shard of a file that alone may not say what its classes are called."""
    path.write_text(text)
    with ExitStack() as stack:
        inputs, classes = find_classes(open_inputs(spec, str(path), None, stack), spec)
        one = Pass(spec, inputs, classes)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        one.add_up([Stream(inputs.predictions.pieces(inputs.roles.wanted(0, spec), pool, 0))], None)
        assert classes.mapper is not None
        return one.shard(classes.mapper.names(), labels_given=False)


def test_a_class_that_one_shard_has_not_met_is_named_by_the_other(tmp_path: Path) -> None:
    spec = EvalSpec(columns=ColumnSpec(label=("y",)))
    cats = one_of(tmp_path / "a.csv", "y,cat\ncat,0.5\ncat,0.25\n", spec)
    dogs = one_of(tmp_path / "b.csv", "y,cat\ndog,0.5\ndog,0.125\n", spec)
    assert (cats.names.classes, cats.unmet) == (("not cat", "cat"), ("not cat",))
    assert dogs.unmet == ("not dog",)
    merged, other = cats.merge(dogs), dogs.merge(cats)
    assert merged.names.classes == other.names.classes == ("dog", "cat")
    assert merged.unmet == other.unmet == ()
    (tmp_path / "whole.csv").write_text("y,cat\ncat,0.5\ncat,0.25\ndog,0.5\ndog,0.125\n")
    whole = result_of(shard_of(spec, str(tmp_path / "whole.csv"), None), RUNNING)
    assert merged.names == other.names
    assert result_of(merged, RUNNING).overall == result_of(other, RUNNING).overall == whole.overall
    assert result_of(merged, RUNNING).classes == whole.classes


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (EvalSpec(clip=1e-3, columns=DOGS), "--clip is '2.220446049250313e-16' and '0.001'"),
        (EvalSpec(columns=ColumnSpec(pred=("cat", "dog"), weight="w")), "--weight is 'None' and 'w'"),
        (EvalSpec(class_weight={"cat": 2.0}, columns=DOGS), "--class-weight is 'None' and "),
        (EvalSpec(columns=ColumnSpec(pred=("dog", "cat"))), "--pred is "),
        (EvalSpec(columns=ColumnSpec(pred=("cat", "dog"), label=("z",))), "--label is '()' and "),
    ],
    ids=["clip", "weight", "class weight", "pred", "label"],
)
def test_shards_of_other_options_do_not_add_up(spec: EvalSpec, message: str, tmp_path: Path) -> None:
    rows = [{"label": name, "z": name, "cat": 0.5, "dog": 0.5, "w": 1} for name in ("cat", "dog")]
    path = written(tmp_path / "p.jsonl", rows)
    with pytest.raises(UsageError) as error:
        shard_of(EvalSpec(columns=DOGS), path, None).merge(shard_of(spec, path, None))
    assert message in str(error.value)


def test_shards_of_other_classes_do_not_add_up(tmp_path: Path) -> None:
    paths = []
    for at, other in enumerate(("dog", "emu")):
        rows = [{"y": name, "cat": 0.5, other: 0.5} for name in ("cat", other)]
        paths.append(written(tmp_path / f"{at}.jsonl", rows))
    one, two = (shard_of(EvalSpec(), path, None) for path in paths)
    with pytest.raises(UsageError, match="do not add up"):
        one.merge(two)


def test_classes_in_another_order_add_up_by_name(tmp_path: Path) -> None:
    rows = [{"y": "cat", "cat": 0.75, "dog": 0.25}, {"y": "dog", "cat": 0.5, "dog": 0.5}]
    turned = [{name: row[name] for name in ("y", "dog", "cat")} for row in rows]
    one = shard_of(EvalSpec(), written(tmp_path / "a.jsonl", rows), None)
    two = shard_of(EvalSpec(), written(tmp_path / "b.jsonl", turned), None)
    whole = shard_of(EvalSpec(), written(tmp_path / "c.jsonl", rows + rows), None)
    assert said(one.merge(two))["classes"] == said(two.merge(one))["classes"] == said(whole)["classes"]
    assert said(one.merge(two))["overall"] == said(whole)["overall"]


def test_slices_of_all_shards_have_the_bound_of_one(tmp_path: Path) -> None:
    spec = EvalSpec(columns=ColumnSpec(by=("g",), label=("y",), pred=("cat", "dog")), most_slices=2)
    shards = []
    for at, groups in enumerate(("ab", "bc")):
        rows = [{"y": "cat", "cat": 0.5, "dog": 0.5, "g": group} for group in groups]
        shards.append(shard_of(spec, written(tmp_path / f"{at}.jsonl", rows), None))
    with pytest.raises(UsageError, match=r"more than 2 slices by 'g'"):
        shards[0].merge(shards[1])


def test_shards_by_key_add_up_unless_rows_of_the_same_labels_are_left(tmp_path: Path) -> None:
    spec = EvalSpec(columns=ColumnSpec(on=("id",), unmatched=Unmatched.DROP, label=("y",)))
    rows = [{"id": at, "cat": 0.5, "dog": 0.5} for at in range(4)]
    labels = [{"id": at, "y": "cat"} for at in range(4)]
    halves = [written(tmp_path / f"y{at}.jsonl", labels[2 * at : 2 * at + 2]) for at in range(2)]
    paths = [written(tmp_path / f"p{at}.jsonl", rows[2 * at : 2 * at + 2]) for at in range(2)]
    one, two = (shard_of(spec, path, half) for path, half in zip(paths, halves, strict=True))
    whole = shard_of(spec, written(tmp_path / "p.jsonl", rows), written(tmp_path / "y.jsonl", labels))
    assert said(one.merge(two)) == said(two.merge(one)) == said(whole)
    assert one.merge(two).state.rows.fingerprint() == whole.state.rows.fingerprint()
    shards = [shard_of(spec, path, str(tmp_path / "y.jsonl")) for path in paths]
    with pytest.raises(UsageError, match="shards by key of the same LABELS"):
        shards[0].merge(shards[1])


def test_a_blank_line_that_ends_a_file_keeps_its_place(tmp_path: Path) -> None:
    shards = []
    for at, rows in enumerate((2, 3)):
        mine, yours = tmp_path / f"p{at}.csv", tmp_path / f"y{at}.csv"
        mine.write_text("cat,dog\n" + "0.5,0.5\n" * rows)
        yours.write_text("label\n" + "cat\n" * rows + "\n")
        shards.append(shard_of(EvalSpec(), str(mine), str(yours)))
    for merged in (shards[0].merge(shards[1]), shards[1].merge(shards[0])):
        found = [one for one in result_of(merged, RUNNING).warnings if one.code == "trailing_blank_line"]
        assert [(Path(one.first[0].file).name, one.first[0].record) for one in found] == [("y0.csv", 3), ("y1.csv", 4)]


def test_what_was_looked_at_is_not_pickled(tmp_path: Path) -> None:
    shard = shard_of(SLICED_PETS, written(tmp_path / "p.jsonl", [record("sliced", random.Random(1))] * 9), None)
    before = len(pickle.dumps(shard))
    result_of(shard, RUNNING)
    assert len(pickle.dumps(shard)) < before * 1.05


@pytest.mark.parametrize("kind", KINDS)
def test_what_travels_pickles(kind: str, tmp_path: Path) -> None:
    spec = KINDS[kind][0]
    path = written(tmp_path / "p.jsonl", [record(kind, random.Random(at)) for at in range(30)])
    assert pickle.loads(pickle.dumps(spec)) == spec
    shard = shard_of(spec, path, None)
    again: Shard = pickle.loads(pickle.dumps(shard))
    assert again.state.totals() == shard.state.totals()
    for name in ("spec", "names", "slices", "cells", "read"):
        assert getattr(again, name) == getattr(shard, name)
    result = result_of(shard, RUNNING)
    assert pickle.loads(pickle.dumps(result)) == result
    assert said(again) == said(shard)
    with ExitStack() as stack:
        inputs, classes = find_classes(open_inputs(spec, path, None, stack), spec)
        plan = Pass(spec, inputs, classes).planner.plan()
        assert pickle.loads(pickle.dumps(plan)) == plan


def test_a_result_is_built_from_a_shard_without_arrow(tmp_path: Path) -> None:
    spec = EvalSpec(columns=ColumnSpec(by=("half",), weight="weight"))
    shard = shard_of(spec, str(SAMPLES / "digits_forest.csv"), str(SAMPLES / "digits_labels.csv"))
    (tmp_path / "shard").write_bytes(pickle.dumps(shard))
    code = """
import pickle, sys
sys.modules["pyarrow"] = None
from xentcli.summary.build_result import Running, result_of
shard = pickle.load(open(sys.argv[1], "rb"))
print(repr(result_of(shard.merge(shard), Running(0.0, 1, ())).overall.loss))
print(result_of(shard, Running(0.0, 1, ())).to_json())
"""
    command = [sys.executable, "-c", code, str(tmp_path / "shard")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    twice, _, text = done.stdout.partition("\n")
    result = result_of(shard, RUNNING)
    assert float(twice) == result.overall.loss
    assert {**json.loads(text), "run": None} == {**result.to_dict(), "run": None}
