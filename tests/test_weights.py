"""Laws of weights, from files to figures."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from evaluated import Result, write

from xentcli import evaluate

ROWS = 40
# Figures that are ratios of sums: scaling every weight by a power of two changes none of them.
SCALED = {"weight", "loss_sum"}


def table(weights: Any, rows: int = ROWS, repeat: Any = None) -> tuple[pa.Table, pa.Table]:
    rng = np.random.default_rng(5)
    raw = rng.random((rows, 3))
    p = raw / raw.sum(axis=1, keepdims=True)
    labels = np.array(["a", "b", "c"])[rng.integers(0, 3, rows)]
    at = np.arange(rows) if repeat is None else np.repeat(np.arange(rows), repeat)
    columns = {name: pa.array(p[at, k]) for k, name in enumerate("abc")}
    side = {"label": pa.array(labels[at])} | ({} if weights is None else {"w": pa.array(weights)})
    return pa.table(columns), pa.table(side)


def run(tables: tuple[pa.Table, pa.Table], folder: Path, name: str, **options: Any) -> Result:
    p, y = write(tables[0], str(folder / f"{name}_p.parquet")), write(tables[1], str(folder / f"{name}_y.parquet"))
    return evaluate(p, y, **options).to_dict()


def figures(result: Result, without: Set[str] = frozenset()) -> Result:
    return {
        "overall": {key: value for key, value in result["overall"].items() if key not in without},
        "classes": [{key: value for key, value in one.items() if key not in without} for one in result["classes"]],
    }


def test_unit_weights_equal_none(tmp_path: Path) -> None:
    plain = run(table(None), tmp_path, "plain")
    ones = run(table(np.ones(ROWS)), tmp_path, "ones", weight="w")
    assert figures(ones) == figures(plain)


@pytest.mark.parametrize("power", [-200, -3, 10, 300])
def test_scaling_by_a_power_of_two_changes_no_ratio(power: int, tmp_path: Path) -> None:
    weights = np.random.default_rng(6).random(ROWS) + 0.5
    plain = run(table(weights), tmp_path, "plain", weight="w")
    scaled = run(table(weights * 2.0**power), tmp_path, "scaled", weight="w")
    assert figures(scaled, SCALED) == figures(plain, SCALED)
    assert scaled["overall"]["weight"] == plain["overall"]["weight"] * 2.0**power


def test_a_row_of_weight_zero_is_a_row_removed(tmp_path: Path) -> None:
    weights = np.random.default_rng(7).random(ROWS) + 0.5
    weights[[0, 7, 39]] = 0.0
    with_zeros = table(weights)
    keep = pa.array(weights > 0)
    removed = (with_zeros[0].filter(keep), with_zeros[1].filter(keep))
    a, b = run(with_zeros, tmp_path, "zeros", weight="w"), run(removed, tmp_path, "removed", weight="w")
    assert a["overall"]["zero_weight_rows"] == 3
    assert figures(a, {"zero_weight_rows"}) == figures(b, {"zero_weight_rows"})


def test_integer_weights_equal_repeated_rows_in_the_means(tmp_path: Path) -> None:
    counts = np.random.default_rng(8).integers(1, 5, ROWS)
    weighted = run(table(counts.astype(np.float64)), tmp_path, "weighted", weight="w")
    repeated = run(table(None, repeat=counts), tmp_path, "repeated")
    means = ("loss", "loss_sum", "macro_loss", "perplexity", "prior_entropy", "skill", "accuracy", "brier", "sum_bias")
    for key in (*means, "weight"):
        assert weighted["overall"][key] == repeated["overall"][key], key
    for ours, theirs in zip(weighted["classes"], repeated["classes"], strict=True):
        for key in ("loss", "weight", "weight_share", "loss_share", "label_probability", "predicted_share", "recall"):
            assert ours[key] == theirs[key], key


def test_equal_losses_have_a_standard_error_of_exactly_zero(tmp_path: Path) -> None:
    p = pa.table({"p_1": pa.array(np.full(1000, 0.3))})
    y = pa.table(
        {"label": pa.array(np.ones(1000, dtype=np.int64)), "w": pa.array(np.random.default_rng(9).random(1000))}
    )
    for options in ({}, {"weight": "w"}):
        result = run((p, y), tmp_path, "equal", label="label", **options)["overall"]
        assert result["loss_se"] == 0.0
        assert result["loss_low"] == result["loss"] == result["loss_high"]


def test_a_small_spread_about_a_large_mean_keeps_its_standard_error(tmp_path: Path) -> None:
    """Losses 36 + N(0, 1)·1e-9: the sum of squares less the square of the sum would leave no digit."""
    from fractions import Fraction

    n = 500
    losses = 36 + np.random.default_rng(10).standard_normal(n) * 1e-9
    p = pa.table({"a": pa.array(-losses), "b": pa.array(np.full(n, -1e-30))})
    y = pa.table({"label": pa.array(["a"] * n)})
    found = run((p, y), tmp_path, "small", input="logprobs")["overall"]["loss_se"]
    exact = [Fraction(float(value)) for value in losses]
    mean = sum(exact, Fraction(0)) / n
    variance = sum(((value - mean) ** 2 for value in exact), Fraction(0)) / (n - 1) / n
    from math import isqrt

    root = Fraction(isqrt(variance.numerator * variance.denominator << 400), variance.denominator << 200)
    assert found == pytest.approx(float(root), rel=4e-16, abs=0)
