"""Labels that are no classes, but would be if they were spelt otherwise: for errors, nothing is matched so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def _as_number(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    return text if math.isnan(value) else repr(value)


NEAR = {
    "without the spaces around it": lambda text: text.strip(),
    "without the apostrophes around it": lambda text: text.strip("'"),
    "in other letter case": lambda text: text.strip().casefold(),
    "as a number": _as_number,
}


def class_by_label(codes: Mapping[str, int | None], names: Sequence[str]) -> dict[str, int]:
    """Return the class of each label, {} where one may be several, or none, or several labels are one class.

    codes: what each label names as it stands. names: that of each class.

    >>> class_by_label({"Cat": None, "dog": 1}, ["cat", "dog"])
    {'Cat': 0, 'dog': 1}
    >>> class_by_label({"Cat": None, "CAT": None}, ["cat", "dog"])
    {}
    """
    found: dict[str, int] = {}
    for label, code in codes.items():
        at = _nearest(label, names) if code is None else code
        if at is None or at in found.values():
            return {}
        found[label] = at
    return found


def _nearest(label: str, names: Sequence[str]) -> int | None:
    """Return the one class that a label is nearly."""
    for plain in NEAR.values():
        hits = [at for at, name in enumerate(names) if plain(label) == plain(name)]
        if hits:
            return hits[0] if len(hits) == 1 else None
    return None
