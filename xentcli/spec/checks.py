"""Whether what an option holds can be meant, looked at alone."""

from __future__ import annotations

from collections.abc import Mapping

from xentcli.errors import UsageError
from xentcli.text import quote

_NO_PLACE = "neither a whole number from 0 up nor a name"

# Codecs of text that no file is written in; their errors do not say which bytes are bad. 'undefined' only ever fails.
_NO_FILES = {"idna", "punycode", "undefined"}


def class_map_flaw(held: Mapping[str, object]) -> str:
    """Return what is wrong with an object of places by class, or of classes by column or place; '' if nothing.

    >>> class_map_flaw({"cat": 0, "dog": 1}), class_map_flaw({"0": "cat", "1": "dog"}), class_map_flaw({"cat": 0.5})
    ('', '', "gives 'cat' 0.5, neither a whole number from 0 up nor a name")
    """
    if not held:
        return "has an empty object"
    seen: dict[object, str] = {}
    for name, value in held.items():
        if not isinstance(name, str) or not name:
            return "has an empty name" if isinstance(name, str) else f"has {name!r} for a name"
        if not (type(value) is int and value >= 0) and not (isinstance(value, str) and value):
            shown = quote(value) if isinstance(value, str) else repr(value)
            return f"gives {quote(name)} {shown}, {_NO_PLACE}"
        if value in seen:
            return f"gives {quote(seen[value])} and {quote(name)} the same: {quote(str(value))}"
        seen[value] = name
    return "has both whole numbers and names as values" if len(set(map(type, held.values()))) > 1 else ""


def refuse_no_number(option: str, value: object) -> None:
    """Raise UsageError for what is no number."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise UsageError(f"{option} is {value!r}; it takes a number")


def refuse_outside(option: str, value: int | None, most: int) -> None:
    """Raise UsageError for what is no whole number from 1 to `most`."""
    if value is not None and (type(value) is not int or not 1 <= value <= most):
        raise UsageError(f"{option} is {value!r}; it takes a whole number from 1 to {most}")


def refuse_repeats(option: str, names: tuple[str, ...]) -> None:
    """Raise UsageError for a name that is there twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise UsageError(f"{option} names {quote(name)} twice")
        seen.add(name)


def refuse_bad_delimiter(option: str, value: str | None) -> None:
    """Raise UsageError for what cannot be a delimiter of CSV."""
    if value is None:
        return
    if len(value) != 1 or not value.isascii() or value in '"\n\r\0' or value.isalnum() or value in "+-.":
        raise UsageError(
            f"{option} is {quote(value)}; it takes one ASCII character that is no quote, line end, letter, digit, "
            "sign or point, such as ';', or tab"
        )


def refuse_bad_encoding(option: str, value: str) -> None:
    """Raise UsageError for what is no encoding of text."""
    import codecs

    try:
        info = codecs.lookup(value)
    except (LookupError, ValueError):
        info = None
    # Codecs from bytes to bytes (base64, zip), of names in domains, and escapes are no encodings of text files.
    text = info is not None and getattr(info, "_is_text_encoding", True) and "escape" not in info.name
    if info is None or not text or info.name in _NO_FILES:
        raise UsageError(f"{option} is {quote(value)}; it takes an encoding such as utf-16, latin-1 or cp1252")
