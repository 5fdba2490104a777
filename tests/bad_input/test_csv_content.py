"""What CSV cells and headers can hold: refused with the raw text, or read exactly."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from conftest import RunXent
from tables import (
    Case,
    P,
    Y,
    accepted,
    cases,
    messages,
    place,
    refused,
    refused_files,
    write,
)

GOOD_LABELS = "label\ncat\ndog\n"
GOOD = "p_cat,p_dog\n0.7,0.3\n0.2,0.8\n"
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
NUMBER_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
POINT_HINT = "\n  Decimals are written with a point, and thousands without a separator."
DECIMAL_HINT = f"{POINT_HINT[:-1]}; --decimal ',' with another --delimiter reads decimal commas."
LABEL_HINT = "\n  Is this the label column? See --label, or name the classes with --classes."
NEAR_HINT = (
    "\n  1 label would match {}. Labels are compared as they stand: change the file, or name the classes with "
    "--classes."
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def first_cell(name: str, cell: str, problem: str) -> Case:
    """A bad cell in the first prediction column of record 2."""
    table = f"p_cat,p_dog\n0.7,0.3\n{cell},0.8\n"
    return Case(name, table, GOOD_LABELS, f"{place(P, 2, 'p_cat')}: {problem}")


def second_cell(name: str, cell: str, problem: str) -> Case:
    """The same in the second column: no column may hide another's cells."""
    table = f"p_cat,p_dog\n0.7,0.3\n0.2,{cell}\n"
    return Case(name, table, GOOD_LABELS, f"{place(P, 2, 'p_dog')}: {problem}")


def missing(name: str, cell: str) -> list[Case]:
    problem = f"the value is missing: it is '{cell}'{MISSING_HINT}"
    return [first_cell(name, cell, problem), second_cell(f"{name}-second-column", cell, problem)]


