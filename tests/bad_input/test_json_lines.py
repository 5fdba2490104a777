"""JSON Lines that are broken or odd: an error with its line, or the value where only one can be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunXent
from tables import accepted_files, figures, refused_files, write

NAME = "p.jsonl"
GOOD = '{"p_cat": 0.75, "p_dog": 0.25, "label": "cat"}\n{"p_cat": 0.25, "p_dog": 0.75, "label": "dog"}\n'
NUMBER_HINT = "\n  Every row needs a number here; leave out rows without one."
LABEL_HINT = "\n  Give every row a label, or leave the row out.\n  Try --missing drop"
ONE = "\n  JSON Lines has one object a line."
WHOLE = f"{ONE} Was the file cut short, or is this JSON laid out over several lines?"
BLANK = "the line is blank\n  Blank lines may only follow the last record."
ARRAY = (
    f"{NAME}: the file is a JSON array, which is not read\n  CSV, JSON Lines and Parquet are.\n"
    "  Try jq -c '.[]' p.jsonl > p_plain.jsonl"
)
AFTER = "after the first value of the line stands "
REST = ', "p_dog": 0.5, "label": "cat"}\''
NO_PREDICTION = "not a prediction\n  Predictions are numbers."
COLUMNS = "\n  The columns of p.jsonl are 'p_cat', 'p_dog', 'label'."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def record(cat: str = "0.5", dog: str = "0.5", label: str = '"cat"') -> str:
    return f'{{"p_cat": {cat}, "p_dog": {dog}, "label": {label}}}\n'


def at(column: str | None, line: int = 3) -> str:
    return f"{NAME}, record {line} (line {line})" + (f", column '{column}': " if column else ": ")


@pytest.mark.parametrize(
    ("third", "message"),
    [
        pytest.param(
            record(cat='"0.5"'),
            at("p_cat") + "it is the text '0.5', not a number\n  Numbers stand without quotes in JSON.",
            id="text-among-numbers",
        ),
        pytest.param(record(dog="true"), at("p_dog") + "it is true, not a number", id="boolean-among-numbers"),
        pytest.param(record(cat="[0.5]"), at("p_cat") + "it is a list, not a number", id="list-among-numbers"),
        pytest.param(record(cat='{"a": 0.5}'), at("p_cat") + "it is an object, not a number", id="nested-object"),
        pytest.param(
            record(label='{"name": "cat"}'),
            at("label") + "the label is an object, not a text or a number\n  Write the value itself, without a list or "
            "an object around it.",
            id="nested-label",
        ),
        pytest.param(
            '{"p_cat": 0.5, "label": "cat"}\n',
            at("p_dog") + f"the value is missing: the record has no such field{NUMBER_HINT}",
            id="missing-number",
        ),
        pytest.param(
            '{"p_cat": 0.5, "p_dog": 0.5}\n',
            at("label") + f"the label is missing: the record has no such field{LABEL_HINT}",
            id="missing-label",
        ),
        pytest.param(record(cat="null"), at("p_cat") + f"the value is missing: it is null{NUMBER_HINT}", id="null"),
        pytest.param(
            record(label="null"), at("label") + f"the label is missing: it is null{LABEL_HINT}", id="null-label"
        ),
        pytest.param(
            record(label='""'), at("label") + f"the label is missing: it is an empty text{LABEL_HINT}", id="empty-label"
        ),
        pytest.param(
            record(cat="NaN"), at("p_cat") + f"the value is missing: it is 'NaN'{NUMBER_HINT}", id="NaN-literal"
        ),
        pytest.param(record(label="NaN"), at("label") + f"the label is missing: it is NaN{LABEL_HINT}", id="NaN-label"),
        pytest.param(
            record(cat="Infinity"), at("p_cat") + "'Infinity' is infinite; it must be finite", id="Infinity-literal"
        ),
        pytest.param(
            record(cat="-Infinity"), at("p_cat") + "'-Infinity' is infinite; it must be finite", id="minus-Infinity"
        ),
        pytest.param(
            record(cat="-Inf"),
            at(None) + 'it is not JSON from character 11 on: \'-Inf, "p_dog": 0.5, "label": "cat"}\'',
            id="-Inf",
        ),
        pytest.param(
            record(cat="1e400"), at("p_cat") + "'1e400' is beyond float64: larger than 1.8e308", id="beyond-float64"
        ),
        pytest.param(
            '{"p_cat": 0.5, "p_dog": 0.5, "p_cat": 0.25, "label": "cat"}\n',
            at("p_cat") + "the field is there twice in its record",
            id="duplicate-key",
        ),
        pytest.param("\n" + record(), at(None) + BLANK, id="blank"),
        pytest.param(
            " \t\r\n" + record(),
            at(None) + BLANK,
            id="blank-of-spaces",
        ),
        pytest.param(
            '{"p_cat": 0.5, "p_dog"\n' + record(), at(None) + f"the line ends inside of its object{WHOLE}", id="broken"
        ),
        pytest.param('{"p_cat": 0.5, "p_d', at(None) + f"the line ends inside of its object{WHOLE}", id="cut-short"),
        pytest.param(
            '{"p_cat": 0.5\n, "p_dog": 0.5, "label": "cat"}\n',
            at(None) + f"the line ends inside of its object{WHOLE}",
            id="object-over-two-lines",
        ),
        pytest.param(
            record()[:-1] + record(),
            at(None) + f'after the first value of the line stands \'{{"p_cat": 0.5, "p_dog": 0.5, "label": "c…\'{ONE}',
            id="two-objects-a-line",
        ),
        pytest.param(
            # As many objects as lines, but not one on each.
            record()[:-1] + record() + "\n" + record(),
            at(None) + f'after the first value of the line stands \'{{"p_cat": 0.5, "p_dog": 0.5, "label": "c…\'{ONE}',
            id="two-objects-a-line-and-a-blank",
        ),
        pytest.param(
            record()[:-1] + ",\n",
            at(None) + AFTER + f"','{ONE}",
            id="comma-at-the-end",
        ),
        pytest.param(
            record(cat="0.50 // half"),
            at(None) + 'it is not JSON from character 16 on: \'// half, "p_dog": 0.5, "label": "cat"}\'',
            id="comment",
        ),
        pytest.param(
            record(cat="01"),
            at(None) + 'it is not JSON from character 12 on: \'1, "p_dog": 0.5, "label": "cat"}\'',
            id="leading-zero",
        ),
        pytest.param("[0.5, 0.5]\n", at(None) + f"the line is a list, not an object{ONE}", id="list"),
        pytest.param("0.5\n", at(None) + f"the line is a number, not an object{ONE}", id="number"),
        pytest.param("null\n", at(None) + f"the line is null, not an object{ONE}", id="null-line"),
        pytest.param('"cat"\n', at(None) + f"the line is a text, not an object{ONE}", id="text-line"),
        pytest.param("NaN\n", at(None) + f"the line is NaN, not an object{ONE}", id="NaN-line"),
        pytest.param(
            record(label='"\\ud800"'),
            at("label") + "'\\ud800' is no text: half of a surrogate pair is no character",
            id="half-a-surrogate-pair",
        ),
        pytest.param(
            record(label="0.5"),
            at("label") + "the label is 0.5, not a whole number up to 2^53; labels are names or whole numbers\n  A "
            "distribution needs one column for each class.",
            id="label-0.5",
        ),
        pytest.param(
            record(label="9007199254740993.0"),
            at("label") + "the label is 9007199254740993.0, not a whole number up to 2^53; labels are names or whole "
            "numbers\n  A distribution needs one column for each class.",
            id="label-that-float64-rounds",
        ),
        pytest.param(
            record(label='"\x1b[2J"'),
            at(None) + "it is not JSON from character 40 on: '\\x1b[2J\"}'",
            id="raw-control-character",
        ),
    ],
)
def test_OF1_the_third_record_is_refused(third: str, message: str, run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    refused_files(run_xent, [write(NAME, GOOD + third)], message)


def test_OF1_invalid_utf8(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    write(NAME, (GOOD + record(label='"c\xe9t"')).encode("latin-1"))
    message = at(None) + "'label\": \"c\\xe9' is not valid UTF-8\n  Convert the file to UTF-8."
    refused_files(run_xent, [NAME], message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(f"[{record()[:-1]}]\n", ARRAY, id="array"),
        pytest.param(f"[\n{record()}]\n", ARRAY, id="array-of-lines"),
        pytest.param(
            json.dumps(json.loads(record()), indent=1) + "\n",
            at(None, 1) + f"the line ends inside of its object{WHOLE}",
            id="pretty-printed",
        ),
        pytest.param(
            f"\n{record()}",
            at(None, 1) + BLANK,
            id="blank",
        ),
        pytest.param(
            '{"p": 1, "p": 2}\n', at(None, 1) + "two fields are called 'p'\n  Rename one of them.", id="field-twice"
        ),
        pytest.param("{}\n{}\n", at(None, 1) + "the first record has no fields", id="no-fields"),
        pytest.param(" \n\n", f"{NAME}: the file has no records", id="only-blank-lines"),
        pytest.param("", f"{NAME}: the file is empty", id="empty"),
        pytest.param(
            '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n",
            at(None, 1) + "the record is nested too deeply",
            id="nested-deeply",
        ),
        pytest.param(
            record(cat='"0.5"') + record(),
            f"{NAME}: column 'p_cat' is of type text, {NO_PREDICTION}{COLUMNS}",
            id="numbers-as-text",
        ),
        pytest.param(
            record(cat='{"a": 1}'),
            f"{NAME}: column 'p_cat' is of type object, {NO_PREDICTION}{COLUMNS}",
            id="object",
        ),
        pytest.param(
            record(label='["cat"]'),
            f"{NAME}: the label column 'label' is of type list\n  Labels are text, whole numbers, booleans or dates."
            + COLUMNS,
            id="label-list",
        ),
        pytest.param(
            record("true", "0") + record(),
            at("p_cat", 2) + "it is a number, but in the first record it is true or false",
            id="number-among-booleans",
        ),
    ],
)
def test_OF1_the_file_is_refused(content: str, message: str, run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    refused_files(run_xent, [write(NAME, content)], message)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + GOOD, id="byte-order-mark"),
        pytest.param(GOOD.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(GOOD[:-1], id="no-final-newline"),
        pytest.param(GOOD + "\n \r\n\t\n", id="blank-lines-at-the-end"),
        pytest.param(GOOD.replace("{", " { ").replace("}", " } "), id="spaces"),
        pytest.param(GOOD.replace(', "label"', ', "x": {"label": 1, "y": [NaN, {}]}, "label"'), id="other-fields"),
        pytest.param(
            GOOD.splitlines(keepends=True)[0] + '{"label": "dog", "more": 5, "p_dog": 7.5e-1, "p_cat": 25E-2}\n',
            id="fields-in-another-order",
        ),
        pytest.param(GOOD.replace("cat", "\\u0063at"), id="escapes"),
        pytest.param(GOOD.replace('"label"', '"label" \r'), id="return-between-tokens"),
    ],
)
def test_OF1_what_is_unambiguous_is_read(content: str) -> None:  # noqa: N802  # called by the id of its case
    expected = figures(accepted_files(write("good.jsonl", GOOD)))
    found = figures(accepted_files(write(NAME, content)))
    # A field that nothing uses is named.
    assert found["inputs"].pop("unused_columns") == (["x"] if '"x"' in content else [])
    assert expected["inputs"].pop("unused_columns") == []
    assert found == expected


@pytest.mark.parametrize("first", ['"1"', "1", "1.0"])
def test_OF1_a_label_is_its_text_however_it_is_written(first: str) -> None:  # noqa: N802  # called by the id of its case
    texts = [first, '"0"', "0", "0.0", "-0", "1", '"1"', "1e0"]
    lines = [f'{{"p": 0.5, "label": {text}}}\n' for text in texts]
    result = accepted_files(write(NAME, "".join(lines)))
    assert (result.inputs.classes, result.overall.rows) == (("0", "1"), 8)
    assert [held.rows for held in result.classes] == [4, 4]


def test_OF1_booleans_and_large_integers_as_labels() -> None:  # noqa: N802  # called by the id of its case
    result = accepted_files(write(NAME, '{"p": 0.5, "label": true}\n{"p": 0.5, "label": "false"}\n'))
    assert result.inputs.classes == ("false", "true")
    big = [2**53 + 1, 2**64 + 1]
    lines = [f'{{"p": 0.5, "label": {value}}}\n' for value in big]
    assert accepted_files(write(NAME, "".join(lines)), positive=str(big[1])).inputs.classes == tuple(map(str, big))


def test_OF1_underflow_is_counted_as_in_csv() -> None:  # noqa: N802  # called by the id of its case
    write("p.csv", "p_cat,p_dog,label\n1e-400,1,dog\n1,0,cat\n0.5,0.5,cat\n")
    write(NAME, record("1e-400", "1", '"dog"') + record("1", "0") + record())
    assert accepted_files(NAME).overall == accepted_files("p.csv").overall
    assert accepted_files(NAME).overall.snapped_values == 1
    tiny = "0." + "0" * 400 + "1"
    write(NAME, record(tiny, "1", '"dog"') + record("1", "0") + record())
    assert accepted_files(NAME).overall.snapped_values == 1


def test_OF1_minus_infinity_masks_a_class_in_logits(run_xent: RunXent) -> None:  # noqa: N802  # called by the id of its case
    write("p.csv", "cat,dog,ant,label\n1,2,-inf,cat\n1,0.5,-0.25,ant\n")
    lines = [
        '{"cat": 1, "dog": 2, "ant": -Infinity, "label": "cat"}\n',
        '{"cat": 1, "dog": 0.5, "ant": -0.25, "label": "ant"}\n',
    ]
    write(NAME, "".join(lines))
    expected = figures(accepted_files("p.csv", input="logits"))
    assert figures(accepted_files(NAME, input="logits")) == expected
    write(NAME, lines[0].replace("Infinity", "Inf"))
    message = at(None, 1) + 'it is not JSON from character 29 on: \'-Inf, "label": "cat"}\''
    refused_files(run_xent, [NAME, "--input", "logits"], message)


def test_OF1_a_line_of_10_MB() -> None:  # noqa: N802  # called by the id of its case
    long = GOOD.replace('"label"', f'"text": "{"x" * 10_000_000}", "label"', 1)
    result = accepted_files(write(NAME, GOOD + long + GOOD))
    assert result.overall.rows == 6


def test_OF1_a_line_that_is_too_long(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: N802  # called by the id of its case
    monkeypatch.setattr("xentcli.sources.jsonl.lines.LONGEST_RECORD", 5 << 20)
    write(NAME, GOOD + '{"x": "' + "x" * (6 << 20))
    message = at(None) + "a record is longer than 5 MiB: it has no line end"
    refused_files(run_xent, [NAME], message, [()])
    write(NAME, '{"x": "' + "x" * (6 << 20))
    refused_files(run_xent, [NAME], message.replace("record 3 (line 3)", "line 1"), [()])
    write(NAME, GOOD + "\n" * (6 << 20) + GOOD)
    message = at(None) + "there are 5 MiB of blank lines"
    refused_files(run_xent, [NAME], message, [()])


def test_a_field_whose_name_is_half_a_character_is_refused(run_xent: RunXent) -> None:
    write("p.jsonl", '{"label": "a", "\\ud800": 0.5, "a": 0.5}\n')
    ran = run_xent("eval", "p.jsonl")
    problem = "the field '\\ud800' has no name: half of a surrogate pair is no character"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: p.jsonl, record 1 (line 1): {problem}\n")
