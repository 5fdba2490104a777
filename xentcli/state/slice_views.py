"""How sums are cut into slices and classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xentcli.results.class_names import sort_classes
from xentcli.state.base import View


class Slice(NamedTuple):
    """The values of a slice, by column; None where they are missing."""

    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """How a state is cut.

    slices: their values, in the order of their numbers; columns: what those are values of. classes: names by number.
    cells: pairs of slice and class by number where they are numbered as they were met, None where a cell is
    slice·K + class. order: the numbers of the classes in class order.
    """

    columns: tuple[str, ...]
    slices: Sequence[Slice]
    classes: Sequence[str]
    cells: Sequence[tuple[int, ...]] | None
    order: Sequence[int]

    def whole(self) -> View:
        """Return the view that adds everything up, by class in class order."""
        k, n = len(self.classes), max(1, len(self.slices))
        place = np.empty(max(1, k), dtype=np.intp)
        place[np.array(self.order, dtype=np.intp)] = np.arange(k)
        if self.cells is None:
            to = np.tile(place[:k], n)
            return View(to, to, np.zeros(n, dtype=np.intp), True, k)
        # Without labels all cells are one class that has no name.
        to = np.array([place[numbers[1]] if k else 0 for numbers in self.cells], dtype=np.intp)
        return View(to, np.zeros(0, dtype=np.intp), np.zeros(n, dtype=np.intp), True, max(1, k))

    def parts(self) -> list[tuple[View, list[int]]]:
        """Return the view of each slice and the numbers of its classes, in class order.

        Those are all classes, or the labels that it has rows of where every label is a class.
        """
        if self.cells is None:
            order = np.array(self.order, dtype=np.intp)
            starts = np.arange(len(self.slices), dtype=np.intp) * len(order)
            places = [start + order for start in starts]
            return [
                (View(here, here, np.array([at]), False, len(order)), list(self.order))
                for at, here in enumerate(places)
            ]
        found: list[list[tuple[int, int, int]]] = [[] for _ in self.slices]
        rank = {number: at for at, number in enumerate(self.order)}
        for cell, (one, number) in enumerate(self.cells):
            found[one].append((rank.get(number, 0), number, cell))
        out = []
        for at, cells in enumerate(found):
            cells.sort()
            here = np.array([cell for _, _, cell in cells], dtype=np.intp)
            view = View(here, np.zeros(0, dtype=np.intp), np.array([at]), False, len(cells))
            out.append((view, [number for _, number, _ in cells]))
        return out


def sort_slices(slices: Sequence[Slice]) -> list[int]:
    """Return the places of slices sorted by value, column by column: as class names are, missing ones last."""
    ranks: list[dict[str | None, int]] = []
    for column in range(len(slices[0].values) if slices else 0):
        names = list({one.values[column] for one in slices} - {None})
        spelled = [name for name in names if name is not None]
        order: dict[str | None, int] = {spelled[at]: rank for rank, at in enumerate(sort_classes(spelled))}
        ranks.append(order | {None: len(spelled)})
    return sorted(
        range(len(slices)),
        key=lambda at: [ranks[column][value] for column, value in enumerate(slices[at].values)],
    )
