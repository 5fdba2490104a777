"""Which classes the table lists, in which order, and what stands for the rest and for all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from table_reading import class_lines, named, result, shown, words

from xentcli.render.wording.class_listing import in_order
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.render.wording.numbers import figure, fraction, percent, times


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
