"""Files that options name, columns of weights, units and slices, labels that are distributions, rows left out."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from conftest import RunXent
from tables import Case, P, Y, accepted, accepted_files, cases, parquet, place, refused, refused_files, write

from xentcli import UsageError, evaluate
from xentcli.alignment.slice_index import MOST_CELLS

PREDICTIONS = "cat,dog\n0.7,0.3\n0.2,0.8\n0.5,0.5\n"
LABELS = "label\ncat\ndog\ncat\n"
CLASSES_ARE = "which is no class; the classes are 'cat', 'dog'"
FROM_0 = "it takes a number from 0 up"
OBJECT = "--class-weight takes a JSON object of numbers by class name"
NUMBER_HERE = "\n  Every row needs a number here; leave out rows without one."
HOLD_NUMBERS = "\n  The column is read as numbers; --pred says which columns are predictions."
DIVIDE = "\n  Divide each row by its sum, or leave it out."
ANNOTATORS = "\n  If these are numbers of annotators, divide each row by its sum."
NOT_FROM_0_TO_1 = "is no part of a distribution: those are from 0 to 1"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# OF5 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param('{"cta": 2}', f"--class-weight names 'cta', {CLASSES_ARE}\n  Did you mean 'cat'?", id="unknown"),
        pytest.param('{"": 2}', f"--class-weight names '', {CLASSES_ARE}", id="no-name"),
        pytest.param('{"cat": -1}', f"w.json: --class-weight gives 'cat' the weight '-1'; {FROM_0}", id="negative"),
        pytest.param('{"cat": NaN}', f"w.json: --class-weight gives 'cat' the weight 'NaN'; {FROM_0}", id="NaN"),
        pytest.param('{"cat": 1e999}', f"w.json: --class-weight gives 'cat' the weight 'Infinity'; {FROM_0}", id="inf"),
        pytest.param('{"cat": "2"}', f"w.json: --class-weight gives 'cat' the weight '\"2\"'; {FROM_0}", id="text"),
        pytest.param('{"cat": true}', f"w.json: --class-weight gives 'cat' the weight 'true'; {FROM_0}", id="boolean"),
        pytest.param('{"cat": null}', f"w.json: --class-weight gives 'cat' the weight 'null'; {FROM_0}", id="null"),
        pytest.param('{"cat": [1]}', f"w.json: --class-weight gives 'cat' the weight '[1]'; {FROM_0}", id="list"),
        pytest.param('{"cat": 1, "cat": 2}', "w.json: --class-weight has 'cat' twice", id="twice"),
        pytest.param("[1, 2]", f"w.json: {OBJECT}", id="no-object"),
        pytest.param("{}", f"w.json: {OBJECT}", id="empty-object"),
        pytest.param("", f"w.json, line 1: {OBJECT}: Expecting value: line 1 column 1 (char 0)", id="empty"),
        pytest.param(
            '{"cat": 1,\n"dog" 2}',
            f"w.json, line 2: {OBJECT}: Expecting ':' delimiter: line 2 column 7 (char 17)",
            id="broken",
        ),
        pytest.param(
            '{"é": 2}'.encode("latin-1"), "w.json: --class-weight reads it, but it is not valid UTF-8", id="not-UTF-8"
        ),
    ],
)
def test_files_of_class_weights(run_xent: RunXent, content: str | bytes, message: str) -> None:
    write(P, PREDICTIONS), write(Y, LABELS), write("w.json", content)
    refused_files(run_xent, [P, Y, "--class-weight", "@w.json"], message)


@cases(
    *(
        Case(f"OF5-{value}", PREDICTIONS, LABELS, message, ("--class-weight", value))
        for value, message in {
            "@no.json": "no.json: --class-weight cannot read it: No such file or directory",
            "@": "--class-weight is '@'; the name of a file follows the @",
            "@.": ".: --class-weight cannot read it: Is a directory",
            "cat=1,cat=2": "--class-weight names 'cat' twice",
            "cat": "--class-weight has 'cat'; it takes NAME=WEIGHT,... or @FILE.json",
            "": "--class-weight has ''; it takes NAME=WEIGHT,... or @FILE.json",
            "cat=1,": "--class-weight has ''; it takes NAME=WEIGHT,... or @FILE.json",
            "cat=x": "--class-weight has 'cat=x'; it takes NAME=WEIGHT,... or @FILE.json",
            "cat=1_0": "--class-weight has 'cat=1_0'; it takes NAME=WEIGHT,... or @FILE.json",
            "=1": f"--class-weight names '', {CLASSES_ARE}",
            "fish=1": f"--class-weight names 'fish', {CLASSES_ARE}",
            "cat=nan": "--class-weight gives 'cat' the weight nan; weights are finite and not negative",
            "cat=-1": "--class-weight gives 'cat' the weight -1.0; weights are finite and not negative",
            "cat=1e999": "--class-weight gives 'cat' the weight inf; weights are finite and not negative",
            "cat=0,dog=0": f"{P}: the weights sum to 0: no row has a weight above 0",
        }.items()
    ),
    *(
        Case(f"OF5-smoothing-{value}", PREDICTIONS, LABELS, message, ("--label-smoothing", value))
        for value, message in {
            "1.5": "--label-smoothing is 1.5; it takes a number from 0 to 1",
            "-0.1": "--label-smoothing is -0.1; it takes a number from 0 to 1",
            "nan": "--label-smoothing is nan; it takes a number from 0 to 1",
            "inf": "--label-smoothing is inf; it takes a number from 0 to 1",
            "x": "--label-smoothing is 'x'; it takes a number from 0 to 1",
        }.items()
    ),
)
def test_class_weights_and_smoothing_that_cannot_be(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("cat\ncat\n", "c.txt, line 2: --classes has 'cat' twice, first in line 1", id="twice"),
        pytest.param(
            "cat\n\ndog\n", "c.txt, line 2: --classes reads one name a line; this line is empty", id="empty-line"
        ),
        pytest.param(
            "cat\ndog\n\n", "c.txt, line 3: --classes reads one name a line; this line is empty", id="empty-end"
        ),
        pytest.param("", "c.txt, line 1: --classes reads one name a line; this line is empty", id="empty"),
        pytest.param(b"c\xe4t\ndog\n", "c.txt: --classes reads it, but it is not valid UTF-8", id="not-UTF-8"),
        pytest.param(
            "cat\n",
            "--classes names 1 class, but there are 2 prediction columns: 'cat', 'dog'\n"
            "  Say which is which with COL=CLASS, or which columns with --pred.",
            id="too-few",
        ),
        pytest.param(
            "dog\ncat\n",
            "--classes gives the class of each prediction column in order, so column 'cat' would be 'dog'\n"
            "  Leave --classes out if the names of the columns say which is which, or say it of each column.\n"
            "  Try --classes cat=cat,dog=dog\n  or  --classes cat=dog,dog=cat",
            id="reordered",
        ),
    ],
)
def test_files_of_classes(run_xent: RunXent, content: str | bytes, message: str) -> None:
    """OF5."""
    write(P, PREDICTIONS), write(Y, LABELS), write("c.txt", content)
    refused_files(run_xent, [P, Y, "--classes", "@c.txt"], message)


def test_files_that_options_name_are_read_as_text_files_are(run_xent: RunXent) -> None:
    """OF5: with a byte order mark, with the line ends of other systems."""
    write(P, PREDICTIONS), write(Y, LABELS)
    write("c.txt", b"\xef\xbb\xbfcat\r\ndog\r\n"), write("w.json", b'\xef\xbb\xbf{"cat":\r\n2}')
    ran = run_xent("eval", P, Y, "--classes", "@c.txt", "--class-weight", "@w.json", "-f", "json")
    assert (ran.code, ran.stderr) == (0, "")
    assert run_xent("eval", P, Y, "--class-weight", "cat=2", "-f", "json").code == 0


# OF8 -------------------------------------------------------------------------------------------------


def columns(u: str = "1", g: str = "a", w: str = "1", label: str = "dog") -> str:
    """Return labels with units, slices and weights; those of record 2 as given."""
    return f"label,u,g,w\ncat,1,a,1\n{label},{u},{g},{w}\ncat,2,a,3\n"


_PER, _WEIGHT = ("--label", "label", "--per", "u"), ("--label", "label", "--weight", "w")
_COUNT = (*_WEIGHT, "--weight-kind", "count")
_UNITS = "those of --per are finite and not negative"


@cases(
    *(
        Case(f"OF8-{id}", PREDICTIONS, labels, f"{place(Y, 2, column)}: {problem}", options)
        for id, labels, column, problem, options in (
            ("per-missing", columns(u=""), "u", f"the value is missing: it is an empty cell{NUMBER_HERE}", _PER),
            ("per-text", columns(u="x"), "u", f"'x' is not a number{HOLD_NUMBERS}", _PER),
            ("per-negative", columns(u="-1"), "u", f"the number of units is -1.0; {_UNITS}", _PER),
            ("per-infinite", columns(u="inf"), "u", "'inf' is infinite; it must be finite", _PER),
            ("weight-missing", columns(w=""), "w", f"the value is missing: it is an empty cell{NUMBER_HERE}", _WEIGHT),
            ("weight-nan", columns(w="nan"), "w", f"the value is missing: it is 'nan'{NUMBER_HERE}", _WEIGHT),
            ("weight-text", columns(w="x"), "w", f"'x' is not a number{HOLD_NUMBERS}", _WEIGHT),
            (
                "weight-negative",
                columns(w="-2"),
                "w",
                "the weight is -2.0; weights are finite and not negative",
                _WEIGHT,
            ),
            ("count-half", columns(w="0.5"), "w", "the count is 0.5; counts are whole numbers, 0 or more", _COUNT),
            ("count-negative", columns(w="-1"), "w", "the count is -1.0; counts are whole numbers, 0 or more", _COUNT),
            ("count-huge", columns(w="1e300"), "w", "the count is 1e+300; counts are whole numbers, 0 or more", _COUNT),
        )
    ),
    Case(
        "OF8-count-of-nothing",
        PREDICTIONS,
        LABELS,
        "--weight-kind count needs the column of counts: name it with --weight",
        ("--weight-kind", "count"),
    ),
    Case(
        "OF8-the-first-of-two",
        PREDICTIONS,
        columns(u="-1", w="-1"),
        f"{place(Y, 2, 'u')}: the number of units is -1.0; {_UNITS}",
        (*_WEIGHT, "--per", "u"),
    ),
)
def test_columns_of_numbers_that_hold_none(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize(("option", "what"), [("--weight", "a weight"), ("--per", "a number of units")])
def test_columns_whose_type_holds_no_numbers(run_xent: RunXent, option: str, what: str) -> None:
    """OF8."""
    hint = {"--weight": "Weights are numbers, 0 or more.", "--per": "It holds numbers, 0 or more."}[option]
    write(P, PREDICTIONS)
    parquet("y.parquet", label=["cat", "dog", "cat"], x=["1", "2", "3"])
    refused_files(
        run_xent,
        [P, "y.parquet", option, "x"],
        f"y.parquet: column 'x' is of type string, not {what}\n  {hint}\n  The columns of y.parquet are 'label', 'x'.",
    )


def test_columns_of_numbers_with_a_null_are_refused_where_it_stands(run_xent: RunXent) -> None:
    """OF8."""
    write(P, PREDICTIONS)
    parquet("y.parquet", label=["cat", "dog", "cat"], x=[1.0, None, 3.0])
    for option in ("--weight", "--per"):
        message = f"{place('y.parquet', 2, 'x')}: the value is missing: it is null{NUMBER_HERE}"
        refused_files(run_xent, [P, "y.parquet", option, "x"], message)


def test_a_missing_slice_is_a_slice() -> None:
    """OF8: in text, where it is an empty cell, and in Parquet, where it is null."""
    result = accepted(PREDICTIONS, columns(g=""), label="label", by="g")
    assert [one.by for one in result.slices or ()] == [{"g": "a"}, {"g": None}]
    parquet("y.parquet", label=["cat", "dog", "cat"], g=pa.array(["a", None, "a"]).dictionary_encode())
    other = accepted_files(P, "y.parquet", label="label", by="g")
    assert (other.slices, other.overall) == (result.slices, result.overall)


def test_units_that_are_all_0_make_the_loss_per_unit_undefined() -> None:
    """OF8: nothing is divided by 0."""
    result = accepted(PREDICTIONS, "label,u\ncat,0\ndog,0\ncat,0\n", label="label", per="u").overall
    assert result.loss_per is not None
    assert (result.loss_per.total, result.loss_per.value) == (0.0, None)


# LB10 ------------------------------------------------------------------------------------------------


def parts(record: str) -> str:
    return f"y_cat,y_dog\n1,0\n{record}\n0,1\n"


SEVERAL = (
    "the label has 2 ones: it names several classes\n  Labels that do not exclude each other are melted: one binary "
    "row for each label of a row."
)
_DISTRIBUTION = ("--label", "y_*")


@cases(
    *(
        Case(f"LB10-{id}", PREDICTIONS, parts(record), f"{place(Y, 2, column)}: {problem}", _DISTRIBUTION)
        for id, record, column, problem in (
            ("sum-0", "0,0", None, f"the parts of the label sum to 0, not to 1{DIVIDE}"),
            ("sum-0.9", "0.5,0.4", None, f"the parts of the label sum to 0.9, not to 1{DIVIDE}"),
            ("sum-2", "0.5,1.5", "y_dog", f"1.5 {NOT_FROM_0_TO_1}{ANNOTATORS}"),
            ("sum-1.8", "0.9,0.9", None, f"the parts of the label sum to 1.8, not to 1{DIVIDE}"),
            ("sum-1.00001", "0.5,0.50001", None, f"the parts of the label sum to 1.00001, not to 1{DIVIDE}"),
            ("negative", "-0.5,1.5", "y_cat", f"-0.5 {NOT_FROM_0_TO_1}"),
            ("barely-negative", "-1e-9,1", "y_cat", f"-1e-09 {NOT_FROM_0_TO_1}"),
            ("several-ones", "1,1", None, SEVERAL),
            ("annotators", "3,2", "y_cat", f"3.0 {NOT_FROM_0_TO_1}{ANNOTATORS}"),
            ("missing", ",1", "y_cat", f"the value is missing: it is an empty cell{NUMBER_HERE}"),
            ("text", "a,1", "y_cat", f"'a' is not a number{HOLD_NUMBERS}"),
        )
    ),
    *(
        Case(
            f"LB10-by-key-{id}", f"id,{PREDICTIONS}".replace("\n0", "\n{},0").format(1, 2, 3), labels, message, options
        )
        for id, labels, message, options in (
            (
                "first-of-labels",
                "id,y_cat,y_dog\n3,1,0\n2,0.9,0\n1,0,0\n",
                f"{place(Y, 2)}: the parts of the label sum to 0.9, not to 1{DIVIDE}",
                ("--on", "id", "--label", "y_*"),
            ),
            (
                "several-ones",
                "id,y_cat,y_dog\n3,1,0\n2,1,0\n1,1,1\n",
                f"{place(Y, 3)}: {SEVERAL}",
                ("--on", "id", "--label", "y_*"),
            ),
        )
    ),
    Case(
        "LB10-ignore",
        PREDICTIONS,
        parts("1,0"),
        "--ignore is for labels that are names or indices; these are distributions",
        (*_DISTRIBUTION, "--ignore", "1"),
    ),
    Case(
        "LB10-missing",
        PREDICTIONS,
        parts("1,0"),
        "--missing drop is for labels that are names or indices; these are distributions",
        (*_DISTRIBUTION, "--missing", "drop"),
    ),
    *(
        Case(
            f"LB10-kind-{kind}-{names}",
            PREDICTIONS,
            parts("1,0"),
            f"--label names several columns, which hold a distribution; --label-kind is {kind}",
            ("--label", names, "--label-kind", kind),
        )
        for kind in ("name", "index")
        for names in ("y_*", "y_cat,y_dog")
    ),
    Case(
        "LB9-kind-distribution",
        PREDICTIONS,
        LABELS,
        f"{Y}: --label-kind distribution needs a column for each class, or lists; 'label' is neither\n  Name the "
        f"columns with --label.\n  The columns of {Y} are 'label'.",
        ("--label-kind", "distribution"),
    ),
    Case(
        "LB10-positive-of-no-column",
        PREDICTIONS,
        parts("1,0"),
        "--positive is 'fish', but the label columns are 'y_cat', 'y_dog'",
        (*_DISTRIBUTION, "--pred", "cat", "--positive", "fish"),
    ),
)
def test_labels_that_are_no_distribution(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.list_(pa.float64(), 2)])
def test_lists_that_are_no_distribution(run_xent: RunXent, kind: pa.DataType) -> None:
    """LB10."""
    write(P, PREDICTIONS)
    where = place("y.parquet", 2, "label")
    for row, problem in (
        ([0.5, 0.4], f"the parts of the label sum to 0.9, not to 1{DIVIDE}"),
        ([1.0, 1.0], SEVERAL),
        ([0.5, -0.5], f"number 2 of the list: -0.5 {NOT_FROM_0_TO_1}"),
    ):
        parquet("y.parquet", label=pa.array([[1.0, 0.0], row, [0.0, 1.0]], kind))
        refused_files(run_xent, [P, "y.parquet"], f"{where}: {problem}")


def test_a_pattern_for_one_label_column_is_that_column() -> None:
    parquet("y.parquet", label=["cat", "dog", "cat"], other=[1, 2, 3])
    write(P, PREDICTIONS)
    assert accepted_files(P, "y.parquet", label="lab*").overall == accepted_files(P, "y.parquet", label="label").overall


# Rows left out ---------------------------------------------------------------------------------------


@cases(
    Case(
        "LB5-all-missing",
        PREDICTIONS,
        "label,g\n,a\n,a\n,a\n",
        f"{P}: no row is left to evaluate: 3 rows without a label",
        ("--label", "label", "--missing", "drop"),
    ),
    Case(
        "LB5-all-ignored",
        PREDICTIONS,
        LABELS,
        f"{P}: no row is left to evaluate: 3 rows ignored",
        ("--ignore", "cat", "--ignore", "dog"),
    ),
    Case(
        "LB5-missing-and-ignored",
        PREDICTIONS,
        "label,g\n-100,a\n,a\n-100,a\n",
        f"{P}: no row is left to evaluate: 1 row without a label, 2 rows ignored",
        ("--label", "label", "--missing", "drop", "--ignore", "-100"),
    ),
    Case(
        "LB5-only-ignored",
        PREDICTIONS,
        "label,g\n-100,a\n,a\n-100,a\n",
        f"{place(Y, 2, 'label')}: the label is missing (an empty cell)\n  Give every row a label, or leave the row "
        "out.\n  Try --missing drop",
        ("--label", "label", "--ignore", "-100"),
    ),
    Case(
        "LB5-a-bad-prediction-of-a-dropped-row",
        "cat,dog\n0.7,0.3\n1.5,0.8\n0.5,0.5\n",
        "label,g\ncat,a\n,a\ncat,a\n",
        f"{place(P, 2, 'cat')}: 1.5 is not a probability: those are from 0 to 1\n"
        "  Most rows are what --input says; this value is not.",
        ("--label", "label", "--missing", "drop"),
    ),
    Case("LB5-ignore-twice", PREDICTIONS, LABELS, "--ignore names 'cat' twice", ("--ignore", "cat", "--ignore", "cat")),
    Case(
        "CD6-drop-all",
        PREDICTIONS,
        "label\n\n\n\n",
        f"{P}: no row is left to evaluate: 3 rows without a label",
        ("--missing", "drop"),
    ),
)
def test_no_row_is_left_or_a_bad_one_is(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_a_blank_line_is_a_dropped_row() -> None:
    """CD6: in a file of one column it is an empty cell; the rows after it keep their place."""
    result = accepted(PREDICTIONS, "label\ncat\n\ncat\n", missing="drop").overall
    without = accepted("cat,dog\n0.7,0.3\n0.5,0.5\n", "label\ncat\ncat\n").overall
    assert (result.rows, result.dropped_rows, result.loss, result.loss_se) == (2, 1, without.loss, without.loss_se)


def test_dropped_and_ignored_rows_are_counted_in_their_slices() -> None:
    labels = "label,g\ncat,a\n,b\n-100,a\ncat,b\n,b\n"
    result = accepted("cat,dog\n" + "0.7,0.3\n" * 5, labels, label="label", by="g", missing="drop", ignore="-100")
    counts = [(one.overall.rows, one.overall.dropped_rows, one.overall.ignored_rows) for one in result.slices or ()]
    assert counts == [(1, 0, 1), (1, 2, 0)]
    assert (result.overall.rows, result.overall.dropped_rows, result.overall.ignored_rows) == (2, 2, 1)


# Slices ----------------------------------------------------------------------------------------------


@cases(
    Case(
        "too-many-slices",
        "cat,dog\n" + "0.5,0.5\n" * 5,
        "label,g\n" + "".join(f"cat,{g}\n" for g in "aabca"),
        f"{place(Y, 4, 'g')}: there are more than 2 slices by 'g'\n  Choose columns with fewer values, or allow more "
        "with --max-slices, up to 500,000 slices times classes.",
        ("--label", "label", "--by", "g", "--max-slices", "2"),
    ),
    Case(
        "too-many-slices-after-a-bad-prediction",
        "cat,dog\n0.5,0.5\n0.5,0.5\n-0.5,0.5\n0.5,0.5\n",
        "label,g\n" + "".join(f"cat,{g}\n" for g in "abcd"),
        f"{place(P, 3, 'cat')}: -0.5 is not a probability: those are from 0 to 1\n"
        "  Most rows are what --input says; this value is not.",
        ("--label", "label", "--by", "g", "--max-slices", "3"),
    ),
    *(
        Case(f"max-slices-{value}", PREDICTIONS, LABELS, f"--max-slices is {shown}; {allowed}", options)
        for value, shown, allowed, options in (
            ("0", "0", "it takes a whole number from 1 to 1000000", ("--by", "label", "--max-slices", "0")),
            ("x", "'x'", "it takes a whole number from 1 to 1000000", ("--by", "label", "--max-slices", "x")),
        )
    ),
    Case(
        "max-slices-alone",
        PREDICTIONS,
        LABELS,
        "--max-slices is for slices; name their columns with --by",
        ("--max-slices", "2"),
    ),
    Case("by-twice", PREDICTIONS, LABELS, "--by names 'label' twice", ("--by", "label,label")),
)
def test_slices_that_are_too_many(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_slices_times_classes_have_a_bound(run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half as many classes leave room for two slices, whatever --max-slices allows."""
    classes = 500
    assert MOST_CELLS == 500_000
    monkeypatch.setattr("xentcli.alignment.batch_maker.MOST_CELLS", 2 * classes)
    parquet("p.parquet", p=pa.array([[1.0] + [0.0] * (classes - 1)] * 3, pa.list_(pa.float64(), classes)))
    write(Y, "label,g\n0,a\n0,b\n0,c\n")
    message = (
        f"{place(Y, 3, 'g')}: there are more than 2 slices by 'g'\n  Choose columns with fewer values, or allow more "
        "with --max-slices, up to 1,000 slices times classes."
    )
    options = ["--label", "label", "--by", "g", "--max-slices", "1000"]
    refused_files(run_xent, ["p.parquet", Y, *options], message, [()])


