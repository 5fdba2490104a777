"""What labels, class names and the header of CSV can hold: refused with the raw text, or read exactly."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import GOOD, GOOD_LABELS, LABEL_HINT, accepted_quickly
from tables import Case, P, Y, accepted, cases, place, refused

NEAR_HINT = (
    "\n  1 label would match {}. Labels are compared as they stand: change the file, or name the classes with "
    "--classes."
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def unlike(label: str, reason: str) -> str:
    problem = f"{place(Y, 2, 'label')}: the label '{label}' is not a class; the classes are '0', '1'"
    return f"{problem}{NEAR_HINT.format(reason)}\n  Try --classes {shlex.quote(f'0=0,1={label}')}"


@cases(
    *(
        Case(f"CC10-{label.strip()}", "0,1\n0.7,0.3\n0.2,0.8\n", f"label\n0\n{label}\n", unlike(label, reason))
        for label, reason in (
            ("001", "as a number"),
            ("1.0", "as a number"),
            ("+1", "as a number"),
            ("1e0", "as a number"),
            (" 1", "without the spaces around it"),
        )
    )
)
def test_labels_are_text_not_numbers(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_class_names_that_other_readers_take_for_missing() -> None:
    """CC11."""
    names = ["NA", "NaN", "None", "nan", "null"]
    rows = "".join(",".join("0.6" if i == k else "0.1" for i in range(5)) + "\n" for k in range(5))
    result = accepted(",".join(names) + "\n" + rows, "label\n" + "".join(f"{name}\n" for name in names))
    assert result.inputs.classes == tuple(names)
    assert [entry.rows for entry in result.classes] == [1] * 5
    assert result.overall.accuracy == 1.0


def test_class_names_that_look_missing_with_a_prefix() -> None:
    """CC11."""
    result = accepted("p_NA,p_null\n0.9,0.1\n0.2,0.8\n", "label\nNA\nnull\n")
    assert result.inputs.classes == ("NA", "null")


def test_labels_that_change_their_looks_half_way() -> None:
    """CC12: booleans, dates and integers at first, then text."""
    names = ["2020-01-01", "7", "true", "x"]
    rows = "0.4,0.2,0.2,0.2\n" * 8
    labels = ["true", "true", "2020-01-01", "2020-01-01", "7", "7", "x", "7"]
    result = accepted(",".join(names) + "\n" + rows, "label\n" + "".join(f"{label}\n" for label in labels))
    assert result.inputs.classes == tuple(names)
    assert [entry.rows for entry in result.classes] == [2, 3, 2, 1]


def test_integer_labels_in_a_first_block_then_text() -> None:
    """CC12: the same across blocks."""
    n = 200_000
    padded = "0000000007"
    labels = f"label\n{padded * 3}\n" + f"{padded * 3}\n" * n + "x\n"
    rows, _ = accepted_quickly(f"{padded * 3},x\n" + "0.5,0.5\n" * (n + 2), labels)
    assert rows == n + 2


@pytest.mark.parametrize("number", ["18446744073709551615", "9007199254740993", "1" + "0" * 200 + "1"])
def test_huge_integer_labels_are_exact(run_xent: RunXent, number: str) -> None:
    """CC13: the neighbour that float64 cannot tell apart is another label."""
    other = str(int(number) - 1)
    result = accepted(f"{number},{other}\n0.9,0.1\n0.2,0.8\n", f"label\n{number}\n{other}\n")
    assert result.inputs.classes == (other, number)
    assert [entry.rows for entry in result.classes] == [1, 1]
    assert result.overall.accuracy == 1.0


@cases(
    Case(
        "CC14-label",
        GOOD,
        b"label\ncat\nd\xffg\n",
        rf"{place(Y, 2, 'label')}: 'd\xffg' is not valid UTF-8"
        "\n  If it is in another encoding, name that with --labels-encoding, such as latin-1.",
    ),
    Case(
        "CC14-header",
        b"p_c\xff,p_dog\n0.5,0.5\n",
        "label\ncat\n",
        r"p.csv, line 1: the column name 'p_c\xff' is not valid UTF-8"
        "\n  If it is in another encoding, name that with --encoding, such as latin-1.",
    ),
    Case(
        "CC14-number",
        b"p_cat,p_dog\n0.5,0.5\xb0\n",
        "label\ncat\n",
        rf"{place(P, 1, 'p_dog')}: '0.5\xb0' is not a number"
        "\n  Are these the predictions?\n  Try --pred p_cat",
    ),
    Case(
        "CC15-nul-in-label",
        GOOD,
        b"label\ncat\nd\x00g\n",
        rf"{place(Y, 2, 'label')}: the label 'd\x00g' is not a class; the classes are 'cat', 'dog'" + LABEL_HINT,
    ),
    Case("CC16", "p,p\n0.7,0.3\n", GOOD_LABELS, "p.csv, line 1: two columns are called 'p'\n  Rename one of them."),
    Case("CC16-labels", GOOD, "a,a\n1,2\n", "y.csv, line 1: two columns are called 'a'\n  Rename one of them."),
    Case(
        "CC16-quoted",
        'p,"p"\n0.7,0.3\n',
        GOOD_LABELS,
        "p.csv, line 1: two columns are called 'p'\n  Rename one of them.",
    ),
)
def test_odd_bytes_and_repeated_names(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_unused_columns_may_hold_anything() -> None:
    """CC14: bytes that are not UTF-8, in a column that nobody asked for, harm nothing."""
    table = b"note,p_cat,p_dog\ncaf\xe9,0.7,0.3\n\x00,0.2,0.8\n"
    assert accepted(table, GOOD_LABELS).overall.loss == accepted(GOOD, GOOD_LABELS).overall.loss


def test_a_class_may_have_a_nul_in_its_name() -> None:
    """CC15."""
    assert accepted("c\x00t,dog\n0.5,0.5\n", "label\nc\x00t\n").inputs.classes == ("c\x00t", "dog")


def near(name: str, header: str, asked: str, shown: str, note: str = "") -> Case:
    message = f"p.csv: --pred names '{asked}', which is not a column\n  Did you mean '{shown}'?{note}"
    listed = header if note else shown
    message += f"\n  The columns of p.csv are '{listed}', 'q'."
    return Case(name, f"{header},q\n0.7,0.3\n", "label\nq\n", message, ("--pred", f"{asked},q"))


@cases(
    near("CC17-space", " p", "p", " p"),
    near("CC17-case", "P", "p", "P"),
    near("CC17-no-break-space", "p\u00a0", "p", r"p\xa0"),
    near("CC17-zero-width-space", "p\u200b", "p", r"p\u200b"),
    near("CC17-NFD", "e\u0301", "\u00e9", r"e\u0301", " It looks the same but is written in other characters."),
    near("CC17-NFC", "\u00e9", "e\u0301", r"\xe9", " It looks the same but is written in other characters."),
)
def test_names_that_are_almost_right(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


THIRTY = ",".join(f"c{i}" for i in range(30)) + "\n" + ",".join(["0.1"] * 30) + "\n"
FIRST_TWENTY = ", ".join(f"'c{i}'" for i in range(20)) + " and 10 more."
COLUMNS_OF_BOTH = "\n  The columns of p.csv are 'p_cat', 'p_dog'.\n  The columns of y.csv are 'label'."


@cases(
    Case(
        "CC18-pred",
        THIRTY,
        GOOD_LABELS,
        f"p.csv: --pred names 'x', which is not a column\n  The columns of p.csv are {FIRST_TWENTY}",
        ("--pred", "c0,x"),
    ),
    Case(
        "CC18-pattern",
        GOOD,
        GOOD_LABELS,
        "p.csv: --pred names 'q_*', which is not a column\n  The columns of p.csv are 'p_cat', 'p_dog'.",
        ("--pred", "q_*"),
    ),
    Case(
        "CC18-label",
        GOOD,
        GOOD_LABELS,
        f"--label names 'zz', which is not a column of either input{COLUMNS_OF_BOTH}",
        ("--label", "zz"),
    ),
    Case(
        "CC18-weight",
        GOOD,
        GOOD_LABELS,
        f"--weight names 'zz', which is not a column of either input{COLUMNS_OF_BOTH}",
        ("--weight", "zz"),
    ),
    Case(
        "CC18-one-file",
        "p_cat,p_dog,label\n0.5,0.5,cat\n",
        None,
        "p.csv: --label names 'zz', which is not a column\n  The columns of p.csv are 'p_cat', 'p_dog', 'label'.",
        ("--label", "zz"),
    ),
    Case(
        "CC18-empty-label",
        "a,b\n0.7,0.3\n",
        "label,\na,1\n",
        "--label is '', which has an empty name; names are separated by single commas",
        ("--label", ""),
    ),
    Case(
        "CC18-empty-weight",
        "a,b,\n0.7,0.3,1\n",
        "label\na\n",
        "--weight names '', which is not a column of either input\n  The columns of p.csv are 'a', 'b', ''.\n  The "
        "columns of y.csv are 'label'.",
        ("--weight", ""),
    ),
    Case(
        "CC18-empty-pred",
        GOOD,
        GOOD_LABELS,
        "--pred is 'p_cat,,p_dog', which has an empty name; names are separated by single commas",
        ("--pred", "p_cat,,p_dog"),
    ),
)
def test_columns_that_are_not_there(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)
