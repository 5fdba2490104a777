"""Delimiters that nobody declared, Excel's `sep=`, and records of another width than the header."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import BOM, bad, bad_labels, both, width
from files import LABELS, PREDICTIONS
from tables import Case, P, Y, cases, place, refused

WITHOUT_COMMA = r"  Try sed 's/[,]\r*$//' p.csv > p_plain.csv"
SAY = ", and say what the delimiter is.\n  Try --delimiter "


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# Refused -------------------------------------------------------------------------------------------------------


def wrong_delimiter(name: str, delimiter: str, told: str, typed: str) -> Case:
    header = f"cat{delimiter}dog".replace("\t", "\\t")
    message = (
        f"p.csv, line 1: the header is one column, '{header}'\n  Is the delimiter {told}?\n  Try --delimiter {typed}"
    )
    return bad(name, PREDICTIONS.replace(",", delimiter), message)


@cases(
    wrong_delimiter("CD7-semicolon", ";", "';'", "';'"),
    wrong_delimiter("CD7-tab", "\t", "a tab", "tab"),
    wrong_delimiter("CD7-space", " ", "' '", "' '"),
    wrong_delimiter("CD7-pipe", "|", "'|'", "'|'"),
    bad(
        "CD7-crlf",
        "cat;dog\r\n0.7;0.3\r\n",
        "p.csv, line 1: the header is one column, 'cat;dog'\n  Is the delimiter ';'?\n  Try --delimiter ';'",
    ),
    bad(
        "CD7-cr",
        "cat;dog\r0.7;0.3\r",
        "p.csv, line 1: the header is one column, 'cat;dog'\n  Is the delimiter ';'?\n  Try --delimiter ';'",
    ),
    bad(
        "CD7-decimal-commas",
        "cat;dog\n0,7;0,3\n0,2;0,8\n",
        "p.csv, line 1: the header is one column, 'cat;dog'\n"
        "  Is the delimiter ';'?\n  Try --delimiter ';' --decimal ','",
    ),
    both(
        "CD7-one-file",
        "label;cat;dog\ncat;0.7;0.3\n",
        "p.csv, line 1: the header is one column, 'label;cat;dog'\n  Is the delimiter ';'?\n  Try --delimiter ';'",
    ),
    bad_labels(
        "CD7-labels",
        "id;label\n1;cat\n2;dog\n",
        "y.csv, line 1: the header is one column, 'id;label'\n  Is the delimiter ';'?\n  Try --labels-delimiter ';'",
    ),
    bad_labels(
        "CD7-labels-tab",
        "id\tlabel\n1\tcat\n2\tdog\n",
        "y.csv, line 1: the header is one column, 'id\\tlabel'\n"
        "  Is the delimiter a tab?\n  Try --labels-delimiter tab",
    ),
    # Labels may have spaces, so only a label that is no class can raise the question.
    bad_labels(
        "CD7-labels-space",
        "id label\n1 cat\n2 dog\n",
        f"{place(Y, 1, 'id label')}: the label '1 cat' is not a class; the classes are 'cat', 'dog'\n"
        "  The header is one column, 'id label'. Is the delimiter ' '?\n"
        "  2 labels are no class:\n  '1 cat', first in record 1\n  '2 dog', first in record 2\n"
        "  Try --labels-delimiter ' '",
    ),
    *(
        bad(
            f"CD8-{name}",
            text,
            f"p.csv, line 1: the first line is 'sep={shown}', a mark of Excel's, not a header\n  Delete it{typed}",
        )
        for name, text, shown, typed in [
            ("semicolon", "sep=;\ncat;dog\n0.7;0.3\n", ";", SAY + "';'"),
            ("comma", "sep=,\n" + PREDICTIONS, ",", "."),
            ("tab", "sep=\t\ncat\tdog\n0.7\t0.3\n", "\\t", SAY + "tab"),
            ("crlf", "sep=;\r\ncat;dog\r\n0.7;0.3\r\n", ";", SAY + "';'"),
            ("bom", BOM + "sep=;\ncat;dog\n0.7;0.3\n", ";", SAY + "';'"),
        ]
    ),
    bad_labels(
        "CD8-labels",
        "sep=;\n" + LABELS,
        "y.csv, line 1: the first line is 'sep=;', a mark of Excel's, not a header\n"
        "  Delete it, and say what the delimiter is.\n  Try --labels-delimiter ';'",
    ),
    bad(
        "CD20",
        "cat,dog\n0,0.7,0.3\n1,0.2,0.8\n",
        width(place(P, 1), 3, "0,0.7,0.3", "cat,dog", " Is its first column an index without a name?"),
    ),
    bad("CD20-text-index", "cat,dog\na,0.7,0.3\nb,0.2,0.8\n", width(place(P, 1), 3, "a,0.7,0.3", "cat,dog")),
    bad(
        "CD20-trailing-delimiter",
        "cat,dog\n0.7,0.3,\n0.2,0.8,\n",
        width(place(P, 1), 3, "0.7,0.3,", "cat,dog", " The record ends in a delimiter.\n" + WITHOUT_COMMA),
    ),
    bad("CD20-last-record", "cat,dog\n0.7,0.3\n0.2,0.8,0.1\n", width(place(P, 2), 3, "0.2,0.8,0.1", "cat,dog")),
    bad("CD20-too-few", "cat,dog\n0.7,0.3\n0.2\n", width(place(P, 2), 1, "0.2", "cat,dog")),
    bad_labels(
        "CD20-labels",
        "label\n0,cat\n1,dog\n",
        width(place(Y, 1), 2, "0,cat", "label", " Is its first column an index without a name?"),
    ),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)
