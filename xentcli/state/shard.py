"""What one pass over some rows leaves: a plain value that adds up with others, by the names of classes and slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from xentcli.errors import UsageError
from xentcli.results.class_names import ClassNames, sort_classes
from xentcli.results.evaluation import Found
from xentcli.spec.options import EvalSpec
from xentcli.state.base import View
from xentcli.state.eval_state import EvalState
from xentcli.state.slice_views import Cut, Slice, sort_slices
from xentcli.text import count, listing, quote

_KEPT = 5


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and how it was understood; rows are located, so that no file is needed to say where they are.

    predictions, labels: the files, those of LABELS empty where PREDICTIONS has them. keyed: rows are paired by keys.
    distributions: labels are. named: each class has a prediction column of its own. unused: columns that nothing uses;
    left_out: those of PREDICTIONS that hold fractions; predicted: those beside a single score that hold nothing but
    labels; unchecked: shared columns that say nothing about the order of rows. blank_ended: where files end in
    blank lines. unmatched_labels: rows of LABELS whose key no prediction has. clipped,
    off, snapped: the first rows with a clipped term, a sum that is not 1, a value that was moved into its range.
    """

    predictions: tuple[str, ...]
    labels: tuple[str, ...]
    keyed: bool
    labelled: bool
    distributions: bool
    named: bool
    unused: tuple[str, ...]
    left_out: tuple[str, ...]
    predicted: tuple[str, ...]
    unchecked: tuple[str, ...]
    blank_ended: tuple[Found, ...]
    unmatched_labels: int
    clipped: tuple[Found, ...]
    off: tuple[Found, ...]
    snapped: tuple[Found, ...]

    def merge(self, other: Read) -> Read:
        """Return what was read in both, in an order that does not depend on which is which."""
        told: dict[str, tuple[str, ...]] = {
            name: _union(getattr(self, name), getattr(other, name))
            for name in ("predictions", "labels", "unused", "left_out", "predicted", "unchecked")
        }
        found: dict[str, tuple[Found, ...]] = {
            name: _first(getattr(self, name), getattr(other, name)) for name in ("clipped", "off", "snapped")
        }
        found["blank_ended"] = tuple(sorted({*self.blank_ended, *other.blank_ended}, key=_place))
        unmatched = self.unmatched_labels + other.unmatched_labels
        return replace(self, **told, **found, unmatched_labels=unmatched, named=self.named and other.named)  # type: ignore[arg-type]  # by name


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return one if one == other else tuple(sorted({*one, *other}))


def _first(one: Sequence[Found], other: Sequence[Found]) -> tuple[Found, ...]:
    """Return the first rows of both, by the names of their files."""
    return tuple(sorted({*one, *other}, key=_place)[:_KEPT])


def _place(found: Found) -> tuple[str, int]:
    return found.file, found.record


@dataclass(frozen=True, slots=True)
class Shard:
    """The sums over some rows with all that a result says of them. Nobody changes it; it can be pickled.

    by: the columns whose values slices are. names: the classes by number. unmet: those of them that stand for a class
    of which no label was met, and which nothing names. class_weight: (n_classes,) or None. slices: by number, None
    without any. cells: pairs of slice and class by number, where they are numbered as they are met; None where a cell
    is slice·K + class.
    """

    spec: EvalSpec
    by: tuple[str, ...]
    names: ClassNames
    unmet: tuple[str, ...]
    class_weight: tuple[float, ...] | None
    slices: tuple[Slice, ...] | None
    cells: tuple[tuple[int, ...], ...] | None
    state: EvalState
    read: Read

    def cut(self) -> Cut:
        """Return how the sums are cut into slices and classes."""
        classes = self.names.classes
        order = range(len(classes)) if self.cells is None else sort_classes(classes)
        return Cut(self.by, self.slices or (), classes, self.cells, order)

    def after(self, rows: int) -> Self:
        """Return the same sums of rows that so many others come before."""
        return replace(self, state=self.state.after(rows)) if rows else self

    def with_unmatched_labels(self, rows: int) -> Self:
        """Return the same sums, of which so many rows of LABELS have no prediction."""
        return replace(self, read=replace(self.read, unmatched_labels=rows))

    def merge(self, other: Self) -> Self:
        """Return the sums of both, with classes and slices by their names; neither is changed.

        Which of the two is merged with which changes nothing, so that shards add up in any order.

        Raises UsageError where the two were asked for different things, or have different classes.
        """
        _refuse_other(self, other)
        names, unmet = _names(self, other)
        slices = None
        if self.slices is not None and other.slices is not None:
            every = tuple({*self.slices, *other.slices})
            if len(every) > self.spec.slices_allowed:
                most = f"there are more than {count(self.spec.slices_allowed, 'slice')} by {listing(self.by)}"
                raise UsageError(most, hint="Choose columns with fewer values, or allow more with --max-slices.")
            slices = tuple(every[at] for at in sort_slices(every))
        sides = [_Numbers(one, names.classes, slices or ()) for one in (self, other)]
        cells = None
        if self.cells is not None:
            cells = tuple(sorted({*sides[0].cells(), *sides[1].cells()}))
        states = [side.one.state.view(side.view(cells)) for side in sides]
        return replace(
            self,
            # Any of the two: they say the same, in whatever order.
            spec=min(self.spec, other.spec, key=repr),
            names=names,
            unmet=unmet,
            class_weight=_class_weight(sides, len(names.classes)),
            slices=slices,
            cells=cells,
            state=states[0].merge(states[1]),
            read=self.read.merge(other.read),
        )


