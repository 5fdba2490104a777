"""Answers that other projects publish, by the command line and by the function."""

import json
import math
from pathlib import Path

import pytest
from conftest import RunXent
from oracles import (
    Figure,
    Oracle,
    arguments,
    assert_figure,
    assert_oracle,
    by_class_order,
    reference_settings,
    write,
    write_oracle,
)
from published_answers import ORACLES
from reference import evaluator

import xentcli

each_oracle = pytest.mark.parametrize("known", ORACLES, ids=lambda known: known.name.replace(" ", "-"))
each_format = pytest.mark.parametrize("suffix", [".csv", ".parquet"])


PUBLISHED = [
    pytest.param(figure, id=f"{known.name}-{path}".replace(" ", "-"))
    for known in ORACLES
    for path, figure in known.expected.items()
    if figure is not None and figure.published
]


@pytest.mark.parametrize("figure", PUBLISHED)
def test_the_arithmetic_of_an_oracle_rounds_to_the_published_digits(figure: Figure) -> None:
    decimals = len(figure.published.partition(".")[2])
    # A unit of the last digit, and of float64: the tool's own last bit can tip the rounding.
    assert abs(figure.value - float(figure.published)) <= 1.01 * 10**-decimals + 2**-52


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
    place = f"{predictions}, record 1 (line 2)"
    ways = "  Try --renormalize\n  or  --sum-tolerance 0.5\n  or  --input logits\n"
    assert finished.stderr == f"error: {place}: the probabilities sum to 0.5, further than 0.01 from 1\n{ways}"


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
