"""The table: every figure whole at every width, nothing from the inputs active, no rounding that lies."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from effort import spread
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from xentcli import evaluate
from xentcli.render.screen import Screen
from xentcli.render.table.result import render
from xentcli.render.table.widths import shorten
from xentcli.render.wording.class_listing import in_order
from xentcli.render.wording.listing_options import SORTS, ListingOptions
from xentcli.render.wording.numbers import figure, fraction, percent, quantity, times
from xentcli.results.evaluation import EvalResult, Found, Warned

SAMPLES = Path(__file__).parents[3] / "sample_data"
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "forest": ("digits_forest", "digits_labels", {}),
    "weighted": ("digits_logistic", "digits_labels", {"weight": "weight", "unit": "bits"}),
    "cancer": ("cancer", "cancer_labels", {}),
    "wine": ("wine_logits", "wine_labels", {"input": "logits"}),
    "infinite": ("digits_forest", "digits_labels", {"clip": None}),
}
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
WIDTHS = [*spread(range(40, 132)), 160, 200, 220]

any_name = st.sampled_from(HOSTILE) | st.text(max_size=60) | st.text("漢😀e\u0301\ufe0f…-_ a", max_size=60)
any_screen = st.builds(Screen, width=st.none() | st.integers(40, 220), color=st.booleans(), unicode=st.booleans())
any_share = st.floats(0.0, 1.0) | st.floats(1e-12, 1e-3) | st.floats(1e-12, 1e-3).map(lambda rest: 1.0 - rest)


@cache
def result(case: str) -> EvalResult:
    predictions, labels, options = CASES[case]
    return evaluate(SAMPLES / f"{predictions}.csv", SAMPLES / f"{labels}.csv", **options)


def named(of: EvalResult, names: list[str]) -> EvalResult:
    """Return the result with other class names, as many as given."""
    classes = [replace(of.classes[at % len(of.classes)], class_=name) for at, name in enumerate(names)]
    return replace(of, classes=tuple(classes), inputs=replace(of.inputs, classes=tuple(names)))


def shown(of: EvalResult, width: int | None = None, sort: str = "loss-share", top: int = 20, **screen: bool) -> str:
    return render(of, Screen(width, **screen), ListingOptions(sort, top))


def headings(text: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith("class ") and " loss" in line)
    return re.split(r" {2,}", line)


def class_lines(text: str) -> list[str]:
    """Return the lines of the table below its rule."""
    lines = text.splitlines()
    (rule,) = (at for at, line in enumerate(lines) if line and set(line) <= set("─-"))
    below = lines[rule + 1 :]
    return below[: below.index("")]


def words(text: str) -> str:
    return " ".join(text.split())


# The layout.


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


# What it says.


def test_the_header_says_what_was_evaluated_and_how() -> None:
    lines = shown(result("forest")).splitlines()
    assert lines[0].endswith("digits_labels.csv")
    told = "809 rows · 10 classes · probabilities · classes by prefix 'p_' · columns not used: 'weight', 'half'"
    assert lines[1] == f"{told} · losses in nats"
    assert shown(result("wine")).splitlines()[1] == "178 rows · 3 classes · logits · losses in nats"
    weighted = shown(result("weighted")).splitlines()[1]
    assert weighted.startswith("809 rows · weight 804 by 'weight' · 795.0 effective rows · 10 classes")
    assert weighted.endswith("losses in bits")
    assert "569 rows · binary, positive 'malignant' · " in shown(result("cancer"))


def test_the_header_without_labels_with_many_files_and_with_rows_left_out() -> None:
    cancer = result("cancer")
    changed = replace(
        cancer,
        inputs=replace(cancer.inputs, predictions=("a.csv", "b.csv", "c.csv"), labels=(), input="label-probs"),
        settings=replace(cancer.settings, positive=None),
        overall=replace(cancer.overall, rows=1234567, zero_weight_rows=1, renormalized_rows=2000),
    )
    lines = shown(changed).splitlines()
    assert lines[0] == "a.csv and 2 more files"
    assert lines[1].startswith("1,234,567 rows · binary · probabilities of the label · ")
    assert lines[1].endswith(" · 1 row of weight 0 left out · 2,000 rows renormalized")


def test_the_loss_comes_with_its_interval_the_skill_and_the_accuracy() -> None:
    text = shown(result("forest"))
    assert "log loss  0.3943 nats  95 % interval 0.3133 … 0.4961  standard error 0.0462" in text
    assert "skill     0.8288       95 % interval 0.7845 … 0.8639  prior entropy 2.3025 nats" in text
    (line,) = re.findall("\n(accuracy  95.61 %      Brier score 0.1379  .*)\n", text)
    assert "  macro loss 0.3948 nats" in line and line.endswith("  6 rows tied")
    assert "tied" not in shown(result("wine"))


def test_the_interval_names_the_confidence_asked_for() -> None:
    cancer = result("cancer")
    text = shown(replace(cancer, settings=replace(cancer.settings, confidence=0.999)))
    assert "99.9 % interval" in headings(text)
    assert "95 %" not in text


def test_an_infinite_loss_is_inf_what_is_undefined_is_not_available_and_the_infinite_class_comes_first() -> None:
    text = shown(result("infinite"))
    assert "log loss  inf nats  95 % interval n/a  standard error n/a" in text
    assert "skill     -inf " in text
    first, *_, last = class_lines(text)
    assert words(first).startswith("nine 81 10.0 9.7 inf n/a n/a n/a 0.639")
    assert words(last) == "all classes 809 100.0 100.0 inf 0.745 95.6"
    rest = class_lines(shown(result("infinite"), sort="name", top=3))
    assert words(rest[3]).startswith("7 more classes 567 70.1 69.7 inf 0.762 95.5")


def test_a_class_without_rows_is_undefined_not_zero() -> None:
    names = ("loss", "loss_se", "loss_low", "loss_high", "loss_share", "loss_ratio", "label_probability")
    nothing: dict[str, Any] = dict.fromkeys(names)
    cancer = result("cancer")
    empty = replace(cancer.classes[0], rows=0, weight=0.0, weight_share=0.0, recall=None, precision=None)
    empty = replace(empty, **nothing)
    changed = replace(cancer, classes=(empty, cancer.classes[1]))
    lines = class_lines(shown(changed))
    assert words(lines[0]).startswith("malignant 212")
    assert words(lines[1]) == "benign 0 0.0 62.9 n/a n/a n/a n/a n/a n/a n/a"
    # As the rest: 0 rows, and nothing that could be a mean.
    assert words(class_lines(shown(changed, top=1))[1]) == "1 more class 0 0.0 62.9"


def test_a_perfect_prediction_costs_zero_and_has_no_shares() -> None:
    cancer = result("cancer")
    classes = tuple(
        replace(entry, loss=0.0, loss_low=0.0, loss_high=0.0, loss_share=None, loss_ratio=None)
        for entry in cancer.classes
    )
    whole = replace(cancer.overall, loss=0.0, loss_se=0.0, loss_low=0.0, loss_high=0.0, skill=1.0, accuracy=1.0)
    text = shown(replace(cancer, classes=classes, overall=whole))
    assert "log loss 0 nats 95 % interval 0 … 0 standard error 0" in words(text)
    assert "accuracy  100.00 %" in text
    assert "skill     1 " in text
    assert "━" not in text.replace("─", "")
    assert words(class_lines(text)[-1]) == "all classes 569 100.0 100.0 0 0 … 0 0.956 100.0"


def test_undefined_overall_figures_are_not_available() -> None:
    cancer = result("cancer")
    names = ("loss", "loss_se", "loss_low", "loss_high", "skill", "skill_low", "skill_high", "accuracy", "brier")
    nothing: dict[str, Any] = dict.fromkeys(names)
    whole = replace(cancer.overall, **nothing, macro_loss=None)
    classes = tuple(replace(entry, loss=None, loss_share=None, loss_low=None) for entry in cancer.classes)
    text = shown(replace(cancer, overall=whole, classes=classes))
    assert "log loss  n/a nats  95 % interval n/a  standard error n/a" in text
    assert "accuracy  n/a " in text
    assert "Not listed" not in shown(replace(cancer, overall=whole, classes=classes), top=1)


def test_clipped_rows_have_a_column_only_where_there_are_any() -> None:
    assert headings(shown(result("forest")))[-1] == "clipped"
    assert words(class_lines(shown(result("forest")))[-1]).endswith(" 95.6 1")
    assert "clipped" not in headings(shown(result("cancer")))


# Order, the rest, the whole.


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("loss-share", ["nine", "eight", "three"]),
        ("loss", ["nine", "eight", "three"]),
        ("ratio", ["nine", "eight", "three"]),
        ("rows", ["five", "four", "one"]),
        ("name", ["eight", "five", "four"]),
        ("none", ["eight", "five", "four"]),
    ],
)
def test_classes_are_sorted_as_asked_and_ties_stay_in_class_order(sort: str, first: list[str]) -> None:
    assert [line.split()[0] for line in class_lines(shown(result("forest"), sort=sort))[:3]] == first


def test_names_that_are_numbers_are_sorted_as_numbers() -> None:
    changed = named(result("forest"), ["10", "9", "2"])
    assert [entry.class_ for entry in in_order(changed, "name")] == ["2", "9", "10"]
    assert [entry.class_ for entry in in_order(changed, "none")] == ["10", "9", "2"]


def test_classes_without_the_figure_come_last() -> None:
    forest = result("forest")
    changed = replace(forest, classes=(replace(forest.classes[0], loss_share=None), *forest.classes[1:]))
    assert in_order(changed, "loss-share")[-1].class_ == "eight"


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="sort is 'size'; it takes one of loss-share, loss, ratio, rows, name, none"):
        ListingOptions("size")


@pytest.mark.parametrize("case", ["forest", "weighted"])
@pytest.mark.parametrize("top", [1, 3, 9])
def test_the_rest_is_one_row_of_sums(case: str, top: int) -> None:
    whole = result(case)
    lines = class_lines(shown(whole, top=top))
    assert len(lines) == top + 2
    hidden = in_order(whole, "loss-share")[top:]
    share = sum(entry.weight_share or 0.0 for entry in hidden)
    loss = sum((entry.weight_share or 0.0) * (entry.loss or 0.0) for entry in hidden) / share
    loss_share = sum(entry.loss_share or 0.0 for entry in hidden)
    label = sum((entry.weight_share or 0.0) * (entry.label_probability or 0.0) for entry in hidden) / share
    expected = [
        f"{len(hidden)} more class" + ("" if len(hidden) == 1 else "es"),
        str(sum(entry.rows for entry in hidden)),
        percent(share),
        percent(sum(entry.predicted_share or 0.0 for entry in hidden)),
        figure(loss),
        percent(loss_share),
        times(loss / (whole.overall.loss or 0.0)),
        fraction(label),
        percent(sum((entry.weight_share or 0.0) * (entry.recall or 0.0) for entry in hidden) / share),
    ]
    assert words(lines[top]).startswith(words(" ".join(expected)))


def test_the_parts_add_up_to_the_whole() -> None:
    rows, shares = [], []
    *parts, last = class_lines(shown(result("forest"), top=4))
    for line in parts:
        cells = line.removeprefix("6 more classes").split()
        at = 0 if line.startswith("6 more") else 1
        rows.append(int(cells[at]))
        shares.append(float(cells[at + 1]))
    assert sum(rows) == 809
    assert sum(shares) == pytest.approx(100.0, abs=0.3)
    assert words(last) == "all classes 809 100.0 100.0 0.3943 0.3133 … 0.4961 100.0 1.00 0.745 95.6 1"


def test_everything_hidden_but_an_empty_class_is_still_all_of_it() -> None:
    forest = result("forest")
    empty = replace(forest.classes[0], class_="!", rows=0, weight_share=0.0, loss_share=None, predicted_share=0.0)
    line = class_lines(shown(replace(forest, classes=(empty, *forest.classes)), sort="none", top=1))[1]
    assert words(line).startswith("10 more classes 809 100.0 100.0 0.3943 100.0 1.00")


def test_the_class_with_the_highest_loss_is_named_if_it_is_hidden() -> None:
    text = shown(result("forest"), sort="rows", top=2)
    assert "\nNot listed: 'nine' has the highest loss, 0.9646 nats (81 rows).\n" in text
    assert "Not listed" not in shown(result("forest"), sort="loss", top=1)
    narrow = shown(named(result("forest"), ["a", "b", "c", "\x1b" * 90]), 40, sort="rows", top=1)
    assert "\nNot listed:\n" in narrow
    assert max(len(line) for line in narrow.splitlines()) <= 40


def test_thousands_of_classes_are_a_short_table() -> None:
    many = named(result("forest"), [f"c{at}" for at in range(2000)])
    lines = shown(many, 80).splitlines()
    assert len(lines) < 50
    assert sum("1,980 more classes" in line for line in lines) == 1
    assert len(class_lines(shown(many, 80, top=2000))) == 2001


# Warnings and what intervals leave out.


def test_a_warning_is_in_plain_words_and_says_where_it_begins() -> None:
    text = shown(result("forest"))
    assert re.search(r"^warning: 1 row gives the label less than 2.22e-16 .* In record 750 of .*csv\.$", text, re.M)


def test_the_first_places_of_a_warning_are_listed_by_file() -> None:
    first = (Found("a.csv", 3), Found("a.csv", 17), Found("b\x1b.csv", 20))
    changed = replace(result("cancer"), warnings=(Warned("w", "Something.", 9, first), Warned("v", "Nowhere.")))
    text = shown(changed)
    assert "\nwarning: Something. First in records 3, 17 of a.csv; record 20 of b\\x1b.csv.\n" in text
    assert "\nwarning: Nowhere.\n" in text


def test_warnings_are_wrapped_between_words_and_never_inside_a_number() -> None:
    message = " ".join(["123456.789 12.5 % of"] * 20)
    changed = replace(result("cancer"), warnings=(Warned("w", message),))
    for width in WIDTHS:
        lines = shown(changed, width).splitlines()
        start = next(at for at, line in enumerate(lines) if line.startswith("warning:"))
        wrapped = lines[start : lines.index("", start)]
        assert words(" ".join(wrapped)) == "warning: " + message
        assert not any(re.match(r" *%", line) for line in wrapped)


def test_a_word_that_is_too_long_is_folded_whole() -> None:
    word = "漢" * 100
    changed = replace(result("cancer"), warnings=(Warned("w", f"The class '{word}'."),))
    text = shown(changed, 41)
    assert word in text.replace("\n  ", "")
    assert max(cell_len(line) for line in text.splitlines()) <= 41


def test_the_last_line_says_what_intervals_do_not_cover() -> None:
    last = shown(result("forest")).splitlines()[-1]
    assert "not retraining, wrong labels or drift." in last
    assert "effective rows" not in last
    few = replace(
        result("wine"), classes=tuple(replace(c, loss_low=None, loss_high=None) for c in result("wine").classes)
    )
    assert shown(few).splitlines()[-1].endswith("There are none below 10 effective rows.")
    assert "effective rows" not in shown(result("infinite")).splitlines()[-1]


# Untrusted text.


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


# Rounding.


@given(any_share)
def test_a_percentage_is_0_or_100_only_if_it_is(share: float) -> None:
    text = percent(share)
    assert (text == "0.0") == (share == 0.0)
    assert (text == "100.0") == (share == 1.0)
    if text[0] not in "<>":
        assert abs(float(text) - 100.0 * share) <= 0.05 + 1e-9
    assert percent(0.9996) != "100.0"
    assert percent(0.9996, 2) == "99.96"


@given(any_share)
def test_a_probability_is_0_or_1_only_if_it_is(share: float) -> None:
    text = fraction(share)
    assert (float(text.lstrip(">")) == 0.0) == (share == 0.0)
    assert (text == "1") == (share == 1.0)
    assert float(text.lstrip(">")) == pytest.approx(share, rel=0.06)


@given(st.floats(allow_nan=False), st.integers(4, 7))
def test_a_figure_is_near_and_0_only_if_it_is(value: float, places: int) -> None:
    text = figure(value, places)
    assert (text == "0") == (value == 0.0)
    assert len(text) <= 10
    if value and math.isfinite(value) and math.isfinite(float(text)):
        assert float(text) == pytest.approx(value, rel=0.06)


@given(st.floats(0.0, 1e300) | st.floats(0.0, 10.0))
def test_times_and_quantities_are_0_only_if_they_are(value: float) -> None:
    assert (times(value) == "0") == (value == 0.0)
    assert (float(quantity(value).replace(",", "")) == 0.0) == (value == 0.0)


def test_what_is_nearly_all_is_not_all_of_it() -> None:
    cancer = result("cancer")
    whole = replace(cancer.overall, accuracy=0.99999, skill=0.999999)
    text = shown(replace(cancer, overall=whole))
    assert "accuracy  >99.99 %" in text
    assert "skill     >0.9999" in text
