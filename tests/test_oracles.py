"""Answers that other projects publish, by the command line and by the function; laws that hold for any data.

Every oracle names where it was published. Its expected value is written as arithmetic that a reader can redo,
next to the digits as published (or as the tool named there prints them).
"""

import csv
import itertools
import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reference import evaluator
from reference.evaluator import Figures, Settings

import xentcli

Result = dict[str, Any]
LN2 = math.log(2)


class Finished(Protocol):
    """What `run_xent` returns."""

    code: int
    stdout: str
    stderr: str


RunXent = Callable[..., Finished]


def ln(value: float) -> float:
    return math.log(value)


def mean(*values: float) -> float:
    return math.fsum(values) / len(values)


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def logit_loss(logits: Sequence[float], label: int) -> float:
    """Return ln Σ exp(x) − x_label."""
    return ln(math.fsum(math.exp(x) for x in logits)) - logits[label]


def entropy(*weights: float) -> float:
    """Return the entropy of the proportions of these weights."""
    total = math.fsum(weights)
    return -math.fsum(w / total * ln(w / total) for w in weights)


@dataclass(frozen=True)
class Figure:
    """One expected number: `value` is arithmetic, `published` the digits as they are quoted."""

    value: float
    published: str = ""
    at_zero: float = 0.0  # absolute allowance, for a difference that is 0 in exact arithmetic


@dataclass(frozen=True)
class Oracle:
    """A published example: columns of predictions, labels, options, and figures by `section/key`."""

    name: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[str, ...]
    expected: dict[str, Figure | None]
    classes: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    weights: tuple[float, ...] = ()


def oracle(
    name: str,
    source: str,
    columns: str,
    rows: Sequence[Sequence[float]],
    labels: str,
    *,
    expected: dict[str, Figure | None],
    classes: str = "",
    weights: Sequence[float] = (),
    **options: Any,
) -> Oracle:
    """Return an oracle; its names are words, its classes in class order (by default that of the columns)."""
    by_columns = evaluator.class_order([column.removeprefix("p_") for column in columns.split()])
    return Oracle(
        name=name,
        source=source,
        columns=tuple(columns.split()),
        rows=tuple(tuple(row) for row in rows),
        labels=tuple(labels.split()),
        expected=expected,
        classes=tuple(classes.split() or by_columns),
        options=options,
        weights=tuple(weights),
    )


SPAM = [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]
SPAM_LOSSES = [-ln(0.9), -ln(0.9), -ln(0.8), -ln(0.65)]
SPAM_WEIGHTS = [1.0, 2.0, 3.0, 4.0]
SPAM_MEAN = weighted_mean(SPAM_LOSSES, SPAM_WEIGHTS)
SPAM_RESIDUALS = [w * (loss - SPAM_MEAN) for w, loss in zip(SPAM_WEIGHTS, SPAM_LOSSES, strict=True)]
SPAM_SQUARES = math.fsum(residual**2 for residual in SPAM_RESIDUALS)
KAGGLE = [[0.5, 0.5], [0.1, 0.9], [0.01, 0.99], [0.9, 0.1], [0.75, 0.25], [0.001, 0.999]]
D2 = [[0.5, 0.5], [0.9, 0.1], [0.4, 0.6], [0.6, 0.4], [0.35, 0.65], [0.01, 0.99]]
D2_LOSSES = [-ln(0.5), -ln(0.9), -ln(0.4), -ln(0.4), -ln(0.65), -ln(0.99)]
D2_WEIGHTS = [2.0, 1.0, 3.0, 4.0, 3.0, 1.0]
HALF_SUMS = [[0.2, 0.3], [0.2, 0.3]]
HARD = [[0, 1], [0, 1], [1, 0], [1, 0]]
TORCH: list[list[float]] = [[2, 1, 0.1], [0.5, 2, 0.3], [0.1, 0.2, 3], [1, 1, 1]]
TORCH_LOSSES = [logit_loss(TORCH[i], label) for i, label in enumerate((0, 1, 2, 0))]
LABEL_SHARES = [[0.5, 0.25, 0.25]] * 4
SURE = [[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.01, 0.98]]

