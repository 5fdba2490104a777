"""Slices: the reference against SciPy and arithmetic, then xent's against what evaluating only their rows gives."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from evaluated import Result, write
from reference.comparing import Scale, section_differences
from reference.evaluator import evaluate
from reference.settings import Settings
from reference.slices import evaluate_slices, holm
from reference.student import student_t_two_sided
from scipy.stats import t as student_t
from scipy.stats import ttest_ind_from_stats

import xentcli

NAMES = ("ant", "bee", "cat")
TESTED = ("delta_rest", "delta_rest_se", "delta_rest_low", "delta_rest_high", "p_value", "p_adjusted")
AGAINST = ("weight_share", "loss_share", "class_mix", *TESTED)


# The reference itself is right ---------------------------------------------------------------------


@pytest.mark.parametrize("df", [9, 11.7, 38.25, 1e3, 1e6])
@pytest.mark.parametrize("t", [0.0, 0.01, 1.0, -2.5, 7.5, 30.0])
def test_reference_evaluator_has_the_tails_of_students_t(t: float, df: float) -> None:
    expected = 2 * float(student_t.sf(abs(t), df))
    assert student_t_two_sided(t, df) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("seed", range(6))
def test_reference_slices_are_tested_as_scipy_tests_two_means(seed: int) -> None:
    """Welch's test of the losses in the slice against all others; without weights a row is an effective row."""
    rng = Random(seed)
    p = [[q, 1 - q] for q in (rng.uniform(0.05, 0.95) for _ in range(60))]
    labels = [rng.randrange(2) for _ in p]
    keys = [(rng.choice("xxyz"),) for _ in p[3:]] + [("x",), ("y",), ("z",)]
    losses = np.array([-math.log(row[label]) for row, label in zip(p, labels, strict=True)])
    slices = evaluate_slices(p, labels, None, Settings(2, confidence=0.9), keys)
    assert set(slices) == {("x",), ("y",), ("z",)}
    tested = 0
    for (name,), part in slices.items():
        own = np.array([key == (name,) for key in keys])
        sides = [losses[own], losses[~own]]
        stats = [value for side in sides for value in (side.mean(), side.std(ddof=1), len(side))]
        if min(len(side) for side in sides) < 10:
            assert part.against["p_value"] is None
            continue
        tested += 1
        expected = ttest_ind_from_stats(*stats, equal_var=False)
        assert part.against["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)
        assert part.against["delta_rest"] == pytest.approx(sides[0].mean() - sides[1].mean(), rel=1e-10)
        low, high = expected.statistic - np.array([1, -1]) * student_t.ppf(0.95, degrees_of(sides))
        se = float(part.against["delta_rest_se"] or 0.0)
        assert [part.against["delta_rest_low"], part.against["delta_rest_high"]] == pytest.approx(
            [low * se, high * se], rel=1e-9
        )
    assert tested


def degrees_of(sides: list[Any]) -> float:
    """Return the degrees of freedom of Welch and Satterthwaite."""
    parts = [side.var(ddof=1) / len(side) for side in sides]
    return float(sum(parts) ** 2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, sides, strict=True)))


