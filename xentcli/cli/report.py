"""Evaluate, render, write: the result to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass

from xentcli.cli import garbage
from xentcli.cli.progress import Bar
from xentcli.cli.streams import say, write_stdout
from xentcli.errors import UsageError
from xentcli.evaluation import evaluate_spec
from xentcli.memory import keep_freed_memory
from xentcli.render.formats import text_of
from xentcli.render.listing import ListingOptions
from xentcli.render.screen import Screen
from xentcli.result import EvalResult
from xentcli.sinks.whole import whole_file
from xentcli.spec import EvalSpec

# Formats for people, who read the warnings below the figures.
_SHOWING_WARNINGS = {"table", "markdown", "github"}


@dataclass(frozen=True, slots=True)
class Report:
    """How the result is wanted, and how quietly."""

    format: str
    output: str | None
    listing: ListingOptions
    progress: bool | None
    quiet: bool

    def __post_init__(self) -> None:
        if self.listing.top < 1:
            raise UsageError(f"--top is {self.listing.top}; it takes a whole number from 1 up")


def evaluate_and_report(spec: EvalSpec, predictions: str, labels: str | None, report: Report) -> None:
    """Evaluate and write the result where it is wanted. Raises XentError."""
    if report.listing.slice_classes and not spec.columns.by:
        raise UsageError("--slice-classes is for slices; name their columns with --by")
    garbage.resume()
    inputs = [path for path in (predictions, labels) if path is not None]
    with nullcontext() if report.output is None else whole_file(report.output, inputs) as file:
        keep_freed_memory()
        with Bar(sys.stderr, report.progress, report.quiet) as bar:
            result = evaluate_spec(spec, predictions, labels, bar, tuple(sys.argv[1:]))
        if report.format not in _SHOWING_WARNINGS and not report.quiet:
            _warn(result)
        if file is not None:
            file.write(text_of(result, report.format, Screen(), report.listing))
        else:
            write_stdout(text_of(result, report.format, Screen.of(sys.stdout, os.environ), report.listing))


def _warn(result: EvalResult) -> None:
    """Say on standard error what a reader of the figures may not look at, or is not told."""
    from xentcli.text import show

    for warning in result.warnings:
        say(f"warning: {show(warning.message, 2000)}")
