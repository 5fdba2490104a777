"""CSV as it is found, read exactly: marks, line ends and blank lines that mean one thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import BOM, ONE_LABELS
from files import LABELS, LOSS, PREDICTIONS, plain_files, shell
from tables import P, Y, accepted, accepted_files, figures, messages, refused_files, write

ENDS_BLANK = (
    "a one-column file ends in a blank line; it was taken as the end and not as an empty cell, since the other input "
    "has as many rows without it."
)
BOM_ONLY = "bom.csv"
ONE = "p_1\n0.7\n0.2\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Handled: the same numbers as from the plain file --------------------------------------------------------------


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("predictions", "labels", "given"),
    [
        pytest.param(BOM + PREDICTIONS, BOM + LABELS, {}, id="CD1"),
        pytest.param(BOM + PREDICTIONS.replace("cat", '"cat"', 1), LABELS, {}, id="CD1-quoted"),
        pytest.param(crlf(PREDICTIONS), crlf(LABELS), {}, id="CD3-crlf"),
        pytest.param(PREDICTIONS.replace("\n", "\r"), LABELS.replace("\n", "\r"), {}, id="CD3-cr"),
        pytest.param("cat,dog\r\n0.7,0.3\r0.2,0.8\n", "label\rcat\ndog\r\n", {}, id="CD3-mixed"),
        pytest.param("cat,dog\r0.7,0.3\n0.2,0.8\r\n", "label\ncat\r\ndog\r", {}, id="CD3-mixed-otherwise"),
        pytest.param(PREDICTIONS[:-1], LABELS[:-1], {}, id="CD3-no-final-newline"),
        pytest.param(crlf(PREDICTIONS)[:-2], crlf(LABELS)[:-2], {}, id="CD3-crlf-no-final-newline"),
        pytest.param(PREDICTIONS + "\n", LABELS, {}, id="CD5-one-blank-line-at-the-end"),
        pytest.param(PREDICTIONS + "\n\r\n\r\n", LABELS, {}, id="CD5-blank-lines-at-the-end"),
        pytest.param(PREDICTIONS.replace(",", ";"), LABELS, {"delimiter": ";"}, id="CD7-semicolon-declared"),
        pytest.param(PREDICTIONS.replace(",", "\t"), LABELS, {"delimiter": "\t"}, id="CD7-tab-declared"),
        pytest.param(PREDICTIONS.replace(",", " "), LABELS, {"delimiter": " "}, id="CD7-space-declared"),
        pytest.param(PREDICTIONS.replace(",", "|"), LABELS, {"delimiter": "|"}, id="CD7-pipe-declared"),
        pytest.param(PREDICTIONS, "i;label\n1;cat\n2;dog\n", {"labels_delimiter": ";"}, id="CD7-labels-declared"),
        pytest.param('cat,dog\n"0.7","0.3"\n"0.2",0.8\n', 'label\n"cat"\ndog\n', {}, id="CD18-quoted-numbers"),
        pytest.param(",cat,dog\n0,0.7,0.3\n1,0.2,0.8\n", LABELS, {"pred": ["cat", "dog"]}, id="CD20-index-named"),
    ],
)
def test_dialects_that_mean_one_thing(predictions: str, labels: str, given: dict[str, object]) -> None:
    plain = figures(accepted(PREDICTIONS, LABELS))
    result = accepted(predictions, labels, **given)
    assert result.overall.loss == LOSS == plain["overall"]["loss"]
    held = figures(result)
    # What is read alike, but for the columns that only one of them has.
    held["inputs"]["unused_columns"] = []
    assert held == plain


def test_cd7_a_tab_is_the_delimiter_of_a_tsv(run_xent: RunXent) -> None:
    write("p.TSV", PREDICTIONS.replace(",", "\t"))
    write(Y, LABELS)
    assert accepted_files("p.TSV", Y).overall.loss == LOSS
    write("p.tsv", PREDICTIONS)
    message = "p.tsv, line 1: the header is one column, 'cat,dog'\n  Is the delimiter ','?\n  Try --delimiter ,"
    refused_files(run_xent, ["p.tsv", Y], message)


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [
        pytest.param(PREDICTIONS, LABELS + "\n", id="CD6-labels-end-in-a-blank-line"),
        pytest.param(PREDICTIONS, crlf(LABELS) + "\r\n", id="CD6-labels-end-in-a-blank-line-crlf"),
        pytest.param(PREDICTIONS, LABELS.replace("\n", "\r") + "\r", id="CD6-labels-end-in-a-blank-line-cr"),
    ],
)
def test_a_blank_line_that_may_be_the_end_is_one_with_a_warning(
    run_xent: RunXent, predictions: str, labels: str
) -> None:
    result = accepted(predictions, labels)
    assert (result.overall.loss, result.overall.rows) == (LOSS, 2)
    assert messages(result) == {"trailing_blank_line": ENDS_BLANK}
    ran = run_xent("eval", P, Y, "-f", "json")
    assert (ran.code, ran.stderr) == (0, f"warning: {ENDS_BLANK}\n")


def test_cd6_one_prediction_column_that_ends_in_a_blank_line() -> None:
    plain = accepted(ONE, ONE_LABELS)
    for predictions, labels in ((ONE + "\n", ONE_LABELS), (ONE + "\n", ONE_LABELS + "\n")):
        result = accepted(predictions, labels)
        assert result.overall.loss == plain.overall.loss
        assert "trailing_blank_line" in messages(result)


def test_cd1_an_empty_file_with_a_byte_order_mark_ends() -> None:
    """In a process of its own: nothing may wait for more to come."""
    write(BOM_ONLY, BOM)
    plain_files()
    for files in ((BOM_ONLY, Y), (P, BOM_ONLY)):
        ran = shell(f"xent eval {' '.join(files)}", timeout=20)
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {BOM_ONLY}: the file is empty\n")
