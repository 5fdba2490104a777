"""A result as JSON: everything that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult
from xentcli.results.serialize import to_json

if TYPE_CHECKING:
    from xentcli.results.inspection import InspectResult


def render(result: EvalResult | InspectResult, screen: Screen, options: ListingOptions) -> str:
    """Return the text with a final newline; a stream that takes no more than ASCII gets no more."""
    return to_json(result, ascii_only=not screen.unicode)
