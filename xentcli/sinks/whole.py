"""One output file, written beside its place and renamed into it; pipes and devices are written directly."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xentcli.errors import OutputError, UsageError
from xentcli.text import quote


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
            if self._beside is None and _is_standard_output(self._target):
                _write_all(1, data)
                return
            if self._beside is None:
                with self._target.open("wb", buffering=0) as handle:
                    _write_all(handle.fileno(), data)
                return
            with self._beside.open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            self._beside.replace(self._target)
        except BrokenPipeError:
            return
        except OSError as error:
            raise _failure(self.place, error) from error


@contextmanager
def whole_file(place: str, inputs: Iterable[str]) -> Iterator[WholeFile]:
    """Give the output file `place`, checked now: its folder can be written, and it is none of the inputs.

    Raises UsageError or OutputError. What is left beside it at the end is removed; what a killed run left, too.
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
        yield WholeFile(place, Path(os.path.realpath(target)) if beside is not None else target, beside)
    finally:
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _beside(place: str, target: Path, inputs: Iterable[str]) -> Path | None:
    """Return the file to write first, made now; None where the target is a pipe or a device."""
    with suppress(FileNotFoundError):
        mode = target.stat().st_mode
        if stat.S_ISREG(mode) and _is_standard_output(target):
            return None
        if stat.S_ISDIR(mode):
            raise UsageError(f"--output is {quote(place)}, a directory")
        if not stat.S_ISREG(mode):
            return None
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "Permission denied")
    for path in inputs:
        with suppress(OSError):
            if target.samefile(path):
                raise UsageError(f"--output is {quote(place)}, which is an input")
    real = Path(os.path.realpath(target))
    _remove_leftovers(real)
    beside = real.with_name(f".{real.name}.xent-{os.getpid()}")
    beside.touch()
    if real.exists():
        with suppress(OSError):
            beside.chmod(stat.S_IMODE(real.stat().st_mode))
    return beside


def _is_standard_output(target: Path) -> bool:
    """Say whether a place is what standard output already is (/dev/stdout and its other names)."""
    with suppress(OSError):
        ours, theirs = os.fstat(1), target.stat()
        return (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino)
    return False


def _remove_leftovers(real: Path) -> None:
    """Remove what a run that was killed left beside the target: files of processes that are gone."""
    pattern = re.compile(re.escape(f".{real.name}.xent-") + r"(\d+)")
    with suppress(OSError):
        for other in real.parent.iterdir():
            match = pattern.fullmatch(other.name)
            if match and not _is_running(int(match.group(1))):
                other.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _failure(place: str, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputError(f"cannot write {quote(place)}: {reason}")
