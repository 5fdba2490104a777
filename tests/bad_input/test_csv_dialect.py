"""CSV as it is found: what is read exactly, and what is refused because it could be meant in two ways."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from conftest import RunXent
from files import LABELS, LOSS, PREDICTIONS, ends_at, plain_files, shell
from tables import (
    Case,
    P,
    Y,
    accepted,
    accepted_files,
    cases,
    figures,
    messages,
    place,
    refused,
    refused_files,
    write,
)

from xentcli import evaluate
from xentcli.sources import text_blocks as blocks
from xentcli.sources.text_blocks import BLOCK_BYTES
from xentcli.spec.parsing import typed

TOO_MANY_COLUMNS = (
    "p.csv, line 1: it has more than 250,000 columns\n"
    "  Was the table transposed, or has it another delimiter? Rows are cases, columns are classes."
)
NUMBER_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
LABEL_HINT = "\n  Is this the label column? See --label, or name the classes with --classes."
BLANK_HINT = "\n  Blank lines may only follow the last record."
ROWS_HINT = "\n  Row i of one belongs to row i of the other, unless a key that both have is named."
HEADER_HINT = (
    "\n  Is there no header? Else give the columns names that are no numbers and no classes.\n  Try --no-header"
)
LABELS_HEADER_HINT = HEADER_HINT.replace("--no", "--labels-no")
CALLED = typed("--classes", ["cat='cat'", "dog='dog'"])
APOSTROPHES = "Apostrophes do not quote in CSV; double quotes do."
STRAY = "a quote stands inside a field: a field with quotes in it is quoted as a whole, and they are doubled"
OPEN = "a quote opened in this record is never closed"
WITHOUT_COMMA = r"  Try sed 's/[,]\r*$//' p.csv > p_plain.csv"
SAY = ", and say what the delimiter is.\n  Try --delimiter "
BLANK_LABEL = (
    "the label is missing (an empty cell)\n  Give every row a label, or leave the row out.\n  Try --missing drop"
)
ENDS_BLANK = (
    "a one-column file ends in a blank line; it was taken as the end and not as an empty cell, since the other input "
    "has as many rows without it."
)
NO_ROWS = "the file has a header but no data rows"
BOM = "\ufeff"
BOM_ONLY = "bom.csv"
ONE = "p_1\n0.7\n0.2\n"
ONE_LABELS = "y\n1\n0\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def bad(name: str, predictions: str | bytes, message: str, *given: str) -> Case:
    """Predictions that are refused, with labels that are fine."""
    return Case(name, predictions, LABELS, message, given)


def bad_labels(name: str, labels: str | bytes, message: str, *given: str) -> Case:
    """Labels that are refused, with predictions that are fine."""
    return Case(name, PREDICTIONS, labels, message, given)


def both(name: str, table: str | bytes, message: str, *given: str) -> Case:
    """One file with predictions and labels that is refused."""
    return Case(name, table, None, message, given)


def width(where: str, fields: int, begins: str, header: str, more: str = "") -> str:
    """Return the message for a record of another width than the header's."""
    return (
        f"{where}: it has {fields:,} {'field' if fields == 1 else 'fields'}, but the header has "
        f"{header.count(',') + 1}\n  The record begins '{begins}'; the header begins '{header}'.{more}"
    )


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


# Refused -------------------------------------------------------------------------------------------------------


def wrong_delimiter(name: str, delimiter: str, told: str, typed: str) -> Case:
    header = f"cat{delimiter}dog".replace("\t", "\\t")
    message = (
        f"p.csv, line 1: the header is one column, '{header}'\n  Is the delimiter {told}?\n  Try --delimiter {typed}"
    )
    return bad(name, PREDICTIONS.replace(",", delimiter), message)


XLSX = io.BytesIO()
with zipfile.ZipFile(XLSX, "w") as _book:
    _book.writestr("[Content_Types].xml", "<Types/>")
    _book.writestr("xl/workbook.xml", "<workbook/>")
ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as _archive:
    _archive.writestr("p.csv", PREDICTIONS)


