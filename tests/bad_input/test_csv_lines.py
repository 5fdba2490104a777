"""CSV that ends or is blank where it should not: heads alone, blank lines, bytes after the last record."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import BLANK_HINT, BOM, LABEL_HINT, MISSING_HINT, NUMBER_HINT, ONE_LABELS, bad, bad_labels, width
from files import LABELS, PREDICTIONS
from tables import Case, P, Y, cases, place, refused

BLANK_LABEL = (
    "the label is missing (an empty cell)\n  Give every row a label, or leave the row out.\n  Try --missing drop"
)
NO_ROWS = "the file has a header but no data rows"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@cases(
    bad(
        "CD1-and-a-newline",
        BOM + "\n",
        "p.csv, line 1: the first line is blank\n  It holds the names of the columns: delete blank lines before it.",
    ),
    bad("CD3-cr-cr-lf", PREDICTIONS.replace("\n", "\r\r\n"), f"{place(P, 1)}: the line is blank{BLANK_HINT}"),
    *(
        bad(
            f"CD4-{name}",
            head,
            f"p.csv: {NO_ROWS.replace(' but', ' and 2 blank lines, but') if name == 'blank-lines' else NO_ROWS}",
        )
        for name, head in [
            ("newline", "cat,dog\n"),
            ("no-newline", "cat,dog"),
            ("blank-lines", "cat,dog\n\n\n"),
            ("crlf", "cat,dog\r\n"),
            ("cr", "cat,dog\r"),
            ("one-column", "p_cat\n"),
        ]
    ),
    bad_labels("CD4-labels", "label\n", f"y.csv: {NO_ROWS}"),
    bad_labels("CD4-labels-no-newline", "label", f"y.csv: {NO_ROWS}"),
    bad(
        "CD4-blank-first-line",
        "\n" + PREDICTIONS,
        "p.csv, line 1: the first line is blank\n  It holds the names of the columns: delete blank lines before it.",
    ),
    bad("CD5", "cat,dog\n0.7,0.3\n\n0.2,0.8\n", f"{place(P, 2)}: the line is blank{BLANK_HINT}"),
    bad("CD5-first", "cat,dog\n\n0.7,0.3\n0.2,0.8\n", f"{place(P, 1)}: the line is blank{BLANK_HINT}"),
    bad("CD5-crlf", "cat,dog\r\n0.7,0.3\r\n\r\n0.2,0.8\r\n", f"{place(P, 2)}: the line is blank{BLANK_HINT}"),
    bad("CD5-lf-cr", "cat,dog\n0.7,0.3\n\r0.2,0.8\n", f"{place(P, 2)}: the line is blank{BLANK_HINT}"),
    bad("CD5-space", "cat,dog\n0.7,0.3\n \n0.2,0.8\n", width(place(P, 2), 1, " ", "cat,dog")),
    bad("CD5-tab-at-the-end", PREDICTIONS + "\t\n", width(place(P, 3), 1, "\\t", "cat,dog")),
    bad(
        "CD5-delimiters",
        PREDICTIONS + ",\n",
        f"{place(P, 3, 'cat')}: the value is missing: it is an empty cell{MISSING_HINT}",
    ),
    bad("CD5-blank-then-more", PREDICTIONS + "\n \n", f"{place(P, 3)}: the line is blank{BLANK_HINT}"),
    bad_labels("CD6", "label\ncat\n\ndog\n", f"{place(Y, 2, 'label')}: {BLANK_LABEL}"),
    bad_labels("CD6-first", "label\n\ncat\ndog\n", f"{place(Y, 1, 'label')}: {BLANK_LABEL}"),
    bad_labels("CD6-crlf", "label\r\ncat\r\n\r\ndog\r\n", f"{place(Y, 2, 'label')}: {BLANK_LABEL}"),
    bad_labels("CD6-two-at-the-end", LABELS + "\n\n", f"{place(Y, 3, 'label')}: {BLANK_LABEL}"),
    bad_labels("CD6-quoted", 'label\ncat\n""\n', f"{place(Y, 2, 'label')}: {BLANK_LABEL}"),
    bad_labels(
        "CD6-last-of-as-many",
        "label\ncat\n\n",
        f"{place(Y, 2, 'label')}: the last line is blank: an empty cell, where the other input has a row\n"
        "  Try --missing drop",
    ),
    Case(
        "CD6-last-prediction-of-as-many",
        "p_1\n0.7\n\n",
        ONE_LABELS,
        f"{place(P, 2, 'p_1')}: the last line is blank: an empty cell, where the other input has a row",
    ),
    Case(
        "CD6-prediction",
        "p_1\n0.7\n\n0.2\n",
        "y\n1\n0\n0\n",
        f"{place(P, 2, 'p_1')}: the value is missing: it is an empty cell{MISSING_HINT}",
    ),
    bad("CD23-ctrl-z", PREDICTIONS + "\x1a", width(place(P, 3), 1, "\\x1a", "cat,dog")),
    bad("CD23-ctrl-z-line", PREDICTIONS + "\x1a\n", width(place(P, 3), 1, "\\x1a", "cat,dog")),
    bad(
        "CD23-ctrl-z-in-the-last-cell",
        PREDICTIONS[:-1] + "\x1a",
        f"{place(P, 2, 'dog')}: '0.8\\x1a' is not a number{NUMBER_HINT}",
    ),
    bad("CD23-nul", PREDICTIONS + "\0" * 100, width(place(P, 3), 1, "\\x00" * 60 + "…", "cat,dog")),
    bad(
        "CD23-nul-in-the-last-cell",
        PREDICTIONS[:-1] + "\0\0",
        f"{place(P, 2, 'dog')}: '0.8\\x00\\x00' is not a number{NUMBER_HINT}",
    ),
    bad_labels(
        "CD23-labels-more-rows",
        LABELS + "\x1a",
        f"{place(Y, 3, 'label')}: the label '\\x1a' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    Case(
        "CD23-labels",
        PREDICTIONS + "0.5,0.5\n",
        LABELS + "\x1a",
        f"{place(Y, 3, 'label')}: the label '\\x1a' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    bad_labels(
        "CD23-labels-nul",
        LABELS[:-1] + "\0",
        f"{place(Y, 2, 'label')}: the label 'dog\\x00' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)
