"""The result as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import Any

from xentcli.result import EvalResult, Later


def to_dict(result: EvalResult) -> dict[str, Any]:
    """Return the result as plain data; infinite figures are None and their places are listed in `infinite`."""
    infinite: list[str] = []
    names = ("inputs", "settings", "overall", "classes", "slices", "warnings", "run")
    parts = {name: plain(held, name, infinite) for name in names if (held := getattr(result, name)) is not None}
    return {
        "schema_version": result.schema_version,
        "xent_version": result.xent_version,
        "command": result.command,
        "inputs": parts["inputs"],
        "settings": parts["settings"],
        "overall": parts["overall"],
        "classes": parts["classes"],
        **({"slices": parts["slices"]} if "slices" in parts else {}),
        "infinite": infinite,
        "warnings": parts["warnings"],
        "run": parts["run"],
    }


def to_json(result: EvalResult, ascii_only: bool = False) -> str:
    """Return the result as JSON text with a final newline; every float is written so that it reads back the same."""
    return json.dumps(to_dict(result), ensure_ascii=ascii_only, allow_nan=False, indent=2) + "\n"


def plain(value: Any, place: str, infinite: list[str]) -> Any:
    """Return a value as dicts, lists, strings, numbers and None; what is infinite is None and its place is listed."""
    if is_dataclass(value):
        named = ((field.name.rstrip("_"), getattr(value, field.name)) for field in fields(value))
        return {name: plain(held, f"{place}.{name}", infinite) for name, held in named}
    if isinstance(value, dict):
        return {_text(name): plain(held, f"{place}.{name}", infinite) for name, held in value.items()}
    if isinstance(value, tuple | Later):
        return [plain(held, f"{place}.{at}", infinite) for at, held in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        infinite.append(place)
        return None
    if isinstance(value, str):
        return _text(value)
    return value


def _text(value: str) -> str:
    """Return a text that JSON readers take: bytes that were not UTF-8 (in a file's name) are lone surrogates."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
