"""What column names share: a prefix or suffix that is stripped to leave the classes' names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_SEPARATORS = "_-.:/ "
_STEM_DIGITS = re.compile(r"(?s)(.*[^\W\d_])([0-9]+)")
_DIGITS_STEM = re.compile(r"(?s)([0-9]+)([^\W\d_].*)")


class Affix(NamedTuple):
    """A shared prefix or suffix, and each name without it."""

    kind: str
    text: str
    stripped: tuple[str, ...]


def affixes(names: Sequence[str]) -> list[Affix]:
    """Return what all names (two or more) share and can lose, leaving distinct names that are not empty.

    A prefix ends at the last separator `_ - . : /` or space that all share, or is the letters before endings that
    are all digits. A suffix is the mirror image.

    >>> affixes(["p_cat", "p_dog"])
    [Affix(kind='prefix', text='p_', stripped=('cat', 'dog'))]
    >>> [found.stripped for found in affixes(["p0", "p1", "p10"])]
    [('0', '1', '10')]
    >>> [found.text for found in affixes(["cat_prob", "dog_prob"])]
    ['_prob']
    """
    if len(names) < 2:
        return []
    prefixes = dict.fromkeys((_shared_prefix(names), _stem(names, _STEM_DIGITS, 1)))
    suffixes = dict.fromkeys((_shared_suffix(names), _stem(names, _DIGITS_STEM, 2)))
    found = [Affix("prefix", text, tuple(name[len(text) :] for name in names)) for text in prefixes if text]
    found += [Affix("suffix", text, tuple(name[: -len(text)] for name in names)) for text in suffixes if text]
    return [affix for affix in found if all(affix.stripped) and len(set(affix.stripped)) == len(names)]


def _shared_prefix(names: Sequence[str]) -> str:
    common = _common_start(names)
    return common[: max(common.rfind(separator) for separator in _SEPARATORS) + 1]


def _common_start(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    same = (at for at, char in enumerate(first) if last[at : at + 1] != char)
    return first[: next(same, len(first))]


def _shared_suffix(names: Sequence[str]) -> str:
    common = _common_start([name[::-1] for name in names])[::-1]
    starts = [at for at in (common.find(separator) for separator in _SEPARATORS) if at >= 0]
    return common[min(starts) :] if starts else ""


def _stem(names: Sequence[str], pattern: re.Pattern[str], group: int) -> str:
    stems = {match.group(group) if (match := pattern.fullmatch(name)) else "" for name in names}
    return stems.pop() if len(stems) == 1 else ""


def sharing(names: Sequence[str]) -> list[str]:
    """Return the names that share a prefix or suffix when the others do not; all names if that singles out none.

    >>> sharing(["id", "p_cat", "p_dog"]), sharing(["cat", "dog"])
    (['p_cat', 'p_dog'], ['cat', 'dog'])
    """
    if len(names) < 3 or affixes(names):
        return list(names)
    groups = _groups(names)
    return groups[0] if len(groups) == 1 else list(names)


def _groups(names: Sequence[str]) -> list[list[str]]:
    """Return the largest groups of two or more names that share a prefix or a suffix, without their subsets."""
    by_affix: dict[tuple[str, str], list[str]] = {}
    for name in names:
        for key in _possible(name):
            by_affix.setdefault(key, []).append(name)
    groups = {tuple(group) for group in by_affix.values() if len(group) > 1 and affixes(group)}
    largest = [group for group in groups if not any(set(group) < set(other) for other in groups)]
    return [list(group) for group in sorted(largest)]


def _possible(name: str) -> list[tuple[str, str]]:
    cuts = [at for at, char in enumerate(name) if char in _SEPARATORS]
    keys = [("prefix", name[: at + 1]) for at in cuts if at + 1 < len(name)]
    keys += [("suffix", name[at:]) for at in cuts if at > 0]
    if match := _STEM_DIGITS.fullmatch(name):
        keys.append(("letters", match.group(1)))
    if match := _DIGITS_STEM.fullmatch(name):
        keys.append(("letters after", match.group(2)))
    return keys


def last_part(name: str) -> str:
    """Return the part of a name after its last `_`, `-` or `.`; the whole name without one.

    >>> last_part("p_malignant"), last_part("score")
    ('malignant', 'score')
    """
    # `p_-1` speaks of −1: a sign is no separator.
    negative = re.search(r"(?:^|[_.\-])(-[0-9]+)$", name)
    return negative.group(1) if negative else re.split(r"[_\-.]", name)[-1]
