"""Gates and changes from a baseline in Markdown."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import SAMPLES, RunXent
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_reading import HOSTILE, foreign, markdown, pets, tables

from xentcli import EvalResult, evaluate
from xentcli.gates.baseline import load_baseline
from xentcli.gates.changes import compared
from xentcli.gates.gate import judge, parse_gate
from xentcli.render.wording.gate_text import value_text
from xentcli.results.verdicts import BaselineResult, Change, GateResult
from xentcli.spec.choices import Bound

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
LOGISTIC = (SAMPLES / "digits_logistic.csv", SAMPLES / "digits_labels.csv")
SAME = (
    "The rows are the same: comparing their losses row by row would be far sharper than the interval of two draws of "
    "rows, which is therefore not shown."
)


@cache
def forest(by: str | None = None) -> EvalResult:
    return evaluate(*FOREST, by=() if by is None else by)


def against(found: EvalResult, before: EvalResult, folder: Path) -> EvalResult:
    """Return a result with how it differs from another, which is read from a file called old.json."""
    path = folder / "old.json"
    path.write_text(before.to_json())
    change = compared(found, load_baseline(str(path)))
    return replace(found, baseline=replace(change, file="old.json"))


def other_rows(folder: Path) -> tuple[Path, Path]:
    """Return the first 400 rows of the sample in files of their own."""
    paths = (folder / "p.csv", folder / "y.csv")
    for path, of in zip(paths, FOREST, strict=True):
        path.write_text("".join(of.read_text().splitlines(keepends=True)[:401]))
    return paths


def row_of(text: str, first: str) -> list[str]:
    (row,) = (row for row in tables(text)[0] if row[0] == first)
    return row


# Gates.


def test_gates_that_are_met_are_a_short_table_above_the_figures() -> None:
    gates = [parse_gate(Bound.MAX, "loss=0.4"), parse_gate(Bound.MIN, "class/nine/recall=0.8")]
    text = markdown(replace(forest(), gates=judge(forest(), gates)))
    assert text.split("\n\n")[1:3] == [
        "✅ **2 gates met**",
        "|  | gate | value | limit |\n"
        "| :-- | :-- | --: | --: |\n"
        "| ✅ | loss ≤ 0.4 | 0.3943 | 0.4 |\n"
        "| ✅ | `class/nine/recall` ≥ 0.8 | 0.8889 | 0.8 |",
    ]
    assert "gate" not in markdown(forest())


def test_gates_that_are_not_met_come_first_and_say_why() -> None:
    gates = (
        GateResult("loss", "max", 0.4, 0.39425, True, None),
        GateResult("class/a_x20b/loss", "max", 0.4, None, False, "class 'a b' has no rows"),
        GateResult("loss", "max", 0.3, math.inf, False, "it is infinite"),
        GateResult(
            "accuracy", "max-decrease", 0.01, 0.02, False, "it fell by 0.02, from 0.9 to 0.88; the limit is 0.01", 0.9
        ),
        GateResult("loss", "max-increase", 0.0195, 0.0123, True, None, 0.39, percent=5.0),
        GateResult("rows", "min", 1e6, 1234567.0, True, None),
    )
    text = markdown(replace(forest(), gates=gates))
    assert text.split("\n\n")[1:3] == [
        "❌ **3 of 6 gates not met**",
        "|  | gate | value | limit | why not |\n"
        "| :-- | :-- | --: | --: | :-- |\n"
        "| ❌ | `class/a_x20b/loss` ≤ 0.4 | n/a | 0.4 | class 'a b' has no rows |\n"
        "| ❌ | loss ≤ 0.3 | inf | 0.3 | it is infinite |\n"
        "| ❌ | decrease in accuracy ≤ 0.01 | -0.0200 | 0.01 | "
        "it fell by 0.02, from 0.9 to 0.88; the limit is 0.01 |\n"
        "| ✅ | loss ≤ 0.4 | 0.3942 | 0.4 |  |\n"
        "| ✅ | increase in loss ≤ 5 % | +0.0123 | 0.01950 |  |\n"
        "| ✅ | rows ≥ 1000000 | 1,234,567 | 1000000 |  |",
    ]
    assert "\n**3 of 6 gates not met**\n" in markdown(replace(forest(), gates=gates), unicode=False)
    assert "| not met | loss <= 0.3 |" in markdown(replace(forest(), gates=gates), unicode=False)


@settings(deadline=None)
@given(st.floats(0.0, 1e6), st.integers(-3, 3), st.sampled_from(["max", "min", "max-increase", "max-decrease"]))
def test_a_rounded_value_is_never_on_the_other_side_of_its_limit(limit: float, steps: int, bound: str) -> None:
    value = limit
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.inf if steps > 0 else 0.0)
    shown = float(value_text(GateResult("loss", bound, limit, value, True, None)).replace(",", ""))
    shown = -shown if bound == "max-decrease" else shown
    assert (shown > limit, shown < limit) == (value > limit, value < limit)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_reason_quotes_is_no_markup(name: str) -> None:
    gate = GateResult("loss", "max", 1.0, None, False, f"class '{name}' has no rows, {name}")
    text = markdown(replace(forest(), gates=(gate,)))
    assert foreign(text) == set()
    assert [len(row) for row in tables(text)[0]] == [5, 5]


# Changes.


def test_on_the_same_rows_changes_have_no_intervals_and_the_text_says_why(tmp_path: Path) -> None:
    text = markdown(against(forest("half"), evaluate(*LOGISTIC, by="half"), tmp_path), top=2)
    figures, notes = text.split("\n\n")[1:3]
    assert figures.splitlines()[:7] == [
        "| figure | value | 95 % interval | standard error | baseline | change |",
        "| :-- | --: | --: | --: | --: | --: |",
        "| log loss | **0.3943 nats** | 0.3133 … 0.4961 | 0.0462 | 0.2072 nats | +0.1871 |",
        "| skill | 0.8288 | 0.7845 … 0.8639 |  | 0.9100 | -0.0813 |",
        "| prior entropy | 2.3025 nats |  |  | 2.3025 nats | 0 |",
        "| accuracy | 95.61 % |  |  | 95.43 % | +0.19 points |",
        "| Brier score | 0.1379 |  |  | 0.0861 | +0.0518 |",
    ]
    assert figures.endswith("\n| tied rows | 6 |  |  |  |  |")
    assert notes == f"Baseline: `old.json`, the same 809 rows. {SAME}"
    heading, nine, _, rest, everything = tables(text)[1]
    assert heading[:7] == ["class", "rows", "rows %", "pred %", "loss", "95 % interval", "change"]
    assert [row[6] for row in (nine, rest, everything)] == ["+0.5636", "", "+0.1871"]
    heading, upper, _, rest = tables(text)[2]
    assert heading[3:6] == ["loss", "95 % interval", "change"]
    assert [upper[0], upper[5], rest[5]] == ["upper", "+0.2297", ""]


def test_on_other_rows_changes_have_intervals(tmp_path: Path) -> None:
    found = against(forest("half"), evaluate(*other_rows(tmp_path), by="half"), tmp_path)
    text = markdown(found, slice_classes=True)
    assert "\n\nBaseline: `old.json`, 400 rows, not the same ones. ± is half the 95 % interval" in text
    changes = {change.metric: change for change in (found.baseline or pytest.fail()).changes}
    for table, name, metric in (
        (0, "log loss", "loss"),
        (1, "nine", "class/nine/loss"),
        (2, "upper", "slice/half/upper/loss"),
    ):
        (row,) = (row for row in tables(text)[table] if row[0] == name)
        change, half = changes[metric].change, changes[metric].half_width
        assert f"{change:+.4f} ± {half:.4f}" in row
    # A baseline's changes are of classes and of slices, not of the classes of a slice.
    assert all("change" not in table[0] for table in tables(text)[3:])
    assert " +/- " in markdown(found, unicode=False)


def test_where_it_cannot_be_told_whether_rows_are_the_same_the_text_says_so(tmp_path: Path) -> None:
    found = against(forest(), evaluate(*FOREST, on="image"), tmp_path)
    text = markdown(found)
    assert "\n\nBaseline: `old.json`, 809 rows, perhaps the same. ± is half the 95 % interval" in text
    assert "if they are, these intervals are too wide." in text
    assert row_of(text, "log loss")[5].startswith("0 ± 0.12")


def test_what_the_baseline_does_not_have_is_not_available() -> None:
    changes = (Change("loss", 0.4, 0.394, -0.006, 0.01), Change("class/nine/loss", None, 0.96, None, None))
    baseline = BaselineResult("`old`|.json", 7, False, ("'--missing' was 'a*b' for the baseline",), changes)
    text = markdown(replace(forest("half"), baseline=baseline))
    assert row_of(text, "log loss")[4:] == ["0.4000 nats", "-0.0060 ± 0.0100"]
    assert row_of(text, "accuracy")[4:] == ["", ""]
    assert [row[6] for row in tables(text)[1]][1:3] == ["n/a", "n/a"]
    assert "change" not in tables(text)[2][0]
    assert "Baseline: `` `old`|.json ``, 7 rows, not the same ones." in text
    assert "`--missing` was `a*b` for the baseline." in text


def test_a_change_that_is_small_is_not_0(tmp_path: Path) -> None:
    found = pets(tmp_path)
    changes = (Change("loss", 0.4, 0.4, 1e-9, None), Change("accuracy", 0.5, 0.5, -1e-7, None))
    text = markdown(replace(found, baseline=BaselineResult("b", 1, True, (), changes)))
    assert row_of(text, "log loss")[5] == "+1.0e-09"
    assert row_of(text, "accuracy")[5] == "-1.0e-05 points"


def test_the_command_holds_against_a_baseline(run_xent: RunXent, tmp_path: Path) -> None:
    base = tmp_path / "base.json"
    assert run_xent("eval", *LOGISTIC, "-f", "json", "-o", base, "-q").code == 0
    gates = ("--max", "loss=0.3", "--max-increase", "accuracy=1%")
    ran = run_xent("eval", *FOREST, "-f", "markdown", "--baseline", base, *gates)
    assert (ran.code, ran.stderr) == (1, "")
    assert "\n❌ **1 of 2 gates not met**\n" in ran.stdout
    assert f"\nBaseline: `{base}`, the same 809 rows. " in ran.stdout
    assert foreign(ran.stdout) == set()
