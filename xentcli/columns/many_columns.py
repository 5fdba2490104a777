"""Several prediction columns: each is a class, and labels are the classes' names, or their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from xentcli.columns.affixes import without_wrap
from xentcli.columns.label_mapper import LabelMapper, LabelPlace
from xentcli.columns.near_names import class_by_label
from xentcli.errors import UsageError
from xentcli.results.class_names import ClassNames, sort_classes
from xentcli.scoring.batch import Left
from xentcli.spec.choices import LabelKind
from xentcli.spec.options import ColumnSpec
from xentcli.spec.parsing import typed
from xentcli.text import canonical, count, listing, quote

INDEX = "index"
_PAIR = 2


class Rule(NamedTuple):
    """How classes are read from the columns: what that is called, the classes in order, their columns, and which
    text names which class. `folded` holds the one class that is `true` (or `false`) in any letter case.
    """

    name: str
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    codes: Mapping[str, int]
    folded: Mapping[str, int]

    def code(self, text: str) -> int | None:
        """Return the class a text names, None if it names none."""
        found = self.codes.get(text)
        return self.folded.get(canonical(text)) if found is None else found

    def by_index(self) -> Rule:
        """Return the rule with labels that are the classes' places."""
        return self._replace(name=INDEX, codes={str(at): at for at in range(len(self.classes))}, folded={})


def make_rule(name: str, classes: Sequence[str], columns: Sequence[str], ordered: bool = False) -> Rule:
    """Return a rule with its classes in class order (as given if `ordered`)."""
    places = list(range(len(classes))) if ordered else sort_classes(classes)
    names = tuple(classes[at] for at in places)
    # A third spelling of `True` and `true` could be either: it is neither.
    alike = Counter(map(canonical, names))
    folded = {canonical(text): at for at, text in enumerate(names) if alike[canonical(text)] == 1}
    codes = {text: at for at, text in enumerate(names)}
    return Rule(name, names, tuple(columns[at] for at in places), codes, folded)


def rule_of_places(columns: Sequence[str], classes: Sequence[str], kind: LabelKind) -> Rule:
    """Return the rule for predictions that have no names, as lists and files without a header: their places are.

    Labels are 0-based indices, or the names that --classes gives. Raises UsageError for other numbers of names.
    """
    if classes and len(classes) != len(columns):
        names = count(len(classes), "class", "classes")
        raise UsageError(f"--classes names {names}, but there are {len(columns)} predictions a row")
    if kind is LabelKind.NAME and not classes:
        raise UsageError("--label-kind is name, but the predictions have no names; give them with --classes")
    named = classes or [str(at) for at in range(len(columns))]
    rule = make_rule("--classes", named, columns, ordered=True)
    return rule if classes and kind is not LabelKind.INDEX else rule.by_index()


