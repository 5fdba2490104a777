"""Fields of JSON Lines that the first record lacks: asked about where one may be a class, else named in a warning."""

from __future__ import annotations

import json
from math import exp, log
from pathlib import Path

from both_ways import Ask, put, refused, right, then

ONE = ["x.jsonl"]
LOGITS = ["--input", "logits"]
# Of the logits (1.2, 0.1) and (0.2, 0.8), labels the first and the second; emu's 3.5 in the second row apart.
WITHOUT = (log(1 + exp(-1.1)) + log(1 + exp(-0.6))) / 2


def records(*more: object, path: str = "x.jsonl", **other: object) -> None:
    """Write two records of logits, of which the second has more fields, and others after them."""
    first = {"label": "cat", "cat": 1.2, "dog": 0.1}
    second = {"label": "dog", "cat": 0.2, "dog": 0.8, **other}
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in (first, second, *more)))


def test_a_class_that_the_first_record_lacks_is_asked_about(ask: Ask) -> None:
    records(emu=3.5)
    answer = refused(
        ask(ONE, LOGITS), "x.jsonl, record 2 (line 2): the first record has no field 'emu'", options=["--pred cat,dog"]
    )
    found = right(then(ask, ONE, LOGITS, answer), WITHOUT)
    assert "'emu' of PREDICTIONS holds fractions" in found.warnings["columns_left_out"]
    # As the first record has it, null.
    text = Path("x.jsonl").read_text()
    Path("x.jsonl").write_text(text.replace('"dog": 0.1', '"dog": 0.1, "emu": -Infinity'))
    right(ask(ONE, LOGITS), (log(1 + exp(-1.1)) + log(1 + exp(-0.6) + exp(2.7))) / 2)


def test_it_is_asked_about_in_parts_too(ask: Ask) -> None:
    records(emu=3.5, path="d/a.jsonl")
    refused(ask(["d"], LOGITS), "d/a.jsonl, record 2", options=["--pred cat,dog"])


def test_what_is_no_fraction_is_none(ask: Ask) -> None:
    records(note="x", id=3, more=[1.5], last=None)
    assert not right(ask(ONE, LOGITS), WITHOUT).warnings.keys() & {"columns_left_out"}


def test_beside_probabilities_that_sum_to_1_it_is_a_warning(ask: Ask) -> None:
    put(x_jsonl='{"label":"cat","cat":0.75,"dog":0.25}\n{"label":"dog","cat":0.5,"dog":0.5,"entropy":0.7}\n')
    assert "'entropy'" in right(ask(ONE), -(log(0.75) + log(0.5)) / 2).warnings["columns_left_out"]


def test_beside_probabilities_that_do_not_it_is_an_error_without_other_sums(ask: Ask) -> None:
    put(x_jsonl='{"label":"cat","cat":0.75,"dog":0.25}\n{"label":"dog","cat":0.25,"dog":0.5,"emu":0.25}\n')
    refused(ask(ONE), "the first record has no field 'emu'", options=["--pred cat,dog"])


def test_records_after_one_that_is_none_are_left_to_the_reading(ask: Ask) -> None:
    records("text", {"emu": 1.5})
    refused(ask(ONE, LOGITS), "record 3 (line 3): the line is a text, not an object")
    Path("x.jsonl").write_text(Path("x.jsonl").read_text().replace('"text"', "{cut"))
    refused(ask(ONE, LOGITS), "record 3 (line 3): it is not JSON")


def test_classes_by_option_are_what_is_read(ask: Ask) -> None:
    records(emu=3.5)
    options = [*LOGITS, "--classes", "cat=cat,dog=dog"]
    assert "columns_left_out" in right(ask(ONE, options), WITHOUT).warnings
