"""Errors end in an option that can be typed as it stands: each is typed, and gives the loss."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from conftest import RunXent
from tables import P, Y, write

from xentcli import DataError, XentError, evaluate

PREDICTIONS = "cat,dog\n0.7,0.3\n0.2,0.8\n"
LABELS = "label\ncat\ndog\n"
LOSS = 0.2899092476264711  # -(log(0.7) + log(0.8)) / 2, the nearest float64


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def loss_with_what_is_said(run_xent: RunXent, *options: str) -> tuple[str, float]:
    """Return the options that an error ends in, and the loss with them."""
    ran = run_xent("eval", P, Y, *options)
    assert (ran.code, ran.stdout) == (2, "")
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("  Try ")
    said = last.removeprefix("  Try ")
    ran = run_xent("eval", P, Y, *options, *shlex.split(said), "-f", "metrics", "-q")
    assert (ran.code, ran.stderr) == (0, "")
    return said, json.loads(ran.stdout)["loss"]


def test_options_follow_the_hint_and_the_details() -> None:
    error = DataError("no", hint="Why?", details=[f"{at}" for at in range(20)], options=["--pred a", "--pred b"])
    lines = str(error).split("\n  ")
    assert lines == ["no", "Why?", *map(str, range(8)), "Try --pred a", "or  --pred b"]
    assert error.options == ("--pred a", "--pred b")
    assert str(XentError("no", options=["-q"])) == "no\n  Try -q"


@pytest.mark.parametrize(
    ("char", "option"), [("\t", "tab"), (";", "';'"), ("|", "'|'"), (" ", "' '")], ids=["tab", ";", "|", "space"]
)
def test_another_delimiter(run_xent: RunXent, char: str, option: str) -> None:
    write(P, PREDICTIONS.replace(",", char)), write(Y, LABELS)
    assert loss_with_what_is_said(run_xent) == (f"--delimiter {option}", LOSS)


def test_decimal_commas(run_xent: RunXent) -> None:
    write(P, PREDICTIONS.replace(",", ";").replace(".", ",")), write(Y, LABELS)
    assert loss_with_what_is_said(run_xent) == ("--delimiter ';' --decimal ','", LOSS)
    assert loss_with_what_is_said(run_xent, "--delimiter", ";") == ("--decimal ','", LOSS)


@pytest.mark.parametrize("tab", ["tab", "\\t", "\t"])
def test_a_tab_can_be_typed(run_xent: RunXent, tab: str) -> None:
    write(P, PREDICTIONS.replace(",", "\t")), write(Y, "id\tlabel\n1\tcat\n2\tdog\n")
    ran = run_xent("eval", P, Y, "--delimiter", tab, "--label", "label", "-f", "metrics")
    assert json.loads(ran.stdout)["loss"] == LOSS
    write(P, PREDICTIONS)
    ran = run_xent("eval", P, Y, "--labels-delimiter", tab, "--label", "label", "-f", "metrics")
    assert json.loads(ran.stdout)["loss"] == LOSS
    assert evaluate(P, Y, labels_delimiter=tab, label="label").overall.loss == LOSS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding(run_xent: RunXent, encoding: str) -> None:
    write(P, PREDICTIONS.encode(encoding)), write(Y, LABELS)
    with_all = loss_with_what_is_said
    ran = run_xent("eval", P, Y)
    assert ran.stderr.endswith(f"\n  Try --encoding {encoding}\n")
    write(Y, LABELS.encode(encoding))
    assert with_all(run_xent)[1] == LOSS


@pytest.mark.parametrize(
    ("name", "missing"), [("y.csv", '""'), ("y.jsonl", '{"label":null}'), ("y.jsonl", '{"label":""}')]
)
def test_a_label_that_is_missing(run_xent: RunXent, name: str, missing: str) -> None:
    lines = ["cat", missing, "dog"] if name == "y.csv" else ['{"label":"cat"}', missing, '{"label":"dog"}']
    write(P, "cat,dog\n0.7,0.3\n0.5,0.5\n0.2,0.8\n")
    write(name, "\n".join(["label", *lines] if name == "y.csv" else lines) + "\n")
    ran = run_xent("eval", P, name)
    assert ran.stderr.endswith("  Give every row a label, or leave the row out.\n  Try --missing drop\n")
    assert evaluate(P, name, missing="drop").overall.loss == LOSS


def test_a_key_that_is_missing_has_no_such_option(run_xent: RunXent) -> None:
    write(P, "id,cat,dog\n1,0.7,0.3\n,0.2,0.8\n"), write(Y, "id,label\n1,cat\n2,dog\n")
    assert "--missing" not in run_xent("eval", P, Y, "--on", "id").stderr


@pytest.mark.parametrize(
    ("labels", "options"), [("label\n0\n1\n", ()), ("truth\n0\n1\n", ()), (LABELS, ("--classes", "cat,dog"))]
)
def test_a_header_in_labels_after_no_header(run_xent: RunXent, labels: str, options: tuple[str, ...]) -> None:
    write(P, "0.7,0.3\n0.2,0.8\n"), write(Y, labels)
    assert loss_with_what_is_said(run_xent, "--no-header", *options) == ("--labels-header", LOSS)


def test_a_label_that_is_no_class_is_not_taken_for_a_header(run_xent: RunXent) -> None:
    write(P, "0.7,0.3\n0.2,0.8\n"), write(Y, "cat\nemu\n")
    ran = run_xent("eval", P, Y, "--no-header", "--classes", "cat,dog")
    assert "header" not in ran.stderr


def test_one_number_a_line_without_a_header(run_xent: RunXent) -> None:
    write(P, "0.3\n0.8\n"), write(Y, "0\n1\n")
    ran = run_xent("eval", P, Y, "--no-header", "-f", "metrics")
    # The other class has 1 − 0.3, which is not the float64 that is nearest to 0.7.
    assert json.loads(ran.stdout)["loss"] == pytest.approx(LOSS, rel=1e-15)


def test_a_column_without_a_name_that_a_pattern_meets(run_xent: RunXent) -> None:
    write(P, "cat,dog,\n0.7,0.3,\n0.2,0.8,\n"), write(Y, LABELS)
    ran = run_xent("eval", P, Y, "--pred", "*")
    assert ran.stderr.endswith("  Try --pred cat,dog\n")
    ran = run_xent("eval", P, Y, "--pred", "cat,dog", "-f", "metrics")
    assert json.loads(ran.stdout)["loss"] == LOSS


@pytest.mark.parametrize(
    ("text", "who"),
    [("cat,dog,\n0.7,0.3\n0.2,0.8\n", "header"), ("cat,dog\r\n0.7,0.3,\r\n0.2,0.8,\r\n", "record")],
)
def test_a_delimiter_at_the_end_of_some_lines(run_xent: RunXent, text: str, who: str) -> None:
    write(P, text), write(Y, LABELS)
    ran = run_xent("eval", P, Y, "--pred", "cat,dog")
    assert f"The {who} ends in a delimiter.\n  Try sed 's/[,]\\r*$//' p.csv > p_plain.csv\n" in ran.stderr
