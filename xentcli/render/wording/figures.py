"""A column of figures as texts, before a medium lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.render.wording.numbers import NONE, confidence_percent


@dataclass(frozen=True, slots=True)
class Figures:
    """What a column shows, its heading, and one text a row; an empty one where there is nothing to say.

    Of intervals the cells are the low ends, and `highs` the high ones.
    """

    key: str
    heading: str
    cells: tuple[str, ...]
    highs: tuple[str, ...] = ()

    def joined(self, between: str) -> tuple[str, ...]:
        """Return the cells, those of intervals with both ends; without an end they are as empty.

        >>> Figures("interval", "95 % interval", ("0.1", "n/a"), ("12.3", "n/a")).joined(" … ")
        ('0.1 … 12.3', 'n/a')
        """
        if not self.highs:
            return self.cells
        ends = zip(self.cells, self.highs, strict=True)
        return tuple(low if low in {"", NONE} else f"{low}{between}{high}" for low, high in ends)


def intervals(key: str, lows: Figures, highs: Figures, confidence: float) -> Figures:
    """Return the intervals between two ends."""
    return Figures(key, f"{confidence_percent(confidence)} % interval", lows.cells, highs.cells)
