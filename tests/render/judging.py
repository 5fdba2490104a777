"""Results with gates and baselines, made up so that every figure of theirs can be read off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from xentcli import evaluate
from xentcli.results.evaluation import EvalResult
from xentcli.results.metric_names import metrics_of
from xentcli.results.verdicts import BaselineResult, Change, GateResult

SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
SURE = ("loss", "skill")
CHANGED = (*SURE, "macro_loss", "accuracy", "brier", "prior_entropy", "perplexity", "recall")
GATES = (
    GateResult("loss", "max", 0.1, 0.09025, True, None),
    GateResult("accuracy", "min", 0.98, 0.9789, False, "0.9789 is below 0.98"),
    GateResult("loss", "max-increase", 0.0043125, 0.004, True, None, 0.08625, 5.0),
    GateResult("class/malignant/recall", "max-decrease", 0.01, -0.02, True, None, 0.94),
    GateResult("rows", "min", 1000.0, 569, False, "569 is below 1000"),
    GateResult("macro_loss", "max", 0.1, None, False, "only 1 of 2 classes have rows"),
)


@cache
def sample(stem: str, **options: Any) -> EvalResult:
    """Return the evaluation of a sample, under its plain file names."""
    labels = f"{stem.partition('_')[0]}_labels.csv"
    found = evaluate(SAMPLES / f"{stem}.csv", SAMPLES / labels, **options)
    return replace(found, inputs=replace(found.inputs, predictions=(f"{stem}.csv",), labels=(labels,)), warnings=())


def with_baseline(of: EvalResult, same_rows: bool | None = False, change: float = 0.004, **more: Any) -> EvalResult:
    """Return the result beside a baseline in which every figure was lower by `change`, give or take 0.018."""
    changes = tuple(_changes(of, change, None if same_rows else 0.018))
    known: dict[str, Any] = {"file": "main.json", "rows": 570, "notes": ()} | more
    return replace(of, baseline=BaselineResult(same_rows=same_rows, changes=changes, **known))


def _changes(of: EvalResult, change: float, half: float | None) -> Iterator[Change]:
    for metric, value in metrics_of(of):
        key = metric.rpartition("/")[2]
        if key in CHANGED and value is not None:
            yield Change(metric, value - change, value, change, half if key in SURE else None)
