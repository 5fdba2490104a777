"""One flat object of numbers, for DVC, MLflow and jq: what gates call metrics, without those that are undefined."""

from __future__ import annotations

import json

from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult
from xentcli.results.metric_names import to_metrics


def render(result: EvalResult, screen: Screen, options: ListingOptions) -> str:
    """Return the metrics as JSON text with a final newline; names and numbers are ASCII."""
    return json.dumps(to_metrics(result), allow_nan=False, indent=2) + "\n"
