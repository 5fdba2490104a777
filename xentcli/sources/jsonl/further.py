"""Fields that the first record of JSON Lines lacks: they are no columns, and nothing reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice

_MOST_BYTES = 1 << 20


def further_fractions(lines: Iterable[bytes], known: Mapping[str, object], most: int) -> dict[str, int]:
    """Return the fields of the first lines that are not known and hold a fraction, each with its line from 1.

    >>> further_fractions([b'{"cat": 0.5}', b'{"cat": 0.5, "dog": 1.5, "n": 2, "note": "x"}'], {"cat": 0}, 1000)
    {'dog': 2}
    """
    found: dict[str, int] = {}
    size = 0
    for number, line in enumerate(islice(lines, most), 1):
        size += len(line)
        if size > _MOST_BYTES and number > 2:
            break
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            break  # For whoever reads the rows.
        if not isinstance(record, dict):
            break
        if record.keys() <= known.keys():
            continue
        for name, value in record.items():
            if name not in known and isinstance(value, float):
                found.setdefault(name, number)
    return found
