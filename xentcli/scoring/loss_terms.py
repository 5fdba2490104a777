"""Row losses to terms: what each class is charged for a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.class_axis import sum_over_classes
from xentcli.numerics.segments import Runs
from xentcli.scoring import row_losses as loss
from xentcli.scoring.row_losses import RowLosses, places
from xentcli.state.scored_rows import Floats, Index, Terms, Totals

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labels of some rows, all of which are scored.

    labels, cell: (n,) class, and slice and class, which may be runs. order: which row they are of, None where they are
    in the order of the rows. parts: (n, k) y, for distributions. slices: (n,) or None. weight: (n,) w or None. counted:
    w is how many equal rows a row stands for, and in no term.
    """

    labels: Index
    parts: Floats | None
    cell: Index | Runs
    slices: Index | None
    weight: Floats | None
    counted: bool
    order: Index | None = None

    @property
    def importance(self) -> Floats | None:
        """Return w where it is in the terms."""
        return None if self.counted else self.weight

    def of(self, values: Floats | None) -> Floats | None:
        """Return what has an entry a row in the order of the labels."""
        return values if values is None or self.order is None else values.take(self.order)

    def by_row(self, chosen: Mask | None) -> Mask | None:
        """Return which rows are chosen by their labels, None for none."""
        if chosen is None or not chosen.any() or self.order is None:
            return chosen
        rows = np.empty_like(chosen)
        rows[self.order] = chosen
        return rows


class Charging(NamedTuple):
    """How losses are charged: the clip and a coarser one, class weights c (k,) or None, and the smoothing S."""

    clip: float | None
    coarse: float | None
    class_weight: Floats | None
    smoothing: float


class Charged(NamedTuple):
    """The terms of some rows, their totals where labels are distributions, and what labels cost at least.

    clipped: which rows have a clipped term.
    """

    terms: Terms
    totals: Totals | None
    entropy: Floats | None
    clipped: Mask | None


def charge(rows: RowLosses, by: Labelled, how: Charging) -> Charged:
    """Return the terms of rows: class k has weight w·y_k·c_k and is charged its loss for it.

    Smoothed labels charge it w·y_k·((1−S)·c_k·ℓ_k + (S/K)·Σ_j c_j·ℓ_j) instead; the weights stay.
    """
    if by.parts is None and not how.smoothing:
        return _hard((rows.loss, rows.label_probability, rows.place), by, how)
    every, touched = loss.clipped(rows.every(), rows.probabilities, how.clip)
    if by.parts is None:
        return _smoothed(rows, every, touched, by, how)
    return _distributed(rows, every, touched, by, how)


def charge_label(losses: Floats, p: Floats, by: Labelled, how: Charging) -> Charged:
    """Return the terms of rows of which only the label's probability is known."""
    return _hard((losses, p, places(np.zeros_like(by.labels), by.order)), by, how)


def _hard(given: tuple[Floats, Floats, Index], by: Labelled, how: Charging) -> Charged:
    """Return the terms of hard labels: one a row, in the order of the labels."""
    losses, p, place = given
    charged, touched = loss.clipped(losses, p, how.clip)
    share = by.of(by.importance)
    weight = _times(share, None if how.class_weight is None else how.class_weight[by.labels])
    coarse = _capped(charged, how.coarse)
    terms = Terms(by.order, place, by.cell, share, weight, charged, weight, coarse, touched, p)
    return Charged(terms, None, None, by.by_row(touched))


def _smoothed(rows: RowLosses, every: Floats, touched: Mask | None, by: Labelled, how: Charging) -> Charged:
    """Return the terms of hard labels, smoothed: one a row, charged for every class."""
    c, labels = how.class_weight, by.labels
    charged = loss.at_label(_spread(every, how), rows.place)
    capped = _capped(every, how.coarse)
    coarse = None if capped is None else loss.at_label(_spread(capped, how), rows.place)
    weight = _times(by.importance, None if c is None else c[labels])
    loss_weight = weight if c is None else by.importance
    clipped = None if touched is None else _any_class(touched, c)
    terms = Terms(
        None, rows.place, by.cell, by.importance, weight, charged, loss_weight, coarse, clipped, rows.label_probability
    )
    parts = np.zeros(every.shape, order="F")
    parts[np.arange(len(labels)), labels] = 1.0
    return Charged(terms, None, _entropy(parts, how), clipped)


