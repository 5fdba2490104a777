"""Laws that hold for any data: order, precision, input kinds, constants, units, shares."""

import itertools
import math
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from oracles import LN2, Result, entropy, ln, write
from reference.evaluator import Figures

import xentcli

SEEDS = pytest.mark.parametrize("seed", range(6))

IN_UNIT = {"loss", "loss_sum", "loss_se", "loss_low", "loss_high", "macro_loss"}
IN_UNIT |= {"label_entropy", "excess_loss", "prior_entropy", "sum_bias"}


@SEEDS
def test_the_order_of_columns_in_the_file_changes_nothing(seed: int, tmp_path: Path) -> None:
    table, labels, _ = random_tables(seed)
    shuffled = list(table)
    Random(seed).shuffle(shuffled)
    expected = evaluated(tmp_path / "a", table, labels, weight="w")
    for order in (list(reversed(table)), shuffled):
        permuted = {name: table[name] for name in order}
        assert figures_of(evaluated(tmp_path / "b", permuted, labels, weight="w")) == figures_of(expected)


@SEEDS
@pytest.mark.parametrize("kind", ["probs", "logits", "logprobs"])
def test_float32_and_float64_files_of_the_same_values_agree_to_the_bit(seed: int, kind: str, tmp_path: Path) -> None:
    table, labels, _ = random_tables(seed)
    if kind != "probs":
        table = {name: [ln(p) for p in column] for name, column in table.items()}
    narrow = pa.table({name: pa.array(column, pa.float32()) for name, column in table.items()})
    wide = narrow.cast(pa.schema([(name, pa.float64()) for name in table]))
    write(tmp_path / "y.parquet", labels)
    results = []
    for name, arrow in (("narrow", narrow), ("wide", wide)):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(arrow, path)
        results.append(xentcli.evaluate(path, tmp_path / "y.parquet", input=kind, weight="w").to_dict())
    text = {name: wide[name].to_pylist() for name in wide.column_names}
    results.append(evaluated(tmp_path / "text", text, labels, input=kind, weight="w"))
    assert figures_of(results[0]) == figures_of(results[1]) == figures_of(results[2])


@SEEDS
def test_probabilities_their_logarithms_and_logits_agree(seed: int, tmp_path: Path) -> None:
    table, labels, _ = random_tables(seed)
    logs = {name: [ln(p) for p in column] for name, column in table.items()}
    shifts = [Random(seed + i).gauss(0, 3) for i in range(len(labels["label"]))]
    logits = {name: [x + c for x, c in zip(column, shifts, strict=True)] for name, column in logs.items()}
    expected = evaluated(tmp_path / "p", table, labels, weight="w")
    for kind, values in (("logprobs", logs), ("logits", logits)):
        actual = evaluated(tmp_path / kind, values, labels, input=kind, weight="w")
        for (path, one), (_, other) in zip(numbers(actual), numbers(expected), strict=True):
            assert one == (None if other is None else pytest.approx(other, rel=0, abs=1e-12)), path


@SEEDS
@pytest.mark.parametrize("constant", [1.0, -3.0, 1024.0, -(2.0**20)])
def test_logits_plus_an_exact_constant_agree_to_one_ulp(seed: int, constant: float, tmp_path: Path) -> None:
    _, labels, names = random_tables(seed)
    rng = Random(seed)
    rows = len(labels["label"])
    # On a grid of 2^-20, adding the constant rounds nothing.
    logits = {f"p_{name}": [rng.randint(-(2**22), 2**22) / 2**20 for _ in range(rows)] for name in names}
    moved = {name: [x + constant for x in column] for name, column in logits.items()}
    expected = evaluated(tmp_path / "a", logits, labels, input="logits", weight="w")
    actual = evaluated(tmp_path / "b", moved, labels, input="logits", weight="w")
    losses = [(result["overall"], *result["classes"]) for result in (actual, expected)]
    for one, other in zip(*losses, strict=True):
        if other["loss"] is not None:
            assert abs(one["loss"] - other["loss"]) <= math.ulp(other["loss"])


@SEEDS
def test_the_classes_losses_weighted_by_their_shares_make_the_loss(seed: int, tmp_path: Path) -> None:
    table, labels, _ = random_tables(seed)
    result = evaluated(tmp_path, table, labels, weight="w")
    met = [figures for figures in result["classes"] if figures["rows"]]
    overall = result["overall"]
    assert math.fsum(k["weight_share"] for k in met) == pytest.approx(1, rel=1e-12)
    assert math.fsum(k["loss_share"] for k in met) == pytest.approx(1, rel=1e-12)
    parts = math.fsum(k["weight_share"] * k["loss"] for k in met)
    assert parts == pytest.approx(overall["loss"], rel=1e-12, abs=0)
    assert sum(k["rows"] for k in met) == overall["rows"]
    for k in met:
        assert k["loss_ratio"] == pytest.approx(k["loss"] / overall["loss"], rel=1e-12)