class _Numbers:
    """The numbers that the classes and slices of a shard have among those of a merged one."""

    def __init__(self, one: Shard, classes: Sequence[str], slices: Sequence[Slice]) -> None:
        self.one = one
        self.n_classes, self.n_slices = len(classes), max(1, len(slices))
        place = {name: at for at, name in enumerate(classes)}
        # A class that had no name yet stands where it stood, as there are two of them.
        self.classes = [place.get(name, at) for at, name in enumerate(one.names.classes)]
        where = {value: at for at, value in enumerate(slices)}
        self.slices = [where[value] for value in one.slices or ()] or [0]

    def cells(self) -> list[tuple[int, ...]]:
        """Return the pairs of slice and class of the shard, by their new numbers."""
        classes = self.classes or [0]
        return [(self.slices[pair[0]], classes[pair[1]]) for pair in self.one.cells or ()]

    def view(self, cells: tuple[tuple[int, ...], ...] | None) -> View:
        """Return the view that gives every sum its new number."""
        slices = np.array(self.slices, dtype=np.intp)
        if cells is not None:
            number = {pair: at for at, pair in enumerate(cells)}
            to = np.array([number[pair] for pair in self.cells()], dtype=np.intp)
            nothing = np.zeros(0, dtype=np.intp)
            return View(to, nothing, slices, True, max(1, self.n_classes), self.n_slices, max(1, len(cells)))
        classes = np.array(self.classes, dtype=np.intp)
        to = (slices[:, None] * self.n_classes + classes).reshape(-1)
        return View(to, to, slices, True, self.n_classes, self.n_slices)


def _names(one: Shard, other: Shard) -> tuple[ClassNames, tuple[str, ...]]:
    """Return the classes of both, and which of them nothing names yet."""
    rule, columns = min(one.names.rule, other.names.rule), min(one.names.columns, other.names.columns)
    mine, yours = (side.names._replace(rule=rule, columns=columns) for side in (one, other))
    if mine.classes == yours.classes:
        return mine, tuple(name for name in one.unmet if name in other.unmet)
    if one.cells is not None:
        every = tuple({*mine.classes, *yours.classes})
        return mine._replace(classes=tuple(every[at] for at in sort_classes(every))), ()
    if one.unmet or other.unmet:
        return _named((one, mine), (other, yours))
    if {*mine.classes} != {*yours.classes} or mine.positive != yours.positive:
        raise _other_classes(mine, yours)
    return mine._replace(classes=tuple(mine.classes[at] for at in sort_classes(mine.classes))), ()


def _named(one: tuple[Shard, ClassNames], other: tuple[Shard, ClassNames]) -> tuple[ClassNames, tuple[str, ...]]:
    """Return the two classes of one column, of which one shard or both have met only one label."""
    names = one[1]
    classes, unmet = [], []
    for mine, yours in zip(names.classes, other[1].classes, strict=True):
        named = [name for name, held in ((mine, one[0]), (yours, other[0])) if name not in held.unmet]
        if len({*named}) > 1:
            raise _other_classes(names, other[1])
        classes.append(named[0] if named else min(mine, yours))
        unmet += [] if named else [classes[-1]]
    positive = None if names.positive is None else classes[1]
    return names._replace(classes=tuple(classes), positive=positive), tuple(unmet)


def _other_classes(mine: ClassNames, yours: ClassNames) -> UsageError:
    problem = f"shards of the classes {listing(mine.classes, 10)} and {listing(yours.classes, 10)} do not add up"
    return UsageError(problem, hint="Each needs a prediction column for every class.")


def _class_weight(sides: Sequence[_Numbers], n_classes: int) -> tuple[float, ...] | None:
    """Return the weight of each class, from a shard that knows its name."""
    if sides[0].one.class_weight is None or sides[1].one.class_weight is None:
        return None
    held = [1.0] * max(1, n_classes)
    for known in (False, True):
        for side in sides:
            one = side.one
            for name, at, weight in zip(one.names.classes, side.classes, one.class_weight or (), strict=False):
                if known is (name not in one.unmet):
                    held[at] = weight
    return tuple(held)


def _refuse_other(one: Shard, other: Shard) -> None:
    """Raise UsageError where two shards were asked for different things."""
    mine, yours = one.spec.asked(), other.spec.asked()
    for option in mine:
        if mine[option] != yours[option]:
            problem = f"shards that were asked for different things do not add up: --{option} is "
            raise UsageError(f"{problem}{quote(str(mine[option]))} and {quote(str(yours[option]))}")
    same = {*one.read.labels} & {*other.read.labels}
    if one.read.keyed and same and (one.read.unmatched_labels or other.read.unmatched_labels):
        # Which rows of LABELS neither of them has found is not known.
        problem = "shards by key of the same LABELS do not add up where rows of it have no prediction"
        raise UsageError(problem, hint="Evaluate their predictions together.")
    kinds = [(bool(side.read.keyed), side.read.labelled, side.read.distributions) for side in (one, other)]
    if kinds[0] != kinds[1]:
        raise UsageError("shards with labels of different kinds do not add up", hint="Their files are not alike.")
