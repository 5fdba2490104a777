"""Evaluate, render, write: the result to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass

from xentcli.cli import garbage
from xentcli.cli.gating import Gating
from xentcli.cli.limiting import limited
from xentcli.cli.progress import Bar
from xentcli.cli.signals import heed
from xentcli.cli.streams import refuse_closed, say, write_stdout
from xentcli.commands.evaluate import evaluate_spec
from xentcli.errors import ExitStatus, UsageError
from xentcli.memory import keep_freed_memory
from xentcli.render.beside import beside
from xentcli.render.formats import Format
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.sinks.output_file import whole_file
from xentcli.spec.options import EvalSpec


@dataclass(frozen=True, slots=True)
class Report:
    """How the result is wanted, what it is held against, and how quietly."""

    format: str
    output: str | None
    listing: ListingOptions
    gating: Gating
    progress: bool | None
    quiet: bool

    def __post_init__(self) -> None:
        if self.listing.top < 1:
            raise UsageError(f"--top is {self.listing.top}; it takes a whole number from 1 up")
        if self.form.needs_gates and not self.gating.gates:
            raise UsageError(
                f"--format {self.form} has a test case for each gate, and there are none; give --max or --min"
            )

    @property
    def form(self) -> Format:
        """Return the format."""
        return Format(self.format)


def evaluate_and_report(spec: EvalSpec, predictions: str, labels: str | None, report: Report) -> int:
    """Evaluate, write the result where it is wanted and return the exit status. Raises XentError."""
    if report.listing.slice_classes and not spec.columns.by:
        raise UsageError("--slice-classes is for slices; name their columns with --by")
    if report.output is None:
        refuse_closed()
    garbage.resume()
    inputs = [path for path in (predictions, labels, report.gating.path) if path is not None]
    bar = Bar(sys.stderr, report.progress, report.quiet)
    with nullcontext() if report.output is None else whole_file(report.output, inputs) as file:
        with limited(spec.memory_limit, bar):
            baseline = report.gating.checked(spec)
            if spec.memory_limit is None:
                # What is freed would count.
                keep_freed_memory()
            heed()
            with bar:
                result = evaluate_spec(spec, predictions, labels, bar, tuple(sys.argv[1:]))
            result = report.gating.applied(result, baseline)
            screen = Screen.of(sys.stdout, os.environ) if file is None else Screen()
            text = report.form.text_of(result, screen, report.listing)
        for line in beside(result, report.form, alone=report.output is None, quiet=report.quiet):
            say(line)
        write_stdout(text) if file is None else file.write(text)
    met = all(gate.passed for gate in result.gates or ())
    return ExitStatus.OK if met or report.gating.exit_zero else ExitStatus.GATE
