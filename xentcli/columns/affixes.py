"""What all of some names share: a prefix or suffix that is stripped where no label says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xentcli.columns.wraps import SEPARATORS

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


def without_wrap(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names without the prefix and the suffix that all share; as they are where there is none.

    >>> without_wrap(["confidence(yes)", "confidence(no)"]), without_wrap(["cat", "dog"])
    (('yes', 'no'), ('cat', 'dog'))
    """
    found = affixes(names)
    if not found:
        return tuple(names)
    inner = [affix for affix in affixes(found[0].stripped) if affix.kind != found[0].kind]
    return inner[0].stripped if inner else found[0].stripped


def _shared_prefix(names: Sequence[str]) -> str:
    common = common_start(names)
    return common[: max(common.rfind(separator) for separator in SEPARATORS) + 1]


def common_start(names: Sequence[str]) -> str:
    """Return what all names begin with.

    >>> common_start(["p_cat", "p_cow"])
    'p_c'
    """
    first, last = min(names), max(names)
    same = (at for at, char in enumerate(first) if last[at : at + 1] != char)
    return first[: next(same, len(first))]


def _shared_suffix(names: Sequence[str]) -> str:
    common = common_start([name[::-1] for name in names])[::-1]
    starts = [at for at in (common.find(separator) for separator in SEPARATORS) if at >= 0]
    return common[min(starts) :] if starts else ""


def _stem(names: Sequence[str], pattern: re.Pattern[str], group: int) -> str:
    stems = {match.group(group) if (match := pattern.fullmatch(name)) else "" for name in names}
    return stems.pop() if len(stems) == 1 else ""


def last_part(name: str) -> str:
    """Return the part of a name after its last `_`, `-` or `.`; the whole name without one.

    >>> last_part("p_malignant"), last_part("score")
    ('malignant', 'score')
    """
    # `p_-1` speaks of −1: a sign is no separator.
    negative = re.search(r"(?:^|[_.\-])(-[0-9]+)$", name)
    return negative.group(1) if negative else re.split(r"[_\-.]", name)[-1]
