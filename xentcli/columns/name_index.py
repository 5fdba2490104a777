"""The names of columns, looked up by what they begin and end with, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from xentcli.columns.wraps import Room, Wrap, too_many

# Of every name each prefix that is as long as one of a wrap's is looked up, and with it each length of a suffix.
MOST_LOOKED_UP = 1 << 22

Held = dict[str, str]


class NameIndex:
    """Names of columns. whole: only what all of them begin and end with is asked for."""

    def __init__(self, names: Sequence[str], whole: bool = False) -> None:
        self._names, self._whole = names, whole

    def room(self, name: str) -> Room:
        """Return how many of its first and of its last characters a name has in common with another one.

        >>> NameIndex(["p_cat", "p_dog", "id"]).room("p_cat"), NameIndex(["p_cat", "p_dog"], whole=True).room("p_cat")
        ((2, 0), (2, 0))
        """
        ahead, behind = self._rooms
        return ahead[name], behind[name[::-1]]

    @cached_property
    def _rooms(self) -> tuple[dict[str, int], dict[str, int]]:
        shared = _shared_by_all if self._whole else _shared_by_two
        return shared(self._names), shared([name[::-1] for name in self._names])

    def wrapped(self, wraps: Collection[Wrap]) -> dict[Wrap, Held]:
        """Return what each name wraps, of each of the wraps that two names or more have, in the names' order.

        Raises DataError where that is too much to look up.

        >>> NameIndex(["p_a", "q_a", "p_b"]).wrapped([Wrap("p_", ""), Wrap("q_", "")])
        {Wrap(prefix='p_', suffix='', lettered=False): {'p_a': 'a', 'p_b': 'b'}}
        """
        ends: dict[str, dict[int, dict[str, Wrap]]] = {}
        for wrap in wraps:
            ends.setdefault(wrap.prefix, {}).setdefault(len(wrap.suffix), {})[wrap.suffix] = wrap
        lengths = sorted({len(prefix) for prefix in ends})
        found: dict[Wrap, Held] = {wrap: {} for wrap in wraps}
        looked_up = 0
        for name in self._names if wraps else ():
            room = self.room(name)[0]
            for length in lengths:
                if length > room:
                    break
                tails = ends.get(name[:length], {})
                looked_up += 1 + len(tails)
                for size, by_tail in tails.items():
                    here = by_tail.get(name[len(name) - size :]) if size < len(name) else None
                    if here is not None and (middle := here.middle(name)):
                        found[here][name] = middle
            if looked_up > MOST_LOOKED_UP:
                raise too_many("the names of the columns wrap labels in too many ways")
        return {wrap: held for wrap, held in found.items() if len(held) > 1}


def _shared_by_all(names: Sequence[str]) -> dict[str, int]:
    """Return how much of its beginning each name shares with all: as the first and the last of them do when sorted."""
    return dict.fromkeys(names, _common(min(names), max(names)))


def _shared_by_two(names: Sequence[str]) -> dict[str, int]:
    """Return how much of its beginning each name shares with another one: with its neighbours where all are sorted."""
    found = dict.fromkeys(names, 0)
    for one, other in pairwise(sorted(found)):
        shared = _common(one, other)
        found[one], found[other] = max(found[one], shared), max(found[other], shared)
    return found


def _common(one: str, other: str) -> int:
    """Return how many characters both begin with, by halves: names may be long and alike.

    >>> _common("p_cat", "p_cow"), _common("a", "b"), _common("a", "ab")
    (3, 0, 1)
    """
    low, high = 0, min(len(one), len(other))
    while low < high:
        half = (low + high + 1) // 2
        low, high = (half, high) if one.startswith(other[:half]) else (low, half - 1)
    return low
