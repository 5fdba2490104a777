"""What stands below the table: warnings, and what the figures leave out."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET, WARNING
from xentcli.render.table.lines import spelling_of, wrap
from xentcli.render.wording.notes import notes_text, places_text
from xentcli.results.evaluation import EvalResult, Warned
from xentcli.results.figures import ClassResult, Overall


def warning_lines(warning: Warned, screen: Screen) -> list[Text]:
    """Return a warning in plain words and where its first rows are."""
    spelling = spelling_of(screen)
    places = places_text(warning, spelling)
    message = spelling.message(warning.message)
    line = Text.assemble(("warning: ", WARNING), message, f" {places}" if places else "")
    return wrap(line, screen.width, indent=2)


def note_lines(result: EvalResult, shown: Iterable[ClassResult | Overall], screen: Screen) -> list[Text]:
    """Return what the intervals leave out, and why some of those in sight are missing."""
    return wrap(Text(notes_text(result, shown), QUIET), screen.width)
