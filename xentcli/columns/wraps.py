"""What stands around a label in the names of its column: one prefix and one suffix for all classes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from xentcli.errors import DataError
from xentcli.text import canonical, quote

SEPARATORS = '_-.:/=()[]" '
_SEPARATED = re.compile(f"([{re.escape(SEPARATORS)}])")
_DIGITS = re.compile("[0-9]+")
# Each place at which a name holds a label makes a wrap, which has the name's other characters.
MOST_AROUND = 1 << 26
# A word more of a longer label that is followed through a name costs as much as copying so many characters.
_STEP = 16

Room = tuple[int, int]
Cut = tuple[int, int]


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


def wraps_around(
    labels: Collection[str], names: Sequence[str], room: Callable[[str], Room] | None = None
) -> dict[Wrap, set[str]]:
    """Return every wrap in which a name holds a label, with the labels (as compared) that it holds in some name.

    The prefix ends and the suffix begins at a separator or, where all labels are digits, at a letter. room: the longest
    prefix and suffix of a name that matter. Raises DataError where labels are found in too many places.

    >>> wraps_around({"cat", "dog"}, ["id", "p_cat", "p_dog"]) == {Wrap("p_", ""): {"cat", "dog"}}
    True
    """
    wanted = {canonical(label) for label in labels}
    cuts = _RunsOfDigits(wanted) if labels and all(map(is_digits, labels)) else _BetweenSeparators(wanted)
    found: dict[Wrap, set[str]] = {}
    for name in names:
        ahead, behind = len(name), len(name)
        for number, (start, stop) in enumerate(cuts.of(name)):
            if not number and room is not None:
                ahead, behind = room(name)
            if start <= ahead and len(name) - stop <= behind:
                cuts.spend(len(name))
                wrap = Wrap(name[:start], name[stop:], cuts.is_lettered(name, start, stop))
                found.setdefault(wrap, set()).add(canonical(name[start:stop]))
    return found


class _Cuts:
    """Finds labels within names."""

    def __init__(self, wanted: set[str]) -> None:
        self.wanted = wanted
        self._spent = 0

    def spend(self, characters: int) -> None:
        """Count what is looked at. Raise DataError where it is too much."""
        self._spent += characters
        if self._spent > MOST_AROUND:
            raise too_many("the names of the columns hold labels in too many places")

    def is_lettered(self, name: str, start: int, stop: int) -> bool:
        """Say whether a label meets a letter."""
        return any(char not in SEPARATORS for char in (name[start - 1 : start], name[stop : stop + 1]))


class _RunsOfDigits(_Cuts):
    """Finds labels that are digits: they begin and end where a run of digits does."""

    def of(self, name: str) -> Iterator[Cut]:
        """Yield where labels begin and end in a name, which is more than the label."""
        for run in _DIGITS.finditer(name):
            start, stop = run.span()
            edges = name[start - 1 : start] + name[stop : stop + 1]
            apt = bool(edges) and all(char.isalpha() or char in SEPARATORS for char in edges)
            if apt and run.group() in self.wanted:
                yield start, stop


class _Node:
    """A word of labels: whether one ends with it, and the words that follow it in others, each after its separator."""

    __slots__ = ("after", "ends")

    def __init__(self) -> None:
        self.ends = False
        self.after: dict[str, _Node] = {}


class _BetweenSeparators(_Cuts):
    """Finds labels word by word: names are long and many, and few of their words begin a label."""

    def __init__(self, wanted: set[str]) -> None:
        super().__init__(wanted)
        self._root = _Node()
        self._folds = not wanted.isdisjoint({"true", "false"})
        for label in wanted - {""}:
            first, *rest = _SEPARATED.split(label)
            node = self._root.after.setdefault(first, _Node())
            for separator, word in zip(rest[::2], rest[1::2], strict=True):
                node = node.after.setdefault(separator + word, _Node())
            node.ends = True

    def of(self, name: str) -> Iterator[Cut]:
        """Yield where labels begin and end in a name, which is more than the label."""
        parts = _SEPARATED.split(name)
        if self._folds:
            parts = [canonical(part) for part in parts]
        begun = self._root.after
        if begun.keys().isdisjoint(parts):
            return
        ends = list(accumulate(map(len, parts)))
        for at in range(0, len(parts), 2):
            node = begun.get(parts[at])
            start, last = ends[at] - len(parts[at]), at
            while node is not None:
                if node.ends and (start or ends[last] < len(name)):
                    yield start, ends[last]
                last += 2
                if last >= len(parts) or not node.after:
                    break
                self.spend(_STEP)
                node = node.after.get(parts[last - 1] + parts[last])


def too_many(problem: str) -> DataError:
    """Return the error for names that hold labels in more ways than are looked at."""
    return DataError(problem, hint="Say which column is which class with --classes COL=CLASS,...")