def _distributed(rows: RowLosses, every: Floats, touched: Mask | None, by: Labelled, how: Charging) -> Charged:
    """Return the terms of labels that are distributions: one for each class with a part."""
    assert by.parts is not None
    parts, c = by.parts, how.class_weight
    classes, row = np.nonzero(parts.T)
    spread = _spread(every, how) if how.smoothing else every
    capped = _capped(every, how.coarse)
    if capped is not None and how.smoothing:
        capped = _spread(capped, how)
    part = parts[row, classes]
    share = part if by.importance is None else part * by.importance[row]
    weight = share if c is None else share * c[classes]
    loss_weight = share if how.smoothing else weight
    by_row = clipped = None
    if touched is not None and how.smoothing:
        by_row = _any_class(touched, c)
        clipped = by_row[row]
    elif touched is not None:
        by_row = _any_class(touched & (parts > 0.0), c)
        clipped = touched[row, classes] & (weight > 0.0)
    terms = Terms(
        row=row,
        place=classes * len(parts) + row,
        cell=classes if by.slices is None else by.slices[row] * parts.shape[1] + classes,
        share=share,
        weight=weight,
        loss=spread[row, classes],
        loss_weight=loss_weight,
        coarse=None if capped is None else capped[row, classes],
        clipped=clipped,
        label_probability=rows.probabilities[row, classes],
    )
    totals = _totals(terms, parts, by)
    return Charged(terms, totals, _entropy(parts, how), by_row)


def _totals(terms: Terms, parts: Floats, by: Labelled) -> Totals:
    """Return what the terms of each row add up to; sums over classes go by halves, whatever rows stand beside.

    What a row with one term is charged stays a product of two, as it is for a hard label.
    """
    assert terms.row is not None and terms.weight is not None and terms.loss_weight is not None
    charged = terms.loss_weight > 0.0
    # 0 times an infinite loss is 0.
    loss = np.where(charged, terms.loss, 0.0)
    held = []
    for values in (terms.weight, terms.loss_weight, loss, terms.loss_weight * loss):
        matrix = np.zeros(parts.shape, order="F")
        matrix.T.reshape(-1)[terms.place] = values
        held.append(sum_over_classes(matrix))
    weight, loss_weight, only, total = held
    alone = np.bincount(terms.row, minlength=len(parts)) == 1
    shares = parts if by.importance is None else np.asfortranarray(parts * by.importance[:, None])
    return Totals(weight, np.where(alone, loss_weight, 1.0), np.where(alone, only, total), shares)


def _spread(every: Floats, how: Charging) -> Floats:
    """Return (1−S)·c_k·ℓ_k + (S/K)·Σ_j c_j·ℓ_j, shape (n, k); classes of weight 0 cost nothing."""
    weighted = every
    if how.class_weight is not None:
        weighted = np.where(how.class_weight > 0.0, every, 0.0) * how.class_weight
        weighted = np.asfortranarray(weighted)
    mean = sum_over_classes(weighted) * (how.smoothing / every.shape[1])
    if how.smoothing == 1.0:
        return np.asfortranarray(np.broadcast_to(mean[:, None], every.shape))
    return np.asfortranarray(weighted * (1.0 - how.smoothing) + mean[:, None])


def _entropy(parts: Floats, how: Charging) -> Floats:
    """Return Σ_k v_k·ln(Σv/v_k) with v_k = c_k·((1−S)·y_k + S/K), shape (n,)."""
    v = parts if not how.smoothing else parts * (1.0 - how.smoothing) + how.smoothing / parts.shape[1]
    if how.class_weight is not None:
        v = v * how.class_weight
    v = np.asfortranarray(v)
    some = v > 0.0
    total = sum_over_classes(v)[:, None]
    with np.errstate(over="ignore"):
        ratio = np.divide(total, v, out=np.ones_like(v), where=some)
    logarithm = np.log(ratio)
    beyond = ratio == np.inf
    if beyond.any():
        # Of a part so small that its inverse is no float64.
        logarithm[beyond] = (np.log(total) - np.log(v, out=np.zeros_like(v), where=some))[beyond]
    return sum_over_classes(np.asfortranarray(v * logarithm))


def _any_class(touched: Mask, class_weight: Floats | None) -> Mask:
    """Return which rows have a clipped class that costs something."""
    counted: Mask = touched if class_weight is None else touched & (class_weight > 0.0)
    return np.asarray(counted.any(axis=1))


def _capped(losses: Floats, clip: float | None) -> Floats | None:
    """Return losses with none above −ln clip, None where that changes none."""
    if clip is None or not losses.size:
        return None
    ceiling = loss.minus_log(clip)
    return np.minimum(losses, ceiling) if losses.max() > ceiling else None


def _times(a: Floats | None, b: Floats | None) -> Floats | None:
    return b if a is None else a if b is None else a * b