ORACLES = [
    oracle(
        "W0",
        "textbook",
        "A B C",
        [[0.7, 0.2, 0.1]],
        "A",
        expected={"overall/loss": Figure(-ln(0.7), "0.356674943938732"), "classes/B/loss": None},
    ),
    oracle(
        "W1",
        "PyTorch tutorial",
        "cat dog owl",
        [[2.0, 1.0, 0.1]],
        "0",
        expected={"overall/loss": Figure(ln(1 + math.exp(-1) + math.exp(-1.9)), "0.41703001627783")},
        input="logits",
        label_kind="index",
    ),
    oracle(
        "O1",
        "scikit-learn, documentation of log_loss",
        "p_ham p_spam",
        SPAM,
        "spam ham ham spam",
        expected={
            "overall/loss": Figure(-ln(0.9 * 0.9 * 0.8 * 0.65) / 4, "0.216161874680579"),
            "overall/loss_sum": Figure(-ln(0.9 * 0.9 * 0.8 * 0.65), "0.864647498722317"),
            "overall/loss_se": Figure(statistics.stdev(SPAM_LOSSES) / 2, "0.076738092207582"),
            "overall/loss_low": None,  # four rows are too few for an interval
            "overall/effective_rows": Figure(4),
            "classes/ham/loss": Figure(-ln(0.9 * 0.8) / 2),
            "classes/spam/loss": Figure(-ln(0.9 * 0.65) / 2),
        },
    ),
    oracle(
        "O1 weighted",
        "scikit-learn, documentation of log_loss, weights 1 to 4",
        "p_ham p_spam",
        SPAM,
        "spam ham ham spam",
        expected={
            "overall/loss": Figure(-ln(0.9**3 * 0.8**3 * 0.65**4) / 10, "0.270864386528593"),
            "overall/loss_se": Figure(math.sqrt(SPAM_SQUARES * (4 / 3)) / 10, "0.086920357182419"),
            "overall/effective_rows": Figure(10 / 3),
            "overall/weight": Figure(10),
            "classes/ham/weight_share": Figure(0.5),
        },
        weights=SPAM_WEIGHTS,
        weight="w",
    ),
    oracle(
        "O2",
        "scikit-learn, user guide",
        "0 1",
        [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.01, 0.99]],
        "0 0 1 1",
        expected={"overall/loss": Figure(-ln(0.9 * 0.8 * 0.7 * 0.99) / 4, "0.173807336691067")},
    ),
    oracle(
        "O3",
        "scikit-learn, test_log_loss; Kaggle wiki",
        "no yes",
        KAGGLE,
        "no no no yes yes yes",
        expected={
            "overall/loss": Figure(-ln(0.5 * 0.1 * 0.01 * 0.1 * 0.25 * 0.999) / 6, "1.881797068998267"),
            "overall/macro_loss": Figure(-ln(0.5 * 0.1 * 0.01 * 0.1 * 0.25 * 0.999) / 6),
        },
    ),
    oracle(
        "O4",
        "scikit-learn, test_log_loss",
        "p_0 p_1 p_2",
        [[0.2, 0.7, 0.1], [0.6, 0.2, 0.2], [0.6, 0.1, 0.3]],
        "1 0 2",
        expected={
            "overall/loss": Figure(-ln(0.7 * 0.6 * 0.3) / 3, "0.69049112401022"),
            "classes/0/loss": Figure(-ln(0.6), "0.510825623766"),
            "classes/1/loss": Figure(-ln(0.7), "0.356674943939"),
            "classes/2/loss": Figure(-ln(0.3), "1.203972804326"),
        },
    ),
    oracle(
        "O6",
        "scikit-learn, test_log_loss: a class without rows",
        "1 2 3",
        [[0.7, 0.1, 0.2], [0.2, 0.7, 0.1], [0.1, 0.7, 0.2]],
        "1 2 2",
        expected={
            "overall/loss": Figure(-ln(0.7), "0.356674943939"),
            "overall/macro_classes": Figure(2),
            "overall/macro_loss": Figure(-ln(0.7)),
            "classes/3/rows": Figure(0),
            "classes/3/weight": Figure(0),
            "classes/3/weight_share": Figure(0),
            "classes/3/loss": None,
            "classes/3/loss_share": None,
            "classes/3/recall": None,
            "classes/3/label_probability": None,
            "classes/3/predicted_share": Figure((0.2 + 0.1 + 0.2) / 3),
        },
    ),
    oracle(
        "O8",
        "scikit-learn issue 23059, its one-hot labels as names",
        "p_0 p_1 p_2",
        [[0.1, 0.8, 0.1], [0.9, 0.1, 0.0]],
        "1 0",
        expected={"overall/loss": Figure(-ln(0.8 * 0.9) / 2, "0.164252033486018")},
    ),
    oracle(
        "O8 by index",
        "scikit-learn issue 23059, its one-hot labels as indices",
        "p_x p_y p_z",
        [[0.1, 0.8, 0.1], [0.9, 0.1, 0.0]],
        "1 0",
        expected={"overall/loss": Figure(-ln(0.8 * 0.9) / 2, "0.164252033486018")},
        classes="x y z",
        label_kind="index",
    ),
    oracle(
        "O9",
        "scikit-learn issue 30910: 36.04 where columns are taken by sorted position",
        "dog cat",
        [[1, 0], [0, 1]],
        "dog cat",
        expected={
            "overall/loss": Figure(0),
            "overall/accuracy": Figure(1),
            "overall/clipped_rows": Figure(0),
        },
        classes="cat dog",
    ),
    oracle(
        "O10 within the tolerance",
        "after scikit-learn pull request 24515",
        "p_0 p_1",
        HALF_SUMS,
        "0 1",
        expected={
            "overall/loss": Figure(-(ln(0.2) + ln(0.3)) / 2, "1.4067053583800182"),
            "overall/sum_bias": Figure(ln(0.5)),
        },
        sum_tolerance=1,
    ),
    oracle(
        "O10 renormalized",
        "after scikit-learn pull request 24515",
        "p_0 p_1",
        HALF_SUMS,
        "0 1",
        expected={
            "overall/loss": Figure(-(ln(0.4) + ln(0.6)) / 2, "0.7135581778200728"),
            "overall/renormalized_rows": Figure(2),
        },
        renormalize=True,
    ),
    oracle(
        "O11 clip 1e-15",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={
            "overall/loss": Figure(-ln(1e-15) / 4, "8.634694098727671"),
            "overall/clipped_rows": Figure(1),
            "overall/clipped_loss_share": Figure(1),
            "classes/0/clipped_rows": Figure(1),
            "classes/1/clipped_rows": Figure(0),
        },
        clip=1e-15,
    ),
    oracle(
        "O11 default clip",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={
            "overall/loss": Figure(52 * LN2 / 4, "9.01091334727929"),
            "overall/clipped_rows": Figure(1),
        },
    ),
    oracle(
        "O11 no clip",
        "scikit-learn issue 17399",
        "p_0 p_1",
        HARD,
        "1 0 0 0",
        expected={"overall/loss": None, "overall/clipped_rows": Figure(0), "classes/1/loss": Figure(0)},
        clip="none",
    ),
    oracle(
        "O12 label shares",
        "scikit-learn, documentation of d2_log_loss_score",
        "p_1 p_2 p_3",
        LABEL_SHARES,
        "1 1 2 3",
        expected={
            "overall/skill": Figure(0, at_zero=1e-15),
            "overall/prior_entropy": Figure(entropy(2, 1, 1)),
        },
    ),
    oracle(
        "O12 sure",
        "scikit-learn, test of d2_log_loss_score",
        "p_1 p_2 p_3",
        SURE,
        "1 2 3",
        expected={"overall/skill": Figure(1 + ln(0.98) / ln(3), "0.981610703315533")},
    ),
    oracle(
        "O13",
        "scikit-learn, test of d2_log_loss_score",
        "p_0 p_1",
        D2,
        "0 0 0 1 1 1",
        expected={"overall/skill": Figure(1 - mean(*D2_LOSSES) / LN2, "0.261358795056473")},
    ),
    oracle(
        "O13 weighted",
        "scikit-learn, test of d2_log_loss_score",
        "p_0 p_1",
        D2,
        "0 0 0 1 1 1",
        expected={
            "overall/skill": Figure(
                1 - weighted_mean(D2_LOSSES, D2_WEIGHTS) / entropy(2 + 1 + 3, 4 + 3 + 1), "0.0368826430203227"
            )
        },
        weights=D2_WEIGHTS,
        weight="w",
    ),
    oracle(
        "O14 binary",
        "scikit-learn, documentation of brier_score_loss",
        "p",
        [[0.1], [0.9], [0.8], [0.3]],
        "0 1 1 0",
        expected={"overall/brier": Figure((0.1**2 + 0.1**2 + 0.2**2 + 0.3**2) / 4, "0.0375")},
        classes="0 1",
    ),
    oracle(
        "O14 three classes",
        "scikit-learn, documentation of brier_score_loss",
        "p_eggs p_ham p_spam",
        [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.2, 0.6]],
        "eggs ham spam",
        expected={"overall/brier": Figure((0.06 + 0.14 + 0.24) / 3, "0.146666666666667")},
    ),
    oracle(
        "O17 without class weights",
        "PyTorch issue 25571",
        "p_0 p_1 p_2",
        [[0.2, 0.3, 0.5], [0.5, 0.2, 0.3]],
        "2 1",
        expected={
            "overall/loss": Figure(
                mean(logit_loss([0.2, 0.3, 0.5], 2), logit_loss([0.5, 0.2, 0.3], 1)), "1.08983106084446"
            )
        },
        input="logits",
    ),
    oracle(
        "O19 without class weights and smoothing",
        "torch.nn.functional.cross_entropy",
        "p_0 p_1 p_2",
        TORCH,
        "0 1 2 0",
        expected={
            "overall/loss": Figure(mean(*TORCH_LOSSES), "0.491465009820527"),
            "classes/0/loss": Figure(mean(TORCH_LOSSES[0], ln(3))),
            "classes/1/loss": Figure(TORCH_LOSSES[1], "0.340616269814699"),
            "classes/2/loss": Figure(TORCH_LOSSES[2], "0.109601464521465"),
            "overall/tied_rows": Figure(1),
            "overall/accuracy": Figure((3 + 1 / 3) / 4),
        },
        input="logits",
    ),
    oracle(
        "O19 first row",
        "torch.nn.functional.cross_entropy, reduction none",
        "p_0 p_1 p_2",
        TORCH[:1],
        "0",
        expected={"overall/loss": Figure(TORCH_LOSSES[0], "0.417030016277834")},
        input="logits",
    ),
    oracle(
        "O19 last row",
        "torch.nn.functional.cross_entropy, reduction none",
        "p_0 p_1 p_2",
        TORCH[3:],
        "0",
        expected={"overall/loss": Figure(ln(3), "1.098612288668110")},
        input="logits",
    ),
    oracle(
        "O20 with the ignored rows left out",
        "torch.nn.functional.cross_entropy, ignore_index",
        "p_0 p_1 p_2",
        TORCH[0::2],
        "0 2",
        expected={"overall/loss": Figure(mean(TORCH_LOSSES[0], TORCH_LOSSES[2]), "0.26331574039965")},
        input="logits",
    ),
    oracle(
        "O22",
        "torch.nn.functional.binary_cross_entropy_with_logits",
        "z",
        [[1.5]],
        "1",
        expected={"overall/loss": Figure(math.log1p(math.exp(-1.5)), "0.201413277982752")},
        classes="0 1",
        input="logits",
        positive="1",
        negative="0",
    ),
    oracle(
        "O28",
        "yardstick, test of mn_log_loss",
        "p_A",
        [[1], [0.8], [0.51], [0.1], [0.2], [0.3]],
        "A A A B B B",
        expected={"overall/loss": Figure(-ln(1 * 0.8 * 0.51 * 0.9 * 0.8 * 0.7) / 6, "0.263611185914791")},
        classes="B A",
    ),
]

