"""Labels that are distributions, labels that predictions know alone, and the loss per unit, from files to figures."""

from __future__ import annotations

import math
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from evaluated import Result, write
from reference.evaluator import OF_ALL_CLASSES, OF_OTHER_CLASSES
from scipy.stats import entropy
from sklearn.metrics import d2_log_loss_score, log_loss

import xentcli

NAMES = ["ant", "bee", "cat"]
SEEDS = pytest.mark.parametrize("seed", range(4))
OPTIONS = [
    {},
    {"weight": "w", "unit": "bits", "clip": 0.2},
    {"weight": "w", "class_weight": {"bee": 3.0, "cat": 0.5}},
    {"label_smoothing": 0.1, "class_weight": "ant=0.25"},
    {"class_weight": {"cat": 0}, "label_smoothing": 0.2},
]
Columns = dict[str, list[Any]]


def probabilities(seed: int, rows: int = 40) -> list[list[float]]:
    rng = Random(seed)
    draws = [[rng.expovariate(1) + 1e-3 for _ in NAMES] for _ in range(rows)]
    return [[value / math.fsum(row) for value in row] for row in draws]


def by_name(rows: list[list[float]], before: str, after: str = "") -> Columns:
    return {f"{before}{name}{after}": [row[k] for row in rows] for k, name in enumerate(NAMES)}


def one_hot(labels: list[int]) -> list[list[float]]:
    return [[float(k == label) for k in range(len(NAMES))] for label in labels]


def evaluated(
    folder: Path, predictions: Columns, labels: Columns | None, suffix: str = "csv", **options: Any
) -> Result:
    folder.mkdir(exist_ok=True)
    p = write(pa.table(predictions), str(folder / f"p.{suffix}"))
    y = None if labels is None else write(pa.table(labels), str(folder / f"y.{suffix}"))
    return xentcli.evaluate(p, y, **options).to_dict()


# Distributions -------------------------------------------------------------------------------------


@SEEDS
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_one_hot_rows_give_to_the_bit_what_the_labels_they_encode_give(
    seed: int, options: dict[str, Any], tmp_path: Path
) -> None:
    p, rng = probabilities(seed), Random(seed)
    labels = [rng.randrange(3) for _ in p]
    rest = {"w": [rng.uniform(0.5, 2) for _ in p]} if "weight" in options else {}
    hard = {"label": [NAMES[label] for label in labels]}
    expected = evaluated(tmp_path / "hard", by_name(p, "p_"), hard | rest, **options)
    soft = by_name(one_hot(labels), "y_")
    shuffled = dict(sorted(soft.items(), reverse=True))
    for name, columns, suffix in (
        ("columns", soft, "csv"),
        ("typed", soft, "parquet"),
        ("other order", shuffled, "csv"),
    ):
        actual = evaluated(tmp_path / name, by_name(p, "p_"), columns | rest, suffix, label=list(columns), **options)
        assert actual["overall"] == expected["overall"], name
        assert actual["classes"] == expected["classes"], name
        assert (actual["inputs"]["label_kind"], actual["inputs"]["classes"]) == ("distribution", NAMES)
    lists = {"label": "y", "pred": "v", "classes": NAMES} | options
    actual = evaluated(tmp_path / "lists", {"v": p}, {"y": one_hot(labels)} | rest, "parquet", **lists)
    assert (actual["overall"], actual["classes"]) == (expected["overall"], expected["classes"])


@pytest.mark.parametrize(("before", "after"), [("", ""), ("y_", ""), ("true.label-", ""), ("", "_y")])
def test_label_columns_are_matched_to_classes_by_what_their_names_do_not_share(
    before: str, after: str, tmp_path: Path
) -> None:
    p, y = probabilities(1), probabilities(2)
    columns = by_name(y, before, after)
    order = [list(columns)[k] for k in (2, 0, 1)]
    result = evaluated(tmp_path, by_name(p, "p_"), columns, label=order)
    assert result["overall"]["loss"] == pytest.approx(cross_entropy(y, p), rel=1e-13)
    assert [k["rows"] for k in result["classes"]] == [40] * 3


def cross_entropy(y: list[list[float]], p: list[list[float]]) -> float:
    """Return −Σ y·ln p / Σ y."""
    terms = [part * -math.log(q) for row, other in zip(y, p, strict=True) for part, q in zip(row, other, strict=True)]
    return math.fsum(terms) / math.fsum(part for row in y for part in row)


