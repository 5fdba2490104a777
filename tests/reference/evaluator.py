"""The figures of `xent eval`, written from their definitions a second time.

This is what the package is checked against, so it shares nothing with it: the standard library only, rows as
Python lists, every sum a `Fraction` of float64 terms (hence exact, and free of any summation order). It is
made to be read beside the definitions, not to be fast.

`rows` says what a row is charged, `scores` what its predictions say, `sums` how a quotient of sums gets its
error, `slices` what is said of parts of the rows. Clusters and calibration are not here.

What is weighted by what: the loss, its error, the shares, the entropies and the loss per unit by the terms
w·y_k·c_k; accuracy, recall, precision, Brier score, predicted shares, label probabilities and sum bias by w·y_k
alone. Readings of the definitions that this file settles:

- Too few effective rows for an interval are those that read so: `effective_rows` in float64 is below 10.
- A class with rows but no weight (all c_k·y_k = 0, in distributions) has no loss and is not in `macro_loss`.
- Skill is undefined where `prior_entropy` is 0; with smoothing every class occurs.
- Of labels alone, without labels: no classes, no macro loss and no prior; the label entropy is 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from reference.files import class_order, read_pairs
from reference.rows import Row, score_rows
from reference.settings import DEFAULT_CLIP, LN2, MIN_EFFECTIVE_ROWS, SNAP, Figures, Label, Settings
from reference.student import student_t_quantile
from reference.sums import (
    Ratio,
    as_float,
    effective_rows,
    exp,
    minus_log_of_share,
    ratio,
    share,
    total,
    total_or_infinite,
)

__all__ = [
    "DEFAULT_CLIP",
    "SNAP",
    "Figures",
    "Settings",
    "class_order",
    "evaluate",
    "read_pairs",
    "student_t_quantile",
]

# What takes the probabilities of all classes: of everything, and of a class.
OF_ALL_CLASSES = ("accuracy", "tied_rows", "brier", "sum_bias")
OF_OTHER_CLASSES = ("predicted_share", "recall", "precision", "predicted_rows")


def evaluate(
    rows: Sequence[Sequence[float]],
    labels: Sequence[Label] | None,
    weights: Sequence[float] | None = None,
    settings: Settings | None = None,
    per: Sequence[float] | None = None,
) -> tuple[Figures, list[Figures]]:
    """Return the figures of `overall` and, in class order, of each of the `classes`.

    `rows` holds one list per row with a value for each class in class order, or a single value that speaks of
    class 1 of two; `labels` holds class indices or distributions. An infinite figure is returned as infinity, an
    undefined one as None. With `per`, the parts of `loss_per` are there as `loss_per.value` and so on. Without
    `settings` every column is a class and holds probabilities.
    """
    if settings is None:
        settings = Settings(n_classes=max(2, len(rows[0])))
    return figures(score_rows(rows, labels, weights, settings, per), settings, with_units=per is not None)


def figures(
    scored: Sequence[Row | None], settings: Settings, *, with_units: bool = False
) -> tuple[Figures, list[Figures]]:
    """Return the figures of rows that are scored (None is a row of weight 0)."""
    rows = [row for row in scored if row is not None]
    if not rows:
        raise ValueError("no row has a weight above 0")
    overall = _overall(rows, settings)
    overall["zero_weight_rows"] = len(scored) - len(rows)
    if with_units:
        overall.update(_loss_per(rows, settings))
    classes = [_class_figures(k, rows, settings) for k in range(settings.n_classes)]
    if settings.unit == "bits":
        to_bits(overall, OVERALL_IN_UNIT)
        for one in classes:
            to_bits(one, CLASS_IN_UNIT)
    return overall, classes


def mean_loss(rows: Sequence[Row], settings: Settings) -> Ratio:
    """Return Σ charges / Σ terms of these rows, with its error."""
    return ratio([row.charge for row in rows], [row.term for row in rows], _weights(rows), settings.counts)


def rows_in_effect(rows: Sequence[Row], settings: Settings) -> Fraction:
    """Return the effective rows of these rows."""
    return effective_rows([row.term for row in rows], _weights(rows), settings.counts)


# Over all rows -------------------------------------------------------------------------------------


def _overall(rows: list[Row], settings: Settings) -> Figures:
    effective = rows_in_effect(rows, settings)
    whole = total(row.term for row in rows)
    charge = total_or_infinite(row.charge for row in rows)
    loss = mean_loss(rows, settings)
    low, high = around(loss, effective, settings)
    hit = [row for row in rows if any(row.clipped)]
    parts = [_class_loss(k, rows, settings) for k in range(settings.n_classes)]
    macro = [part for part in parts if part is not None]
    entropy = total(row.entropy for row in rows) / whole
    result: Figures = {
        "rows": len(rows),
        "weight": as_float(whole),
        "loss": loss.rounded,
        "loss_sum": as_float(charge),
        "loss_se": loss.se,
        "loss_low": low,
        "loss_high": high,
        "macro_loss": _macro(macro),
        "macro_classes": len(macro),
        "perplexity": exp(loss.rounded),
        "label_entropy": as_float(entropy),
        "excess_loss": math.inf if loss.value is None else as_float(loss.value - entropy),
        "effective_rows": as_float(effective),
        "clipped_rows": len(hit),
        "clipped_loss_share": share(total_or_infinite(row.charge for row in hit), charge),
        "snapped_values": sum(row.scores.snapped for row in rows),
        "renormalized_rows": sum(row.scores.renormalized for row in rows),
    }
    result.update(_of_all_classes(rows, settings))
    result.update(_skill(rows, settings))
    return result


def _of_all_classes(rows: list[Row], settings: Settings) -> Figures:
    """Return what takes the probabilities of all classes; weighted by the sample weight alone."""
    if settings.label_only:
        return dict.fromkeys(OF_ALL_CLASSES)
    whole = total(row.weight for row in rows)
    right = total(row.weight * y * top for row in rows for y, top in zip(row.y, row.arg_max, strict=True))
    squares = total(row.weight * _squared_error(row) for row in rows) / (2 if settings.n_classes == 2 else 1)
    log_sums = total(row.weight * Fraction(row.scores.log_sum) for row in rows)
    return {
        "accuracy": as_float(right / total(row.weight * y for row in rows for y in row.y)),
        "tied_rows": sum(row.tied for row in rows),
        "brier": as_float(squares / whole),
        "sum_bias": as_float(log_sums / whole),
    }


def _squared_error(row: Row) -> Fraction:
    return total((p - y) ** 2 for p, y in zip(row.probabilities, row.y, strict=True))


def _macro(losses: list[Ratio]) -> float | None:
    if not losses:
        return None
    whole = total_or_infinite(loss.value for loss in losses)
    return math.inf if whole is None else as_float(whole / len(losses))


def _skill(rows: list[Row], settings: Settings) -> Figures:
    """Return the least loss of a constant prediction, and the skill 1 − R, R = loss/prior_entropy, with error.

    With V_k = Σ v_k the least loss is Σ_k V_k·h_k / Σ weights, h_k = −ln(V_k/ΣV). The V are estimated on the same
    rows, so both parts of R move with them: a row contributes its charges − R·Σ_k v_k·h_k (the delta method; that
    the h_k move too changes nothing, as the least loss is flat in them). The weights divide both parts.
    """
    keys = ("prior_entropy", "skill", "skill_se", "skill_low", "skill_high")
    if settings.n_classes == 0:
        return dict.fromkeys(keys)
    masses = [total(row.smoothed[k] for row in rows) for k in range(settings.n_classes)]
    everything = total(masses)
    costs = [Fraction(minus_log_of_share(mass / everything)) if mass else Fraction() for mass in masses]
    expected = [total(v * h for v, h in zip(row.smoothed, costs, strict=True)) for row in rows]
    prior = total(expected) / total(row.term for row in rows)
    result: Figures = dict.fromkeys(keys)
    result["prior_entropy"] = as_float(prior)
    if prior == 0:
        return result
    found = ratio([row.charge for row in rows], expected, _weights(rows), settings.counts)
    if found.value is None:
        result["skill"] = -math.inf
        return result
    low, high = around(found, rows_in_effect(rows, settings), settings)
    result["skill"] = as_float(1 - found.value)
    result["skill_se"] = found.se
    result["skill_low"] = None if high is None else 1 - high
    result["skill_high"] = None if low is None else 1 - low
    return result


def _loss_per(rows: list[Row], settings: Settings) -> Figures:
    """Return R = Σ charges / Σ a·u over the units u, with error; `total` is what it is divided by."""
    units = [row.term * row.per for row in rows]
    found = ratio([row.charge for row in rows], units, _weights(rows), settings.counts)
    if total(units) == 0:
        return {"loss_per.total": 0.0} | dict.fromkeys(LOSS_PER)
    low, high = around(found, rows_in_effect(rows, settings), settings)
    return {
        "loss_per.total": as_float(total(units)),
        "loss_per.value": found.rounded,
        "loss_per.se": found.se,
        "loss_per.low": low,
        "loss_per.high": high,
        "loss_per.perplexity": exp(found.rounded),
    }


# Class by class ------------------------------------------------------------------------------------


def _class_loss(k: int, rows: Sequence[Row], settings: Settings) -> Ratio | None:
    """Return Σ charges / Σ terms of class k, with its error; None without weight."""
    own = [row for row in rows if row.y[k] > 0]
    if not any(row.terms[k] for row in own):
        return None
    return ratio([row.charges[k] for row in own], [row.terms[k] for row in own], _weights(own), settings.counts)


def _class_figures(k: int, rows: list[Row], settings: Settings) -> Figures:
    own = [row for row in rows if row.y[k] > 0]
    weight, everything = total(row.terms[k] for row in rows), total(row.term for row in rows)
    result: Figures = {
        "rows": len(own),
        "weight": as_float(weight),
        "weight_share": as_float(weight / everything),
        **dict.fromkeys(("loss", "loss_se", "loss_low", "loss_high", "loss_share", "loss_ratio")),
        "clipped_rows": sum(row.clipped[k] for row in own),
        **_of_one_class(k, rows, own, settings),
    }
    if own:
        charge, charges = (total_or_infinite(row.charges[k] for row in own), mean_loss(rows, settings).value)
        charges = None if charges is None else charges * everything
        result["loss_share"] = share(charge, charges)
        if charge is not None and charges and weight:
            result["loss_ratio"] = as_float((charge / charges) / (weight / everything))
    loss = _class_loss(k, rows, settings)
    if loss is not None:
        effective = effective_rows([row.terms[k] for row in own], _weights(own), settings.counts)
        low, high = around(loss, effective, settings)
        result.update(loss=loss.rounded, loss_se=loss.se, loss_low=low, loss_high=high)
    return result


def _of_one_class(k: int, rows: list[Row], own: list[Row], settings: Settings) -> Figures:
    """Return what is made of probabilities; weighted by the sample weight alone."""
    labelled = total(row.weight * row.y[k] for row in own)
    at = 0 if settings.label_only else k
    likely = total(row.weight * row.y[k] * row.probabilities[at] for row in own)
    result: Figures = {"label_probability": as_float(likely / labelled) if own else None}
    if settings.label_only:
        return result | dict.fromkeys(OF_OTHER_CLASSES)
    predicted = total(row.weight * row.arg_max[k] for row in rows)
    hits = total(row.weight * row.y[k] * row.arg_max[k] for row in own)
    share_of_p = total(row.weight * row.probabilities[k] for row in rows) / total(row.weight for row in rows)
    return result | {
        "predicted_share": as_float(share_of_p),
        "recall": as_float(hits / labelled) if own else None,
        "precision": as_float(hits / predicted) if predicted else None,
        "predicted_rows": as_float(total(row.arg_max[k] for row in rows)),
    }


# Intervals and units -------------------------------------------------------------------------------


def around(value: Ratio, effective: Fraction, settings: Settings) -> tuple[float | None, float | None]:
    """Return value·exp(± t·se/value): t has effective − 1 degrees of freedom; no interval below 10."""
    if value.value is None or value.se is None or as_float(effective) < MIN_EFFECTIVE_ROWS:
        return None, None
    if value.value == 0:
        return 0.0, 0.0
    t = student_t_quantile((1 + settings.confidence) / 2, as_float(effective - 1))
    width = t * value.se / value.rounded
    return value.rounded * math.exp(-width), value.rounded * exp(width)


def _weights(rows: Sequence[Row]) -> list[Fraction]:
    return [row.weight for row in rows]


LOSS_PER = ("loss_per.value", "loss_per.se", "loss_per.low", "loss_per.high", "loss_per.perplexity")

OVERALL_IN_UNIT = (
    "loss",
    "loss_sum",
    "loss_se",
    "loss_low",
    "loss_high",
    "macro_loss",
    "label_entropy",
    "excess_loss",
    "prior_entropy",
    "sum_bias",
    "loss_per.value",
    "loss_per.se",
    "loss_per.low",
    "loss_per.high",
)
CLASS_IN_UNIT = ("loss", "loss_se", "loss_low", "loss_high")


def to_bits(values: Figures, keys: Sequence[str]) -> None:
    """Divide these figures by ln 2, where they are there and defined."""
    for key in keys:
        value = values.get(key)
        if value is not None:
            values[key] = value / LN2
