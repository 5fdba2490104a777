"""The lists of an inspection: the columns of its inputs, the classes, and the labels that need a word.

Of very many columns, classes or labels the first 20 are listed; JSON has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET
from xentcli.render.table.grid import Cells, grid
from xentcli.render.table.lines import spelling_of, wrap
from xentcli.render.wording.spelling import Spelling
from xentcli.results.inspection import InspectedColumn, InspectedFile, InspectResult

SHOWN = 20


def _lines(columns: Sequence[Cells], left_out: Sequence[bool], more: str, screen: Screen) -> list[Text]:
    """Return a list, its rows that are left out of the evaluation dim, and a line on what it leaves out itself."""
    return grid(columns, left_out, screen) + (wrap(Text(more, QUIET), screen.width) if more else [])


def refused_lines(file: InspectedFile, screen: Screen) -> list[Text]:
    """Return the columns as they look where eval would refuse, and what each may be for."""
    spelling = spelling_of(screen)
    shown = file.columns[:SHOWN]
    matched = ("" if column.labels_matched is None else f"{column.labels_matched:,}" for column in shown)
    columns = (
        Cells("column", tuple(spelling.name(column.name) for column in shown)),
        Cells("holds", tuple(column.holds or "" for column in shown)),
        Cells("from", tuple(_number(column.low) for column in shown), right=True, spare=True),
        Cells("to", tuple(_number(column.high) for column in shown), right=True, spare=True),
        Cells("labels matched", tuple(matched), right=True, spare=True),
        Cells("may be", tuple("" if column.role == "unused" else column.role for column in shown)),
        Cells("such as", tuple(", ".join(map(spelling.name, column.examples)) for column in shown), note=True),
    )
    return _lines(columns, (False,) * len(shown), _more(file.columns, "column"), screen)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def column_lines(file: InspectedFile, screen: Screen) -> list[Text]:
    """Return the columns, those that are used first."""
    spelling = spelling_of(screen)
    ordered = sorted(file.columns, key=lambda column: column.role == "unused")
    shown = ordered[:SHOWN]
    columns = (
        Cells("column", tuple(spelling.name(column.name) for column in shown)),
        Cells("type", tuple(spelling.name(column.type) for column in shown)),
        Cells("role", tuple(", ".join((column.role, *column.also)) for column in shown)),
        Cells("class", _names((column.class_ for column in shown), spelling)),
        Cells("why unused", tuple(spelling.message(column.why or "") for column in shown), note=True),
    )
    return _lines(columns, tuple(column.role == "unused" for column in shown), _more(ordered, "column"), screen)


def _names(names: Iterable[str | None], spelling: Spelling) -> tuple[str, ...]:
    return tuple("" if name is None else spelling.name(name) for name in names)


def _more(everything: Sequence[object], noun: str, plural: str | None = None) -> str:
    """Return what is not listed."""
    rest = len(everything) - SHOWN
    if rest <= 0:
        return ""
    what = f"{rest:,} more {noun if rest == 1 else plural or noun + 's'}"
    if everything and isinstance(everything[0], InspectedColumn):
        roles: dict[str, int] = {}
        for column in everything[SHOWN:]:
            assert isinstance(column, InspectedColumn)
            roles[column.role] = roles.get(column.role, 0) + 1
        what += ": " + ", ".join(f"{number:,} {role}" for role, number in roles.items())
    return what


def class_lines(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the classes in class order: what predicts them, what labels call them, their rows in the sample."""
    spelling = spelling_of(screen)
    classes = () if result.rules is None else result.rules.classes
    if not classes:
        return []
    shown = classes[:SHOWN]
    columns = (
        Cells("class", tuple(spelling.name(one.class_) for one in shown)),
        Cells("prediction", tuple(_prediction(result, one.prediction, spelling) for one in shown)),
        Cells("label", _names((one.label for one in shown), spelling)),
        Cells("sample rows", tuple("" if one.rows is None else f"{one.rows:,}" for one in shown), right=True),
    )
    return _lines(columns, tuple(one.rows == 0 for one in shown), _more(classes, "class", "classes"), screen)


def _prediction(result: InspectResult, column: str | None, spelling: Spelling) -> str:
    if column is not None:
        return spelling.name(column)
    return "the rest" if result.inputs is not None and result.inputs.task == "binary" else ""


def label_lines(result: InspectResult, screen: Screen) -> list[Text]:
    """Return the labels that are written in other ways than their classes, or left out."""
    spelling = spelling_of(screen)
    if result.rules is None:
        return []
    called = {one.class_: one.label for one in result.rules.classes}
    labels = [one for one in result.rules.labels if one.label != called.get(one.class_ or "") or one.left_out]
    if not labels:
        return []
    shown = labels[:SHOWN]
    meanings = ((one.left_out, one.class_ or "") for one in shown)
    columns = (
        Cells("label", tuple("(missing)" if one.label is None else spelling.name(one.label) for one in shown)),
        Cells("is", tuple(f"left out: {why}" if why else spelling.name(name) for why, name in meanings)),
        Cells("sample rows", tuple(f"{one.rows:,}" for one in shown), right=True),
    )
    return _lines(columns, tuple(one.left_out is not None for one in shown), _more(labels, "label"), screen)
