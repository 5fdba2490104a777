"""Small files in the shapes that people have: names from files, `.0` labels, no headers or endings, and words."""

from __future__ import annotations

from math import log
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from both_ways import Ask, lines, put, refused, right, save, then
from conftest import RunXent

BOTH, ONE = ["p.csv", "y.csv"], ["p.csv"]
TWO_ROWS = -(log(0.75) + log(0.5)) / 2


# S8: classes from a file.


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ('{"cats": 0, "dogs": 1}', "x0,x1"),
        ('{"0": "cats", "1": "dogs"}', "x0,x1"),
        ('{"dogs": 1, "cats": 0}', "x0,x1"),
        ('["cats", "dogs"]', "x0,x1"),
        ("cats\ndogs\n", "x0,x1"),
        ('{"x1": "dogs", "x0": "cats"}', "x0,x1"),
        ('{"0": "dogs", "1": "cats"}', "1,0"),
    ],
)
def test_s8_maps_of_classes(ask_command: Ask, content: str, header: str) -> None:
    put(p_csv=lines(header, ".75,.25", ".5,.5"), y_csv=lines("label", "cats", "dogs"), map_json=content)
    answer = right(ask_command(BOTH, ["--classes", "@map.json"]), TWO_ROWS)
    assert sorted(answer.result["inputs"]["classes"]) == ["cats", "dogs"]


# S10: whole numbers with `.0`.


@pytest.mark.parametrize("header", ["0,1", "p_0,p_1", "X0Prob,X1Prob"])
@pytest.mark.parametrize("labels", [("0.0", "1.0"), ("0.00", "1.00")])
def test_s10_labels_that_end_in_zeros_are_those_numbers(ask: Ask, header: str, labels: tuple[str, str]) -> None:
    put(p_csv=lines(header, ".75,.25", ".5,.5"), y_csv=lines("label", *labels))
    answer = right(ask(BOTH), TWO_ROWS)
    assert answer.result["inputs"]["classes"] == ["0", "1"]
    assert ".0" in answer.result["inputs"]["name_rule"]


def test_s10_beside_a_missing_label(ask: Ask) -> None:
    put(p_csv=lines("0,1", ".75,.25", ".125,.875", ".5,.5"), y_csv=lines("id,label", "1,0.0", "2,", "3,1.0"))
    options = ["--label", "label"]
    answer = refused(ask(BOTH, options))
    assert "--missing drop" in answer.options
    right(ask(BOTH, [*options, "--missing", "drop"]), TWO_ROWS)
    put(y_csv=lines("label", "0.0", "-100.0", "1.0"))
    right(ask(BOTH, ["--ignore", "-100"]), TWO_ROWS)


def test_s10_not_where_a_class_is_written_so_nor_of_several_endings(ask: Ask) -> None:
    put(p_csv=lines("p_0.0,p_1.0", ".75,.25", ".5,.5"), y_csv=lines("label", "0.0", "1.0"))
    assert right(ask(BOTH), TWO_ROWS).result["inputs"]["classes"] == ["0.0", "1.0"]
    put(p_csv=lines("0,1", ".75,.25", ".5,.5"), y_csv=lines("label", "0.0", "1.00"))
    refused(ask(BOTH), "'0.0'", "'0', '1'")


# S11: headers, delimiters and odd rows.


def test_s11_one_number_a_line_without_a_header(ask: Ask) -> None:
    put(p_csv=lines(".75", ".5"), y_csv=lines("1", "0"))
    right(ask(BOTH, ["--no-header"]), TWO_ROWS)


def test_s11_a_class_more_than_there_are_labels(ask: Ask) -> None:
    put(p_csv=lines(".75,.125,.125", ".25,.5,.25"), y_csv=lines("0", "1"))
    right(ask(BOTH, ["--no-header"]), TWO_ROWS)


def test_s11_a_row_of_zeros_is_an_error_of_its_sum(ask: Ask) -> None:
    put(p_csv=lines("a,b", ".75,.25", "0,0"), y_csv=lines("label", "a", "b"))
    for options in ([], ["--renormalize"]):
        refused(ask(BOTH, options), "record 2", "sum")


def test_s11_a_trailing_delimiter_leaves_a_column_without_a_name(ask: Ask) -> None:
    put(p_csv=lines("cat,dog,", ".75,.25,", ".5,.5,"), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH), "column 3", options=["--pred cat,dog"])
    right(then(ask, BOTH, [], answer), TWO_ROWS)


def test_s11_an_unnamed_first_column_is_an_index(ask: Ask) -> None:
    put(p_csv=lines(",cat,dog", "0,.75,.25", "1,.5,.5"), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH), "column 1", "index")
    assert answer.options[0] == "--pred cat,dog"
    right(then(ask, BOTH, [], answer), TWO_ROWS)


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_s11_another_delimiter_is_offered(ask: Ask, delimiter: str) -> None:
    rows = [row.replace(",", delimiter) for row in ("cat,dog", ".75,.25", ".5,.5")]
    put(p_csv=lines(*rows), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH, [], shown=False), "--delimiter")
    right(then(ask, BOTH, [], answer), TWO_ROWS)


