"""Predictions of the true label alone: every label is a class of its own, learnt as it comes."""

from __future__ import annotations

from collections.abc import Mapping

from xentcli.columns.label_mapper import LabelMapper, LabelPlace
from xentcli.results.class_names import ClassNames
from xentcli.scoring.batch import Left
from xentcli.text import canonical


class LabelOnly(LabelMapper):
    """Labels to numbers in the order in which they are met."""

    def __init__(self, column: str, place: LabelPlace, left: Mapping[str, Left], ending: str = "") -> None:
        super().__init__(place, left, ending)
        self._column = column
        self._numbers: dict[str, int] = {}

    @property
    def n_classes(self) -> int:
        """Return the number of labels met so far."""
        return len(self._numbers)

    def learn(self, text: str, row: int) -> int:
        """Return the next number, or that of another spelling."""
        return self._numbers.setdefault(canonical(text), len(self._numbers))

    def names(self) -> ClassNames:
        """Return the labels met so far, in the order of their numbers."""
        return ClassNames(tuple(self._numbers), (self._column,), "labels", None)

    def label_texts(self) -> list[str]:
        """Return the labels as they stand."""
        return list(self._numbers)

    def finish(self) -> ClassNames:
        """Return the labels met, in the order of their numbers."""
        return self.names()

    def could_name(self, text: str) -> bool:
        """Return True: every label is a class."""
        return True

    def nearly(self) -> tuple[set[str], str, str]:
        """Return nothing: no label is unknown."""
        return set(), "", ""

    def _names_are_columns(self) -> bool:
        return False
