"""The JSON Schemas that the package ships."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of a "result" or an "inspect"."""
    text = files("xentcli").joinpath(f"schema/{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


RESULT = schema_of("result")
INSPECT = schema_of("inspect")