def test_s11_a_header_in_labels_alone(ask: Ask) -> None:
    put(p_csv=lines(".75,.25", ".5,.5"), y_csv=lines("label", "0", "1"))
    answer = refused(ask(BOTH, ["--no-header"]), "--labels-header")
    assert answer.options[0] == "--labels-header"
    right(then(ask, BOTH, ["--no-header"], answer), TWO_ROWS)


# S12: parts without an ending.


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv"])
def test_s12_bytes_say_what_parts_without_an_ending_are(ask: Ask, kind: str) -> None:
    rows = [(0.75, 0.25, "cat"), (0.5, 0.5, "dog")]
    for number, (cat, dog, label) in enumerate(rows):
        path = f"out/part-0000{number}-b7c3"
        if kind == "parquet":
            Path("out").mkdir(exist_ok=True)
            pq.write_table(pa.table({"cat": [cat], "dog": [dog], "label": [label]}), path)
        elif kind == "jsonl":
            save(path, f'{{"cat": {cat}, "dog": {dog}, "label": "{label}"}}\n')
        else:
            save(path, lines("cat,dog,label", f"{cat},{dog},{label}"))
    save("out/_SUCCESS", "")
    save("out/.part-00000-b7c3.crc", b"crc\0\0")
    answer = right(ask(["out"]), TWO_ROWS)
    assert answer.result["overall"]["rows"] == 2


# Words that sent people the wrong way.


def test_words_no_class_names_the_columns_that_fit(ask: Ask) -> None:
    put(p_csv=lines("fold,p_cat,p_dog", "1,.75,.25", "2,.5,.5"), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH, ["--pred", "*"]), "class")
    assert answer.options[0] == "--pred p_cat,p_dog"
    right(then(ask, BOTH, ["--pred", "*"], answer), TWO_ROWS)


def test_words_no_probability_names_the_columns_that_are(ask: Ask) -> None:
    put(p_csv=lines("margin,cat,dog", "1.5,.75,.25", "2.5,.5,.5"), y_csv=lines("label", "cat", "dog"))
    answer = refused(ask(BOTH))
    assert answer.options[0] == "--pred cat,dog"
    right(then(ask, BOTH, [], answer), TWO_ROWS)


def test_words_sums_name_the_columns_that_sum(ask: Ask) -> None:
    put(p_csv=lines("cat,dog,conf", ".75,.25,.75", ".5,.5,.5"), y_csv=lines("label", "cat", "dog"))
    for options in ([], ["--renormalize"]):
        answer = refused(ask(BOTH, options))
        assert answer.options[0] == "--pred cat,dog"
        right(then(ask, BOTH, options, answer), TWO_ROWS)


def test_words_a_list_beside_scalars_is_not_asked_about_in_a_circle(ask: Ask) -> None:
    put(
        p_parquet=pa.table({"cat": [0.75, 0.5], "dog": [0.25, 0.5], "embedding": [[0.5, 1.5], [2.5, 0.5]]}),
        y_csv=lines("label", "cat", "dog"),
    )
    files = ["p.parquet", "y.csv"]
    for options in ([], ["--pred", "cat,dog,embedding"]):
        answer = refused(ask(files, options), "'embedding'")
        assert answer.options[0] == "--pred cat,dog"
        assert "Say which" not in answer.text
        right(then(ask, files, options, answer), TWO_ROWS)


def test_words_a_pattern_passes_over_columns_that_options_name(ask: Ask) -> None:
    put(p_csv=lines("id,a,b", "7,.75,.25", "8,.5,.5"), y_csv=lines("id,label", "7,a", "8,b"))
    right(ask(BOTH, ["--on", "id", "--pred", "*"]), TWO_ROWS)
    put(p_csv=lines("p_id,p_a,p_b,p_w", "7,.75,.25,1", "8,.5,.5,1"), y_csv=lines("p_id,label", "7,a", "8,b"))
    right(ask(BOTH, ["--on", "p_id", "--weight", "p_w", "--pred", "p_*"]), TWO_ROWS)


@pytest.mark.parametrize(
    "content", [lines("id,label", "1,cat", "2,", "3,dog"), lines("label,x", "cat,1", ",2", "dog,3")]
)
def test_words_a_missing_label_names_missing_drop(ask: Ask, content: str) -> None:
    put(p_csv=lines("cat,dog", ".75,.25", ".125,.875", ".5,.5"), y_csv=content)
    answer = refused(ask(BOTH), "record 2")
    assert answer.options[0] == "--missing drop"
    right(then(ask, BOTH, [], answer), TWO_ROWS)


def test_words_unused_columns_are_told(ask: Ask, run_xent: RunXent) -> None:
    put(p_csv=lines("note,p_cat,p_dog,margin", "x,.75,.25,.5", "y,.5,.5,0"), y_csv=lines("label", "cat", "dog"))
    answer = right(ask(BOTH), TWO_ROWS)
    assert answer.result["inputs"]["unused_columns"] == ["note", "margin"]
    assert "'margin'" in answer.warnings["columns_left_out"]
    assert "'note'" not in answer.warnings["columns_left_out"]
    for form in ("table", "markdown"):
        printed = run_xent("eval", *BOTH, "-f", form).stdout
        assert "note" in printed
        assert "margin" in printed
