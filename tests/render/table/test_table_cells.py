"""Columns stand below one another in every terminal, whatever it takes a sign for and whichever way text runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import sample
from reading import shown
from rich.cells import cell_len

from xentcli.render.table.column import Column, aligned
from xentcli.render.table.widths import ended, shorten, width_of
from xentcli.results.evaluation import EvalResult

HEART, THUMB, FAMILY, FLAG = "❤\ufe0f heart", "👍🏽 thumb", "👩\u200d👩\u200d👧 family", "🇨🇭 flag"
HINDI, HEBREW, ARABIC, ACCENT = "हिन्दी", "שלום עולם", "مرحبا", "cafe\u0301"
NAMES = [HEART, THUMB, FAMILY, FLAG, HINDI, HEBREW, ARABIC, ACCENT, "漢字" * 20, "😀" * 30, "1\ufe0f\u20e3", "plain"]
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_INDIC_MARKS = "\u093f\u0940"


def one_by_one(before: str, char: str) -> int:
    """Return the cells of a character as xterm and tmux count them: each for itself."""
    return 1 if char in _INDIC_MARKS else cell_len(char)


def by_graphemes(before: str, char: str) -> int:
    """Return the cells of a character as newer terminals count them: what belongs to a sign changes that sign."""
    if char == "\ufe0f":
        return 1
    return 0 if char in _TONES or char in _INDIC_MARKS else cell_len(char)


def end_of(line: str, cells: Callable[[str, str], int]) -> int:
    """Return the column in which the last character of a line stands in a terminal that counts so."""
    column, before = 0, ""
    for part in re.findall(r"\x1b\[[0-9;]*[mG]|.", line):
        if part.endswith("G") and len(part) > 1:
            column = int(part[2:-1]) - 1
        elif len(part) == 1:
            column += cells(before, part)
            before = part
    return column


def named(*names: str) -> EvalResult:
    of = sample("digits_forest")
    classes = tuple(replace(entry, class_=name) for entry, name in zip(of.classes * 2, names, strict=False))
    return replace(of, classes=classes)


@pytest.mark.parametrize("cells", [one_by_one, by_graphemes])
@pytest.mark.parametrize("width", [40, 80, 120, 240])
def test_columns_stand_below_one_another_in_terminals_of_both_kinds(
    width: int, cells: Callable[[str, str], int]
) -> None:
    lines = shown(named(*NAMES), width, color=True, sort="none").splitlines()
    rule = next(at for at, line in enumerate(lines) if "─" in line)
    below = lines[rule + 1 : rule + 2 + len(NAMES)]
    # Of the last column every cell is filled but that of the whole in wide tables.
    assert len({end_of(line, cells) for line in below[:-1]}) == 1
    assert end_of(below[0], cells) == end_of(lines[rule], cells) <= width


def test_no_cursor_is_moved_without_need_and_none_where_no_colours_are_welcome() -> None:
    assert "G" not in "".join(
        re.findall(r"\x1b\[[0-9;]*([A-Za-z])", shown(named("cat", "漢字", ACCENT), 80, color=True))
    )
    assert re.findall(r"\x1b\[[0-9;]*G", shown(named(HEART, THUMB), 80, color=True)) == ["\x1b[3G", "\x1b[5G"]
    for width in (80, None):
        assert "\x1b" not in shown(named(*NAMES), width)
    # In a file there is no cursor to be moved.
    assert not re.search(r"\x1b\[[0-9;]*G", shown(named(*NAMES), color=True))


def test_what_is_written_from_right_to_left_ends_before_the_figures_begin() -> None:
    lines = shown(named(HEBREW, ARABIC, "plain"), 80).splitlines()
    assert sum(line.startswith((f"{HEBREW}\u200e ", f"{ARABIC}\u200e ")) for line in lines) == 2
    assert not any("\u200e" in line for line in lines if line.startswith(("plain", "all classes")))
    hidden = shown(named(HEBREW, "a", "b"), 80, sort="name", top=1)
    assert "\u200e" not in hidden or f"'{HEBREW}\u200e'" in hidden
    # Where nothing turns text around there is no mark, and one in a name is written out.
    assert "\u200e" not in shown(named(HEBREW, "a\u200eb"))
    assert "a\\u200eb" in shown(named("a\u200eb"), 80)


def test_names_in_sentences_end_as_well() -> None:
    of = sample("digits_forest")
    rare = replace(of.classes[0], class_=HEBREW, loss=9.0, loss_share=1e-6, rows=1)
    text = shown(replace(of, classes=(rare, *of.classes[1:])), 80, top=1)
    assert f"Not listed: '{HEBREW}\u200e' has the highest loss, 9.0000 nats (1 row)." in text


@given(st.text("a漢😀❤\ufe0f👍🏽e\u0301हि" + HEBREW, max_size=12), st.integers(0, 14))
def test_what_is_shortened_takes_no_more_than_it_may(text: str, most: int) -> None:
    cut = shorten(text, most, "…")
    assert width_of(cut) <= max(most, 1)
    assert cut == text or "…" in cut
    assert width_of(ended(text)) == width_of(text) >= cell_len(text)


def test_decimal_points_stand_below_one_another() -> None:
    column = Column("loss", "loss", ("0.3943", "12.5000", "123456.8", "0", "3.1e-09", "inf", "n/a", ""))
    assert column.padded() == [
        "        loss",
        "     0.3943 ",
        "    12.5000 ",
        "123456.8    ",
        "     0      ",
        "     3.1e-09",
        "         inf",
        "         n/a",
        "            ",
    ]


@given(st.lists(st.sampled_from(["0", "1", "0.25", "-12.5", "<0.001", ">0.999", "3.1e-09", "1,234"]), min_size=1))
def test_figures_keep_their_digits_when_they_are_aligned(figures: list[str]) -> None:
    padded = Column("x", "", tuple(figures)).padded()[1:]
    assert [text.strip() for text in padded] == figures
    assert len({len(text) for text in padded}) == 1
    ends = {text.find(".") if "." in text else len(text.rstrip()) for text in padded}
    assert len(ends) == 1
    assert [text.rstrip() for text in aligned(figures)] == figures
