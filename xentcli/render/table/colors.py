"""What colours mean in a table: chosen to be read on white and on black, and never the only way that something is said.

Of the 16 colours of a terminal, yellow vanishes on white and blue on black; the bright ones are greys in some themes.
Bold turns a colour into its bright sister in many terminals: that helps red and magenta on black, but green and cyan
would be too light on white, and are never bold. Dim is made of the terminal's own text colour, whatever that is.
"""

from __future__ import annotations

from xentcli.render.wording.numbers import NONE

# Names of figures, rules, footnotes: what is not looked at first.
QUIET = "dim"
TITLE = "bold"
# The figure that all others explain.
HEADLINE = "bold"
BAD = "bold red"
GOOD = "not bold green"
# What a warning is about.
WARNING = "bold magenta"
WARNED = "not dim magenta"
BAR = "cyan"
# Of a class that costs more than the average, and of one whose whole interval is above it.
ABOVE = "red"
SURELY_ABOVE = "bold red"

_CELLS = {NONE: QUIET, "inf": BAD, "-inf": BAD, "+inf": BAD}


def style_of(cell: str) -> str:
    """Return the style of a cell of figures by what it says; most have none.

    >>> style_of("inf"), style_of("n/a"), style_of("0.3943")
    ('bold red', 'dim', '')
    """
    return _CELLS.get(cell, "")


def style_of_change(change: float | None, half_width: float | None, better: int) -> str:
    """Return the style of a change: only one whose interval leaves 0 out is called good or bad.

    better: 1 where a higher figure is the better one, -1 where a lower one is, 0 where neither is.

    >>> style_of_change(0.02, 0.01, -1), style_of_change(-0.02, 0.01, -1), style_of_change(0.02, 0.03, -1)
    ('bold red', 'not bold green', '')
    """
    if change is None or half_width is None or abs(change) <= half_width or not better:
        return ""
    return GOOD if (change > 0) == (better > 0) else BAD
