"""The class table as tests read it, of results of sample data."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from effort import spread

from xentcli import evaluate
from xentcli.render.screen import Screen
from xentcli.render.table.result import render
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult

SAMPLES = Path(__file__).parents[2] / "sample_data"
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "forest": ("digits_forest", "digits_labels", {}),
    "weighted": ("digits_logistic", "digits_labels", {"weight": "weight", "unit": "bits"}),
    "cancer": ("cancer", "cancer_labels", {}),
    "wine": ("wine_logits", "wine_labels", {"input": "logits"}),
    "infinite": ("digits_forest", "digits_labels", {"clip": None}),
}
WIDTHS = [*spread(range(40, 132)), 160, 200, 220]


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
