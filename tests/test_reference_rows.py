"""Rows that enter nothing, rows that stand for several, and rows aligned by key: what changes, and what does not."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from evaluated import Result, same_everywhere, write

import xentcli

NAMES = ["ant", "bee", "cat"]
ROWS = 60
SEEDS = pytest.mark.parametrize("seed", range(3))
Tables = tuple[pa.Table, pa.Table]


def tables(seed: int, rows: int = ROWS, label: str = "name") -> Tables:
    """Return predictions and labels that share the key `id`; labels have a weight `w`, a count `n` and a slice `g`."""
    rng = Random(seed)
    draws = [[rng.expovariate(1) + 1e-3 for _ in NAMES] for _ in range(rows)]
    columns: dict[str, Any] = {
        f"p_{name}": [row[k] / math.fsum(row) for row in draws]
        for k, name in enumerate(NAMES if label == "name" else "012")
    }
    ids = rng.sample(range(-5000, 5000), rows)
    labels = {
        "id": ids,
        "label": [rng.choice(NAMES if label == "name" else ["0", "1", "2"]) for _ in range(rows)],
        "w": [rng.uniform(0.5, 2) for _ in range(rows)],
        "n": [rng.randint(0, 4) for _ in range(rows)],
        "g": [rng.choice("xyz") for _ in range(rows)],
    }
    return pa.table({"id": ids} | columns), pa.table(labels)


def evaluated(folder: Path, both: Tables, suffix: str = "csv", **options: Any) -> Result:
    folder.mkdir(exist_ok=True)
    paths = [write(table, str(folder / f"{name}.{suffix}")) for name, table in zip("py", both, strict=True)]
    defaults = {"label": "label", "pred": ["p_*"]}
    return xentcli.evaluate(*paths, **defaults | options).to_dict()


def figures(result: Result, without: frozenset[str] = frozenset()) -> list[Any]:
    """Return overall, classes and slices, less some keys."""
    held = [result["overall"], result["classes"], result.get("slices")]
    return [_less(part, without) for part in held]


def _less(value: Any, without: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _less(held, without) for key, held in value.items() if key not in without}
    return [_less(held, without) for held in value] if isinstance(value, list) else value


def replaced(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, pa.array(values))


# Labels that are none ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "options", "counter"),
    [
        ("-100", {"ignore": ["-100"]}, "ignored_rows"),
        ("unsure", {"ignore": ["-100", "unsure"]}, "ignored_rows"),
        (None, {"missing": "drop"}, "dropped_rows"),
        ("", {"missing": "drop"}, "dropped_rows"),
    ],
    ids=str,
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_without_a_label_are_counted_and_enter_nothing_else(
    mark: str | None, options: dict[str, Any], counter: str, suffix: str, tmp_path: Path
) -> None:
    p, y = tables(1)
    out = set(Random(1).sample(range(ROWS), 9)) | {0, ROWS - 1}
    labels = [mark if i in out else label for i, label in enumerate(y["label"].to_pylist())]
    more: dict[str, Any] = {"weight": "w", "by": ["g"], "label_smoothing": 0.1, "class_weight": {"cat": 2.0}}
    result = evaluated(tmp_path / "all", (p, replaced(y, "label", labels)), suffix, **options, **more)
    kept = pa.array([i not in out for i in range(ROWS)])
    alone = evaluated(tmp_path / "kept", (p.filter(kept), y.filter(kept)), suffix, **more)
    assert result["overall"][counter] == 11
    counters = frozenset({"ignored_rows", "dropped_rows"})
    assert figures(result, counters) == figures(alone, counters)
    assert [alone["overall"][key] for key in counters] == [0, 0]


@pytest.mark.parametrize(("mark", "options"), [("-100", {"ignore": ["-100"]}), ("", {"missing": "drop"})])
def test_rows_without_a_label_are_validated_all_the_same(mark: str, options: dict[str, Any], tmp_path: Path) -> None:
    p, y = tables(2, 8)
    labels = [mark if i == 5 else label for i, label in enumerate(y["label"].to_pylist())]
    wrong = replaced(p, "p_bee", [1.5 if i == 5 else value for i, value in enumerate(p["p_bee"].to_pylist())])
    with pytest.raises(xentcli.DataError) as caught:
        evaluated(tmp_path, (wrong, replaced(y, "label", labels)), **options)
    assert (caught.value.record, caught.value.column) == (6, "p_bee")


@pytest.mark.parametrize("mark", ["-100", ""])
def test_rows_without_a_label_are_an_error_unless_an_option_says_otherwise(mark: str, tmp_path: Path) -> None:
    p, y = tables(3, 8)
    labels = [mark if i == 5 else label for i, label in enumerate(y["label"].to_pylist())]
    with pytest.raises(xentcli.DataError) as caught:
        evaluated(tmp_path, (p, replaced(y, "label", labels)))
    assert (caught.value.record, caught.value.column) == (6, "label")


def test_an_ignored_label_is_no_class_where_one_column_has_two(tmp_path: Path) -> None:
    p, y = pa.table({"p": [0.25, 0.5, 0.875, 0.5]}), pa.table({"label": [0, -100, 1, 1]})
    result = evaluated(tmp_path, (p, y), "parquet", pred="p", ignore=["-100"])
    assert (result["inputs"]["classes"], result["overall"]["ignored_rows"]) == (["0", "1"], 1)
    assert result["overall"]["loss"] == pytest.approx(-math.log(0.75 * 0.875 * 0.5) / 3, rel=1e-15)


# Counts --------------------------------------------------------------------------------------------

FILE_ROWS = frozenset({"rows", "clipped_rows", "tied_rows", "predicted_rows", "zero_weight_rows"})


@SEEDS
@pytest.mark.parametrize(
    "options", [{}, {"clip": 0.2, "unit": "bits"}, {"class_weight": "bee=3", "label_smoothing": 0.1}], ids=str
)
def test_counts_equal_repeated_rows_in_every_figure_but_counts_of_file_rows(
    seed: int, options: dict[str, Any], tmp_path: Path
) -> None:
    p, y = tables(seed)
    counts = y["n"].to_pylist()
    at = pa.array([i for i, count in enumerate(counts) for _ in range(count)])
    counted = evaluated(tmp_path / "counted", (p, y), weight="n", weight_kind="count", by=["g"], per="w", **options)
    repeated = evaluated(tmp_path / "repeated", (p.take(at), y.take(at)), by=["g"], per="w", **options)
    assert counted["overall"]["rows"] + counted["overall"]["zero_weight_rows"] == ROWS
    assert figures(counted, FILE_ROWS) == approximately(figures(repeated, FILE_ROWS))
    assert counted["overall"]["effective_rows"] == repeated["overall"]["effective_rows"]


def approximately(value: Any) -> Any:
    """Return a value that what is equal to it up to rounding equals, with nothing allowed at 0."""
    if isinstance(value, dict):
        return {key: approximately(held) for key, held in value.items()}
    if isinstance(value, list):
        return [approximately(held) for held in value]
    return pytest.approx(value, rel=1e-12, abs=1e-15) if isinstance(value, float) else value


def test_weights_of_another_kind_differ_from_counts_in_errors_alone(tmp_path: Path) -> None:
    p, y = tables(5)
    counted = evaluated(tmp_path / "a", (p, y), weight="n", weight_kind="count")
    importance = evaluated(tmp_path / "b", (p, y), weight="n")
    assert (counted["settings"]["weight_kind"], importance["settings"]["weight_kind"]) == ("count", "importance")
    assert (
        counted["overall"]["effective_rows"] == counted["overall"]["weight"] > importance["overall"]["effective_rows"]
    )
    of_errors = {"loss_se", "loss_low", "loss_high", "skill_se", "skill_low", "skill_high", "effective_rows"}
    assert of_errors <= {key for key in counted["overall"] if counted["overall"][key] != importance["overall"][key]}
    spread = frozenset(of_errors | {"ece_by_chance", "mce"})
    assert figures(counted, spread) == figures(importance, spread)


@pytest.mark.parametrize("count", [1.5, -1.0, 1e-300])
def test_a_count_that_is_no_whole_number_from_0_up_is_an_error(count: float, tmp_path: Path) -> None:
    p, y = tables(6, 4)
    with pytest.raises(xentcli.DataError) as caught:
        evaluated(tmp_path, (p, replaced(y, "w", [1.0, count, 2.0, 1.0])), weight="w", weight_kind="count")
    assert (caught.value.record, caught.value.column) == (2, "w")


# Keys ----------------------------------------------------------------------------------------------


@SEEDS
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_shuffled_files_aligned_by_key_give_the_aligned_ones_bits(seed: int, suffix: str, tmp_path: Path) -> None:
    p, y = tables(seed)
    options: dict[str, Any] = {"on": ["id"], "weight": "w", "by": ["g"], "label_smoothing": 0.1, "clip": 0.2}
    rng = Random(seed)
    aligned = evaluated(tmp_path / "aligned", (p, y), suffix, **options)
    one, other = (pa.array(rng.sample(range(ROWS), ROWS)) for _ in range(2))
    shuffled = evaluated(tmp_path / "shuffled", (p.take(one), y.take(other)), suffix, **options)
    assert same_everywhere(shuffled) == same_everywhere(aligned)
    assert shuffled["inputs"]["rows_fingerprint"] == aligned["inputs"]["rows_fingerprint"]
    assert (shuffled["inputs"]["alignment"], list(shuffled["inputs"]["on"])) == ("key", ["id"])
    by_order = evaluated(tmp_path / "aligned", (p, y), suffix, **{**options, "on": ()})
    assert figures(by_order) == figures(shuffled)


@pytest.mark.parametrize(
    ("extra", "unmatched"),
    [
        ("both", "drop"),
        ("predictions", "drop"),
        ("labels", "drop"),
        ("predictions", "drop-predictions"),
        ("labels", "drop-labels"),
    ],
)
def test_keys_on_one_side_only_are_counted_and_enter_nothing_else(extra: str, unmatched: str, tmp_path: Path) -> None:
    p, y = tables(4)
    own = p if extra == "predictions" else p.slice(0, 50)
    theirs = y if extra == "labels" else y.slice(5)
    ids = set(own["id"].to_pylist()) & set(theirs["id"].to_pylist())
    matched = [table.filter(pa.array([i in ids for i in table["id"].to_pylist()])) for table in (own, theirs)]
    options: dict[str, Any] = {"on": ["id"], "weight": "w", "by": ["g"]}
    result = evaluated(tmp_path / "all", (own, theirs), unmatched=unmatched, **options)
    alone = evaluated(tmp_path / "matched", (matched[0], matched[1]), **options)
    counters = frozenset({"unmatched_predictions", "unmatched_labels"})
    assert figures(result, counters) == figures(alone, counters)
    assert result["overall"]["unmatched_predictions"] == (0 if extra == "labels" else 5)
    assert result["overall"]["unmatched_labels"] == (0 if extra == "predictions" else 10)
    for other in {"error", "drop-predictions", "drop-labels"} - {f"drop-{extra}"}:
        with pytest.raises(xentcli.DataError):
            evaluated(tmp_path / "all", (own, theirs), unmatched=other, **options)
