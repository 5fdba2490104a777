"""The class table: its title, its lines, and what it says of the classes that it does not list."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.class_figures import hidden_class_text, overlapping
from xentcli.render.class_order import class_facts
from xentcli.render.screen import Screen
from xentcli.render.table_colors import QUIET, TITLE
from xentcli.render.table_columns import columns_of, fitting, table_lines
from xentcli.render.table_rows import Listing
from xentcli.render.table_text import flow, glyphs, spelling_of, wrap
from xentcli.result import EvalResult


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
    glyph = glyphs(screen)
    first, *others = class_facts(result, listing, sort)
    title = Text.assemble(("classes", TITLE), (glyph.after_title, QUIET), first)
    return flow([title, *map(Text, others)], screen, glyph.dot, indent=2)


def hidden_class(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    line = hidden_class_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []
