"""The class table: its title, its lines, and what it says of the classes that it does not list."""

from __future__ import annotations

import math
from itertools import accumulate

from rich.text import Text

from xentcli.render.class_figures import hidden_class_text, overlapping
from xentcli.render.screen import Screen
from xentcli.render.table_colors import QUIET, TITLE
from xentcli.render.table_columns import columns_of, fitting, table_lines
from xentcli.render.table_rows import Kind, Listing
from xentcli.render.table_text import flow, glyphs, spelling_of, wrap
from xentcli.result import EvalResult
from xentcli.text import count

_ORDERS = {
    "loss-share": "largest loss share first",
    "loss": "highest loss first",
    "ratio": "highest ratio to the average first",
    "rows": "most rows first",
    "name": "by name",
    "none": "in class order",
}
_ROUNDING = 1e-12


def class_lines(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    """Return the title and the table of the classes that are listed."""
    columns = fitting(columns_of(result, listing.rows, screen), listing.rows, screen, overlapping(result))
    return [
        *_title(result, listing, sort, screen),
        *table_lines(columns, listing.rows, screen),
        *hidden_class(result, listing, screen),
    ]


def _title(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    """Return the order; of many classes also how many are listed, and over how many the loss is spread."""
    shown = sum(row.kind is Kind.CLASS for row in listing.rows)
    # Where the loss is infinite there are no shares of it.
    sort = "loss" if sort in {"loss-share", "ratio"} and result.overall.loss == math.inf else sort
    glyph = glyphs(screen)
    facts = [_ORDERS[sort]]
    if shown < len(result.classes):
        facts = [f"{shown:,} of {len(result.classes):,}, {facts[0]}"]
        half = half_of_the_loss(result)
        facts += [] if half is None else [f"half the loss in {count(half, 'class', 'classes')}"]
    first = Text.assemble(("classes", TITLE), (glyph.after_title, QUIET), facts[0])
    return flow([first, *map(Text, facts[1:])], screen, glyph.dot, indent=2)


def half_of_the_loss(result: EvalResult) -> int | None:
    """Return how many classes it takes at least to make half of the loss; None where there are no shares of it."""
    shares = sorted((entry.loss_share for entry in result.classes if entry.loss_share is not None), reverse=True)
    sums = accumulate(shares)
    return next((at for at, share in enumerate(sums, 1) if share >= 0.5 - _ROUNDING), None)


def hidden_class(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    line = hidden_class_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []
