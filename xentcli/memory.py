"""How much memory is free for this process: of the machine, of its control group, of its own limit."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_STATUS = Path("/proc/self/status")
_CGROUP = Path("/sys/fs/cgroup")


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
