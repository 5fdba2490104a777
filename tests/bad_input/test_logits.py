"""Logits at the edges of float64: refused, or the right number against mpmath."""

from __future__ import annotations

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pyarrow as pa
import pytest
from conftest import RunXent
from tables import (
    Case,
    P,
    Y,
    accepted,
    accepted_files,
    cases,
    figures,
    messages,
    parquet,
    place,
    refused,
    refused_files,
    write,
)

CAT_DOG = "label\ncat\ndog\n"
MISSING_HINT = "\n  Every row needs a number here; leave out rows without one."
LOGITS = ("--input", "logits")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(name: str, row: str, message: str, header: str = "x_cat,x_dog") -> Case:
    zeros = ",".join("0" * (header.count(",") + 1))
    return Case(name, f"{header}\n{zeros}\n{row}\n", CAT_DOG, message, LOGITS)


MASK_ONLY = "is infinite; only -inf, which masks a class, is allowed"
NO_CLASS = "all logits are -inf: no class is possible"


@cases(
    refusal("LG4-inf", "inf,0", f"{place(P, 2, 'x_cat')}: 'inf' {MASK_ONLY}"),
    refusal("LG4-plus-inf", "0,+Inf", f"{place(P, 2, 'x_dog')}: '+Inf' {MASK_ONLY}"),
    refusal("LG4-inf-beside-a-mask", "-inf,inf", f"{place(P, 2, 'x_dog')}: 'inf' {MASK_ONLY}"),
    refusal("LG4-all-masked", "-inf,-inf", f"{place(P, 2)}: {NO_CLASS}"),
    refusal("LG4-all-masked-long-word", "-infinity,-Infinity", f"{place(P, 2)}: {NO_CLASS}"),
    refusal("LG4-nan", "nan,0", f"{place(P, 2, 'x_cat')}: the value is missing: it is 'nan'{MISSING_HINT}"),
    refusal("LG4-nan-second", "0,nan", f"{place(P, 2, 'x_dog')}: the value is missing: it is 'nan'{MISSING_HINT}"),
    refusal(
        "LG4-nan-beside-a-mask",
        "-inf,nan",
        f"{place(P, 2, 'x_dog')}: the value is missing: it is 'nan'{MISSING_HINT}",
    ),
    Case(
        "LG4-masked-2-inf-3",
        "x_cat,x_dog\n0,0\n-inf,-inf\ninf,0\n",
        "label\ncat\ncat\ncat\n",
        f"{place(P, 2)}: {NO_CLASS}",
        LOGITS,
    ),
    Case(
        "LG4-one-column-inf",
        "x\n0\ninf\n",
        "label\n0\n1\n",
        f"{place(P, 2, 'x')}: 'inf' {MASK_ONLY}",
        LOGITS,
    ),
)
def test_logits_that_are_refused(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_logits_that_are_refused_in_parquet(run_xent: RunXent, value: float) -> None:
    """LG4."""
    parquet("p.parquet", x_cat=[0.0, 0.0], x_dog=[0.0, value])
    parquet("y.parquet", label=["cat", "dog"])
    problem = "inf is not a logit: logits are finite, or -inf to mask a class"
    if math.isnan(value):
        problem = f"the value is missing: it is NaN{MISSING_HINT}"
    message = f"{place('p.parquet', 2, 'x_dog')}: {problem}"
    refused_files(run_xent, ["p.parquet", "y.parquet", *LOGITS], message)


def softplus(x: float) -> float:
    """Return ln(1 + e^x) rounded once."""
    with mpmath.workdps(60):
        return float(mpmath.log1p(mpmath.exp(mpmath.mpf(x))))


def close(loss: float | None, exact: float) -> bool:
    """Say whether a loss is right to 1e-15 of it, or to the last bit of a denormal."""
    return loss is not None and abs(loss - exact) <= max(1e-15 * exact, 5e-324)


@pytest.mark.parametrize("x", [pytest.param(x, id=f"LG1-{x:g}") for x in (1e4, 745.2, 37.0, 36.5, 1.0, 1e-3, 0.0)])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_binary_logits_are_exact(x: float, sign: float) -> None:
    z = sign * x
    for label, exact in (("1", softplus(-z)), ("0", softplus(z))):
        one = accepted(f"x\n{z!r}\n", f"label\n{label}\n", input="logits").overall.loss
        two = accepted(f"x_0,x_1\n0.0,{z!r}\n", f"label\n{label}\n", input="logits").overall.loss
        assert close(one, exact), (one, exact)
        assert close(two, exact), (two, exact)


def test_equal_logits_cost_ln_c() -> None:
    """LG2: 1e308 in float64, 1e8 in float32."""
    for classes in (2, 3, 10):
        exact = float(mpmath.log(classes))
        for dtype, value in ((np.float64, 1e308), (np.float64, -1e308), (np.float32, 1e8), (np.float32, 0.0)):
            columns = {f"x_{k}": pa.array(np.full(2, value, dtype)) for k in range(classes)}
            parquet("p.parquet", **columns)
            parquet("y.parquet", label=[0, classes - 1])
            loss = accepted_files("p.parquet", "y.parquet", input="logits").overall.loss
            assert loss is not None
            assert abs(loss - exact) <= math.ulp(exact)


def test_logits_too_far_apart_are_an_infinite_loss_with_a_warning(run_xent: RunXent) -> None:
    """LG3: the difference leaves float64."""
    write(P, "x_cat,x_dog\n-1e308,1e308\n0,0\n")
    write(Y, CAT_DOG)
    ran = run_xent("eval", P, Y, *LOGITS, "-f", "json")
    document = json.loads(ran.stdout)
    assert (ran.code, document["overall"]["loss"]) == (0, None)
    assert "overall.loss" in document["infinite"]
    warning = next(entry["message"] for entry in document["warnings"] if entry["code"] == "infinite_loss")
    assert warning == (
        "1 row gives the label no probability: its logit is -inf, or so far below another that float64 overflows, so "
        "the "
        "loss is infinite. Without them the loss is 0.6931 nats. --clip EPS bounds what one row can cost."
    )
    assert f"warning: {warning}\n" in ran.stderr
    assert accepted(Path(P).read_text(), CAT_DOG, input="logits", clip=1e-7).overall.clipped_rows == 1


def test_the_farther_logit_without_overflow_is_exact() -> None:
    """LG3: as far apart as float64 goes, the loss is that distance."""
    assert accepted("x_cat,x_dog\n-8e307,8e307\n", "label\ncat\n", input="logits").overall.loss == 1.6e308
    assert accepted("x\n-1e308\n", "label\n1\n", input="logits").overall.loss == 1e308


def test_masked_classes() -> None:
    """LG5: fine for another class, infinite for the label's."""
    fine = accepted("x_cat,x_dog,x_emu\n0.0,0.0,-inf\n", "label\ncat\n", input="logits")
    assert (fine.overall.loss, fine.overall.snapped_values) == (math.log(2), 0)
    alone = accepted("x_cat,x_dog\n3.5,-inf\n", "label\ncat\n", input="logits")
    assert alone.overall.loss == 0.0
    lost = accepted("x_cat,x_dog\n-inf,0.0\n", "label\ncat\n", input="logits")
    assert lost.overall.loss == math.inf
    assert "infinite_loss" in messages(lost)


def test_masked_single_logit() -> None:
    """LG5: −inf is a probability of 0."""
    assert accepted("x\n-inf\n", "label\n0\n", input="logits").overall.loss == 0.0
    assert accepted("x\n-inf\n", "label\n1\n", input="logits").overall.loss == math.inf


def test_masked_log_probabilities() -> None:
    """LG5."""
    half = repr(-math.log(2))
    fine = accepted(f"l_cat,l_dog,l_emu\n{half},{half},-inf\n", "label\ncat\n", input="logprobs")
    assert fine.overall.loss == math.log(2)
    assert accepted("l_cat,l_dog\n-inf,0\n", "label\ncat\n", input="logprobs").overall.loss == math.inf


@pytest.mark.parametrize(
    "row", [pytest.param("40,0,0", id="LG6"), pytest.param("1000040,1000000,1000000", id="LG6-shifted")]
)
def test_a_confident_row_keeps_its_small_loss(row: str) -> None:
    exact = float(mpmath.log1p(2 * mpmath.exp(-40)))
    loss = accepted(f"a,b,c\n{row}\n", "label\na\n", input="logits").overall.loss
    assert close(loss, exact), loss
    assert f"{exact:.3e}" == "8.497e-18"


def test_a_constant_added_to_a_row_changes_nothing() -> None:
    """LG7: where the sums are exact, to the last bit."""
    rows = [[0.5, -1.25, 3.0], [8.0, 8.0, -4.5], [-2.0, 0.25, 0.0]]
    labels = "label\na\nb\nc\n"
    plain = figures(accepted(text("a,b,c", rows), labels, input="logits"))
    for shift in (1024.0, -65536.0, 2.0**40):
        moved = [[value + shift for value in row] for row in rows]
        shifted = figures(accepted(text("a,b,c", moved), labels, input="logits"))
        assert shifted["overall"] == plain["overall"]
        assert shifted["classes"] == plain["classes"]


def test_permuted_logit_columns_change_nothing() -> None:
    """LG7: not even one unit in the last place."""
    rng = np.random.default_rng(1)
    rows = rng.normal(scale=5.0, size=(20, 7)).tolist()
    names = [f"x_{k}" for k in range(7)]
    labels = "label\n" + "".join(f"{k % 7}\n" for k in range(20))
    plain = figures(accepted(text(",".join(names), rows), labels, input="logits"))
    for _ in range(3):
        order = rng.permutation(7)
        moved = [[row[k] for k in order] for row in rows]
        assert figures(accepted(text(",".join(names[k] for k in order), moved), labels, input="logits")) == plain


def text(header: str, rows: list[list[float]]) -> str:
    return header + "\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows)


def test_float16_logits_are_computed_in_float64() -> None:
    """LG8: the largest float16, whose differences and exponentials leave it."""
    parquet(
        "p.parquet",
        x_cat=pa.array(np.array([65504.0, 12.0], np.float16)),
        x_dog=pa.array(np.array([-65504.0, 1.0], np.float16)),
    )
    parquet("y.parquet", label=["dog", "cat"])
    result = accepted_files("p.parquet", "y.parquet", input="logits")
    assert [entry.loss for entry in result.classes] == [softplus(-11.0), 131008.0]
