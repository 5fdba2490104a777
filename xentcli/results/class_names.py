"""What classes are called, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class ClassNames(NamedTuple):
    """The classes in class order, the prediction column of each (one for both, with one column), how they were
    matched with the labels, and which class is the positive one where there are two.
    """

    classes: tuple[str, ...]
    columns: tuple[str, ...]
    rule: str
    positive: str | None


def sort_classes(names: Sequence[str]) -> list[int]:
    """Return the places of the names in class order: as integers if all are, otherwise by their UTF-8 bytes.

    >>> sort_classes(["10", "9"]), sort_classes(["b", "a"])
    ([1, 0], [1, 0])
    """
    places = range(len(names))
    if all(_is_integer(name) for name in names):
        return sorted(places, key=lambda at: (int(names[at]), names[at]))
    return sorted(places, key=lambda at: names[at].encode("utf-8", "surrogateescape"))


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in {"-", "+"} else text
    return digits.isascii() and digits.isdigit() and len(digits) < 300
