"""What stands around the figures, in plain words: facts over them, notes below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from xentcli.render.wording.numbers import quantity
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult, Found, Warned
from xentcli.results.figures import ClassResult, Overall
from xentcli.text import count

_INPUTS = {
    "probs": "probabilities",
    "logits": "logits",
    "logprobs": "log-probabilities",
    "label-probs": "probabilities of the label",
    "label-logprobs": "log-probabilities of the label",
}
_LABEL_KINDS = {"index": "labels are 0-based indices", "distribution": "labels are distributions"}
# How classes were named, where that says no more than the task or the kind of label.
_PLAIN_RULES = {"exact", "index", "labels", "none", ""}
_LEFT_OUT = (
    ("zero_weight_rows", "of weight 0 left out"),
    ("dropped_rows", "without a label dropped"),
    ("ignored_rows", "ignored"),
    ("renormalized_rows", "renormalized"),
    ("unmatched_predictions", "of predictions unmatched"),
    ("unmatched_labels", "of labels unmatched"),
)
_MOST_WEIGHTS = 3
_MOST_UNUSED = 5


def files_text(paths: Sequence[str], spelling: Spelling) -> str:
    """Return the first file, and how many more there are."""
    first = spelling.path(paths[0])
    return first if len(paths) == 1 else f"{first} and {count(len(paths) - 1, 'more file')}"


def facts(result: EvalResult, spelling: Spelling) -> Iterator[str]:
    """Yield one fact after another: rows, weights, task, kind of input, and what was left out."""
    inputs, settings, overall = result.inputs, result.settings, result.overall
    yield count(overall.rows, "row")
    if inputs.on:
        yield f"by {'key' if len(inputs.on) == 1 else 'keys'} {', '.join(map(spelling.quoted, inputs.on))}"
    yield from _weights(result, spelling)
    if inputs.task == "binary":
        yield "binary" if settings.positive is None else f"binary, positive {spelling.quoted(settings.positive)}"
    elif inputs.classes:
        yield count(len(inputs.classes), "class", "classes")
    yield _INPUTS.get(inputs.input, inputs.input)
    if inputs.name_rule not in _PLAIN_RULES:
        yield f"classes by {spelling.message(inputs.name_rule.removeprefix('exact, '))}"
    if inputs.label_kind in _LABEL_KINDS:
        yield _LABEL_KINDS[inputs.label_kind]
    if inputs.unused_columns:
        names = ", ".join(map(spelling.quoted, inputs.unused_columns[:_MOST_UNUSED]))
        more = len(inputs.unused_columns) - _MOST_UNUSED
        yield f"columns not used: {names}" + (f" and {more:,} more" if more > 0 else "")
    if settings.label_smoothing:
        yield f"label smoothing {settings.label_smoothing:g}"
    yield f"losses in {settings.unit}"
    for name, what in _LEFT_OUT:
        if getattr(overall, name):
            yield f"{count(getattr(overall, name), 'row')} {what}"


def _weights(result: EvalResult, spelling: Spelling) -> Iterator[str]:
    """Yield what rows and classes weigh, where they do not all weigh the same."""
    settings, overall = result.settings, result.overall
    if settings.weight is not None:
        what = "counts" if settings.weight_kind == "count" else "weight"
        # With class weights the sum is not that of the column alone.
        by = spelling.quoted(settings.weight) + (" and class" if settings.class_weight else "")
        yield f"{what} {quantity(overall.weight)} by {by}"
    if settings.class_weight:
        named = list(settings.class_weight.items())
        some = ", ".join(f"{spelling.quoted(name)} {weight:g}" for name, weight in named[:_MOST_WEIGHTS])
        more = f" and {len(named) - _MOST_WEIGHTS:,} more" if len(named) > _MOST_WEIGHTS else ""
        yield f"class weights {some}{more}"
    # Counts are as many rows as they say.
    if overall.effective_rows != overall.weight and (settings.weight is not None or settings.class_weight):
        yield f"{quantity(overall.effective_rows)} effective rows"


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
