"""Slices in the table: the worst first, every figure whole, and no value that could be taken for another."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import RunXent
from effort import spread
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import evaluated, shown, table_after, words
from rich.cells import cell_len

from xentcli import EvalResult, evaluate
from xentcli.render.screen import Screen
from xentcli.render.table.lines import spelling_of
from xentcli.render.wording.numbers import difference, p_value
from xentcli.render.wording.slice_listing import by_excess, value_text
from xentcli.results.figures import SliceResult

SAMPLES = Path(__file__).parents[3] / "sample_data"
FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
WIDTHS = [*spread(range(40, 141)), 160, 200]
HOSTILE = [
    "[red]x[/red]",
    "\x1b[2J",
    "😀" * 30,
    "漢字" * 20,
    "a\u202eb",
    "x" * 400,
    "(none)",
    "",
    " ",
    "'a'",
    "[/]",
    None,
]
HEADINGS = ["half", "rows", "rows %", "loss", "95 % interval", "loss %", "vs rest", "95 % interval", "adj. p"]

any_value = st.sampled_from(HOSTILE) | st.none() | st.text(max_size=30)


@cache
def halves(**options: Any) -> EvalResult:
    """Return the sample with its slices: two large ones and one of 9 rows."""
    return evaluate(*FOREST, by="half", **options)


def sliced(values: list[tuple[str | None, ...]], columns: tuple[str, ...] = ("region",)) -> EvalResult:
    """Return the sample with slices of these values, with losses and shares that differ."""
    result = halves()
    of = result.slices or ()
    slices = [
        replace(
            of[at % len(of)],
            by=dict(zip(columns, one, strict=True)),
            weight_share=1.0 / len(values),
            overall=replace(of[at % len(of)].overall, loss=0.2 + at / len(values)),
        )
        for at, one in enumerate(values)
    ]
    return replace(result, slices=tuple(slices), settings=replace(result.settings, by=columns))


def changed(one: SliceResult, **figures: Any) -> SliceResult:
    """Return a slice with other figures, of its own or of its rows."""
    own = {name: value for name, value in figures.items() if hasattr(one, name)}
    rows = {name: value for name, value in figures.items() if not hasattr(one, name)}
    return replace(one, **own, overall=replace(one.overall, **rows))


def table(text: str, by: str = "") -> list[list[str]]:
    return table_after(text, f"slices by {by}")


def names(text: str) -> list[str]:
    return [row[0] for row in table(text)[1:] if row[0].split()[0] not in {"vs", "Not"}]


# What it says.


def test_the_heading_says_the_columns_and_how_many_comparisons_p_is_adjusted_for() -> None:
    assert "\nslices by half · 3 slices, 2 comparisons, p adjusted by Holm\n" in shown(halves())
    three = sliced([("a", "1"), ("b", None), ("c", "1")], ("region", "year"))
    assert "\nslices by region, year · 3 slices, 2 comparisons, p adjusted by Holm\n" in shown(three)
    assert "\nslices by region · 2 slices, 1 comparison\n" in shown(sliced([("a",), ("b",)]))
    assert "slices by" not in shown(evaluate(*FOREST))


def test_every_figure_is_there_without_a_terminal() -> None:
    heading, *rows = table(shown(halves()), "half")
    assert heading == [*HEADINGS, "by classes"]
    for one, row in zip(by_excess(halves()), rows, strict=False):
        whole = one.overall
        if one.p_value is None:
            continue
        assert row[:6] == [
            one.by["half"],
            str(whole.rows),
            f"{100 * (one.weight_share or 0):.1f}",
            f"{whole.loss:.4f}",
            f"{whole.loss_low:.4f} … {whole.loss_high:.4f}",
            f"{100 * (one.loss_share or 0):.1f}",
        ]
        low, high = (difference(end) for end in (one.delta_rest_low, one.delta_rest_high))
        assert row[6:] == [
            difference(one.delta_rest),
            f"{low} … {high}",
            p_value(one.p_adjusted),
            difference(one.class_mix),
        ]


def test_the_slice_that_carries_the_most_excess_loss_comes_first() -> None:
    result = sliced([("small",), ("large",), ("good",), ("empty",)])
    small, large, good, empty = result.slices or ()
    result = replace(
        result,
        overall=replace(result.overall, loss=0.4),
        slices=(
            changed(good, loss=0.1, weight_share=0.5),
            changed(empty, loss=None, loss_low=None, rows=0, weight_share=0.0),
            changed(small, loss=2.4, weight_share=0.01),
            changed(large, loss=0.6, weight_share=0.49),
        ),
    )
    assert [one.by["region"] for one in by_excess(result)] == ["large", "small", "good", "empty"]
    assert names(shown(result))[:4] == ["large", "small", "good", "empty"]


def test_where_the_loss_is_infinite_the_highest_losses_come_first() -> None:
    result = halves(clip=None)
    assert result.overall.loss == math.inf
    first, second = table(shown(result))[1:3]
    assert first[3] == "inf"
    assert first[4] == first[5] == "n/a"
    assert first[0] != second[0]
    assert float(second[3]) < 1.0
    assert "3 slices, no comparisons" in shown(result)
    assert "adj. p" not in shown(result)
    assert "vs rest" not in shown(result)


def test_one_slice_is_compared_with_nothing(tmp_path: Path) -> None:
    result = evaluated(
        tmp_path, {"p_a": [0.4] * 20, "p_b": [0.6] * 20, "label": ["a", "b"] * 10, "s": ["x"] * 20}, by="s"
    )
    text = shown(result)
    assert "\nslices by s · 1 slice, no comparisons\n" in text
    assert table(text)[0] == ["s", "rows", "rows %", "loss", "95 % interval", "loss %"]
    assert "rest" not in text


def test_what_is_undefined_is_not_available() -> None:
    result = sliced([("a",), ("b",), ("c",)])
    a, b, c = result.slices or ()
    undefined = changed(c, loss=None, loss_low=None, loss_high=None, loss_share=None, class_mix=None, p_adjusted=None)
    undefined = changed(undefined, delta_rest=None, delta_rest_low=None, delta_rest_high=None, p_value=None)
    row = table(shown(replace(result, slices=(a, b, undefined))))[3]
    assert row[0] == "c"
    assert row[3:] == ["n/a"] * 7
    assert "There are none below 10 effective rows." in shown(replace(result, slices=(a, b, undefined)))


def test_weights_and_distributions_have_shares_of_the_weight() -> None:
    assert "weight %" in table(shown(halves(weight="weight")))[0]
    assert "weight %" in table(shown(halves(class_weight="nine=2")))[0]


def test_differences_have_a_sign_and_small_p_are_not_spelled_out() -> None:
    result = sliced([("a",), ("b",)])
    a, b = result.slices or ()
    a, b = (
        changed(a, delta_rest=0.25, p_adjusted=1e-9),
        changed(b, delta_rest=-0.25, p_adjusted=0.0312, class_mix=1e-17),
    )
    rows = table(shown(replace(result, slices=(a, b))))
    by_name = {row[0]: row for row in rows}
    assert by_name["a"][6] == "+0.2500"
    assert by_name["a"][8] == "<0.001"
    assert by_name["b"][6] == "-0.2500"
    assert by_name["b"][8:] == ["0.031", "0"]


@pytest.mark.parametrize("value", [1e-300, 3e-9, 4e-5, 0.00051, 0.5, 123456.0, 1e9, math.inf])
def test_a_difference_is_0_only_if_it_is(value: float) -> None:
    assert difference(value)[0] == "+"
    assert difference(-value) == "-" + difference(value)[1:]
    assert float(difference(value)) == pytest.approx(value, rel=0.06, abs=5e-5)
    assert float(difference(value)) != 0.0


def test_intervals_are_said_to_be_unadjusted_where_there_are_any() -> None:
    assert "vs rest: the loss less that of all other rows; its interval is not adjusted. by classes:" in shown(halves())
    assert "vs rest: the loss less that of all other rows.\n" in shown(halves(), 60)


def test_only_the_name_of_a_heading_is_bold() -> None:
    text = shown(halves(), color=True, slice_classes=True)
    assert "\x1b[1mslices by half\x1b[0m" in text
    assert "\x1b[1mhalf 'lower'\x1b[0m" in text


# The rest.


def test_top_caps_slices_and_the_rest_is_one_row_of_sums() -> None:
    result = sliced([(str(at),) for at in range(50)])
    rows = table(shown(result, top=3))
    assert [row[0] for row in rows[1:5]] == ["49", "48", "47", "47 more slices"]
    hidden = by_excess(result)[3:]
    loss = sum(one.overall.loss or 0.0 for one in hidden) / 47
    assert rows[4][1:] == [
        f"{sum(one.overall.rows for one in hidden):,}",
        "94.0",
        f"{loss:.4f}",
        f"{100 * sum(one.loss_share or 0.0 for one in hidden):.1f}",
    ]
    assert "1 more slice " in shown(result, top=49)
    assert "more slice" not in shown(result, top=50)


def test_a_hidden_slice_with_the_highest_loss_is_named() -> None:
    result = sliced([("a", "x"), ("b", None)], ("region", "year"))
    a, b = result.slices or ()
    result = replace(
        result, slices=(changed(a, loss=0.9, weight_share=0.99), changed(b, loss=2.0, weight_share=1e-9, rows=1))
    )
    assert "\nNot listed: region 'b', year (none) has the highest loss, 2.0000 nats (1 row).\n" in shown(result, top=1)
    assert "Not listed" not in shown(result, top=2)


def test_a_thousand_slices_are_a_short_table() -> None:
    text = shown(sliced([(f"s{at}",) for at in range(1000)]), 80)
    assert len(text.splitlines()) < 60
    assert "\n980 more slices " in text


# Values.


def test_a_missing_value_cannot_be_taken_for_a_text(tmp_path: Path) -> None:
    values = [None, "(none)", "", "'(none)'", " north", "north"]
    columns = {"p_a": [0.5, 0.4] * 30, "p_b": [0.5, 0.6] * 30, "label": ["a", "b"] * 30, "s": values * 10}
    text = shown(evaluated(tmp_path, columns, by="s"))
    assert set(names(text)) == {"(none)", "'(none)'", "''", "''(none)''", "' north'", "north"}
    coloured = shown(evaluated(tmp_path, columns, by="s"), color=True)
    assert "\x1b[2m(none)" in coloured
    assert "\x1b[2m'(none)'" not in coloured


@given(st.lists(any_value, min_size=2, max_size=2, unique=True))
def test_two_values_never_look_the_same(values: list[str | None]) -> None:
    # Escapes of what cannot be shown may be spelled out in another text: only what holds none is told apart.
    if not any("\\" in (value or "") or len(value or "") > 200 for value in values):
        assert len({value_text(value, spelling_of(Screen())) for value in values}) == 2


def test_markup_and_control_characters_are_shown_as_they_are() -> None:
    text = shown(
        sliced([("[red]x[/red]", "\x1b[2J"), ("[/]", ":skull:")], ("[bold]a", "\x1b]0;t\x07")), slice_classes=True
    )
    for part in ("[red]x[/red]", "\\x1b[2J", "[/]", ":skull:", "[bold]a", "\\x1b]0;t\\x07"):
        assert part in text
    assert "\x1b" not in text


def test_ascii_screens_get_ascii() -> None:
    result = sliced([("漢", "é"), (None, "(none)")], ("ü", "b"))
    for width in (40, 80, None):
        assert shown(result, width, unicode=False, slice_classes=True, top=1).isascii()
    # Commas are between the names already.
    assert "\nslices by \\xfc, b: 2 slices, " in shown(result, unicode=False)


# Widths.


@settings(deadline=None)
@given(
    st.integers(1, 5).flatmap(lambda n: st.lists(st.tuples(*[any_value] * n), min_size=1, max_size=5, unique=True)),
    st.none() | st.integers(40, 200),
    st.booleans(),
    st.integers(1, 4),
)
def test_any_values_fit_any_screen(values: list[Any], width: int | None, unicode: bool, top: int) -> None:
    columns = tuple(["region", "[/]", "a rather long name of a column", "漢字", "e"][: len(values[0])])
    result = sliced(values, columns)
    text = shown(result, width, unicode=unicode, top=top, slice_classes=top == 2)
    if width is not None:
        assert max(cell_len(line) for line in text.splitlines()) <= width
    if not unicode:
        assert text.isascii()


@pytest.mark.parametrize("columns", [1, 2, 4, 8])
def test_no_line_is_wider_than_the_screen_and_a_wider_one_only_adds_columns(columns: int) -> None:
    result = sliced([("north-northwest",) * columns, ("south",) * columns], tuple("abcdefgh"[:columns]))
    figures = []
    for width in WIDTHS:
        text = shown(result, width)
        assert max(cell_len(line) for line in text.splitlines()) <= width
        here = table(text)[0]
        figures.append([name for name in here if name not in set("abcdefgh") and not name.startswith("a, ")])
        assert "loss" in here
    for narrow, wide in pairwise(figures):
        left = iter(wide)
        assert all(name in left for name in narrow)


def test_at_80_columns_the_essentials_are_there() -> None:
    result = sliced([("north-northwest", "2020"), ("south", None)], ("region", "year"))
    heading = table(shown(result, 80))[0]
    assert heading == ["region", "year", "rows", "loss", "95 % interval", "loss %", "vs rest", "adj. p"]


def test_values_give_way_and_figures_stay() -> None:
    long = "http://dbpedia.org/resource/Category:0001"
    rows = table(shown(sliced([(long, "a"), (None, "b" * 50)], ("x", "y")), 80))
    assert any(cell.startswith("http") and cell.endswith("001") for row in rows for cell in row)
    assert any(row[0] == "(none)" for row in rows)
    assert long in shown(sliced([(long, "a"), (None, "b")], ("x", "y")))


# Classes of slices.


def test_the_classes_of_every_slice_stand_under_its_values() -> None:
    text = shown(halves(), slice_classes=True, top=2)
    for one in by_excess(halves())[:2]:
        title = f"half '{one.by['half']}' · {one.overall.rows} rows"
        rows = table_after(text, title)
        assert rows[0][:3] == ["class", "rows", "rows %"]
        worst = max(one.classes, key=lambda entry: entry.loss_share or 0.0)
        assert rows[1][:2] == [worst.class_, str(worst.rows)]
        assert rows[3][0] == f"{len(one.classes) - 2} more classes"
        assert rows[4][:2] == ["all classes", str(one.overall.rows)]
    assert "half '" not in shown(halves(), top=2)


def test_classes_that_a_slice_has_no_rows_of_leave_its_sum_of_predictions_open() -> None:
    result = halves()
    one = (result.slices or ())[0]
    fewer = replace(result, slices=(replace(one, classes=one.classes[:3]),))
    rows = table_after(shown(fewer, slice_classes=True), "half '")
    assert len(rows) == 5
    assert words(" ".join(rows[4])).startswith(f"all classes {one.overall.rows} 100.0 {one.overall.loss:.4f} ")


def test_slice_classes_without_slices_is_an_error(run_xent: RunXent) -> None:
    ran = run_xent("eval", *FOREST, "--slice-classes")
    assert ran.code == 2
    assert "--slice-classes is for slices; name their columns with --by" in ran.stderr


def test_the_command_shows_slices_and_their_classes(run_xent: RunXent) -> None:
    ran = run_xent("eval", *FOREST, "--by", "half", "--slice-classes", "--top", "1")
    assert ran.code == 0
    assert "\n2 more slices " in ran.stdout
    assert ran.stdout.count("\nclass ") == 2
