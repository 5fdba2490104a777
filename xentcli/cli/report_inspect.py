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
from xentcli.render.formats import inspect_text_of
from xentcli.render.screen import Screen
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
        # What is doubtful is in these; a reader of the others may not look at it.
        if form not in {"table", "markdown"} and not quiet:
            for doubt in result.doubts:
                say(f"doubt: {show(doubt.message, 2000)} ({show(' or '.join(doubt.options), 2000)})")
        _write(text, file)


def _text(result: InspectResult, form: str, file: WholeFile | None) -> str:
    return inspect_text_of(result, form, Screen() if file is not None else Screen.of(sys.stdout, os.environ))


def _write(text: str, file: WholeFile | None) -> None:
    write_stdout(text) if file is None else file.write(text)
