"""The figures over all rows: the loss, what it is to be measured by, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xentcli.render.wording.baseline_text import change_text
from xentcli.render.wording.numbers import NONE, figure, fraction, percent, places_for, quantity
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import LossPer
from xentcli.results.verdicts import Change
from xentcli.text import count, singular


@dataclass(frozen=True, slots=True)
class Form:
    """How a figure is written, and its changes: times `scale`, with so many places, in `step` where it has no unit."""

    write: Callable[[float | None], str]
    places: int = 4
    scale: float = 1.0
    step: str = ""

    def change(self, change: Change, plus_minus: str) -> str:
        """Return a change with its sign, and how sure it is where that is known: `+0.0040 ± 0.0180`."""
        by, half = (None if part is None else self.scale * part for part in (change.change, change.half_width))
        text = change_text(by, half, self.places, plus_minus)
        return text if by is None else text + self.step


@dataclass(frozen=True, slots=True)
class WholeFigure:
    """A figure over all rows: its metric, its name and its value; `ends` of its interval and its standard error.

    main: what it is measured by comes after it. said: the same in a line of others. form: None of a count.
    """

    key: str
    name: str
    value: str
    said: str
    form: Form | None
    main: bool = False
    ends: str | None = None
    error: str | None = None


def whole_figures(result: EvalResult, spelling: Spelling) -> list[WholeFigure]:
    """Return what there is to say: nothing about other classes where their probabilities are unknown."""
    return list(_figures(result, _Forms(result, spelling)))


@dataclass(frozen=True, slots=True)
class _Forms:
    """How figures of one result are written."""

    result: EvalResult
    spelling: Spelling

    def ends(self, low: float | None, high: float | None, write: Callable[[float | None], str]) -> str:
        return NONE if low is None or high is None else f"{write(low)}{self.spelling.between}{write(high)}"

    def loss(self, value: float | None) -> str:
        return figure(value, places_for(self.result.overall.loss), digits=4)

    def of_loss(self) -> Form:
        unit = self.result.settings.unit
        return Form(lambda value: f"{self.loss(value)} {unit}", places_for(self.result.overall.loss))


def _figures(result: EvalResult, forms: _Forms) -> Iterator[WholeFigure]:
    overall, loss = result.overall, forms.of_loss()
    label_only = result.inputs.task == "label-only"
    ends = forms.ends(overall.loss_low, overall.loss_high, forms.loss)
    yield _main("loss", "log loss", overall.loss, loss, ends=ends, error=forms.loss(overall.loss_se))
    if label_only:
        yield _perplexity(result, forms)
    if overall.loss_per is not None:
        yield from _per(overall.loss_per, result, forms)
    if result.inputs.label_kind == "distribution" or overall.label_entropy:
        yield _main("excess_loss", "excess loss", overall.excess_loss, loss)
        yield _beside("label_entropy", "label entropy", overall.label_entropy, loss)
    macro = _beside("macro_loss", "macro loss", overall.macro_loss, loss)
    if result.classes:
        yield from _skill(result, forms)
        if label_only:
            yield macro
    if not label_only:
        points = Form(lambda share: NONE if share is None else f"{percent(share, 2)} %", 2, 100.0, " points")
        yield _main("accuracy", "accuracy", overall.accuracy, points)
        yield _beside("brier", "Brier score", overall.brier, Form(figure))
        yield macro
        if overall.tied_rows:
            said = f"{count(overall.tied_rows, 'row')} tied"
            yield WholeFigure("tied_rows", "tied rows", f"{overall.tied_rows:,}", said, None)


def _main(
    key: str, name: str, value: float | None, form: Form, *, ends: str | None = None, error: str | None = None
) -> WholeFigure:
    text = form.write(value)
    return WholeFigure(key, name, text, f"{name} {text}", form, main=True, ends=ends, error=error)


def _beside(key: str, name: str, value: float | None, form: Form) -> WholeFigure:
    text = form.write(value)
    return WholeFigure(key, name, text, f"{name} {text}", form)


def _skill(result: EvalResult, forms: _Forms) -> Iterator[WholeFigure]:
    overall, unit = result.overall, result.settings.unit
    skill = Form(lambda value: fraction(value, 4))
    ends = forms.ends(overall.skill_low, overall.skill_high, skill.write)
    yield _main("skill", "skill", overall.skill, skill, ends=ends)
    entropy = Form(lambda value: f"{figure(value)} {unit}")
    yield _beside("prior_entropy", "prior entropy", overall.prior_entropy, entropy)


def _perplexity(result: EvalResult, forms: _Forms) -> WholeFigure:
    """Return the perplexity; its interval is exp of the loss's, as exp only ever grows."""
    overall = result.overall
    nats = math.log(2.0) if result.settings.unit == "bits" else 1.0

    def exp(loss: float | None) -> float | None:
        # Far past what anybody can read; figure() would print inf for it.
        return None if loss is None or loss * nats > 700.0 else math.exp(loss * nats)

    ends = forms.ends(exp(overall.loss_low), exp(overall.loss_high), figure)
    return _main("perplexity", "perplexity", overall.perplexity, Form(figure), ends=ends)


def _per(per: LossPer, result: EvalResult, forms: _Forms) -> Iterator[WholeFigure]:
    """Yield the loss per unit of a column, as bits per byte, and how many units there are."""
    column, unit, places = forms.spelling.name(per.column), result.settings.unit, places_for(per.value)
    one = forms.spelling.name(singular(per.column))

    def loss(value: float | None) -> str:
        return figure(value, places, digits=4)

    form = Form(lambda value: f"{loss(value)} {unit} per {one}", places)
    ends = forms.ends(per.low, per.high, loss)
    yield _main("loss_per_value", "per unit", per.value, form, ends=ends, error=loss(per.se))
    perplexity = figure(per.perplexity)
    said = f"perplexity {perplexity}"
    yield WholeFigure("loss_per_perplexity", "perplexity per unit", perplexity, said, Form(figure))
    total = quantity(per.total)
    yield WholeFigure("loss_per_total", "units in all", f"{total} {column}", f"{total} {column} in all", None)
