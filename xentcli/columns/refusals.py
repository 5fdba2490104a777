"""What is refused of columns and labels, with what settles it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from xentcli.columns.advice import Advice
from xentcli.columns.first_rows import FirstLabels, pieces_of
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_advice import of_labels
from xentcli.columns.label_mapper import UNKNOWN_SHOWN, LabelPlace
from xentcli.columns.looks import Holds
from xentcli.columns.many_columns import ManyColumns
from xentcli.columns.settle import Settler
from xentcli.errors import DataError, UsageError
from xentcli.sources.base import Role
from xentcli.spec.choices import LabelKind, Missing
from xentcli.spec.options import EvalSpec


def no_classes(
    mapper: ManyColumns, first: FirstLabels, lacking: Sequence[str], settler: Settler, advice: Advice | None
) -> DataError:
    """Return the error for labels of the first rows that are no classes."""
    if advice is not None:
        mapper.asked, mapper.options = of_labels(settler.advice_of_all(), lacking, mapper.rule)
    mapper.first = tuple(first.texts)
    mapper.proven = settler.advice(mapper.rule).proven if advice is not None else ()
    in_order = mapper.named_in_order()
    if in_order:
        mapper.asked, mapper.options = "Which classes are the predictions of, in their order?", in_order
    # Where the labels stand is known to who has read them.
    mapper.place = LabelPlace(first.source, mapper.place.column)
    return mapper.unknown_error([(text, first.texts[text]) for text in lacking[:UNKNOWN_SHOWN]])


def unreadable(inputs: Inputs, settler: Settler) -> DataError | None:
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


def refuse_idle_label_options(spec: EvalSpec) -> None:
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
