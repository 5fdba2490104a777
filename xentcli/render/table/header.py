"""What was evaluated, over the table: files, rows, task, and how the input was understood."""

from __future__ import annotations

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table.colors import QUIET, TITLE
from xentcli.render.table.lines import flow, glyphs, spelling_of
from xentcli.render.wording.facts import facts, files_text
from xentcli.results.evaluation import EvalResult


def header(result: EvalResult, screen: Screen) -> list[Text]:
    """Return the lines over the table: the files, then one fact after another."""
    inputs, spelling = result.inputs, spelling_of(screen)
    files = [Text.assemble((files_text(inputs.predictions, spelling), TITLE))]
    if inputs.labels:
        files.append(Text.assemble(("against ", QUIET), (files_text(inputs.labels, spelling), TITLE)))
    return flow(files, screen, " ", indent=2) + flow(map(Text, facts(result, spelling)), screen, glyphs(screen).dot)
