"""The class table: its lines, and what it says of a class that it does not list."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.class_figures import hidden_class_text, overlapping
from xentcli.render.screen import Screen
from xentcli.render.table_columns import columns_of, fitting, table_lines
from xentcli.render.table_rows import Listing
from xentcli.render.table_text import spelling_of, wrap
from xentcli.result import EvalResult


def class_lines(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return the table of the classes that are listed."""
    columns = fitting(columns_of(result, listing.rows, screen), listing.rows, screen, overlapping(result))
    return table_lines(columns, listing.rows, screen) + hidden_class(result, listing, screen)


def hidden_class(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    line = hidden_class_text(result, listing, spelling_of(screen))
    return wrap(Text(line), screen.width) if line else []
