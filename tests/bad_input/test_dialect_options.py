"""--no-header and --decimal: what they read, what they refuse, and the errors that suggest them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from files import LABELS, LOSS, PREDICTIONS
from tables import Case, P, Y, accepted, cases, figures, place, refused, refused_files, write

from xentcli import UsageError, evaluate

HEADLESS = PREDICTIONS.partition("\n")[2]
NAMED = {"no_header": True, "labels_no_header": False, "classes": ["cat", "dog"], "pred": ["1", "2"]}
NO_HEADER = ("--no-header", "--labels-header", "--classes", "cat,dog", "--pred", "1,2")
COMMAS = ("--delimiter", ";", "--decimal", ",", "--labels-decimal", ".", "--labels-delimiter", ",")
COMMA_HINT = "\n  Decimals are written with a comma here (--decimal), and thousands without a separator."
TOO_MANY_COLUMNS = (
    "p.csv, line 1: it has more than 250,000 columns\n"
    "  Was the table transposed, or has it another delimiter? Rows are cases, columns are classes."
)
NUMBER_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
LOGITS_HINT = "\n  Are these logits?\n  Try --input logits"
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
OPEN = "a quote opened in the first record is never closed"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# --no-header ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEADLESS, id="CD11"),
        pytest.param("\ufeff" + HEADLESS, id="CD1"),
        pytest.param(HEADLESS.replace("\n", "\r\n"), id="CD3-crlf"),
        pytest.param(HEADLESS.replace("\n", "\r")[:-1], id="CD3-cr"),
        pytest.param(HEADLESS + "\n\n", id="CD5-blank-lines-at-the-end"),
        pytest.param('"0.7",0.3\n0.2,"0.8"\n', id="CD18-quoted-numbers"),
    ],
)
def test_predictions_without_a_header(text: str) -> None:
    plain = figures(accepted(PREDICTIONS, LABELS, pred=["cat", "dog"]))
    result = figures(accepted(text, LABELS, **NAMED))
    assert (result["overall"], result["classes"]) == (plain["overall"], plain["classes"])


def test_cd11_labels_without_a_header() -> None:
    plain = figures(accepted(PREDICTIONS, LABELS))
    for text in ("cat\ndog\n", '"cat"\ndog', "\ufeffcat\r\ndog\r\n"):
        result = figures(accepted(PREDICTIONS, text, labels_no_header=True, label=["1"]))
        assert (result["overall"], result["classes"]) == (plain["overall"], plain["classes"])
    result = figures(accepted(PREDICTIONS, "x,cat\ny,dog\n", labels_no_header=True, label=["2"]))
    assert result["overall"] == plain["overall"]


def test_cd11_one_record_without_a_line_end() -> None:
    assert accepted("0.7,0.3", "label\ncat\n", **NAMED).overall.rows == 1


def headless(name: str, text: str, message: str, *options: str) -> Case:
    return Case(name, text, LABELS, message, (*NO_HEADER, *options))


def first(record: int, column: str | None = None) -> str:
    """Name a place in a file whose first line is its first record."""
    return f"{P}, record {record} (line {record})" + (f", column '{column}'" if column else "")


@cases(
    headless("CC3", "0.7,0.3\noops,0.8\n", f"{first(2, '1')}: 'oops' is not a number{NUMBER_HINT}"),
    headless(
        "CC2-first", "0.7,\n0.2,0.8\n", f"{first(1, '2')}: the value is missing: it is an empty cell{MISSING_HINT}"
    ),
    headless(
        "CD20",
        "0.7,0.3\n0.2,0.8,1\n",
        f"{first(2)}: it has 3 fields, but the first record has 2\n"
        "  The record begins '0.2,0.8,1'; the first record begins '0.7,0.3'.",
    ),
    headless(
        "CD5", "0.7,0.3\n\n0.2,0.8\n", f"{first(2)}: the line is blank\n  Blank lines may only follow the last record."
    ),
    headless("CD17", '0.7,"0.3\n0.2,0.8\n', f"p.csv, line 1: {OPEN}"),
    headless("CD18", '0.7,"0.3"5\n0.2,0.8\n', "p.csv, line 1: a quote stands inside a field of the first record"),
    headless("CD18-strict", '0.7,0."3"\n0.2,0.8\n', "p.csv, line 1: a quote stands inside a field of the first record"),
    headless(
        "CD7",
        "0.7;0.3\n0.2;0.8\n",
        "p.csv, line 1: the first record is one column, '0.7;0.3'\n  Is the delimiter ';'?\n  Try --delimiter ';'",
    ),
    headless(
        "CD8",
        "sep=;\n0.7;0.3\n",
        "p.csv, line 1: the first line is 'sep=;', a mark of Excel's, not a header\n"
        "  Delete it, and say what the delimiter is.\n  Try --delimiter ';'",
    ),
    headless("CD22", "1," * 250_001 + "\n", TOO_MANY_COLUMNS),
    Case(
        "CD6-blank-first-line",
        PREDICTIONS,
        "\ncat\n",
        "y.csv, record 1 (line 1), column '1': the label is missing (an empty cell)\n"
        "  Give every row a label, or leave the row out.\n  Try --missing drop",
        ("--labels-no-header", "--label", "1"),
    ),
    Case(
        "CD11-repeated",
        "0.5,0.5\n0.2,0.8\n",
        LABELS,
        "p.csv, line 1: the first row looks like data: '0.5', '0.5'\n  Is there no header?\n  Try --no-header",
    ),
    Case(
        "CD11-repeated-labels",
        PREDICTIONS,
        "1,1\n0,1\n",
        "y.csv, line 1: the first row looks like data: '1', '1'\n  Is there no header?\n  Try --labels-no-header",
    ),
)
def test_records_without_a_header_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


# --decimal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cat;dog\n0,7;0,3\n0,2;0,8\n", id="CC7"),
        pytest.param("cat;dog\n7e-1;,3\n+0,2;8,0E-1\n", id="CC6-spellings"),
        pytest.param('cat;dog\n" 0,7";0,3 \n"0,2";0,8\n', id="CC6-quoted"),
    ],
)
def test_decimal_commas_are_read(text: str) -> None:
    assert accepted(PREDICTIONS, LABELS).overall.loss == LOSS
    options = {"delimiter": ";", "decimal": ",", "labels_delimiter": ",", "labels_decimal": "."}
    assert accepted(text, LABELS, **options).overall.loss == LOSS
    tabs = accepted(
        text.replace(";", "\t"), LABELS, delimiter="\t", decimal=",", labels_decimal=".", labels_delimiter=","
    )
    assert tabs.overall.loss == LOSS


def test_cc5_and_cc6_hold_with_decimal_commas() -> None:
    options = {"delimiter": ";", "decimal": ",", "labels_delimiter": ",", "labels_decimal": "."}
    result = accepted("cat;dog\n0,7;0,3\n1e-400;1\n", LABELS, **options)
    assert result.overall.snapped_values == 1
    tiny = "0," + "0" * 400 + "1"
    assert accepted(f"cat;dog\n0,7;0,3\n{tiny};1\n", LABELS, **options).overall.snapped_values == 1
    wide = accepted(
        "id;cat;dog\n" + "x" * 120 + ";0;1\n" + "y;1,0;0,0\n", "label\ndog\ncat\n", pred=["cat", "dog"], **options
    )
    assert (wide.overall.snapped_values, wide.overall.loss) == (0, 0.0)


def commas(name: str, text: str, message: str, *options: str) -> Case:
    return Case(name, text, LABELS, message, (*COMMAS, *options))


@cases(
    commas("CC7-point", "cat;dog\n0,7;0,3\n0.2;0,8\n", f"{place(P, 2, 'cat')}: '0.2' is not a number{COMMA_HINT}"),
    commas(
        "CC7-thousands-point", "cat;dog\n1.000,5;0,3\n", f"{place(P, 1, 'cat')}: '1.000,5' is not a number{NUMBER_HINT}"
    ),
    commas("CC7-two-commas", "cat;dog\n1,000,5;0,3\n", f"{place(P, 1, 'cat')}: '1,000,5' is not a number{NUMBER_HINT}"),
    commas(
        "CC2",
        "cat;dog\n0,7;0,3\n;0,8\n",
        f"{place(P, 2, 'cat')}: the value is missing: it is an empty cell{MISSING_HINT}",
    ),
    commas("CC4", "cat;dog\n1,5e400;0,3\n", f"{place(P, 1, 'cat')}: '1,5e400' is beyond float64: larger than 1.8e308"),
    commas("CC4-inf", "cat;dog\ninf;0,3\n", f"{place(P, 1, 'cat')}: 'inf' is infinite; it must be finite"),
    commas(
        "PR5",
        "cat;dog\n1,5;0,3\n",
        f"{place(P, 1, 'cat')}: 1.5 is not a probability: those are from 0 to 1{LOGITS_HINT}",
    ),
    commas(
        "PR5-before-a-bad-cell",
        "cat;dog\n1,5;oops\n",
        f"{place(P, 1, 'cat')}: 1.5 is not a probability: those are from 0 to 1{LOGITS_HINT}",
    ),
    Case(
        "CC7-one-column",
        "p_1\n0,7\n0,2\n",
        "y\n1\n0\n",
        f"{place(P, 1)}: it has 2 fields, but the header has 1\n"
        "  The record begins '0,7'; the header begins 'p_1'. If decimals are written with a comma, fields "
        "need another delimiter: --delimiter ';' --decimal ','.",
    ),
    Case(
        "CC7-labels",
        PREDICTIONS,
        "label;w\ncat;0,5\ndog;0,5\n",
        f"{place(Y, 1, 'w')}: '0,5' is not a number\n"
        "  Decimals are written with a point, and thousands without a separator.\n  Try --labels-decimal ','",
        ("--weight", "w", "--labels-delimiter", ";"),
    ),
)
def test_decimals_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_a_decimal_comma_needs_another_delimiter(run_xent: RunXent) -> None:
    write(P, PREDICTIONS)
    write(Y, LABELS)
    message = "--decimal is ',', which is the delimiter of p.csv too\n  What is its delimiter?\n  Try --delimiter ';'"
    refused_files(run_xent, [P, Y, "--decimal", ","], message)
    write("p.tsv", PREDICTIONS.replace(",", "\t"))
    with pytest.raises(UsageError) as caught:
        evaluate("p.tsv", Y, decimal=",")
    message = (
        "--labels-decimal is ',', which is the delimiter of y.csv too\n"
        "  What is its delimiter?\n  Try --labels-delimiter ';'"
    )
    assert str(caught.value) == message
