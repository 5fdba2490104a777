"""What the cells of CSV that should be numbers can hold: refused with the raw text, or read exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import GOOD_LABELS, MISSING_HINT, NUMBER_HINT
from tables import Case, P, accepted, cases, messages, place, refused

POINT_HINT = "\n  Decimals are written with a point, and thousands without a separator."
DECIMAL_HINT = f"{POINT_HINT[:-1]}; --decimal ',' with another --delimiter reads decimal commas."


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
