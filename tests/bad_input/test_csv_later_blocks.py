"""Cells of CSV that are odd in a later block than the first, and long paths and records."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import GOOD, GOOD_LABELS, LABEL_HINT, MISSING_HINT, NUMBER_HINT, accepted_quickly
from tables import Case, P, Y, place, refused, refused_files, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


ROWS = 170_010
LONG_SETTINGS = (("--jobs", "1"), ("--jobs", "2", "--chunk-rows", "7001"))


def test_error_in_a_later_block_names_its_record(run_xent: RunXent) -> None:
    """CC8: 26 bytes a row, so record 170002 is in a later block."""
    row = "0.2500000000,0.7500000000\n"
    table = "p_cat,p_dog\n" + row * 170_001 + "0.25,oops\n" + row * (ROWS - 170_002)
    assert table.index("oops") > 4 << 20
    message = f"{place(P, 170_002, 'p_dog')}: 'oops' is not a number{NUMBER_HINT}"
    case = Case("CC8", table, "label\n" + "dog\n" * ROWS, message)
    refused(run_xent, case, LONG_SETTINGS)


def test_scored_error_in_a_later_block_names_its_record(run_xent: RunXent) -> None:
    """CC8: values, sums and labels too; and the earlier of two in different blocks is reported."""
    row = "0.2500000000,0.7500000000\n"
    head, tail = "p_cat,p_dog\n" + row * 170_001, row * (ROWS - 170_002)
    labels = "label\n" + "dog\n" * ROWS
    message = (
        f"{place(P, 170_002, 'p_dog')}: -0.75 is not a probability: those are from 0 to 1\n"
        "  Most rows are what --input says; this value is not."
    )
    refused(run_xent, Case("CC8", head + "0.25,-0.75\n" + tail, labels, message), LONG_SETTINGS)
    late = "label\n" + "dog\n" * 170_003 + "bird\n" + "dog\n" * (ROWS - 170_004)
    refused(run_xent, Case("CC8", head + "0.25,-0.75\n" + tail, late, message), LONG_SETTINGS)
    early = "label\n" + "dog\n" * 170_000 + "bird\n" + "dog\n" * (ROWS - 170_001)
    bird = f"{place(Y, 170_001, 'label')}: the label 'bird' is not a class; the classes are 'p_cat', 'p_dog'"
    refused(
        run_xent,
        Case(
            "CC8",
            head + "oops,1\n" + tail,
            "label\n" + "bird\n" * ROWS,
            f"{place(Y, 1, 'label')}: the label 'bird' is not a class; the classes are 'p_cat', 'p_dog'"
            "\n  What do the labels name?\n  Try --pred p_cat --positive bird\n  or  --pred p_dog --positive bird",
        ),
        LONG_SETTINGS,
    )
    refused(run_xent, Case("CC8", head + "oops,1\n" + tail, early, bird.replace("p_", "") + LABEL_HINT), LONG_SETTINGS)


def test_integers_for_a_mebibyte_then_fractions() -> None:
    """CC9: no type is inferred from the first rows."""
    n = 300_000
    result = accepted_quickly("p_cat,p_dog\n" + "1,0\n" * n + "0.5,0.5\n", "label\n" + "cat\n" * (n + 1))
    assert result == (n + 1, 0.6931471805599453)


def test_blanks_for_a_mebibyte_then_fractions(run_xent: RunXent) -> None:
    """CC9: blanks are missing values from the first record on."""
    n = 600_000
    case = Case(
        "CC9",
        "p_cat,p_dog\n" + ",\n" * n + "0.5,0.5\n",
        "label\n" + "cat\n" * (n + 1),
        f"{place(P, 1, 'p_cat')}: the value is missing: it is an empty cell{MISSING_HINT}",
    )
    refused(run_xent, case, LONG_SETTINGS)


def test_a_record_over_two_lines_moves_the_line_and_not_the_record(run_xent: RunXent) -> None:
    """CC3: a quoted line end before the bad cell."""
    table = 'note,p_cat,p_dog\n"two\nlines",0.7,0.3\nx,0.2,oops\n'
    message = f"p.csv, record 2 (line 4), column 'p_dog': 'oops' is not a number{NUMBER_HINT}"
    refused(run_xent, Case("CC3", table, GOOD_LABELS, message, ("--pred", "p_cat,p_dog")))


def test_value_errors_in_csv_name_the_line(run_xent: RunXent) -> None:
    """Where every record is a line, a value, a sum, a label or a weight that is refused has its line too."""
    write(Y, "label,w\ncat,1\ndog,1\n")
    for table, options in (
        ("p_cat,p_dog\n0.7,0.3\n0.2,1.8\n", ()),
        ("p_cat,p_dog\n0.7,0.3\n0.2,0.9\n", ()),
        ("p_cat,p_bird\n0.7,0.3\n0.2,0.8\n", ()),
        ("p_cat,p_dog,w\n0.7,0.3,1\n0.2,0.8,-1\n", ("--weight", "predictions:w")),
    ):
        ran = run_xent("eval", write(P, table), Y, "--label", "label", *options)
        assert (ran.code, ran.stdout) == (2, "")
        assert ", record 2 (line 3)" in ran.stderr


def test_a_path_that_is_long_is_shown_whole(run_xent: RunXent) -> None:
    """A place is of no use without the end of the path."""
    folder = Path("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    paths = [write(str(folder / P), GOOD), write(str(folder / Y), "label\ncat\n")]
    hint = "Row i of one belongs to row i of the other, unless a key that both have is named."
    refused_files(run_xent, paths, f"'{paths[0]}' has 2 rows, but '{paths[1]}' has 1\n  {hint}")