@cases(
    *missing("CC1-NaN", "NaN"),
    *missing("CC1-nan", "nan"),
    *missing("CC1-minus-nan", "-nan"),
    *missing("CC1-NULL", "NULL"),
    *missing("CC1-NA", "NA"),
    *missing("CC1-N/A", "N/A"),
    *missing("CC1-hash-N/A", "#N/A"),
    *missing("CC1-NAN", "NAN"),
    *missing("CC3-None", "None"),
    first_cell("CC2-empty", "", f"the value is missing: it is an empty cell{MISSING_HINT}"),
    first_cell("CC2-quotes", '""', f"the value is missing: it is an empty cell{MISSING_HINT}"),
    first_cell("CC2-spaces", "  ", f"the value is missing: it is an empty cell{MISSING_HINT}"),
    second_cell("CC2-second-column", "", f"the value is missing: it is an empty cell{MISSING_HINT}"),
)
def test_missing_numbers(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def not_a_number(name: str, cell: str, shown: str | None = None, hint: str = NUMBER_HINT) -> Case:
    return first_cell(name, cell, f"'{shown or cell}' is not a number{hint}")


@cases(
    not_a_number("CC3-percent", "50%", hint="\n  Probabilities are numbers from 0 to 1: write 0.5, not 50%."),
    not_a_number("CC3-dollar", "$.5"),
    not_a_number("CC3-f", "0.5f"),
    not_a_number("CC3-fortran", "1d5"),
    not_a_number("CC3-hex-float", "0x1p-1"),
    not_a_number("CC3-underscore", "1_0"),
    not_a_number("CC3-spreadsheet-error", "#DIV/0!"),
    not_a_number("CC3-arabic-digits", "\u0660.\u0665"),
    not_a_number("CC3-minus-sign", "\u22120.5"),
    not_a_number("CC3-fullwidth-digit", "0.\uff15"),
    not_a_number("CC3-no-break-space", "\u00a00.5", r"\xa00.5"),
    not_a_number("CC3-zero-width-space", "0.5\u200b", r"0.5\u200b"),
    not_a_number("CC3-terminal-escape", "\x1b[31m0.5", r"\x1b[31m0.5"),
    not_a_number("CC3-two-points", "0.5.1"),
    not_a_number("CC3-no-exponent", "5e"),
    not_a_number("CC3-inner-space", "0. 5"),
    not_a_number("CC3-two-signs", "+-0.5"),
    not_a_number("CC3-true", "true"),
    not_a_number("CC3-long", "x" * 5000, "x" * 80 + "…"),
    not_a_number("CC3-apostrophes", "'0.5'", hint="\n  Apostrophes do not quote in CSV; double quotes do."),
    second_cell("CC3-second-column", "0.5f", f"'0.5f' is not a number{NUMBER_HINT}"),
    not_a_number("CC15-nul-in-number", "0.\x005", r"0.\x005"),
    not_a_number("CC7-comma", '"0,5"', "0,5", DECIMAL_HINT),
    not_a_number("CC7-thousands", '"1,000"', "1,000", DECIMAL_HINT),
    Case(
        "CC7-comma-unquoted",
        "p_cat,p_dog\n0,7,0,3\n",
        "label\ncat\n",
        f"{place(P, 1)}: it has 4 fields, but the header has 2\n  The record begins '0,7,0,3'; the header begins "
        "'p_cat,p_dog'. If decimals are "
        "written with a comma, fields need another delimiter: --delimiter ';' --decimal ','.",
    ),
    Case(
        "CC7-semicolons",
        "p_cat;p_dog\n0.7;0.3\n0,5;0,5\n",
        "label\ncat\ndog\n",
        f"{place(P, 2, 'p_cat')}: '0,5' is not a number{POINT_HINT}\n  Try --decimal ','",
        ("--delimiter", ";"),
    ),
)
def test_text_where_a_number_belongs(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def beyond(name: str, cell: str) -> Case:
    shown = cell if len(cell) <= 80 else cell[:80] + "…"
    return first_cell(name, cell, f"'{shown}' is beyond float64: larger than 1.8e308")


@cases(
    first_cell("CC4-inf", "inf", "'inf' is infinite; it must be finite"),
    first_cell("CC4-minus-inf", "-inf", "'-inf' is infinite; it must be finite"),
    first_cell("CC4-infinity", "Infinity", "'Infinity' is infinite; it must be finite"),
    second_cell("CC4-second-column", "inf", "'inf' is infinite; it must be finite"),
    beyond("CC4-1e400", "1e400"),
    beyond("CC4-minus-1e400", "-1e400"),
    beyond("CC4-400-digits", "1" * 400),
    beyond("CC4-mantissa-and-exponent", "10000000000e299"),
)
def test_numbers_beyond_float64(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_a_logit_beyond_float64_is_no_mask(run_xent: RunXent) -> None:
    """CC4: -inf masks a class, but a finite number that float64 cannot hold is not -inf."""
    for cell in ("-1e400", "-10000000000e299", "-" + "1" * 400, "-1e+0400"):
        shown = cell if len(cell) <= 80 else cell[:80] + "…"
        message = f"{place(P, 2, 'p_cat')}: '{shown}' is beyond float64: larger than 1.8e308"
        table = f"p_cat,p_dog\n-inf,0.3\n{cell},0.8\n"
        refused(run_xent, Case("CC4", table, "label\ndog\ndog\n", message, ("--input", "logits")))


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("1e-400", id="CC5-1e-400"),
        pytest.param("2e-324", id="CC5-2e-324"),
        pytest.param("-1e-400", id="CC5-negative"),
        pytest.param("0." + "0" * 400 + "1", id="CC5-400-zeros"),
        pytest.param("1E-0400", id="CC5-padded-exponent"),
        pytest.param("0." + "0" * 100 + "1e-250", id="CC5-zeros-and-exponent"),
    ],
)
def test_underflow_counts_as_zero_and_is_counted(cell: str) -> None:
    result = accepted(f"p_cat,p_dog\n0.7,0.3\n{cell},1\n", GOOD_LABELS)
    assert result.overall.snapped_values == 1
    assert result.overall.loss_sum == accepted("p_cat,p_dog\n0.7,0.3\n0,1\n", GOOD_LABELS).overall.loss_sum
    assert messages(result) == {
        "snapped": "1 value within 1e-6 of the allowed range, or too small for float64, was taken as the nearest value "
        "in it."
    }
    assert [(found.file, found.record) for found in result.warnings[0].first] == [(P, 2)]


@pytest.mark.parametrize("cell", ["0", "0.0", "-0", "0e-400", "0.0e-999", "+0", "-0.0"])
def test_a_zero_that_is_written_as_zero_is_not_counted(cell: str) -> None:
    """CC5."""
    assert accepted(f"p_cat,p_dog\n0.7,0.3\n{cell},1\n", GOOD_LABELS).overall.snapped_values == 0


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("+0.5", id="CC6-plus"),
        pytest.param(".5", id="CC6-no-leading-digit"),
        pytest.param("+.5", id="CC6-plus-no-leading-digit"),
        pytest.param("5.e-1", id="CC6-no-trailing-digit"),
        pytest.param(" 0.5 ", id="CC6-spaces"),
        pytest.param("\t0.5\t", id="CC6-tabs"),
        pytest.param('" 0.5 "', id="CC6-quoted-spaces"),
        pytest.param('"0.5"', id="CC6-quoted"),
        pytest.param("5E-1", id="CC6-exponent"),
        pytest.param("0.05e+1", id="CC6-plus-exponent"),
        pytest.param("0.5" + "0" * 400, id="CC6-400-decimals"),
        pytest.param("000.5", id="CC6-leading-zeros"),
    ],
)
def test_spellings_of_one_half(cell: str) -> None:
    plain = accepted("p_cat,p_dog\n0.7,0.3\n0.5,0.5\n", GOOD_LABELS).overall
    assert accepted(f"p_cat,p_dog\n0.7,0.3\n{cell},0.5\n", GOOD_LABELS).overall == plain


def test_trailing_point_is_a_number() -> None:
    """CC6: `5.` is 5."""
    weighted = "p_cat,p_dog,w\n0.7,0.3,1\n0.5,0.5,{}\n"
    assert (
        accepted(weighted.format("5."), GOOD_LABELS, weight="w").overall
        == accepted(weighted.format("5"), GOOD_LABELS, weight="w").overall
    )


def test_400_decimals_are_rounded_once() -> None:
    """CC6: more digits than a float64 holds round to the nearest, as Python reads them."""
    digits = "0.1" + "0" * 16 + "5551115123125782702118158340454101562" + "5" * 350
    near = accepted(f"p\n{digits}\n", "label\n1\n").overall.loss
    assert near == accepted(f"p\n{float(digits)!r}\n", "label\n1\n").overall.loss


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


def accepted_quickly(predictions: str, labels: str) -> tuple[int, float | None]:
    from xentcli import evaluate

    overall = evaluate(write(P, predictions), write(Y, labels)).overall
    return overall.rows, overall.loss_sum


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
