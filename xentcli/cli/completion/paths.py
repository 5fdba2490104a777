"""Paths on the line that is being typed."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def is_file(path: str) -> bool:
    """Say whether there is a regular file: to open a pipe would wait for whoever writes to it."""
    try:
        return stat.S_ISREG(os.stat(expanded(path)).st_mode)  # noqa: PTH116  # as above
    except (OSError, ValueError):
        return False


def expanded(path: str) -> str:
    """Return a path with the home directory and the variables that the shell would put in."""
    return path if os.path.lexists(path) else os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111  # as above
