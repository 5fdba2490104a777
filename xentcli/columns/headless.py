"""Headers that look like data: a first row of numbers, or a label for a name."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.columns.defaults import LABEL_NAMES, is_decimal
from xentcli.columns.roles import Roles
from xentcli.errors import DataError
from xentcli.sources.base import Source
from xentcli.spec import ColumnSpec
from xentcli.text import listing, quote

_HINT = "Is there no header? Else give the columns names that are no numbers and no classes."


def headless_predictions(spec: ColumnSpec, roles: Roles, source: Source) -> DataError | None:
    """Return the error to raise, if labels are not all among them, where the prediction columns' names are data.

    That is where all of them are numbers, and not 0, 1, 2, …
    """
    names = roles.predictions
    counting = sorted(names) == sorted(str(at) for at in range(len(names)))
    named = source.format != "csv" or source.headerless or spec.pred
    if named or counting or not all(is_decimal(name) for name in names):
        return None
    problem = f"the first row looks like data: {listing(names, 5)}"
    return DataError(problem, file=source.files[0], line=1, hint=_HINT, options=["--no-header"])


def refuse_headless_labels(spec: ColumnSpec, roles: Roles, classes: Sequence[str], source: Source | None) -> None:
    """Raise DataError where the name of a CSV's one label column is a number or a class."""
    if source is None or source.format != "csv" or source.headerless or spec.label or len(source.columns) != 1:
        return
    name = source.columns[0].name
    if is_decimal(name) or (len(roles.predictions) > 1 and name in classes and name not in LABEL_NAMES):
        order = (0, 1, -1)
        problem = f"the first row looks like data: {quote(name)}"
        raise DataError(problem, file=source.files[0], line=1, order=order, hint=_HINT, options=["--labels-no-header"])
