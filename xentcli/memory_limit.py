"""A limit of memory that was asked for: what this process holds is looked at while it runs.

The system's own limits would be of addresses, not of memory (`ulimit -v`), and libraries in C++ end a process that
meets one in the middle of an allocation, with text of theirs (docs/limits.md).
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from xentcli.errors import ResourceError, UsageError
from xentcli.memory import held_by, peak_bytes
from xentcli.spec.options import MOST_MEMORY
from xentcli.text import quote

_SIZE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?:(?P<unit>[KMGT])(?:iB)?)?", re.ASCII | re.IGNORECASE)
_ALLOWED = "it takes bytes, or a number with K, M, G or T (of 1,024), such as 500M or 2G"
_STATM = "/proc/self/statm"
# Seconds from look to look: memory grows by tens of megabytes meanwhile.
_BETWEEN = 0.01
# Processes that belong to this one, as long as there are any.
_others: list[Callable[[], list[int]]] = []


@contextmanager
def counted_with(processes: Callable[[], list[int]]) -> Iterator[None]:
    """Count what other processes hold as held by this one, until the block is left; they end with it."""
    _others.append(processes)
    try:
        yield
    finally:
        _others.remove(processes)


def end_others() -> None:
    """End the processes that belong to this one, as it is about to end."""
    for process in [process for ids in _others for process in ids()]:
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)


def bytes_of(text: str | int) -> int:
    """Return a size that was given, in bytes. Raises UsageError.

    >>> bytes_of("2G"), bytes_of("1.5k"), bytes_of("1000"), bytes_of(1000)
    (2147483648, 1536, 1000, 1000)
    """
    match = _SIZE.fullmatch(str(text))
    size = -1
    if match is not None:
        # A number too large for float64 is infinite, which no size is.
        number = float(match["number"]) * 1024.0 ** (" KMGT".index((match["unit"] or " ").upper()))
        size = int(number) if number <= MOST_MEMORY else -1
    if size < 1 or isinstance(text, bool):
        raise UsageError(f"--memory-limit is {quote(str(text))}; {_ALLOWED}")
    return size


def refuse_excess(limit: int | None) -> None:
    """Raise ResourceError if this process holds more memory than the limit; None is no limit."""
    if limit is not None:
        used = held_bytes()
        if used > limit:
            raise excess(limit, used)


def excess(limit: int, used: int) -> ResourceError:
    """Return the error for a process that holds more than it may."""
    return ResourceError(
        f"--memory-limit is {limit:,} bytes, and {used:,} are in use",
        hint="Fewer --jobs or a smaller --chunk-rows need less; xent itself takes about 100 MB.",
    )


def held_bytes() -> int:
    """Return the memory that this process holds now, libraries included, and those that belong to it.

    Where nothing says, the most it has held.
    """
    if processes := [process for ids in _others for process in ids()]:
        return sum(map(held_by, [os.getpid(), *processes]))
    with suppress(OSError), open(_STATM, "rb", buffering=0) as file:  # noqa: PTH123  # hundreds of times a second
        return int(file.read(200).split()[1]) * os.sysconf("SC_PAGESIZE")
    return peak_bytes()


@contextmanager
def watched(limit: int | None, end: Callable[[ResourceError], None]) -> Iterator[None]:
    """Look at the memory of this process until the block is left; `end` is to end the process once it is too much.

    It is called on another thread, at most once, and never after the block was left.
    """
    if limit is None:
        yield
        return
    over, deciding = threading.Event(), threading.Lock()

    def watch() -> None:
        while not over.wait(_BETWEEN):
            used = held_bytes()
            with deciding:
                if used > limit and not over.is_set():
                    end(excess(limit, used))
                    return

    thread = threading.Thread(target=watch, name="xent-memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        with deciding:
            over.set()
        thread.join()
