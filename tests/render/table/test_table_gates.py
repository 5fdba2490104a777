"""Gates below the table: what was asked, what came of it and why not, and the verdict where a reader's eye ends."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import SAMPLES, RunXent
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import GATES, sample
from reading import shown
from rich.cells import cell_len

from xentcli.results.verdicts import GateResult

AT_80 = """\
✓ loss ≤ 0.1                                 0.09025
✗ accuracy ≥ 0.98                            0.9789    0.9789 is below 0.98
✓ increase in loss ≤ 5 %                     +0.00400
✓ decrease in class/malignant/recall ≤ 0.01  +0.0200
✗ rows ≥ 1000                                569       569 is below 1000
✗ macro_loss ≤ 0.1                           n/a
    only 1 of 2 classes have rows
✗ 3 of 6 gates not met
"""
AT_40 = """\
✓ loss ≤ 0.1              0.09025
✗ accuracy ≥ 0.98         0.9789
    0.9789 is below 0.98
✓ increase in loss ≤ 5 %  +0.00400
✓ decrease in class/malignant/recall
    ≤ 0.01
    +0.0200
✗ rows ≥ 1000             569
    569 is below 1000
✗ macro_loss ≤ 0.1        n/a
    only 1 of 2 classes have rows
✗ 3 of 6 gates not met
"""
IN_ASCII = """\
ok   loss <= 0.1                                 0.09025
FAIL accuracy >= 0.98                            0.9789    0.9789 is below 0.98
ok   increase in loss <= 5 %                     +0.00400
ok   decrease in class/malignant/recall <= 0.01  +0.0200
FAIL rows >= 1000                                569       569 is below 1000
FAIL macro_loss <= 0.1                           n/a       only 1 of 2 classes have rows
FAIL 3 of 6 gates not met
"""
ODD = [None, 0.0, 569, 1.5e-9, -0.02, 123456.789, 1e300, float("inf"), float("-inf")]

any_gate = st.builds(
    GateResult,
    st.sampled_from(["loss", "class/" + "n" * 90 + "/loss", "slice/" + "_xE6" * 40 + "/a/rows"]),
    st.sampled_from(["max", "min", "max-increase", "max-decrease"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(ODD),
    st.booleans(),
    st.sampled_from([None, "0.5 is above 0.4", "class '" + "漢" * 90 + "' has no rows", "[red]\x1b[2J\u202e"]),
    st.sampled_from(ODD),
    st.none() | st.floats(0.0, 100.0),
)


def last(text: str) -> str:
    """Return what follows the last empty line."""
    return text.rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("width", "unicode", "expected"), [(80, True, AT_80), (40, True, AT_40), (None, False, IN_ASCII)]
)
def test_every_gate_says_what_it_asks_what_came_of_it_and_why_not(
    width: int | None, unicode: bool, expected: str
) -> None:
    assert last(shown(replace(sample("cancer"), gates=GATES), width, unicode=unicode)) == expected


def test_gates_that_are_all_met_say_so_last() -> None:
    text = shown(replace(sample("cancer"), gates=GATES[:1]))
    assert text.endswith("wrong labels or drift.\n\n✓ loss ≤ 0.1  0.09025\n✓ 1 gate met\n")


def test_without_gates_there_is_no_word_of_them() -> None:
    assert shown(replace(sample("cancer"), gates=())) == shown(sample("cancer"))
    assert "gate" not in shown(sample("cancer"))


def test_of_very_many_gates_all_that_fail_are_listed_and_the_first_that_are_met() -> None:
    met, failed = GATES[0], GATES[1]
    lines = last(shown(replace(sample("cancer"), gates=(met, failed, *[met] * 30, failed)))).splitlines()
    assert lines[:2] == ["✓ loss ≤ 0.1       0.09025", "✗ accuracy ≥ 0.98  0.9789   0.9789 is below 0.98"]
    assert len(lines) == 20 + 2 + 2
    assert lines[-3:] == [lines[1], "✓ 11 more gates met", "✗ 2 of 33 gates not met"]


def test_a_gate_that_is_met_is_green_and_one_that_is_not_is_red() -> None:
    lines = last(shown(replace(sample("cancer"), gates=GATES), 80, color=True)).splitlines()
    assert lines[0].startswith("\x1b[32m✓\x1b[0m loss ≤ 0.1 ")
    assert lines[0].endswith("  0.09025")
    assert lines[1].startswith("\x1b[1;31m✗\x1b[0m accuracy ≥ 0.98 ")
    assert "\x1b[1;31m0.9789\x1b[0m    0.9789 is below 0.98" in lines[1]
    assert lines[-1] == "\x1b[1;31m✗\x1b[0m \x1b[1m3 of 6 gates not met\x1b[0m"


def test_why_a_gate_failed_is_shown_as_it_is() -> None:
    gate = replace(GATES[1], reason="no row has [red]region[/red] '\x1b[2J\u202e'")
    for color in (False, True):
        text = last(shown(replace(sample("cancer"), gates=(gate,)), color=color))
        assert "no row has [red]region[/red] '\\x1b[2J\\u202e'" in text
        assert not re.search(r"\x1b(?!\[[0-9;]*m)", text)


@settings(deadline=None)
@given(st.lists(any_gate, min_size=1, max_size=5), st.integers(40, 240), st.booleans())
def test_any_gates_fit_any_screen_and_their_figures_are_whole(
    gates: list[GateResult], width: int, unicode: bool
) -> None:
    result = replace(sample("cancer"), gates=tuple(gates))
    whole = last(shown(result, unicode=unicode)).splitlines()
    narrow = last(shown(result, width, unicode=unicode))
    assert max(map(cell_len, narrow.splitlines())) <= width
    assert unicode or narrow.isascii()
    assert narrow.splitlines()[-1] == whole[-1]
    words = set(narrow.split())
    for line in whole:
        # Long names and what is quoted may be folded; figures are not.
        assert {word for word in line.split() if re.fullmatch(r"[-+]?[0-9][-+.,0-9e]*", word)} <= words


def test_the_command_shows_the_verdict_last_and_ends_with_it(run_xent: RunXent) -> None:
    files = SAMPLES / "cancer.csv", SAMPLES / "cancer_labels.csv"
    ran = run_xent("eval", *files, "--max", "loss=0.1", "--min", "accuracy=0.99", terminal=True, columns=80)
    assert ran.code == 1
    plain = re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout)
    assert last(plain) == (
        "✓ loss ≤ 0.1       0.07561\n"
        "✗ accuracy ≥ 0.99  0.9789   0.9789103690685413 is below 0.99\n"
        "✗ 1 of 2 gates not met\n"
    )
