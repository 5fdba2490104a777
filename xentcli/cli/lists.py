"""Options that hold several names: `a,b,c`, or `@FILE` with one a line."""

from __future__ import annotations

from pathlib import Path

from xentcli.errors import DataError, UsageError


def names_of(option: str, value: str | None) -> tuple[str, ...]:
    """Return the names in the value of an option, () without one.

    >>> names_of("--classes", "cat,dog"), names_of("--classes", None)
    (('cat', 'dog'), ())
    """
    if value is None:
        return ()
    if value.startswith("@"):
        return _lines(option, value[1:])
    names = tuple(value.split(","))
    if not all(names):
        raise UsageError(f"{option} is {value!r}, which has an empty name; names are separated by single commas")
    return names


def _lines(option: str, path: str) -> tuple[str, ...]:
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{option} reads names from it, but it is not valid UTF-8", file=path) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataError(f"{option} cannot read it: {reason}", file=path) from error
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    seen: dict[str, int] = {}
    for number, name in enumerate(lines, start=1):
        if not name:
            raise DataError(f"{option} reads one name a line; this line is empty", file=path, line=number)
        if name in seen:
            raise DataError(f"{option} has {name!r} twice, first in line {seen[name]}", file=path, line=number)
        seen[name] = number
    return tuple(lines)
