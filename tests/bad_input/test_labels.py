"""Labels that name no class, are missing or contradict each other."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from conftest import RunXent
from tables import Case, P, Y, accepted, cases, figures, parquet, place, refused, refused_files, write

TWO = "p_cat,p_dog\n0.7,0.3\n0.2,0.8\n"
THREE = "0,1,2\n0.2,0.3,0.5\n0.2,0.3,0.5\n"
NO_LABEL = "\n  Does it mean that there is no label?\n  Try --ignore -1"
COLUMN_HINT = "\n  Is this the label column? See --label, or name the classes with --classes."
GIVE_LABEL = "\n  Give every row a label, or leave the row out.\n  Try --missing drop"
ONE_COLUMN_HINT = "\n  One prediction column has two classes. Is this the label column? See --label."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def labels(*texts: str) -> str:
    return "label\n" + "".join(f"{text}\n" for text in texts)


def not_a_class(label: str, classes: str, record: int = 2, hint: str = COLUMN_HINT) -> str:
    return f"{place(Y, record, 'label')}: the label '{label}' is not a class; the classes are {classes}{hint}"


def near(change: str, classes: str) -> str:
    return (
        f"\n  1 label would match {change}. Labels are compared as they stand: change the file, or name the classes "
        f"with --classes.\n  Try --classes {classes}"
    )


@cases(
    Case("LB1", TWO, labels("cat", "bird"), not_a_class("bird", "'cat', 'dog'")),
    # Most labels fit the prefix, whichever comes first.
    Case("LB1-first-record", TWO, labels("bird", "cat"), not_a_class("bird", "'cat', 'dog'", 1)),
    Case(
        "LB1-one-column",
        "p\n0.7\n0.2\n0.5\n",
        labels("0", "1", "maybe"),
        not_a_class("maybe", "'0', '1'", 3, ONE_COLUMN_HINT),
    ),
    Case(
        "LB1-one-column-positive",
        "p\n0.7\n0.2\n0.5\n",
        labels("no", "yes", "maybe"),
        not_a_class("maybe", "'no', 'yes'", 3, ONE_COLUMN_HINT),
        ("--positive", "yes"),
    ),
    Case(
        "LB1-many",
        "p_cat,p_dog\n" + "0.5,0.5\n" * 9,
        labels("cat", "cat", "cat", "v", "w", "v", "dog", "x", "cat"),
        not_a_class("v", "'cat', 'dog'", 4)
        + "\n  3 labels are no class:\n  'v', first in record 4\n  'w', first in record 5\n  'x', first in record 8",
    ),
    Case(
        "LB1-first-five",
        "p_1,p_2\n" + "0.5,0.5\n" * 9,
        labels("u", "v", "w", "x", "y", "z", "1", "2", "1"),
        # The classes as the columns are called: no label before the fifth unknown one has fitted a rule.
        not_a_class("u", "'1', '2'", 1)
        + "\n  5 or more labels are no class:\n  'u', first in record 1\n  'v', first in record 2\n  'w', first in "
        "record 3\n  'x', first in record 4\n  'y', first in record 5",
    ),
    Case(
        "LB1-twelve-classes",
        ",".join("abcdefghijkl") + "\n1" + ",0" * 11 + "\n",
        labels("z"),
        not_a_class("z", ", ".join(f"'{name}'" for name in "abcdefghij") + " and 2 more", 1),
    ),
    Case(
        "LB1-escaped",
        TWO,
        labels("cat", "\x1b[2Jdog"),
        not_a_class(r"\x1b[2Jdog", "'cat', 'dog'"),
    ),
    Case("LB4-minus-one", THREE, labels("2", "-1"), not_a_class("-1", "'0', '1', '2'", hint=NO_LABEL)),
    Case("LB4-C", THREE, labels("2", "3"), not_a_class("3", "'0', '1', '2'")),
    Case(
        "LB4-index-C",
        "cat,dog\n0.5,0.5\n0.5,0.5\n",
        labels("0", "2"),
        f"{place(Y, 2, 'label')}: the label '2' is not the index of a class; those are 0 to 1\n  Is this the "
        "label column? See --label.",
        ("--label-kind", "index"),
    ),
    Case(
        "LB4-index-minus-one",
        "cat,dog\n0.5,0.5\n0.5,0.5\n",
        labels("0", "-1"),
        f"{place(Y, 2, 'label')}: the label '-1' is not the index of a class; those are 0 to 1{NO_LABEL}",
        ("--label-kind", "index"),
    ),
    Case(
        "LB4-index-one-column",
        "p\n0.5\n0.5\n",
        labels("0", "2"),
        f"{place(Y, 2, 'label')}: the label '2' is not the index of a class; those are 0 to 1\n  Is this the "
        "label column? See --label.",
        ("--label-kind", "index"),
    ),
    Case(
        "LB5-empty",
        TWO,
        "label,k\ncat,1\n,2\n",
        f"{place(Y, 2, 'label')}: the label is missing (an empty cell){GIVE_LABEL}",
        ("--label", "label"),
    ),
    Case(
        "LB5-quotes",
        TWO,
        'label\ncat\n""\n',
        f"{place(Y, 2, 'label')}: the label is missing (an empty cell){GIVE_LABEL}",
    ),
    Case(
        "LB5-blank-line",
        "p_cat,p_dog\n0.7,0.3\n0.2,0.8\n0.2,0.8\n",
        labels("cat", "", "dog"),
        f"{place(Y, 2, 'label')}: the label is missing (an empty cell){GIVE_LABEL}",
    ),
    Case(
        "LB5-same-file",
        "p_cat,p_dog,label\n0.7,0.3,cat\n0.2,0.8,\n",
        None,
        f"{place(P, 2, 'label')}: the label is missing (an empty cell){GIVE_LABEL}",
    ),
    Case(
        "LB6-1-2",
        "p\n0.7\n0.2\n",
        labels("1", "2"),
        f"{place(Y, 1, 'label')}: which class does the prediction column 'p' speak of? The labels are '1' and "
        "'2', and its name is neither\n  Try --positive 1\n  or  --positive 2",
    ),
    Case(
        "LB6-no-yes",
        "p\n0.7\n0.2\n0.5\n",
        labels("no", "no", "yes"),
        f"{place(Y, 1, 'label')}: which class does the prediction column 'p' speak of? The labels are 'no' and "
        "'yes', and its name is neither\n  Try --positive no\n  or  --positive yes",
    ),
    Case(
        "LB6-contradiction",
        "p_0\n0.7\n0.2\n",
        labels("0", "1"),
        f"{place(Y, 1, 'label')}: the prediction column 'p_0' seems to speak of '0', but with labels 0 and 1 a "
        "single column speaks of 1\n  Which is it?\n  Try --positive 0\n  or  --positive 1",
    ),
    Case(
        "LB6-contradiction-minus-one",
        "p_-1\n0.7\n0.2\n",
        labels("-1", "1"),
        f"{place(Y, 1, 'label')}: the prediction column 'p_-1' seems to speak of '-1', but with labels -1 and "
        "1 a single column speaks of 1\n  Which is it?\n  Try --positive -1\n  or  --positive 1",
    ),
    Case(
        "LB9",
        TWO,
        labels("cat", "0.5"),
        not_a_class("0.5", "'cat', 'dog'", hint="\n  A distribution needs one column for each class."),
    ),
    Case(
        "LB9-one-column",
        "p\n0.7\n0.2\n0.2\n",
        labels("0", "1", "0.5"),
        not_a_class("0.5", "'0', '1'", 3, "\n  A distribution needs one column for each class."),
    ),
    Case(
        "LB9-one-column-first",
        "p\n0.7\n0.2\n",
        labels("0.5", "1"),
        f"{place(Y, 1, 'label')}: which class does the prediction column 'p' speak of? The labels are '0.5' "
        f"and "
        "'1', and its name is neither\n  A distribution needs one column for each class; if these are names, which "
        "is it?\n  Try --positive 0.5\n  or  --positive 1",
    ),
    Case(
        "LB10-several-columns",
        TWO,
        "cat,dog\n1,1\n0,1\n",
        "y.csv: which column is the label: 'cat', 'dog'?\n  The columns of y.csv are 'cat', 'dog'.\n"
        "  Try --label cat\n  or  --label dog",
    ),
    Case(
        "LB10-several-ones-in-predictions",
        "p_cat,p_dog\n0.7,0.3\n1,1\n",
        labels("cat", "dog"),
        f"{place(P, 2)}: the probabilities sum to 2, further than 0.01 from 1\n"
        "  Labels that do not exclude each other are one binary row each.\n"
        "  Try --renormalize\n  or  --sum-tolerance 1",
    ),
    Case(
        "LB11-case",
        TWO,
        labels("cat", "Dog"),
        not_a_class("Dog", "'cat', 'dog'", hint=near("in other letter case", "p_cat=cat,p_dog=Dog")),
    ),
    Case(
        "LB11-space",
        TWO,
        labels("cat", " dog"),
        not_a_class(" dog", "'cat', 'dog'", hint=near("without the spaces around it", "'p_cat=cat,p_dog= dog'")),
    ),
    Case(
        "LB11-both",
        TWO,
        labels("cat", "DOG "),
        not_a_class("DOG ", "'cat', 'dog'", hint=near("in other letter case", "'p_cat=cat,p_dog=DOG '")),
    ),
    Case(
        "LB11-several",
        "p_cat,p_dog\n" + "0.5,0.5\n" * 4,
        labels("Cat", "CAT", "dog ", "emu"),
        not_a_class(
            "Cat",
            "'p_cat', 'p_dog'",
            1,
            "\n  1 label would match without the spaces around it; 2 labels would match in other letter case. Labels "
            "are "
            "compared as they stand: change the file, or name the classes with --classes.",
        )
        + "\n  4 labels are no class:\n  'Cat', first in record 1\n  'CAT', first in record 2\n  'dog ', first in "
        "record 3\n  'emu', first in record 4",
    ),
    Case(
        "LB11-one-column",
        "p\n0.7\n0.2\n0.1\n",
        labels("0", "1", "1 "),
        not_a_class(
            "1 ",
            "'0', '1'",
            3,
            "\n  1 label would match without the spaces around it. Labels are compared as they stand: change the file.",
        ),
    ),
)
def test_labels_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize("chunk_rows", ["1", "2", "4", "5", "6", "7", "100"])
def test_unknown_labels_are_told_alike_for_every_chunk(run_xent: RunXent, chunk_rows: str) -> None:
    """LB1: five unknown labels, then the first that a rule fits."""
    message = (
        not_a_class("u", "'1', '2'", 1) + "\n  5 or more labels are no class:\n  'u', first in record 1\n  'v', first "
        "in record 2\n  'w', first in record 3\n  'x', first in record 4\n  'y', first in record 5"
    )
    case = Case("LB1", "p_1,p_2\n" + "0.5,0.5\n" * 8, labels("u", "v", "w", "x", "y", "1", "2", "1"), message)
    refused(run_xent, case, [("--chunk-rows", chunk_rows)])


def test_near_misses_of_columns_with_a_prefix_are_hinted_at(run_xent: RunXent) -> None:
    """LB11: even where no label met so far fits, stripped names are among the classes that could be meant."""
    message = not_a_class("Cat", "'p_cat', 'p_dog'", 1, near("in other letter case", "p_cat=Cat,p_dog=dog"))
    refused(run_xent, Case("LB11", TWO, labels("Cat", "Cat"), message))


def test_class_never_seen() -> None:
    """LB2: rows 0 and null figures, not 0."""
    result = accepted("a,b,c\n0.5,0.25,0.25\n0.25,0.5,0.25\n", labels("a", "b"))
    never = result.to_dict()["classes"][2]
    assert (never["class"], never["rows"], never["weight"], never["predicted_rows"]) == ("c", 0, 0.0, 0.0)
    nulls = ("loss", "loss_se", "loss_low", "loss_high", "loss_share", "loss_ratio", "label_probability", "recall")
    assert {key: never[key] for key in nulls} == dict.fromkeys(nulls)
    assert never["predicted_share"] == 0.25
    assert result.overall.macro_classes == 2


def test_class_never_seen_is_not_0_in_the_table(run_xent: RunXent) -> None:
    """LB2: `n/a`, not 0."""
    write(P, "a,b,never\n0.5,0.25,0.25\n0.25,0.5,0.25\n")
    ran = run_xent("eval", P, write(Y, labels("a", "b")), columns=200)
    assert (ran.code, ran.stderr) == (0, "")
    row = next(line for line in ran.stdout.splitlines() if "never" in line)
    assert "n/a" in row


def test_only_one_class_seen() -> None:
    """LB3: a loss; no skill, as the best constant prediction costs nothing."""
    result = accepted(TWO, labels("cat", "cat"))
    assert result.overall.prior_entropy == 0.0
    assert (result.overall.skill, result.overall.macro_classes) == (None, 1)
    assert [entry.rows for entry in result.classes] == [2, 0]


def test_only_one_class_seen_with_one_column() -> None:
    """LB3: the other class is called by what it is not."""
    assert accepted("p\n0.7\n0.2\n", labels("1", "1")).inputs.classes == ("not 1", "1")
    assert accepted("p\n0.7\n0.2\n", labels("0", "0")).inputs.classes == ("0", "1")
    assert accepted("p_sick\n0.7\n0.2\n", labels("sick", "sick")).inputs.classes == ("not sick", "sick")


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(pa.array(["cat", None]), id="LB5-text"),
        pytest.param(pa.array(["cat", ""]), id="LB5-empty-text"),
        pytest.param(pa.array(["cat", None]).dictionary_encode(), id="LB5-dictionary"),
        pytest.param(pa.array([1, None]), id="LB5-integer"),
        pytest.param(pa.array([1.0, None]), id="LB5-float"),
        pytest.param(pa.array([True, None]), id="LB5-boolean"),
    ],
)
def test_missing_labels_in_parquet(run_xent: RunXent, array: pa.Array) -> None:
    parquet("p.parquet", p_cat=[0.7, 0.2], p_dog=[0.3, 0.8], p_1=[0.0, 0.0], p_true=[0.0, 0.0])
    parquet("y.parquet", label=array)
    message = f"{place('y.parquet', 2, 'label')}: the label is missing (null or empty){GIVE_LABEL}"
    refused_files(run_xent, ["p.parquet", "y.parquet"], message)


def test_nan_label_in_parquet_is_missing(run_xent: RunXent) -> None:
    """LB5: pandas writes NaN where a label is missing."""
    parquet("p.parquet", p_0=[0.7, 0.2], p_1=[0.3, 0.8])
    parquet("y.parquet", label=[0.0, float("nan")])
    message = f"{place('y.parquet', 2, 'label')}: the label is missing: it is NaN{GIVE_LABEL}"
    refused_files(run_xent, ["p.parquet", "y.parquet"], message)


def test_fraction_as_label_in_parquet(run_xent: RunXent) -> None:
    """LB9."""
    parquet("p.parquet", p_0=[0.7, 0.2], p_1=[0.3, 0.8])
    parquet("y.parquet", label=[0.0, 0.5])
    message = (
        f"{place('y.parquet', 2, 'label')}: the label is 0.5, not a whole number up to 2^53; labels are names "
        "or whole numbers\n  A distribution needs one column for each class."
    )
    refused_files(run_xent, ["p.parquet", "y.parquet"], message)


@pytest.mark.parametrize("second", [pytest.param(1.5, id="value"), pytest.param(0.1, id="sum")])
def test_fraction_as_label_does_not_hide_an_earlier_error(run_xent: RunXent, second: float) -> None:
    """LB9: record 2 is bad, the label of record 4 too; both files are one batch."""
    parquet("p.parquet", p_0=[0.7, second, 0.5, 0.5], p_1=[0.3, 0.5, 0.5, 0.5])
    parquet("y.parquet", label=[0.0, 1.0, 0.0, 0.5])
    for setting in ((), ("--jobs", "1"), ("--jobs", "2"), ("--chunk-rows", "1"), ("--chunk-rows", "3")):
        ran = run_xent("eval", "p.parquet", "y.parquet", *setting)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr.startswith("error: p.parquet, record 2"), ran.stderr


def test_columns_in_any_order_are_mapped_by_name() -> None:
    """LB7: all figures, to the last bit."""
    results = []
    for header, rows in (
        ("p_ant,p_bee,p_cat", ("0.7,0.2,0.1", "0.3,0.3,0.4", "0.1,0.8,0.1")),
        ("p_cat,p_ant,p_bee", ("0.1,0.7,0.2", "0.4,0.3,0.3", "0.1,0.1,0.8")),
        ("p_bee,p_cat,p_ant", ("0.2,0.1,0.7", "0.3,0.4,0.3", "0.8,0.1,0.1")),
    ):
        results.append(figures(accepted("\n".join([header, *rows, ""]), labels("ant", "cat", "bee"))))
    assert results[0] == results[1] == results[2]
    assert results[0]["inputs"]["classes"] == ["ant", "bee", "cat"]


def test_integer_names_are_ordered_as_integers() -> None:
    """LB7: p_10 after p_9."""
    names = [f"p_{k}" for k in range(12)]
    row = ",".join(["0.45"] + ["0.05"] * 11) + "\n"
    assert accepted(",".join(names) + "\n" + row, labels("0")).inputs.classes == tuple(str(k) for k in range(12))


def test_100_000_unknown_labels_are_refused_with_the_first_five(run_xent: RunXent) -> None:
    """LB8: the wrong column was taken for the label."""
    n = 100_000
    write(P, "p_cat,p_dog\n" + "0.7,0.3\n" * n)
    write(Y, labels(*(f"user{i}" for i in range(n))))
    listed = "".join(f"\n  'user{i}', first in record {i + 1}" for i in range(5))
    message = not_a_class("user0", "'p_cat', 'p_dog'", 1) + "\n  5 or more labels are no class:" + listed
    refused_files(run_xent, [P, Y], message, [()])
