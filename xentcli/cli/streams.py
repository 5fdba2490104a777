"""Writing to the standard streams, whoever reads them or does not."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TextIO

from xentcli.errors import ExitStatus, OutputError
from xentcli.text import show

_CLOSED = "cannot write to standard output: it is closed"
_AS_COMMANDS = False


class Closed(io.TextIOBase):
    """Standard output where there is none: whatever is written would be lost, and that is an error."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        """Raise OutputError."""
        raise OutputError(_CLOSED)


def keep_places() -> None:
    """Let nothing else be opened under the number of a standard stream that is closed.

    `-` would read a file that happens to be number 0, and what libraries say would be written into one that is 2. What
    is opened here instead can be used for nothing.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free.
            os.open(os.devnull, mode)


def refuse_closed() -> None:
    """Raise OutputError if there is no standard output: before a long run, of which the result would be lost."""
    if sys.stdout is None or isinstance(sys.stdout, Closed):
        raise OutputError(_CLOSED)


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


def speak(as_commands: bool) -> None:
    """Let errors be said as workflow commands of GitHub's from now on, or in plain words."""
    global _AS_COMMANDS  # noqa: PLW0603  # as the stream itself, it is the process's
    _AS_COMMANDS = as_commands
    if as_commands:
        # Nothing is to be imported when memory has run out.
        import xentcli.render.github  # noqa: F401


def say_error(message: str) -> int:
    """Say what is wrong in the way that was asked for; return the exit status."""
    if _AS_COMMANDS:
        from xentcli.render.github import error_annotation

        message = error_annotation(message)
    say(message if _AS_COMMANDS else f"error: {message}")
    return ExitStatus.ERROR


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
        raise OutputError(f"cannot write to standard output: {show(error.strerror or str(error))}") from error


def to_nowhere(stream: TextIO | None) -> None:
    """Let what is still buffered go nowhere: Python flushes once more at exit."""
    with suppress(OSError, ValueError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
