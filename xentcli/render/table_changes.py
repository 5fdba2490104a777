"""The column `change` of the tables of classes and slices: how each loss differs from the baseline's, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.judged import BaselineResult, Change
from xentcli.metrics import prefix
from xentcli.render.numbers import difference, figure
from xentcli.render.screen import Screen
from xentcli.render.table_colors import style_of, style_of_change
from xentcli.render.table_column import Column, joined
from xentcli.render.table_rows import Kind, Row
from xentcli.render.table_text import glyphs
from xentcli.result import SliceResult

# Of what the baseline does not have.
_MISSING = Change("", None, None, None, None)


def of_classes(rows: Sequence[Row], baseline: BaselineResult | None, places: int, screen: Screen) -> list[Column]:
    """Return the column of the changes of classes, and of all of them; several as one have none."""
    metrics = {Kind.ALL: "loss", Kind.REST: None}
    names = [metrics.get(row.kind, prefix("class", (row.figures.class_,)) + "loss") for row in rows]
    return _column(names, baseline, places, screen)


def of_slices(
    shown: Sequence[SliceResult], rest: bool, baseline: BaselineResult | None, places: int, screen: Screen
) -> list[Column]:
    """Return the column of the changes of slices; the rest of them, where there is one, has none."""
    names = [prefix("slice", one.by.items()) + "loss" for one in shown]
    return _column([*names, *([None] if rest else [])], baseline, places, screen)


def _column(
    metrics: Sequence[str | None], baseline: BaselineResult | None, places: int, screen: Screen
) -> list[Column]:
    """Return the column of the changes of these metrics; none where the baseline has none of them."""
    known = {} if baseline is None else baseline.by_metric()
    found = [None if metric is None else known.get(metric, _MISSING) for metric in metrics]
    if all(change is None or change is _MISSING for change in found):
        return []
    changes = tuple("" if one is None else difference(one.change, places) for one in found)
    halves = tuple("" if one is None or one.half_width is None else figure(one.half_width, places) for one in found)
    styles = (
        "" if one is None else style_of_change(one.change, one.half_width, -1) or style_of(cell)
        for one, cell in zip(found, changes, strict=True)
    )
    parts = Column("change", "", changes), Column("half_width", "", halves)
    return [joined("change", "change", parts, glyphs(screen).plus_minus, tuple(styles))]
