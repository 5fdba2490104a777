"""What the values of key columns look like, from the first rows of both inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xentcli.alignment.order_check import text_at
from xentcli.commands.inspect.check import Checked
from xentcli.results.inspection import InspectedKey
from xentcli.sources.base import ColumnKind, Piece

_FORMS = {
    "whole numbers": re.compile(r"0|-?[1-9][0-9]*"),
    "dates": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "true and false": re.compile(r"true|false"),
}
_TYPED = {
    ColumnKind.INTEGER: "whole numbers",
    ColumnKind.FLOAT: "whole numbers",
    ColumnKind.DECIMAL: "whole numbers",
    ColumnKind.DATE: "dates",
    ColumnKind.BOOLEAN: "true and false",
}
OTHER = "other text"


def keys_of(checked: Checked) -> tuple[InspectedKey, ...]:
    """Return the key columns with what their values look like on both sides."""
    return tuple(
        InspectedKey(mine.name, _forms(checked, 0, mine.name), _forms(checked, 1, yours.name))
        for mine, yours in checked.inputs.roles.on
    )


def never_meet(key: InspectedKey) -> bool:
    """Say whether no value of one side could be one of the other: keys are compared as text."""
    return bool(key.predictions and key.labels) and not set(key.predictions) & set(key.labels)


def _forms(checked: Checked, side: int, name: str) -> tuple[str, ...]:
    sample = checked.samples[side]
    kind = next(column.kind for column in sample.source.columns if column.name == name)
    if kind in _TYPED:
        return (_TYPED[kind],)
    found = {_form(text) for piece in sample.pieces for text in _texts(piece, name)}
    return tuple(form for form in (*_FORMS, OTHER) if form in found)


def _form(text: str) -> str:
    return next((form for form, pattern in _FORMS.items() if pattern.fullmatch(text)), OTHER)


def _texts(piece: Piece, name: str) -> Iterator[str]:
    values = piece.order[name]
    return (text_at(values, row) for row in range(piece.rows))
