"""Plain data as JSON text, indented as `json.dumps(…, indent=2)` does, which writes number by number in Python.

What holds no lists and no objects itself is written by Python's C encoder: 100,000 classes take a second less.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

_STEP = "  "


def json_text(value: Any, ascii_only: bool = False, margin: str = "") -> str:
    r"""Return plain data as text whose lines but the first begin with `margin`.

    >>> json_text({"a": [1, None], "b": {}})
    '{\n  "a": [\n    1,\n    null\n  ],\n  "b": {}\n}'
    """
    inside = margin + _STEP
    encode = _encoder(ascii_only, inside)
    if not isinstance(value, dict | list) or not value:
        return encode(value)
    held = value.values() if isinstance(value, dict) else value
    if not any(isinstance(item, dict | list) for item in held):
        flat = encode(value)
        return f"{flat[0]}\n{inside}{flat[1:-1]}\n{margin}{flat[-1]}"
    texts = [json_text(item, ascii_only, inside) for item in held]
    if isinstance(value, dict):
        texts = [f"{encode(str(name))}: {text}" for name, text in zip(value, texts, strict=True)]
    return bracketed(texts, "{}" if isinstance(value, dict) else "[]", margin)


def bracketed(texts: list[str], brackets: str, margin: str) -> str:
    """Return the texts of items, each on lines of its own, in brackets."""
    inside = margin + _STEP
    if not texts:
        return brackets
    # One join: the text of many classes is large.
    first, last = f"{brackets[0]}\n{inside}{texts[0]}", f"{texts[-1]}\n{margin}{brackets[1]}"
    texts = [f"{first}\n{margin}{brackets[1]}"] if len(texts) == 1 else [first, *texts[1:-1], last]
    return f",\n{inside}".join(texts)


@cache
def _encoder(ascii_only: bool, inside: str) -> Callable[[Any], str]:
    """Return what writes the items of a list or an object on lines that begin with `inside`."""
    separators = (f",\n{inside}", ": ")
    return json.JSONEncoder(ensure_ascii=ascii_only, allow_nan=False, separators=separators).encode
