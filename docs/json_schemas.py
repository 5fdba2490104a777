"""Make the JSON Schemas xentcli/schema/*.json from the dataclasses of results: `python docs/json_schemas.py`.

With `--check` nothing is written, and the exit code says whether anything would change. A field has its type; what else
there is to say of it stands beside that in `Annotated`: a text is its description, a dict further keywords.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import is_dataclass
from inspect import getdoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall
from xentcli.results.inspection import InspectResult
from xentcli.results.serialize import ABSENT, PARTS

FOLDER = Path(__file__).resolve().parent.parent / "xentcli" / "schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
# What stands in several places of a result.
_SHARED = {Overall: "overall", ClassResult: "class"}
_INFINITE = Annotated[tuple[str, ...], "Figures that are infinite, as paths such as overall.loss or classes.0.loss."]


def schemas() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    result = {
        **_head("result", "What `xent eval -f json` prints. null is undefined, or infinite if listed in `infinite`."),
        **_parts(EvalResult, "eval"),
        "$defs": {name: _object(kind) for kind, name in _SHARED.items()},
    }
    inspection = {
        **_head("inspection", "What `xent inspect -f json` prints. null is unknown, or that there is none."),
        **_parts(InspectResult, "inspect"),
    }
    # Of what eval gives, the rows have a fingerprint, as all of them were read; inspect reads the first ones.
    result["properties"]["inputs"]["properties"]["rows_fingerprint"]["type"] = "string"
    inputs = inspection["properties"]["inputs"]["properties"]
    inputs["rows_fingerprint"] = {"type": "null", "description": "Not all rows were read."}
    made = {"result": result, "inspect": inspection}
    return {f"{name}.schema.json": json.dumps(held, ensure_ascii=False, indent=2) + "\n" for name, held in made.items()}


def _head(what: str, description: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"xent {what}",
        "description": description,
    }


def _parts(kind: type, command: str) -> dict[str, Any]:
    """Return what a whole result holds, in the order that it has as JSON; what it may lack is never null."""
    hints = get_type_hints(kind, include_extras=True) | {"infinite": _INFINITE}
    properties = {name: _schema(hints[name], null=name not in ABSENT) for name in PARTS[command]}
    return _closed(properties, required=[name for name in properties if name not in ABSENT])


def _object(kind: type) -> dict[str, Any]:
    """Return the schema of a dataclass or a named tuple: the first line of its docstring, and all fields."""
    hints = get_type_hints(kind, include_extras=True)
    properties = {name.rstrip("_"): _schema(held) for name, held in hints.items()}
    held = _closed(properties, required=list(properties))
    return {"type": held.pop("type"), "description": (getdoc(kind) or "").splitlines()[0], **held}


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _schema(hint: Any, *, null: bool = True) -> dict[str, Any]:
    """Return the schema of a type with what is said of it. null: it may be that where the type says so."""
    said = list(get_args(hint)[1:]) if get_origin(hint) is Annotated else []
    hint = get_args(hint)[0] if said else hint
    kinds = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    (kind,) = (each for each in kinds if each is not NoneType)
    made = _of(kind)
    for each in said:
        made |= {"description": each} if isinstance(each, str) else each
    nullable = null and NoneType in kinds
    if "enum" in made or "const" in made:
        del made["type"]
        made |= {"enum": [*made["enum"], None]} if nullable else {}
    elif nullable:
        made["type"] = [made["type"], "null"]
    return made


def _of(kind: Any) -> dict[str, Any]:
    """Return the schema of a type that is not null."""
    inside = get_args(kind)
    if get_origin(kind) in {tuple, Sequence}:
        return {"type": "array", "items": _schema(inside[0])}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _schema(inside[1])}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if kind in _SHARED:
        return {"$ref": f"#/$defs/{_SHARED[kind]}"}
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _object(kind)
    raise TypeError(f"{kind} has no schema")


def main() -> int:
    """Write or check the schemas."""
    stale = [name for name, text in schemas().items() if (FOLDER / name).read_text() != text]
    for name in stale:
        if "--check" in sys.argv:
            print(f"xentcli/schema/{name} is not what the results are; run python docs/json_schemas.py")
        else:
            (FOLDER / name).write_text(schemas()[name])
    return len(stale) if "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
