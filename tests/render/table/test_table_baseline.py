"""A baseline in the table: how every figure changed and how sure that is, at every width, and only what is known."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, RunXent
from effort import spread
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import GATES, sample, with_baseline
from reading import evaluated, shown, table_after, words
from rich.cells import cell_len

from xentcli.results.evaluation import EvalResult

AT_80 = """\
against baseline main.json · 570 rows, not the same ones
log loss       was 0.07161 nats  change +0.00400 ± 0.01800
skill          was 0.8815        change +0.0040 ± 0.0180
prior entropy  was 0.6563 nats   change +0.0040
accuracy       was 97.49 %       change +0.40 points
Brier score    was 0.0157        change +0.0040
macro loss     was 0.08321 nats  change +0.00400
± is half the 95 % interval of a change, as of rows drawn apart; where both have
rows in common, it is too wide.

classes · largest loss share first
class        rows    loss            change    95 % interval  loss %  × avg
───────────────────────────────────────────────────────────────────────────
malignant     212  0.1327  +0.0040 ± 0.0180  0.0729 … 0.2416    65.4   1.75
benign        357  0.0417  +0.0040 ± 0.0180  0.0302 … 0.0576    34.6   0.55
all classes   569  0.0756  +0.0040 ± 0.0180  0.0503 … 0.1137   100.0   1.00
"""
AT_40 = """\
against baseline main.json
  570 rows, not the same ones
log loss       change +0.00400 ± 0.01800
skill          change +0.0040 ± 0.0180
prior entropy  change +0.0040
accuracy       change +0.40 points
Brier score    change +0.0040
macro loss     change +0.00400
± is half the 95 % interval of a change,
as of rows drawn apart; where both have
rows in common, it is too wide.

classes · largest loss share first
class          loss            change
─────────────────────────────────────
malignant    0.1327  +0.0040 ± 0.0180
benign       0.0417  +0.0040 ± 0.0180
all classes  0.0756  +0.0040 ± 0.0180
"""
IN_ASCII = """\
against baseline main.json: 570 rows, not the same ones
log loss       was 0.07161 nats  change +0.00400 +/- 0.01800
skill          was 0.8815        change +0.0040 +/- 0.0180
prior entropy  was 0.6563 nats   change +0.0040
accuracy       was 97.49 %       change +0.40 points
Brier score    was 0.0157        change +0.0040
macro loss     was 0.08321 nats  change +0.00400
+/- is half the 95 % interval of a change, as of rows drawn apart; where both
have rows in common, it is too wide.

classes: largest loss share first
class        rows    loss              change     95 % interval  loss %  x avg
------------------------------------------------------------------------------
malignant     212  0.1327  +0.0040 +/- 0.0180  0.0729 .. 0.2416    65.4   1.75
benign        357  0.0417  +0.0040 +/- 0.0180  0.0302 .. 0.0576    34.6   0.55
all classes   569  0.0756  +0.0040 +/- 0.0180  0.0503 .. 0.1137   100.0   1.00
"""
SAME = """\
against baseline main.json · the same 569 rows
log loss     was 0.07161 nats  change +0.00400
skill        was 0.8815        change +0.0040
accuracy     was 97.49 %       change +0.40 points
Brier score  was 0.0157        change +0.0040
macro loss   was 0.08321 nats  change +0.00400
The rows are the same: comparing their losses row by row would be far sharper
than the interval of two draws of rows, which is therefore not shown. --missing
was 'drop' for the baseline.

