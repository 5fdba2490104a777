"""Bars of the shares of the loss: how long says how large, and the colour which classes cost more than the average."""

from __future__ import annotations

from collections.abc import Sequence

from xentcli.render.screen import Screen
from xentcli.render.table.colors import ABOVE, BAR
from xentcli.render.table.column import Column
from xentcli.render.table.lines import glyphs
from xentcli.render.wording.class_listing import Kind, Row


def bars(rows: Sequence[Row], length: int, screen: Screen) -> Column:
    """Return bars of the classes' shares of the loss; the largest class has the full length."""
    shares = [(row.figures.loss_share or 0.0) if row.kind is Kind.CLASS else 0.0 for row in rows]
    largest = max(shares)
    cells = tuple(_bar(share and share / largest, length, screen) for share in shares)
    styles = (ABOVE if above(row) else BAR if cell else "" for row, cell in zip(rows, cells, strict=True))
    return Column("bar", "", cells, left=True, styles=tuple(styles))


def above(row: Row) -> bool:
    """Say whether the row is of a class that costs more than the average."""
    return row.kind is Kind.CLASS and (row.figures.loss_ratio or 0.0) > 1.0


def surely_above(row: Row, average: float | None) -> bool:
    """Say whether the whole interval of a class is above the average."""
    return above(row) and average is not None and (row.figures.loss_low or 0.0) > average


def _bar(part: float, length: int, screen: Screen) -> str:
    """Return a bar for a part of the full length; what is not 0 has the shortest."""
    if not part:
        return ""
    glyph = glyphs(screen)
    steps = 2 if glyph.half_bar else 1
    whole, half = divmod(max(round(length * steps * part), 1), steps)
    return glyph.bar * whole + glyph.half_bar * half
