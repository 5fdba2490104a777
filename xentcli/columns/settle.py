"""Which of several columns are classes: settled by their names and the first labels, before any row is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xentcli.columns.advice import Advice
from xentcli.columns.first_rows import FirstLabels
from xentcli.columns.given_classes import by_column, classes_of, rule_of_classes, rule_of_index
from xentcli.columns.lookup import Lookup, Place
from xentcli.columns.many_columns import INDEX, Rule, make_rule
from xentcli.columns.readings import Reading, Readings, readings
from xentcli.columns.roles import Roles
from xentcli.errors import DataError, UsageError
from xentcli.sources.base import ColumnKind
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.options import DEFAULT_SUM_TOLERANCE, EvalSpec
from xentcli.spec.parsing import typed
from xentcli.text import canonical, listing, quote

# Names of several numbers, x_1_1 to x_200_200, may fit labels in hundreds of ways; an error shows ten lines.
_MOST_RIVALS = 9


class Settler:
    """Settles which columns of PREDICTIONS are classes. `labels`: the first of them, None where they are no names."""

    def __init__(self, spec: EvalSpec, lookup: Lookup, roles: Roles, labels: FirstLabels | None) -> None:
        self.spec, self.lookup, self.roles, self.labels = spec, lookup, roles, labels

    def rule(self) -> tuple[Rule, Readings]:
        """Return how classes are read from the columns, and what the labels make of these.

        Raises DataError where names and labels do not say, or say two things.
        """
        columns, spec = self.roles.predictions, self.spec.columns
        texts = tuple(self.labels.texts) if self.labels is not None else ()
        classes = classes_of(spec, self.lookup.names[0], columns)
        if classes:
            try:
                rule = rule_of_classes(spec, columns, classes)
            except UsageError as error:
                error.options = error.options or tuple(self._as_many(len(classes)))
                raise
            if rule.name == INDEX and not by_column(spec, columns):
                self._refuse_two_orders(rule)
        elif spec.label_kind is LabelKind.INDEX:
            rule = rule_of_index(columns)
            self._refuse_two_orders(rule)
        else:
            try:
                found = readings(columns, texts, whole=bool(spec.pred))
            except DataError as too_many:
                raise self.lookup.error(0, too_many.problem, too_many.hint) from None
            if found.rivals and not found.lacking:
                raise self._two_readings(found)
            best = found.best
            return make_rule(best.rule, best.classes, best.columns), found
        lacking = tuple(text for text in texts if rule.code(text) is None)
        return rule, Readings(Reading(rule.name, rule.columns, rule.classes), lacking)

    def _as_many(self, number: int) -> list[str]:
        """Return --pred with the columns that --classes names in order, where so many are likely the predictions."""
        advice = self.advice_of_all()
        likely = advice.proven or [
            name for name in advice.names if advice.looks[name].numbers is not None and name not in advice.doubted
        ]
        return [typed("--pred", likely)] if len(likely) == number < len(advice.names) else []

    def _two_readings(self, found: Readings) -> DataError:
        """Return the error for labels that fit the columns in two ways."""
        ways_there_are = 1 + len(found.rivals)
        rivals = found.rivals[:_MOST_RIVALS]
        both = [found.best, *rivals]
        if found.best.rule == "exact":
            # A wrap around labels is the likelier one: the other columns are the labels themselves, one-hot.
            both = [*rivals, found.best]
        ways = " and ".join(f"{reading.rule} ({listing(reading.columns, 3)})" for reading in both[:3])
        options = [self._said(reading, both) for reading in both]
        wanted = {canonical(text) for text in self.labels.texts} if self.labels is not None else set()
        if found.best.rule == "exact":
            # Without the wrapped ones: those that are named exactly.
            wrapped = {name for reading in found.rivals for name in reading.columns}
            named = [name for name in found.best.columns if canonical(name) in wanted or name not in wrapped]
            options[-1] = typed("--pred", named)
            options.append(typed("--pred", found.best.columns))
        return self.lookup.error(
            0,
            f"the labels fit the prediction columns in {ways_there_are:,} ways: {ways}",
            "Which of them are the predictions?",
            list(dict.fromkeys(options)),
        )

    @staticmethod
    def _said(reading: Reading, both: Sequence[Reading]) -> str:
        """Return the option for a reading: its columns or, where another has the same ones, the class of each."""
        if sum(set(other.columns) == set(reading.columns) for other in both) == 1:
            return typed("--pred", reading.columns)
        pairs = zip(reading.columns, reading.classes, strict=True)
        return typed("--classes", [f"{column}={name}" for column, name in pairs])

    def _refuse_two_orders(self, rule: Rule) -> None:
        """Raise DataError where indices could count the columns as they stand, or in the order of their classes."""
        listed = self.roles.predictions
        # Indices count the columns of the file, in whatever order --pred lists them.
        columns = in_file(self.lookup.names[0], listed)
        if rule.columns == columns:
            return
        advice = self.advice(rule)
        numbers = [name for name in columns if name not in advice.doubted and advice.looks[name].numbers is not None]
        kept = in_file(columns, advice.proven or numbers or columns)
        class_of = dict(zip(rule.columns, rule.classes, strict=True))
        pairs = [f"{name}={class_of[name]}" for name in kept]
        in_class_order = [f"{name}={class_of[name]}" for name in rule.columns if name in kept]
        pred = f"{typed('--pred', kept)} " if len(kept) < len(columns) else ""
        in_file_order = pred + typed("--classes", [class_of[name] for name in kept])
        if listed != columns:
            # Classes alone would be those of --pred, in its order.
            in_file_order = typed("--classes", pairs)
        raise self.lookup.error(
            0,
            f"labels are indices, but the columns stand in another order than their classes: the columns are "
            f"{listing(columns, 10)}, and in order {listing(rule.classes, 10)}",
            "Which order do the indices count in?",
            [in_file_order, typed("--classes", in_class_order)],
        )

    def advice(self, rule: Rule) -> Advice:
        """Return what options to offer about the columns of a rule."""
        roles = replace(self.roles, predictions=in_file(self.roles.predictions, rule.columns))
        return Advice(self.spec, self.lookup, roles, self.labels, self.unnamed(rule))

    def advice_of_all(self) -> Advice:
        """Return what options to offer where labels are no classes: any column may be a prediction, or none."""
        return Advice(self.spec, self.lookup, self.roles, self.labels, self.roles.predictions)

    def unnamed(self, rule: Rule) -> tuple[str, ...]:
        """Return the columns that no label of the first rows names; an index names none."""
        if self.labels is None or rule.name == INDEX:
            return rule.columns
        named = {rule.code(text) for text in self.labels.texts}
        return tuple(name for at, name in enumerate(rule.columns) if at not in named)

    def refuse_doubts(self, rule: Rule) -> None:
        """Raise DataError for columns that may be none of the predictions, where no sum proves that they are.

        Those are columns that no label of the first rows and no `--pred` names: with probabilities that are not held to
        a sum of 1, ones without which they do sum to 1; else ones of whole numbers beside fractions.
        """
        spec = self.spec
        unchecked = spec.renormalize or spec.tolerance > DEFAULT_SUM_TOLERANCE
        if spec.columns.classes or spec.columns.class_map or (spec.input is not InputKind.LOGITS and not unchecked):
            return
        unnamed = [name for name in self.unnamed(rule) if name not in self.roles.exact]
        if not unnamed:
            return
        advice = self.advice(rule)
        advice.unnamed = frozenset(unnamed)
        if spec.input is not InputKind.LOGITS:
            found = advice.proven
            if len(found) == len(rule.columns):
                return
            if found:
                left = [name for name in advice.names if name not in found]
                problem = f"the probabilities of the first rows sum to 1 without {_columns(left)}"
                raise self.lookup.error(0, problem, "Are these other things than classes?", [advice.pred(found)])
        doubted = advice.doubted
        if doubted:
            problem = f"{_columns(doubted)}: whole numbers, which no label names, beside columns that hold fractions"
            raise self.lookup.error(0, problem, "Ids, folds, predicted labels, or classes?", advice.likely())

    def refuse_lists(self) -> None:
        """Raise DataError for a column of lists beside other prediction columns."""
        names, columns = self.roles.predictions, self.lookup.columns[0]
        lists = [name for name in names if columns[name].kind is ColumnKind.LIST]
        if not lists or len(names) == 1:
            return
        others = [name for name in names if name not in lists]
        found = readings(others, self.labels.texts) if self.labels is not None else None
        options = [typed("--pred", [name]) for name in lists]
        if found is not None and not found.lacking and len(found.best.columns) > 1:
            options.insert(0, typed("--pred", found.best.columns))
        problem = f"column {quote(lists[0])} is of type {columns[lists[0]].type_name}, beside other prediction columns"
        raise self.lookup.error(0, problem, "Predictions are one column of lists, or columns of numbers.", options)

    def refuse_types(self, rule: Rule) -> None:
        """Raise DataError for a column whose type cannot hold predictions."""
        for name in rule.columns:
            try:
                self.lookup.refuse_no_numbers(Place(0, name), "a prediction", "Predictions are numbers.")
            except DataError as error:
                error.options = tuple(self.advice(rule).likely())
                raise


def in_file(columns: Sequence[str], chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the chosen columns in the order of their file, or of --pred."""
    held = set(chosen)
    return tuple(name for name in columns if name in held)


def _columns(names: Sequence[str]) -> str:
    return f"column{'s' if len(names) > 1 else ''} {listing(names, 5)}"
