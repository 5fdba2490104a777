"""The class table: its title, its lines, and what it says of the classes that it does not list."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.class_columns import columns_of, fitting, table_lines
from xentcli.render.table.colors import QUIET, TITLE
from xentcli.render.table.lines import flow, glyphs, spelling_of, wrap
from xentcli.render.wording.class_figures import classes_facts, hidden_class_text, overlapping
from xentcli.render.wording.class_listing import Listing
from xentcli.results.evaluation import EvalResult


def class_lines(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    """Return the title and the table of the classes that are listed."""
    columns = fitting(columns_of(result, listing.rows, screen), listing.rows, screen, overlapping(result))
    return [
        *_title(result, listing, sort, screen),
        *table_lines(columns, listing.rows, screen),
        *hidden_class(result, listing, screen),
    ]


def _title(result: EvalResult, listing: Listing, sort: str, screen: Screen) -> list[Text]:
    glyph = glyphs(screen)
    order, *facts = classes_facts(result, listing, sort)
    first = Text.assemble(("classes", TITLE), (glyph.after_title, QUIET), order)
    return flow([first, *map(Text, facts)], screen, glyph.dot, indent=2)


def hidden_class(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    line = hidden_class_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []
