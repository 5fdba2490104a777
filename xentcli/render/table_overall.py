"""The figures over all rows: the loss, what it is to be measured by, and how sure it is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from rich.text import Text

from xentcli.render.numbers import NONE, confidence_percent, figure, fraction, percent, places_for, quantity
from xentcli.render.screen import Screen
from xentcli.render.table_cells import width_of
from xentcli.render.table_colors import HEADLINE, QUIET, style_of
from xentcli.render.table_text import flow, glyphs, safe
from xentcli.result import EvalResult, LossPer
from xentcli.text import count

# A longer value, with the name of a column in it, has no other values moved to the right of it.
_LONGEST_VALUE = 14
_LABEL = re.compile(r"\S+ % interval |[A-Za-z][A-Za-z ]* (?=[-<>0-9]|inf|n/a)")


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    value: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Forms:
    """How figures of one result are written."""

    result: EvalResult
    screen: Screen

    def loss(self, value: float | None) -> str:
        return figure(value, places_for(self.result.overall.loss), digits=4)

    def with_unit(self, value: float | None) -> str:
        return f"{self.loss(value)} {self.result.settings.unit}"

    def interval(self, low: float | None, high: float | None, form: Callable[[float | None], str]) -> str:
        ends = NONE if low is None or high is None else f"{form(low)}{glyphs(self.screen).between}{form(high)}"
        return f"{confidence_percent(self.result.settings.confidence)} % interval {ends}"


def overall_lines(result: EvalResult, screen: Screen) -> list[Text]:
    """Return a line for each main figure: its name, its value, and what belongs to it."""
    rows = _rows(result, _Forms(result, screen))
    names = max(len(row.name) for row in rows)
    values = max(width for row in rows if (width := width_of(row.value)) <= _LONGEST_VALUE)
    lines = []
    for row in rows:
        padded = row.value + " " * (values - width_of(row.value))
        style = f"{'' if lines else HEADLINE} {style_of(row.value.split()[0])}"
        first = Text.assemble((f"{row.name:<{names}}  ", QUIET), (padded if row.others else row.value, style))
        lines += flow([first, *map(_labelled, row.others)], screen, indent=names + 2)
    return lines


def _labelled(text: str) -> Text:
    """Return a figure with what it is called before it, which is not looked at first."""
    label = _LABEL.match(text)
    return Text.assemble((label[0], QUIET), text[label.end() :]) if label else Text(text)


def _rows(result: EvalResult, forms: _Forms) -> list[_Line]:
    """Return what there is to say: nothing about other classes where their probabilities are unknown."""
    overall = result.overall
    label_only = result.inputs.task == "label-only"
    interval = forms.interval(overall.loss_low, overall.loss_high, forms.loss)
    rows = [
        _Line("log loss", forms.with_unit(overall.loss), (interval, f"standard error {forms.loss(overall.loss_se)}"))
    ]
    if label_only:
        rows.append(_perplexity(result, forms))
    if overall.loss_per is not None:
        rows.append(_per(overall.loss_per, result, forms))
    if result.inputs.label_kind == "distribution" or overall.label_entropy:
        entropy = f"label entropy {forms.with_unit(overall.label_entropy)}"
        rows.append(_Line("excess loss", forms.with_unit(overall.excess_loss), (entropy,)))
    macro = f"macro loss {forms.with_unit(overall.macro_loss)}"
    if result.classes:
        rows.append(_skill(result, forms, (macro,) if label_only else ()))
    if not label_only:
        tied = (f"{count(overall.tied_rows, 'row')} tied",) if overall.tied_rows else ()
        accuracy = NONE if overall.accuracy is None else f"{percent(overall.accuracy, 2)} %"
        rows.append(_Line("accuracy", accuracy, (f"Brier score {figure(overall.brier)}", macro, *tied)))
    return rows


def _skill(result: EvalResult, forms: _Forms, more: tuple[str, ...]) -> _Line:
    overall = result.overall
    interval = forms.interval(overall.skill_low, overall.skill_high, lambda skill: fraction(skill, 4))
    prior = f"prior entropy {figure(overall.prior_entropy)} {result.settings.unit}"
    return _Line("skill", fraction(overall.skill, 4), (interval, prior, *more))


def _perplexity(result: EvalResult, forms: _Forms) -> _Line:
    """Return the perplexity; its interval is exp of the loss's, as exp only ever grows."""
    overall = result.overall
    nats = math.log(2.0) if result.settings.unit == "bits" else 1.0

    def exp(loss: float | None) -> float | None:
        # Far past what anybody can read; figure() would print inf for it.
        return None if loss is None or loss * nats > 700.0 else math.exp(loss * nats)

    interval = forms.interval(exp(overall.loss_low), exp(overall.loss_high), figure)
    return _Line("perplexity", figure(overall.perplexity), (interval,))


def _per(per: LossPer, result: EvalResult, forms: _Forms) -> _Line:
    """Return the loss per unit of a column, as bits per byte, and how many units there are."""
    column = safe(per.column, forms.screen)
    places = places_for(per.value)

    def loss(value: float | None) -> str:
        return figure(value, places, digits=4)

    return _Line(
        "per unit",
        f"{loss(per.value)} {result.settings.unit} per {column}",
        (
            forms.interval(per.low, per.high, loss),
            f"standard error {loss(per.se)}",
            f"perplexity {figure(per.perplexity)}",
            f"{quantity(per.total)} {column} in all",
        ),
    )
