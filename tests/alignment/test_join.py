"""Rows aligned by key give what a plain dictionary join, sorted by key, gives without keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from effort import examples
from evaluated import Result, same_everywhere
from forms import TEXTS, write_form
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xentcli import evaluate
from xentcli.errors import DataError

CLASSES = ["cat", "dog", "eel"]
FORMATS = ["csv", "jsonl", "parquet"]
_ALPHABET = "a1é0\u0301漢 ,\"'\n🜨-."
_INTEGERS = (pa.int64(), *TEXTS)

# The values a key column may hold, and the types that Parquet may hold them in.
KEYS: dict[str, tuple[st.SearchStrategy[Any], tuple[pa.DataType, ...]]] = {
    "small integers": (
        st.integers(-128, 127),
        (pa.int8(), pa.int16(), pa.int32(), pa.float32(), pa.float64(), pa.decimal128(9, 2), *_INTEGERS),
    ),
    "integers": (st.integers(-(2**63), 2**63 - 1), _INTEGERS),
    "unsigned integers": (st.integers(0, 2**64 - 1), (pa.uint64(), *TEXTS)),
    "texts": (st.text(_ALPHABET, min_size=1, max_size=5), (pa.binary(), *TEXTS)),
    "long texts": (st.text("ab", min_size=1, max_size=3).map(lambda text: text.rjust(600, "x")), TEXTS),
    "texts like integers": (st.sampled_from(["7", "07", "+7", "-7", "7.0", "7e0", "0", "-0", "00", "1_0"]), TEXTS),
    "dates": (
        st.integers(-9000, 9000).map(lambda days: date(1999, 12, 31) + timedelta(days)),
        (pa.date32(), pa.date64(), *TEXTS),
    ),
    "UUIDs": (st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number))), TEXTS),
}


@dataclass(frozen=True)
class Row:
    """A row of both inputs: its key, predictions and label, and what else options may name."""

    key: tuple[Any, ...]
    p: list[float]
    label: int
    parts: list[float]
    w: float
    units: int
    group: str | None


@dataclass(frozen=True)
class Joined:
    """Rows, some of which one input has alone, and how they are written and read."""

    rows: list[Row]
    only_predictions: int
    only_labels: int
    kinds: tuple[str, ...]
    labels: str
    sides: Mapping[str, int]
    by: str | None
    unmatched: str

    @property
    def matched(self) -> list[Row]:
        """Return the rows that both inputs have."""
        return self.rows[self.only_predictions + self.only_labels :]

    @property
    def on(self) -> list[str]:
        """Return the names of the key columns."""
        return [f"key{at}" for at in range(len(self.kinds))]

    def of_side(self, side: int) -> list[Row]:
        """Return the rows that one input has."""
        alone = self.rows[: self.only_predictions]
        if side:
            alone = self.rows[self.only_predictions : self.only_predictions + self.only_labels]
        return alone + self.matched

    def options(self) -> dict[str, Any]:
        """Return the options that say which column is what, but for the keys."""
        options: dict[str, Any] = {"pred": CLASSES, "weight": "w", "per": "units"}
        if self.labels == "label-probs":
            options |= {"pred": CLASSES[0], "input": "label-probs", "label": "y", "label_kind": "name"}
            return options | ({"by": self.by} if self.by is not None else {})
        options["label"] = [f"y_{name}" for name in CLASSES] if self.labels == "distribution" else "y"
        options["label_kind"] = {"names": "name", "indices": "index"}.get(self.labels, "distribution")
        return options | ({"by": self.by} if self.by is not None else {})

    def columns(self, rows: list[Row], sides: set[int]) -> dict[str, list[Any]]:
        """Return the columns of one input, or of both in one file."""
        table: dict[str, list[Any]] = {name: [row.key[at] for row in rows] for at, name in enumerate(self.on)}
        table["beside"] = [f"{sides} {at}" for at in range(len(rows))]  # differs between the inputs: no key
        if 0 in sides:
            table |= {name: [row.p[k] for row in rows] for k, name in enumerate(CLASSES)}
        if self.sides["label"] in sides:
            table |= self._label(rows)
        others: dict[str, list[Any]] = {"w": [row.w for row in rows], "units": [row.units for row in rows]}
        others["group"] = [row.group for row in rows]
        return table | {name: column for name, column in others.items() if self.sides[name] in sides}

    def _label(self, rows: list[Row]) -> dict[str, list[Any]]:
        if self.labels == "distribution":
            return {f"y_{name}": [row.parts[k] for row in rows] for k, name in enumerate(CLASSES)}
        if self.labels == "lists":
            return {"y": [row.parts for row in rows]}
        return {"y": [row.label if self.labels == "indices" else CLASSES[row.label] for row in rows]}


@st.composite
def joins(draw: st.DrawFn) -> Joined:
    """Draw rows with distinct keys of any kind and everything that options may name."""
    kinds = tuple(draw(st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=2)))
    keys = draw(st.lists(st.tuples(*(KEYS[kind][0] for kind in kinds)), min_size=1, max_size=24, unique=True))
    only = [draw(st.integers(0, min(3, (len(keys) - 1) // 2))) for _ in range(2)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = []
    for key in keys:
        p, parts = rng.dirichlet([0.3] * 3), rng.choice([0.0, 0.25, 0.5], 3)
        parts[int(rng.integers(3))] += 1.0 - float(parts.sum()) if parts.sum() <= 1.0 else 0.0
        if parts.sum() != 1.0:
            parts = np.eye(3)[int(rng.integers(3))]
        w, group = float(rng.choice([0.0, 0.1, 1.0, 3.0])), [None, "a", "b", "é"][int(rng.integers(4))]
        units = int(rng.integers(1, 4))
        rows.append(Row(key, p.tolist(), int(rng.integers(3)), parts.tolist(), w, units, group))
    rows[-1] = Row(**{**vars(rows[-1]), "w": 2.0})
    unmatched = (
        "drop" if all(only) else draw(st.sampled_from(["drop", "drop-predictions", "error"][: 2 + (not only[0])]))
    )
    if only[1]:
        unmatched = "drop" if only[0] else draw(st.sampled_from(["drop", "drop-labels"]))
    labels = draw(st.sampled_from(["names", "indices", "distribution", "lists", "label-probs"]))
    sides = {name: draw(st.integers(0, 1)) for name in ("label", "w", "units", "group")}
    by = draw(st.sampled_from([None, "group", "key0"]))
    return Joined(rows, only[0], only[1], kinds, labels, sides, by, unmatched)


def without_unmatched(result: Result) -> Result:
    """Return what the two ways to align have in common."""
    plain = same_everywhere(result)
    if result["inputs"]["task"] == "label-only":
        # Where every label is a class, so are those of rows that only LABELS has.
        plain["classes"] = [entry for entry in plain["classes"] if entry["rows"]]
        plain["settings"] = {**plain["settings"], "brier_scale": None}
    plain["settings"] = {name: value for name, value in plain["settings"].items() if name != "unmatched"}
    left_out = {"unmatched_predictions", "unmatched_labels"}
    plain["overall"] = {name: value for name, value in plain["overall"].items() if name not in left_out}
    return plain


SETTINGS = settings(
    max_examples=examples(25),
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(join=joins(), data=st.data())
@SETTINGS
def test_keys_give_what_a_dictionary_join_gives(join: Joined, data: st.DataObject, tmp_path: Path) -> None:
    results = []
    for at in range(2):
        paths = []
        for side in (0, 1):
            rows = join.of_side(side)
            shuffled = data.draw(st.permutations(rows), label=f"rows of side {side}")
            lists = join.labels == "lists" and join.sides["label"] == side
            form = data.draw(st.sampled_from(FORMATS[1 if lists else 0 :]), label="format")
            types = {
                name: data.draw(st.sampled_from(KEYS[kind][1])) for name, kind in zip(join.on, join.kinds, strict=True)
            }
            types["group"] = pa.string()  # also where all are missing
            path = str(tmp_path / f"{at}-{side}.{form}")
            paths.append(write_form(join.columns(shuffled, {side}), path, types))
        chunk, threads = data.draw(st.sampled_from([None, 1, 2, 7])), data.draw(st.integers(1, 3))
        keyed = evaluate(*paths, on=join.on, unmatched=join.unmatched, chunk_rows=chunk, jobs=threads, **join.options())
        results.append(keyed)
        counts = keyed.overall.unmatched_predictions, keyed.overall.unmatched_labels
        assert counts == (join.only_predictions, join.only_labels)
        assert (keyed.inputs.alignment, keyed.inputs.on) == ("key", tuple(join.on))
    plain = write_form(
        join.columns(sorted(join.matched, key=lambda row: repr(row.key)), {0, 1}),
        str(tmp_path / "both.parquet"),
        {"group": pa.string()},
    )
    expected = without_unmatched(evaluate(plain, **join.options()).to_dict())
    assert without_unmatched(results[0].to_dict()) == expected
    assert without_unmatched(results[1].to_dict()) == expected
    assert results[0].inputs.rows_fingerprint == results[1].inputs.rows_fingerprint


def keyed_files(rows: int, seed: int = 0) -> tuple[pa.Table, pa.Table]:
    """Return predictions of sentences in documents, by `doc` and `sent`, and their labels in another order."""
    rng = np.random.default_rng(seed)
    p = rng.random(rows)
    keys = {"doc": [f"d{at // 3}" for at in range(rows)], "sent": [at % 3 for at in range(rows)]}
    labels = pa.table({**keys, "y": (rng.random(rows) < p).astype(np.int64), "w": rng.integers(1, 5, rows)})
    return pa.table({**keys, "p": p}), labels.take(pa.array(rng.permutation(rows)))


ROUTES = [(chunk, threads) for chunk in (1, 7, None) for threads in (1, 2)]


@pytest.mark.parametrize("form", FORMATS)
def test_one_of_several_keys_may_be_the_slices_too(form: str, tmp_path: Path) -> None:
    predictions, labels = keyed_files(31)
    paths = [
        write_form(table.to_pydict(), str(tmp_path / f"{name}.{form}"))
        for name, table in zip("py", [predictions, labels], strict=True)
    ]
    joined = (
        predictions.join(labels, ["doc", "sent"]).sort_by([("doc", "ascending"), ("sent", "ascending")]).to_pydict()
    )
    plain = evaluate(
        write_form(joined, str(tmp_path / "both.csv")), label="y", by="doc", weight="w", pred="p"
    ).to_dict()
    for chunk, threads in ROUTES:
        keyed = evaluate(
            *paths, on="doc,sent", by="doc", label="y", weight="w", chunk_rows=chunk, jobs=threads
        ).to_dict()
        assert [one["by"]["doc"] for one in keyed["slices"]] == sorted({f"d{at // 3}" for at in range(31)})
        assert without_unmatched(keyed) == without_unmatched(plain), (chunk, threads)


def test_parts_of_predictions_find_the_labels_of_one_file(tmp_path: Path) -> None:
    predictions, labels = keyed_files(40)
    whole = write_form(predictions.to_pydict(), str(tmp_path / "p.csv"))
    y = write_form(labels.to_pydict(), str(tmp_path / "y.jsonl"))
    expected = evaluate(whole, y, on="doc,sent", label="y", weight="w").to_dict()
    parts = tmp_path / "parts"
    parts.mkdir()
    order = np.random.default_rng(3).permutation(40)
    for at in range(4):
        rows = predictions.take(pa.array(order[at * 10 : at * 10 + 10]))
        write_form(rows.to_pydict(), str(parts / f"part-{at}.csv"))
    for chunk, threads in ROUTES:
        keyed = evaluate(parts, y, on="doc,sent", label="y", weight="w", chunk_rows=chunk, jobs=threads).to_dict()
        assert same_everywhere(keyed) == same_everywhere(expected)
        assert keyed["inputs"]["rows_fingerprint"] == expected["inputs"]["rows_fingerprint"]


def test_a_fingerprint_tells_keys_labels_and_weights_apart(tmp_path: Path) -> None:
    predictions, labels = keyed_files(12)
    held = {"p": predictions.to_pydict(), "y": labels.to_pydict()}

    def fingerprint(**changes: Any) -> str:
        paths = [
            write_form({**table, **changes.get(name, {})}, str(tmp_path / f"{name}.csv"))
            for name, table in held.items()
        ]
        return evaluate(*paths, on="doc,sent", label="y", weight="w").inputs.rows_fingerprint or ""

    same = fingerprint()
    assert fingerprint(p={"p": held["p"]["p"][::-1]}) == same  # other predictions about the same rows
    others = [
        fingerprint(y={"y": [1 - label for label in held["y"]["y"]]}),
        fingerprint(y={"w": [weight + 1 for weight in held["y"]["w"]]}),
        fingerprint(
            p={"doc": [f"x{doc}" for doc in held["p"]["doc"]]}, y={"doc": [f"x{doc}" for doc in held["y"]["doc"]]}
        ),
    ]
    assert len({same, *others}) == 4


@pytest.mark.parametrize("where", ["predictions", "labels", "both"])
def test_slices_of_rows_without_a_match_do_not_exist(where: str, tmp_path: Path) -> None:
    """Whichever row of LABELS is the first: rows without a match borrow nothing from it."""
    predictions: dict[str, list[Any]] = {"id": [1, 2, 3, 4], "p": [0.9, 0.2, 0.4, 0.7]}
    labels: dict[str, list[Any]] = {"id": [9, 3, 1, 4], "y": [1, 0, 1, 1]}
    groups = {"predictions": ["a", "only here", "b", "a"], "labels": ["only there", "b", "a", "a"]}
    if where != "labels":
        predictions["g"] = groups["predictions"]
    if where != "predictions":
        labels["g"] = groups["labels"]
    p = write_form(predictions, str(tmp_path / "p.csv"))
    results = []
    for shift in range(4):
        moved = {name: values[shift:] + values[:shift] for name, values in labels.items()}
        y = write_form(moved, str(tmp_path / "y.csv"))
        for chunk, threads in ROUTES:
            options: dict[str, Any] = {"max_slices": 2, "chunk_rows": chunk, "jobs": threads}
            keyed = evaluate(p, y, on="id", label="y", pred="p", by="g", unmatched="drop", **options).to_dict()
            results.append(same_everywhere(keyed))
    assert [one["by"] for one in results[0]["slices"]] == [{"g": "a"}, {"g": "b"}]
    assert [one["overall"]["unmatched_predictions"] for one in results[0]["slices"]] == [0, 0]
    assert results[0]["overall"]["unmatched_predictions"] == results[0]["overall"]["unmatched_labels"] == 1
    assert all(result == results[0] for result in results)


def test_a_label_in_predictions_needs_only_keys_and_weights_in_labels(tmp_path: Path) -> None:
    p = write_form({"id": [1, 2, 3], "p": [0.9, 0.2, 0.4], "y": [1, 0, 1]}, str(tmp_path / "p.csv"))
    w = write_form({"id": [3, 1, 2], "w": [0, 1, 2]}, str(tmp_path / "w.csv"))
    plain = write_form({"p": [0.9, 0.2, 0.4], "y": [1, 0, 1], "w": [1, 2, 0]}, str(tmp_path / "both.csv"))
    expected = evaluate(plain, weight="w")
    for chunk, threads in ROUTES:
        keyed = evaluate(p, w, on="id", label="y", weight="w", chunk_rows=chunk, jobs=threads)
        assert keyed.overall == expected.overall
        assert keyed.classes == expected.classes


@pytest.mark.parametrize("option", ["weight", "per", "by"])
def test_what_both_inputs_give_must_agree_row_by_row_of_the_join(option: str, tmp_path: Path) -> None:
    p = write_form({"id": [1, 2, 3], "x": [5, 6, 7], "p": [0.9, 0.2, 0.4]}, str(tmp_path / "p.csv"))
    same = {"id": [3, 1, 2], "x": [7, 5, 6], "y": [1, 1, 0]}
    y = write_form(same, str(tmp_path / "y.csv"))
    options: dict[str, Any] = {"on": "id", "label": "y", "pred": "p", option: "x"}
    assert evaluate(p, y, **options).overall.rows == 3
    y = write_form({**same, "x": [7, 5, 8]}, str(tmp_path / "y.csv"))
    for chunk, threads in ROUTES:
        with pytest.raises(DataError, match=r"p\.csv, record 2 \(line 3\), column 'x': the two inputs give different"):
            evaluate(p, y, chunk_rows=chunk, jobs=threads, **options)
        for place in ("predictions", "labels"):
            named = {**options, option: f"{place}:x"}
            assert evaluate(p, y, chunk_rows=chunk, jobs=threads, **named).overall.rows == 3


# Memory ------------------------------------------------------------------------------------------


def peak_and_result(*arguments: str) -> tuple[int, Result]:
    """Run xent as a process; return its peak memory and what is the same with and without keys."""
    done = subprocess.run(
        [sys.executable, "-m", "xentcli", "eval", *arguments, "--jobs", "2", "-f", "json"],
        capture_output=True,
        env=dict(os.environ),
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    result: Result = json.loads(done.stdout)
    return int(result["run"]["peak_memory_bytes"]), without_unmatched(result)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [200_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("kind", "fixed", "a_key"), [("integers", 40 << 20, 64), ("texts", 80 << 20, 200)])
def test_keys_take_little_memory(rows: int, kind: str, fixed: int, a_key: int, tmp_path: Path) -> None:
    """Shuffled keys take, over the same files without --on, at most 40 MiB and 64 bytes a row as integers, 80 MiB and
    200 bytes as texts of 29 bytes: twice what was measured for a million of either (38 and 144 MB).
    """
    rng = np.random.default_rng(0)
    numbers = rng.permutation(rows) * 7919
    ids = pa.array(numbers if kind == "integers" else [f"document-{number:020d}" for number in numbers.tolist()])
    p = rng.random(rows)
    labels = pa.table({"id": ids, "y": (rng.random(rows) < p).astype(np.int64)})
    paths = [str(tmp_path / name) for name in ("p.parquet", "y.parquet", "shuffled.parquet")]
    pq.write_table(pa.table({"id": ids, "p": p}), paths[0])
    pq.write_table(labels, paths[1])
    pq.write_table(labels.take(pa.array(rng.permutation(rows))), paths[2])
    plain, expected = peak_and_result(paths[0], paths[1], "--no-order-check")
    keyed, result = peak_and_result(paths[0], paths[2], "--on", "id")
    assert result == expected
    assert keyed - plain <= fixed + a_key * rows
