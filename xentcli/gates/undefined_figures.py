"""Why a figure cannot be held against a limit: it is undefined, infinite, or of nothing."""

from __future__ import annotations

import math

from xentcli.gates.metric_values import entry_of
from xentcli.numerics.intervals import FEWEST_ROWS
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall, SliceResult
from xentcli.results.metric_names import Metric
from xentcli.text import quote

_OF_INTERVALS = ("_se", "_low", "_high", "p_value", "p_adjusted")


def why_unfit(result: EvalResult, metric: Metric, value: float | None) -> str | None:
    """Return why a metric with that value fails every gate, None where it does not.

    A class without rows fails every gate but one on its number of rows, which is 0 and nothing else.
    """
    entry = result.overall if metric.kind == "overall" else entry_of(result, metric)
    if metric.kind == "class" and (entry is None or (isinstance(entry, ClassResult) and not entry.rows)):
        return None if metric.key == "rows" else f"class {quote(str(metric.of[0]))} has no rows"
    if entry is None:
        return f"no row has {_pairs(metric)}"
    if metric.key == "macro_loss":
        whole = entry.overall if isinstance(entry, SliceResult) else result.overall
        if whole.macro_classes < len(result.inputs.classes):
            return f"only {whole.macro_classes:,} of {len(result.inputs.classes):,} classes have rows"
    if value is None:
        return f"it is undefined{_because(result, entry, metric.key)}"
    return "it is infinite" if math.isinf(value) else None


def _pairs(metric: Metric) -> str:
    return ", ".join(f"{column} {'(none)' if value is None else quote(value)}" for column, value in metric.of)


def _because(result: EvalResult, entry: Overall | ClassResult | SliceResult, key: str) -> str:
    """Return the reason, where there is one to tell."""
    whole = entry.overall if isinstance(entry, SliceResult) else entry
    if whole.loss is None:
        return ": its rows have no weight"
    if math.isinf(whole.loss):
        return ": the loss is infinite"
    rows = whole.rows if isinstance(whole, ClassResult) else whole.effective_rows
    if key.endswith(_OF_INTERVALS) and rows is not None and rows < FEWEST_ROWS:
        return ": there are no intervals below 10 effective rows"
    if result.inputs.task == "label-only":
        return ": the probabilities of other classes than the label's are not known"
    if key.startswith("skill") and isinstance(whole, Overall) and whole.macro_classes < 2:
        return ": only one class occurs"
    return ""
