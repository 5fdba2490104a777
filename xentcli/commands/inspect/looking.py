"""What the columns of both inputs look like in their first rows, and how many of the labels are among their values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from xentcli.columns.looks import Look, looks_of
from xentcli.results.inspection import InspectedColumn
from xentcli.sources.base import Source
from xentcli.spec.options import EvalSpec
from xentcli.text import canonical

_EXAMPLES = 3


def looked_at(
    columns: Sequence[InspectedColumn], looks: Mapping[str, Look], labels: Collection[str] | None
) -> tuple[InspectedColumn, ...]:
    """Return columns with what they look like. labels: those of the first rows, None where they are not known."""
    wanted = None if labels is None else {canonical(label) for label in labels}
    return tuple(_with(column, looks.get(column.name), wanted) for column in columns)


def looks_of_all(spec: EvalSpec, source: Source) -> Mapping[str, Look]:
    """Return what all columns of an input look like."""
    return looks_of(source, [column.name for column in source.columns], spec.dialect_of(source.side).decimal)


def _with(column: InspectedColumn, look: Look | None, labels: set[str] | None) -> InspectedColumn:
    if look is None:
        return column
    numbers = None if look.present is None else look.present[np.isfinite(look.present)]
    some = numbers is not None and numbers.size > 0
    return replace(
        column,
        holds=look.holds.value,
        low=float(numbers.min()) if some and numbers is not None else None,
        high=float(numbers.max()) if some and numbers is not None else None,
        examples=look.values[:_EXAMPLES],
        labels_matched=None if labels is None else len(labels & {canonical(value) for value in look.values}),
    )
