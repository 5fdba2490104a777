"""Writing to the standard streams, whoever reads them or does not."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from xentcli.errors import OutputError


def say(text: str) -> None:
    """Write a line to standard error, if anybody listens."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(text + "\n")
        stream.flush()
    except (OSError, ValueError):
        to_nowhere(stream)


def write_stdout(text: str) -> None:
    """Write the result; a reader that has gone is met with silence, a full disk with OutputError."""
    stream = sys.stdout
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        to_nowhere(stream)
    except OSError as error:
        to_nowhere(stream)
        raise OutputError(f"cannot write to standard output: {error.strerror or error}") from error


def to_nowhere(stream: TextIO | None) -> None:
    """Let what is still buffered go nowhere: Python flushes once more at exit."""
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