def test_slices_by_the_label_need_no_label_to_be_named() -> None:
    result = accepted(PREDICTIONS, LABELS, by="label")
    assert [(one.by, one.overall.rows) for one in result.slices or ()] == [({"label": "cat"}, 2), ({"label": "dog"}, 1)]


# Options that contradict -----------------------------------------------------------------------------

_ALONE = "does not apply: --input label-probs has the probability of the true label alone"


@cases(
    *(
        Case(
            f"label-probs-{option[0].strip('-')}-{option[-1]}",
            PREDICTIONS,
            LABELS,
            f"{option[0]} {_ALONE}",
            ("--input", "label-probs", "--pred", "cat", *option),
        )
        for option in (
            ("--classes", "a,b"),
            ("--positive", "cat"),
            ("--negative", "cat"),
            ("--label-smoothing", "0.1"),
            ("--renormalize",),
            ("--sum-tolerance", "0.1"),
            ("--label-kind", "index"),
            ("--label-kind", "distribution"),
        )
    ),
    Case(
        "label-probs-of-several-columns",
        PREDICTIONS,
        LABELS,
        f"{P}: --input label-probs takes one column, and 'cat', 'dog' may be it\n  The "
        f"columns of {P} are 'cat', 'dog'.\n  Try --pred cat\n  or  --pred dog",
        ("--input", "label-probs"),
    ),
    Case(
        "label-probs-with-a-distribution",
        PREDICTIONS,
        parts("1,0"),
        "--input label-probs has the probability of the true label alone; its label is a name",
        (*_DISTRIBUTION, "--input", "label-probs", "--pred", "cat"),
    ),
    Case(
        "label-logprobs-of-probabilities",
        PREDICTIONS,
        LABELS,
        f"{place(P, 1, 'cat')}: 0.7 is not a log-probability: those are 0 or below\n  Try --input label-probs",
        ("--input", "label-logprobs", "--pred", "cat"),
    ),
    Case(
        "label-probs-of-log-probabilities",
        "p\n-0.5\n",
        "label\ncat\n",
        f"{place(P, 1, 'p')}: -0.5 is not a probability: those are from 0 to 1\n  Try --input label-logprobs",
        ("--input", "label-probs"),
    ),
    Case(
        "renormalize-and-tolerance",
        PREDICTIONS,
        LABELS,
        "--renormalize divides by the sums instead of checking them; leave out --sum-tolerance",
        ("--renormalize", "--sum-tolerance", "0.1"),
    ),
)
def test_options_that_contradict(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_lists_hold_no_probability_of_the_label_alone(run_xent: RunXent) -> None:
    write("p.jsonl", '{"p": [0.5, 0.5]}\n')
    message = (
        "p.jsonl: column 'p' is of type list of numbers, not one number a row\n"
        "  It is the probability of the label.\n  The columns of p.jsonl are 'p'."
    )
    refused_files(run_xent, ["p.jsonl", write(Y, "label\ncat\n"), "--input", "label-probs"], message)


def test_names_for_predictions_without_names_are_what_is_missing(run_xent: RunXent) -> None:
    write("p.jsonl", '{"p": [0.5, 0.5]}\n')
    message = (
        f"{place(Y, 1, 'label')}: the label 'cat' is not the index of a class; those are 0 to 1\n  Is this the label "
        "column? See --label, or name the classes with --classes."
    )
    refused_files(run_xent, ["p.jsonl", write(Y, "label\ncat\n")], message)


@pytest.mark.parametrize("weight", [-1, float("nan"), "2", True, 10**400])
def test_class_weights_of_python_are_checked_alike(weight: object) -> None:
    """OF5."""
    write(P, PREDICTIONS), write(Y, LABELS)
    with pytest.raises(UsageError, match="--class-weight gives 'cat' the weight"):
        evaluate(P, Y, class_weight={"cat": weight})  # type: ignore[dict-item]  # which is what is refused
