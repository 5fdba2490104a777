"""From sums to figures: every quotient is taken once, from exact sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xentcli.numerics.dyadic import Dyadic, ratio, root_of_ratio, rounded, total
from xentcli.numerics.intervals import around, t_of
from xentcli.results.figures import ClassResult, LossPer, Overall
from xentcli.spec.choices import Unit
from xentcli.state.eval_state import EvalState
from xentcli.state.moments import NO_ROWS, Moments
from xentcli.summary.skill import NO_PRIOR, Mixing, Plain, Prior, Skill, Smoothed, skill_of, spread_of

_LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """How loss-like figures are given: their unit, and the width of intervals."""

    unit: Unit
    confidence: float

    def of(self, nats: float | None) -> float | None:
        """Return a figure in nats in the unit asked for."""
        if nats is None or self.unit is Unit.NATS or math.isinf(nats):
            return nats
        bits = nats / _LN2
        return None if math.isinf(bits) else bits


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures depend on besides the sums.

    others: the probabilities of all classes are known, not of the label alone. labelled: labels are known. per: the
    column of units.
    """

    scale: Scale
    brier_scale: float
    how: Smoothed
    others: bool
    labelled: bool
    per: str | None


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of some rows, with their moments by class and by row (the same where a row has one term)."""

    state: EvalState
    classes: tuple[Moments, ...]
    whole: Moments
    rows: Moments
    plain: Plain

    @classmethod
    def of(cls, state: EvalState, basis: Basis) -> Sums:
        """Return the moments of a state without slices."""
        classes = tuple(state.loss.moments())
        whole = Moments.total(classes)
        # Where each row has one term, nothing is added to the totals of rows.
        by_row = state.totals_.moments()[0] if state.totals_.counts["rows"][0] else NO_ROWS
        plain = Plain.of(classes)
        if basis.how.class_weight is not None:
            plain = Plain(*(tuple(state.shares.sums[name].values()) for name in ("u", "u2", "ub")))
        return cls(state, classes, whole, by_row if by_row.rows else whole, plain)

    @property
    def mixed(self) -> bool:
        """Say whether rows may have several terms."""
        return self.rows is not self.whole


def overall(sums: Sums, basis: Basis, unmatched_labels: int = 0) -> Overall:
    """Return the figures over all rows."""
    state, whole, rows, scale = sums.state, sums.whole, sums.rows, basis.scale
    loss = whole.mean()
    effective = rows.effective_rows()
    t = t_of(scale.confidence, effective)
    error = rows.standard_error()
    low, high = around(loss, error, t)
    classes = sums.classes if basis.labelled else ()
    class_losses = [mean for part in classes if (mean := part.mean()) is not None]
    weight = state.rows.weight()
    prior = Prior.of(sums.plain, weight, whole.a, basis.how) if basis.labelled else NO_PRIOR
    skill = _skill(sums, basis, prior, t)
    entropy = state.entropy.sum()
    others = basis.others
    return Overall(
        rows=state.rows.number("read"),
        weight=rounded(whole.a),
        loss=scale.of(loss),
        loss_sum=scale.of(whole.loss_sum()),
        loss_se=scale.of(error),
        loss_low=scale.of(low),
        loss_high=scale.of(high),
        macro_loss=scale.of(_mean(class_losses)),
        macro_classes=len(class_losses),
        perplexity=_exp(loss),
        label_entropy=scale.of(ratio(entropy, whole.a)),
        excess_loss=scale.of(loss if loss is None or whole.infinite else ratio(whole.s - entropy, whole.a)),
        prior_entropy=scale.of(prior.entropy),
        skill=skill.value,
        skill_se=skill.se,
        skill_low=skill.low,
        skill_high=skill.high,
        accuracy=ratio(total(state.accuracy.right()), total(list(sums.plain.u))) if others else None,
        tied_rows=state.accuracy.tied_rows if others else None,
        brier=ratio(state.brier.sum() * Dyadic.of(basis.brier_scale), weight) if others else None,
        effective_rows=effective,
        sum_bias=scale.of(ratio(state.row_sums.log_sum(), weight)) if others else None,
        clipped_rows=state.clipping.rows,
        clipped_loss_share=_share(state.clipping.loss(), whole),
        loss_per=_loss_per(sums, basis, t),
        snapped_values=state.rows.number("snapped"),
        dropped_rows=state.rows.number("dropped"),
        ignored_rows=state.rows.number("ignored"),
        zero_weight_rows=state.rows.number("zero_weight"),
        renormalized_rows=state.rows.number("renormalized"),
        unmatched_predictions=state.rows.unmatched,
        unmatched_labels=unmatched_labels,
    )


def by_class(sums: Sums, names: Sequence[str], basis: Basis) -> tuple[ClassResult, ...]:
    """Return the figures of every class, in class order."""
    state, whole, scale = sums.state, sums.whole, basis.scale
    label, everywhere = state.shares.label(), state.shares.all()
    right, predicted_rows = state.accuracy.right(), state.accuracy.predicted_rows()
    predicted = state.accuracy.predicted(weighted=state.rows.weighted)
    clipped, weight = state.clipping.by_class(), state.rows.weight()
    results = []
    for k, part in enumerate(sums.classes):
        loss, error = part.mean(), part.standard_error()
        low, high = around(loss, error, t_of(scale.confidence, part.effective_rows()))
        u = sums.plain.u[k]
        results.append(
            ClassResult(
                class_=names[k],
                rows=part.rows,
                weight=rounded(part.a),
                weight_share=ratio(part.a, whole.a),
                loss=scale.of(loss),
                loss_se=scale.of(error),
                loss_low=scale.of(low),
                loss_high=scale.of(high),
                loss_share=_share(part.s, whole) if part.rows else None,
                loss_ratio=_loss_ratio(part, whole),
                label_probability=ratio(label[k], u),
                predicted_share=ratio(everywhere[k], weight) if basis.others else None,
                recall=ratio(right[k], u) if basis.others else None,
                precision=ratio(right[k], predicted[k]) if basis.others else None,
                predicted_rows=rounded(predicted_rows[k]) if basis.others else None,
                clipped_rows=clipped[k],
            )
        )
    return tuple(results)


def _share(part: Dyadic, whole: Moments) -> float | None:
    """Return the part of the loss sum; None where the sum is 0 or infinite."""
    return None if whole.infinite else ratio(part, whole.s)


def _loss_ratio(part: Moments, whole: Moments) -> float | None:
    """Return loss share over weight share, which is the class's loss over the whole's."""
    return None if whole.infinite else ratio(part.s * whole.a, whole.s * part.a)


def _skill(sums: Sums, basis: Basis, prior: Prior, t: float | None) -> Skill:
    loss = sums.whole.mean()
    spread: Dyadic | None = None
    if loss is not None and prior.entropy and math.isfinite(loss) and math.isfinite(loss / prior.entropy):
        r, charges = Dyadic.of(loss / prior.entropy), prior.charges(basis.how)
        if not sums.mixed:
            spread = spread_of(sums.rows, sums.plain, charges, r, None)
        elif (pairs := sums.state.pairs.of()) is not None:
            spread = spread_of(sums.rows, sums.plain, charges, r, Mixing(*pairs))
    return skill_of(loss, prior, sums.rows, spread, t)


def _loss_per(sums: Sums, basis: Basis, t: float | None) -> LossPer | None:
    """Return R = Σaℓ/Σa·u and its error sqrt(Σ(b − R·a·u)²·n/(n−1))/Σa·u; None without a column of units."""
    if basis.per is None:
        return None
    rows, scale = sums.rows, basis.scale
    au, au2, aub = sums.state.per.of()
    total_units = rounded(au)
    if not au:
        return LossPer(basis.per, total_units, None, None, None, None, None)
    if sums.whole.infinite:
        return LossPer(basis.per, total_units, math.inf, None, None, None, math.inf)
    value, error = ratio(sums.whole.s, au), None
    if (rows.n - Dyadic(1)).n > 0:
        spread = rows.s2 * au * au - Dyadic(2) * rows.s * au * aub + rows.s * rows.s * au2
        squared = au * au
        error = root_of_ratio(spread * rows.n, squared * squared * (rows.n - Dyadic(1)))
    low, high = around(value, error, t)
    return LossPer(basis.per, total_units, scale.of(value), scale.of(error), scale.of(low), scale.of(high), _exp(value))


def _mean(values: Sequence[float]) -> float | None:
    """Return the mean, correctly rounded; None of nothing, inf if one is."""
    if any(math.isinf(value) for value in values):
        return math.inf
    return ratio(total([Dyadic.of(value) for value in values]), Dyadic(len(values)))


def _exp(loss: float | None) -> float | None:
    if loss is None:
        return None
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf
