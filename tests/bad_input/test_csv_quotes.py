"""Quotes in CSV: apostrophes, backslashes, quotes never closed or inside a field."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import NUMBER_HINT, OPEN, STRAY, bad, bad_labels, both, width
from tables import Case, P, Y, cases, place, refused

from xentcli.spec.parsing import typed

CALLED = typed("--classes", ["cat='cat'", "dog='dog'"])
APOSTROPHES = "Apostrophes do not quote in CSV; double quotes do."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@cases(
    bad(
        "CD13-numbers-in-apostrophes",
        "cat,dog\n'0.7','0.3'\n'0.2','0.8'\n",
        f"{place(P, 1, 'cat')}: ''0.7'' is not a number\n  {APOSTROPHES}",
    ),
    both(
        "CD13-delimiter-in-apostrophes",
        "label,cat,dog\n'a,b',0.7,0.3\n",
        width(place(P, 1), 4, "'a,b',0.7,0.3", "label,cat,dog", f" {APOSTROPHES}"),
    ),
    bad_labels(
        "CD13-labels-in-apostrophes",
        "label\n'cat'\n'dog'\n",
        f"{place(Y, 1, 'label')}: the label ''cat'' is not a class; the classes are 'cat', 'dog'\n"
        "  2 labels would match without the apostrophes around it. Labels are compared as they stand: change the file, "
        "or name the classes with --classes.\n"
        "  2 labels are no class:\n  ''cat'', first in record 1\n  ''dog'', first in record 2\n" + f"  Try {CALLED}",
    ),
    both(
        "CD13-delimiter-after-a-backslash",
        "label,cat,dog\na\\,b,0.7,0.3\n",
        width(
            place(P, 1),
            4,
            "a\\,b,0.7,0.3",
            "label,cat,dog",
            " A backslash does not escape in CSV; double quotes around the field do.",
        ),
    ),
    both("CD13-quote-after-a-backslash", 'label,cat,dog\n"a\\"b",0.7,0.3\n', f"{place(P, 1)}: {STRAY}"),
    *(
        both(f"CD17-{name}", text, f"{place(P, record)}: {OPEN}")
        for name, text, record in [
            ("first-field", 'label,cat,dog\n"cat,0.7,0.3\ndog,0.2,0.8\n', 1),
            ("last-field", 'label,cat,dog\ncat,0.7,"0.3\ndog,0.2,0.8\n', 1),
            ("last-record", 'label,cat,dog\ncat,0.7,0.3\n"dog,0.2,0.8\n', 2),
            ("no-final-newline", 'label,cat,dog\ncat,0.7,"0.3', 1),
            ("alone", 'label,cat,dog\ncat,0.7,0.3\n"', 2),
        ]
    ),
    both(
        "CD17-note",
        'label,cat,dog,note\ncat,0.7,0.3,"fine\ndog,0.2,0.8,fine\n',
        f"{place(P, 1)}: {OPEN}",
        "--pred",
        "cat,dog",
    ),
    *(
        bad_labels(f"CD17-labels-{name}", text, f"{place(Y, record)}: {OPEN}")
        for name, text, record in [
            ("first", 'label\n"cat\ndog\n', 1),
            ("last", 'label\ncat\n"dog\n', 2),
            ("last-no-newline", 'label\ncat\n"dog', 2),
            ("alone", 'label\n"\n', 1),
        ]
    ),
    bad("CD17-header", 'cat,"dog\n0.7,0.3\n', "p.csv, line 1: a quote opened in the header is never closed"),
    *(
        bad(f"CD18-{name}", text, f"{place(P, record)}: {STRAY}")
        for name, text, record in [
            ("after", 'cat,dog\n"0.5"9,0.3\n', 1),
            ("before", 'cat,dog\n0."5",0.5\n', 1),
            ("space-after", 'cat,dog\n"0.5" ,0.5\n', 1),
            ("space-before", 'cat,dog\n "0.5",0.5\n', 1),
            ("one", 'cat,dog\n0.5",0.5\n', 1),
            ("two-records", 'cat,dog\n0.5,0.5\n0.5"",0.5\n', 2),
            ("around", 'cat,dog\n""0.5"",0.5\n', 1),
        ]
    ),
    bad(
        "CD18-unused-column",
        'note,cat,dog\nok,.4,.6\n5" disk,.5,.5\n',
        f"{place(P, 2)}: {STRAY}",
        "--pred",
        "cat,dog",
    ),
    bad("CD18-doubled", 'cat,dog\n"0.5""",0.5\n', f"{place(P, 1, 'cat')}: '0.5\"' is not a number{NUMBER_HINT}"),
    bad("CD18-header", 'cat,"do"g\n0.5,0.5\n', "p.csv, line 1: a quote stands inside a field of the header"),
    bad("CD18-header-otherwise", 'ca"t,do"g\n0.5,0.5\n', "p.csv, line 1: a quote stands inside a field of the header"),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)
