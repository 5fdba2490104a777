"""JUnit: a test case a gate, a document that every reader takes whatever the names hold."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from xml.etree.ElementTree import Element, fromstring

import pytest
from conftest import SAMPLES, RunXent
from hypothesis import example, given
from hypothesis import strategies as st

from xentcli import EvalResult, evaluate
from xentcli.render import junit
from xentcli.render.screen import Screen
from xentcli.render.wording.gate_text import asked
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import Found, Warned
from xentcli.results.verdicts import BaselineResult, Change, GateResult

FILES = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
MET = GateResult("loss", "max", 0.5, 0.25, True, None)
HIGH = GateResult("class/nine/loss", "max", 0.5, 0.9646195790236627, False, "0.9646195790236627 is above 0.5")
ROSE = GateResult(
    *(
        "loss",
        "max-increase",
        0.0155,
        0.084251,
        False,
        "it rose by 0.084251, from 0.31 to 0.394251; the limit is 5% of that",
    ),
    *(0.31, 5.0),
)
UNDEFINED = GateResult("skill", "min", 0.5, None, False, "it is undefined: only one class occurs")
INFINITE = GateResult("loss", "max", 0.5, math.inf, False, "it is infinite")
HOSTILE = [
    "<&>\"']]>",
    "\x00\x1b[2J\ufffe\uffff",
    "\ud800\udcff",
    "a\r\nb\tc",
    "漢😀\u202e",
    "x" * 5000,
    "<!ENTITY x 'y'>",
    "",
]

any_text = st.sampled_from(HOSTILE) | st.text(alphabet=st.characters(exclude_categories=[]), max_size=20)


@cache
def forest() -> EvalResult:
    """Return an evaluation whose inputs have short names and whose figures are round; it took a second and a half."""
    result = evaluate(*FILES)
    overall = replace(result.overall, loss=0.25, loss_low=0.125, loss_high=0.5, macro_loss=0.375, excess_loss=0.25)
    overall = replace(overall, skill=0.75, accuracy=0.875, brier=0.0625)
    inputs = replace(result.inputs, predictions=("preds.csv",), labels=("labels.csv",))
    run = replace(result.run, seconds=1.5, finished_at="2026-01-02T03:04:05+00:00")
    found = (replace(result.warnings[0], message="A warning.", first=(Found("preds.csv", 750),)),)
    return replace(result, overall=overall, inputs=inputs, run=run, xent_version="1.2.3", warnings=found)


def render(result: EvalResult) -> str:
    return junit.render(result, Screen(), ListingOptions())


def judged(*gates: GateResult) -> EvalResult:
    return replace(forest(), gates=gates)


def suite_of(text: str) -> Element:
    """Return the one suite of a document."""
    (suite,) = fromstring(text)
    assert suite.tag == "testsuite"
    return suite


def test_a_document_is_written_so() -> None:
    assert (
        render(judged(MET, HIGH))
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="xent eval" tests="2" failures="1" errors="0" time="1.500">
  <testsuite name="preds.csv against labels.csv" tests="2" failures="1" errors="0" time="1.500" skipped="0" \
timestamp="2026-01-02T03:04:05+00:00">
    <testcase classname="xent eval: preds.csv against labels.csv" name="loss &lt;= 0.5" time="0" />
    <testcase classname="xent eval: preds.csv against labels.csv" name="class/nine/loss &lt;= 0.5" time="0">
      <failure message="0.9646195790236627 is above 0.5" type="max">class/nine/loss &lt;= 0.5: 0.9646195790236627 is \
above 0.5
value: 0.9646195790236627
limit: 0.5
</failure>
    </testcase>
    <system-out>xent 1.2.3, 1 of 2 gates not met
rows: 809
classes: 10
loss: 0.25 nats (95 % interval 0.125 to 0.5)
macro_loss: 0.375
excess_loss: 0.25
skill: 0.75
accuracy: 0.875
brier: 0.0625
columns not used: weight, half
warning: A warning. First: record 750 of preds.csv.
</system-out>
  </testsuite>
</testsuites>
"""
    )


@pytest.mark.parametrize("gates", [(MET,), (HIGH,), (MET, HIGH, ROSE, UNDEFINED, INFINITE)], ids=len)
def test_each_gate_is_a_case_and_each_that_is_not_met_a_failure(gates: tuple[GateResult, ...]) -> None:
    suite = suite_of(render(judged(*gates)))
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [asked(gate) for gate in gates]
    assert [case.find("failure") is None for case in cases] == [gate.passed for gate in gates]
    assert (suite.get("tests"), suite.get("failures")) == (str(len(gates)), str(sum(not gate.passed for gate in gates)))
    assert (suite.get("errors"), suite.get("skipped"), suite.get("time")) == ("0", "0", "1.500")


