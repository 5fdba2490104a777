"""One output file, written beside its place and renamed into it; pipes and devices are written directly."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from xentcli.errors import OutputError, UsageError
from xentcli.text import quote, show

# Names of streams that are open already: opening them anew would cut a file that they append to, or replace it.
_STREAM = re.compile(r"/dev/(?:(stdout)|(stderr)|fd/([0-9]+))|/proc/self/fd/([0-9]+)")
_RANDOM_BYTES = 8
_LONGEST_STEM = 255 - len(".") - len(".xent-") - 2 * _RANDOM_BYTES
# What is older was left by a run that was killed. Whether that still runs is not asked: on a volume that containers or
# machines share, its number means another process here, or none. A run that lasts longer makes its file anew.
_LEFT_AFTER_SECONDS = 24 * 60 * 60
# What is written first by runs of this process that are under way.
_unfinished: set[Path] = set()


class WholeFile:
    """A place for one text. A regular file appears in it whole, or what was there stays."""

    def __init__(self, place: str, target: Path, beside: Path | None) -> None:
        self.place = place
        self._target = target
        self._beside = beside

    def write(self, text: str) -> None:
        """Write the text and put it in place. Raises OutputError if that fails."""
        data = text.encode("utf-8", "backslashreplace")
        try:
            descriptor = _descriptor(self.place)
            if descriptor is not None:
                _write_all(descriptor, data)
                return
            if self._beside is None:
                with self._target.open("wb", buffering=0) as handle:
                    _write_all(handle.fileno(), data)
                return
            _write_whole(self._beside, data, self._target)
            self._beside.replace(self._target)
        except BrokenPipeError:
            return
        except OSError as error:
            raise _failure(self.place, error) from error


@contextmanager
def whole_file(place: str, inputs: Iterable[str]) -> Iterator[WholeFile]:
    """Give the output file `place`, checked now: its folder can be written, and it is none of the inputs.

    Raises UsageError or OutputError. What is left beside it at the end is removed; what a killed run left, too, once
    it is a day old.
    """
    if not place:
        raise UsageError("--output is '', which names no file")
    if place.endswith("/"):
        raise UsageError(f"--output is {quote(place)}, a directory")
    target = Path(place)
    try:
        beside = _beside(place, target, inputs)
    except (OSError, ValueError) as error:
        raise _failure(place, error) from error
    try:
        # Made where its removal is sure: a signal may arrive as soon as it is there.
        if beside is not None:
            _unfinished.add(beside)
            try:
                real = Path(os.path.realpath(target))
                _make(beside, real)
                _remove_leftovers(real, beside)
            except OSError as error:
                raise _failure(place, error) from error
        yield WholeFile(place, Path(os.path.realpath(target)) if beside is not None else target, beside)
    finally:
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            _unfinished.discard(beside)


def remove_unfinished() -> None:
    """Remove what is half written, before the process ends without leaving its blocks."""
    for beside in tuple(_unfinished):
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _beside(place: str, target: Path, inputs: Iterable[str]) -> Path | None:
    """Return the file to write first; None where the target is a pipe or a device."""
    with suppress(FileNotFoundError):
        mode = target.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UsageError(f"--output is {quote(place)}, a directory")
        if not stat.S_ISREG(mode):
            return None
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
    _refuse_inputs(place, target, inputs)
    if _descriptor(place) is not None:
        return None
    real = Path(os.path.realpath(target))
    return real.with_name(f"{_stem(real)}{os.urandom(_RANDOM_BYTES).hex()}")


def _refuse_inputs(place: str, target: Path, inputs: Iterable[str]) -> None:
    """Raise UsageError for a target that is an input, or that would be one of its parts the next time."""
    real = os.path.realpath(target)
    for path in inputs:
        with suppress(OSError):
            if target.samefile(path):
                raise UsageError(f"--output is {quote(place)}, which is an input")
        folder = os.path.realpath(path)
        if Path(folder).is_dir() and Path(real).is_relative_to(folder):
            raise UsageError(f"--output is {quote(place)}, which is inside an input, the directory {quote(path)}")
        if not Path(path).exists() and fnmatchcase(real, folder):
            raise UsageError(f"--output is {quote(place)}, which an input, the pattern {quote(path)}, matches")


def _make(beside: Path, real: Path) -> None:
    """Make the file to write first, with the permissions of the one it will replace."""
    # Never through a link that somebody else has put there.
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    if real.exists():
        with suppress(OSError):
            beside.chmod(stat.S_IMODE(real.stat().st_mode))


def _stem(real: Path) -> str:
    """Return what the names of all files written first for a target begin with, short enough for a number after it."""
    return f".{os.fsencode(real.name)[:_LONGEST_STEM].decode('utf-8', 'ignore')}.xent-"


def _descriptor(place: str) -> int | None:
    """Return the open stream that a place is a name of, None if it is a file's."""
    match = _STREAM.fullmatch(place)
    if match is None:
        return None
    return 1 if match[1] else 2 if match[2] else int(match[3] or match[4])


def _remove_leftovers(real: Path, beside: Path) -> None:
    """Remove what runs that were killed left beside the target, by its age on the clock that made `beside`."""
    pattern = re.compile(re.escape(_stem(real)) + rf"[0-9a-f]{{{2 * _RANDOM_BYTES}}}")
    with suppress(OSError):
        now = beside.stat().st_mtime
        for other in real.parent.iterdir():
            if pattern.fullmatch(other.name):
                # Another run may remove it first.
                with suppress(OSError):
                    if now - other.lstat().st_mtime > _LEFT_AFTER_SECONDS:
                        other.unlink()


def _write_whole(beside: Path, data: bytes, real: Path) -> None:
    """Write what is to be put in place, down to the disk."""
    flags = os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW
    try:
        descriptor = os.open(beside, flags)
    except FileNotFoundError:
        # A run of days: another took it for what a killed one left.
        _make(beside, real)
        descriptor = os.open(beside, flags)
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _failure(place: str, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputError(f"cannot write {quote(place)}: {show(reason)}")
