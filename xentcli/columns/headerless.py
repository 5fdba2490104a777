"""Headers that look like data: a first row of numbers, or a label for a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeGuard

from xentcli.columns.defaults import HEADLESS_HINT, LABEL_NAMES, is_decimal
from xentcli.columns.label_mapper import LabelMapper
from xentcli.columns.looks import Holds, looks_of
from xentcli.columns.roles import Roles
from xentcli.errors import DataError
from xentcli.sources.base import Source, position_of
from xentcli.spec.options import ColumnSpec
from xentcli.spec.parsing import typed
from xentcli.text import listing, quote


def headless_predictions(spec: ColumnSpec, roles: Roles, source: Source) -> DataError | None:
    """Return the error to raise, if labels are not all among them, where the prediction columns' names are data.

    That is where all of them are numbers, and not 0, 1, 2, …; or most of them fractions.
    """
    names = roles.predictions
    counting = sorted(names) == sorted(str(at) for at in range(len(names)))
    if source.format != "csv" or source.headerless or spec.pred or counting:
        return None
    numbers = [name for name in names if is_decimal(name)]
    fractions = [name for name in numbers if float(name) % 1.0]
    if len(numbers) < len(names) and not 1 < len(names) < 2 * len(fractions):
        return None
    problem = f"the first row looks like data: {listing(numbers, 5)}"
    return DataError(
        problem, file=source.files[0], line=1, hint=HEADLESS_HINT, options=[_without_header(roles, source)]
    )


def _without_header(roles: Roles, source: Source) -> str:
    """Return the option, with the place of the label where that is in the same file: it is then called so."""
    places = [str(position_of(source.columns, place.name) + 1) for place in roles.label if place.side == 0]
    return " ".join(["--no-header", *([typed("--label", places)] if places else [])])


def refuse_headless_labels(spec: ColumnSpec, roles: Roles, classes: Sequence[str], source: Source | None) -> None:
    """Raise DataError where the name of a CSV's one label column is a number or a class."""
    if _is_one_column(source, spec):
        name = source.columns[0].name
        if is_decimal(name) or (len(roles.predictions) > 1 and name in classes and name not in LABEL_NAMES):
            raise _headless(source, name)


def refuse_label_among_columns(
    spec: ColumnSpec, predictions: Source, labels: Collection[str], source: Source | None, decimal: str | None
) -> None:
    """Raise DataError where the name of a CSV's one label column is that of a column of PREDICTIONS, as are all labels
    below it, and that column holds fractions: it is a label itself, and its column a class like theirs.
    """
    if _is_one_column(source, spec):
        name = source.columns[0].name
        known = {column.name for column in predictions.columns}
        if not labels or name in LABEL_NAMES or predictions.headerless or not {name, *labels} <= known:
            return
        if looks_of(predictions, [name], decimal)[name].holds is Holds.NUMBERS:
            raise _headless(source, name)


def _is_one_column(source: Source | None, spec: ColumnSpec) -> TypeGuard[Source]:
    """Say whether LABELS is CSV with one column and a header, and no option says what that is."""
    return (
        source is not None
        and source.format == "csv"
        and not source.headerless
        and not spec.label
        and len(source.columns) == 1
    )


def headless_by_rows(source: Source, mapper: LabelMapper | None) -> DataError | None:
    """Return the error for a CSV of one label column, called as labels are (`y`), where its name is a class, too: to be
    asked where LABELS lacks one row.
    """
    one = source.format == "csv" and not source.headerless and len(source.columns) == 1
    name = source.columns[0].name
    return _headless(source, name) if one and mapper is not None and mapper.could_name(name) else None


def _headless(source: Source, name: str) -> DataError:
    problem = f"the first row looks like data: {quote(name)}"
    options = ["--labels-no-header"]
    return DataError(problem, file=source.files[0], line=1, order=(0, 1, -1), hint=HEADLESS_HINT, options=options)
