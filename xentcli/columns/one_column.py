"""One prediction column: two classes, and which of them the column speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from xentcli.columns.affixes import last_part
from xentcli.columns.label_mapper import LabelMapper, LabelPlace, is_fraction
from xentcli.columns.many_columns import with_ending
from xentcli.errors import UsageError
from xentcli.results.class_names import ClassNames
from xentcli.scoring.batch import Left
from xentcli.spec.choices import LabelKind
from xentcli.spec.options import ColumnSpec
from xentcli.spec.parsing import shell_word
from xentcli.text import canonical, quote

_ONE = {"1", "true"}
_ZERO = {"0", "-1", "false"}
_PAIRS = ({"0", "1"}, {"-1", "1"}, {"false", "true"})


class _Reading(NamedTuple):
    """The positive class by what is known so far (None where nothing says), and by which rule."""

    positive: str | None
    rule: str


class OneColumn(LabelMapper):
    """Labels against the one column's name, --positive and --negative."""

    n_classes = 2

    def __init__(
        self,
        column: str,
        spec: ColumnSpec,
        place: LabelPlace,
        left: Mapping[str, Left] = MappingProxyType({}),
        ending: str = "",
        *,
        named: bool = True,
        first: Sequence[str] = (),
    ) -> None:
        """Make a mapper of labels of which the `first` are known, in the order in which they are met."""
        super().__init__(place, left, ending)
        self._column = column
        self._spec = spec
        self._told = {canonical(last_part(column)), canonical(column)} if named else set()
        self._index = spec.label_kind is LabelKind.INDEX
        self._first: tuple[str, ...] = ()
        if self._index:
            self._refuse_swapped()
            return
        for text in first:
            if self.could_name(text):
                self._first += (text,)

    def _refuse_swapped(self) -> None:
        """Raise UsageError where indices are asked for, and something else says that the column speaks of class 0."""
        spec, which = self._spec, "with --label-kind index a single column speaks of class 1"
        for option, name, other in (("--positive", spec.positive, "0"), ("--negative", spec.negative, "1")):
            if name == other:
                raise UsageError(f"{option} is {quote(name)}, but {which}")
        if self._told & _ZERO and spec.positive is None:
            zero = min(self._told & _ZERO)
            problem = f"the prediction column {quote(self._column)} seems to speak of {quote(zero)}, but {which}"
            hint = "Leave out --label-kind index, or name class 1."
            raise UsageError(problem, hint=hint, options=["--label-kind name", "--positive 1"])

    def _distinct(self, more: str | None = None) -> dict[str, str]:
        """Return the distinct labels met or known, as compared, each with its first spelling."""
        found: dict[str, str] = {}
        for text in [*self._first, *self.met, *([] if more is None else [more])]:
            found.setdefault(canonical(text), text)
        return found

    def learn(self, text: str, row: int) -> int | None:
        """Return 1 for the positive class and 0 for the other, None for a third label.

        Raises DataError if two labels contradict the column's name. That the second is met after the first rows changes
        nothing that the first one means.
        """
        if not self.could_name(text):
            return None
        before = self._read(self._distinct())
        labels = self._distinct(text)
        reading = self._read(labels, row)
        if reading.positive is None and len(labels) == 2:
            first, second = (quote(spelling) for spelling in labels.values())
            raise self.refusal(
                f"which class does the prediction column {quote(self._column)} speak of? The labels are {first} and "
                f"{second}, and its name is neither",
                row,
                self._which(list(labels.values())),
                self._either(list(labels.values())),
            )
        known = [label for label in labels if label != canonical(text)]
        if known and (known[0] == before.positive) != (known[0] == reading.positive):
            first, second = labels.values()
            raise self.refusal(
                f"the label {quote(second)} changes which class the prediction column {quote(self._column)} speaks of: "
                f"by the labels before it that is {quote(before.positive or 'not ' + first)}",
                row,
                "Which is it?",
                self._either([second, first]),
            )
        if self._index:
            return int(text)
        # Of one label that is not what the column's name says, the column speaks of the other class.
        return int(canonical(text) == reading.positive)

    @staticmethod
    def _either(labels: Sequence[str]) -> list[str]:
        return [f"--positive {shell_word(label)}" for label in labels]

    def _which(self, labels: list[str]) -> str:
        told = {part.casefold() for part in self._told}
        near = [quote(label) for label in labels if label.strip().casefold() in told]
        if len(near) == 1:
            return f"In other letter case or without spaces it is {near[0]}."
        if any(is_fraction(label) for label in labels):
            return "A distribution needs one column for each class; if these are names, which is it?"
        return ""

    def could_name(self, text: str) -> bool:
        """Return whether a text is one of the two labels, or the second."""
        text = self.compared(text)
        if self._index:
            return text in {"0", "1"}
        named = {canonical(name) for name in (self._spec.positive, self._spec.negative) if name is not None}
        return len(named | set(self._distinct(text))) <= 2

    def nearly(self) -> tuple[set[str], str, str]:
        """Return the two classes."""
        if self._index:
            return {"0", "1"}, "", ""
        return set(self.names().classes), "", "One prediction column has two classes. "

    def _is_no_class(self) -> str:
        return "not the index of a class; those are 0 to 1" if self._index else super()._is_no_class()

    def label_texts(self) -> list[str]:
        """Return the text that labels of each class have: its name, or its index."""
        return ["0", "1"] if self._index else super().label_texts()

    def _names_are_columns(self) -> bool:
        return canonical(self._column) in self._distinct()

    def _read(self, labels: dict[str, str], row: int = 0) -> _Reading:
        """Return the positive class by --positive, --negative, the column's name or 1 and true, in that order."""
        spec = self._spec
        if self._index:
            return _Reading("1", "index")
        if spec.positive is not None:
            return _Reading(canonical(spec.positive), "--positive")
        if spec.negative is not None:
            others = [label for label in labels if label != canonical(spec.negative)]
            return _Reading(others[0] if others else None, "--negative")
        named = [label for label in labels if label in self._told]
        if len(named) == 1:
            self._refuse_contradiction(named[0], labels, row)
            return _Reading(named[0], "column name")
        if any(set(labels) <= pair for pair in _PAIRS):
            if self._told & _ZERO and labels:
                self._contradiction(row)
            return _Reading(next((label for label in labels if label in _ONE), None), "1 or true")
        return _Reading(None, "column name")

    def _refuse_contradiction(self, named: str, labels: dict[str, str], row: int) -> None:
        if named in _ZERO and any(label in _ONE for label in labels):
            self._contradiction(row)

    def _contradiction(self, row: int) -> None:
        zero = min(self._told & _ZERO)
        one = "true" if zero == "false" else "1"
        raise self.refusal(
            f"the prediction column {quote(self._column)} seems to speak of {quote(zero)}, but with labels {zero} and "
            f"{one} a single column speaks of {one}",
            row,
            "Which is it?",
            self._either([zero, one]),
        )

    def names(self) -> ClassNames:
        """Return (negative, positive) by what is known so far; a class that was not met is called by what it is not."""
        spec, labels = self._spec, self._distinct()
        reading = self._read(labels)
        positive = reading.positive
        if self._index:
            negative_name, positive_name = spec.negative or "0", spec.positive or "1"
            return ClassNames((negative_name, positive_name), (self._column,), "index", positive_name)
        # `True` in a CSV is `true` in a typed column: the class is called by what is compared.
        others = [label for label in labels if label != positive]
        negative_name = spec.negative if spec.negative is not None else (others[0] if others else "")
        if spec.positive is not None:
            positive_name = spec.positive
        elif positive is not None:
            positive_name = positive
        else:
            positive_name = "1" if canonical(negative_name) in _ZERO - {"false"} else f"not {negative_name}"
            positive_name = "true" if canonical(negative_name) == "false" else positive_name
        classes = (negative_name or f"not {positive_name}", positive_name)
        return ClassNames(classes, (self._column,), with_ending(reading.rule, self.ending), positive_name)

    def unmet(self) -> tuple[str, ...]:
        """Return the names of those of the two that stand for a class which nothing names yet."""
        if self._index:
            return ()
        negative, positive = self.names().classes
        said = {self._spec.positive, self._spec.negative, self._read(self._distinct()).positive, *self._distinct()}
        pairs = ((negative, positive), (positive, negative))
        return tuple(name for name, other in pairs if name not in said and name == f"not {other}")

    def finish(self) -> ClassNames:
        """Return (negative, positive). Raise DataError if nothing says which class the column speaks of."""
        labels = self._distinct()
        reading = self._read(labels)
        if (headless := self.headless_if_apt()) is not None:
            raise headless
        one_of_two = reading.rule == "1 or true" and set(labels) <= _ZERO
        if reading.positive is None and not one_of_two and self._spec.negative is None:
            only = quote(next(iter(labels.values())))
            raise self.refusal(
                f"which class does the prediction column {quote(self._column)} speak of? The only label is {only}, and "
                "its name is another",
                0,
                "Which class does it speak of?",
                self._either([last_part(self._column), next(iter(labels.values()))]),
            )
        return self.names()
