"""PyTorch's answers for class weights, label smoothing, ignored labels and labels that are distributions.

As in `published_answers`, an expected value is arithmetic that a reader can redo, next to the digits as published or as
the tool prints them. Without class weights, smoothing and ignored labels they are in `published_answers`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import RunXent
from oracles import Figure, arguments, assert_figure, entropy, logit_loss, mean, weighted_mean, write
from published_answers import TORCH
from reference import evaluator
from reference.settings import Label, Settings

import xentcli

Expected = dict[str, Figure | None]

C = (1.0, 2.0, 3.0)
WEIGHTED = {"class_weight": {"0": 1, "1": 2, "2": 3}}
SMOOTHED = {"label_smoothing": 0.1}
HARD = ("0", "1", "2", "0")
SOFT = ([0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.0, 0.0, 1.0], [1 / 3, 1 / 3, 1 / 3])
LOSSES = [[logit_loss(row, k) for k in range(3)] for row in TORCH]
OWN = [LOSSES[i][int(k)] for i, k in enumerate(HARD)]


def spread(rows: Sequence[int], c: Sequence[float]) -> float:
    """Return Σ_rows Σ_j c_j·ℓ_j, of which smoothing adds a K-th."""
    return math.fsum(factor * loss for i in rows for factor, loss in zip(c, LOSSES[i], strict=True))


def soft_mean(c: Sequence[float]) -> float:
    """Return Σ y_k·c_k·ℓ_k / Σ y_k·c_k over the rows of SOFT."""
    masses = [part * factor for y in SOFT for part, factor in zip(y, c, strict=True)]
    return weighted_mean([loss for row in LOSSES for loss in row], masses)


def soft_class(k: int) -> float:
    return weighted_mean([row[k] for row in LOSSES], [y[k] for y in SOFT])


@dataclass(frozen=True)
class Oracle:
    """Logits of classes 0, 1 and so on, labels or distributions, options, and figures by `section/key`."""

    name: str
    logits: Sequence[Sequence[float]]
    labels: Sequence[str]
    expected: Expected
    options: dict[str, Any] = field(default_factory=dict)
    distributions: Sequence[Sequence[float]] = ()

    def write(self, folder: Path, suffix: str) -> tuple[Path, Path]:
        """Write predictions and labels; the columns of a distribution are y_0, y_1 and so on."""
        columns = zip(*self.logits, strict=True)
        write(folder / f"p{suffix}", {f"p_{k}": list(map(float, column)) for k, column in enumerate(columns)})
        parts = zip(*self.distributions, strict=True)
        labels = {f"y_{k}": list(part) for k, part in enumerate(parts)} or {"label": list(self.labels)}
        write(folder / f"y{suffix}", labels)
        return folder / f"p{suffix}", folder / f"y{suffix}"

    @property
    def told(self) -> dict[str, Any]:
        """The options, as the function takes them."""
        label = {"label": [f"y_{k}" for k in range(len(self.logits[0]))]} if self.distributions else {}
        return {"input": "logits"} | label | self.options


A, B = [0.2, 0.3, 0.5], [0.5, 0.2, 0.3]

ORACLES = [
    Oracle(
        "O17 (issue 25571)",
        [A, B],
        ("2", "1"),
        {
            "overall/loss": Figure((6 * logit_loss(A, 2) + 4 * logit_loss(B, 1)) / (6 + 4), "1.05983106084446"),
            "overall/loss_sum": Figure(6 * logit_loss(A, 2) + 4 * logit_loss(B, 1)),
            "classes/2/loss": Figure(logit_loss(A, 2)),
            "classes/2/weight_share": Figure(6 / 10),
            "classes/2/loss_share": Figure(5.638986365066762 / (5.638986365066762 + 4.959324243377841)),
            "overall/weight": Figure(10),
            "overall/accuracy": Figure(0.5),  # by rows: class weights are no part of it
        },
        {"class_weight": {"0": 2, "1": 4, "2": 6}},
    ),
    Oracle(
        "O18 (issue 8062)",
        [[-100, 100]] * 2,
        ("0", "1"),
        {"overall/loss": Figure((20 * 200 + 10 * 0) / (20 + 10), "133.333333333333"), "classes/1/weight": Figure(10)},
        {"class_weight": "0=20,1=10"},
    ),
    Oracle(
        "O19 weighted",
        TORCH,
        HARD,
        {
            "overall/loss": Figure(weighted_mean(OWN, (1, 2, 3, 1)), "0.360811319734248"),
            "overall/weight": Figure(7),
            "overall/effective_rows": Figure(7**2 / (1 + 4 + 9 + 1)),
            "overall/label_entropy": Figure(0),
            "classes/0/loss": Figure(mean(OWN[0], OWN[3])),
            "classes/2/weight_share": Figure(3 / 7),
        },
        WEIGHTED,
    ),
    Oracle(
        "O19 smoothed",
        TORCH,
        HARD,
        {
            "overall/loss": Figure(
                (0.9 * math.fsum(OWN) + 0.1 / 3 * spread(range(4), (1, 1, 1))) / 4, "0.58979834315386"
            ),
            "classes/1/loss": Figure(0.9 * OWN[1] + 0.1 / 3 * math.fsum(LOSSES[1])),
            "overall/label_entropy": Figure(
                -(0.9 + 0.1 / 3) * math.log(0.9 + 0.1 / 3) - 2 * 0.1 / 3 * math.log(0.1 / 3)
            ),
        },
        SMOOTHED,
    ),
    Oracle(
        "O19 weighted and smoothed",
        TORCH,
        HARD,
        {
            "overall/loss": Figure(
                (
                    0.9 * math.fsum(C[int(k)] * loss for k, loss in zip(HARD, OWN, strict=True))
                    + 0.1 / 3 * spread(range(4), C)
                )
                / (1 + 2 + 3 + 1),
                "0.489469046026027",
            ),
            "classes/2/loss": Figure((0.9 * 3 * OWN[2] + 0.1 / 3 * spread([2], C)) / 3),
        },
        WEIGHTED | SMOOTHED,
    ),
    Oracle(
        "O20",
        TORCH,
        ("0", "-100", "2", "-100"),
        {
            "overall/loss": Figure(mean(OWN[0], OWN[2]), "0.26331574039965"),
            "overall/ignored_rows": Figure(2),
            "overall/rows": Figure(2),
            "classes/1/rows": Figure(0),
        },
        {"ignore": ["-100"]},
    ),
    Oracle(
        "O20 weighted",
        TORCH,
        ("0", "-100", "2", "-100"),
        {"overall/loss": Figure((1 * OWN[0] + 3 * OWN[2]) / (1 + 3), "0.186458602460557")},
        WEIGHTED | {"ignore": ["-100"]},
    ),
    Oracle(
        "O20 smoothed, by index",
        TORCH,
        ("0", "-100", "2", "-100"),
        {
            "overall/loss": Figure(
                (0.9 * (OWN[0] + OWN[2]) + 0.1 / 3 * spread([0, 2], (1, 1, 1))) / 2, "0.406649073732983"
            )
        },
        SMOOTHED | {"ignore": ["-100"], "label_kind": "index"},
    ),
    Oracle(
        "O21",
        TORCH,
        (),
        {
            "overall/loss": Figure(soft_mean((1, 1, 1)), "0.681465009820527"),
            "classes/0/loss": Figure(soft_class(0), "0.800964"),
            "classes/1/loss": Figure(soft_class(1), "0.658534"),
            "classes/2/loss": Figure(soft_class(2), "0.594502"),
            "classes/0/rows": Figure(3),
            "classes/2/rows": Figure(4),
            "classes/0/weight": Figure(0.8 + 0.2 + 0 + 1 / 3),
            "overall/label_entropy": Figure(mean(entropy(0.8, 0.1, 0.1), entropy(0.2, 0.7, 0.1), 0, math.log(3))),
        },
        distributions=SOFT,
    ),
    Oracle(
        "O21 weighted: divided by the weights",  # PyTorch divides by the number of rows
        TORCH,
        (),
        {
            "overall/loss": Figure(soft_mean(C), "0.645773037159723"),
            "overall/weight": Figure(1.3 + 1.9 + 3 + 2),
            "classes/0/loss": Figure(soft_class(0), "0.800964"),
        },
        WEIGHTED,
        distributions=SOFT,
    ),
    Oracle(
        "O21 smoothed",
        TORCH,
        (),
        {
            "overall/loss": Figure(
                0.9 * soft_mean((1, 1, 1)) + 0.1 / 3 * spread(range(4), (1, 1, 1)) / 4, "0.76079834315386"
            )
        },
        SMOOTHED,
        distributions=SOFT,
    ),
]

each_oracle = pytest.mark.parametrize("known", ORACLES, ids=lambda known: known.name.replace(" ", "-"))


@each_oracle
def test_the_arithmetic_of_an_oracle_of_terms_rounds_to_the_published_digits(known: Oracle) -> None:
    for path, figure in known.expected.items():
        if figure is not None and figure.published:
            decimals = len(figure.published.partition(".")[2])
            assert abs(figure.value - float(figure.published)) <= 1.01 * 10**-decimals + 2**-52, path


@each_oracle
def test_the_reference_evaluator_gives_the_oracle_of_terms(known: Oracle) -> None:
    weights = known.options.get("class_weight", {})
    if isinstance(weights, str):
        weights = dict(part.split("=") for part in weights.split(","))
    n = len(known.logits[0])
    settings = Settings(
        n,
        input="logits",
        clip=None,
        class_weights=tuple(float(weights.get(str(k), 1)) for k in range(n)),
        label_smoothing=known.options.get("label_smoothing", 0.0),
    )
    labels: list[Label] = [*known.distributions] or [int(label) for label in known.labels if label != "-100"]
    out = [i for i, label in enumerate(known.labels) if label == "-100"]
    logits = [row for i, row in enumerate(known.logits) if i not in out]
    overall, classes = evaluator.evaluate(logits, labels, None, settings)
    overall["ignored_rows"] = len(out)
    sections = {"overall": overall} | {f"classes/{k}": figures for k, figures in enumerate(classes)}
    for path, figure in known.expected.items():
        section, _, key = path.rpartition("/")
        assert_figure(sections[section][key], figure, f"{known.name} {path}")


def assert_oracle(known: Oracle, result: dict[str, Any]) -> None:
    sections = {"overall": result["overall"]} | {f"classes/{k['class']}": k for k in result["classes"]}
    assert result["inputs"]["classes"] == [str(k) for k in range(len(known.logits[0]))]
    for path, figure in known.expected.items():
        section, _, key = path.rpartition("/")
        assert_figure(sections[section][key], figure, f"{known.name} {path}")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@each_oracle
def test_the_function_gives_the_oracle_of_terms(known: Oracle, suffix: str, tmp_path: Path) -> None:
    assert_oracle(known, xentcli.evaluate(*known.write(tmp_path, suffix), **known.told).to_dict())


@each_oracle
def test_the_command_line_gives_the_oracle_of_terms(known: Oracle, tmp_path: Path, run_xent: RunXent) -> None:
    paths = map(str, known.write(tmp_path, ".csv"))
    finished = run_xent("eval", *paths, *arguments(known.told), "-f", "json")
    assert finished.code == 0, finished.stderr
    assert_oracle(known, json.loads(finished.stdout))
