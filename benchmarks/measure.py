"""One process, measured: wall time from start to end, and its peak memory as the kernel accounts it.

A process's peak begins with that of the one that started it, so the one that measures imports nothing big.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux counts kilobytes, macOS bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """What one process took, and what it printed."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: str | None
    """None once it has been looked at: what this process holds counts as its children's peak."""


class FailedError(Exception):
    """A process that was to be measured ended with an error."""


def run(command: Sequence[str]) -> Run:
    """Run a process and return its figures; both its streams go to files, which cost nothing to be read."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)]
        began = time.perf_counter()
        pid = os.posix_spawn(command[0], list(command), dict(os.environ), file_actions=streams)
        _, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise FailedError(f"{' '.join(command)}\n{err.read().decode(errors='replace')}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT, out.read().decode())


def warm(paths: Sequence[Path]) -> None:
    """Read files once, so that no round waits for the disk."""
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 20):
                pass
