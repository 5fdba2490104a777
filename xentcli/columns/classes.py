"""How labels and predictions name classes, settled before any row is scored."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.advice import Advice
from xentcli.columns.first_rows import FirstLabels, first_labels, pieces_of
from xentcli.columns.given_classes import classes_of
from xentcli.columns.headerless import headless_predictions, refuse_headless_labels, refuse_label_among_columns
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_mapper import UNKNOWN_SHOWN, LabelMapper, LabelPlace
from xentcli.columns.label_only import LabelOnly
from xentcli.columns.looks import Holds, looks_of
from xentcli.columns.lookup import Lookup, Place
from xentcli.columns.many_columns import ManyColumns, rule_of_places
from xentcli.columns.one_column import OneColumn
from xentcli.columns.settle import Settler, in_file
from xentcli.columns.soft_labels import Side, match_targets
from xentcli.errors import DataError, UsageError
from xentcli.numerics.hashing import text_hash
from xentcli.results.class_names import ClassNames
from xentcli.scoring.batch import Left
from xentcli.sources.base import Role
from xentcli.spec.choices import LabelKind, Missing
from xentcli.spec.options import EvalSpec
from xentcli.text import canonical, count, quote


@dataclass(frozen=True, slots=True)
class Classes:
    """How labels and predictions name classes.

    mapper: maps hard labels; None where `names` says everything, as labels are distributions, or there are none.
    targets: the label column of each class, in class order, where labels are distributions. advice: what settles errors
    about the prediction columns. left_out: the columns of PREDICTIONS that nothing uses though they hold fractions.
    """

    mapper: LabelMapper | None
    names: ClassNames
    targets: tuple[str, ...] = ()
    advice: Advice | None = None
    left_out: tuple[str, ...] = ()

    def hashes(self) -> NDArray[np.uint64]:
        """Return a hash of the labels of each class, shape (n_classes,)."""
        if self.mapper is not None and self.mapper.n_classes:
            return self.mapper.hashes()
        return np.array([text_hash(canonical(name)) for name in self.names.classes] or [0], dtype=np.uint64)

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
    classes = replace(classes, left_out=_left_out(inputs, lookup, spec))
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
    place, left = _place(inputs, roles.label[0]), _left(spec)
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
    if lacking:
        told = None if roles.prediction_list else _unreadable(inputs, settler)
        raise _no_classes(mapper, first, lacking, settler, advice) if told is None else told
    if not roles.prediction_list:
        settler.refuse_types(rule)
        if not inputs.predictions.headerless:
            settler.refuse_doubts(rule)
    return inputs, Classes(mapper, mapper.names(), advice=advice)


def _no_classes(
    mapper: ManyColumns, first: FirstLabels, lacking: Sequence[str], settler: Settler, advice: Advice | None
) -> DataError:
    """Return the error for labels of the first rows that are no classes."""
    if advice is not None:
        mapper.asked, mapper.options = settler.advice_of_all().of_labels(lacking, mapper.rule)
    mapper.first = tuple(first.texts)
    mapper.proven = settler.advice(mapper.rule).proven if advice is not None else ()
    in_order = mapper.named_in_order()
    if in_order:
        mapper.asked, mapper.options = "Which classes are the predictions of, in their order?", in_order
    # Where the labels stand is known to who has read them.
    mapper.place = LabelPlace(first.source, mapper.place.column)
    return mapper.unknown_error([(text, first.texts[text]) for text in lacking[:UNKNOWN_SHOWN]])


def _unreadable(inputs: Inputs, settler: Settler) -> DataError | None:
    """Return the error of the first cell that is no prediction, where it says more than that labels are no classes: it
    names what settles it, or no column holds numbers at all.
    """
    columns, looks = inputs.roles.predictions, settler.advice_of_all().looks
    if all(looks[name].numbers is not None for name in columns):
        return None
    role = Role.SCORE if settler.spec.input.may_be_masked else Role.NUMBER
    again = inputs.predictions.again()
    with closing(again), closing(pieces_of(again, dict.fromkeys(columns, role))) as pieces:
        try:
            next(pieces, None)
        except DataError as error:
            numbers = any(looks[name].holds in {Holds.NUMBERS, Holds.WHOLE} for name in columns)
            return error if error.options or not numbers else None
    return None


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
    mapper = OneColumn(column, columns, place, _left(spec), first.ending, named=named, first=tuple(first.texts))
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
        _refuse_idle_label_options(spec)
        return Classes(None, ClassNames((), roles.predictions, "none", None), advice=advice)
    place, left = _place(inputs, roles.label[0]), _left(spec)
    first = first_labels(place.source, place.column, left, ())
    mapper = LabelOnly(column, place, left, first.ending)
    return Classes(mapper, mapper.names(), advice=advice)


def _left_out(inputs: Inputs, lookup: Lookup, spec: EvalSpec) -> tuple[str, ...]:
    """Return the columns of PREDICTIONS that nothing uses and whose first rows hold fractions."""
    unused = inputs.roles.unused(lookup, 0)
    if not unused:
        return ()
    looks = looks_of(inputs.predictions, unused, spec.dialect_of(0).decimal)
    return tuple(name for name in unused if looks[name].holds is Holds.NUMBERS)


def advised(error: DataError, inputs: Inputs, classes: Classes) -> DataError:
    """Return an error about a prediction with what settles it, computed from the first rows."""
    advice, roles = classes.advice, inputs.roles
    if advice is None or error.side != 0 or error.options:
        return error
    if error.of_sum:
        hint, options = advice.of_sum(error.hint)
        error.hint, error.options = hint, tuple(options)
    elif error.column in roles.predictions and error.record is not None:
        hint, options = advice.of_value(error.column, error.value)
        if options or hint:
            error.hint, error.options = hint, tuple(options)
    return error


def _refuse_idle_label_options(spec: EvalSpec) -> None:
    """Raise UsageError for what is said of labels where there are none."""
    columns = spec.columns
    given = {
        "--class-weight": spec.class_weight is not None,
        "--ignore": bool(columns.ignore),
        "--missing": columns.missing is Missing.DROP,
        "--label-kind": columns.label_kind is not LabelKind.AUTO,
    }
    for option, here in given.items():
        if here:
            raise UsageError(f"{option} is about labels, and there are none", hint="Name their column with --label.")


def _place(inputs: Inputs, place: Place) -> LabelPlace:
    return LabelPlace(inputs.source(place), place.name)


def _left(spec: EvalSpec) -> dict[str, Left]:
    """Return the label texts whose rows are left out, and why."""
    left = dict.fromkeys(spec.columns.ignore, Left.IGNORED)
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
