"""What a title says of many classes, how long names of files are broken, and what a wide screen is used for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from judging import sample
from reading import evaluated, shown
from rich.cells import cell_len
from rich.text import Text

from xentcli.render.table.lines import wrap
from xentcli.render.wording.class_figures import half_of_the_loss
from xentcli.render.wording.listing_options import SORTS
from xentcli.results.evaluation import EvalResult

LONG = "runs/2026-11-22/a-model-with-a-long-name/seed-17/predictions/part-of-the-test-set.parquet"


def many(k: int) -> EvalResult:
    """Return a result of k classes, the first of which has half of the loss."""
    of = sample("digits_forest")
    shares = [0.5, *[0.5 / (k - 1)] * (k - 1)]
    classes = [replace(of.classes[0], class_=f"c{at}", loss_share=share) for at, share in enumerate(shares)]
    return replace(of, classes=tuple(classes))


def title_of(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("classes"))


# Titles.


@pytest.mark.parametrize(
    ("sort", "title"),
    [
        ("loss-share", "classes · largest loss share first"),
        ("loss", "classes · highest loss first"),
        ("ratio", "classes · highest ratio to the average first"),
        ("rows", "classes · most rows first"),
        ("name", "classes · by name"),
        ("none", "classes · in class order"),
    ],
)
def test_the_title_says_in_which_order_classes_stand(sort: str, title: str) -> None:
    assert sort in SORTS
    assert title_of(shown(sample("digits_forest"), sort=sort)) == title
    assert title_of(shown(sample("digits_forest"), sort=sort, unicode=False)) == title.replace(" ·", ":")


def test_where_the_loss_is_infinite_the_title_says_what_decides() -> None:
    for sort in ("loss-share", "ratio", "loss"):
        infinite = sample("digits_forest", clip=None)
        assert title_of(shown(infinite, sort=sort)) == "classes · highest loss first"
        assert "half" not in title_of(shown(infinite, sort=sort, top=2))


def test_of_many_classes_the_title_says_how_many_are_shown_and_where_half_of_the_loss_is() -> None:
    expected = "classes · 20 of 1,000, largest loss share first · half the loss in 1 class"
    assert title_of(shown(many(1000), 80)) == title_of(shown(many(1000))) == expected
    assert title_of(shown(sample("digits_forest"), top=9)).endswith("· half the loss in 3 classes")
    assert "half" not in title_of(shown(sample("digits_forest"), top=10))


def test_half_of_the_loss_is_in_as_few_classes_as_can_have_it() -> None:
    of = many(4)
    assert half_of_the_loss(of) == 1
    shares = [0.1, None, 0.4, 0.5 - 1e-13]
    classes = tuple(replace(entry, loss_share=share) for entry, share in zip(of.classes, shares, strict=True))
    assert half_of_the_loss(replace(of, classes=classes)) == 1
    assert half_of_the_loss(replace(of, classes=classes[:3])) == 2
    assert half_of_the_loss(replace(of, classes=classes[1:2])) is None


def test_where_shares_are_undefined_nothing_is_said_of_half_the_loss() -> None:
    of = many(30)
    perfect = tuple(replace(entry, loss=0.0, loss_share=None) for entry in of.classes)
    text = shown(replace(of, classes=perfect, overall=replace(of.overall, loss=0.0)))
    assert title_of(text) == "classes · 20 of 30, largest loss share first"


# Names of files.


def with_files(predictions: str, labels: str) -> EvalResult:
    of = sample("cancer")
    return replace(of, inputs=replace(of.inputs, predictions=(predictions,), labels=(labels,)))


def test_two_names_that_do_not_fit_on_a_line_have_one_each() -> None:
    text = shown(with_files(LONG[:60], "labels-of-the-test-set.csv"), 80)
    assert text.splitlines()[:2] == [LONG[:60], "  against labels-of-the-test-set.csv"]
    assert shown(with_files("p.csv", "l.csv"), 40).startswith("p.csv against l.csv\n")


def test_a_long_path_is_broken_behind_a_folder() -> None:
    assert shown(with_files(LONG, LONG), 60).splitlines()[:4] == [
        "runs/2026-11-22/a-model-with-a-long-name/seed-17/",
        "  predictions/part-of-the-test-set.parquet",
        "  against runs/2026-11-22/a-model-with-a-long-name/seed-17/",
        "  predictions/part-of-the-test-set.parquet",
    ]
    # One without folders begins on a line of its own.
    assert shown(with_files("p.csv", "l" * 70), 60).splitlines()[:3] == ["p.csv", "  against", "  " + "l" * 58]


def test_numbers_stay_with_their_signs() -> None:
    text = "accuracy ≥ 0.98 loss <= 0.5 5 % interval 0.25 … 0.75 change +0.5 ± 0.25 +/- 3"
    for width in range(11, 90):
        lines = [line.plain for line in wrap(Text(text), width)]
        assert " ".join(lines) == text
        assert not any(line.endswith(("≥", "<=", "…", "±", "+/-")) for line in lines)
        assert not any(line.startswith("%") for line in lines)


# Wide screens.


def test_where_every_column_has_its_place_bars_grow() -> None:
    of = sample("digits_forest")
    lengths = [max(line.count("━") for line in shown(of, width).splitlines()) for width in range(126, 161)]
    assert lengths[0] == 10
    assert lengths[-1] == max(lengths) == 30
    assert lengths == sorted(lengths)
    assert "━" * 11 not in shown(of)


def test_bars_grow_only_as_far_as_names_leave_room() -> None:
    of = sample("cancer")
    classes = (replace(of.classes[0], class_="n" * 60), of.classes[1])
    for width in range(150, 200):
        text = shown(replace(of, classes=classes), width)
        assert max(map(cell_len, text.splitlines())) <= width
        assert "n" * 60 in text or "━" * 11 not in text


def test_the_loss_of_tokens_stands_on_one_line_beside_a_longer_one(tmp_path: Path) -> None:
    columns = {"p": [-0.5, -2.0] * 20, "bytes": [1, 2] * 20}
    text = shown(evaluated(tmp_path, columns, input="label-logprobs", pred="p", per="bytes"), 80)
    (line,) = (line for line in text.splitlines() if line.startswith("log loss"))
    assert line.startswith("log loss    1.2500 nats  95 % interval ")
    assert "standard error" in line
