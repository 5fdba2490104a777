"""What each column of the inputs would be taken for, and why one is not used."""

from __future__ import annotations

from xentcli.columns.lookup import FOLDER_NAME, Place
from xentcli.commands.inspect.check import Checked
from xentcli.commands.inspect.looking import looked_at, looks_of_all
from xentcli.results.inspection import InspectedColumn, InspectedFile

_INPUTS = ("predictions", "labels")
NO_CLASS = "its name is no label in the way that those of the prediction columns are"


def files_of(checked: Checked) -> tuple[InspectedFile, ...]:
    """Return the inputs: PREDICTIONS, and LABELS if there is one."""
    found = []
    for side, sample in enumerate(checked.samples):
        source = sample.source
        size = source.position()[1]
        found.append(
            InspectedFile(
                input=_INPUTS[side],
                path=source.path,
                format=source.format,
                parts=source.files,
                bytes=size or None,
                rows=sample.total,
                rows_estimate=sample.estimate if sample.total is None else None,
                sample_rows=sample.rows,
                columns=_columns(checked, side),
            )
        )
    return tuple(found)


def _columns(checked: Checked, side: int) -> tuple[InspectedColumn, ...]:
    roles, classes = _roles(checked, side), _classes(checked, side)
    why = _Unused(checked, side)
    source = checked.samples[side].source
    found = [
        InspectedColumn(
            name=column.name,
            type=column.type_name,
            role=roles[column.name][0] if column.name in roles else "unused",
            class_=classes.get(column.name),
            also=tuple(roles.get(column.name, ())[1:]),
            why=None if column.name in roles else why.of(column.name),
        )
        for column in source.columns
    ]
    mapper = checked.classes.mapper
    labels = None if mapper is None else [mapper.compared(text) for text in mapper.met]
    return looked_at(found, looks_of_all(checked.spec, source), labels)


def _roles(checked: Checked, side: int) -> dict[str, list[str]]:
    """Return the roles of the columns that have any, the main one first."""
    roles = checked.inputs.roles
    several = len(roles.label) > 1
    places = [
        *(("label part" if several else "label", place) for place in roles.label),
        *(("prediction", Place(0, name)) for name in roles.predictions),
        *(("weight", place) for place in roles.weight),
        *(("per", place) for place in roles.per),
        *(("key", pair[side]) for pair in roles.on),
        *(("slice", place) for one in roles.by for place in one),
        *(("order check", Place(side, name)) for name in roles.shared),
    ]
    found: dict[str, list[str]] = {}
    for role, place in places:
        if place.side == side:
            found.setdefault(place.name, []).append(role)
    for pair in roles.on:
        # Slices by a key are named once, for both sides.
        if side and any(place == pair[0] for one in roles.by for place in one):
            found[pair[1].name].append("slice")
    return found


def _classes(checked: Checked, side: int) -> dict[str, str]:
    """Return the class of each column that has one."""
    roles, names, targets = checked.inputs.roles, checked.names, checked.classes.targets
    found: dict[str, str] = {}
    if side == 0 and not roles.prediction_list and not checked.spec.input.label_only:
        if len(roles.predictions) == 1:
            found[roles.predictions[0]] = names.positive or names.classes[-1]
        else:
            found |= dict(zip(names.columns, names.classes, strict=True))
    if len(roles.label) > 1 and roles.label[0].side == side:
        found |= dict(zip(targets, names.classes, strict=True))
    return found


class _Unused:
    """Why a column has no role."""

    def __init__(self, checked: Checked, side: int) -> None:
        self._checked = checked
        self._side = side
        columns = [{column.name for column in sample.source.columns} for sample in checked.samples]
        alike = len(columns) == 2 and not any(sample.source.headerless for sample in checked.samples)
        self._other = columns[1 - side] if alike else set()
        held = checked.samples[side].source.columns
        self._folders = {column.name for column in held if column.type_name == FOLDER_NAME}
        self._other_roles = _roles(checked, 1 - side) if alike else {}

    def of(self, name: str) -> str:
        """Return the reason in a few words."""
        spec = self._checked.spec.columns
        other = "PREDICTIONS" if self._side else "LABELS"
        role = self._other_roles.get(name, [""])[0]
        if role:
            return f"that of {other} is the {role}"
        if self._side == 0 and spec.pred:
            return "--pred does not name it"
        if name in self._other and not spec.on:
            return "both inputs have it; " + (
                "its type is not compared row by row" if spec.order_check else "--no-order-check"
            )
        if name in self._other:
            return "both inputs have it"
        return "nothing names it" if self._side or name in self._folders else NO_CLASS
