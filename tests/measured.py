"""A run of its own, and the most memory that it held."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

# A process counts what its parent held when it was forked; this one holds little.
_BETWEEN = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""


def run_measured(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> tuple[subprocess.CompletedProcess[bytes], int]:
    """Return how a command ended, and the peak of its memory in bytes."""
    with tempfile.NamedTemporaryFile("r") as told:
        between = [sys.executable, "-c", _BETWEEN, told.name, *command]
        done = subprocess.run(between, capture_output=True, env=environment, check=False)
        return done, int(Path(told.name).read_text()) * 1024
