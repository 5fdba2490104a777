"""Several prediction columns: their names, or what is left of them without a shared prefix or suffix, are classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.batch import Left
from xentcli.columns.affixes import affixes
from xentcli.columns.labels import ClassNames, LabelMapper, LabelPlace, sort_classes
from xentcli.errors import UsageError
from xentcli.kinds import LabelKind
from xentcli.spec import ColumnSpec
from xentcli.state.rows import text_hash
from xentcli.text import canonical, count, listing, quote


class Rule(NamedTuple):
    """One way to read classes from the columns: what it is called, the classes in order, their columns, and which
    text names which class. `folded` holds the one class that is `true` (or `false`) in any letter case.
    """

    name: str
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    codes: dict[str, int]
    folded: dict[str, int]

    def code(self, text: str) -> int | None:
        """Return the class a text names, None if it names none."""
        found = self.codes.get(text)
        return self.folded.get(canonical(text)) if found is None else found


def make_rule(name: str, classes: Sequence[str], columns: Sequence[str], ordered: bool = False) -> Rule:
    """Return a rule with its classes in class order (as given if `ordered`)."""
    places = list(range(len(classes))) if ordered else sort_classes(classes)
    names = tuple(classes[at] for at in places)
    # A third spelling of `True` and `true` could be either: it is neither.
    alike = Counter(map(canonical, names))
    folded = {canonical(text): at for at, text in enumerate(names) if alike[canonical(text)] == 1}
    codes = {text: at for at, text in enumerate(names)}
    return Rule(name, names, tuple(columns[at] for at in places), codes, folded)


def make_rules(columns: Sequence[str], spec: ColumnSpec, named: bool = True) -> list[Rule]:
    """Return the rules to try, the likeliest first: the names as they are, then without a prefix, without a suffix.

    Where columns are not `named`, as lists and files without a header are, their places are: labels are 0-based
    indices, or the names that --classes gives. Raises UsageError for --classes that do not fit the columns.
    """
    if not named:
        return [_by_place(columns, spec)]
    if spec.classes:
        _refuse_misfit(columns, spec.classes)
        rules = [make_rule("--classes", spec.classes, columns, ordered=True)]
    else:
        rules = [make_rule("exact", columns, columns)]
        for affix in affixes(columns):
            rules.append(make_rule(f"{affix.kind} {quote(affix.text)}", affix.stripped, columns))
    if spec.label_kind is LabelKind.INDEX:
        # No label can say whether a shared prefix belongs to the names; without it p_2 comes before p_10.
        numbers = {str(at): at for at in range(len(columns))}
        return [rules[min(1, len(rules) - 1)]._replace(name="index", codes=numbers, folded={})]
    return rules


def _by_place(columns: Sequence[str], spec: ColumnSpec) -> Rule:
    indices = [str(at) for at in range(len(columns))]
    classes = spec.classes or indices
    if len(classes) != len(columns):
        names = count(len(classes), "class", "classes")
        raise UsageError(f"--classes names {names}, but there are {len(columns)} predictions a row")
    if spec.label_kind is LabelKind.NAME and not spec.classes:
        raise UsageError("--label-kind is name, but the predictions have no names; give them with --classes")
    rule = make_rule("--classes", classes, columns, ordered=True)
    if spec.classes and spec.label_kind is not LabelKind.INDEX:
        return rule
    return rule._replace(name="index", codes={text: at for at, text in enumerate(indices)}, folded={})


def _refuse_misfit(columns: Sequence[str], classes: Sequence[str]) -> None:
    if len(classes) != len(columns):
        raise UsageError(
            f"--classes names {count(len(classes), 'class', 'classes')}, but there are {len(columns)} prediction "
            f"columns: {listing(columns)}"
        )
    for known in (tuple(columns), *(affix.stripped for affix in affixes(columns))):
        if set(known) == set(classes) and known != tuple(classes):
            at = next(i for i, name in enumerate(known) if name != classes[i])
            raise UsageError(
                f"--classes gives the class of each prediction column in order, so column {quote(columns[at])} would "
                f"be {quote(classes[at])}",
                hint="Leave --classes out: the names of the columns say which is which.",
            )


class ManyColumns(LabelMapper):
    """Labels against the names of two or more prediction columns."""

    def __init__(
        self,
        columns: Sequence[str],
        spec: ColumnSpec,
        place: LabelPlace,
        left: Mapping[str, Left] = MappingProxyType({}),
        named: bool = True,
    ) -> None:
        super().__init__(place, left)
        self._n = len(columns)
        self._spec = spec
        self._rules = make_rules(columns, spec, named)
        self._fitting = list(self._rules)
        self._hashes_by_rule: dict[str, NDArray[np.uint64]] = {}
        if len(columns) > 2 and (spec.positive is not None or spec.negative is not None):
            option = "--positive" if spec.positive is not None else "--negative"
            raise UsageError(f"{option} is for two classes; there are {len(columns)} prediction columns")

    @property
    def n_classes(self) -> int:
        """Return the number of prediction columns."""
        return self._n

    def learn(self, text: str, row: int) -> bool:
        """Keep the rules that the text fits; raise DataError if it fits only some that earlier labels ruled out."""
        if not self.could_name(text):
            return False
        still = [rule for rule in self._fitting if rule.code(text) is not None]
        if not still:
            earlier = min(self.met.items(), key=lambda item: item[1])
            other = next(rule for rule in self._rules if rule.code(text) is not None)
            raise self.refusal(
                f"the label {quote(text)} fits the columns by the rule {other.name}, but earlier labels such as "
                f"{quote(earlier[0])} ({self.place.record(earlier[1])}) by {self._fitting[0].name}",
                row,
                "Labels must fit one rule; name the class of each column with --classes.",
            )
        self._fitting = still
        return True

    def could_name(self, text: str) -> bool:
        """Return whether a text names a class by any rule."""
        return any(rule.code(text) is not None for rule in self._rules)

    @property
    def fitting(self) -> list[str]:
        """Return what the rules are called that all labels so far fit, the likeliest first."""
        return [rule.name for rule in self._fitting]

    def all_classes(self) -> list[str]:
        """Return the names of the classes by every rule."""
        return [name for rule in self._rules for name in rule.classes]

    def nearly(self) -> tuple[set[str], str, str]:
        """Return the names of the classes by every rule."""
        index = self._rules[0].name == "index"
        names = {name for rule in self._rules for name in (rule.codes if index else rule.classes)}
        # Where indices were not asked for, names are missing.
        asked = self._spec.label_kind is LabelKind.INDEX
        return names, "" if index and asked else ", or name the classes with --classes", ""

    def _is_no_class(self) -> str:
        index = self._rules[0].name == "index"
        return f"not the index of a class; those are 0 to {self._n - 1}" if index else super()._is_no_class()

    def label_texts(self) -> list[str]:
        """Return the text that labels of each class have: its name, or its index."""
        return list(self._rules[0].codes) if self._rules[0].name == "index" else super().label_texts()

    def hashes(self) -> NDArray[np.uint64]:
        """Return one hash a class, which are the same for as long as the labels fit the same rule."""
        rule = self._rules[0].name if self._rules[0].name == "index" else self._fitting[0].name
        if rule not in self._hashes_by_rule:
            self._hashes_by_rule[rule] = np.array([text_hash(text) for text in self.label_texts()], dtype=np.uint64)
        return self._hashes_by_rule[rule]

    def _names_are_columns(self) -> bool:
        return bool(self.met) and self._fitting[0].name == "exact"

    def code(self, text: str) -> int:
        """Return the class number by the first rule that all labels so far fit."""
        code = self._fitting[0].code(text)
        assert code is not None
        return code

    def names(self) -> ClassNames:
        """Return the classes by the first rule that all labels so far fit."""
        rule = self._fitting[0]
        return ClassNames(rule.classes, rule.columns, rule.name, self._positive(rule))

    def finish(self) -> ClassNames:
        """Return the classes. The names as they are win; two other rules that fit are an error."""
        rules = self._fitting
        if len(rules) > 1 and rules[0].name not in {"exact", "--classes"}:
            raise self.refusal(
                f"the labels fit the columns by two rules, {rules[0].name} and {rules[1].name}",
                0,
                "Name the class of each column with --classes.",
            )
        self._refuse_positive(rules[0])
        return self.names()

    def _positive(self, rule: Rule) -> str | None:
        """Return the positive class of two: --positive, else 1 or true, else the second.

        None while labels may still settle on a rule that has the class asked for.
        """
        if self._n != 2:
            return None
        names = [canonical(name) for name in rule.classes]
        for name, other in ((self._spec.positive, 0), (self._spec.negative, 1)):
            if name is not None:
                return rule.classes[names.index(canonical(name)) ^ other] if canonical(name) in names else None
        told = [name for name in rule.classes if canonical(name) in {"1", "true"}]
        return told[0] if told else rule.classes[1]

    def _refuse_positive(self, rule: Rule) -> None:
        for option, name in (("--positive", self._spec.positive), ("--negative", self._spec.negative)):
            if name is not None and canonical(name) not in map(canonical, rule.classes):
                raise UsageError(f"{option} is {quote(name)}, but the classes are {listing(rule.classes)}")