each_oracle = pytest.mark.parametrize("known", ORACLES, ids=lambda known: known.name.replace(" ", "-"))
each_format = pytest.mark.parametrize("suffix", [".csv", ".parquet"])


@each_oracle
def test_the_arithmetic_of_an_oracle_rounds_to_the_published_digits(known: Oracle) -> None:
    for path, figure in known.expected.items():
        if figure is not None and figure.published:
            decimals = len(figure.published.partition(".")[2])
            # A unit of the last digit, and of float64: the tool's own last bit can tip the rounding.
            assert abs(figure.value - float(figure.published)) <= 1.01 * 10**-decimals + 2**-52, path


@each_oracle
def test_the_reference_evaluator_gives_the_oracle(known: Oracle) -> None:
    names = list(known.classes)
    values = by_class_order(known)
    by_index = known.options.get("label_kind") == "index"
    indices = [int(label) if by_index else names.index(label) for label in known.labels]
    overall, classes = evaluator.evaluate(values, indices, known.weights or None, reference_settings(known))
    sections = {"overall": overall} | {f"classes/{name}": k for name, k in zip(names, classes, strict=True)}
    for path, figure in known.expected.items():
        section, _, key = path.rpartition("/")
        actual = sections[section][key]
        assert_figure(None if actual == math.inf else actual, figure, f"{known.name} {path}")