class ManyColumns(LabelMapper):
    """Labels against the classes of two or more prediction columns."""

    def __init__(
        self,
        rule: Rule,
        spec: ColumnSpec,
        place: LabelPlace,
        left: Mapping[str, Left] = MappingProxyType({}),
        ending: str = "",
    ) -> None:
        super().__init__(place, left, ending)
        self.rule = rule
        # All labels of the first rows, where some of them are no classes, and the columns that sum to 1 in these rows.
        self.first: Sequence[str] = ()
        self.proven: Sequence[str] = ()
        self._spec = spec
        self._names = ClassNames(rule.classes, rule.columns, with_ending(rule.name, ending), self._positive())

    @property
    def n_classes(self) -> int:
        """Return the number of prediction columns."""
        return len(self.rule.classes)

    def learn(self, text: str, row: int) -> int | None:
        """Return the class that a text names, None if it names none."""
        return self.rule.code(text)

    def could_name(self, text: str) -> bool:
        """Return whether a text names a class."""
        return self.rule.code(self.compared(text)) is not None

    def nearly(self) -> tuple[set[str], str, str]:
        """Return the texts that name classes, and those that would without what all columns share."""
        index = self.rule.name == INDEX
        stripped = () if index else without_wrap(self.rule.classes)
        # Where indices were not asked for, names are missing.
        asked = self._spec.label_kind is LabelKind.INDEX
        return {*self.rule.codes, *stripped}, "" if index and asked else ", or name the classes with --classes", ""

    def respelt(self, unknown: Sequence[str]) -> Sequence[str]:
        """Return --classes with each column and the one label that its class is spelt as."""
        if self.rule.name == INDEX:
            return ()
        rule = self.rule
        labels = [text for text in [*self.first, *self.met, *unknown] if self.why_left(text) is None]
        codes = {text: rule.code(text) for text in labels}
        names: Sequence[str] = rule.classes
        found = class_by_label(codes, names)
        if not found and not any(code is not None for code in codes.values()):
            names = without_wrap(rule.classes)
            found = class_by_label(codes, names)
        # Whether a column that no label names is a class is not said by its name.
        kept = rule.columns if len(found) == len(names) else self.proven
        called = {**dict(enumerate(names)), **{at: text for text, at in found.items()}}
        if not found or not {rule.columns[at] for at in found.values()} <= set(kept):
            return ()
        return [typed("--classes", [f"{name}={called[at]}" for at, name in enumerate(rule.columns) if name in kept])]

    def named_in_order(self) -> list[str]:
        """Return --classes with the labels of the first rows, where predictions have no names and there are as many:
        in the order that programs give classes, of two in the other one, too.
        """
        texts = [text for text in self.first if self.why_left(text) is None]
        if self.rule.name != INDEX or self._spec.label_kind is LabelKind.INDEX or len(texts) != self.n_classes:
            return []
        names = [texts[at] for at in sort_classes(texts)]
        return [typed("--classes", order) for order in ((names, names[::-1]) if len(names) == _PAIR else (names,))]

    def _is_no_class(self) -> str:
        if self.rule.name == INDEX:
            return f"not the index of a class; those are 0 to {self.n_classes - 1}"
        return super()._is_no_class()

    def label_texts(self) -> list[str]:
        """Return the text that labels of each class have: its name, or its index."""
        return list(self.rule.codes) if self.rule.name == INDEX else super().label_texts()

    def _names_are_columns(self) -> bool:
        return bool(self.met) and self.rule.name == "exact"

    def names(self) -> ClassNames:
        """Return the classes."""
        return self._names

    def finish(self) -> ClassNames:
        """Return the classes: labels only ever named them."""
        return self._names

    def _positive(self) -> str | None:
        """Return the positive class of two: --positive, else 1 or true, else the second."""
        classes, spec = self.rule.classes, self._spec
        given = [(option, name) for option, name in _named(spec) if name is not None]
        if len(classes) > 2 and given:
            raise UsageError(f"{given[0][0]} is for two classes; there are {len(classes)} prediction columns")
        names = [canonical(name) for name in classes]
        for option, name in given:
            if canonical(name) not in names:
                raise UsageError(f"{option} is {quote(name)}, but the classes are {listing(classes)}")
        if len(classes) != 2:
            return None
        if spec.positive is not None:
            return classes[names.index(canonical(spec.positive))]
        if spec.negative is not None:
            return classes[1 - names.index(canonical(spec.negative))]
        return next((name for name in classes if canonical(name) in {"1", "true"}), classes[1])


def _named(spec: ColumnSpec) -> tuple[tuple[str, str | None], ...]:
    return (("--positive", spec.positive), ("--negative", spec.negative))


def with_ending(rule: str, ending: str) -> str:
    """Return what a rule is called where labels lose an ending before they are compared.

    >>> with_ending("exact", ".0"), with_ending("exact", "")
    ("exact, labels without '.0'", 'exact')
    """
    return f"{rule}, labels without {quote(ending)}" if ending else rule
