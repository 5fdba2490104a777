"""Predictions without a header: nothing names their classes, so any column of whole numbers is in doubt."""

from __future__ import annotations

from math import exp, log

import pytest
from both_ways import Ask, lines, put, refused, right, then

BOTH, ONE = ["p.csv", "y.csv"], ["p.csv"]
HEADLESS = ["--no-header", "--input", "logits"]
# Of the logits (1.2, -0.3), (0.1, 0.9) and (2, 0.5) with labels 0, 1 and 0.
MEANT = (2 * log(1 + exp(-1.5)) + log(1 + exp(-0.8))) / 3


@pytest.mark.parametrize("more", [(), ("--label-kind", "index")])
def test_an_id_among_logits_is_doubted(ask: Ask, more: tuple[str, ...]) -> None:
    put(p_csv=lines("0,1.2,-0.3", "1,0.1,0.9", "2,2.0,0.5"), y_csv=lines("0", "1", "0"))
    options = [*HEADLESS, *more]
    answer = refused(ask(BOTH, options), "column '1': whole numbers", options=["--pred 2,3", "--pred 1,2,3"])
    right(then(ask, BOTH, options, answer), MEANT)
    second = then(ask, BOTH, options, answer, 1)
    assert "of 3 prediction columns 1 has none" in second.warnings["classes_without_labels"]


def test_an_id_beside_labels_of_the_same_file_is_doubted(ask: Ask) -> None:
    put(p_csv=lines("0,1.2,-0.3,0", "1,0.1,0.9,1", "2,2.0,0.5,0"))
    options = [*HEADLESS, "--label", "4"]
    right(then(ask, ONE, options, refused(ask(ONE, options), options=["--pred 2,3", "--pred 1,2,3"])), MEANT)


def test_a_predicted_label_after_logits_is_doubted(ask: Ask) -> None:
    put(p_csv=lines("1.2,-0.3,0", "0.1,0.9,1", "2.0,0.5,0"), y_csv=lines("0", "1", "0"))
    right(then(ask, BOTH, HEADLESS, refused(ask(BOTH, HEADLESS), options=["--pred 1,2", "--pred 1,2,3"])), MEANT)


def test_fractions_before_logits_are_a_warning_that_a_class_has_no_label(ask: Ask) -> None:
    put(p_csv=lines(".5,1.2,-0.3", "1.5,0.1,0.9", "2,2.0,0.5"), y_csv=lines("0", "1", "0"))
    answer = ask(BOTH, HEADLESS)
    assert "classes_without_labels" in answer.warnings
    assert "classes_without_labels" not in ask(BOTH, [*HEADLESS, "--pred", "2,3"]).warnings


def test_classes_that_are_named_are_not_doubted(ask: Ask) -> None:
    put(p_csv=lines("3,1.2", "4,0.1"), y_csv=lines("cat", "dog"))
    loss = (log(1 + exp(-1.8)) + log(1 + exp(3.9))) / 2
    right(ask(BOTH, [*HEADLESS, "--classes", "cat,dog"]), loss)


def test_an_id_or_text_among_probabilities_is_left_out_by_the_proof(ask: Ask) -> None:
    for first in ("0", "x"):
        put(p_csv=lines(f"{first},.9,.1", "1,.2,.8"), y_csv=lines("0", "1"))
        answer = refused(ask(BOTH, ["--no-header"]), "Other columns sum to 1", options=["--pred 2,3"])
        right(then(ask, BOTH, ["--no-header"], answer), -(log(0.9) + log(0.8)) / 2)


def test_zeros_that_no_label_names_are_offered_either_way(ask: Ask) -> None:
    """They change no sum, but which class an index is."""
    put(p_csv=lines("0,100,.5,.25,.25", "0,101,.25,.25,.5", "0,102,.25,.5,.25"), y_csv=lines("1", "2", "1"))
    answer = refused(ask(BOTH, ["--no-header"]), "column '2'", options=["--pred 1,3,4,5", "--pred 3,4,5"])
    right(then(ask, BOTH, ["--no-header"], answer, 1), -(log(0.25) + log(0.5) + log(0.5)) / 3)