@each_format
@each_oracle
def test_the_function_gives_the_oracle(known: Oracle, suffix: str, tmp_path: Path) -> None:
    predictions, labels = write_oracle(known, tmp_path, suffix)
    assert_oracle(known, xentcli.evaluate(predictions, labels, **known.options).to_dict())


@each_format
@each_oracle
def test_the_command_line_gives_the_oracle(known: Oracle, suffix: str, tmp_path: Path, run_xent: RunXent) -> None:
    predictions, labels = write_oracle(known, tmp_path, suffix)
    finished = run_xent("eval", str(predictions), str(labels), *arguments(known.options), "-f", "json")
    assert finished.code == 0, finished.stderr
    assert_oracle(known, json.loads(finished.stdout))


def test_rows_that_sum_to_one_half_are_an_error_that_names_the_way_out(tmp_path: Path, run_xent: RunXent) -> None:
    """O10 by default."""
    predictions, labels = tmp_path / "p.csv", tmp_path / "y.csv"
    write(predictions, {"p_0": [0.2, 0.2], "p_1": [0.3, 0.3]})
    write(labels, {"label": ["0", "1"]})
    with pytest.raises(xentcli.DataError, match=r"0\.5"):
        xentcli.evaluate(predictions, labels)
    finished = run_xent("eval", str(predictions), str(labels), "-f", "json")
    assert (finished.code, finished.stdout) == (2, "")
    assert "0.5" in finished.stderr
    assert "--sum-tolerance" in finished.stderr or "--renormalize" in finished.stderr


