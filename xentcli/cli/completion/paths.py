"""Paths on the line that is being typed."""

from __future__ import annotations

import os
import stat


def is_file(path: str) -> bool:
    """Say whether there is a regular file: to open a pipe would wait for whoever writes to it."""
    try:
        return stat.S_ISREG(os.stat(expanded(path)).st_mode)  # noqa: PTH116  # a Path would tidy up what was typed
    except (OSError, ValueError):
        return False


def expanded(path: str) -> str:
    """Return a path with the home directory and the variables that the shell would put in."""
    if os.path.lexists(path):
        return path
    return os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111  # a Path would tidy up what was typed
