"""What stands below the tables, in plain words: where a warning's rows are, and what the figures leave out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby

from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult, Found, Warned
from xentcli.results.figures import ClassResult, Overall


def places_text(warning: Warned, spelling: Spelling) -> str:
    """Return the first rows that a warning is about: `First in records 3, 17 of preds.csv.`"""
    if not warning.first:
        return ""
    word = "In" if warning.rows == len(warning.first) else "First in"
    files = [
        _records(file, list(places), spelling) for file, places in groupby(warning.first, lambda place: place.file)
    ]
    return f"{word} {'; '.join(files)}."


def _records(file: str, places: list[Found], spelling: Spelling) -> str:
    noun = "record" if len(places) == 1 else "records"
    numbers = ", ".join(str(place.record) for place in places)
    return f"{noun} {numbers} of {spelling.path(file)}"


def notes_text(result: EvalResult, shown: Iterable[ClassResult | Overall]) -> str:
    """Return what the intervals leave out, and why some of those of what is `shown` are missing."""
    independent = result.inputs.task == "label-only" and result.settings.cluster is None
    notes = ["Intervals tell what another draw of test rows would change, not retraining, wrong labels or drift"]
    notes[0] += "; and rows were taken as independent: tokens of a document are not." if independent else "."
    losses = ((entry.loss, entry.loss_low) for entry in shown)
    if any(loss is not None and loss < math.inf and low is None for loss, low in losses):
        notes.append("There are none below 10 effective rows.")
    if result.inputs.label_kind == "distribution" and result.classes:
        notes.append("A row counts for every class that its label holds.")
    return " ".join(notes)
