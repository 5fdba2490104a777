"""Labels that are distributions: which label column, or which place in a list, belongs to which prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xentcli.columns.affixes import affixes, last_part, without_wrap
from xentcli.columns.given_classes import classes_of, rule_of_classes, rule_of_index
from xentcli.columns.looks import looks_of
from xentcli.columns.lookup import Lookup
from xentcli.columns.many_columns import Rule, make_rule, rule_of_places
from xentcli.columns.proof import proven
from xentcli.columns.readings import Reading, fitting
from xentcli.errors import DataError, UsageError
from xentcli.results.class_names import ClassNames, sort_classes
from xentcli.sources.base import Source
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE, ColumnSpec
from xentcli.spec.parsing import shell_word, typed
from xentcli.text import canonical, count, listing, quote


class Targets(NamedTuple):
    """The classes, and the label column (or place in the list) of each, in class order."""

    names: ClassNames
    columns: tuple[str, ...]


class Side(NamedTuple):
    """The columns of one input that stand for classes: places `0, 1, …` where it is a list or has no names."""

    columns: tuple[str, ...]
    named: bool


def match_targets(predictions: Side, labels: Side, spec: ColumnSpec, lookup: Lookup, source: Source) -> Targets:
    """Return which label column belongs to which prediction column, by their names.

    Both sides may have a wrap of their own: `p_cat, p_dog` and `y_cat, y_dog`. Lists and columns without names go by
    their places, which the names of the other side must then be, or --classes says. Raises DataError where the names do
    not say, or say two things.
    """
    if len(predictions.columns) == 1:
        return _of_one_column(predictions, labels, spec, source)
    if not predictions.named or not labels.named or spec.classes or spec.class_map:
        return _given(predictions, labels, spec, source, lookup)
    found: dict[tuple[str, ...], tuple[Reading, tuple[str, ...]]] = {}
    partly: dict[tuple[str, ...], None] = {}
    for names in _readings(labels):
        for reading in fitting(predictions.columns, names):
            kept = [column for column, name in zip(reading.columns, reading.classes, strict=True) if name in names]
            if len(kept) == len(reading.columns):
                found.setdefault(reading.columns, (reading, names))
            elif len(kept) == len(names):
                partly.setdefault(tuple(kept))
    if len(found) == 1:
        reading, names = next(iter(found.values()))
        rule = make_rule(reading.rule, reading.classes, reading.columns)
        by_name = dict(zip(names, labels.columns, strict=True))
        return _targets(rule, tuple(by_name[name] for name in rule.classes), spec)
    options = [typed("--pred", columns) for columns in found or partly]
    if found:
        ways = " and ".join(listing(columns, 3) for columns in found)
        problem = f"the label columns fit the prediction columns in {len(found)} ways: {ways}"
        raise lookup.error(0, problem, "Which of them are the predictions?", options)
    if partly or len(predictions.columns) != len(labels.columns):
        parts = count(len(labels.columns), "part")
        problem = f"labels have {parts}, but there are {len(predictions.columns)} predictions"
        hint = "A distribution needs one part for each class."
        raise DataError(problem, file=source.path, hint=hint, options=options)
    raise _no_match(predictions, labels, source)


def _given(predictions: Side, labels: Side, spec: ColumnSpec, source: Source, lookup: Lookup) -> Targets:
    """Return the match by --classes, or by the places of what has no names."""
    if len(predictions.columns) != len(labels.columns):
        likely: list[str] = []
        if set(predictions.columns) <= lookup.columns[0].keys():
            looks = looks_of(lookup.sources[0], predictions.columns, None)
            numbers = [name for name in predictions.columns if looks[name].numbers is not None]
            likely = proven(numbers, numbers, looks, InputKind.PROBS, DEFAULT_SUM_TOLERANCE)
        raise DataError(
            f"labels have {count(len(labels.columns), 'part')}, but there are {len(predictions.columns)} predictions",
            file=source.path,
            hint="A distribution needs one part for each class.",
            options=[typed("--pred", likely)] if len(likely) == len(labels.columns) else [],
        )
    rule = _rule(predictions, spec)
    if labels.named:
        for names in _readings(labels):
            by_name = dict(zip(names, labels.columns, strict=True))
            if set(by_name) == set(rule.classes):
                return _targets(rule, tuple(by_name[name] for name in rule.classes), spec)
        raise _no_match(predictions, labels, source)
    if rule.columns != predictions.columns:
        raise DataError(
            "the parts of the label have no names, and the prediction columns are not in class order: "
            + listing(predictions.columns, 5),
            file=source.path,
            hint="Are the parts in the order of the columns, or of their classes?",
            options=[typed("--classes", predictions.columns), typed("--pred", rule.columns)],
        )
    return _targets(rule, labels.columns, spec)


def _rule(predictions: Side, spec: ColumnSpec) -> Rule:
    """Return the rule by --classes, by places, or by the names that belong to parts without any."""
    columns = predictions.columns
    classes = classes_of(spec, columns, columns)
    if not predictions.named:
        return rule_of_places(columns, classes, LabelKind.AUTO)
    if classes:
        return rule_of_classes(spec, columns, classes)
    return rule_of_index(columns)._replace(name="exact")


def _readings(labels: Side) -> list[tuple[str, ...]]:
    readings = [labels.columns]
    if labels.named:
        readings += [*(affix.stripped for affix in affixes(labels.columns)), without_wrap(labels.columns)]
    return readings


def _targets(rule: Rule, columns: tuple[str, ...], spec: ColumnSpec) -> Targets:
    for option, name in (("--positive", spec.positive), ("--negative", spec.negative)):
        if name is not None and (len(rule.classes) > 2 or canonical(name) not in map(canonical, rule.classes)):
            raise UsageError(f"{option} is {quote(name)}, but the classes are {listing(rule.classes)}")
    return Targets(ClassNames(rule.classes, rule.columns, rule.name, _positive(rule.classes, spec)), columns)


def _positive(classes: Sequence[str], spec: ColumnSpec) -> str | None:
    """Return the positive class of two: --positive, else 1 or true, else the second."""
    if len(classes) != 2:
        return None
    told = [canonical(name) for name in classes]
    if spec.positive is not None:
        return classes[told.index(canonical(spec.positive))]
    if spec.negative is not None:
        return classes[1 - told.index(canonical(spec.negative))]
    return next((name for name in classes if canonical(name) in {"1", "true"}), classes[1])


def _of_one_column(predictions: Side, labels: Side, spec: ColumnSpec, source: Source) -> Targets:
    """Return (negative, positive) of one prediction column against two label columns."""
    if len(labels.columns) != 2:
        problem = f"one prediction column has two classes, but labels have {count(len(labels.columns), 'part')}"
        raise DataError(problem, file=source.path, hint="A distribution needs one part for each class.")
    column = predictions.columns[0]
    for option, name in (("--positive", spec.positive), ("--negative", spec.negative)):
        if name is not None and not labels.named:
            raise UsageError(f"{option} is {quote(name)}, but the parts of the label have no names, so which is it?")
    readings = list(reversed(_readings(labels)))
    if not labels.named:
        readings = [("0", "1")]
    for names in readings:
        told = [canonical(name) for name in names]
        named = predictions.named and labels.named
        wanted = {canonical(last_part(column)), canonical(column)} if named else {"1", "true"}
        if spec.positive is not None:
            wanted = {canonical(spec.positive)}
        elif not wanted & set(told):
            wanted = {"1", "true"}
        hits = [at for at, name in enumerate(told) if name in wanted]
        if len(hits) == 1:
            positive = hits[0]
            order = (1 - positive, positive)
            classes = tuple(names[at] for at in order)
            if spec.negative is not None and canonical(spec.negative) != canonical(classes[0]):
                raise UsageError(f"--negative is {quote(spec.negative)}, but the classes are {listing(classes)}")
            rule = make_rule("--positive" if spec.positive is not None else "column name", classes, (column,) * 2, True)
            return Targets(
                ClassNames(rule.classes, (column,), rule.name, classes[1]), tuple(labels.columns[at] for at in order)
            )
    if spec.positive is not None:
        raise UsageError(f"--positive is {quote(spec.positive)}, but the label columns are {listing(labels.columns)}")
    raise DataError(
        f"which class does the prediction column {quote(column)} speak of? "
        f"The label columns are {listing(labels.columns)}",
        file=source.path,
        options=[f"--positive {shell_word(name)}" for name in labels.columns],
    )


def _no_match(predictions: Side, labels: Side, source: Source) -> DataError:
    mine, yours = (
        listing([side.columns[at] for at in sort_classes(side.columns)], 5) for side in (predictions, labels)
    )
    return DataError(
        f"the label columns {yours} do not say which prediction columns they belong to: those are {mine}",
        file=source.path,
        hint="Both need the same names, each side with a prefix or suffix of its own or without one; see --classes.",
    )