@SEEDS
def test_labels_against_themselves_cost_their_entropy(seed: int, tmp_path: Path) -> None:
    y = probabilities(seed)
    overall = evaluated(tmp_path, by_name(y, "p_"), by_name(y, "y_"), label=list(by_name(y, "y_")))["overall"]
    expected = sum(float(entropy(row)) for row in y) / len(y)
    assert overall["loss"] == pytest.approx(expected, rel=1e-12)
    assert overall["label_entropy"] == pytest.approx(expected, rel=1e-12)
    assert overall["excess_loss"] == pytest.approx(0, abs=1e-15)
    assert overall["brier"] == 0


@SEEDS
@pytest.mark.parametrize("options", OPTIONS[2:], ids=str)
def test_the_least_loss_of_a_constant_prediction_is_the_prior_entropy(
    seed: int, options: dict[str, Any], tmp_path: Path
) -> None:
    """The prediction V_k/ΣV has no skill, and no other constant one has less loss."""
    y, rng = probabilities(seed), Random(seed)
    w = [rng.uniform(0.5, 2) if "weight" in options else 1.0 for _ in y]
    given = options.get("class_weight", {})
    c = {"ant": 0.25} if given == "ant=0.25" else given
    smoothing = options.get("label_smoothing", 0.0)
    masses = [
        math.fsum(
            weight * c.get(name, 1) * ((1 - smoothing) * row[k] + smoothing / 3)
            for weight, row in zip(w, y, strict=True)
        )
        for k, name in enumerate(NAMES)
    ]
    labels = by_name(y, "y_") | {"w": w}
    for step in (0.0, 0.01, -0.01):
        moved = [mass / math.fsum(masses) for mass in masses]
        moved = [moved[0] + step * moved[1], moved[1] - step * moved[1], moved[2]]
        overall = evaluated(tmp_path, by_name([moved] * len(y), "p_"), labels, label=list(by_name(y, "y_")), **options)[
            "overall"
        ]
        if step:
            assert overall["loss"] > overall["prior_entropy"]
        else:
            assert overall["loss"] == pytest.approx(overall["prior_entropy"], rel=1e-12)
            assert overall["skill"] == pytest.approx(0, abs=1e-14)


def test_a_distribution_off_by_rounding_is_taken_as_it_stands(tmp_path: Path) -> None:
    """Within 1e-6; each term weighs what the file says, and the weights divide."""
    p = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125]]
    y = [[0.3333333, 0.3333333, 0.3333333], [0.2, 0.5000005, 0.3]]
    result = evaluated(tmp_path, by_name(p, "p_"), by_name(y, "y_"), label=["y_ant", "y_bee", "y_cat"])
    assert result["overall"]["loss"] == pytest.approx(cross_entropy(y, p), rel=1e-14)
    assert result["overall"]["weight"] == pytest.approx(math.fsum(part for row in y for part in row), rel=1e-15)


@pytest.mark.parametrize(
    "row", [[0.5, 0.5, 1e-5], [0.4, 0.3, 0.2], [0.0, 0.0, 0.0], [1.1, -0.1, 0.0], [1.0, 1.0, 0.0]], ids=str
)
def test_a_row_that_is_no_distribution_is_an_error_that_says_where(row: list[float], tmp_path: Path) -> None:
    y = by_name([[1.0, 0.0, 0.0], row], "y_")
    with pytest.raises(xentcli.DataError) as caught:
        evaluated(tmp_path, by_name(probabilities(0, 2), "p_"), y, label=list(y))
    assert (Path(caught.value.file or "").name, caught.value.record) == ("y.csv", 2)
    if row[:2] == [1.0, 1.0]:
        assert "one binary row for each label" in str(caught.value)


# Labels alone --------------------------------------------------------------------------------------

# Calibration is of the other classes too.
UNKNOWN = {*OF_ALL_CLASSES, *OF_OTHER_CLASSES, "ece", "ece_by_chance", "mce"}


