"""How labels and predictions name classes, settled before any row is scored."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.advice import Advice
from xentcli.columns.first_rows import FirstLabels, first_labels, without_ending
from xentcli.columns.further_fields import further_fields, refuse_further
from xentcli.columns.given_classes import classes_of
from xentcli.columns.headerless import headless_predictions, refuse_headless_labels, refuse_label_among_columns
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_advice import of_a_third_label, of_later_labels, of_predicted
from xentcli.columns.label_mapper import LabelMapper, LabelPlace
from xentcli.columns.label_only import LabelOnly
from xentcli.columns.looks import Holds, looks_of
from xentcli.columns.lookup import Lookup, Place
from xentcli.columns.many_columns import ManyColumns, rule_of_places
from xentcli.columns.one_column import OneColumn
from xentcli.columns.refusals import no_classes, refuse_idle_label_options, unreadable
from xentcli.columns.settle import Settler, in_file
from xentcli.columns.soft_labels import Side, match_targets
from xentcli.errors import DataError, UsageError
from xentcli.numerics.hashing import text_hash
from xentcli.results.class_names import ClassNames
from xentcli.scoring.batch import Left
from xentcli.sources.base import ColumnKind
from xentcli.spec.choices import LabelKind, Missing
from xentcli.spec.options import EvalSpec
from xentcli.text import canonical, count, quote

_NUMBERS = {ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Classes:
    """How labels and predictions name classes.

    mapper: maps hard labels; None where `names` says everything, as labels are distributions, or there are none.
    targets: the label column of each class, in class order, where labels are distributions. advice: what settles errors
    about the prediction columns. left_out: the columns of PREDICTIONS that nothing uses though they hold fractions.
    predicted: those beside a single score that hold nothing but labels.
    """

    mapper: LabelMapper | None
    names: ClassNames
    targets: tuple[str, ...] = ()
    advice: Advice | None = None
    left_out: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()

    def hashes(self) -> NDArray[np.uint64]:
        """Return a hash of the labels of each class, shape (n_classes,)."""
        if self.mapper is not None and self.mapper.n_classes:
            return self.mapper.hashes()
        return np.array([text_hash(canonical(name)) for name in self.names.classes] or [0], dtype=np.uint64)

    def weights(self, given: Mapping[str, float] | None) -> NDArray[np.float64] | None:
        """Return the weight of each class, shape (n_classes,), by what is given for some; None without any."""
        if given is None:
            return None
        mapper = self.mapper
        names = (self.names if mapper is None else mapper.names()).classes
        met = {canonical(text) for text in (mapper.met if mapper is not None else ())}
        # A class that has no name yet, as none of its labels was met, has what is given and left over: smoothing asks.
        left = [weight for name, weight in given.items() if name not in names and canonical(name) not in met]
        unmet = float(left[0]) if len(left) == 1 and isinstance(mapper, OneColumn) else 1.0
        weights = [given.get(name, 1.0 if canonical(name) in met else unmet) for name in names]
        return np.array([float(weight) for weight in weights] or [1.0])

    def placed(self, inputs: Inputs) -> Classes:
        """Return the same for inputs of which other rows are read: errors about labels say where those are."""
        if self.mapper is None:
            return self
        mapper = copy(self.mapper)
        mapper.place = _place(inputs, inputs.roles.label[0])
        return replace(self, mapper=mapper)

    def finish(self) -> ClassNames:
        """Return the classes after all labels. Raise DataError if these do not say what they are called."""
        return self.names if self.mapper is None else self.mapper.finish()

    def n_classes(self, label_only: bool) -> int:
        """Return the number of classes; of those learnt as they come, 1 at least."""
        held = len(self.names.classes) if self.mapper is None else self.mapper.n_classes
        return max(1, held) if label_only else held


def find_classes(inputs: Inputs, spec: EvalSpec, again: bool = False) -> tuple[Inputs, Classes]:
    """Return which columns are classes and how labels name them: settled by names and the first labels.

    again: whoever asks will read the inputs from their start once more.

    Raises UsageError or DataError where these do not say, and where it is clear that nothing can be scored so.
    """
    lookup = Lookup(inputs.predictions, inputs.labels)
    inputs, classes = _classes(inputs, lookup, spec)
    unused = inputs.roles.unused(lookup, 0)
    looks = looks_of(inputs.predictions, unused, spec.dialect_of(0).decimal) if unused else {}
    fractions = tuple(name for name, look in looks.items() if look.holds is Holds.NUMBERS)
    further = further_fields(inputs.predictions)
    if isinstance(classes.mapper, ManyColumns) and classes.advice is not None:
        refuse_further(further, classes.advice)
    classes = replace(classes, left_out=fractions + tuple(name for name, _ in further))
    if isinstance(classes.mapper, OneColumn) and classes.advice is not None and classes.advice.labels is not None:
        # A copy of the label is none of a prediction.
        others = [name for name in looks if name != inputs.roles.label[0].name]
        classes = replace(classes, predicted=of_predicted(others, looks, classes.advice.labels.texts))
    if classes.advice is not None and not inputs.predictions.seekable:
        # Later there is nothing to look at.
        classes.advice.look()
    for source in () if again else lookup.sources:
        source.settle()
    return inputs, classes


def _classes(inputs: Inputs, lookup: Lookup, spec: EvalSpec) -> tuple[Inputs, Classes]:
    roles = inputs.roles
    if roles.distribution:
        return _distribution(inputs, lookup, spec)
    if spec.input.label_only:
        return inputs, _label_only(inputs, lookup, spec)
    place, left = _place(inputs, roles.label[0]), _left(inputs, lookup, spec)
    candidates = (*roles.predictions, *spec.columns.classes, *(spec.columns.class_map or ()))
    first = first_labels(place.source, place.column, left, candidates)
    decimal = spec.dialect_of(0).decimal
    refuse_label_among_columns(spec.columns, inputs.predictions, first.texts, inputs.labels, decimal)
    if len(roles.predictions) == 1 and not roles.prediction_list:
        return inputs, _one(inputs, lookup, spec, first)
    settler = Settler(spec, lookup, roles, first)
    settler.refuse_lists()
    if inputs.predictions.headerless or roles.prediction_list:
        columns = _prediction_columns(inputs)
        named = () if roles.prediction_list else lookup.names[0]
        rule = rule_of_places(columns, classes_of(spec.columns, named, columns), spec.columns.label_kind)
        lacking = tuple(text for text in first.texts if rule.code(text) is None)
    else:
        rule, found = settler.rule()
        lacking = found.lacking
        inputs = replace(inputs, roles=replace(roles, predictions=in_file(roles.predictions, rule.columns)))
    mapper = ManyColumns(rule, spec.columns, place, left, first.ending)
    mapper.headless = headless_predictions(spec.columns, inputs.roles, inputs.predictions)
    refuse_headless_labels(spec.columns, inputs.roles, rule.classes, inputs.labels)
    advice = None if roles.prediction_list else settler.advice(rule)
    if advice is not None:
        mapper.later = partial(of_later_labels, advice, rule)
    if lacking:
        told = None if roles.prediction_list else unreadable(inputs, settler)
        raise no_classes(mapper, first, lacking, settler, advice) if told is None else told
    if not roles.prediction_list:
        settler.refuse_types(rule)
        settler.refuse_doubts(rule)
    return inputs, Classes(mapper, mapper.names(), advice=advice)


def _one(inputs: Inputs, lookup: Lookup, spec: EvalSpec, first: FirstLabels) -> Classes:
    """Return the two classes of one prediction column."""
    column, columns = inputs.roles.predictions[0], spec.columns
    spec.refuse_sum_options("one prediction column has no sum to check")
    if columns.classes or columns.class_map:
        raise UsageError(
            f"--classes names the class of each of several prediction columns; there is one, {quote(column)}",
            hint="Say which class it speaks of with --positive, and the other with --negative.",
        )
    lookup.refuse_no_numbers(Place(0, column), "a prediction", "Predictions are numbers.")
    place = _place(inputs, inputs.roles.label[0])
    named = not inputs.predictions.headerless
    mapper = OneColumn(
        column, columns, place, _left(inputs, lookup, spec), first.ending, named=named, first=tuple(first.texts)
    )
    mapper.later = of_a_third_label
    mapper.headless = headless_predictions(columns, inputs.roles, inputs.predictions)
    refuse_headless_labels(columns, inputs.roles, mapper.names().classes, inputs.labels)
    return Classes(mapper, mapper.names(), advice=Advice(spec, lookup, inputs.roles, first, (column,)))


def _label_only(inputs: Inputs, lookup: Lookup, spec: EvalSpec) -> Classes:
    """Return the classes of predictions that are of the true label alone: the labels, as they come."""
    roles = inputs.roles
    column = roles.predictions[0]
    lookup.refuse_no_numbers(Place(0, column), "one number a row", "It is the probability of the label.")
    advice = Advice(spec, lookup, roles, None, ())
    if not roles.label:
        refuse_idle_label_options(spec)
        return Classes(None, ClassNames((), roles.predictions, "none", None), advice=advice)
    place, left = _place(inputs, roles.label[0]), _left(inputs, lookup, spec)
    first = first_labels(place.source, place.column, left, ())
    mapper = LabelOnly(column, place, left, first.ending)
    return Classes(mapper, mapper.names(), advice=advice)


def advised(error: DataError, inputs: Inputs, classes: Classes) -> DataError:
    """Return an error about a prediction with what settles it, computed from the first rows."""
    advice, roles = classes.advice, inputs.roles
    if advice is None or error.side != 0 or error.options:
        return error
    if error.of_sum:
        hint, options = advice.of_sum(error.hint)
        error.hint, error.options = hint, tuple(options)
    elif error.column in roles.predictions and error.record is not None:
        hint, options = advice.of_value(error.column, error.value, error.problem.endswith("is not a number"))
        if options or hint:
            error.hint, error.options = hint, tuple(options)
    return error


def _place(inputs: Inputs, place: Place) -> LabelPlace:
    return LabelPlace(inputs.source(place), place.name)


def _left(inputs: Inputs, lookup: Lookup, spec: EvalSpec) -> dict[str, Left]:
    """Return the label texts whose rows are left out, and why."""
    place = inputs.roles.label[0]
    left = dict.fromkeys(spec.columns.ignore, Left.IGNORED)
    if inputs.source(place).format != "csv" and lookup.column(place).kind in _NUMBERS:
        # The number 2.0 of a typed column is compared as 2.
        left |= {without_ending(name): Left.IGNORED for name in spec.columns.ignore}
    return left | {"": Left.MISSING} if spec.columns.missing is Missing.DROP else left


def _prediction_columns(inputs: Inputs) -> tuple[str, ...]:
    """Return the prediction columns, or the places in a column of lists."""
    roles = inputs.roles
    if not roles.prediction_list:
        return roles.predictions
    name = roles.predictions[0]
    width = inputs.predictions.width_of(name)
    if not width:
        spot = inputs.predictions.locate(0)
        problem, hint = "the list is missing or empty", "Every row needs a list with a number for each class."
        raise DataError(problem, file=spot.file, record=1, column=name, hint=hint)
    if width < 2:
        numbers = count(width, "number")
        problem = f"the lists of column {quote(name)} have {numbers}; a list has one for each class"
        raise DataError(problem, file=inputs.predictions.path)
    return tuple(str(at) for at in range(width))


def _distribution(inputs: Inputs, lookup: Lookup, spec: EvalSpec) -> tuple[Inputs, Classes]:
    roles = inputs.roles
    for option, here in (("--ignore", spec.columns.ignore), ("--missing drop", spec.columns.missing is Missing.DROP)):
        if here:
            raise UsageError(f"{option} is for labels that are names or indices; these are distributions")
    if spec.columns.label_kind in {LabelKind.NAME, LabelKind.INDEX}:
        # A pattern may stand for several columns; options alone do not say so.
        kind = spec.columns.label_kind.value
        raise UsageError(f"--label names several columns, which hold a distribution; --label-kind is {kind}")
    if spec.input.label_only:
        raise UsageError(f"--input {spec.input.value} has the probability of the true label alone; its label is a name")
    source = inputs.source(roles.label[0])
    is_list = roles.label[0] in roles.lists
    names = tuple(place.name for place in roles.label)
    if is_list:
        names = tuple(str(at) for at in range(source.width_of(roles.label[0].name)))
    mine = Side(_prediction_columns(inputs), not (inputs.predictions.headerless or roles.prediction_list))
    if len(mine.columns) == 1:
        spec.refuse_sum_options("one prediction column has no sum to check")
    found = match_targets(mine, Side(names, not (is_list or source.headerless)), spec.columns, lookup, source)
    if not roles.prediction_list:
        for name in found.names.columns:
            lookup.refuse_no_numbers(Place(0, name), "a prediction", "Predictions are numbers.")
        inputs = replace(inputs, roles=replace(roles, predictions=in_file(roles.predictions, found.names.columns)))
    advice = None if roles.prediction_list else Advice(spec, lookup, inputs.roles, None, ())
    return inputs, Classes(None, found.names, found.columns, advice)
