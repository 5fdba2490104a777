"""Of several errors the one of the lowest record and column is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from probability_rows import LOGITS_HINT, MISSING_HINT, either, table
from tables import Case, P, Y, cases, parquet, place, refused, refused_files


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def at(record: int, column: str | None, problem: str) -> str:
    return f"{place(P, record, column)}: {problem}"


X_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
X = f"'x' is not a number{X_HINT}"
BIRD = (
    "the label 'bird' is not a class; the classes are 'cat', 'dog'\n  Is this the label column? See --label, or name "
    "the classes with --classes."
)
SUM = "the probabilities sum to 0.4, further than 0.01 from 1"
SUM_04 = SUM + either("--renormalize", "--sum-tolerance 0.6")
# Of the first rows all sum to 1, so that no tolerance is known that lets it pass; nor is where one of them is damaged.
LONE_SUM = f"{SUM}\n  Try --renormalize"
ODD = "-0.5 is not a probability: those are from 0 to 1\n  Most rows are what --input says; this value is not."
NEGATIVE = f"-0.5 is not a probability: those are from 0 to 1{LOGITS_HINT}"
NAN = f"the value is missing: it is 'nan'{MISSING_HINT}"
GOOD = ".5,.5"


def both(name: str, rows: list[str], labels: str, message: str) -> Case:
    """Predictions and labels in two files; `labels` is a letter a row: cat, dog, bird or . for none."""
    spelled = {"c": "cat", "d": "dog", "b": "bird", ".": '""'}
    return Case(name, table(*rows), "label\n" + "".join(f"{spelled[letter]}\n" for letter in labels), message)


def one_file(name: str, header: str, rows: list[str], message: str, *options: str) -> Case:
    return Case(name, f"{header}\n" + "".join(f"{row}\n" for row in rows), None, message, options)


@cases(
    both("sum-3-nan-7", [*[GOOD] * 2, ".2,.2", *[GOOD] * 3, "nan,.5"], "c" * 7, at(3, None, LONE_SUM)),
    both("nan-3-sum-7", [*[GOOD] * 2, "nan,.5", *[GOOD] * 3, ".2,.2"], "c" * 7, at(3, "p_cat", NAN)),
    both("cell-5-label-4", [*[GOOD] * 4, "x,.5", GOOD], "cccbcc", f"{place(Y, 4, 'label')}: {BIRD}"),
    both("value-3-label-2", [GOOD, GOOD, "-.5,.5"], "cbc", f"{place(Y, 2, 'label')}: {BIRD}"),
    both("value-2-text-3", [GOOD, "-.5,.5", "x,x"], "ccc", at(2, "p_cat", NEGATIVE)),
    both("value-3-text-2", [GOOD, "x,x", "-.5,.5"], "ccc", at(2, "p_cat", X)),
    both(
        "missing-label-3-value-4",
        [*[GOOD] * 3, "-.5,.5"],
        "cc.c",
        f"{place(Y, 3, 'label')}: the label is missing (an empty cell)\n  Give every row a label, or leave the "
        f"row "
        "out.\n  Try --missing drop",
    ),
    both("sum-2-missing-label-3", [GOOD, ".2,.2", GOOD], "cc.", at(2, None, SUM_04)),
    both("two-values-in-a-record", [GOOD, "-.5,-.7"], "cc", at(2, "p_cat", NEGATIVE)),
    both("two-texts-in-a-record", [GOOD, "x,y"], "cc", at(2, "p_cat", X)),
    both("value-and-sum-in-a-record", [GOOD, ".4,-.5"], "cc", at(2, "p_dog", NEGATIVE)),
    both("value-before-text-in-a-record", [GOOD, "-.5,x"], "cc", at(2, "p_cat", NEGATIVE)),
    both("text-before-value-in-a-record", [GOOD, "x,-.5"], "cc", at(2, "p_cat", X)),
    both("sum-and-missing-label-in-a-record", [GOOD, ".2,.2"], "c.", at(2, None, SUM_04)),
    one_file(
        "columns-in-file-order-value-first",
        "p_dog,p_cat,label",
        [".5,.5,cat", "-.5,-.7,cat"],
        at(2, "p_dog", NEGATIVE),
    ),
    one_file("label-then-value", "label,p_cat,p_dog", ["cat,.5,.5", "bird,-.5,.5"], at(2, "label", BIRD)),
    one_file("label-then-text", "label,p_cat,p_dog", ["cat,.5,.5", "bird,x,.5"], at(2, "label", BIRD)),
    one_file(
        "weight-then-value",
        "w,p_cat,p_dog,label",
        ["1,.5,.5,cat", "-1,-.5,.5,cat"],
        at(2, "w", "the weight is -1.0; weights are finite and not negative"),
        "--weight",
        "w",
    ),
    one_file(
        "value-then-weight",
        "p_cat,p_dog,w,label",
        [".5,.5,1,cat", "-.5,.5,-1,cat"],
        at(2, "p_cat", NEGATIVE),
        "--weight",
        "w",
    ),
    one_file(
        "weight-and-sum",
        "p_cat,p_dog,w,label",
        [".5,.5,1,cat", ".2,.2,-1,cat"],
        at(2, "w", "the weight is -1.0; weights are finite and not negative"),
        "--weight",
        "w",
    ),
    one_file(
        "sum-2-weight-3",
        "p_cat,p_dog,w,label",
        [".5,.5,1,cat", ".2,.2,1,cat", ".5,.5,-1,cat"],
        at(2, None, SUM_04),
        "--weight",
        "w",
    ),
)
def test_the_lowest_record_and_column_is_reported(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


# More than the first rows, whose labels are looked at beforehand.
MANY = 1000


def late(name: str, rows: list[str], labels: str, message: str) -> Case:
    """Return `both` after rows that are good: what is wrong is met in the pass."""
    return both(name, [*[GOOD] * MANY, *rows], "cd" * (MANY // 2) + labels, message)


@pytest.mark.one_in_three
@cases(
    late("cell-5-label-4", [*[GOOD] * 4, "x,.5", GOOD], "cccbcc", f"{place(Y, MANY + 4, 'label')}: {BIRD}"),
    late("cell-4-label-5", [*[GOOD] * 3, "x,.5", *[GOOD] * 2], "ccccbc", at(MANY + 4, "p_cat", X)),
    late("value-2-label-3", [GOOD, "-.5,.5", GOOD], "ccb", at(MANY + 2, "p_cat", ODD)),
    late("value-3-label-2", [GOOD, GOOD, "-.5,.5"], "cbc", f"{place(Y, MANY + 2, 'label')}: {BIRD}"),
    late("value-and-label-in-a-record", [GOOD, "-.5,.5"], "cb", at(MANY + 2, "p_cat", ODD)),
    late("sum-and-label-in-a-record", [GOOD, ".2,.2"], "cb", at(MANY + 2, None, LONE_SUM)),
    late("text-and-label-in-a-record", [GOOD, "x,.5"], "cb", at(MANY + 2, "p_cat", X)),
    one_file(
        "value-then-label",
        "p_cat,p_dog,label",
        [*[".5,.5,cat"] * MANY, ".5,.5,cat", "-.5,.5,bird"],
        at(MANY + 2, "p_cat", ODD),
    ),
)
def test_the_lowest_record_and_column_is_reported_after_the_first_rows(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case, [(), ("--jobs", "1"), ("--chunk-rows", "3")])


@cases(
    both("cell-4-label-5", [*[GOOD] * 3, "x,.5", *[GOOD] * 2], "ccccbc", f"{place(Y, 5, 'label')}: {BIRD}"),
    both("value-2-label-3", [GOOD, "-.5,.5", GOOD], "ccb", f"{place(Y, 3, 'label')}: {BIRD}"),
    both("value-and-label-in-a-record", [GOOD, "-.5,.5"], "cb", f"{place(Y, 2, 'label')}: {BIRD}"),
    both("sum-and-label-in-a-record", [GOOD, ".2,.2"], "cb", f"{place(Y, 2, 'label')}: {BIRD}"),
    both("text-and-label-in-a-record", [GOOD, "x,.5"], "cb", f"{place(Y, 2, 'label')}: {BIRD}"),
    one_file("value-then-label", "p_cat,p_dog,label", [".5,.5,cat", "-.5,.5,bird"], at(2, "label", BIRD)),
)
def test_a_label_of_the_first_rows_is_told_before_any_row_is_scored(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_the_lowest_record_and_column_is_reported_in_parquet(run_xent: RunXent) -> None:
    parquet("p.parquet", p_cat=[0.5, -0.5, 0.5], p_dog=[0.5, None, 0.5], label=["cat", "cat", "cat"])
    refused_files(run_xent, ["p.parquet"], f"{place('p.parquet', 2, 'p_cat')}: {NEGATIVE}")
    parquet("p.parquet", p_cat=[0.5, None, 0.5], p_dog=[0.5, -0.5, 0.5], label=["cat", "cat", "cat"])
    null = f"{place('p.parquet', 2, 'p_cat')}: the value is missing: it is null{MISSING_HINT}"
    refused_files(run_xent, ["p.parquet"], null)
    parquet("p.parquet", p_cat=[0.2, 0.5, 0.5], p_dog=[0.2, None, 0.5], label=["cat", "cat", "cat"])
    refused_files(run_xent, ["p.parquet"], f"{place('p.parquet', 1)}: {LONE_SUM}")
    parquet("p.parquet", p_cat=[0.2, 0.5, 0.5], p_dog=[0.2, None, 0.5], label=["cat", "cat", "bird"])
    refused_files(run_xent, ["p.parquet"], f"{place('p.parquet', 3, 'label')}: {BIRD}")
