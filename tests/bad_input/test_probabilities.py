"""Probabilities at and beyond the edges: 0, 1, sums, rounding, underflow; refused, or the right number."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pyarrow as pa
import pytest
from conftest import RunXent
from probability_rows import LOGITS_HINT, MISSING_HINT, either, table
from tables import Case, P, Y, accepted, accepted_files, cases, messages, parquet, place, refused, refused_files, write

CAT_DOG = "label\ncat\ndog\n"
EXCLUDE_HINT = "\n  Labels that do not exclude each other are one binary row each."
SNAPPED = "1 value within 1e-6 of the allowed range, or too small for float64, was taken as the nearest value in it."
CEILING = 52 * math.log(2)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def not_a_probability(name: str, row: str, column: str, value: str, hint: str = LOGITS_HINT) -> Case:
    problem = f"{value} is not a probability: those are from 0 to 1{hint}"
    return Case(name, table("0.7,0.3", row), CAT_DOG, f"{place(P, 2, column)}: {problem}")


def bad_sum(name: str, row: str, total: str, hint: str, *options: str) -> Case:
    message = f"{place(P, 2)}: the probabilities sum to {total}{hint}"
    return Case(name, table("0.7,0.3", row), CAT_DOG, message, options)


NOTHING = "\n  Give the row probabilities that sum to 1, or leave it out."


@cases(
    not_a_probability("PR4-minus-0.1", "-0.1,0.9", "p_cat", "-0.1"),
    not_a_probability("PR4-just-beyond", "-1.1e-6,1", "p_cat", "-1.1e-06"),
    not_a_probability("PR4-second-column", "1,-0.1", "p_dog", "-0.1"),
    not_a_probability("PR5-1.1", "0.5,1.1", "p_dog", "1.1"),
    not_a_probability("PR5-just-beyond", "1.0000011,0", "p_cat", "1.0000011"),
    not_a_probability("PR12-percent", "20,80", "p_cat", "20.0"),
    not_a_probability("PR12-logits", "-3,250", "p_cat", "-3.0"),
    not_a_probability("PR12-large-logits", "250,-3", "p_cat", "250.0"),
    Case(
        "PR12-logprobs",
        table("0.7,0.3", "0,2.5"),
        CAT_DOG,
        f"{place(P, 1, 'p_cat')}: 0.7 is not a log-probability: those are 0 or below{LOGITS_HINT}",
        ("--input", "logprobs"),
    ),
    Case(
        "PR12-one-column",
        "p\n0.7\n70\n",
        "label\n1\n0\n",
        f"{place(P, 2, 'p')}: 70.0 is not a probability: those are from 0 to 1\n"
        "  If these are percentages, divide them by 100.\n  Try --input logits",
    ),
    bad_sum("PR6-0", "0,0", "0", f", further than 0.01 from 1{NOTHING}"),
    bad_sum("PR6-0-renormalize", "0,0", "0; there is nothing to renormalize", NOTHING, "--renormalize"),
    bad_sum(
        "PR6-0.9",
        "0.4,0.5",
        "0.9",
        ", further than 0.01 from 1\n  Rounding 2 probabilities to 1 decimal would explain it."
        + either("--sum-tolerance 0.1", "--renormalize"),
    ),
    bad_sum(
        "PR6-1.1",
        "0.6,0.5",
        "1.1",
        f", further than 0.01 from 1{EXCLUDE_HINT}{either('--renormalize', '--sum-tolerance 0.3')}",
    ),
    bad_sum(
        "PR6-tolerance",
        "0.6,0.4002",
        "1.0002",
        ", further than 0.0001 from 1\n  Rounding 2 probabilities to 3 decimals would explain it."
        + either("--sum-tolerance 0.0002", "--renormalize"),
        "--sum-tolerance",
        "1e-4",
    ),
    bad_sum(
        "PR6-first-of-two",
        "0.3,0.3",
        "0.6",
        f", further than 0.01 from 1{either('--renormalize', '--sum-tolerance 0.4')}",
    ),
    Case(
        "PR6-logprobs",
        table("-0.1,-0.2"),
        "label\ncat\n",
        f"{place(P, 1)}: the probabilities (e to the log-probabilities) sum to 1.72357, further than 0.01 from 1"
        + either("--renormalize", "--sum-tolerance 0.8"),
        ("--input", "logprobs"),
    ),
    Case(
        "PR8-2-decimals",
        "a,b,c,d,e,f,g,h,i,j\n0.14,0.14,0.14,0.14,0.14,0.14,0.04,0.04,0.04,0.02\n",
        "label\na\n",
        f"{place(P, 1)}: the probabilities sum to 0.98, further than 0.01 from 1\n"
        "  Rounding 10 probabilities to 2 decimals would explain it." + either("--sum-tolerance 0.02", "--renormalize"),
    ),
    Case(
        "PR13-first",
        table("nan,0.3", "0.2,0.8"),
        "label\ndog\ndog\n",
        f"{place(P, 1, 'p_cat')}: the value is missing: it is 'nan'{MISSING_HINT}",
    ),
    Case(
        "PR13-second",
        table("0.7,nan", "0.2,0.8"),
        "label\ncat\ndog\n",
        f"{place(P, 1, 'p_dog')}: the value is missing: it is 'nan'{MISSING_HINT}",
    ),
)
def test_probabilities_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


def test_null_and_nan_are_told_apart(run_xent: RunXent) -> None:
    """PR13."""
    parquet("y.parquet", label=["dog", "dog"])
    for value, word in ((None, "null"), (float("nan"), "NaN")):
        for column in ("p_cat", "p_dog"):
            columns = {"p_cat": [0.5, 0.5], "p_dog": [0.5, 0.5], column: [0.5, value]}
            message = f"{place('p.parquet', 2, column)}: the value is missing: it is {word}{MISSING_HINT}"
            refused_files(run_xent, [parquet("p.parquet", **columns), "y.parquet"], message)


def test_probability_0_of_the_label_is_clipped_and_counted() -> None:
    """PR1."""
    result = accepted(table("0.5,0.5", "1,0", "1,0"), "label\ncat\ndog\ndog\n")
    overall = result.overall
    assert overall.loss_sum == pytest.approx(2 * CEILING + math.log(2), rel=1e-15)
    assert overall.clipped_rows == 2
    assert overall.clipped_loss_share == pytest.approx(2 * CEILING / (2 * CEILING + math.log(2)), rel=1e-15)
    assert [entry.clipped_rows for entry in result.classes] == [0, 2]
    warning = next(warning for warning in result.warnings if warning.code == "clipped")
    assert [(found.file, found.record) for found in warning.first] == [(P, 2), (P, 3)]
    assert warning.rows == 2
    assert warning.message == (
        "2 rows give the label less than 2.22e-16 and cost 36.04 nats each: 99 % of the loss. With --clip 1e-07 the "
        "loss "
        "would be 10.98 instead of 24.26."
    )


def test_probability_0_of_the_label_without_a_clip_is_infinite(run_xent: RunXent) -> None:
    """PR1: null in JSON and listed, with a warning; `inf` in the table."""
    write(P, table("0.5,0.5", "1,0"))
    write(Y, CAT_DOG)
    warning = (
        "1 row gives the label a probability of 0, so the loss is infinite. Without them the loss is 0.6931 nats. "
        "--clip EPS bounds what one row can cost."
    )
    for setting in ((), ("--jobs", "1"), ("--jobs", "2"), ("--chunk-rows", "1"), ("--chunk-rows", "3")):
        ran = run_xent("eval", P, Y, "--clip", "none", "-f", "json", *setting)
        document = json.loads(ran.stdout, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
        assert ran.code == 0
        assert f"warning: {warning}\n" in ran.stderr
        assert document["overall"]["loss"] is None
        assert document["overall"]["loss_se"] is None
        assert {"overall.loss", "overall.loss_sum"} <= set(document["infinite"])
        assert "infinite_loss" in {entry["code"] for entry in document["warnings"]}
    ran = run_xent("eval", P, Y, "--clip", "none")
    assert ran.code == 0
    assert "log loss  inf" in ran.stdout


@pytest.mark.parametrize(
    "predictions",
    [pytest.param(table("1,0", "0,1"), id="PR2-two"), pytest.param("p_dog\n0\n1\n", id="PR2-one")],
)
def test_perfect_predictions_cost_0_and_never_minus_0(predictions: str) -> None:
    result = accepted(predictions, CAT_DOG)
    losses = [result.overall.loss, result.overall.loss_sum, *(entry.loss for entry in result.classes)]
    for loss in losses:
        assert loss == 0.0 and math.copysign(1.0, loss) == 1.0
    assert (result.overall.accuracy, result.overall.brier, result.overall.skill) == (1.0, 0.0, 1.0)
    assert "-0" not in result.to_json().replace("e-0", "").replace("-05", "").replace(result.run.finished_at, "")


def test_probability_0_of_other_classes() -> None:
    """PR3: no NaN anywhere."""
    result = accepted("a,b,c\n0.5,0.5,0\n0.5,0,0.5\n", "label\na\na\n")
    assert result.overall.loss == math.log(2)
    assert not any(isinstance(value, float) and math.isnan(value) for value in vars_of(result.overall))


def vars_of(record: object) -> list[object]:
    return [getattr(record, name) for name in type(record).__slots__]  # type: ignore[attr-defined]  # a dataclass with slots


@pytest.mark.parametrize(
    ("row", "plain", "snapped"),
    [
        pytest.param("-0.0,1", "0,1", 0, id="PR4-minus-zero"),
        pytest.param("-1e-17,1", "0,1", 1, id="PR4-minus-1e-17"),
        pytest.param("-1e-6,1", "0,1", 1, id="PR4-minus-1e-6"),
        pytest.param("0,1.000000001", "0,1", 1, id="PR5-1e-9"),
        pytest.param("0,1.0000001", "0,1", 1, id="PR5-float32-text"),
        pytest.param("0,1.000001", "0,1", 1, id="PR5-1e-6"),
        pytest.param("-1e-9,1.000000001", "0,1", 2, id="PR5-both"),
    ],
)
def test_near_misses_are_snapped_and_counted(row: str, plain: str, snapped: int) -> None:
    result = accepted(table("0.5,0.5", row), CAT_DOG)
    assert result.overall.snapped_values == snapped
    assert result.overall.loss_sum == accepted(table("0.5,0.5", plain), CAT_DOG).overall.loss_sum
    assert ("snapped" in messages(result)) == (snapped > 0)
    if snapped == 1:
        assert messages(result)["snapped"] == SNAPPED


def test_float32_just_above_1() -> None:
    """PR5: what a float32 softmax gives."""
    parquet("p.parquet", p_cat=pa.array(np.array([1.0000001, 0.25], np.float32)), p_dog=pa.array([0.0, 0.75]))
    parquet("y.parquet", label=["cat", "dog"])
    result = accepted_files("p.parquet", "y.parquet")
    assert (result.overall.snapped_values, result.classes[0].loss) == (1, 0.0)


@pytest.mark.parametrize("row", [pytest.param("0.4,0.5", id="PR6-0.9"), pytest.param("0.6,0.5", id="PR6-1.1")])
def test_renormalize_divides_by_the_sum(row: str) -> None:
    result = accepted(table("0.5,0.5", row), CAT_DOG, renormalize=True)
    first, second = (float(cell) for cell in row.split(","))
    assert result.classes[1].loss == -math.log(second / (first + second))
    assert result.overall.renormalized_rows == 1
    bias = math.log(first + second) / 2
    assert result.overall.sum_bias == pytest.approx(bias, rel=1e-14)


@pytest.mark.parametrize("classes", [pytest.param(c, id=f"PR7-{c}") for c in (2, 10, 1000)])
def test_float32_softmax(classes: int) -> None:
    """Rows of a softmax in float32: no error, at most the warning about sums."""
    rng = np.random.default_rng(classes)
    x = rng.normal(size=(3, classes)).astype(np.float32)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    assert p.dtype == np.float32
    names = [f"p_{k}" for k in range(classes)]
    parquet("p.parquet", **{name: p[:, k] for k, name in enumerate(names)})
    parquet("y.parquet", label=[0, 1, classes - 1])
    exact = math.fsum(-math.log(float(p[row, k])) for row, k in ((0, 0), (1, 1), (2, classes - 1)))
    result = accepted_files("p.parquet", "y.parquet")
    assert result.overall.loss_sum == pytest.approx(exact, rel=1e-15)
    assert set(messages(result)) <= {"row_sums", "reversed_column"}


@pytest.mark.slow
def test_float32_softmax_of_100_000_classes() -> None:
    """PR7: the widest, as CSV of one row."""
    classes = 100_000
    x = np.random.default_rng(7).normal(size=classes).astype(np.float32)
    e = np.exp(x - x.max())
    p = e / e.sum()
    write(P, ",".join(f"p_{k}" for k in range(classes)) + "\n" + ",".join(map(str, p)) + "\n")
    from xentcli import evaluate

    result = evaluate(P, write(Y, "label\n99999\n"))
    assert result.overall.loss == -math.log(float(str(p[99_999])))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("0.5,0.51", id="PR8-1.01"),
        pytest.param("0.7,0.31", id="PR8-1.01-other"),
        pytest.param("0.5,0.49", id="PR8-0.99"),
        pytest.param("0.9,0.09", id="PR8-0.99-other"),
    ],
)
def test_a_sum_that_is_off_by_just_the_tolerance_is_accepted(row: str) -> None:
    """1.01 is not further than 0.01 from 1, whatever the binary fractions say."""
    assert accepted(table("0.5,0.5", row), CAT_DOG).overall.rows == 2


@pytest.mark.parametrize("decimals", [pytest.param(d, id=f"PR8-{d}-decimals") for d in (6, 4, 3)])
def test_rounded_probabilities_are_warned_about_once(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    p = rng.dirichlet(np.ones(10), size=200)
    texts = [[f"{value:.{decimals}f}" for value in row] for row in p]
    labels = [int(k) for k in p.argmax(axis=1)]
    header = ",".join(f"p_{k}" for k in range(10))
    result = accepted(
        "\n".join([header, *(",".join(row) for row in texts), ""]), "label\n" + "".join(f"{k}\n" for k in labels)
    )
    sums = [sum(map(Fraction, row), Fraction(0)) for row in texts]
    # What is written is off by exactly 1e-6 in some rows of 6 decimals: that is not beyond 1e-6.
    off = sum(abs(total - 1) > Fraction(1, 10**6) for total in sums)
    largest = float(max(abs(total - 1) for total in sums))
    bias = math.fsum(math.log(total) for total in sums) / 200
    assert result.overall.sum_bias == pytest.approx(bias, rel=1e-9, abs=1e-17)
    found = [warning for warning in result.warnings if warning.code == "row_sums"]
    assert len(found) == (1 if off else 0)
    if off:
        rows = "1 row sums" if off == 1 else f"{off} rows sum"
        assert found[0].rows == off
        assert found[0].message == (
            f"{rows} to something other than 1, by at most {largest:.4g}. --renormalize would add sum_bias = "
            f"{result.overall.sum_bias:.4g} nats to the loss."
        )


@pytest.mark.parametrize("p", [pytest.param("5e-324", id="PR9-least"), pytest.param("1e-310", id="PR9-denormal")])
def test_denormal_probabilities_are_not_flushed(p: str) -> None:
    exact = float(-mpmath.log(mpmath.mpf(float(p))))
    for text, kind in ((f"p_1\n{p}\n", "label\n1\n"), (f"0,1\n1,{p}\n", "label\n1\n")):
        loss = accepted(text, kind, clip=None).overall.loss
        assert loss is not None
        assert abs(loss - exact) <= math.ulp(exact)
    assert round(exact, 4) in {744.4401, 713.8014}


def test_tiny_probability_of_the_positive_class_against_a_negative() -> None:
    """PR10: −log1p(−p), not −ln(1 − p)."""
    assert accepted("p\n1e-17\n", "label\n0\n").overall.loss == 1e-17
    assert accepted("p\n1e-300\n", "label\n0\n").overall.loss == 1e-300


@pytest.mark.parametrize("classes", [pytest.param(c, id=f"PR11-{c}") for c in (2, 3, 7, 10, 49, 1000)])
def test_uniform_predictions_cost_ln_c(classes: int) -> None:
    row = ",".join([repr(1.0 / classes)] * classes) + "\n"
    header = ",".join(f"p_{k}" for k in range(classes))
    labels = [0, classes - 1, classes // 2]
    result = accepted(f"{header}\n{row * 3}", "label\n" + "".join(f"{k}\n" for k in labels))
    loss, exact = result.overall.loss, float(mpmath.log(classes))
    assert loss is not None
    assert abs(loss - exact) <= math.ulp(exact)
    assert result.overall.accuracy == pytest.approx(1.0 / classes, rel=1e-15)
    assert result.overall.tied_rows == 3
