"""Programs that tests run and that a machine may be without: shells, man, linters of man pages."""

from __future__ import annotations

import os
import shutil

import pytest


def tool(name: str) -> str:
    """Return the path of a program. Without it the test is skipped; with XENT_ALL_TOOLS=1, as in .ci/run, it fails."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed"
        if os.environ.get("XENT_ALL_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