@SEEDS
def test_bits_are_nats_by_ln_2_for_the_loss_like_figures_and_no_others(seed: int, tmp_path: Path) -> None:
    table, labels, _ = random_tables(seed)
    nats = evaluated(tmp_path / "nats", table, labels, weight="w")
    bits = evaluated(tmp_path / "bits", table, labels, weight="w", unit="bits")
    assert (nats["settings"]["unit"], bits["settings"]["unit"]) == ("nats", "bits")
    for (path, one), (_, other) in zip(numbers(bits), numbers(nats), strict=True):
        if other is not None and path.rpartition("/")[2] in IN_UNIT:
            assert one == pytest.approx(other / LN2, rel=1e-15, abs=0), path
        else:
            assert one == other, path


@pytest.mark.parametrize("weights", [[1.0], [0.1, 0.7, 3.3], [1e-9, 1e9]], ids=str)
@pytest.mark.parametrize("p", [0.7, 1 / 3, 1e-9, 1.0])
def test_equal_losses_have_a_standard_error_of_exactly_zero(p: float, weights: list[float], tmp_path: Path) -> None:
    rest = (1 - p) / 2
    rows = [[p, rest, rest], [rest, p, rest], [rest, rest, p]] * 10
    table = {f"p_{name}": [row[k] for row in rows] for k, name in enumerate("abc")}
    labels = {"label": list("abc") * 10, "w": list(itertools.islice(itertools.cycle(weights), 30))}
    result = evaluated(tmp_path, table, labels, weight="w")
    for figures in (result["overall"], *result["classes"]):
        assert figures["loss"] == pytest.approx(-ln(p), rel=1e-15)
        assert figures["loss_se"] == 0
        if figures["loss_low"] is not None:
            assert figures["loss_low"] == figures["loss"] == figures["loss_high"]
    if len(weights) == 1:  # otherwise one weight may outweigh the rest, and then there is no interval
        assert result["overall"]["loss_low"] is not None


@pytest.mark.parametrize("counts", [(3, 1), (5, 4, 3), (17, 1, 1, 1), (1, 2, 3, 5, 8)], ids=str)
def test_the_skill_of_the_label_proportions_is_zero(counts: tuple[int, ...], tmp_path: Path) -> None:
    total = sum(counts)
    labels = {"label": [f"k{k}" for k, count in enumerate(counts) for _ in range(count)]}
    table = {f"p_k{k}": [float(Fraction(count, total))] * total for k, count in enumerate(counts)}
    overall = evaluated(tmp_path, table, labels)["overall"]
    assert overall["skill"] == pytest.approx(0, abs=1e-15)
    assert overall["loss"] == pytest.approx(entropy(*counts), rel=1e-14)
    assert overall["prior_entropy"] == pytest.approx(entropy(*counts), rel=1e-14)


def evaluated(folder: Path, table: dict[str, Any], labels: dict[str, Any], **options: Any) -> Result:
    """Return what `xent` says of these columns, written as CSV."""
    write(folder / "predictions.csv", table)
    write(folder / "labels.csv", labels)
    result: Result = xentcli.evaluate(folder / "predictions.csv", folder / "labels.csv", **options).to_dict()
    return result


def random_tables(seed: int) -> tuple[dict[str, list[float]], dict[str, list[Any]], list[str]]:
    """Return prediction columns that sum to 1, labels with a weight `w`, and the class names."""
    rng = Random(seed)
    names = rng.sample(["ant", "bee", "cat", "dog", "eel", "fox", "gnu"], rng.randint(2, 6))
    n_rows = rng.randint(12, 60)
    rows = []
    for _ in range(n_rows):
        draws = [rng.expovariate(1) + 1e-3 for _ in names]
        rows.append([value / math.fsum(draws) for value in draws])
    table = {f"p_{name}": [row[k] for row in rows] for k, name in enumerate(names)}
    labels: dict[str, list[Any]] = {"label": [rng.choice(names) for _ in rows]}
    labels["w"] = [rng.uniform(0.5, 2) for _ in rows]
    return table, labels, names


def figures_of(result: Result) -> tuple[Figures, list[Figures]]:
    return result["overall"], result["classes"]


def numbers(result: Result) -> list[tuple[str, float | None]]:
    """Return every figure of a result with a path that says which it is."""
    sections = [("overall", result["overall"]), *((k["class"], k) for k in result["classes"])]
    return [
        (f"{name}/{key}", value)
        for name, section in sections
        for key, value in section.items()
        if key not in {"class", "loss_per"}
    ]
