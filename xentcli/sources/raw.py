"""Where bytes come from: a file of this machine, standard input, or whatever `uris.py` opens."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Protocol


class Raw(Protocol):
    """An open run of bytes.

    seekable: it can be read again from its start. size: its length in bytes when it was opened, 0 if unknown.
    """

    handle: BinaryIO
    seekable: bool
    size: int

    def stamp(self) -> tuple[int, int] | None:
        """Return what changes when the content does: size and time of change; None where nothing can tell."""

    def close(self) -> None:
        """Close it."""


class LocalFile:
    """A file of this machine, or a pipe or device by its name. Raises OSError or ValueError if it cannot be opened."""

    def __init__(self, path: str) -> None:
        self.handle: BinaryIO = Path(path).open("rb", buffering=0)  # noqa: SIM115  # held until close()
        before = os.fstat(self.handle.fileno())
        self.seekable = stat.S_ISREG(before.st_mode)
        self.size = before.st_size if self.seekable else 0

    def stamp(self) -> tuple[int, int] | None:
        """Return the size and the time of change of a regular file."""
        now = os.fstat(self.handle.fileno())
        return (now.st_size, now.st_mtime_ns) if self.seekable else None

    def close(self) -> None:
        """Close the file."""
        self.handle.close()


class StandardInput:
    """Standard input, which can be read once; it stays open."""

    seekable = False
    size = 0

    def __init__(self) -> None:
        self.handle: BinaryIO = os.fdopen(0, "rb", buffering=0, closefd=False)

    def stamp(self) -> None:
        """Return None: a stream has no content to change."""

    def close(self) -> None:
        """Leave it open for whoever owns it."""