@pytest.mark.parametrize("kind", ["label-probs", "label-logprobs"])
@pytest.mark.parametrize("options", OPTIONS[:3], ids=str)
def test_the_labels_own_probability_gives_what_all_probabilities_give_where_it_can(
    kind: str, options: dict[str, Any], tmp_path: Path
) -> None:
    p, rng = probabilities(3), Random(3)
    labels = [rng.randrange(3) for _ in p]
    own = [row[label] for row, label in zip(p, labels, strict=True)]
    column = {"score": own if kind == "label-probs" else [math.log(value) for value in own]}
    truth: Columns = {"label": [NAMES[label] for label in labels]}
    if "weight" in options:
        truth["w"] = [rng.uniform(0.5, 2) for _ in p]
    whole = evaluated(tmp_path / "whole", by_name(p, "p_"), truth, **options)
    alone = evaluated(tmp_path / "alone", column, truth, **options, input=kind, pred="score")
    assert (alone["inputs"]["task"], alone["inputs"]["classes"]) == ("label-only", NAMES)
    assert alone["settings"]["clip"] == options.get("clip", 2**-52 if kind == "label-probs" else None)
    for one, other in zip([alone["overall"], *alone["classes"]], [whole["overall"], *whole["classes"]], strict=True):
        assert one.keys() == other.keys()
        for key, value in other.items():
            if key in UNKNOWN:
                assert one[key] is None, key
            else:
                assert one[key] == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), key


def test_without_labels_there_are_no_classes_and_no_prior(tmp_path: Path) -> None:
    p = [0.5, 0.25, 0.125, 1.0]
    result = evaluated(tmp_path, {"p": p}, None, input="label-probs", pred="p")
    assert (result["classes"], result["inputs"]["classes"], result["inputs"]["labels"]) == ([], [], [])
    overall = result["overall"]
    assert overall["loss"] == pytest.approx(math.log(2 * 4 * 8) / 4, rel=1e-15)
    assert overall["perplexity"] == pytest.approx(64**0.25, rel=1e-14)
    assert [overall[key] for key in ("prior_entropy", "skill", "macro_loss", *sorted(UNKNOWN & overall.keys()))] == [
        None
    ] * (3 + len(UNKNOWN & overall.keys()))


def test_the_skill_of_labels_alone_is_scikit_learns(tmp_path: Path) -> None:
    p, rng = probabilities(4), Random(4)
    labels = [rng.randrange(3) for _ in p]
    own = [row[label] for row, label in zip(p, labels, strict=True)]
    truth = {"label": [NAMES[label] for label in labels]}
    overall = evaluated(tmp_path, {"p": own}, truth, input="label-probs", pred="p")["overall"]
    assert overall["loss"] == pytest.approx(log_loss(labels, p), rel=1e-12)
    assert overall["skill"] == pytest.approx(d2_log_loss_score(labels, p), rel=1e-10)


# Per unit ------------------------------------------------------------------------------------------


def test_the_loss_per_unit_is_all_losses_over_all_units(tmp_path: Path) -> None:
    """Bits per byte of four tokens: (1 + 2 + 3 + 0) bits in 2 + 4 + 8 + 1 bytes; weights 1, 2, 1, 1 weigh both."""
    p, units, w = [0.5, 0.25, 0.125, 1.0], [2, 4, 8, 1], [1.0, 2.0, 1.0, 1.0]
    options = {"input": "label-probs", "pred": "p", "per": "bytes", "unit": "bits"}
    plain = evaluated(tmp_path / "plain", {"p": p, "bytes": units}, None, **options)
    rate, losses = 6 / 15, [1, 2, 3, 0]
    squares = math.fsum((loss - rate * unit) ** 2 for loss, unit in zip(losses, units, strict=True))
    found = plain["overall"]["loss_per"]
    assert (found["column"], found["total"]) == ("bytes", 15)
    assert found["value"] == pytest.approx(rate, rel=1e-15)
    assert found["se"] == pytest.approx(math.sqrt(squares * 4 / 3) / 15, rel=1e-12)
    assert found["perplexity"] == pytest.approx(2**rate, rel=1e-15)
    assert (found["low"], found["high"]) == (None, None)  # of four rows there is no interval
    weighted = evaluated(tmp_path / "w", {"p": p, "bytes": units, "w": w}, None, **options, weight="w")
    assert weighted["overall"]["loss_per"]["total"] == 19
    assert weighted["overall"]["loss_per"]["value"] == pytest.approx(8 / 19, rel=1e-15)


@pytest.mark.parametrize("unit", [-1.0, math.nan, math.inf])
def test_a_unit_that_is_no_number_from_0_up_is_an_error(unit: float, tmp_path: Path) -> None:
    with pytest.raises(xentcli.DataError) as caught:
        evaluated(tmp_path, {"p": [0.5, 0.5], "bytes": [1.0, unit]}, None, input="label-probs", pred="p", per="bytes")
    assert (caught.value.record, caught.value.column) == (2, "bytes")
