"""One flat object of numbers, for DVC, MLflow and jq: what gates call metrics, without those that are undefined."""

from __future__ import annotations

import json
import math

from xentcli.results.evaluation import EvalResult
from xentcli.results.metric_names import metrics_of


def to_metrics(result: EvalResult) -> dict[str, float]:
    """Return every finite figure by the name of its metric; what is undefined or infinite is not there."""
    return {name: value for name, value in metrics_of(result) if value is not None and math.isfinite(value)}


def render(result: EvalResult) -> str:
    """Return the metrics as JSON text with a final newline; names and numbers are ASCII."""
    return json.dumps(to_metrics(result), allow_nan=False, indent=2) + "\n"
