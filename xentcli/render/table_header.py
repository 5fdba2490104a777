"""What was evaluated, over the table: files, rows, task, and how the input was understood."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.facts import facts, files_text
from xentcli.render.screen import Screen
from xentcli.render.table_text import flow, glyphs, spelling_of, wrap
from xentcli.result import EvalResult


def header(result: EvalResult, screen: Screen) -> list[Text]:
    """Return the lines over the table: the files, then one fact after another."""
    inputs, spelling = result.inputs, spelling_of(screen)
    files = Text(files_text(inputs.predictions, spelling), "bold")
    if inputs.labels:
        files = Text.assemble(files, (" against ", "dim"), (files_text(inputs.labels, spelling), "bold"))
    return wrap(files, screen.width) + flow(map(Text, facts(result, spelling)), screen, glyphs(screen).dot)
