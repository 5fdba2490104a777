"""How a result differs from its baseline, figure by figure, and how sure that is where the rows are others.

The interval of a change: half widths are h = t·se of both figures, from their own intervals, and that of the change is
√(h² + h'²). It holds for rows that were drawn apart, and is a little wide with few rows (each t has its own degrees of
freedom). On the same rows the losses go together, which only a comparison row by row can use: no interval is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from xentcli.gates.baseline import Baseline, notes_on, refuse_different, refuse_other_classes
from xentcli.results.evaluation import EvalResult
from xentcli.results.figures import ClassResult, Overall, SliceResult, figure_of
from xentcli.results.metric_names import prefix
from xentcli.results.verdicts import BaselineResult, Change

_OVERALL = (
    *("loss", "loss_per_value", "macro_loss", "excess_loss", "label_entropy", "prior_entropy", "perplexity", "skill"),
    *("accuracy", "brier", "sum_bias", "clipped_loss_share"),
)
_CLASS = ("loss", "weight_share", "predicted_share", "loss_share", "label_probability", "recall", "precision")
_SLICE = ("weight_share", "loss_share", *_OVERALL)
Entry = Overall | ClassResult | SliceResult


def compared(result: EvalResult, baseline: Baseline) -> BaselineResult:
    """Return how a result differs from a baseline. Raises DataError where their losses do not mean the same."""
    refuse_different(baseline, result.settings, result.inputs.input)
    refuse_other_classes(baseline, result)
    same = same_rows(result, baseline)
    notes = notes_on(baseline, result.settings)
    sure = same is not True and baseline.settings["confidence"] == result.settings.confidence
    if same is not True and not sure:
        notes += (f"its intervals are for a confidence of {baseline.settings['confidence']!r}: changes have none",)
    changes = tuple(_changes(result, baseline, sure))
    return BaselineResult(baseline.file, int(baseline.figures["rows"] or 0), same, notes, changes)


def same_rows(result: EvalResult, baseline: Baseline) -> bool | None:
    """Return whether the rows, labels and weights are those of the baseline; None where they are told apart otherwise.

    By row order a row is its number, by key its keys: the same rows have other fingerprints then.
    """
    before = baseline.inputs
    if before["rows_fingerprint"] == result.inputs.rows_fingerprint:
        return True
    keys = None if result.inputs.on is None else list(result.inputs.on)
    return False if (before["alignment"], before["on"]) == (result.inputs.alignment, keys) else None


def _changes(result: EvalResult, baseline: Baseline, sure: bool) -> Iterator[Change]:
    yield from _of("", result.overall, _OVERALL, baseline, sure)
    for entry in result.classes:
        yield from _of(prefix("class", (entry.class_,)), entry, _CLASS, baseline, sure)
    for one in result.slices or ():
        yield from _of(prefix("slice", one.by.items()), one, _SLICE, baseline, sure)


def _of(start: str, entry: Entry, keys: tuple[str, ...], baseline: Baseline, sure: bool) -> Iterator[Change]:
    """Yield the changes of figures that either of the two has."""
    here = {key: figure_of(entry, key) for key in _with_ends(entry, keys)}
    there = {key: baseline.figures.get(start + key) for key in here}
    for key in keys:
        value, before = here[key], there[key]
        if start + key not in baseline.figures or (value is None and before is None):
            continue
        change = _difference(value, before)
        half = math.hypot(*halves) if sure and (halves := _halves(key, here, there)) and change is not None else None
        yield Change(start + key, before, value, change, half if half is None or math.isfinite(half) else None)


def _with_ends(entry: Entry, keys: tuple[str, ...]) -> tuple[str, ...]:
    ends = ("loss_low", "loss_high")
    more = () if isinstance(entry, ClassResult) else ("loss_per_low", "loss_per_high", "skill_low", "skill_high")
    return (*keys, *ends, *more)


def _difference(value: float | None, before: float | None) -> float | None:
    """Return value − before; None where one is undefined, or both are infinite."""
    if value is None or before is None or (math.isinf(value) and math.isinf(before)):
        return None
    return value - before


def _halves(key: str, *figures: dict[str, float | None]) -> list[float] | None:
    """Return the half widths t·se of a figure in both results; None where one has no interval."""
    found = [_half(key, each) for each in figures]
    known = [half for half in found if half is not None]
    return known if len(known) == len(found) else None


def _half(key: str, figures: dict[str, float | None]) -> float | None:
    """Return t·se, out of the interval value·exp(±t·se/value); that of skill is of 1 − skill."""
    stem = {"loss": "loss", "loss_per_value": "loss_per", "skill": "skill"}.get(key)
    if stem is None:
        return None
    value, low, high = (figures.get(name) for name in (key, f"{stem}_low", f"{stem}_high"))
    if value is None or low is None or high is None or math.isinf(value):
        return None
    middle, far = (1.0 - value, 1.0 - low) if key == "skill" else (value, high)
    if middle <= 0.0 or far <= 0.0:
        return 0.0 if middle == far else None
    return middle * math.log(far / middle)
