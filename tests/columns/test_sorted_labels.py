"""Labels that are sorted by class: the first rows have one, and say no more than that."""

from __future__ import annotations

from math import log

import pytest
from both_ways import Ask, lines, put, refused, right, then

BOTH = ["p.csv", "y.csv"]
CLASSES = ("cat", "dog", "emu")
EACH = 1100
OPTIONS = ["--pred p_cat,p_dog,p_emu", "--pred cat,dog,emu", "--pred cat,dog,emu,p_cat,p_dog,p_emu"]


def probabilities(at: int, label: int) -> list[float]:
    """Return three that sum to 1, the label's from a half to three quarters."""
    high = 0.5 + (at % 5) / 16
    return [high if k == label else (1.0 - high) / 2 for k in range(3)]


def write(one: str, zero: str, logits: bool = False) -> float:
    """Write one-hot columns beside predictions, labels sorted; return the loss of the predictions."""
    rows, losses = [], []
    for label in range(3):
        for at in range(EACH):
            held = probabilities(at, label)
            losses.append(-log(held[label]))
            hot = [one if k == label else zero for k in range(3)]
            rows.append(",".join([*hot, *(repr(log(value) if logits else value) for value in held)]))
    put(p_csv=lines("cat,dog,emu,p_cat,p_dog,p_emu", *rows))
    put(y_csv=lines("label", *(name for name in CLASSES for _ in range(EACH))))
    return sum(losses) / len(losses)


@pytest.mark.one_in_three
@pytest.mark.parametrize(("one", "zero"), [("1", "0"), ("1.0", "0.0"), (".6", ".2")])
@pytest.mark.parametrize("logits", [False, True])
def test_columns_beside_wrapped_ones_are_two_readings(ask: Ask, one: str, zero: str, logits: bool) -> None:
    loss = write(one, zero, logits)
    options = ["--input", "logits"] if logits else []
    answer = refused(ask(BOTH, options), "fit the prediction columns in 2 ways", options=OPTIONS)
    assert then(ask, BOTH, options, answer).loss == pytest.approx(loss, rel=1e-12)
    other = then(ask, BOTH, options, answer, 1)
    assert other.warned


def test_one_label_beside_a_wrap_of_other_columns_is_one_reading(ask: Ask) -> None:
    put(p_csv=lines("cat,my_cat,my_dog", ".5,.25,.25", ".25,.5,.25"), y_csv=lines("label", "cat", "cat"))
    assert right(ask(BOTH), -(log(0.5) + log(0.25)) / 2).result["inputs"]["name_rule"] == "exact"
