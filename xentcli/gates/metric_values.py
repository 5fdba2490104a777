"""The figure of a metric in a result."""

from __future__ import annotations

from xentcli.errors import UsageError
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, SliceResult, figure_of
from xentcli.results.metric_names import Metric, prefix
from xentcli.text import listing, nearest, quote


def metric_in(result: EvalResult, metric: Metric, option: str) -> float | None:
    """Return the figure of a metric; None where it is undefined, or its slice not in the data.

    Raises UsageError for a class that is none of the result's. Without prediction columns any class may be.
    """
    if metric.kind == "overall":
        return figure_of(result.overall, metric.key)
    entry = entry_of(result, metric)
    if entry is None and metric.kind == "class" and result.inputs.task != "label-only":
        known = [prefix("class", (name,)) + metric.key for name in result.inputs.classes]
        raise UsageError(
            f"{option} names {quote(metric.name)}, and {quote(str(metric.of[0]))} is no class; the classes are "
            f"{listing(result.inputs.classes)}",
            hint=nearest(metric.name, known),
        )
    if entry is None:
        # A label that no row has.
        return 0 if metric.kind == "class" and metric.key == "rows" else None
    return figure_of(entry, metric.key)


def entry_of(result: EvalResult, metric: Metric) -> ClassResult | SliceResult | None:
    """Return the class or the slice that a metric is about; None where there is none."""
    if metric.kind == "class":
        return next((entry for entry in result.classes if entry.class_ == metric.of[0]), None)
    return next((one for one in result.slices or () if one.by == dict(metric.of)), None)
