"""What stands around a label in the names of its column: one prefix and one suffix for all classes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from xentcli.text import canonical, quote

SEPARATORS = frozenset('_-.:/=()[]" ')
_DIGITS = re.compile("[0-9]+")
# A name with more separators is not cut at them: every pair of cuts is tried.
_MOST_CUTS = 64


class Wrap(NamedTuple):
    """A prefix and a suffix, of which one may be empty. lettered: one of them begins or ends at a letter, so that only
    digits are wrapped: of `p0` and `price` the second is none of `p0 … p11`.
    """

    prefix: str
    suffix: str
    lettered: bool = False

    def middle(self, name: str) -> str:
        """Return what a name wraps, '' if it does not wrap anything so.

        >>> Wrap("p_", "").middle("p_cat"), Wrap("p", "", lettered=True).middle("price")
        ('cat', '')
        """
        end = len(name) - len(self.suffix)
        if end <= len(self.prefix) or not (name.startswith(self.prefix) and name.endswith(self.suffix)):
            return ""
        found = name[len(self.prefix) : end]
        return "" if self.lettered and not is_digits(found) else found

    def __str__(self) -> str:
        """Return how it is called in results and messages.

        >>> str(Wrap("P (kind=", ")")), str(Wrap("", "_prob"))
        ("prefix 'P (kind=' and suffix ')'", "suffix '_prob'")
        """
        parts = (("prefix", self.prefix), ("suffix", self.suffix))
        return " and ".join(f"{what} {quote(text)}" for what, text in parts if text)


def is_digits(text: str) -> bool:
    """Say whether a text is made of the digits 0 to 9.

    >>> is_digits("011"), is_digits("-1"), is_digits("")
    (True, False, False)
    """
    return text.isascii() and text.isdigit()


def wraps_around(labels: Collection[str], names: Sequence[str]) -> dict[Wrap, set[str]]:
    """Return every wrap in which a name holds a label, with the labels (as compared) that it holds in some name.

    The prefix ends and the suffix begins at a separator or, where all labels are digits, at a letter.

    >>> wraps_around({"cat", "dog"}, ["id", "p_cat", "p_dog"]) == {Wrap("p_", ""): {"cat", "dog"}}
    True
    """
    wanted = {canonical(label) for label in labels}
    cuts = _runs_of_digits if labels and all(map(is_digits, labels)) else _between_separators
    found: dict[Wrap, set[str]] = {}
    for name in names:
        for start, stop, lettered in cuts(name):
            middle = canonical(name[start:stop])
            if middle in wanted:
                found.setdefault(Wrap(name[:start], name[stop:], lettered), set()).add(middle)
    return found


def _between_separators(name: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where a part of a name begins and ends that separators, or the name's ends, enclose."""
    at = [i for i, char in enumerate(name) if char in SEPARATORS]
    if len(at) > _MOST_CUTS:
        return
    starts, stops = [0, *(i + 1 for i in at)], [*at, len(name)]
    for start in starts:
        for stop in stops:
            if start < stop and (start or stop < len(name)):
                yield start, stop, False


def _runs_of_digits(name: str) -> Iterator[tuple[int, int, bool]]:
    for run in _DIGITS.finditer(name):
        start, stop = run.span()
        before, after = name[start - 1 : start], name[stop : stop + 1]
        edges = [char for char in (before, after) if char and char not in SEPARATORS]
        if (before or after) and all(char.isalpha() for char in edges):
            yield start, stop, bool(edges)