@pytest.mark.parametrize(
    ("gate", "text"),
    [
        (
            ROSE,
            "increase in loss <= 5 %: it rose by 0.084251, from 0.31 to 0.394251; the limit is 5% of that\n"
            "value: 0.084251\nlimit: 0.0155\nbaseline: 0.31\nper cent: 5.0\n",
        ),
        (UNDEFINED, "skill >= 0.5: it is undefined: only one class occurs\nlimit: 0.5\n"),
        (INFINITE, "loss <= 0.5: it is infinite\nvalue: inf\nlimit: 0.5\n"),
    ],
    ids=["change", "undefined", "infinite"],
)
def test_a_failure_says_why_with_every_digit(gate: GateResult, text: str) -> None:
    failure = suite_of(render(judged(gate))).find("testcase/failure")
    assert failure is not None
    assert (failure.text, failure.get("message"), failure.get("type")) == (text, gate.reason, gate.bound)


def test_cases_of_other_inputs_have_other_classes() -> None:
    result = judged(MET)
    names = set()
    for predictions, labels in [(("a.csv",), ()), (("a.csv",), ("b.csv",)), (("a.csv", "b.csv", "c.csv"), ("b.csv",))]:
        inputs = replace(result.inputs, predictions=predictions, labels=labels)
        case = suite_of(render(replace(result, inputs=inputs))).find("testcase")
        assert case is not None
        names.add(case.get("classname"))
    assert names == {
        "xent eval: a.csv",
        "xent eval: a.csv against b.csv",
        "xent eval: a.csv and 2 more files against b.csv",
    }


def test_the_moment_is_that_of_the_run_in_iso_form() -> None:
    result = replace(judged(MET), run=evaluate(*FILES).run)
    moment = datetime.fromisoformat(str(suite_of(render(result)).get("timestamp")))
    assert moment.isoformat() == result.run.finished_at
    assert moment.utcoffset() == timedelta(0)


def test_the_change_from_a_baseline_is_among_the_main_figures() -> None:
    for half, sure in [(0.02, " ± 0.02"), (None, "")]:
        baseline = BaselineResult("old.json", 800, half is None, (), (Change("loss", 0.4, 0.39, -0.01, half),))
        out = suite_of(render(replace(judged(MET), baseline=baseline))).findtext("system-out") or ""
        assert f"baseline: old.json\nchange of loss: -0.01{sure} nats\n" in out
    # A baseline in which the loss is not to be found says nothing of it.
    out = suite_of(render(replace(judged(MET), baseline=replace(baseline, changes=())))).findtext("system-out") or ""
    assert "change of loss" not in out


def test_figures_that_are_not_there_are_left_out_and_a_loss_per_unit_is_not() -> None:
    overall = replace(forest().overall, loss_low=None, skill=None, accuracy=None, brier=None, macro_loss=None)
    result = evaluate(*FILES, per="weight")
    overall = replace(overall, loss_per=result.overall.loss_per)
    inputs = replace(forest().inputs, classes=())
    out = suite_of(render(replace(judged(MET), overall=overall, inputs=inputs, warnings=()))).findtext("system-out")
    per = result.overall.loss_per
    assert per is not None
    assert out == (
        "xent 1.2.3, 1 gate met\nrows: 809\nloss: 0.25 nats (95 % interval n/a)\n"
        f"loss_per_value: {per.value!r} nats per weight\nexcess_loss: 0.25\ncolumns not used: weight, half\n"
    )


@given(any_text, any_text, any_text)
@example(*HOSTILE[:3])
@example(*HOSTILE[3:6])
def test_whatever_names_hold_the_document_is_xml_in_ascii(path: str, reason: str, message: str) -> None:
    gate = replace(HIGH, reason=reason)
    inputs = replace(forest().inputs, predictions=(path,))
    warned = (Warned("clipped", message, 1, (Found(path, 1),)),)
    text = render(replace(forest(), inputs=inputs, warnings=warned, gates=(gate,)))
    assert text.isascii()
    assert "\x1b" not in text
    failure = suite_of(text).find("testcase/failure")
    assert failure is not None
    assert failure.get("message")
    assert failure.get("type") == "max"


def test_on_the_command_line_it_goes_to_standard_output_with_the_exit_code_of_gates(run_xent: RunXent) -> None:
    ran = run_xent("eval", *FILES, "-f", "junit", "--max", "loss=0.5", "--max", "class/nine/loss=0.5")
    assert ran.code == 1
    suite = suite_of(ran.stdout)
    assert [case.get("name") for case in suite.findall("testcase")] == ["loss <= 0.5", "class/nine/loss <= 0.5"]
    assert [case.find("failure") is None for case in suite.findall("testcase")] == [True, False]
    (nine,) = (entry.loss for entry in evaluate(*FILES).classes if entry.class_ == "nine")
    assert ran.stderr.splitlines()[-1] == f"gate not met: class/nine/loss <= 0.5: {nine!r} is above 0.5"
    ran = run_xent("eval", *FILES, "-f", "junit", "--max", "loss=0.5", "-q")
    assert (ran.code, ran.stderr) == (0, "")
