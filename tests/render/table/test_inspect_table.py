"""The table of an inspection: whole at every width, nothing from the inputs active, the first 20 of very many."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, RunXent
from rich.cells import cell_len

from xentcli import InspectResult, inspect
from xentcli.render.screen import Screen
from xentcli.render.table.inspect import render
from xentcli.render.wording.listing_options import ListingOptions

CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "binary": ("cancer.csv", "cancer_labels.parquet", {}),
    "keyed": ("digits_forest.parquet", "digits_labels.csv", {"on": "image", "by": "half", "weight": "weight"}),
    "logits": ("wine_logits.csv", "wine_labels.csv", {"input": "logits", "order_check": False}),
}
HOSTILE = ["\x1b[2Jcat", "[red]x[/red]", "[link=http://e]x", "a\u202eb\td\ne", "x" * 5000, "漢字" * 40, "\udcff", ""]
WIDTHS = [40, 60, 80, 120, 200]


@cache
def result(case: str) -> InspectResult:
    predictions, labels, options = CASES[case]
    return inspect(SAMPLES / predictions, SAMPLES / labels, **options)


def hostile() -> InspectResult:
    """Return an inspection in which every text of the inputs is hostile."""
    base = result("keyed")
    file, rules = base.files[0], base.rules
    assert rules is not None and base.settings is not None
    columns = tuple(replace(file.columns[at], name=name, type=name, class_=name) for at, name in enumerate(HOSTILE))
    classes = tuple(
        replace(rules.classes[at], class_=name, prediction=name, label=name) for at, name in enumerate(HOSTILE)
    )
    labels = tuple(replace(rules.labels[0], label=name, class_="other") for name in HOSTILE)
    alignment = replace(rules.alignment, keys=(replace(rules.alignment.keys[0], name=HOSTILE[0]),))
    settings = replace(base.settings, weight=HOSTILE[0], by=tuple(HOSTILE), class_weight={HOSTILE[1]: 2.0})
    return replace(
        base,
        files=(replace(file, path=HOSTILE[0], parts=tuple(HOSTILE), columns=columns), base.files[1]),
        rules=replace(
            rules, classes=classes, labels=labels, names=HOSTILE[0], positive=HOSTILE[0], alignment=alignment
        ),
        settings=settings,
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", CASES)
def test_no_line_is_wider_than_the_screen(case: str, width: int) -> None:
    for unicode in (True, False):
        text = render(result(case), Screen(width, unicode=unicode), ListingOptions())
        assert max(map(cell_len, text.splitlines())) <= width
        assert unicode or text.isascii()


@pytest.mark.one_in_three
@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_what_comes_from_the_inputs_is_never_active(width: int | None) -> None:
    text = render(hostile(), Screen(width), ListingOptions())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]x[/red]" in text
    assert width is None or max(map(cell_len, text.splitlines())) <= width
    assert "\x1b[2J" not in render(hostile(), Screen(width, color=True), ListingOptions())


def test_figures_are_never_cut() -> None:
    for width in WIDTHS:
        lines = render(result("keyed"), Screen(width), ListingOptions()).splitlines()
        start = next(at for at, line in enumerate(lines) if line.endswith("sample rows"))
        counts = [line.split()[-1] for line in lines[start + 2 : start + 12]]
        rules = result("keyed").rules
        assert rules is not None and counts == [str(one.rows) for one in rules.classes]


@pytest.mark.parametrize("columns", [80, 200])
def test_on_a_terminal_there_is_colour_and_in_a_pipe_none(columns: int, run_xent: RunXent) -> None:
    arguments = ["inspect", str(SAMPLES / "cancer.csv"), str(SAMPLES / "cancer_labels.csv")]
    shown = run_xent(*arguments, terminal=True, columns=columns)
    assert (shown.code, shown.stderr) == (0, "")
    assert "\x1b[1m" in shown.stdout
    piped = run_xent(*arguments, columns=columns)
    assert "\x1b" not in piped.stdout
    assert "column       type  role         class\n" in piped.stdout
    assert "by row order · 'patient' agree in the 569 rows compared\n" in piped.stdout
    assert piped.stdout.endswith("All 569 rows were read and checked as eval does; 1 doubt. Nothing was scored.\n")


def test_of_very_many_the_first_20_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    k = 2000
    predictions, labels = tmp_path / "p.csv", tmp_path / "l.csv"
    predictions.write_text(
        "note," + ",".join(f"p_{at}" for at in range(k)) + "\n" + ("1," + "5e-4," * (k - 1) + "5e-4\n") * 30
    )
    labels.write_text("y\n" + "".join(f"{at}\n" for at in range(30)))
    found = inspect(predictions, labels)
    text = render(found, Screen(80), ListingOptions())
    assert f"{k - 19:,} more columns: {k - 20:,} prediction, 1 unused\n" in text
    assert f"{k - 20:,} more classes\n" in text
    assert len(text.splitlines()) < 75
    assert len(found.to_dict()["rules"]["classes"]) == k


def test_an_estimate_is_marked_and_parts_are_counted() -> None:
    file = replace(result("binary").files[0], rows=None, rows_estimate=1_234_567, parts=("a", "b", "c", "d", "e"))
    text = render(replace(result("binary"), files=(file, result("binary").files[1])), Screen(80), ListingOptions())
    assert "CSV · about 1.2 million rows · 13.8 kB · 2 columns · first 569 rows read\n" in text
    assert "5 parts: a, b, c and 2 more\n" in text
    piped = replace(file, rows_estimate=None, bytes=None)
    assert "CSV · unknown rows · 2 columns" in render(
        replace(result("binary"), files=(piped,)), Screen(80), ListingOptions()
    )


def test_left_out_labels_and_labels_beside_predictions_are_said(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b,y\n0.5,0.5,a\n0.5,0.5,\n0.5,0.5,-1\n0.5,0.5,b\n")
    text = render(inspect(path, missing="drop", ignore="-1"), Screen(80), ListingOptions())
    assert "(missing)  left out: missing            1\n" in text
    assert "-1         left out: ignored            1\n" in text
    assert "alignment    labels stand beside the predictions\n" in text
