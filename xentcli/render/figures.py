"""A column of figures as texts, before a medium lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.render.numbers import NONE, confidence_percent
from xentcli.render.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Figures:
    """What a column shows, its heading, and one text a row; an empty one where there is nothing to say."""

    key: str
    heading: str
    cells: tuple[str, ...]


def intervals(key: str, lows: Figures, highs: Figures, confidence: float, spelling: Spelling) -> Figures:
    """Return the intervals between two ends, each end padded to the widest; without an end it is as empty.

    >>> plain = Spelling(str, str, str, str, " .. ", "x")
    >>> intervals("ci", Figures("low", "", ("0.1", "n/a")), Figures("high", "", ("12.3", "n/a")), 0.95, plain).cells
    ('0.1 .. 12.3', 'n/a')
    """
    low_width, high_width = (max(map(len, ends.cells)) for ends in (lows, highs))
    cells = tuple(
        low if low in {"", NONE} else f"{low:>{low_width}}{spelling.between}{high:>{high_width}}"
        for low, high in zip(lows.cells, highs.cells, strict=True)
    )
    return Figures(key, f"{confidence_percent(confidence)} % interval", cells)
