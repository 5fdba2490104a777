"""The result as a table for people: the loss and how sure it is, then where it comes from, class by class."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.text import Text

from xentcli.render.numbers import NONE, confidence_percent, figure, fraction, percent, places_for, quantity
from xentcli.render.screen import Screen
from xentcli.render.table_columns import columns_of, fitting, table_lines
from xentcli.render.table_rows import SORTS, Listing, listed
from xentcli.render.table_text import LONGEST_PATH, flow, glyphs, printed, safe, wrap
from xentcli.result import EvalResult, Found, Warned
from xentcli.text import count

_MESSAGE = 4096
_INPUTS = {"probs": "probabilities", "logits": "logits", "logprobs": "log-probabilities"}
_LEFT_OUT = (
    ("zero_weight_rows", "of weight 0 left out"),
    ("dropped_rows", "without a label dropped"),
    ("ignored_rows", "ignored"),
    ("renormalized_rows", "renormalized"),
    ("unmatched_predictions", "of predictions unmatched"),
    ("unmatched_labels", "of labels unmatched"),
)


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Which classes are listed: `top` of them, by `sort`; the rest are one row."""

    sort: str = "loss-share"
    top: int = 20

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"sort is {self.sort!r}; it takes one of {', '.join(SORTS)}")


def render(result: EvalResult, screen: Screen, options: TableOptions) -> str:
    """Return the finished text with a final newline.

    No line is wider than the screen, no figure is cut, and nothing from the inputs is taken as markup.
    """
    listing = listed(result, options.sort, options.top)
    columns = fitting(columns_of(result, listing.rows, screen), listing.rows, screen)
    sections = [
        _header(result, screen),
        _overall(result, screen),
        table_lines(columns, listing.rows, screen) + _hidden(result, listing, screen),
        [line for warning in result.warnings for line in _warning(warning, screen)],
        _notes(result, screen),
    ]
    lines: list[Text] = []
    for section in sections:
        if section:
            lines += [Text(""), *section] if lines else section
    return printed(lines, screen)


def _header(result: EvalResult, screen: Screen) -> list[Text]:
    """Return what was evaluated: files, rows, task, and how it was understood."""
    inputs = result.inputs
    files = Text(_files(inputs.predictions, screen), "bold")
    if inputs.labels:
        files = Text.assemble(files, (" against ", "dim"), (_files(inputs.labels, screen), "bold"))
    facts = [Text(fact) for fact in _facts(result, screen)]
    return wrap(files, screen.width) + flow(facts, screen, glyphs(screen).dot)


def _files(paths: tuple[str, ...], screen: Screen) -> str:
    first = safe(paths[0], screen, LONGEST_PATH)
    return first if len(paths) == 1 else f"{first} and {count(len(paths) - 1, 'more file')}"


def _facts(result: EvalResult, screen: Screen) -> Iterator[str]:
    inputs, settings, overall = result.inputs, result.settings, result.overall
    yield count(overall.rows, "row")
    if settings.weight is not None:
        yield f"weight {quantity(overall.weight)} by {_quoted(settings.weight, screen)}"
        yield f"{quantity(overall.effective_rows)} effective rows"
    if inputs.task == "binary":
        yield "binary" if settings.positive is None else f"binary, positive {_quoted(settings.positive, screen)}"
    else:
        yield f"{len(inputs.classes):,} classes"
    yield _INPUTS.get(inputs.input, inputs.input)
    if inputs.name_rule != "exact":
        yield f"classes by {safe(inputs.name_rule, screen)}"
    yield f"losses in {settings.unit}"
    for name, what in _LEFT_OUT:
        if getattr(overall, name):
            yield f"{count(getattr(overall, name), 'row')} {what}"


def _quoted(text: str, screen: Screen) -> str:
    return f"'{safe(text, screen)}'"


def _overall(result: EvalResult, screen: Screen) -> list[Text]:
    """Return the loss, the skill and the other figures over all rows, each with its name before it."""
    overall, unit = result.overall, result.settings.unit
    places = places_for(overall.loss)

    def loss(value: float | None) -> str:
        return figure(value, places, digits=4)

    rows = [
        (
            "log loss",
            f"{loss(overall.loss)} {unit}",
            [
                _interval(result, loss(overall.loss_low), loss(overall.loss_high), screen),
                f"standard error {loss(overall.loss_se)}",
            ],
        ),
        (
            "skill",
            fraction(overall.skill, 4),
            [
                _interval(result, fraction(overall.skill_low, 4), fraction(overall.skill_high, 4), screen),
                f"prior entropy {figure(overall.prior_entropy)} {unit}",
            ],
        ),
        (
            "accuracy",
            _accuracy(overall.accuracy),
            [
                f"Brier score {figure(overall.brier)}",
                f"macro loss {loss(overall.macro_loss)} {unit}",
                *([f"{count(overall.tied_rows, 'row')} tied"] if overall.tied_rows else []),
            ],
        ),
    ]
    names, values = (max(len(row[at]) for row in rows) for at in (0, 1))
    lines = []
    for name, value, others in rows:
        first = Text.assemble((f"{name:<{names}}  ", "dim"), (f"{value:<{values}}", "bold"))
        lines += flow([first, *map(Text, others)], screen, indent=names + 2)
    return lines


def _accuracy(accuracy: float | None) -> str:
    return NONE if accuracy is None else f"{percent(accuracy, 2)} %"


def _interval(result: EvalResult, low: str, high: str, screen: Screen) -> str:
    ends = NONE if low == NONE else f"{low}{glyphs(screen).between}{high}"
    return f"{confidence_percent(result.settings.confidence)} % interval {ends}"


def _hidden(result: EvalResult, listing: Listing, screen: Screen) -> list[Text]:
    """Return a line on the class with the highest loss, where the table does not list it."""
    entry = listing.hidden_highest
    if entry is None:
        return []
    loss = figure(entry.loss, places_for(result.overall.loss))
    name = _quoted(entry.class_, screen)
    line = f"Not listed: {name} has the highest loss, {loss} {result.settings.unit} ({count(entry.rows, 'row')})."
    return wrap(Text(line), screen.width)


def _warning(warning: Warned, screen: Screen) -> list[Text]:
    """Return a warning in plain words and where its first rows are."""
    message = safe(warning.message, screen, _MESSAGE)
    places = _places(warning, screen)
    line = Text.assemble(("warning: ", "bold yellow"), message, f" {places}" if places else "")
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


def _notes(result: EvalResult, screen: Screen) -> list[Text]:
    """Return what the intervals leave out, and why some are missing."""
    notes = ["Intervals tell what another draw of test rows would change, not retraining, wrong labels or drift."]
    few = any(entry.rows and entry.loss_low is None and entry.loss != math.inf for entry in result.classes)
    if few:
        notes.append("There are none below 10 effective rows.")
    return wrap(Text(" ".join(notes), "dim"), screen.width)
