"""Gate laws: inclusive bounds as exact decimals; what is undefined, infinite or not there is never met."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, RunXent
from hypothesis import given
from hypothesis import strategies as st

from xentcli import EvalResult, UsageError, evaluate, judge
from xentcli.gates.gate import parse_gate
from xentcli.spec.choices import Bound

# -(log(0.7) + log(0.8)) / 2, the nearest float64
LOSS = 0.2899092476264711


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


def two_rows(**options: Any) -> EvalResult:
    """Return the evaluation of two rows, one a class, of three classes."""
    predictions = written("p.csv", "cat,dog,eel\n0.7,0.3,0\n0.2,0.8,0\n")
    return evaluate(predictions, written("y.csv", "label,half\ncat,a\ndog,b\n"), label="label", **options)


def outcome(result: EvalResult, **gates: Any) -> tuple[bool, str | None]:
    """Return whether the one gate is met, and why not."""
    judged = judge(result, **gates).gates
    assert judged is not None and len(judged) == 1
    return judged[0].passed, judged[0].reason


def test_bounds_are_inclusive_and_unrounded() -> None:
    result = two_rows()
    assert result.overall.loss == LOSS
    assert outcome(result, max={"loss": LOSS}) == (True, None)
    assert outcome(result, min={"loss": LOSS}) == (True, None)
    below, above = math.nextafter(LOSS, 0.0), math.nextafter(LOSS, 1.0)
    assert outcome(result, max={"loss": below}) == (False, f"{LOSS} is above {below}")
    assert outcome(result, min={"loss": above}) == (False, f"{LOSS} is below {above}")
    assert outcome(result, max={"loss": above}) == outcome(result, min={"loss": below}) == (True, None)


@pytest.mark.parametrize(
    ("limit", "met"),
    [
        ("0.2899092476264711", True),
        ("0.28990924762647110000000000000000000", True),
        ("0.28990924762647109999999999999999999", False),
        ("2899092476264711e-16", True),
        ("+.2899092476264711", True),
        ("0.29", True),
        ("0.28", False),
        ("1", True),
        ("1.", True),
        ("-1e300", False),
        ("1e-320", False),
    ],
)
def test_limits_are_exact_decimals(limit: str, met: bool) -> None:
    passed, reason = outcome(two_rows(), max={"loss": limit})
    assert passed is met
    assert reason == (None if met else f"{LOSS} is above {limit}")


@given(
    value=st.floats(0, 1e6),
    before=st.floats(0, 1e6),
    limit=st.decimals(-10, 10, places=6),
    percent=st.booleans(),
    bound=st.sampled_from(list(Bound)),
)
def test_gates_are_what_decimal_arithmetic_says(
    value: float, before: float, limit: Decimal, percent: bool, bound: Bound
) -> None:
    from dataclasses import replace

    from xentcli.gates.baseline import Baseline
    from xentcli.gates.gate import judge as judged

    percent = percent and bound.of_change
    result = replace(RESULT, overall=replace(RESULT.overall, loss=value))
    baseline = Baseline("b.json", {"task": "binary", "classes": []}, {"by": []}, {"loss": before})
    gate = parse_gate(bound, f"loss={limit}{'%' if percent else ''}")
    (found,) = judged(result, [gate], baseline)
    with localcontext(prec=2000):
        now, then = Decimal(repr(value)), Decimal(repr(before))
        most = abs(then) * limit / 100 if percent else limit
        met = {
            Bound.MAX: now <= limit,
            Bound.MIN: now >= limit,
            Bound.MAX_INCREASE: now - then <= most,
            Bound.MAX_DECREASE: then - now <= most,
        }[bound]
        assert found.passed is bool(met)
        assert found.limit == float(most)
        moved = {Bound.MAX: now, Bound.MIN: now, Bound.MAX_INCREASE: now - then, Bound.MAX_DECREASE: then - now}[bound]
        assert found.value == float(moved)
    assert (found.reason is None) is found.passed
    assert found.baseline == (before if bound.of_change else None)


RESULT = evaluate(SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv")


def test_a_difference_of_decimals_has_no_rounding() -> None:
    # In float64 0.3 - 0.1 is 0.19999999999999998 and 0.8 - 0.7 is 0.10000000000000009.
    from dataclasses import replace

    from xentcli.gates.baseline import Baseline
    from xentcli.gates.gate import judge as judged

    for now, then, limit in [(0.3, 0.1, "0.2"), (0.8, 0.7, "0.1"), (1.1, 1.0, "0.1"), (1.05, 1.0, "5%")]:
        result = replace(RESULT, overall=replace(RESULT.overall, loss=now))
        baseline = Baseline("b.json", {"task": "binary", "classes": []}, {"by": []}, {"loss": then})
        (found,) = judged(result, [parse_gate(Bound.MAX_INCREASE, f"loss={limit}")], baseline)
        assert found.passed, (now, then, limit)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("class/eel/loss", "class 'eel' has no rows"),
        ("class/eel/recall", "class 'eel' has no rows"),
        ("class/eel/predicted_share", "class 'eel' has no rows"),
        ("macro_loss", "only 2 of 3 classes have rows"),
        ("loss_low", "it is undefined: there are no intervals below 10 effective rows"),
        ("class/cat/loss_high", "it is undefined: there are no intervals below 10 effective rows"),
        ("slice/half/c/loss", "no row has half 'c'"),
        ("slice/half/_xnull/rows", "no row has half (none)"),
        ("slice/half/a/macro_loss", "only 1 of 3 classes have rows"),
        ("slice/half/a/skill", "it is undefined: only one class occurs"),
        ("slice/half/a/p_adjusted", "it is undefined: there are no intervals below 10 effective rows"),
    ],
)
def test_what_is_undefined_fails_whichever_the_bound(name: str, reason: str) -> None:
    result = two_rows(by="half")
    assert outcome(result, max={name: 1e300}) == (False, reason)
    assert outcome(result, min={name: -1e300}) == (False, reason)


def test_a_class_without_rows_has_a_number_of_rows() -> None:
    assert outcome(two_rows(), max={"class/eel/rows": 0}) == (True, None)
    assert outcome(two_rows(), min={"class/eel/rows": 1}) == (False, "0 is below 1")


def test_what_is_infinite_fails_whichever_the_bound() -> None:
    predictions = written("p.csv", "cat,dog\n0,1\n0.2,0.8\n")
    result = evaluate(predictions, written("y.csv", "label\ncat\ndog\n"), clip="none")
    assert result.overall.loss == math.inf
    for name in ("loss", "loss_sum", "macro_loss", "class/cat/loss"):
        assert outcome(result, min={name: 0}) == (False, "it is infinite")
        assert outcome(result, max={name: 1e300}) == (False, "it is infinite")
    assert outcome(result, min={"skill": -1e300})[0] is False
    assert outcome(result, max={"loss_se": 1}) == (False, "it is undefined: the loss is infinite")
    assert outcome(result, max={"class/dog/loss": 1}) == (True, None)


def test_a_class_that_a_label_only_run_did_not_meet_fails() -> None:
    predictions = written("p.csv", "p,label\n0.5,cat\n")
    result = evaluate(predictions, pred="p", label="label", input="label-probs")
    assert outcome(result, max={"class/dog/loss": 9}) == (False, "class 'dog' has no rows")
    assert outcome(result, max={"class/dog/rows": 0}) == (True, None)
    assert outcome(result, max={"accuracy": 1}) == (
        False,
        "it is undefined: the probabilities of other classes than the label's are not known",
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("los", "--max names 'los', which is no metric\n  Did you mean 'loss'?"),
        ("log_loss", "--max names 'log_loss', which is no metric\n  Did you mean 'loss'?"),
        ("ppl", "--max names 'ppl', which is no metric\n  Did you mean 'perplexity'?"),
        (
            "class//loss",
            "--max names 'class//loss', which is no metric\n"
            "  In names of metrics, '' is written '_xempty': 'class/_xempty/loss'.",
        ),
        (
            "class/_xnull/loss",
            "--max names 'class/_xnull/loss', which is no metric\n"
            "  A class is never missing; one that is called null is class/null/KEY.",
        ),
        ("class/cat/los", "--max names 'class/cat/los', which is no metric\n  Did you mean 'class/cat/loss'?"),
        (
            "class/cta/loss",
            "--max names 'class/cta/loss', and 'cta' is no class; the classes are 'cat', 'dog', 'eel'\n"
            "  Did you mean 'class/cat/loss'?",
        ),
        (
            "class/a b/loss",
            "--max names 'class/a b/loss', which is no metric\n"
            "  In names of metrics, 'a b' is written 'a_x20b': 'class/a_x20b/loss'.",
        ),
        (
            "class/a/b/loss",
            "--max names 'class/a/b/loss', which is no metric\n"
            "  A class's metric is class/NAME/KEY; a / in NAME is written _x2F.",
        ),
        (
            "slice/hlaf/a/loss",
            "--max names 'slice/hlaf/a/loss', which is no metric\n"
            "  With this --by, a slice's metric is slice/half/VALUE/KEY.",
        ),
        (
            "slice/half/a/weight_shar",
            "--max names 'slice/half/a/weight_shar', which is no metric\n  Did you mean 'slice/half/a/weight_share'?",
        ),
        (
            "slices/half/a/loss",
            "--max names 'slices/half/a/loss', which is no metric\n  -f metrics lists the metrics.",
        ),
        ("loss_per_value", "--max names 'loss_per_value', which needs --per COL"),
        ("", "--max is '=1'; it takes METRIC=VALUE, such as loss=0.4"),
    ],
)
def test_what_cannot_exist_is_a_usage_error_with_the_nearest_name(name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        judge(two_rows(by="half"), max={name: 1})
    assert str(caught.value) == message


def test_slices_without_by_are_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        judge(two_rows(), min={"slice/half/a/loss": 1})
    assert str(caught.value) == (
        "--min names 'slice/half/a/loss', which is no metric\n  There are no slices; name their columns with --by."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("loss", "--max is 'loss'; it takes METRIC=VALUE, such as loss=0.4"),
        ("loss=", "--max is 'loss='; its limit is '', and it takes a decimal number"),
        ("loss=x", "--max is 'loss=x'; its limit is 'x', and it takes a decimal number"),
        ("loss=nan", "--max is 'loss=nan'; its limit is 'nan', and it takes a decimal number"),
        ("loss=inf", "--max is 'loss=inf'; its limit is 'inf', and it takes a decimal number"),
        ("loss=1e999", "--max is 'loss=1e999'; its limit is '1e999', and it takes a decimal number"),
        ("loss=1e9999999", "--max is 'loss=1e9999999'; its limit is '1e9999999', and it takes a decimal number"),
        ("loss=1_0", "--max is 'loss=1_0'; its limit is '1_0', and it takes a decimal number"),
        ("loss=0,4", "--max is 'loss=0,4'; its limit is '0,4', and it takes a decimal number"),
        ("loss=٣", "--max is 'loss=٣'; its limit is '٣', and it takes a decimal number"),
        ("loss= 1", "--max is 'loss= 1'; its limit is ' 1', and it takes a decimal number"),
        ("loss=5%", "--max is 'loss=5%'; per cent are of a baseline, for --max-increase and --max-decrease"),
    ],
)
def test_limits_that_are_none(run_xent: RunXent, text: str, message: str) -> None:
    ran = run_xent("eval", "none.csv", "--max", text)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")


def test_a_change_needs_a_baseline(run_xent: RunXent) -> None:
    ran = run_xent("eval", "none.csv", "--max-decrease", "skill=0.1")
    message = "--max-decrease is about a change; name the earlier result with --baseline RESULT.json"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")


def test_what_cannot_exist_is_refused_before_anything_is_read(run_xent: RunXent) -> None:
    ran = run_xent("eval", "none.csv", "--min", "accurcy=0.9")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == "error: --min names 'accurcy', which is no metric\n  Did you mean 'accuracy'?\n"


def test_names_with_odd_characters_are_found() -> None:
    predictions = written("p.csv", '"a b/c=d",".",漢\n0.7,0.3,0\n0.2,0.8,0\n0,0,1\n')
    result = evaluate(predictions, written("y.csv", "label\na b/c=d\n.\n漢\n"))
    limits = {"class/a_x20b_x2Fc_x3Dd/loss": 0.4, "class/_x2E/loss": 0.3, "class/_xE6_xBC_xA2/loss": 0}
    judged = judge(result, max=limits).gates
    assert judged is not None
    assert [(gate.metric, gate.passed) for gate in judged] == [(name, True) for name in limits]
    assert set(limits) <= set(result.metrics())


def test_changes_beyond_float64_are_infinite_and_still_judged() -> None:
    from dataclasses import replace

    from xentcli.gates.baseline import Baseline
    from xentcli.gates.gate import judge as judged

    result = replace(RESULT, overall=replace(RESULT.overall, loss_sum=1.7e308))
    baseline = Baseline("b.json", {"task": "binary", "classes": []}, {"by": []}, {"loss_sum": -1.7e308})
    (found,) = judged(result, [parse_gate(Bound.MAX_INCREASE, "loss_sum=1e308")], baseline)
    assert (found.passed, found.value) == (False, math.inf)
    (found,) = judged(result, [parse_gate(Bound.MAX_DECREASE, "loss_sum=0")], baseline)
    assert (found.passed, found.value) == (True, -math.inf)


def test_limits_are_shown_as_they_were_written(run_xent: RunXent) -> None:
    two_rows()
    limit = f"{LOSS!r}"[:-1] + "09"
    ran = run_xent("eval", "p.csv", "y.csv", "--label", "label", "--max", f"loss={limit}")
    assert f"✗ loss ≤ {limit}  {LOSS}  {LOSS} is above {limit}\n" in ran.stdout
    assert (ran.code, ran.stderr) == (1, "")
    for form in ("markdown", "csv", "junit"):
        ran = run_xent("eval", "p.csv", "y.csv", "--label", "label", "--max", f"loss={limit}", "-f", form)
        assert limit in ran.stdout + ran.stderr, form


def test_gates_may_be_texts() -> None:
    judged = judge(two_rows(), max=["loss=0.3", "loss=0.2"], min="accuracy=1").gates
    assert judged is not None
    assert [(gate.limit_text, gate.passed) for gate in judged] == [("0.3", True), ("0.2", False), ("1", True)]


def test_a_change_without_a_baseline_is_a_usage_error() -> None:
    with pytest.raises(UsageError) as caught:
        judge(two_rows(), max_increase={"loss": 1})
    assert str(caught.value) == "--max-increase is about a change; name the earlier result with --baseline RESULT.json"


def test_slices_without_weight_and_classes_never_predicted_are_undefined() -> None:
    predictions = written("p.csv", "cat,dog\n0.7,0.3\n0.8,0.2\n")
    result = evaluate(
        predictions, written("y.csv", "label,half,w\ncat,a,0\ndog,b,1\n"), by="half", weight="w", label="label"
    )
    assert outcome(result, max={"slice/half/a/loss": 1}) == (False, "it is undefined: its rows have no weight")
    assert outcome(result, min={"class/dog/precision": 0}) == (False, "it is undefined")