def test_without_a_clip_one_wrong_certainty_makes_the_loss_infinite_and_says_so(tmp_path: Path) -> None:
    """O11 with `--clip none`: null in JSON, listed as infinite, and still an answer for the other class."""
    write(tmp_path / "p.csv", {"p_0": [0, 0, 1, 1], "p_1": [1, 1, 0, 0]})
    write(tmp_path / "y.csv", {"label": ["1", "0", "0", "0"]})
    result = xentcli.evaluate(tmp_path / "p.csv", tmp_path / "y.csv", clip="none").to_dict()
    infinite = {"overall.loss", "overall.loss_sum", "overall.macro_loss", "overall.perplexity"}
    assert infinite <= set(result["infinite"])
    assert [result["overall"][key] for key in ("loss", "loss_se", "loss_low", "loss_high")] == [None] * 4
    assert [figures["loss"] for figures in result["classes"]] == [None, 0]
    json.dumps(result, allow_nan=False)


def test_a_perfect_prediction_costs_zero_and_never_minus_zero(tmp_path: Path) -> None:
    """O9, and the sign that −ln 1 would print."""
    write(tmp_path / "p.csv", {"dog": [1, 0], "cat": [0, 1]})
    write(tmp_path / "y.csv", {"label": ["dog", "cat"]})
    result = xentcli.evaluate(tmp_path / "p.csv", tmp_path / "y.csv").to_dict()
    for value in [result["overall"]["loss"], *(figures["loss"] for figures in result["classes"])]:
        assert (value, math.copysign(1, value)) == (0, 1)
    assert result["overall"]["skill"] == 1


