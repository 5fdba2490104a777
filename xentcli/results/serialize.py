"""Results as plain data and as JSON: their dataclasses, field by field."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from typing import Any

from xentcli.results.figures import Later
from xentcli.results.json_text import bracketed, json_text
from xentcli.results.verdicts import Change

_PARTS = ("inputs", "settings", "overall", "classes", "slices", "baseline", "gates", "warnings", "run")
_ORDER = ("schema_version", "xent_version", "command", *_PARTS[:7], "infinite", *_PARTS[7:])


def to_dict(result: Any) -> dict[str, Any]:
    """Return an `EvalResult` as plain data; infinite figures are None and their places are listed in `infinite`."""
    infinite: list[str] = []
    parts = {name: plain(held, name, infinite) for name in _PARTS if (held := getattr(result, name)) is not None}
    return {
        "schema_version": result.schema_version,
        "xent_version": result.xent_version,
        "command": result.command,
        "inputs": parts["inputs"],
        "settings": parts["settings"],
        "overall": parts["overall"],
        "classes": parts["classes"],
        **{name: parts[name] for name in ("slices", "baseline", "gates") if name in parts},
        "infinite": infinite,
        "warnings": parts["warnings"],
        "run": parts["run"],
    }


def to_json(result: Any, ascii_only: bool = False) -> str:
    """Return an `EvalResult` as JSON text with a final newline; every float is written so that it reads back the same.

    It is the text of `to_dict`, without all of that in memory at once: there may be 100,000 classes.
    """
    infinite: list[str] = []
    texts: dict[str, str] = {}
    for name in ("schema_version", "xent_version", "command", *_PARTS):
        held = getattr(result, name)
        if isinstance(held, tuple | Later):
            items = enumerate(held)
            each = [json_text(plain(item, f"{name}.{at}", infinite), ascii_only, "    ") for at, item in items]
            texts[name] = bracketed(each, "[]", "  ")
        elif held is not None:
            texts[name] = json_text(plain(held, name, infinite), ascii_only, "  ")
    texts["infinite"] = json_text(infinite, ascii_only, "  ")
    return bracketed([f'"{name}": {texts.pop(name)}' for name in _ORDER if name in texts], "{}", "") + "\n"


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
