"""What stands below the table: warnings, and what the figures leave out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby

from rich.text import Text

from xentcli.render.screen import Screen
from xentcli.render.table_colors import QUIET, WARNING
from xentcli.render.table_text import LONGEST_PATH, safe, wrap
from xentcli.result import ClassResult, EvalResult, Found, Overall, Warned

_MESSAGE = 4096


def warning_lines(warning: Warned, screen: Screen) -> list[Text]:
    """Return a warning in plain words and where its first rows are."""
    message = safe(warning.message, screen, _MESSAGE)
    places = _places(warning, screen)
    line = Text.assemble(("warning: ", WARNING), message, f" {places}" if places else "")
    return wrap(line, screen.width, indent=2)


def _places(warning: Warned, screen: Screen) -> str:
    """Return the first rows that a warning is about: `First in records 3, 17 of preds.csv.`"""
    if not warning.first:
        return ""
    word = "In" if warning.rows == len(warning.first) else "First in"
    files = [_records(file, list(places), screen) for file, places in groupby(warning.first, lambda place: place.file)]
    return f"{word} {'; '.join(files)}."


def _records(file: str, places: list[Found], screen: Screen) -> str:
    noun = "record" if len(places) == 1 else "records"
    numbers = ", ".join(str(place.record) for place in places)
    return f"{noun} {numbers} of {safe(file, screen, LONGEST_PATH)}"


def note_lines(result: EvalResult, shown: Iterable[ClassResult | Overall], screen: Screen) -> list[Text]:
    """Return what the intervals leave out, and why some of those in sight are missing."""
    independent = result.inputs.task == "label-only" and result.settings.cluster is None
    notes = ["Intervals tell what another draw of test rows would change, not retraining, wrong labels or drift"]
    notes[0] += "; and rows were taken as independent: tokens of a document are not." if independent else "."
    losses = ((entry.loss, entry.loss_low) for entry in shown)
    if any(loss is not None and loss < math.inf and low is None for loss, low in losses):
        notes.append("There are none below 10 effective rows.")
    if result.inputs.label_kind == "distribution" and result.classes:
        notes.append("A row counts for every class that its label holds.")
    return wrap(Text(" ".join(notes), QUIET), screen.width)
