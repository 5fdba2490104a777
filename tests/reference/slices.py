"""What is said of parts of the rows: each slice as if it stood alone, and against all other rows.

Readings of the definitions that this file settles:

- There is a slice for each combination of values in the rows; one without a row of weight above 0 has no figures.
- A slice lists the classes that have rows in it, in class order.
- Like the intervals of a mean, the interval and the p value of a difference need 10 effective rows on either side.
- Where neither side varies, p is 1 for a difference of 0 and 0 for any other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reference.evaluator import figures, mean_loss, rows_in_effect, to_bits
from reference.rows import Row, score_rows
from reference.settings import MIN_EFFECTIVE_ROWS, Figures, Label, Settings
from reference.student import student_t_quantile, student_t_two_sided
from reference.sums import as_float, share, total, total_or_infinite

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Slice:
    """The rows of one combination of values: against the others, and by themselves; `classes` by class number."""

    against: Figures
    overall: Figures
    classes: dict[int, Figures]


def evaluate_slices(
    rows: Sequence[Sequence[float]],
    labels: Sequence[Label] | None,
    weights: Sequence[float] | None,
    settings: Settings,
    keys: Sequence[Key],
    per: Sequence[float] | None = None,
) -> dict[Key, Slice]:
    """Return every slice; `keys` holds for each row its values in the columns that it is sliced by."""
    scored = score_rows(rows, labels, weights, settings, per)
    result = {}
    for key in dict.fromkeys(keys):
        own = [row for other, row in zip(keys, scored, strict=True) if other == key]
        rest = [row for other, row in zip(keys, scored, strict=True) if other != key]
        if not _counted(own):
            nothing: Figures = dict.fromkeys(("loss", "loss_se", "loss_low", "loss_high", "accuracy", "skill"))
            against: Figures = dict.fromkeys((*IN_UNIT, "loss_share", "p_value", "p_adjusted"))
            result[key] = Slice(against, nothing | {"rows": 0, "zero_weight_rows": len(own)}, {})
            continue
        overall, classes = figures(own, settings, with_units=per is not None)
        met = {k: one for k, one in enumerate(classes) if one["rows"]}
        result[key] = Slice(_against(_counted(own), _counted(rest), settings), overall, met)
    for one, adjusted in zip(result.values(), holm([part.against["p_value"] for part in result.values()]), strict=True):
        one.against["p_adjusted"] = adjusted
    return result


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return the p values adjusted for their number, by Holm's method; None is no test.

    The i-th smallest of m, from 1, is multiplied by m − i + 1; none is made smaller than one before it, or above 1.
    """
    tested = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 0.0
    for i, (p, at) in enumerate(tested):
        least = max(least, min(1.0, (len(tested) - i) * p))
        adjusted[at] = least
    return adjusted


def _against(own: list[Row], rest: list[Row], settings: Settings) -> Figures:
    everyone = own + rest
    weight, charge = _sums(own)
    all_weight, all_charge = _sums(everyone)
    result: Figures = {
        "weight_share": as_float(weight / all_weight),
        "loss_share": share(charge, all_charge),
        "class_mix": _class_mix(own, everyone, settings),
        **_difference(own, rest, settings),
    }
    if settings.unit == "bits":
        to_bits(result, IN_UNIT)
    return result


def _class_mix(own: list[Row], everyone: list[Row], settings: Settings) -> float | None:
    """Return Σ_k (class share in the slice · class loss in the whole) − the whole's loss."""
    weight, _ = _sums(own)
    whole_weight, whole_charge = _sums(everyone)
    if whole_charge is None or settings.n_classes == 0:
        return None
    expected = Fraction()
    for k in range(settings.n_classes):
        mine = total(row.terms[k] for row in own)
        if mine:
            theirs = total_or_infinite(row.charges[k] for row in everyone)
            assert theirs is not None
            expected += mine / weight * theirs / total(row.terms[k] for row in everyone)
    return as_float(expected - whole_charge / whole_weight)


def _difference(own: list[Row], rest: list[Row], settings: Settings) -> Figures:
    """Return the slice's loss less that of all other rows, tested as two independent means (Welch)."""
    result: Figures = dict.fromkeys((*IN_UNIT[1:], "p_value", "p_adjusted"))
    if not rest:
        return result
    mine, theirs = mean_loss(own, settings), mean_loss(rest, settings)
    if mine.value is None or theirs.value is None:
        if mine.value is not None or theirs.value is not None:
            result["delta_rest"] = math.inf if mine.value is None else -math.inf
        return result
    delta = result["delta_rest"] = as_float(mine.value - theirs.value)
    if mine.se is None or theirs.se is None:
        return result
    se = result["delta_rest_se"] = math.hypot(mine.se, theirs.se)
    effective = [as_float(rows_in_effect(rows, settings)) for rows in (own, rest)]
    if min(effective) < MIN_EFFECTIVE_ROWS:
        return result
    if se == 0:
        return result | {"delta_rest_low": delta, "delta_rest_high": delta, "p_value": float(delta == 0)}
    degrees = 1 / sum((part / se) ** 4 / (rows - 1) for part, rows in zip((mine.se, theirs.se), effective, strict=True))
    width = student_t_quantile((1 + settings.confidence) / 2, degrees) * se
    return result | {
        "delta_rest_low": delta - width,
        "delta_rest_high": delta + width,
        "p_value": student_t_two_sided(delta / se, degrees),
    }


def _sums(rows: list[Row]) -> tuple[Fraction, Fraction | None]:
    return total(row.term for row in rows), total_or_infinite(row.charge for row in rows)


def _counted(rows: Sequence[Row | None]) -> list[Row]:
    return [row for row in rows if row is not None]


IN_UNIT = ("class_mix", "delta_rest", "delta_rest_se", "delta_rest_low", "delta_rest_high")