def test_reference_slices_are_adjusted_for_their_number_by_holm() -> None:
    assert holm([0.01, None, 0.04, 0.03, 0.005]) == pytest.approx([0.03, None, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([None]) == [None]


def test_reference_slices_say_what_their_classes_would_cost_at_the_classes_losses_elsewhere() -> None:
    """Class 0 costs ln 2 and ln 4, class 1 costs ln 8: 2/3·ln 8 + 1/3·(ln 2 + ln 4)/2 at the whole's class losses."""
    p = [[0.5, 0.5], [0.25, 0.75], [0.875, 0.125], [0.875, 0.125]]
    slices = evaluate_slices(p, [0, 0, 1, 1], None, Settings(2), [("a",), ("b",), ("b",), ("b",)])
    mine = (math.log(4) + 2 * math.log(8)) / 3
    expected = 2 / 3 * math.log(8) + (math.log(2) + math.log(4)) / 6
    whole = (math.log(2) + math.log(4) + 2 * math.log(8)) / 4
    assert slices["b",].against["class_mix"] == pytest.approx(expected - whole, rel=1e-12)
    assert slices["a",].against["class_mix"] == pytest.approx((math.log(2) + math.log(4)) / 2 - whole, rel=1e-12)
    assert list(slices["a",].classes) == [0]
    assert slices["a",].against["delta_rest"] == pytest.approx(math.log(2) - mine, rel=1e-12)


# xent against the rows alone -----------------------------------------------------------------------


def sliced_tables(seed: int, rows: int = 240) -> tuple[pa.Table, pa.Table]:
    """Return predictions and labels, hard (none but ants in é) and soft, a weight and two columns to slice by."""
    rng = Random(seed)
    draws = [[rng.expovariate(1) + 1e-3 for _ in NAMES] for _ in range(2 * rows)]
    p, y = ([[value / math.fsum(row) for value in row] for row in part] for part in (draws[:rows], draws[rows:]))
    regions = [rng.choice(("north", "south", "é", None)) for _ in range(rows)]
    labels = {
        "label": ["ant" if region == "é" else rng.choice(NAMES) for region in regions],
        "w": [float(rng.randint(0, 3)) for _ in range(rows)],
        "region": regions,
        "year": [rng.choice((1999, 2024)) for _ in range(rows)],
        **{f"y_{name}": [row[k] for row in y] for k, name in enumerate(NAMES)},
    }
    return pa.table({f"p_{name}": [row[k] for row in p] for k, name in enumerate(NAMES)}), pa.table(labels)


def run(tables: tuple[pa.Table, pa.Table], folder: Path, **options: Any) -> Result:
    folder.mkdir(exist_ok=True)
    paths = [write(table, str(folder / f"{name}.parquet")) for name, table in zip("py", tables, strict=True)]
    return xentcli.evaluate(*paths, **{"label": "label", "pred": ["p_*"]} | options).to_dict()


OPTIONS = [
    {},
    {"label_smoothing": 0.1, "class_weight": {"bee": 3.0}, "unit": "bits"},
    {"label": ["y_ant", "y_bee", "y_cat"]},
    {"label": ["y_ant", "y_bee", "y_cat"], "class_weight": {"bee": 0.0}, "per": "year", "label_smoothing": 0.1},
    {"weight_kind": "count", "clip": 0.2},
]


def keys_of(labels: pa.Table, by: list[str]) -> list[tuple[str | None, ...]]:
    columns = [[None if value is None else str(value) for value in labels[name].to_pylist()] for name in by]
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("by", [["region"], ["year"], ["region", "year"]], ids=",".join)
@pytest.mark.parametrize(
    "options", [{}, {"label_smoothing": 0.1, "class_weight": {"bee": 3.0}, "unit": "bits"}], ids=str
)
def test_a_slice_is_what_evaluating_only_its_rows_gives(by: list[str], options: dict[str, Any], tmp_path: Path) -> None:
    p, y = sliced_tables(1)
    keys = keys_of(y, by)
    whole = run((p, y), tmp_path / "whole", weight="w", by=by, **options)
    assert list(whole["settings"]["by"]) == by
    seen = {tuple(part["by"].values()): part for part in whole["slices"]}
    assert len(seen) == len(whole["slices"])
    assert seen.keys() == set(keys)
    for key, part in seen.items():
        assert list(part["by"]) == by
        at = pa.array([other == key for other in keys])
        alone = run((p.filter(at), y.filter(at)), tmp_path / "alone", weight="w", **options)
        assert part["overall"] == alone["overall"], key
        assert part["classes"] == [figures for figures in alone["classes"] if figures["rows"]], key
    plain = run((p, y), tmp_path / "plain", weight="w", **options)
    assert (whole["overall"], whole["classes"]) == (plain["overall"], plain["classes"])
    assert "slices" not in plain


@pytest.mark.one_in_three
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["importance", "count"])
def test_a_slice_stands_against_the_others_as_the_reference_says(seed: int, kind: str, tmp_path: Path) -> None:
    p, y = sliced_tables(seed)
    rows = [list(row) for row in zip(*(p[name].to_pylist() for name in p.column_names), strict=True)]
    labels = [NAMES.index(label) for label in y["label"].to_pylist()]
    settings = Settings(3, class_weights=(1.0, 0.5, 2.0), weight_kind=kind)
    weight_of = {"ant": 1, "bee": 0.5, "cat": 2}
    result = run((p, y), tmp_path, weight="w", weight_kind=kind, by=["region"], class_weight=weight_of)
    expected = evaluate_slices(rows, labels, y["w"].to_pylist(), settings, keys_of(y, ["region"]))
    overall, _ = evaluate(rows, labels, y["w"].to_pylist(), settings)
    scale = Scale(largest=10.0)
    for part in result["slices"]:
        wanted = expected.pop((part["by"]["region"],)).against
        assert tuple(key for key in part if key not in {"by", "overall", "classes"}) == AGAINST
        assert not section_differences(part, wanted, scale, overall), part["by"]
        assert wanted["p_adjusted"] is not None
    assert not expected


def test_shares_of_slices_add_up_and_one_slice_of_all_rows_has_nothing_to_stand_against(tmp_path: Path) -> None:
    p, y = sliced_tables(7)
    parts = run((p, y), tmp_path, weight="w", by=["region", "year"])["slices"]
    for key in ("weight_share", "loss_share"):
        assert math.fsum(part[key] for part in parts) == pytest.approx(1, rel=1e-12)
    everything = y.append_column("all", pa.array(["x"] * len(y)))
    (part,) = run((p, everything), tmp_path, weight="w", by=["all"])["slices"]
    assert (part["weight_share"], part["loss_share"], part["by"]) == (1, 1, {"all": "x"})
    assert [part[key] for key in TESTED] == [None] * 6
    assert part["class_mix"] == pytest.approx(0, abs=1e-15)


def test_slices_do_not_depend_on_chunks_threads_or_the_file_they_are_named_in(tmp_path: Path) -> None:
    p, y = sliced_tables(9)
    expected = run((p, y), tmp_path / "a", weight="w", by=["region"])["slices"]
    for chunk_rows, threads in itertools.product((1, 7), (1, 2)):
        options = {"weight": "w", "by": ["region"], "chunk_rows": chunk_rows, "jobs": threads}
        assert run((p, y), tmp_path / "b", **options)["slices"] == expected
    moved = p.append_column("region", y["region"]), y.drop_columns(["region"])
    assert run(moved, tmp_path / "c", weight="w", by=["region"])["slices"] == expected


def test_two_slices_of_equal_losses_differ_by_exactly_nothing(tmp_path: Path) -> None:
    p = pa.table({"p_ant": [0.5] * 40, "p_bee": [0.25] * 40, "p_cat": [0.25] * 40})
    y = pa.table({"label": ["ant"] * 40, "g": ["x", "y"] * 20})
    for part in run((p, y), tmp_path, by=["g"])["slices"]:
        assert [part[key] for key in ("delta_rest", "delta_rest_se", "delta_rest_low", "delta_rest_high")] == [0] * 4
        assert (part["p_value"], part["p_adjusted"], part["class_mix"]) == (1, 1, 0)


def test_bits_are_nats_by_ln_2_for_the_loss_like_figures_of_slices_and_units(tmp_path: Path) -> None:
    p, y = sliced_tables(11)
    y = y.append_column("bytes", pa.array([1 + i % 9 for i in range(len(y))]))
    options = {"weight": "w", "by": ["region"], "per": "bytes"}
    nats, bits = (run((p, y), tmp_path, unit=unit, **options) for unit in ("nats", "bits"))
    for one, other in zip(bits["slices"], nats["slices"], strict=True):
        for key in AGAINST:
            in_unit = key in {"class_mix", "delta_rest", "delta_rest_se", "delta_rest_low", "delta_rest_high"}
            assert one[key] == (pytest.approx(other[key] / math.log(2), rel=1e-15) if in_unit else other[key]), key
    for one, other in zip([bits, *bits["slices"]], [nats, *nats["slices"]], strict=True):
        for key, value in other["overall"]["loss_per"].items():
            expected = pytest.approx(value / math.log(2), rel=1e-15) if key in {"value", "se", "low", "high"} else value
            assert one["overall"]["loss_per"][key] == expected, key
