"""The values of slices at the left of their table, each under its column's name, as narrow as they need to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET
from xentcli.render.table.column import GAP, Column
from xentcli.render.table.lines import glyphs, safe, spelling_of
from xentcli.render.table.widths import shorten, width_of
from xentcli.render.wording.slice_listing import MISSING, SliceListing, value_text

# A missing value is never shortened.
_NARROWEST = len(MISSING)
_SHORTEST = 8
_SHORTEST_ALONE = 12
_COMFORTABLE = 24


@dataclass(frozen=True, slots=True)
class Names:
    """The columns of values, which of their cells stand for a missing value, and what the rest is called."""

    columns: tuple[Column, ...]
    missing: tuple[tuple[bool, ...], ...]
    rest: str | None

    @property
    def shortest(self) -> int:
        """Return the cells that an essential figure leaves them."""
        return self.width_at(_SHORTEST if len(self.columns) > 1 else _SHORTEST_ALONE)

    @property
    def comfortable(self) -> int:
        """Return the cells that an optional figure leaves them."""
        return self.width_at(_COMFORTABLE)

    def width_at(self, most: int) -> int:
        """Return the cells that they take if none is wider than `most`; what the rest is called is never shortened."""
        wide = sum(min(column.width, most) for column in self.columns) + GAP * (len(self.columns) - 1)
        return max(wide, len(self.rest or ""))

    def joined(self) -> Names:
        """Return the values as one column."""
        cells = tuple(", ".join(values) for values in zip(*(column.cells for column in self.columns), strict=True))
        column = Column("by", ", ".join(column.heading for column in self.columns), cells, left=True)
        return Names((column,), ((False,) * len(cells),), self.rest)

    def within(self, room: int, screen: Screen) -> Names:
        """Return them in so many cells: the widest columns give way first."""
        widest = max(column.width for column in self.columns)
        most = next((most for most in range(widest, _NARROWEST, -1) if self.width_at(most) <= room), _NARROWEST)
        cut = glyphs(screen).cut
        shortened = (
            replace(
                column,
                heading=shorten(column.heading, most, cut),
                cells=tuple(shorten(cell, most, cut) for cell in column.cells),
            )
            for column in self.columns
        )
        return replace(self, columns=tuple(shortened))

    def heading(self) -> Text:
        """Return the names of the columns, as wide as what stands below."""
        return self._padded(Text((" " * GAP).join(column.padded()[0] for column in self.columns)))

    def lines(self) -> list[Text]:
        """Return the values of every slice, missing ones dim, and what the rest is called."""
        out = []
        padded = [column.padded()[1:] for column in self.columns]
        for at in range(len(self.columns[0].cells)):
            line = Text()
            for number, (cells, missing) in enumerate(zip(padded, self.missing, strict=True)):
                line.append(" " * GAP if number else "").append(cells[at], QUIET if missing[at] else "")
            out.append(self._padded(line))
        if self.rest is not None:
            out.append(self._padded(Text(self.rest, QUIET)))
        return out

    def _padded(self, line: Text) -> Text:
        return line.append(" " * (self._width() - width_of(line.plain)))

    def _width(self) -> int:
        return self.width_at(max(column.width for column in self.columns))


def names_of(by: Sequence[str], listing: SliceListing, screen: Screen) -> Names:
    """Return the values of the slices of a listing in full."""
    values = [[one.by[column] for one in listing.shown] for column in by]
    columns = tuple(
        Column("by", safe(name, screen), tuple(value_text(value, spelling_of(screen)) for value in of), left=True)
        for name, of in zip(by, values, strict=True)
    )
    missing = tuple(tuple(value is None for value in of) for of in values)
    return Names(columns, missing, None if listing.rest is None else listing.rest.name)