classes · largest loss share first
class        rows    loss   change    95 % interval  loss %              × avg
──────────────────────────────────────────────────────────────────────────────
malignant     212  0.1327  +0.0040  0.0729 … 0.2416    65.4  ━━━━━━━━━━   1.75
benign        357  0.0417  +0.0040  0.0302 … 0.0576    34.6  ━━━━━╸       0.55
all classes   569  0.0756  +0.0040  0.0503 … 0.1137   100.0               1.00
"""
WIDTHS = spread(range(40, 241))
CASES = ("cancer", "forest", "same", "tokens")


def result(case: str, folder: Path) -> EvalResult:
    """Return a result with gates and a baseline."""
    if case == "tokens":
        columns: dict[str, Any] = {"p": [-0.5, -2.0] * 20, "label": ["the", "漢"] * 20, "n": [1, 2] * 20}
        found = evaluated(folder, columns, input="label-logprobs", pred="p", per="n")
    else:
        found = sample("cancer") if case == "cancer" else sample("digits_forest", by="half")
    return replace(with_baseline(found, case == "same"), gates=GATES)


def baseline_of(text: str) -> str:
    """Return the section about the baseline and the one after it."""
    return "\n\n".join(text.partition("\nagainst baseline ")[2].split("\n\n")[:2]) + "\n"


def changed(of: EvalResult, metric: str, **figures: Any) -> EvalResult:
    """Return the result with other figures in one change, or without it where there are none."""
    assert of.baseline is not None
    changes = [
        each._replace(**figures) if each.metric == metric else each
        for each in of.baseline.changes
        if figures or each.metric != metric
    ]
    return replace(of, baseline=replace(of.baseline, changes=tuple(changes)))


@pytest.mark.parametrize(
    ("width", "unicode", "expected"), [(80, True, AT_80), (40, True, AT_40), (80, False, IN_ASCII)]
)
def test_every_main_figure_and_every_class_says_how_it_changed(width: int, unicode: bool, expected: str) -> None:
    text = shown(with_baseline(sample("cancer")), width, unicode=unicode)
    assert "against baseline " + baseline_of(text) == expected


def test_of_the_same_rows_no_interval_is_shown_and_it_says_why() -> None:
    compared = with_baseline(sample("cancer"), True, rows=569, notes=("--missing was 'drop' for the baseline",))
    assert "against baseline " + baseline_of(shown(compared, 79)) == SAME


def test_where_it_cannot_be_told_whether_rows_are_the_same_it_says_so() -> None:
    text = words(shown(with_baseline(sample("cancer"), None)))
    assert "against baseline main.json · 570 rows, perhaps the same" in text
    assert "change +0.00400 ± 0.01800" in text
    assert (
        "drawn apart. Whether the rows are the same cannot be told, as one result is aligned by key and the other by "
        "row order; if they are, these intervals are too wide."
    ) in text


def test_the_confidence_is_the_one_asked_for_and_unsaid_where_no_change_has_an_interval() -> None:
    sure = with_baseline(sample("cancer"))
    assert "± is half the 99 % interval" in shown(replace(sure, settings=replace(sure.settings, confidence=0.99)))
    assert sure.baseline is not None
    unsure = tuple(change._replace(half_width=None) for change in sure.baseline.changes)
    notes = ("its intervals are for a confidence of 0.9: changes have none",)
    text = shown(replace(sure, baseline=replace(sure.baseline, changes=unsure, notes=notes)))
    assert "±" not in text
    assert "\nIts intervals are for a confidence of 0.9: changes have none.\n" in text


@pytest.mark.one_in_three
@pytest.mark.parametrize("case", CASES)
def test_every_width_keeps_the_changes_and_is_kept(case: str, tmp_path: Path) -> None:
    of = result(case, tmp_path)
    before: set[str] = set()
    for width in WIDTHS:
        text = shown(of, width)
        assert max(map(cell_len, text.splitlines())) <= width
        assert "\x1b" not in text
        heading = set(table_after(text, "classes · ")[0])
        assert "change" in heading or width < 80
        assert before <= heading
        before = heading
        if of.slices is not None and width >= 80:
            assert "change" in table_after(text, "slices by")[0]
    assert before == set(table_after(shown(of), "classes · ")[0])


@pytest.mark.one_in_three
@pytest.mark.parametrize("case", CASES)
def test_every_width_is_kept_in_ascii(case: str, tmp_path: Path) -> None:
    of = result(case, tmp_path)
    for width in WIDTHS:
        text = shown(of, width, unicode=False)
        assert text.isascii()
        assert max(map(len, text.splitlines())) <= width


@settings(deadline=None)
@given(
    st.sampled_from(["[red]x[/red]", "\x1b[2J.json", "p" * 300, "漢" * 90, "a b/c" * 40]),
    st.none() | st.integers(40, 240),
    st.sampled_from([0.0, 1e-9, -0.02, 123456.789, 1e300, math.inf]),
    st.sampled_from([None, 0.0, 0.018, 4567.1, 1e300]),
    st.booleans(),
)
def test_any_baseline_fits_any_screen(
    file: str, width: int | None, change: float, half: float | None, unicode: bool
) -> None:
    of = with_baseline(sample("digits_forest", by="half"), None, file=file, notes=("of " + file,))
    of = changed(changed(of, "loss", change=change, half_width=half), "class/nine/loss", change=change, half_width=half)
    text = shown(of, width, unicode=unicode)
    assert width is None or max(map(cell_len, text.splitlines())) <= width
    assert unicode or text.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    coloured = shown(of, width, unicode=unicode, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text


def test_what_the_baseline_does_not_have_is_not_available() -> None:
    of = changed(with_baseline(sample("digits_forest", by="half")), "slice/half/even/loss")
    of = changed(of, "class/nine/loss", change=None, half_width=None)
    text = shown(of)
    assert table_after(text, "classes · ")[1][5:7] == ["n/a", "0.3876 … 2.4009"]
    assert [row[4] for row in table_after(text, "slices by")[1:4]] == ["+0.0040 ± 0.0180", "n/a", "+0.0040 ± 0.0180"]
    assert "skill" in baseline_of(text)
    assert "skill" not in baseline_of(shown(changed(of, "skill")))


def test_classes_as_one_row_have_no_change_and_neither_have_slices() -> None:
    text = shown(with_baseline(sample("digits_forest", by="half")), top=1)
    assert re.search(r"^9 more classes +728 +90\.0 +90\.3 +0\.3308 {30,}", text, re.MULTILINE)
    assert re.search(r"^2 more slices +360 +44\.5 +0\.2947 {30,}", text, re.MULTILINE)


def test_a_baseline_without_these_slices_has_no_column_of_them() -> None:
    of = with_baseline(sample("digits_forest", by="half"))
    assert of.baseline is not None
    without = tuple(change for change in of.baseline.changes if not change.metric.startswith("slice/"))
    text = shown(replace(of, baseline=replace(of.baseline, changes=without)))
    assert "change" in table_after(text, "classes · ")[0]
    assert "change" not in table_after(text, "slices by")[0]


def test_the_classes_of_a_slice_have_no_changes() -> None:
    text = shown(with_baseline(sample("digits_forest", by="half")), slice_classes=True)
    assert "change" not in table_after(text, "half 'upper'")[0]


def test_only_a_change_that_is_beyond_its_interval_has_a_colour() -> None:
    def coloured(change: float, same: bool = False) -> str:
        return shown(with_baseline(sample("cancer"), same, change), color=True)

    assert "\x1b[1;31m+0.02000 ± 0.01800\x1b[0m" in coloured(0.02)
    assert "\x1b[32m-0.02000 ± 0.01800\x1b[0m" in coloured(-0.02)
    # Skill is better where it is higher.
    assert "\x1b[32m+0.0200 ± 0.0180\x1b[0m" in coloured(0.02)
    for text in (coloured(0.01), coloured(-0.01), coloured(0.02, same=True)):
        assert "32m" not in text
        assert "1;31m" not in text


def test_one_term_that_became_infinite_is_said() -> None:
    of = changed(with_baseline(sample("cancer")), "loss", baseline=math.inf, change=-math.inf, half_width=None)
    assert "log loss       was inf nats      change -inf\n" in shown(of)
    of = changed(of, "loss", baseline=None, change=None)
    assert "log loss       was n/a nats      change n/a\n" in shown(of)


def test_the_command_compares_with_a_file(run_xent: RunXent, tmp_path: Path) -> None:
    files = SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv"
    before = tmp_path / "before.json"
    assert run_xent("eval", *files, "-f", "json", "-o", before, "--quiet").code == 0
    ran = run_xent("eval", *files, "--baseline", before)
    assert (ran.code, ran.stderr) == (0, "")
    assert f"\nagainst baseline {before} · the same 569 rows\nlog loss     was 0.07561 nats  change 0\n" in ran.stdout
    assert "\nThe rows are the same: " in ran.stdout
