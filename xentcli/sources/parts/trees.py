"""Folders that can be listed, and what they hold: those of this machine; others are in `uris.py`."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """What a folder holds under a name; `identity` tells whether two paths lead to the same thing."""

    name: str
    is_folder: bool
    is_file: bool
    size: int
    is_link: bool
    identity: tuple[int, int] | None


class Tree(Protocol):
    """Folders that can be listed: of this machine, or behind a URI."""

    def entries(self, folder: str, deep: bool) -> list[Entry]:
        """Return what a folder holds; `deep` says that all below it will be asked for. Raises OSError."""

    def join(self, folder: str, name: str) -> str:
        """Return the path of what a folder holds."""

    def shown(self, path: str) -> str:
        """Return a path as it is opened and stands in messages."""

    def is_there(self, path: str) -> bool:
        """Say whether a path stands for something as it is written, wildcards and all."""

    def is_root(self, folder: str) -> bool:
        """Say whether a folder is the root of everything."""

    def identity(self, folder: str) -> tuple[int, int] | None:
        """Return what tells whether two paths lead to the same folder; None where nothing does."""


class LocalTree:
    """The folders of this machine."""

    def entries(self, folder: str, deep: bool) -> list[Entry]:
        """Return what a folder holds."""
        del deep
        with os.scandir(folder or ".") as found:
            return [_entry(entry) for entry in found]

    def join(self, folder: str, name: str) -> str:
        """Return the path of what a folder holds."""
        return os.path.join(folder, name)  # noqa: PTH118  # paths stay as they were given: pathlib drops './'

    def shown(self, path: str) -> str:
        """Return the path as it is."""
        return path or "."

    def is_there(self, path: str) -> bool:
        """Say whether there is a file or folder of that name."""
        return os.path.lexists(path)

    def is_root(self, folder: str) -> bool:
        """Say whether a folder is the root of the file system, by whatever path."""
        return os.path.realpath(folder or ".") == "/"

    def identity(self, folder: str) -> tuple[int, int] | None:
        """Return the device and the number of a folder; None where it is not there."""
        with suppress(OSError, ValueError):
            found = os.stat(folder or ".")  # noqa: PTH116  # as it was given
            return found.st_dev, found.st_ino
        return None


def _entry(entry: os.DirEntry[str]) -> Entry:
    try:
        found = entry.stat()
    except OSError:
        # A link to nowhere, or to itself: opening it says so.
        return Entry(entry.name, False, True, 0, False, None)
    is_file = stat.S_ISREG(found.st_mode)
    return Entry(
        entry.name,
        stat.S_ISDIR(found.st_mode),
        is_file,
        found.st_size if is_file else 0,
        entry.is_symlink(),
        (found.st_dev, found.st_ino),
    )
