"""Where bytes come from: a file of this machine, standard input, or whatever `uris.py` opens."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Protocol, cast


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


class Kept:
    """What cannot be read twice, with its beginning kept for as long as somebody may want to read it again."""

    seekable = False
    size = 0

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._start = bytearray()
        self._keeping = True
        self.handle = cast("BinaryIO", _FromStart(self))

    def again(self) -> Raw:
        """Return another reading of it, from its start; both must not read at once."""
        assert self._keeping, "its beginning is gone"
        return _Again(self)

    def forget(self) -> None:
        """Keep no more of it than what is to be read yet: from here on there is one reading."""
        self._keeping = False

    def bytes_at(self, at: int, size: int) -> bytes:
        """Return at most `size` bytes from byte `at` on, as far as that is kept, else what comes next."""
        if at < len(self._start):
            return bytes(self._start[at : at + size])
        if not self._keeping:
            # Whoever asks is past all of it.
            self._start = bytearray()
        data = self._raw.handle.read(size)
        if self._keeping:
            self._start += data
        return data

    def stamp(self) -> None:
        """Return None: a stream has no content to change."""

    def close(self) -> None:
        """Close it."""
        self._raw.close()


class _FromStart:
    """A reading of what is kept, and then of what is not."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._at = 0

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end."""
        data = self._kept.bytes_at(self._at, size)
        self._at += len(data)
        return data


class _Again:
    """One more reading of what is kept."""

    seekable = False
    size = 0

    def __init__(self, kept: Kept) -> None:
        self.handle = cast("BinaryIO", _FromStart(kept))

    def stamp(self) -> None:
        """Return None: a stream has no content to change."""

    def close(self) -> None:
        """Leave it open for whoever owns it."""


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
