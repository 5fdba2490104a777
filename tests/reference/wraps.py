"""What class names are wrapped in within the names of columns: one prefix and one suffix, the same for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reference.cells import is_digits

EDGES = '_-.:/=()[]" '


@dataclass(frozen=True)
class Wrap:
    """A prefix and a suffix; `digits` where one of them meets the name at a letter, so that only digits are names."""

    prefix: str
    suffix: str
    digits: bool = False

    def inside(self, column: str) -> str:
        """Return what of a column's name is the class."""
        return column[len(self.prefix) : len(column) - len(self.suffix)]

    def columns(self, candidates: Sequence[str]) -> list[str]:
        """Return the candidates that are wrapped so.

        >>> Wrap("p", "", digits=True).columns(["p0", "p1", "price", "p"])
        ['p0', 'p1']
        """
        wrapped = []
        for column in candidates:
            long_enough = len(column) > len(self.prefix) + len(self.suffix)
            if not (long_enough and column.startswith(self.prefix) and column.endswith(self.suffix)):
                continue
            if is_digits(self.inside(column)) or not self.digits:
                wrapped.append(column)
        return wrapped

    @property
    def rule(self) -> str:
        """What the rule is called."""
        parts = [("prefix", self.prefix), ("suffix", self.suffix)]
        return " and ".join(f"{kind} '{text}'" for kind, text in parts if text) or "exact"


EXACT = Wrap("", "")


def wraps_of(label: str, column: str, all_digits: bool) -> list[Wrap]:
    """Return every wrap of this label that makes this column's name.

    >>> wraps_of("a", "a_a", False)
    [Wrap(prefix='', suffix='_a', digits=False), Wrap(prefix='a_', suffix='', digits=False)]
    >>> wraps_of("1", "X1Prob", True), wraps_of("a", "XaProb", False)
    ([Wrap(prefix='X', suffix='Prob', digits=True)], [])
    """
    found = []
    for start in range(len(column) - len(label) + 1):
        prefix, rest = column[:start], column[start:]
        if not rest.startswith(label) or column == label:
            continue
        suffix = rest[len(label) :]
        meeting = [prefix[-1:], suffix[:1]]
        at_letters = any(char.isalpha() for char in meeting)
        if all(char == "" or char in EDGES or (all_digits and char.isalpha()) for char in meeting):
            found.append(Wrap(prefix, suffix, at_letters))
    return found


def fitting_wraps(candidates: Sequence[str], labels: Sequence[str]) -> dict[Wrap, list[str]]:
    """Return the wraps in which every label is a candidate, two or more of which are wrapped so, with those.

    >>> fitting_wraps(["p_cat", "p_dog", "q_cat", "id"], ["cat"])
    {Wrap(prefix='p_', suffix='', digits=False): ['p_cat', 'p_dog']}
    """
    all_digits = all(is_digits(label) for label in labels)
    fitting: dict[Wrap, list[str]] = {}
    for column in candidates:
        for wrap in wraps_of(labels[0], column, all_digits):
            wrapped = [wrap.prefix + label + wrap.suffix for label in labels]
            held = wrap.columns(candidates)
            if all(name in candidates for name in wrapped) and len(held) > 1:
                fitting[wrap] = held
    return fitting


def half_fitting_wraps(candidates: Sequence[str], labels: Sequence[str]) -> list[Wrap]:
    """Return the wraps in which two labels or more are candidates that are no labels themselves, or the one label there
    is, where what is wrapped beside it are all candidates as they stand, too.

    >>> half_fitting_wraps(["cat", "dog", "p_cat", "p_dog"], ["cat", "dog"])
    [Wrap(prefix='p_', suffix='', digits=False)]
    >>> half_fitting_wraps(["cat", "dog", "p_cat", "p_dog"], ["cat", "dog", "p_cat"])
    []
    >>> len(half_fitting_wraps(["cat", "dog", "p_cat", "p_dog"], ["cat"]))
    1
    >>> half_fitting_wraps(["cat", "p_cat", "p_dog"], ["cat"])
    []
    """
    all_digits = all(is_digits(label) for label in labels)
    found: dict[Wrap, int] = {}
    for label in labels:
        for column in candidates:
            if column not in labels:
                for wrap in wraps_of(label, column, all_digits):
                    found[wrap] = found.get(wrap, 0) + 1
    return [wrap for wrap, count in found.items() if count > 1 or (len(labels) == 1 and _stand_alone(wrap, candidates))]


def _stand_alone(wrap: Wrap, candidates: Sequence[str]) -> bool:
    held = wrap.columns(candidates)
    return len(held) > 1 and all(wrap.inside(column) in candidates for column in held)


def best_wrap(wraps: Mapping[Wrap, Sequence[str]]) -> Wrap | None:
    """Return the wrap whose columns include all of the others', of equal ones that with the longest prefix.

    None where none includes all others, or where prefixes are of one length.
    """
    everything = {column for held in wraps.values() for column in held}
    widest = [wrap for wrap, held in wraps.items() if set(held) == everything]
    longest = [wrap for wrap in widest if len(wrap.prefix) == max(len(other.prefix) for other in widest)]
    return longest[0] if len(longest) == 1 else None


def shared_wrap(columns: Sequence[str]) -> Wrap:
    """Return the longest wrap that all names share and that leaves none of them empty.

    >>> shared_wrap(["p_cat", "p_dog"]), shared_wrap(["p_10", "p_1"]), shared_wrap(["street_a", "tram"]) == EXACT
    (Wrap(prefix='p_', suffix='', digits=False), Wrap(prefix='p_', suffix='', digits=False), True)
    """
    first = columns[0]
    for cut in range(len(first) - 1, -1, -1):
        for begin in range(cut + 1, len(first) + 1):
            meeting = [first[:cut][-1:], first[begin:][:1]]
            wrap = Wrap(first[:cut], first[begin:], any(char.isalpha() for char in meeting))
            edges = all(char == "" or char in EDGES or char.isalpha() for char in meeting)
            if edges and wrap.columns(columns) == list(columns):
                return wrap
    return EXACT