@cases(
    bad(
        "CD1-and-a-newline",
        BOM + "\n",
        "p.csv, line 1: the first line is blank\n  It holds the names of the columns: delete blank lines before it.",
    ),
    *(
        bad(
            f"CD2-{name}",
            PREDICTIONS.encode(name),
            f"p.csv: the text is {told}, not UTF-8\n  Try --encoding {name}",
        )
        for name, told in [
            ("utf-16", "UTF-16"),
            ("utf-32", "UTF-32"),
            ("utf-16-le", "UTF-16"),
            ("utf-16-be", "UTF-16"),
        ]
    ),
    bad_labels(
        "CD2-labels",
        LABELS.encode("utf-16"),
        "y.csv: the text is UTF-16, not UTF-8\n  Try --labels-encoding utf-16",
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
    bad("CD9-preamble", "# made by me\n" + PREDICTIONS, width(place(P, 1), 2, "cat,dog", "# made by me")),
    bad(
        "CD9-preamble-of-two-cells",
        "# a,b\n" + PREDICTIONS,
        f"{place(P, 1, '# a')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad("CD9-comment", "cat,dog\n0.7,0.3\n# c\n0.2,0.8\n", width(place(P, 2), 1, "# c", "cat,dog")),
    bad("CD9-comment-at-the-end", PREDICTIONS + "# end\n", width(place(P, 3), 1, "# end", "cat,dog")),
    bad_labels(
        "CD9-labels",
        "label\n# c\ncat\ndog\n",
        f"{place(Y, 1, 'label')}: the label '# c' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    bad(
        "CD10",
        "p,q\ncat,dog\n0.7,0.3\n0.2,0.8\n",
        f"{place(P, 1, 'p')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD10-three",
        "p,q\ncat,dog\nx,y\n0.7,0.3\n",
        f"{place(P, 1, 'p')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD10-pandas",
        "class,class\ncat,dog\n0.7,0.3\n",
        "p.csv, line 1: two columns are called 'class'\n  Rename one of them.",
    ),
    bad(
        "CD10-units",
        "cat,dog\n%,%\n0.7,0.3\n",
        f"{place(P, 1, 'cat')}: '%' is not a number\n  Probabilities are numbers from 0 to 1: write 0.5, not 50%.",
    ),
    bad_labels(
        "CD10-labels",
        "label\nlabel\ncat\n",
        f"{place(Y, 1, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    *(
        bad(f"CD11-{name}", text, f"p.csv, line 1: the first row looks like data: {shown}{HEADER_HINT}")
        for name, text, shown in [
            ("predictions", "0.7,0.3\n0.2,0.8\n", "'0.7', '0.3'"),
            ("exponents", "7e-1,3e-1\n0.2,0.8\n", "'7e-1', '3e-1'"),
            ("beside-an-id", "id1,0.7,0.3\nid2,0.2,0.8\n", "'0.7', '0.3'"),
            ("one-column", "0.7\n0.2\n", "'0.7'"),
            ("one-column-as-long", "0.7\n0.2\n0.4\n", "'0.7'"),
            (
                "many",
                "0.1,0.2,0.3,0.15,0.25,0\n0.1,0.2,0.3,0.15,0.25,0\n",
                "'0.1', '0.2', '0.3', '0.15', '0.25' and 1 more",
            ),
        ]
    ),
    bad(
        "CD11-same-numbers",
        "0.5,0.5\n0.2,0.8\n",
        "p.csv, line 1: the first row looks like data: '0.5', '0.5'\n  Is there no header?\n  Try --no-header",
    ),
    *(
        bad_labels(
            f"CD11-labels-{name}", text, f"y.csv, line 1: the first row looks like data: '{shown}'{LABELS_HEADER_HINT}"
        )
        for name, text, shown in [
            ("class", "cat\ndog\n", "cat"),
            ("class-as-long", "cat\ncat\ndog\n", "cat"),
            ("quoted", '"cat"\n"dog"\n', "cat"),
            ("number", "0\n1\n", "0"),
        ]
    ),
    bad(
        "CD12",
        PREDICTIONS + PREDICTIONS,
        f"{place(P, 3, 'cat')}: 'cat' is not a number{NUMBER_HINT}",
    ),
    bad(
        "CD12-after-a-blank-line",
        PREDICTIONS + "\n" + PREDICTIONS,
        f"{place(P, 3)}: the line is blank{BLANK_HINT}",
    ),
    Case(
        "CD12-labels",
        PREDICTIONS + "0.5,0.5\n" * 3,
        LABELS + LABELS,
        f"{place(Y, 3, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
    both(
        "CD12-one-file",
        "label,cat,dog\ncat,0.7,0.3\nlabel,cat,dog\ncat,0.7,0.3\n",
        f"{place(P, 2, 'label')}: the label 'label' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
    ),
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
    *(
        bad(
            f"CD25-{name}",
            content,
            f"p.csv: the file is compressed ({name}), but its name does not end in {ending}\n"
            "  Rename it, or decompress it.",
        )
        for name, ending, content in [
            ("gzip", ".gz", gzip.compress(PREDICTIONS.encode())),
            ("bzip2", ".bz2", bz2.compress(PREDICTIONS.encode())),
            ("zstd", ".zst", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00"),
        ]
    ),
    *(
        bad(
            f"CD25-{name}",
            content,
            f"p.csv: the file is compressed ({name})\n  Decompress it first, or use gzip, bzip2 or zstd.",
        )
        for name, content in [("xz", lzma.compress(PREDICTIONS.encode())), ("zip", ZIP.getvalue())]
    ),
    bad_labels(
        "CD25-labels",
        gzip.compress(LABELS.encode()),
        "y.csv: the file is compressed (gzip), but its name does not end in .gz\n  Rename it, or decompress it.",
    ),
)
def test_dialects_that_could_mean_something_else(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_cd25_a_workbook_is_not_told_to_be_decompressed(run_xent: RunXent) -> None:
    write("p.xlsx", XLSX.getvalue())
    write(Y, LABELS)
    message = "p.xlsx: the file is an Excel workbook, which is not read\n  CSV, JSON Lines and Parquet are.\n  Try "
    code = "import sys, pandas; pandas.read_excel(sys.argv[1]).to_csv(sys.argv[2], index=False)"
    refused_files(run_xent, ["p.xlsx", Y], f'{message}python -c "{code}" p.xlsx p.csv')


def test_cd25_a_column_may_be_called_as_a_magic_number() -> None:
    for name in ("BZh", "PAR1", "ARROW1"):
        table = f"{name},dog\n0.7,0.3\n0.2,0.8\n"
        assert accepted(table, f"label\n{name}\ndog\n").overall.loss == LOSS


def test_cd1_an_empty_file_with_a_byte_order_mark_ends() -> None:
    """In a process of its own: nothing may wait for more to come."""
    write(BOM_ONLY, BOM)
    plain_files()
    for files in ((BOM_ONLY, Y), (P, BOM_ONLY)):
        ran = shell(f"xent eval {' '.join(files)}", timeout=20)
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {BOM_ONLY}: the file is empty\n")


# Blocks: CD15, CD16, CD17, CD21, CD22 --------------------------------------------------------------------------

HEADER = "label,cat,dog,note\n"
ROW = "cat,0.75,0.25,plain\n"
LONG_SETTINGS: tuple[tuple[str, ...], ...] = (("--jobs", "1"), ("--jobs", "2", "--chunk-rows", "4096"))
# Rows like ROW that are a little more than a block.
MORE = BLOCK_BYTES // len(ROW) + 10_000
CHOSEN = ("--pred", "cat,dog")


def expected_loss(cats: int) -> float | None:
    """Return the loss of `cats` rows like ROW and one `dog` with 0.5, from a file without a quote in it."""
    write("plain.csv", HEADER + ROW * cats + "dog,0.5,0.5,x\n")
    return evaluate("plain.csv", pred=["cat", "dog"]).overall.loss


@pytest.mark.parametrize(
    "line_end", [pytest.param("\n", id="lf"), pytest.param("\r\n", id="crlf"), pytest.param("\r", id="cr")]
)
@pytest.mark.parametrize("offset", [pytest.param(n, id=f"CD15-{n:+}") for n in (-2, -1, 0, 1, 2)])
def test_a_quoted_line_end_where_a_block_ends(offset: int, line_end: str) -> None:
    """A real block: its end falls before, in and after the \\r\\n that is part of a cell."""
    row, header = ROW.replace("\n", line_end), HEADER.replace("\n", line_end)
    text = ends_at(header, BLOCK_BYTES + offset, row, 'dog,0.5,0.5,"{}')
    text += '\r\ny"' + line_end + row * 100_000
    Path(P).write_bytes(text.encode())
    cats = text.count("cat,0.75")
    result = evaluate(P, pred=["cat", "dog"], jobs=2)
    assert result.overall.rows == cats + 1
    assert result.overall.loss == expected_loss(cats)


@pytest.mark.parametrize("offset", [pytest.param(n, id=f"CD16-{n:+}") for n in (-2, -1, 0, 1, 2)])
def test_a_quoted_crlf_where_a_block_ends_is_kept_to_the_byte(offset: int, run_xent: RunXent) -> None:
    """The cell is a label, and a class is called exactly so."""
    name = "d\r\nog"
    header, row = f'label,cat,"{name}"\r\n', "cat,0.75,0.25\r\n"
    text = header + row * ((BLOCK_BYTES + offset - len(header)) // len(row) - 1)
    # The first byte of the line end within the label is the last of the block, and so on.
    padding = BLOCK_BYTES + offset - len(text) - len(row + '"d')
    if padding < 0:
        text, padding = text[: -len(row)], padding + len(row)
    text += f"cat,0.75,{' ' * padding}0.25\r\n"
    assert len(text) + len('"d') == BLOCK_BYTES + offset
    text += f'"{name}",0.5,0.5\r\n' + row * 100_000
    Path(P).write_bytes(text.encode())
    cats = text.count("cat,0.75,")
    result = evaluate(P, jobs=2)
    assert result.inputs.classes == ("cat", name)
    assert [entry.rows for entry in result.classes] == [cats, 1]
    assert result.overall.loss == expected_loss(cats)
    # With the \n lost, or made of it, the label would be another.
    Path(P).write_bytes(text.replace(name, "dog", 1).encode())
    # Lines are counted as long as no record so far can have had two.
    where = f"{P}, record {text[: text.index(name, 20)].count('cat,0.75,') + 1}, column 'label'"
    refused_files(
        run_xent,
        [P],
        f"{where}: the label 'd\\r\\nog' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
        [("--jobs", "2")],
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(0, 450_000, id="CD17-row-1-of-a-big-file"),
        pytest.param(MORE, 3, id="CD17-near-the-end"),
        pytest.param(MORE, MORE, id="CD17-in-the-middle"),
        pytest.param(BLOCK_BYTES // len(ROW) - 1, 10_000, id="CD17-before-a-block-ends"),
    ],
)
@pytest.mark.parametrize("cell", [pytest.param('"open', id="opening"), pytest.param('op"en', id="inside")])
def test_a_quote_that_is_never_closed_in_a_big_file(run_xent: RunXent, before: int, after: int, cell: str) -> None:
    write(P, HEADER + ROW * before + f"cat,0.75,0.25,{cell}\n" + ROW * after)
    message = f"{place(P, before + 1)}: {OPEN if cell.startswith(chr(34)) else STRAY}"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


def test_cd17_a_quote_opened_at_row_1_and_one_at_the_end(run_xent: RunXent) -> None:
    """Two quotes, far apart: together they make one field of nearly the whole file, which is a fine record."""
    write(P, HEADER + 'cat,0.75,0.25,"open\n' + ROW * 400_000 + 'cat,0.75,0.25,"open\n' + ROW)
    refused_files(run_xent, [P, *CHOSEN], f"{place(P, 1)}: {STRAY}", LONG_SETTINGS)


def test_cd17_the_header_of_a_big_file(run_xent: RunXent) -> None:
    write(P, 'label,cat,"dog\n' + ROW * 1_000_000)
    message = "p.csv, line 1: a quote opened in the header is never closed"
    refused_files(run_xent, [P], message, [()])


def test_cd21_a_field_of_3_mb_is_a_field(run_xent: RunXent) -> None:
    plain = accepted(HEADER + ROW + "dog,0.2,0.8,x\n" + ROW, None, pred=["cat", "dog"])
    for field in ("x" * 3_000_000, '"' + "x\n" * 1_500_000 + '"'):
        result = accepted(HEADER + ROW + f"dog,0.2,0.8,{field}\n" + ROW, None, pred=["cat", "dog"])
        assert figures(result) == figures(plain)
    write(P, HEADER + ROW + f"dog,0.2,{'8' * 3_000_000},x\n")
    shown = "8" * 80 + "…"
    message = f"{place(P, 2, 'dog')}: '{shown}' is beyond float64: larger than 1.8e308"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param((1, 9 << 20, 1), id="CD21-soon"),
        pytest.param((1, 9 << 20, MORE), id="CD21-with-more-to-come"),
        pytest.param((1, 9 << 20, 0), id="CD21-last"),
        pytest.param((1, (8 << 20) + 1, 1), id="CD21-a-byte-too-long"),
        pytest.param((MORE, 20 << 20, 1), id="CD21-late"),
    ],
)
@pytest.mark.parametrize("quoted", [pytest.param(False, id="plain"), pytest.param(True, id="quoted")])
def test_a_record_beyond_the_limit_is_refused_wherever_it_stands(
    run_xent: RunXent, layout: tuple[int, int, int], quoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, size, after = layout
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 8 << 20)
    start, end = ('dog,0.2,0.8,"', '"\n') if quoted else ("dog,0.2,0.8,", "\n")
    # A closing quote just beyond the limit is not seen.
    record = start + "x" * (size + 2 * quoted - len(start) - len(end)) + end
    write(P, HEADER + ROW * before + record + ROW * after)
    why = "a quote opened in it is not closed" if quoted else "it has no line end"
    message = f"{place(P, before + 1)}: a record is longer than 8 MiB: {why}"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


@pytest.mark.parametrize(
    "before", [pytest.param(1, id="CD21-at-the-limit"), pytest.param(MORE, id="CD21-late-at-the-limit")]
)
def test_a_record_of_just_the_limit_is_read(before: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 8 << 20)
    start = "dog,0.5,0.5,"
    write(P, HEADER + ROW * before + start + "x" * ((8 << 20) - len(start) - 1) + "\n" + ROW)
    assert evaluate(P, pred=["cat", "dog"]).overall.loss == expected_loss(before + 1)


@pytest.mark.slow
def test_cd22_200_000_classes_in_a_header_of_over_a_mebibyte() -> None:
    classes = 200_000
    write(P, ",".join(f"c{i}" for i in range(classes)) + "\n0.75,0.25" + ",0" * (classes - 2) + "\n")
    write(Y, "label\nc0\n")
    assert Path(P).read_bytes().index(b"\n") > 1 << 20
    result = evaluate(P, Y)
    assert len(result.classes) == classes
    assert result.overall.loss == evaluate(write("q.csv", "c0,c1\n0.75,0.25\n"), Y).overall.loss


@cases(
    bad(
        "CD22-columns",
        ",".join(f"c{i}" for i in range(250_001)) + "\n1\n",
        TOO_MANY_COLUMNS,
    ),
    bad("CD22-commas", "," * 5_000_000 + "\n", TOO_MANY_COLUMNS),
    bad("CD22-long-name", "c" * (17 << 20) + ",b\n1,0\n", "p.csv, line 1: the first line is longer than 16 MiB"),
    bad("CD22-no-line-end", "c" * (70 << 20), "p.csv, line 1: the first line is longer than 16 MiB"),
)
def test_headers_beyond_the_cap(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case, [()])
