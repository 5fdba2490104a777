"""What the table of slices shows, column by column, its heading, and what it says below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from xentcli.render.wording.class_figures import share_heading
from xentcli.render.wording.numbers import Figures, difference, figure, intervals, p_value, percent, places_for
from xentcli.render.wording.slice_listing import SliceListing, slice_name
from xentcli.render.wording.spelling import Spelling
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import SliceResult
from xentcli.text import count

_ROUNDING = 1e-12


def slices_title(result: EvalResult, spelling: Spelling) -> tuple[str, str]:
    """Return what the slices are by, and how many they and their comparisons are."""
    slices = result.slices or ()
    compared = sum(one.p_value is not None for one in slices)
    numbers = f"{count(len(slices), 'slice')}, {count(compared, 'comparison') if compared else 'no comparisons'}"
    adjusted = ", p adjusted by Holm" if compared > 1 else ""
    return f"slices by {', '.join(map(spelling.name, result.settings.by))}", numbers + adjusted


def slice_figures(result: EvalResult, listing: SliceListing) -> list[Figures]:
    """Return every column of figures that has something to say, from left to right; the rest has some of them."""
    shown, rest = listing.shown, listing.rest
    places = places_for(result.overall.loss, digits=3)
    confidence = result.settings.confidence

    def of(key: str, heading: str, form: Callable[[float | None], str]) -> Figures:
        cells = [form(_figure(one, key)) for one in shown]
        summed = None if rest is None else getattr(rest, key, None)
        return Figures(key, heading, (*cells, *(() if rest is None else ["" if summed is None else form(summed)])))

    def loss(value: float | None) -> str:
        return figure(value, places)

    def change(value: float | None) -> str:
        return difference(value, places)

    def mix(value: float | None) -> str:
        # Below this it is what rounding leaves of two equal means.
        noise = value is not None and abs(value) <= _ROUNDING * abs(result.overall.loss or 0.0)
        return change(0.0 if noise else value)

    def between(key: str, name: str, form: Callable[[float | None], str]) -> Figures:
        return intervals(key, of(f"{name}_low", "", form), of(f"{name}_high", "", form), confidence)

    # Where one slice has an infinite loss, all that there is to say is that it has.
    compared = any(one.delta_rest is not None and math.isfinite(one.delta_rest) for one in shown)
    tested = any(one.p_value is not None for one in shown)
    columns = [
        of("rows", "rows", lambda rows: f"{rows:,.0f}"),
        of("weight_share", share_heading(result), percent),
        of("loss", "loss", loss),
        between("interval", "loss", loss),
        of("loss_share", "loss %", percent),
        *([of("delta_rest", "vs rest", change)] if compared else []),
        *([between("delta_interval", "delta_rest", change)] if tested else []),
        *([of("p_adjusted", "adj. p", p_value)] if tested else []),
    ]
    if compared and any(one.class_mix is not None for one in shown):
        columns.append(of("class_mix", "by classes", mix))
    return columns


def _figure(one: SliceResult, key: str) -> float | None:
    value: float | None = getattr(one if hasattr(one, key) else one.overall, key)
    return value


def hidden_slice_text(result: EvalResult, listing: SliceListing, spelling: Spelling) -> str:
    """Return a sentence on the slice with the highest loss, where the table does not list it."""
    one = listing.hidden_highest
    if one is None:
        return ""
    loss = f"{figure(one.overall.loss, places_for(result.overall.loss))} {result.settings.unit}"
    rows = count(one.overall.rows, "row")
    return f"Not listed: {slice_name(one, spelling)} has the highest loss, {loss} ({rows})."


def legend_text(shown: Iterable[str]) -> str:
    """Return what those of the columns shown mean whose headings need it."""
    keys = list(shown)
    meanings = {
        # The p is for all comparisons together, so that an interval without 0 may stand beside a p above 0.05.
        "delta_rest": "vs rest: the loss less that of all other rows"
        + ("; its interval is not adjusted." if "delta_interval" in keys else "."),
        "class_mix": "by classes: what its mix of classes alone would add to the loss of all rows.",
    }
    return " ".join(meanings[key] for key in keys if key in meanings)
