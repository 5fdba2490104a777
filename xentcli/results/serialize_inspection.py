"""What an inspection found, as JSON."""

from __future__ import annotations

import json
from typing import Any

from xentcli.results.serialize import plain

_PARTS = ("inputs", "settings", "files", "rules", "doubts", "warnings", "error", "run")


def to_dict(result: Any) -> dict[str, Any]:
    """Return an `InspectResult` as plain data."""
    head = {name: getattr(result, name) for name in ("schema_version", "xent_version", "command")}
    return head | {name: plain(getattr(result, name), name, []) for name in _PARTS}


def to_json(result: Any, ascii_only: bool = False) -> str:
    """Return an `InspectResult` as JSON text with a final newline."""
    return json.dumps(to_dict(result), ensure_ascii=ascii_only, allow_nan=False, indent=2) + "\n"
