"""How the process keeps its memory."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource
import numpy as np
from xentcli.memory import keep_freed_memory
kept = {keep} and keep_freed_memory()
for _ in range(3):
    np.ones(1 << 17)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    np.ones(1 << 17) + np.ones(1 << 17)
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(keep: bool) -> tuple[bool, int]:
    """Return whether freed memory is kept, and how many pages two hundred arrays of a megabyte touched for the first
    time.
    """
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(keep=keep)], capture_output=True, text=True, check=True)
    kept, pages = done.stdout.split()
    return kept == "True", int(pages)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have other ways")
def test_freed_memory_is_used_again() -> None:
    kept, pages = faults(True)
    assert kept
    assert pages < 2000
    assert faults(False)[0] is False
