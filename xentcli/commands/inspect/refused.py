"""What is known of inputs that `eval` would refuse: their columns, what these look like, and what each may be for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xentcli.columns.defaults import LABEL_NAMES, default_label
from xentcli.columns.first_rows import first_labels
from xentcli.columns.looks import Holds, Look
from xentcli.columns.lookup import Lookup, Place
from xentcli.commands.inspect.looking import looked_at, looks_of_all
from xentcli.errors import XentError
from xentcli.results.inspection import InspectedColumn, InspectedFile
from xentcli.sources.base import Source
from xentcli.spec.options import EvalSpec

_INPUTS = ("predictions", "labels")
_FEW = 2


def files_of_refused(spec: EvalSpec, sources: Sequence[Source]) -> tuple[InspectedFile, ...]:
    """Return the inputs with what each column looks like and may be for."""
    lookup = Lookup(sources[0], sources[1] if len(sources) > 1 else None)
    label = _label(spec, lookup)
    labels = None
    if label is not None:
        labels = tuple(first_labels(lookup.sources[label.side], label.name, (), ()).texts)
    return tuple(_file(spec, lookup, side, label, labels) for side in range(len(sources)))


def _label(spec: EvalSpec, lookup: Lookup) -> Place | None:
    """Return the label column, as far as it is known: `--label`, or the one by default."""
    side = len(lookup.sources) - 1
    try:
        if spec.columns.label:
            return lookup.places("--label", spec.columns.label[0])[-1]
        taken = {Place(at, name): "--on" for at in range(side + 1) for name in spec.columns.on}
        found = default_label(lookup, taken, spec.input.label_only)
    except XentError:
        return None
    return None if found is None else Place(side, found)


def _file(
    spec: EvalSpec, lookup: Lookup, side: int, label: Place | None, labels: Sequence[str] | None
) -> InspectedFile:
    source, looks = lookup.sources[side], looks_of_all(spec, lookup.sources[side])
    other = lookup.columns[1 - side] if len(lookup.sources) > 1 else {}
    found = []
    for column in looked_at(
        [InspectedColumn(c.name, c.type_name, "unused", None) for c in source.columns], looks, labels
    ):
        place = Place(side, column.name)
        role = _named(spec, column.name) or ("label" if place == label else _role(looks[column.name], column, other))
        found.append(replace(column, role=role))
    rows = max((look.rows for look in looks.values()), default=0)
    return InspectedFile(
        input=_INPUTS[side],
        path=source.path,
        format=source.format,
        parts=source.files,
        bytes=source.position()[1] or None,
        rows=source.rows,
        rows_estimate=None,
        sample_rows=rows,
        columns=tuple(found),
    )


def _named(spec: EvalSpec, name: str) -> str | None:
    """Return the role that an option gives a column of this name."""
    columns = spec.columns
    roles = {
        "key": columns.on,
        "label": columns.label,
        "weight": (columns.weight,),
        "per": (columns.per,),
        "slice": columns.by,
        "prediction": columns.pred,
    }
    return next((role for role, names in roles.items() if name in names), None)


def _role(look: Look, column: InspectedColumn, other: object) -> str:
    """Return what a column may be for that no option names."""
    shared = isinstance(other, dict) and column.name in other
    if column.name in LABEL_NAMES:
        return "label"
    if shared and look.holds is Holds.WHOLE:
        # Numbers of rows are labels too, where these are small numbers.
        return "key"
    if (column.labels_matched or 0) >= _FEW:
        return "label"
    if look.holds in {Holds.NUMBERS, Holds.WHOLE, Holds.LISTS}:
        return "prediction"
    return "key" if shared else "slice" if look.holds is Holds.TEXT else "unused"
