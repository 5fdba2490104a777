"""Label columns that hold a distribution, found by numbers and names: for options of errors, nothing is taken so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xentcli.columns.affixes import without_wrap
from xentcli.columns.looks import Looks, looks_of
from xentcli.columns.lookup import Lookup
from xentcli.columns.proof import proven
from xentcli.columns.readings import fitting
from xentcli.columns.wraps import SEPARATORS
from xentcli.spec.choices import InputKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE

# Labels sum to 1 more exactly than predictions do.
_OFF = 1e-6
_PAIR = 2
# What columns of labels begin or end with, beside those of predictions.
_TOLD = {"y", "y_true", "true", "label", "labels", "target", "obs", "actual", "truth"}


def parts_of_labels(lookup: Lookup, side: int, names: Sequence[str]) -> list[str]:
    """Return the columns that are likely the parts of a label each, [] where none are: they sum to 1 in the first rows
    and are called as columns of PREDICTIONS are, each side with a wrap of its own or without one.
    """
    looks = looks_of(lookup.sources[side], names, None)
    numeric = [name for name in names if looks[name].numbers is not None]
    if side:
        found = proven(numeric, numeric, looks, InputKind.PROBS, _OFF)
        return found if any(fitting(lookup.names[0], told) for told in _told(found)) else []
    halves = [half for half in _halves(numeric) if _sum_to_one(half, looks)]
    return _labels_of(halves, looks)


def _told(names: Sequence[str]) -> list[Sequence[str]]:
    return [names, without_wrap(names)] if len(names) >= _PAIR else []


def _halves(names: Sequence[str]) -> list[list[str]]:
    """Return the columns that share what stands before their first separator or after their last, or have none."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in names:
        at = [i for i, char in enumerate(name) if char in SEPARATORS]
        ends = [("prefix", name[: at[0]]), ("suffix", name[at[-1] + 1 :])] if at else [("", "")]
        for end in ends:
            found.setdefault(end, []).append(name)
    return [half for half in found.values() if len(half) >= _PAIR]


def _sum_to_one(names: Sequence[str], looks: Looks) -> bool:
    return len(proven(names, (), looks, InputKind.PROBS, DEFAULT_SUM_TOLERANCE)) == len(names)


def _labels_of(halves: Sequence[list[str]], looks: Looks) -> list[str]:
    """Return which of two halves that are called alike are the labels: the one that is one-hot, called so, or plain."""
    pairs = [
        (one, other)
        for one in halves
        for other in halves
        if one is not other and set(without_wrap(one)) == set(without_wrap(other))
    ]
    signs: tuple[Callable[[list[str]], bool], ...] = (
        lambda half: all(looks[name].is_whole for name in half),
        lambda half: all(map(_is_told, half)),
        lambda half: not any(char in SEPARATORS for name in half for char in name),
    )
    for is_label in signs:
        sure = [one for one, other in pairs if is_label(one) and not is_label(other)]
        if len(sure) == 1:
            return sure[0]
    return []


def _is_told(name: str) -> bool:
    """Say whether a name begins or ends as labels are called.

    >>> _is_told("y_cat"), _is_told("cat_true"), _is_told("p_cat")
    (True, True, False)
    """
    at = [i for i, char in enumerate(name) if char in SEPARATORS]
    return bool(at) and bool({name[: at[0]].casefold(), name[at[-1] + 1 :].casefold()} & _TOLD)
