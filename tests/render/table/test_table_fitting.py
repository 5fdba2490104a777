"""The table on any screen: every figure whole at every width, and nothing from the inputs active."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from table_reading import CASES, WIDTHS, class_lines, headings, named, result, shown, words

from xentcli.render.screen import Screen
from xentcli.render.table.result import render
from xentcli.render.table.widths import shorten
from xentcli.render.wording.listing_options import SORTS, ListingOptions
from xentcli.render.wording.numbers import figure, fraction, percent, times
from xentcli.results.evaluation import Found, Warned

ESSENTIAL = ["class", "rows", "loss", "95 % interval", "loss %", "× avg", "label p"]
HOSTILE = [
    "\x1b[2Jcat",
    "\x1b]0;title\x07",
    "\x1b]8;;http://e\x1b\\x",
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "[red]x[/red]",
    "[link=http://e]x",
    "[/]",
    "[/foo]",
    ":skull:",
    "a\u202eb\u200bc\td\ne",
    "x" * 5000,
    "e" + "\u0301" * 200,
    "漢字" * 40,
    "😀" * 60,
    "❤\ufe0f" * 30,
    "👩\u200d👩\u200d👧" * 9,
    "\udcff\ufeff",
    "12.34 %",
    "  ",
    "",
]

any_name = st.sampled_from(HOSTILE) | st.text(max_size=60) | st.text("漢😀e\u0301\ufe0f…-_ a", max_size=60)
any_screen = st.builds(Screen, width=st.none() | st.integers(40, 220), color=st.booleans(), unicode=st.booleans())


@pytest.mark.parametrize("case", CASES)
def test_at_80_columns_the_essentials_are_there(case: str) -> None:
    assert [name for name in headings(shown(result(case), 80)) if name in ESSENTIAL] == ESSENTIAL


@pytest.mark.parametrize("case", CASES)
def test_a_wider_screen_only_adds_columns(case: str) -> None:
    by_width = [headings(shown(result(case), width)) for width in [*WIDTHS, None]]
    for narrow, wide in pairwise(by_width):
        assert [name for name in wide if name in narrow] == narrow
    assert len(by_width[0]) < len(by_width[-1])


@pytest.mark.parametrize("case", CASES)
def test_columns_and_bars_grow_with_the_screen_and_figures_stay_the_same(case: str) -> None:
    whole = {line.split()[0]: set(line.split()) for line in class_lines(shown(result(case)))}
    for width in WIDTHS:
        for line in class_lines(shown(result(case), width)):
            name, *cells = line.split()
            assert {cell for cell in cells if not set(cell) <= set("━╸")} <= whole[name]


@pytest.mark.parametrize("case", CASES)
def test_no_line_is_wider_than_the_screen(case: str) -> None:
    for width in WIDTHS:
        text = shown(result(case), width)
        assert max(cell_len(line) for line in text.splitlines()) <= width
        assert text.endswith("\n")
        assert not re.search(r"[ \t]\n", text)


@settings(deadline=None)
@given(st.lists(any_name, min_size=1, max_size=6), any_screen, st.sampled_from(SORTS), st.integers(1, 7))
def test_any_name_fits_any_screen(names: list[str], screen: Screen, sort: str, top: int) -> None:
    plain = render(named(result("forest"), names), replace(screen, color=False), ListingOptions(sort, top))
    assert "\x1b" not in plain
    if screen.width is not None:
        assert max(cell_len(line) for line in plain.splitlines()) <= screen.width
    if not screen.unicode:
        assert plain.isascii()
    # The lines of the table are aligned: their last column ends where the rule does.
    # (A line on the class with the highest loss may follow, where it is not listed.)
    lines = [line for line in class_lines(plain) if line.startswith("all classes")]
    (rule,) = {cell_len(line) for line in plain.splitlines() if line and set(line) <= set("─-") and len(line) > 9}
    assert cell_len(lines[-1]) <= rule
    coloured = render(named(result("forest"), names), replace(screen, color=True), ListingOptions(sort, top))
    # (Where terminals disagree on the width of a sign, the cursor is put behind it.)
    assert "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*[mG]", "", coloured).splitlines()) + "\n" == plain


def test_names_give_way_but_keep_beginning_and_end() -> None:
    names = [f"http://dbpedia.org/resource/Category:{at:04}" for at in range(10)]
    for width in WIDTHS:
        lines = class_lines(shown(named(result("forest"), names), width, sort="none"))[:-1]
        found = [line.split()[0] for line in lines]
        assert len(set(found)) == 10
        assert all(cell_len(name) >= 12 and name.startswith("http://") for name in found)
    assert all(name in shown(named(result("forest"), names)) for name in names)


def test_a_name_is_never_cut_between_a_letter_and_its_mark() -> None:
    assert shorten("漢" * 10 + "e\u0301xyz", 12, "…") == "漢漢漢漢…xyz"
    assert shorten("x" * 20 + "…", 12, "…") == "x" * 11 + "…"


def test_without_a_terminal_nothing_is_cut_or_wrapped() -> None:
    long = replace(
        result("forest"),
        warnings=(Warned("x", "word " * 400 + "end."),),
        inputs=replace(result("forest").inputs, predictions=("p" * 3000,), labels=("q" * 3000,)),
    )
    lines = shown(named(long, ["y" * 190])).splitlines()
    assert lines[0] == "p" * 3000 + " against " + "q" * 3000
    assert "warning: " + "word " * 400 + "end." in lines
    assert any(line.startswith("y" * 190 + " ") for line in lines)


def test_every_figure_of_every_class_is_there_without_a_terminal() -> None:
    whole = result("forest")
    lines = {line.split()[0]: line for line in class_lines(shown(whole))}
    for entry in whole.classes:
        expected = [
            f"{entry.rows:,}",
            percent(entry.weight_share),
            percent(entry.predicted_share),
            figure(entry.loss),
            f"{figure(entry.loss_low)} … {figure(entry.loss_high)}",
            percent(entry.loss_share),
            times(entry.loss_ratio),
            fraction(entry.label_probability),
            percent(entry.recall),
            percent(entry.precision),
            str(entry.clipped_rows),
        ]
        assert re.sub(r" +[━╸]+", "", words(lines[entry.class_])) == words(" ".join([entry.class_, *expected]))


def test_the_result_does_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown(result("forest"), 80, color=True)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "20"), ("FORCE_COLOR", "1")):
        monkeypatch.setenv(name, value)
        assert shown(result("forest"), 80, color=True) == before
        assert "\x1b" not in shown(result("forest"), 80)


def test_markup_and_emoji_codes_are_shown_as_they_are() -> None:
    names = ["[red]x[/red]", "[link=http://e]x", "[/]", "[/foo]", ":skull:", "\x1b[2J", "a\u202eb"]
    hostile = named(result("forest"), names)
    hostile = replace(
        hostile,
        inputs=replace(hostile.inputs, predictions=("[bold]:skull:\x1b]0;t\x07",), name_rule="prefix '[/]\x9b'"),
        settings=replace(hostile.settings, weight="[dim]\x1b"),
        warnings=(Warned("w", "[blink]\x1b[2J:skull:", 1, (Found("[/]\n.csv", 1),)),),
    )
    for color in (False, True):
        text = shown(hostile, color=color)
        for name in (*names[:5], "\\x1b[2J", "a\\u202eb", "[bold]:skull:\\x1b]0;t\\x07", "prefix '[/]\\x9b'"):
            assert name in text
        assert "weight 809 by '[dim]\\x1b'" in text
        assert "[blink]\\x1b[2J:skull:" in text
        assert "record 1 of [/]\\n.csv." in text
        assert not re.search(r"[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f]", text)
        assert ("\x1b" in text) is color


def test_ascii_screens_get_ascii() -> None:
    message = "caf\u00e9 \u2026"
    for case in CASES:
        changed = replace(result(case), warnings=(*result(case).warnings, Warned("w", message)))
        for width in (40, 80, None):
            assert shown(changed, width, unicode=False).isascii()
    text = shown(named(result("forest"), ["漢", "b"]), unicode=False)
    assert "\\u6f22 " in text
    assert "x avg" in headings(text)
    assert "##########" in text
    assert "0.3133 .. 0.4961" in text
