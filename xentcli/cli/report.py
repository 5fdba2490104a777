"""Evaluate, render, write: the result to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass

from xentcli.cli.progress import Bar
from xentcli.errors import OutputError, UsageError
from xentcli.evaluation import evaluate_spec
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
    progress: bool | None
    quiet: bool

    def __post_init__(self) -> None:
        if self.top < 1:
            raise UsageError(f"--top is {self.top}; it takes a whole number from 1 up")


def evaluate_and_report(spec: EvalSpec, predictions: str, labels: str | None, report: Report) -> None:
    """Evaluate and write the result where it is wanted. Raises XentError."""
    inputs = [path for path in (predictions, labels) if path is not None]
    with nullcontext() if report.output is None else whole_file(report.output, inputs) as file:
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
        return result.to_json()
    from xentcli.render.table import TableOptions, render

    return render(result, screen, TableOptions(report.sort, report.top))


def _warn(result: EvalResult) -> None:
    """Say on standard error what a reader of JSON may not look at."""
    from xentcli.text import show

    for warning in result.warnings:
        print(f"warning: {show(warning.message, 2000)}", file=sys.stderr)


def write_stdout(text: str) -> None:
    """Write the result; a reader that has gone is met with silence, a full disk with an error."""
    stream = sys.stdout
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Python flushes once more at exit: give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise OutputError(f"cannot write to standard output: {error.strerror or error}") from error
