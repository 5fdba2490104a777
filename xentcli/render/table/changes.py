"""The column `change` in the table: how each loss differs from the baseline's, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.screen import Screen
from xentcli.render.table.colors import style_of, style_of_change
from xentcli.render.table.column import Column, joined
from xentcli.render.table.lines import glyphs
from xentcli.render.wording.change_figures import changes_of_classes, changes_of_slices
from xentcli.render.wording.class_listing import Row
from xentcli.render.wording.numbers import difference, figure, places_for
from xentcli.render.wording.slice_listing import SliceListing
from xentcli.results.evaluation import EvalResult
from xentcli.results.verdicts import Change


def class_column(result: EvalResult, rows: Sequence[Row], screen: Screen) -> list[Column]:
    """Return the column of the changes of classes, if there is a baseline."""
    return _column(result, changes_of_classes(rows, result.baseline), screen)


def slice_column(result: EvalResult, listing: SliceListing, screen: Screen) -> list[Column]:
    """Return the column of the changes of slices, if the baseline has any of them."""
    return _column(result, changes_of_slices(listing, result.baseline), screen)


def _column(result: EvalResult, changes: Sequence[Change | None], screen: Screen) -> list[Column]:
    """Return the changes, coloured where their interval leaves 0 out, with the figures of both sides aligned."""
    if not changes:
        return []
    places = places_for(result.overall.loss, digits=3)
    moves = tuple("" if one is None else difference(one.change, places) for one in changes)
    halves = tuple("" if one is None or one.half_width is None else figure(one.half_width, places) for one in changes)
    styles = (
        "" if one is None else style_of_change(one.change, one.half_width, -1) or style_of(move)
        for one, move in zip(changes, moves, strict=True)
    )
    parts = Column("", "", moves), Column("", "", halves)
    return [joined("change", "change", parts, glyphs(screen).plus_minus, tuple(styles))]
