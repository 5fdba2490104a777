"""Inspect, render, write: the result to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from xentcli.cli import garbage
from xentcli.cli.limiting import limited
from xentcli.cli.streams import refuse_closed, say, write_stdout
from xentcli.commands.inspect.inspect import inspect_spec
from xentcli.errors import XentError
from xentcli.render.formats import InspectFormat
from xentcli.render.screen import Screen
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.inspection import InspectResult
from xentcli.sinks.output_file import WholeFile, whole_file
from xentcli.spec.options import EvalSpec
from xentcli.text import show


def inspect_and_report(
    spec: EvalSpec, predictions: str, labels: str | None, *, form: str, output: str | None, quiet: bool
) -> None:
    """Inspect and write the result where it is wanted. Raises XentError."""
    if output is None:
        refuse_closed()
    garbage.resume()
    inputs = [path for path in (predictions, labels) if path is not None]
    with nullcontext() if output is None else whole_file(output, inputs) as file:
        with limited(spec.memory_limit):
            try:
                result = inspect_spec(spec, predictions, labels, tuple(sys.argv[1:]))
            except XentError as error:
                # What columns look like is needed most where it is not clear what they are for; the error comes last.
                if isinstance(error.inspection, InspectResult):
                    _write(_text(error.inspection, form, file), file)
                raise
            text = _text(result, form, file)
        # A reader of the others may not look at what is doubtful.
        if not (InspectFormat(form).shows_all or quiet):
            for doubt in result.doubts:
                say(f"doubt: {show(doubt.message, 2000)} ({show(' or '.join(doubt.options), 2000)})")
        _write(text, file)


def _text(result: InspectResult, form: str, file: WholeFile | None) -> str:
    screen = Screen.of(sys.stdout, os.environ) if file is None else Screen()
    return InspectFormat(form).text_of(result, screen, ListingOptions())


def _write(text: str, file: WholeFile | None) -> None:
    write_stdout(text) if file is None else file.write(text)
