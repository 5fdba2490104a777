"""How much memory is free for this process: of the machine, of its control group, of its own limit."""

from __future__ import annotations

import re
import resource
import sys
from contextlib import suppress
from pathlib import Path

from xentcli.errors import ResourceError

_MEMINFO = Path("/proc/meminfo")
_STATUS = Path("/proc/self/status")
_CGROUP = Path("/sys/fs/cgroup")

# Below this no file can be read: the libraries are not loaded, or end the process when they cannot start a thread.
_LEAST_ADDRESSES, _LEAST_DATA = 256 << 20, 96 << 20
_MMAP_FROM, _TRIM_FROM = 32 << 20, 512 << 20


def keep_freed_memory() -> bool:
    """Let this process use freed memory again rather than give it back: fresh pages cost up to 4 µs each to touch.

    Returns whether it does from now on.

    The C library's allocator returns arrays of 128 KiB and more at once; a run frees and takes such arrays all the
    time. For a process of its own, not for a library: nothing happens where the C library is not glibc.
    """
    import ctypes  # NumPy has it already

    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            # M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h
            return bool(library.mallopt(-3, _MMAP_FROM)) and bool(library.mallopt(-1, _TRIM_FROM))
    return False


def refuse_starved() -> None:
    """Raise ResourceError where limits of this process leave too little to load the libraries, which end otherwise."""
    limits = (
        ("address space", "-v", resource.RLIMIT_AS, _LEAST_ADDRESSES),
        ("data", "-d", resource.RLIMIT_DATA, _LEAST_DATA),
    )
    for what, option, kind, least in limits:
        limit = resource.getrlimit(kind)[0]
        if limit != resource.RLIM_INFINITY and limit < least:
            problem = (
                f"the {what} of this process is limited to {limit:,} bytes (ulimit {option}), and xent needs {least:,}"
            )
            raise ResourceError(problem, hint="Raise it, or limit memory with --memory-limit instead.")


def lack(error: BaseException) -> ResourceError | None:
    """Return what to raise for an error by which Python or a library says that the system gives no more; else None."""
    if isinstance(error, MemoryError):
        return ResourceError("not enough memory", hint="Fewer --jobs or a smaller --chunk-rows need less.")
    text = str(error)
    if "can't start new thread" in text or "launch worker thread" in text:
        hint = "--jobs 1 needs the fewest; limits of memory (ulimit -v) and of processes (ulimit -u) are theirs, too."
        return ResourceError("no more threads can be started", hint=hint)
    if isinstance(error, ImportError) and re.search("failed to map|cannot map|annot allocate", text):
        return ResourceError("not enough memory to load the libraries", hint="Is there a limit (ulimit -v, ulimit -d)?")
    return None


def free_bytes() -> int | None:
    """Return the bytes that this process can still take, None where nothing says."""
    known = [free for free in (_of_machine(), _of_group(), _of_process()) if free is not None]
    return max(0, min(known)) if known else None


def peak_bytes() -> int:
    """Return the most memory this process has held, in bytes.

    Linux carries ru_maxrss over from the process that started this one; its VmHWM begins anew.
    """
    peak = _kilobytes(_STATUS, "VmHWM:")
    if peak is not None:
        return peak
    used = int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return used if sys.platform == "darwin" else used * 1024


def held_by(process: int) -> int:
    """Return the memory that a process holds now of its own, and its part of what it shares; 0 where it is gone."""
    return _kilobytes(Path(f"/proc/{process}/smaps_rollup"), "Pss:") or 0


def _of_machine() -> int | None:
    return _kilobytes(_MEMINFO, "MemAvailable:")


def _of_group() -> int | None:
    """Return what the control group leaves (version 2, as seen from within it)."""
    limit, used = _number(_CGROUP / "memory.max"), _number(_CGROUP / "memory.current")
    return None if limit is None or used is None else limit - used


def _of_process() -> int | None:
    """Return what the limit of the address space leaves."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    used = _kilobytes(_STATUS, "VmSize:")
    return None if limit == resource.RLIM_INFINITY or used is None else limit - used


def _kilobytes(path: Path, name: str) -> int | None:
    with suppress(OSError):
        for line in path.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return None


def _number(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text(encoding="ascii"))
    return None
