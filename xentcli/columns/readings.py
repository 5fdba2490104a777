"""Which columns are classes, by their names and the labels that were met: the names as they are, or without a wrap."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from xentcli.columns.name_index import NameIndex
from xentcli.columns.wraps import Wrap, wraps_around
from xentcli.text import canonical

EXACT = "exact"


class Reading(NamedTuple):
    """One way to read classes from names: what it is called, the columns, and the class of each, in their order."""

    rule: str
    columns: tuple[str, ...]
    classes: tuple[str, ...]


class Readings(NamedTuple):
    """What labels make of some names.

    best: the reading that all labels fit, else the one that most fit. lacking: the labels that it has no class for.
    rivals: other readings that fit as well, the likelier first; what is meant is then not ours to say.
    """

    best: Reading
    lacking: tuple[str, ...]
    rivals: tuple[Reading, ...] = ()


def readings(names: Sequence[str], labels: Collection[str], whole: bool = False) -> Readings:
    """Return what labels make of the names of columns. whole: all of the columns are classes, in whatever reading.

    All names are classes if every label is one of them; those that are wrapped alike are if that makes every label one
    of them. A name that is itself a label says nothing for a wrap around another one.

    >>> readings(["street_a", "street_b", "tram"], {"street_a", "street_b"}).best.columns
    ('street_a', 'street_b', 'tram')
    >>> readings(["id", "p_cat", "p_dog"], {"cat"}).best
    Reading(rule="prefix 'p_'", columns=('p_cat', 'p_dog'), classes=('cat', 'dog'))
    >>> readings(["cat", "dog"], {"cat", "emu"}).lacking
    ('emu',)
    """
    wanted = {canonical(label) for label in labels}
    exact = Reading(EXACT, tuple(names), tuple(names))
    known = {canonical(name) for name in names}
    index = NameIndex(names, whole)
    if wanted <= known:
        fresh = [name for name in names if canonical(name) not in wanted]
        around = wraps_around(labels, fresh, index.room)
        around = {wrap: met for wrap, met in around.items() if len(met) > 1 or met == wanted}
        rivals = _read(index, around, len(names) if whole else 2).items()
        sure = (rival for wrap, rival in rivals if len(around[wrap]) > 1 or _doubles(rival, known))
        return Readings(exact, (), tuple(sure))
    held = wraps_around(labels, names, index.room)
    read = {Wrap("", ""): exact, **_read(index, held, len(names) if whole else 2)}
    fitting = {wrap: held.get(wrap, wanted & known) for wrap in read}
    complete = [wrap for wrap, held in fitting.items() if held == wanted]
    if complete:
        return _widest([(wrap, read[wrap]) for wrap in complete])
    most = max(fitting, key=lambda wrap: (len(fitting[wrap]), wrap == Wrap("", ""), len(read[wrap].columns)))
    lacking = tuple(label for label in labels if canonical(label) not in fitting[most])
    return Readings(read[most], lacking)


def fitting(names: Sequence[str], labels: Collection[str]) -> list[Reading]:
    """Return every reading that all labels fit, the names as they are first.

    >>> [reading.columns for reading in fitting(["p_a", "p_b", "q_a", "q_b"], {"a", "b"})]
    [('p_a', 'p_b'), ('q_a', 'q_b')]
    """
    wanted = {canonical(label) for label in labels}
    found = [Reading(EXACT, tuple(names), tuple(names))] if wanted <= {canonical(name) for name in names} else []
    index = NameIndex(names)
    wraps = [wrap for wrap, held in wraps_around(labels, names, index.room).items() if held == wanted]
    return found + list(_read(index, wraps, 2).values())


def _read(index: NameIndex, wraps: Collection[Wrap], fewest: int) -> dict[Wrap, Reading]:
    """Return the readings by wraps that have so many columns at least, two or more."""
    held = index.wrapped(wraps).items()
    return {wrap: Reading(str(wrap), tuple(of), tuple(of.values())) for wrap, of in held if len(of) >= fewest}


def _doubles(reading: Reading, known: Collection[str]) -> bool:
    """Say whether each class of a wrap is a column as it stands, too, so that even one label fits both: the labels of
    the first rows may be sorted.
    """
    return all(canonical(name) in known for name in reading.classes)


def _widest(found: Sequence[tuple[Wrap, Reading]]) -> Readings:
    """Return the reading whose columns include those of all others.

    Of two readings of the same columns each label names another column: that is two readings.
    """
    by_length = sorted(found, key=lambda item: (len(item[1].columns), len(item[0].prefix)), reverse=True)
    first = by_length[0][1]
    rest = tuple(reading for _, reading in by_length[1:] if not set(reading.columns) < set(first.columns))
    return Readings(first, (), rest)
