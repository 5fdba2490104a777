"""Names that count their columns: `p_0, p_1, …`, or from 1, in whatever order they stand."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.columns.affixes import common_start
from xentcli.columns.wraps import is_digits

_DIGITS = "0123456789"
_LONGEST = 9


def counts_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the number in the name of each of two columns or more, where these count from 0 or 1; () otherwise.

    What all names share may stand before and after the numbers, whatever it is.

    >>> counts_of(["p_1", "p_0"]), counts_of(["X1Prob", "X2Prob"]), counts_of(["p_1", "p_3"]), counts_of(["cat", "dog"])
    (('1', '0'), ('1', '2'), (), ())
    """
    if len(names) < 2:
        return ()
    first = names[0]
    start, end = len(common_start(names)), len(common_start([name[::-1] for name in names]))
    # A digit that all share belongs to the numbers: `p_00, p_01`.
    start = len(first[:start].rstrip(_DIGITS))
    end = len(first[len(first) - end :].lstrip(_DIGITS))
    found = tuple(name[start : len(name) - end] for name in names)
    if not all(is_digits(text) and len(text) <= _LONGEST for text in found):
        return ()
    numbers = sorted(map(int, found))
    return found if numbers[0] in {0, 1} and numbers == list(range(numbers[0], numbers[0] + len(numbers))) else ()


def in_count_order(counts: Sequence[str]) -> list[int]:
    """Return the places of numbers, the least first.

    >>> in_count_order(["1", "10", "2", "0"])
    [3, 0, 2, 1]
    """
    return sorted(range(len(counts)), key=lambda at: int(counts[at]))