# Laws -------------------------------------------------------------------------------------------------

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


# Helpers ----------------------------------------------------------------------------------------------


def assert_figure(actual: float | None, figure: Figure | None, where: str) -> None:
    if figure is None:
        assert actual is None, where
    else:
        assert actual == pytest.approx(figure.value, rel=1e-12, abs=figure.at_zero), where


def assert_oracle(known: Oracle, result: Result) -> None:
    classes = {figures["class"]: figures for figures in result["classes"]}
    expected = list(known.classes)
    assert list(classes) == expected
    for path, figure in known.expected.items():
        section, *name, key = path.split("/")
        figures = classes[name[0]] if name else result[section]
        assert_figure(figures[key], figure, f"{known.name} {path} ({known.source})")


def write_oracle(known: Oracle, folder: Path, suffix: str) -> tuple[Path, Path]:
    predictions, labels = folder / f"predictions{suffix}", folder / f"labels{suffix}"
    columns = zip(*known.rows, strict=True)
    write(predictions, {name: list(map(float, c)) for name, c in zip(known.columns, columns, strict=True)})
    by_index = known.options.get("label_kind") == "index"
    values: Sequence[float | str] = list(map(int, known.labels)) if by_index else known.labels
    write(labels, {"label": values} | ({"w": known.weights} if known.weights else {}))
    return predictions, labels


def by_class_order(known: Oracle) -> list[list[float]]:
    """Return the rows with their columns in class order; a single column stays as it is."""
    if len(known.columns) == 1:
        return [list(row) for row in known.rows]
    names = [column.removeprefix("p_") for column in known.columns]
    return [[row[names.index(name)] for name in known.classes] for row in known.rows]


def reference_settings(known: Oracle) -> Settings:
    options = {key: value for key, value in known.options.items() if key in Settings.__dataclass_fields__}
    if options.get("clip") == "none" or (options.get("input", "probs") != "probs" and "clip" not in options):
        options["clip"] = None
    return Settings(n_classes=len(known.classes), **options)


def arguments(options: dict[str, Any]) -> list[str]:
    """Return options of the function as the command line spells them."""
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif name == "ignore":  # given once for each label; with `=`, as -100 looks like an option
            words += [f"{option}={label}" for label in value]
        elif isinstance(value, dict):
            words += [option, ",".join(f"{key}={number}" for key, number in value.items())]
        else:
            words += [option, ",".join(value) if isinstance(value, list) else str(value)]
    return words


def write(path: Path, table: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: pa.array(list(values)) for name, values in table.items()}), path)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))


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
