"""xent run in forked children: everything is imported once, and each run has streams, a timer and limits of its own.

The process that forks must have no threads: it imports, and never evaluates anything itself.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import io
import os
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

SECONDS = 10
MEMORY = 300 << 20
# Of addresses: so that a run that takes all memory ends before the machine does.
_ADDRESSES = 6 << 30


# Imported while files are read or written: pyarrow looks for pandas where a table is made.
_BESIDE = (
    *("encodings.ascii", "hashlib", "pandas", "rich.console", "typer._click.decorators"),
    *("pyarrow.compute", "pyarrow.csv", "pyarrow.json", "pyarrow.parquet"),
)


@dataclass(frozen=True)
class Ran:
    """What a run left behind: its exit code, or minus the signal that ended it, both streams, its memory and time."""

    code: int
    stdout: bytes
    stderr: bytes
    peak: int
    seconds: float


def import_everything() -> None:
    """Import the package and what it imports on the way, so that no child has to; nothing here is garbage later."""
    import xentcli
    from xentcli.cli import commands
    from xentcli.cli.main import main

    for module in pkgutil.walk_packages(xentcli.__path__, "xentcli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in _BESIDE:
        importlib.import_module(name)
    # What is made once is kept: patterns, parsers, and here the commands, too. No file is read, and no thread started.
    commands._built = functools.cache(commands._built)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for command in ("eval", "inspect"):
            main([command, "--no-such-option"])
    gc.collect()
    gc.freeze()
    gc.disable()


def run_xent(arguments: Sequence[str]) -> Ran:
    """Run xent in a child."""

    def work() -> int:
        from xentcli.cli.main import main

        return int(main(list(arguments)))

    return forked(work)


def forked(work: Callable[[], int]) -> Ran:
    """Return what came of a call in a child, whose exit code is what it returns."""
    streams = [os.memfd_create(name) for name in ("stdout", "stderr")]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_a_child(work, streams)
    _, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - began
    held = []
    for stream in streams:
        held.append(os.pread(stream, os.fstat(stream).st_size, 0))
        os.close(stream)
    return Ran(os.waitstatus_to_exitcode(status), held[0], held[1], usage.ru_maxrss * 1024, seconds)


def _be_a_child(work: Callable[[], int], streams: Sequence[int]) -> None:
    """Call, and end the process without anything of the parent's."""
    code = 99
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Ends the process wherever it is, in C too.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # as small as it gets in a child
            os.dup2(nothing.fileno(), 0)
        for number, stream in enumerate(streams, start=1):
            os.dup2(stream, number)
        sys.stdout, sys.stderr = (
            io.TextIOWrapper(io.FileIO(number, "w"), encoding="utf-8", write_through=True) for number in (1, 2)
        )
        code = work()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for written in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                written.flush()
        os._exit(code)
