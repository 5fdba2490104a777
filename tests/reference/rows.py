"""One row as a sum of terms: what each class is charged, and what the charge is divided by.

A row of sample weight w, label y (a distribution; a hard label is y_k = 1), class weights c and smoothing S has
for each class k with y_k > 0 a term of weight a_k = w·y_k·c_k. Class k is charged

    w·y_k·((1 − S)·c_k·ℓ_k + (S/K)·Σ_j c_j·ℓ_j),      ℓ_j = −ln max(p_j, clip),

which without smoothing is a_k·ℓ_k. Readings of the definitions that this file settles:

- A factor of 0 removes what it stands before, also an infinite loss: 0·∞ is 0.
- A row is clipped if a loss that it is charged for is: with smoothing that is any class of weight above 0. Of the
  classes those with y_k > 0 are counted whose charge has a clipped part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from reference.scores import Scores, clip, score
from reference.settings import SNAP, Label, Settings
from reference.sums import minus_log_of_share, total, total_or_infinite

ZERO = Fraction()


@dataclass(frozen=True)
class Row:
    """One row with a weight above 0, scored; a tuple holds one entry for each class."""

    weight: Fraction
    y: tuple[Fraction, ...]
    terms: tuple[Fraction, ...]
    charges: tuple[Fraction | None, ...]  # None is infinite
    smoothed: tuple[Fraction, ...]  # v_k = w·c_k·((1 − S)·y_k + S/K)
    clipped: tuple[bool, ...]  # by class: whether its charge has a clipped part
    scores: Scores
    probabilities: tuple[Fraction, ...]
    arg_max: tuple[Fraction, ...]  # 1/m for each of the m classes that share the largest probability
    per: Fraction

    @cached_property
    def term(self) -> Fraction:
        """The row's own weight, the sum of its terms'."""
        return total(self.terms)

    @cached_property
    def charge(self) -> Fraction | None:
        """What all classes are charged in this row."""
        return total_or_infinite(self.charges)

    @cached_property
    def entropy(self) -> Fraction:
        """The least that any prediction would have been charged: Σ_k v_k·ln(Σv/v_k)."""
        whole = total(self.smoothed)
        return total(v * Fraction(minus_log_of_share(v / whole)) for v in self.smoothed if v)

    @property
    def tied(self) -> bool:
        """Whether several classes share the largest probability."""
        return sum(part > 0 for part in self.arg_max) > 1


def score_rows(
    rows: Sequence[Sequence[float]],
    labels: Sequence[Label] | None,
    weights: Sequence[float] | None,
    settings: Settings,
    per: Sequence[float] | None = None,
) -> list[Row | None]:
    """Return one `Row` for each row, or None where its weight is 0. Every row is validated, whatever it weighs."""
    weights = [1.0] * len(rows) if weights is None else weights
    units = [1.0] * len(rows) if per is None else per
    given = [0] * len(rows) if labels is None else labels
    if not len(rows) == len(given) == len(weights) == len(units):
        raise ValueError(f"{len(rows)} rows, {len(given)} labels, {len(weights)} weights, {len(units)} units")
    if settings.label_only and settings.label_smoothing:
        raise ValueError("smoothing needs the probabilities of the other classes")
    if (labels is None) != (settings.n_classes == 0) or (labels is None and not settings.label_only):
        raise ValueError("labels can be left out only where nothing but they are spoken of")
    scored = []
    for values, label, weight, unit in zip(rows, given, weights, units, strict=True):
        if not (0 <= weight < math.inf) or (settings.counts and weight != int(weight)):
            raise ValueError(f"weight {weight}")
        if not (0 <= unit < math.inf):
            raise ValueError(f"unit {unit}")
        row = _row(score(values, settings), _distribution(label, settings), Fraction(weight), Fraction(unit), settings)
        scored.append(row if row.term > 0 else None)
    return scored


def _distribution(label: Label, settings: Settings) -> list[Fraction]:
    n_classes = max(1, settings.n_classes)
    if isinstance(label, int):
        return [Fraction(int(k == label)) for k in range(n_classes)]
    if settings.label_only:
        raise ValueError("one probability speaks of one label")
    if len(label) != n_classes or not all(part >= 0 for part in label) or abs(math.fsum(label) - 1) > SNAP:
        raise ValueError(f"distribution {label}")
    return [Fraction(part) for part in label]


def _row(scores: Scores, y: list[Fraction], weight: Fraction, unit: Fraction, settings: Settings) -> Row:
    n = len(y)
    if settings.label_only:  # the one loss known is the label's own
        at = y.index(Fraction(1))
        losses, clipped = [math.inf] * n, [False] * n
        losses[at], clipped[at] = clip(scores.losses[0], scores.probabilities[0], settings)
    else:
        pairs = zip(scores.losses, scores.probabilities, strict=True)
        losses, clipped = map(list, zip(*(clip(loss, p, settings) for loss, p in pairs), strict=True))
    c = [Fraction(factor) for factor in settings.class_weights or [1.0] * n]
    smoothing = Fraction(settings.label_smoothing)
    spread, spread_clipped = _sum([smoothing / n * factor for factor in c], losses, clipped)  # (S/K)·Σ_j c_j·ℓ_j
    charges: list[Fraction | None] = []
    touched = []
    for k in range(n):
        own, own_clipped = _sum([(1 - smoothing) * c[k]], [losses[k]], [clipped[k]])
        charge = total_or_infinite([own, spread])
        charges.append(ZERO if y[k] == 0 else None if charge is None else weight * y[k] * charge)
        touched.append(y[k] > 0 and (own_clipped or spread_clipped))
    top = max(scores.order, default=0.0)
    on_top = [value == top for value in scores.order]
    return Row(
        weight=weight,
        y=tuple(y),
        terms=tuple(weight * part * factor for part, factor in zip(y, c, strict=True)),
        charges=tuple(charges),
        smoothed=tuple(
            weight * factor * ((1 - smoothing) * part + smoothing / n) for part, factor in zip(y, c, strict=True)
        ),
        clipped=tuple(touched),
        scores=scores,
        probabilities=tuple(Fraction(p) for p in scores.probabilities),
        arg_max=tuple(Fraction(int(tops), sum(on_top)) for tops in on_top),
        per=unit,
    )


def _sum(factors: Sequence[Fraction], losses: Sequence[float], clipped: Sequence[bool]) -> tuple[Fraction | None, bool]:
    """Return Σ factor·loss and whether a part of it was clipped; a factor of 0 removes its loss."""
    parts = [(factor, loss, hit) for factor, loss, hit in zip(factors, losses, clipped, strict=True) if factor]
    finite = all(loss < math.inf for _, loss, _ in parts)
    charge = total(factor * Fraction(loss) for factor, loss, _ in parts) if finite else None
    return charge, any(hit for _, _, hit in parts)
