"""Results as plain data and as JSON: their dataclasses, field by field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from xentcli.results.figures import Later
from xentcli.results.json_text import bracketed, json_text
from xentcli.results.verdicts import Change

_HEAD = ("schema_version", "xent_version", "command")
# The parts of a result by its command, in their order. `infinite` lists the places of infinite figures.
PARTS = {
    "eval": (
        *(*_HEAD, "inputs", "settings", "overall", "classes", "slices", "baseline", "gates"),
        *("infinite", "warnings", "run"),
    ),
    "inspect": (*_HEAD, "inputs", "settings", "files", "rules", "doubts", "warnings", "error", "run"),
}
# They are left out where they are None, as they were not asked for; others are null.
ABSENT = {"slices", "baseline", "gates"}


def to_dict(result: Any) -> dict[str, Any]:
    """Return an `EvalResult` or an `InspectResult` as plain data; what is infinite is None, its place in `infinite`."""
    infinite: list[str] = []
    parts = {name: plain(held, name, infinite) for name, held in _held(result)} | {"infinite": infinite}
    return {name: parts[name] for name in PARTS[result.command] if name in parts}


def to_json(result: Any, ascii_only: bool = False) -> str:
    """Return a result as JSON text with a final newline; every float is written so that it reads back the same.

    It is the text of `to_dict`, without all of that in memory at once: there may be 100,000 classes.
    """
    infinite: list[str] = []
    texts: dict[str, str] = {}
    for name, held in _held(result):
        if isinstance(held, tuple | Later):
            items = enumerate(held)
            each = [json_text(plain(item, f"{name}.{at}", infinite), ascii_only, "    ") for at, item in items]
            texts[name] = bracketed(each, "[]", "  ")
        else:
            texts[name] = json_text(plain(held, name, infinite), ascii_only, "  ")
    texts["infinite"] = json_text(infinite, ascii_only, "  ")
    shown = (name for name in PARTS[result.command] if name in texts)
    return bracketed([f'"{name}": {texts.pop(name)}' for name in shown], "{}", "") + "\n"


def _held(result: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts that a result has, by name."""
    for name in PARTS[result.command]:
        if name != "infinite" and not (name in ABSENT and getattr(result, name) is None):
            yield name, getattr(result, name)


def plain(value: Any, place: str, infinite: list[str]) -> Any:
    """Return a value as dicts, lists, strings, numbers and None; what is infinite is None and its place is listed."""
    if isinstance(value, float) and not math.isfinite(value):
        infinite.append(place)
        return None
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple | Later) and not isinstance(value, Change):
        return [plain(held, f"{place}.{at}", infinite) for at, held in enumerate(value)]
    if isinstance(value, Change):
        value = value._asdict()
    if isinstance(value, dict):
        return {_text(name): plain(held, f"{place}.{name}", infinite) for name, held in value.items()}
    return _figures(value, place, infinite)


def _figures(value: Any, place: str, infinite: list[str]) -> dict[str, Any]:
    """Return the fields of a dataclass. Most are numbers, or nothing: those need no place."""
    found: dict[str, Any] = {}
    for name, shown in _fields(value.__class__):
        held = getattr(value, name)
        quick = held is None or (isinstance(held, float) and math.isfinite(held))
        found[shown] = held if quick else plain(held, f"{place}.{shown}", infinite)
    return found


@cache
def _fields(kind: Any) -> tuple[tuple[str, str], ...]:
    """Return the names of the fields of a dataclass, and those that they have in the result."""
    return tuple((field.name, field.name.rstrip("_")) for field in fields(kind))


def _text(value: str) -> str:
    """Return a text that JSON readers take: bytes that were not UTF-8 (in a file's name) are lone surrogates."""
    return (
        value if type(value) is str and value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
    )
