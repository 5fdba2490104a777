"""Sample weights that are no weights, weigh nothing, or stand at the edges of float64."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import RunXent
from tables import (
    Case,
    P,
    Y,
    accepted,
    accepted_files,
    cases,
    messages,
    parquet,
    place,
    refused,
    refused_files,
    write,
)

CAT_DOG = "label\ncat\ndog\n"
NUMBER_HINT = "\n  The column is read as numbers; --pred says which columns are predictions."
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
WEIGHT = ("--weight", "w")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def weighted(*rows: str) -> str:
    return "p_cat,p_dog,w\n" + "".join(f"{row}\n" for row in rows)


def refusal(name: str, weight: str, message: str) -> Case:
    return Case(name, weighted(".5,.5,1", f".5,.5,{weight}"), CAT_DOG, message, WEIGHT)


PLACE = place(P, 2, "w")


@cases(
    refusal("WT1-negative", "-1", f"{PLACE}: the weight is -1.0; weights are finite and not negative"),
    refusal("WT1-slightly-negative", "-1e-300", f"{PLACE}: the weight is -1e-300; weights are finite and not negative"),
    refusal("WT1-nan", "nan", f"{PLACE}: the value is missing: it is 'nan'{MISSING_HINT}"),
    refusal("WT1-empty", "", f"{PLACE}: the value is missing: it is an empty cell{MISSING_HINT}"),
    refusal("WT1-inf", "inf", f"{PLACE}: 'inf' is infinite; it must be finite"),
    refusal("WT1-minus-inf", "-inf", f"{PLACE}: '-inf' is infinite; it must be finite"),
    refusal("WT1-beyond", "1e400", f"{PLACE}: '1e400' is beyond float64: larger than 1.8e308"),
    refusal("WT1-text", "heavy", f"{PLACE}: 'heavy' is not a number{NUMBER_HINT}"),
    Case(
        "WT1-logits-minus-inf",
        weighted("0,0,1", "0,-inf,-inf"),
        "label\ncat\ncat\n",
        f"{PLACE}: '-inf' is infinite; it must be finite",
        (*WEIGHT, "--input", "logits"),
    ),
    Case(
        "WT1-in-labels",
        "p_cat,p_dog\n.5,.5\n.5,.5\n",
        "label,w\ncat,1\ndog,-1\n",
        f"{place(Y, 2, 'w')}: the weight is -1.0; weights are finite and not negative",
        WEIGHT,
    ),
    Case(
        "WT1-two-files-differ",
        weighted(".5,.5,1", ".5,.5,2"),
        "label,w\ncat,1\ndog,3\n",
        f"{PLACE}: the two inputs give different weights: 2.0 here and 3.0 in LABELS\n  Which are meant?\n"
        "  Try --weight predictions:w\n  or  --weight labels:w",
        WEIGHT,
    ),
    Case(
        "WT2",
        weighted(".5,.5,0", ".5,.5,0"),
        CAT_DOG,
        "p.csv, column 'w': the weights sum to 0: no row has a weight above 0",
        WEIGHT,
    ),
    Case(
        "WT2-minus-0",
        weighted(".5,.5,-0.0", ".5,.5,0e9"),
        CAT_DOG,
        "p.csv, column 'w': the weights sum to 0: no row has a weight above 0",
        WEIGHT,
    ),
    Case(
        "WT2-in-labels",
        "p_cat,p_dog\n.5,.5\n",
        "label,w\ncat,0\n",
        "y.csv, column 'w': the weights sum to 0: no row has a weight above 0",
        WEIGHT,
    ),
    Case(
        "WT2-validated-first",
        weighted(".5,.5,0", ".5,.9,0"),
        CAT_DOG,
        f"{place(P, 2)}: the probabilities sum to 1.4, further than 0.01 from 1\n"
        "  Labels that do not exclude each other are one binary row each.\n"
        "  Try --renormalize\n  or  --sum-tolerance 0.4",
        WEIGHT,
    ),
    Case(
        "WT3-validated",
        weighted(".5,.5,1", "nan,.5,0"),
        CAT_DOG,
        f"{place(P, 2, 'p_cat')}: the value is missing: it is 'nan'{MISSING_HINT}",
        WEIGHT,
    ),
    Case(
        "weight-is-a-prediction",
        "p_cat,p_dog,p_w\n.5,.5,1\n",
        "label\ncat\n",
        "column 'p_w' is the weight; it cannot be a prediction column too",
        ("--weight", "p_w", "--pred", "p_cat,p_dog,p_w"),
    ),
    Case(
        "weight-is-the-label",
        "p_0,p_1\n.5,.5\n",
        "label\n1\n",
        "column 'label' is the label; it cannot be the weight too",
        ("--weight", "label", "--label", "label"),
    ),
    Case(
        "weight-is-the-label-of-predictions",
        "p_0,p_1,y\n.5,.5,1\n",
        None,
        "column 'y' is the label; it cannot be the weight too",
        ("--weight", "y", "--label", "y"),
    ),
    Case(
        "weight-side-without-a-file",
        "p_0,p_1,y,w\n.5,.5,1,1\n",
        None,
        "--weight is 'labels:w', but there is no LABELS",
        ("--weight", "labels:w"),
    ),
    Case(
        "weight-side-without-the-column",
        weighted(".5,.5,1"),
        "label\ncat\n",
        "y.csv: --weight names 'w', which is not a column\n  The columns of y.csv are 'label'.",
        ("--weight", "labels:w"),
    ),
)
def test_weights_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize("value", [-1.0, math.inf, math.nan])
def test_weights_that_are_refused_in_parquet(run_xent: RunXent, value: float) -> None:
    """WT1."""
    parquet("p.parquet", p_cat=[0.5, 0.5], p_dog=[0.5, 0.5], w=[1.0, value])
    parquet("y.parquet", label=["cat", "dog"])
    problem = f"the weight is {value!r}; weights are finite and not negative"
    message = f"{place('p.parquet', 2, 'w')}: {problem}"
    refused_files(run_xent, ["p.parquet", "y.parquet", *WEIGHT], message)


def test_weights_that_are_nan_in_both_files_do_not_differ(run_xent: RunXent) -> None:
    """WT1: NaN is what is wrong with them."""
    parquet("p.parquet", p_cat=[0.5, 0.5], p_dog=[0.5, 0.5], w=[1.0, math.nan])
    parquet("y.parquet", label=["cat", "dog"], w=[1.0, math.nan])
    problem = "the weight is nan; weights are finite and not negative"
    message = f"{place('p.parquet', 2, 'w')}: {problem}"
    refused_files(run_xent, ["p.parquet", "y.parquet", *WEIGHT], message)


def test_weight_of_another_type_in_parquet(run_xent: RunXent) -> None:
    """WT1."""
    parquet("p.parquet", p_cat=[0.5, 0.5], p_dog=[0.5, 0.5], w=["1", "2"])
    parquet("y.parquet", label=["cat", "dog"])
    message = (
        "p.parquet: column 'w' is of type string, not a weight\n  Weights are numbers, 0 or more.\n  The columns of "
        "p.parquet are 'p_cat', 'p_dog', 'w'."
    )
    refused_files(run_xent, ["p.parquet", "y.parquet", *WEIGHT], message)


def test_zero_weight_takes_an_infinite_row_out() -> None:
    """WT3: validated, counted, and nothing else: no clipping, no infinity, no warning."""
    for clip in (None, 2.0**-52):
        result = accepted(weighted(".5,.5,2", "1,0,0"), CAT_DOG, weight="w", clip=clip)
        overall = result.overall
        assert (overall.loss, overall.loss_sum) == (math.log(2), 2 * math.log(2))
        assert (overall.zero_weight_rows, overall.rows, overall.clipped_rows) == (1, 1, 0)
        assert not {"clipped", "infinite_loss"} & set(messages(result))


def mean(rows: list[tuple[float, float]]) -> float:
    """Return Σwℓ/Σw over (p of the label, weight), rounded once."""
    losses = [(Fraction(-math.log(p)), Fraction(w)) for p, w in rows]
    return float(sum((loss * w for loss, w in losses), Fraction(0)) / sum((w for _, w in losses), Fraction(0)))


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param((1e300, 1e-300), id="WT4"),
        pytest.param((1e-300, 1e300), id="WT4-other-way"),
        pytest.param((1e308, 1e308), id="WT5-large"),
        pytest.param((1.7976931348623157e308, 1.7976931348623157e308), id="WT5-largest"),
        pytest.param((5e-324, 5e-324), id="WT5-small"),
        pytest.param((5e-324, 1.7976931348623157e308), id="WT5-both"),
        pytest.param((0.1, 0.2), id="WT5-plain"),
    ],
)
def test_weights_at_the_edges_of_float64(weights: tuple[float, float]) -> None:
    first, second = weights
    text = weighted(f"0.5,0.5,{first!r}", f"0.75,0.25,{second!r}", f"0.125,0.875,{first!r}")
    result = accepted(text, "label\ncat\ndog\ndog\n", weight="w")
    rows = [(0.5, first), (0.25, second), (0.875, first)]
    assert result.overall.loss == pytest.approx(mean(rows), rel=2**-52, abs=0.0)
    assert result.classes[0].loss == math.log(2)
    assert result.classes[1].loss == pytest.approx(mean(rows[1:]), rel=2**-52, abs=0.0)
    shares = [entry.weight_share for entry in result.classes]
    exact = Fraction(first) / (2 * Fraction(first) + Fraction(second))
    assert shares == [float(exact), float(1 - exact)]
    # The first row is a tie, which is half right.
    assert result.overall.accuracy == float(exact * Fraction(3, 2))


def test_sums_of_weights_beyond_float64_are_null_with_a_warning() -> None:
    """WT5: the mean is right although the sum cannot be given."""
    result = accepted(weighted("0.5,0.5,1e308", "0.5,0.5,1e308"), CAT_DOG, weight="w")
    assert (result.overall.loss, result.overall.weight) == (math.log(2), None)
    assert messages(result)["overflow"].startswith("weight ")


def test_integer_weights_equal_repeated_rows() -> None:
    """WT6: every mean, to the last bit."""
    rows = [("0.7,0.3", "cat", 3), ("0.2,0.8", "dog", 1), ("0.4,0.6", "cat", 5), ("0.45,0.55", "dog", 2)]
    text = weighted(*(f"{cells},{weight}" for cells, _, weight in rows))
    once = accepted(text, "label\n" + "".join(f"{label}\n" for _, label, _ in rows), weight="w")
    repeated = accepted(
        "p_cat,p_dog\n" + "".join(f"{cells}\n" * weight for cells, _, weight in rows),
        "label\n" + "".join(f"{label}\n" * weight for _, label, weight in rows),
    )
    for key in (
        "loss",
        "loss_sum",
        "weight",
        "macro_loss",
        "perplexity",
        "prior_entropy",
        "skill",
        "accuracy",
        "brier",
    ):
        assert getattr(once.overall, key) == getattr(repeated.overall, key), key
    for left, right in zip(once.classes, repeated.classes, strict=True):
        for key in (
            "loss",
            "weight",
            "weight_share",
            "loss_share",
            "loss_ratio",
            "label_probability",
            "predicted_share",
        ):
            assert getattr(left, key) == getattr(right, key), key
        assert (left.recall, left.precision) == (right.recall, right.precision)


def test_unit_weights_equal_none() -> None:
    """WT6."""
    plain = accepted("p_cat,p_dog\n0.7,0.3\n0.2,0.8\n", CAT_DOG)
    ones = accepted(weighted("0.7,0.3,1", "0.2,0.8,1"), CAT_DOG, weight="w")
    assert (ones.overall, ones.classes) == (plain.overall, plain.classes)


def test_class_of_zero_weight_has_no_figures(run_xent: RunXent) -> None:
    """WT7: null in JSON, n/a in the table."""
    text = weighted("0.7,0.3,0", "0.2,0.8,1", "0.4,0.6,0")
    write(Y, "label\ncat\ndog\ncat\n")
    result = accepted(text, Path(Y).read_text(), weight="w")
    cat = result.to_dict()["classes"][0]
    assert (cat["rows"], cat["weight"], cat["weight_share"]) == (0, 0.0, 0.0)
    nulls = ("loss", "loss_share", "loss_ratio", "label_probability", "recall")
    assert {key: cat[key] for key in nulls} == dict.fromkeys(nulls)
    assert (result.overall.macro_classes, result.overall.zero_weight_rows) == (1, 2)
    ran = run_xent("eval", P, Y, *WEIGHT, columns=200)
    assert ran.code == 0
    assert "n/a" in next(line for line in ran.stdout.splitlines() if line.startswith("cat"))


def test_weights_of_either_file() -> None:
    """The column in PREDICTIONS, in LABELS, in both if they agree, or the one that is named."""
    plain = accepted(weighted("0.7,0.3,1", "0.2,0.8,4"), CAT_DOG, weight="w").overall.loss
    in_labels = accepted("p_cat,p_dog\n0.7,0.3\n0.2,0.8\n", "label,w\ncat,1\ndog,4\n", weight="w").overall.loss
    in_both = accepted(weighted("0.7,0.3,1", "0.2,0.8,4"), "label,w\ncat,1.0\ndog,4e0\n", weight="w").overall.loss
    assert plain == in_labels == in_both
    other = "label,w\ncat,9\ndog,1\n"
    assert accepted(weighted("0.7,0.3,1", "0.2,0.8,4"), other, weight="predictions:w").overall.loss == plain
    assert (
        accepted(weighted("0.7,0.3,9", "0.2,0.8,1"), "label,w\ncat,1\ndog,4\n", weight="labels:w").overall.loss == plain
    )


def test_typed_weights() -> None:
    """Integers, booleans and decimals of Parquet weigh what they say."""
    from decimal import Decimal

    import pyarrow as pa

    parquet("y.parquet", label=["cat", "dog"])
    plain = accepted(weighted("0.7,0.3,1", "0.2,0.8,0"), CAT_DOG, weight="w").overall.loss
    for array in (pa.array([1, 0], pa.uint8()), pa.array([True, False]), pa.array([Decimal("1.00"), Decimal("0.00")])):
        parquet("p.parquet", p_cat=[0.7, 0.2], p_dog=[0.3, 0.8], w=array)
        assert accepted_files("p.parquet", "y.parquet", weight="w").overall.loss == plain
