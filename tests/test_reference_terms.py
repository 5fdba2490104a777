"""The reference evaluator's class weights, smoothing, distributions, counts and units, against other arithmetic.

A label that is a distribution says the same as one row for each class, weighted by its part; scikit-learn knows
rows and weights. Errors are held against influences, taken by differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from reference.evaluator import OF_ALL_CLASSES, OF_OTHER_CLASSES, evaluate
from reference.settings import Label, Settings
from scipy.stats import entropy
from sklearn.metrics import accuracy_score, d2_log_loss_score, log_loss

SEEDS = pytest.mark.parametrize("seed", range(8))
CLASS_WEIGHTS = (0.5, 2.0, 1.25, 7.0)
FILE_ROWS = {"rows", "clipped_rows", "tied_rows", "predicted_rows", "snapped_values", "renormalized_rows"}
Table = list[list[float]]


def random_table(seed: int, rows: int = 24) -> tuple[Table, Table, list[float]]:
    """Return probabilities, label distributions (some rows name one class, some leave one out) and weights."""
    rng = Random(seed)
    k = len(CLASS_WEIGHTS)
    p = [normal([rng.expovariate(1) + 1e-3 for _ in range(k)]) for _ in range(rows)]
    y = [normal([rng.expovariate(1) * (rng.random() < 0.7) for _ in range(k - 1)] + [0.1]) for _ in range(rows)]
    y[0], y[1] = [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]
    return p, y, [rng.uniform(0.5, 2) for _ in range(rows)]


def normal(parts: Sequence[float]) -> list[float]:
    return [part / math.fsum(parts) for part in parts]


def by_scikit_learn(metric: Callable[..., float], p: Table, masses: Any) -> float:
    """Return a metric of one row for each class of each row; `masses` are their weights, (rows, classes)."""
    k = len(CLASS_WEIGHTS)
    labels, predictions = np.tile(np.arange(k), len(p)), np.repeat(np.array(p), k, axis=0)
    if metric is accuracy_score:
        return float(metric(labels, predictions.argmax(axis=1), sample_weight=np.ravel(masses)))
    return float(metric(labels, predictions, sample_weight=np.ravel(masses), labels=list(range(k))))


def smoothed(y: Table, w: list[float], smoothing: float) -> Any:
    soft = (1 - smoothing) * np.array(y) + smoothing / len(CLASS_WEIGHTS)
    return np.array(w)[:, None] * np.array(CLASS_WEIGHTS) * soft


@SEEDS
def test_reference_evaluator_takes_a_distribution_for_a_row_of_each_class(seed: int) -> None:
    p, y, w = random_table(seed)
    settings = Settings(4, class_weights=CLASS_WEIGHTS)
    overall, classes = evaluate(p, y, w, settings)
    terms = smoothed(y, w, 0.0)
    assert overall["loss"] == pytest.approx(by_scikit_learn(log_loss, p, terms), rel=1e-13)
    assert overall["weight"] == pytest.approx(terms.sum(), rel=1e-14)
    assert overall["skill"] == pytest.approx(by_scikit_learn(d2_log_loss_score, p, terms), rel=1e-11)
    for k, figures in enumerate(classes):
        own = np.zeros_like(terms)
        own[:, k] = terms[:, k]
        assert figures["loss"] == pytest.approx(by_scikit_learn(log_loss, p, own), rel=1e-13)
        assert figures["rows"] == np.count_nonzero(own)
    plain = np.array(w)[:, None] * np.array(y)
    assert overall["accuracy"] == pytest.approx(by_scikit_learn(accuracy_score, p, plain), rel=1e-13)
    brier = (((np.array(p) - np.array(y)) ** 2).sum(axis=1) * w).sum() / np.sum(w)
    assert overall["brier"] == pytest.approx(brier, rel=1e-13)
    entropies = terms.sum(axis=1) * entropy(terms, axis=1)
    assert overall["label_entropy"] == pytest.approx(entropies.sum() / terms.sum(), rel=1e-13)


@SEEDS
@pytest.mark.parametrize("smoothing", [0.05, 0.5, 1.0])
def test_reference_evaluator_smooths_as_rows_of_every_class(seed: int, smoothing: float) -> None:
    p, y, w = random_table(seed)
    overall, classes = evaluate(p, y, w, Settings(4, class_weights=CLASS_WEIGHTS, label_smoothing=smoothing))
    masses = smoothed(y, w, smoothing)
    mean = by_scikit_learn(log_loss, p, masses)
    weight = smoothed(y, w, 0.0).sum()
    assert overall["loss"] == pytest.approx(mean * masses.sum() / weight, rel=1e-13)
    assert overall["skill"] == pytest.approx(by_scikit_learn(d2_log_loss_score, p, masses), rel=1e-10)
    prior = entropy(masses.sum(axis=0)) * masses.sum() / weight
    assert overall["prior_entropy"] == pytest.approx(prior, rel=1e-13)
    least = (masses.sum(axis=1) * entropy(masses, axis=1)).sum() / weight
    assert overall["label_entropy"] == pytest.approx(least, rel=1e-13)
    assert overall["excess_loss"] == pytest.approx(float(overall["loss"] or 0) - least, rel=1e-12)
    parts = math.fsum(float(k["weight_share"] or 0) * float(k["loss"] or 0) for k in classes)
    assert parts == pytest.approx(overall["loss"], rel=1e-13)


@SEEDS
def test_reference_evaluator_has_pytorchs_total_for_hard_labels(seed: int) -> None:
    """Mean reduction: ((1 − S)·Σ c_y·ℓ_y + (S/K)·Σ_rows Σ_j c_j·ℓ_j) / Σ c_y."""
    p, _, _ = random_table(seed)
    rng = Random(seed)
    labels = [rng.randrange(4) for _ in p]
    c, losses, own = np.array(CLASS_WEIGHTS), -np.log(np.array(p)), np.array(CLASS_WEIGHTS)[labels]
    expected = 0.9 * (own * losses[np.arange(len(p)), labels]).sum() + 0.1 / 4 * (losses * c).sum()
    overall, _ = evaluate(p, labels, None, Settings(4, class_weights=CLASS_WEIGHTS, label_smoothing=0.1))
    assert overall["loss"] == pytest.approx(expected / own.sum(), rel=1e-13)


@pytest.mark.one_in_three
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_reference_evaluator_has_the_error_of_each_quotients_sensitivity_to_each_weight(
    seed: int, smoothing: float
) -> None:
    """The error of a quotient is that of a sum of influences w·∂R/∂w, taken here by central differences."""
    p, y, w = random_table(seed, rows=12)
    per = [Random(seed + i).uniform(1, 9) for i in range(len(p))]
    settings = Settings(4, class_weights=CLASS_WEIGHTS, label_smoothing=smoothing)

    def quotients(weights: list[float]) -> Any:
        overall, classes = evaluate(p, y, weights, settings, per)
        found = [overall["loss"], overall["skill"], overall["loss_per.value"], *(k["loss"] for k in classes)]
        return np.array(found, dtype=float)

    influences = []
    for i, weight in enumerate(w):
        step = 1e-5 * weight
        up, down = (quotients([*w[:i], weight + change, *w[i + 1 :]]) for change in (step, -step))
        influences.append(weight * (up - down) / (2 * step))
    n = np.array([12, 12, 12, *np.count_nonzero(y, axis=0)])
    expected = np.sqrt((np.array(influences) ** 2).sum(axis=0) * n / (n - 1))
    overall, classes = evaluate(p, y, w, settings, per)
    errors = [overall["loss_se"], overall["skill_se"], overall["loss_per.se"], *(k["loss_se"] for k in classes)]
    assert errors == pytest.approx(expected.tolist(), rel=1e-6)


@SEEDS
@pytest.mark.parametrize("soft", [True, False])
def test_reference_evaluator_takes_counts_for_repeated_rows_in_every_figure(seed: int, soft: bool) -> None:
    p, distributions, _ = random_table(seed)
    y: list[Label] = [*distributions] if soft else [row.index(max(row)) for row in distributions]
    rng = Random(seed)
    counts = [rng.randint(0, 3) for _ in p[1:]] + [2]
    per = [rng.uniform(0, 5) for _ in p]
    at = [i for i, count in enumerate(counts) for _ in range(count)]
    base = Settings(4, class_weights=CLASS_WEIGHTS, label_smoothing=rng.choice((0.0, 0.1)), clip=0.05)
    counted = evaluate(p, y, counts, replace(base, weight_kind="count"), per)
    repeated = evaluate([p[i] for i in at], [y[i] for i in at], None, base, [per[i] for i in at])
    assert counted[0]["zero_weight_rows"] == counts.count(0)
    for one, other in zip([counted[0], *counted[1]], [repeated[0], *repeated[1]], strict=True):
        for key in other.keys() - FILE_ROWS - {"zero_weight_rows"}:
            assert one[key] == (other[key] if other[key] is None else pytest.approx(other[key], rel=1e-14)), key


def test_reference_evaluator_refuses_a_count_that_is_no_whole_number() -> None:
    with pytest.raises(ValueError, match="weight"):
        evaluate([[0.5, 0.5]], [0], [1.5], Settings(2, weight_kind="count"))


@SEEDS
def test_reference_evaluator_takes_a_one_hot_row_for_the_label_it_encodes(seed: int) -> None:
    p, _, w = random_table(seed)
    labels = [Random(seed).randrange(4) for _ in p]
    one_hot = [[float(k == label) for k in range(4)] for label in labels]
    settings = Settings(4, class_weights=CLASS_WEIGHTS, label_smoothing=0.1 * (seed % 2))
    assert evaluate(p, labels, w, settings) == evaluate(p, one_hot, w, settings)


def test_reference_evaluator_leaves_out_the_rows_of_a_class_that_weighs_nothing() -> None:
    """Also out of accuracy, where class weights otherwise change nothing; a soft row keeps its other terms."""
    p = [[0.5, 0.25, 0.25], [0.125, 0.75, 0.125], [0.25, 0.25, 0.5]]
    settings = Settings(3, class_weights=(1.0, 0.0, 3.0), label_smoothing=0.1)
    hard = evaluate(p, [0, 1, 2], None, settings)
    assert hard[0].pop("zero_weight_rows") == 1
    without = evaluate([p[0], p[2]], [0, 2], None, settings)
    assert without[0].pop("zero_weight_rows") == 0
    assert hard == without
    soft, classes = evaluate(p[1:2], [[0.5, 0.5, 0.0]], None, replace(settings, label_smoothing=0.0))
    assert (soft["rows"], soft["weight"]) == (1, 0.5)
    assert soft["loss"] == pytest.approx(-math.log(0.125), rel=1e-15)
    assert (soft["accuracy"], soft["macro_classes"]) == (0.5, 1)
    assert (classes[1]["rows"], classes[1]["weight"], classes[1]["loss"], classes[1]["recall"]) == (1, 0, None, 1)


def test_reference_evaluator_counts_as_clipped_what_a_row_is_charged_for() -> None:
    p, labels = [[0.99, 0.01, 0.0], [0.5, 0.25, 0.25]], [0, 1]
    assert evaluate(p, labels)[0]["clipped_rows"] == 0
    overall, classes = evaluate(p, labels, None, Settings(3, label_smoothing=0.3))
    assert (overall["clipped_rows"], [k["clipped_rows"] for k in classes]) == (1, [1, 0, 0])
    assert overall["loss"] == pytest.approx(
        (
            0.7 * -math.log(0.99 * 0.25)
            + 0.1 * (52 * math.log(2) - math.log(0.99 * 0.01))
            + 0.1 * -math.log(0.5 * 0.25 * 0.25)
        )
        / 2,
        rel=1e-14,
    )
    unweighted = Settings(3, label_smoothing=0.3, class_weights=(1.0, 1.0, 0.0))
    assert evaluate(p, labels, None, unweighted)[0]["clipped_rows"] == 0
    soft = [[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]]
    assert [k["clipped_rows"] for k in evaluate(p, soft)[1]] == [0, 0, 1]


@pytest.mark.parametrize("kind", ["label-probs", "label-logprobs"])
def test_reference_evaluator_knows_of_labels_alone_what_does_not_take_the_other_classes(kind: str) -> None:
    p, _, w = random_table(3)
    labels = [Random(3).randrange(4) for _ in p]
    own = [
        [row[label] if kind == "label-probs" else math.log(row[label])] for row, label in zip(p, labels, strict=True)
    ]
    whole, classes = evaluate(p, labels, w, Settings(4, class_weights=CLASS_WEIGHTS))
    alone, parts = evaluate(own, labels, w, Settings(4, input=kind, class_weights=CLASS_WEIGHTS))
    unknown = {*OF_ALL_CLASSES, *OF_OTHER_CLASSES}
    for one, other in zip([alone, *parts], [whole, *classes], strict=True):
        for key, value in other.items():
            wanted = None if key in unknown or value is None else pytest.approx(value, rel=1e-12)
            assert one[key] == wanted, key
    unlabelled, none = evaluate(own, None, w, Settings(0, input=kind))
    assert none == []
    assert unlabelled["loss"] == pytest.approx(evaluate(p, labels, w)[0]["loss"], rel=1e-12)
    assert [unlabelled[key] for key in ("macro_loss", "macro_classes", "prior_entropy", "skill")] == [
        None,
        0,
        None,
        None,
    ]
