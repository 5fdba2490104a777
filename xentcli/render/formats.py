"""The formats of results, each with the module that writes it, which is imported when it is asked for.

A module of a format has `render(result, screen, options)`, which returns the text with a final newline.
"""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from xentcli.render.screen import Screen
    from xentcli.render.wording.listing_options import ListingOptions
    from xentcli.results.evaluation import EvalResult
    from xentcli.results.inspection import InspectResult


class _Named(StrEnum):
    """A name with a module of this package."""

    module: str

    def __new__(cls, name: str, module: str = "") -> Self:
        """Return a format that compares as its name; without a module, as type checkers see `Format("csv")`, none."""
        one = str.__new__(cls, name)
        one._value_ = name
        one.module = f"xentcli.render.{module}"
        return one

    @property
    def shows_all(self) -> bool:
        """Say whether its readers see warnings, doubts and gates; beside the others they are said on standard error."""
        return self in {"table", "markdown"}

    @property
    def needs_gates(self) -> bool:
        """Say whether there is nothing in it without gates."""
        return self == "junit"

    def text_of(self, result: EvalResult | InspectResult, screen: Screen, options: ListingOptions) -> str:
        """Return a result in this format, with a final newline."""
        text: str = import_module(self.module).render(result, screen, options)
        return text


class Format(_Named):
    """How the result is written."""

    TABLE = "table", "table.result"
    JSON = "json", "json"
    CSV = "csv", "csv"
    MARKDOWN = "markdown", "markdown.result"
    METRICS = "metrics", "metrics"
    GITHUB = "github", "markdown.result"
    JUNIT = "junit", "junit"


class InspectFormat(_Named):
    """How what `inspect` found is written."""

    TABLE = "table", "table.inspect"
    JSON = "json", "json"
