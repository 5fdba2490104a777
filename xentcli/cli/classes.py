"""What --classes holds: names, or a file of them, or a JSON file that says which is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xentcli.cli.values import json_of, lines_of, names_of, text_of
from xentcli.errors import DataError
from xentcli.spec.checks import class_map_flaw
from xentcli.text import quote

Names = tuple[str, ...]
ClassMap = Mapping[str, str | int]

_OPTION = "--classes"
_TAKES = 'one name a line, or JSON: a list of names, {"NAME": 0, ...} or {"0": "NAME", ...}'


def classes_of(value: str | None) -> tuple[Names, ClassMap | None]:
    """Return the names in --classes, and the object in its JSON file (then there are no names); ((), None) without it.

    A file is JSON where its first character that is no blank is `[` or `{`.

    >>> classes_of("cat,dog"), classes_of(None)
    ((('cat', 'dog'), None), ((), None))
    """
    if value is None or not value.startswith("@"):
        return names_of(_OPTION, value), None
    path = value[1:]
    text = text_of(_OPTION, path)
    if text.lstrip()[:1] not in {"[", "{"}:
        return lines_of(_OPTION, path, text), None
    held = json_of(_OPTION, path, text, _TAKES)
    if isinstance(held, list):
        return _listed(path, held), None
    flaw = class_map_flaw(held)
    if flaw:
        raise DataError(f"{_OPTION} {flaw}", file=path, hint=f"It takes {_TAKES}.")
    return (), held


def names_in_order(names: Names, held: ClassMap | None) -> Names:
    """Return the classes that --classes names: those of an object in the order of their places, or as they stand.

    >>> names_in_order((), {"dog": 1, "cat": 0}), names_in_order((), {"p1": "dog", "p0": "cat"})
    (('cat', 'dog'), ('dog', 'cat'))
    """
    if held is None:
        return names
    places = [(value, name) for name, value in held.items() if isinstance(value, int)]
    return tuple(name for _, name in sorted(places)) if places else tuple(map(str, held.values()))


def _listed(path: str, held: list[Any]) -> Names:
    """Return the names in a JSON list; whole numbers are names as their digits, as labels are."""
    seen: dict[str, None] = {}
    for item in held:
        name = str(item) if type(item) in {str, int} else ""
        if not name:
            raise DataError(f"{_OPTION} has {_shown(item)} in its list", file=path, hint=f"It takes {_TAKES}.")
        if name in seen:
            raise DataError(f"{_OPTION} has {quote(name)} twice", file=path)
        seen[name] = None
    if not seen:
        raise DataError(f"{_OPTION} has an empty list", file=path, hint=f"It takes {_TAKES}.")
    return tuple(seen)


def _shown(item: Any) -> str:
    import json

    return quote(json.dumps(item))
