"""What the cells of a column's first rows say: text, whole numbers, fractions, and whether rows sum to 1."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

Cells = Mapping[str, Sequence[str]]

SUM_TOLERANCE = 0.01


def is_digits(text: str) -> bool:
    """Return whether a text is one digit or more, of the ten of ASCII."""
    return text != "" and all(char in "0123456789" for char in text)


def is_whole(text: str) -> bool:
    """Return whether a cell is a whole number and written so: `3` and `-3`, neither `3.0` nor `3e0`."""
    return is_digits(text.removeprefix("-").removeprefix("+")) or text.lower() in {"true", "false"}


def is_number(text: str) -> bool:
    """Return whether a cell is a number.

    >>> [is_number(text) for text in ("3", "-0.5", "1e-5", "cat", "1_0")]
    [True, True, True, False, False]
    """
    try:
        float(text)
    except ValueError:
        return text.lower() in {"true", "false"}
    return "_" not in text


def text_columns(cells: Cells) -> list[str]:
    """Return the columns that hold something other than numbers."""
    return [name for name, column in cells.items() if not all(is_number(cell) for cell in column)]


def whole_columns(cells: Cells) -> list[str]:
    """Return the columns that hold nothing but whole numbers, written so."""
    return [name for name, column in cells.items() if all(is_whole(cell) for cell in column)]


def doubted_columns(cells: Cells, unmet: Sequence[str]) -> list[str]:
    """Return those of the columns that no label names (`unmet`) that hold whole numbers beside others of fractions.

    >>> doubted_columns({"cat": ["1.5"], "id": ["3"]}, ["id"]), doubted_columns({"cat": ["1"], "id": ["3"]}, ["id"])
    (['id'], [])
    """
    wholes = whole_columns(cells)
    fractions = [name for name in cells if name not in wholes and name not in text_columns(cells)]
    return [name for name in wholes if name in unmet] if fractions else []


def columns_that_sum(cells: Cells, unmet: Sequence[str]) -> list[list[str]]:
    """Return the lists of columns whose rows sum to 1: all, or some without ones that no label names.

    Left out are, as the first of the lists has most columns: nothing, text and whole numbers, one or two others
    with these or alone, or everything that no label names.

    >>> columns_that_sum({"a": ["0.9"], "b": ["0.1"], "id": ["3"]}, ["b", "id"])
    [['a', 'b']]
    """
    lists: list[list[str]] = []
    for without in _ways_out(cells, unmet):
        kept = [name for name in cells if name not in without]
        if kept not in lists and len(kept) > 1 and _sum_to_one(cells, kept):
            lists.append(kept)
    return sorted(lists, key=len, reverse=True)


def _ways_out(cells: Cells, unmet: Sequence[str]) -> Iterator[set[str]]:
    odd = {name for name in [*text_columns(cells), *whole_columns(cells)] if name in unmet}
    others = [name for name in unmet if name not in odd]
    for base in (set[str](), odd):
        for size in (0, 1, 2):
            for chosen in combinations(others, size):
                yield base | set(chosen)
    yield set(unmet)


def _sum_to_one(cells: Cells, columns: Sequence[str]) -> bool:
    for row in zip(*(cells[name] for name in columns), strict=True):
        if not all(is_number(cell) for cell in row):
            return False
        values = [float(cell) for cell in row]
        if not all(0 <= value <= 1 for value in values) or abs(math.fsum(values) - 1) > SUM_TOLERANCE:
            return False
    return True
