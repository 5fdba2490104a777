"""The table of what is not names beside probabilities of all classes: label-probs, distributions, units, weights."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from effort import spread
from reading import evaluated, shown, table_after, words
from rich.cells import cell_len

from xentcli import EvalResult, evaluate
from xentcli.render.wording.numbers import figure

SAMPLES = Path(__file__).parents[3] / "sample_data"
FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
LOGPROBS = [-0.5, -1.0, -2.0, -0.25] * 10
INDEPENDENT = "and rows were taken as independent: tokens of a document are not."


def tokens(folder: Path, *, labels: bool, **options: Any) -> EvalResult:
    """Return the evaluation of 40 tokens, 100 bytes, of which two documents have 20 each."""
    columns: dict[str, list[Any]] = {"p": LOGPROBS, "doc": ["a"] * 20 + ["b"] * 20, "bytes": [1, 2, 3, 4] * 10}
    if labels:
        columns["label"] = ["the", "cat", "cat", "sat"] * 10
    return evaluated(folder, columns, input="label-logprobs", pred="p", **options)


def soft(folder: Path, **options: Any) -> EvalResult:
    """Return the evaluation of 30 rows whose labels are distributions over three classes; every second holds two."""
    predictions = {"p_a": [0.6, 0.2] * 15, "p_b": [0.3, 0.3] * 15, "p_c": [0.1, 0.5] * 15}
    labels = {"q_a": [0.75, 0.0] * 15, "q_b": [0.25, 0.0] * 15, "q_c": [0.0, 1.0] * 15}
    options = {"label": "q_a,q_b,q_c", "pred": "p_*"} | options
    return evaluated(folder, {**predictions, **labels, "who": ["x", "x", "y"] * 10}, **options)


def classes_of(text: str) -> list[list[str]]:
    return table_after(text, "classes · ")


# One probability a row.


def test_the_perplexity_stands_beside_the_loss_with_its_interval(tmp_path: Path) -> None:
    result = tokens(tmp_path, labels=True)
    overall = result.overall
    low, high = (figure(math.exp(end or 0.0)) for end in (overall.loss_low, overall.loss_high))
    line = next(line for line in shown(result).splitlines() if line.startswith("perplexity"))
    assert words(line) == f"perplexity {math.exp(0.9375):.4f} 95 % interval {low} … {high}"
    bits = next(
        each for each in shown(tokens(tmp_path, labels=True, unit="bits")).splitlines() if each.startswith("perplexity")
    )
    assert words(bits) == words(line)
    assert "perplexity" not in shown(evaluate(*FOREST))


def test_what_other_classes_would_tell_is_left_out(tmp_path: Path) -> None:
    text = shown(tokens(tmp_path, labels=True, by="doc"))
    assert not any(word in text for word in ("n/a", "accuracy", "Brier", "pred %", "recall", "precision", "tied"))
    assert classes_of(text)[0][:3] == ["class", "rows", "rows %"]
    assert "label p" in classes_of(text)[0]
    assert "macro loss" in text
    assert "skill" in text


def test_without_labels_there_is_no_class_table_and_no_skill(tmp_path: Path) -> None:
    result = tokens(tmp_path, labels=False)
    text = shown(result)
    first, facts, empty, loss, perplexity, empty_too, *below = text.splitlines()
    assert first.endswith("rows.parquet")
    assert facts == "40 rows · log-probabilities of the label · columns not used: 'doc', 'bytes' · losses in nats"
    assert empty == empty_too == ""
    assert loss.startswith("log loss ")
    assert perplexity.startswith("perplexity ")
    assert "class" not in "".join(below)


def test_without_labels_there_are_slices_all_the_same(tmp_path: Path) -> None:
    text = shown(tokens(tmp_path, labels=False, by="doc"), slice_classes=True)
    assert table_after(text, "slices by doc")[1][:3] == ["a", "20", "50.0"]
    assert "by classes" not in text
    assert "doc '" not in text


def test_a_note_says_that_tokens_were_taken_as_independent(tmp_path: Path) -> None:
    result = tokens(tmp_path, labels=False)
    assert INDEPENDENT in words(shown(result))
    clustered = replace(result, settings=replace(result.settings, cluster="doc"))
    assert INDEPENDENT not in words(shown(clustered))
    assert INDEPENDENT not in words(shown(evaluate(*FOREST)))


def test_an_infinite_perplexity_is_inf(tmp_path: Path) -> None:
    result = evaluated(tmp_path, {"p": [-math.inf, -1.0] * 10}, input="label-logprobs")
    assert "perplexity  inf       95 % interval n/a\n" in shown(result)


@pytest.mark.slow
def test_fifty_thousand_classes_are_a_short_table(tmp_path: Path) -> None:
    labels = np.arange(50_000)
    columns = {"p": -1.0 - labels / 50_000, "label": [f"token{at}" for at in labels]}
    result = evaluated(tmp_path, columns, input="label-logprobs")
    text = shown(result, 80)
    assert len(text.splitlines()) < 40
    assert "49,980 more classes" in text
    assert "50,000 classes" in text


# Losses per unit.


def test_the_loss_per_unit_names_its_unit_and_has_all_that_the_loss_has(tmp_path: Path) -> None:
    for unit in ("nats", "bits"):
        result = tokens(tmp_path, labels=False, per="bytes", unit=unit)
        per = result.overall.loss_per
        assert per is not None
        line = next(line for line in shown(result).splitlines() if line.startswith("per unit"))
        ends = f"{figure(per.low)} … {figure(per.high)}"
        assert words(line) == (
            f"per unit {figure(per.value)} {unit} per byte 95 % interval {ends} standard error {figure(per.se)} "
            f"perplexity {figure(math.exp(0.375))} 100 bytes in all"
        )
    assert "per unit" not in shown(tokens(tmp_path, labels=False))


def test_a_long_name_of_units_moves_no_other_value_and_fits(tmp_path: Path) -> None:
    result = tokens(tmp_path, labels=False, per="bytes")
    per = result.overall.loss_per
    assert per is not None
    hostile = replace(result, overall=replace(result.overall, loss_per=replace(per, column="[red]\x1b" + "漢" * 60)))
    assert "log loss    0.9375 nats  95 %" in shown(hostile)
    assert "nats per [red]\\x1b漢漢" in shown(hostile)
    for width in spread(range(40, 130)):
        assert max(cell_len(line) for line in shown(hostile, width).splitlines()) <= width
        assert max(cell_len(line) for line in shown(result, width).splitlines()) <= width


def test_no_units_are_not_available(tmp_path: Path) -> None:
    result = tokens(tmp_path, labels=False, per="bytes")
    per = result.overall.loss_per
    assert per is not None
    none = replace(per, total=0.0, value=None, se=None, low=None, high=None, perplexity=None)
    text = words(shown(replace(result, overall=replace(result.overall, loss_per=none))))
    assert "per unit n/a nats per byte 95 % interval n/a standard error n/a perplexity n/a 0 bytes in all" in text


# Labels that are distributions.


def test_the_label_entropy_says_how_low_the_loss_could_be(tmp_path: Path) -> None:
    overall = soft(tmp_path).overall
    expected = f"excess loss {figure(overall.excess_loss)} nats label entropy {figure(overall.label_entropy)} nats"
    assert expected in words(shown(soft(tmp_path)))
    assert "excess" not in shown(evaluate(*FOREST))
    assert "label entropy" in shown(evaluate(*FOREST, label_smoothing=0.1))


def test_rows_of_several_classes_are_never_added_up(tmp_path: Path) -> None:
    heading, *rows = classes_of(shown(soft(tmp_path), sort="none", top=1))
    assert heading[:3] == ["class", "rows", "weight %"]
    assert rows[0][:3] == ["a", "15", "37.5"]
    assert rows[1][:2] == ["2 more classes", "62.5"]
    assert rows[2][:3] == ["all classes", "30", "100.0"]
    assert "A row counts for every class that its label holds." in shown(soft(tmp_path))


def test_the_share_of_the_weight_is_the_last_column_to_go(tmp_path: Path) -> None:
    heading, *rows = classes_of(shown(soft(tmp_path), 50))
    assert heading == ["class", "weight %", "loss", "loss %"]
    assert rows[-1][:2] == ["all classes", "100.0"]


@pytest.mark.parametrize("by", [(), ("who",)])
def test_distributions_fit_every_screen(tmp_path: Path, by: tuple[str, ...]) -> None:
    result = soft(tmp_path, by=by, class_weight="a=2", label_smoothing=0.1)
    for width in spread(range(40, 140)):
        text = shown(result, width, slice_classes=True, top=2)
        assert max(cell_len(line) for line in text.splitlines()) <= width


def test_class_weights_count_in_losses_but_not_in_probabilities(tmp_path: Path) -> None:
    columns = {"p_a": [0.5] * 20, "p_b": [0.25] * 20, "p_c": [0.25] * 20, "label": ["a", "b", "b", "c"] * 5}
    plain = evaluated(tmp_path, columns)
    weighted = evaluated(tmp_path, columns, class_weight="b=3")
    assert classes_of(shown(plain))[-1][-2:] == classes_of(shown(weighted))[-1][-2:] == ["0.312", "25.0"]
    assert classes_of(shown(weighted, sort="none", top=1))[2][:4] == ["2 more classes", "15", "87.5", "50.0"]
    nothing = evaluated(tmp_path, columns, class_weight="b=0")
    assert classes_of(shown(nothing))[0][2] == "weight %"


# Facts.


def facts(result: EvalResult) -> list[str]:
    return shown(result).splitlines()[1].split(" · ")


def test_keys_weights_and_smoothing_are_facts() -> None:
    assert "by key 'image'" in facts(evaluate(*FOREST, on="image"))
    assert "label smoothing 0.1" in facts(evaluate(*FOREST, label_smoothing=0.1))
    weighted = facts(evaluate(*FOREST, class_weight={"nine": 2, "one": 0.5, "two": 3, "six": 4}, weight="weight"))
    assert "class weights 'nine' 2, 'one' 0.5, 'two' 3 and 1 more" in weighted
    assert any(fact.startswith("weight ") and fact.endswith(" by 'weight' and class") for fact in weighted)
    assert any(fact.endswith(" effective rows") for fact in facts(evaluate(*FOREST, class_weight="nine=2")))


def test_several_keys_are_all_named(tmp_path: Path) -> None:
    result = soft(tmp_path)
    keyed = replace(result, inputs=replace(result.inputs, on=("id", "\x1b"), alignment="key"))
    assert "by keys 'id', '\\x1b'" in facts(keyed)


def test_counts_are_called_so(tmp_path: Path) -> None:
    columns = {"p_a": [0.4] * 20, "p_b": [0.6] * 20, "label": ["a", "b"] * 10, "n": [3] * 20}
    counted = facts(evaluated(tmp_path, columns, weight="n", weight_kind="count"))
    assert counted[:3] == ["20 rows", "counts 60 by 'n'", "binary, positive 'b'"]


def test_labels_that_are_not_names_are_said_to_be_what_they_are(tmp_path: Path) -> None:
    assert "labels are distributions" in facts(soft(tmp_path))
    columns = {"p_a": [0.4] * 20, "p_b": [0.6] * 20, "label": [0, 1] * 10}
    indexed = facts(evaluated(tmp_path, columns, label_kind="index"))
    assert "labels are 0-based indices" in indexed
    assert not any(fact.startswith("classes by index") for fact in indexed)


def test_rows_that_were_left_out_are_counted(tmp_path: Path) -> None:
    columns = {"p_a": [0.4] * 20, "p_b": [0.6] * 20, "label": ["a", None, "-100", "b"] * 5}
    result = evaluated(tmp_path, columns, missing="drop", ignore="-100")
    assert facts(result)[0] == "10 rows"
    assert "5 rows without a label dropped" in facts(result)
    assert "5 rows ignored" in facts(result)
    unmatched = replace(result, overall=replace(result.overall, unmatched_predictions=2, unmatched_labels=1))
    assert "2 rows of predictions unmatched" in facts(unmatched)
    assert "1 row of labels unmatched" in facts(unmatched)
