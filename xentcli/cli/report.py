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
from xentcli.render.screen import Screen
from xentcli.result import EvalResult
from xentcli.sinks.whole import whole_file
from xentcli.spec import EvalSpec


@dataclass(frozen=True, slots=True)
class Report:
    """How the result is wanted, and how quietly."""

    format: str
    output: str | None
    sort: str
    top: int
    slice_classes: bool
    progress: bool | None
    quiet: bool

    def __post_init__(self) -> None:
        if self.top < 1:
            raise UsageError(f"--top is {self.top}; it takes a whole number from 1 up")


def evaluate_and_report(spec: EvalSpec, predictions: str, labels: str | None, report: Report) -> None:
    """Evaluate and write the result where it is wanted. Raises XentError."""
    if report.slice_classes and not spec.columns.by:
        raise UsageError("--slice-classes is for slices; name their columns with --by")
    garbage.resume()
    inputs = [path for path in (predictions, labels) if path is not None]
    with nullcontext() if report.output is None else whole_file(report.output, inputs) as file:
        keep_freed_memory()
        with Bar(sys.stderr, report.progress, report.quiet) as bar:
            result = evaluate_spec(spec, predictions, labels, bar, tuple(sys.argv[1:]))
        if report.format == "json" and not report.quiet:
            _warn(result)
        if file is not None:
            file.write(_text(result, report, Screen()))
        else:
            write_stdout(_text(result, report, Screen.of(sys.stdout, os.environ)))


def _text(result: EvalResult, report: Report, screen: Screen) -> str:
    if report.format == "json":
        from xentcli.render.data import to_json

        return to_json(result, ascii_only=not screen.unicode)
    from xentcli.render.table import TableOptions, render

    return render(result, screen, TableOptions(report.sort, report.top, report.slice_classes))


def _warn(result: EvalResult) -> None:
    """Say on standard error what a reader of JSON may not look at."""
    from xentcli.text import show

    for warning in result.warnings:
        say(f"warning: {show(warning.message, 2000)}")
