"""From sums to figures: every quotient is taken once, from exact sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xentcli.dyadic import Dyadic, ratio, root_of_ratio, rounded, total
from xentcli.interval import around, t_of
from xentcli.kinds import Unit
from xentcli.result import ClassResult, Overall
from xentcli.state.evaluation import EvalState
from xentcli.state.loss import Moments

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
class Prior:
    """The least loss of one constant prediction: its entropy in nats, and −ln of each class's share of the weight."""

    entropy: float | None
    costs: tuple[float, ...]

    @classmethod
    def of(cls, moments: Sequence[Moments]) -> Prior:
        """Return the prior of the classes' weights: −Σ V_k·ln(V_k/ΣV) / ΣV."""
        weights = [part.a for part in moments]
        everything = total(weights)
        shares = [ratio(weight, everything) or 0.0 for weight in weights]
        costs = tuple(_cost(weight, everything, share) for weight, share in zip(weights, shares, strict=True))
        if not everything:
            return cls(None, costs)
        return cls(math.fsum(share * cost for share, cost in zip(shares, costs, strict=True) if share > 0.0), costs)


def _cost(weight: Dyadic, everything: Dyadic, share: float) -> float:
    """Return −ln(weight/everything), by log1p of what the others have where that is the smaller part."""
    if not weight:
        return math.inf
    if share < 1e-300:
        # The quotient may be below float64; the logarithm of a long integer is not.
        return math.log(everything.n) - math.log(weight.n) + (everything.e - weight.e) * _LN2
    return -math.log(share) if share < 0.5 else 0.0 - math.log1p(-(ratio(everything - weight, everything) or 0.0))


@dataclass(frozen=True, slots=True)
class _Skill:
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None


def overall(state: EvalState, moments: Sequence[Moments], brier_scale: float, scale: Scale) -> Overall:
    """Return the figures over all rows."""
    whole = Moments.total(moments)
    loss = whole.mean()
    effective = whole.effective_rows()
    t = t_of(scale.confidence, effective)
    error = whole.standard_error()
    low, high = around(loss, error, t)
    class_losses = [mean for part in moments if (mean := part.mean()) is not None]
    prior = Prior.of(moments)
    skill = _skill(moments, whole, prior, t)
    # A hard label has no entropy: the least loss that any predictions could have is 0.
    label_entropy = None if loss is None else 0.0
    return Overall(
        rows=whole.n,
        weight=rounded(whole.a),
        loss=scale.of(loss),
        loss_sum=scale.of(whole.loss_sum()),
        loss_se=scale.of(error),
        loss_low=scale.of(low),
        loss_high=scale.of(high),
        macro_loss=scale.of(_mean(class_losses)),
        macro_classes=len(class_losses),
        perplexity=_exp(loss),
        label_entropy=scale.of(label_entropy),
        excess_loss=scale.of(loss),
        prior_entropy=scale.of(prior.entropy),
        skill=skill.value,
        skill_se=skill.se,
        skill_low=skill.low,
        skill_high=skill.high,
        accuracy=ratio(total(state.accuracy.right()), whole.a),
        tied_rows=state.accuracy.tied_rows,
        brier=ratio(state.brier.sum() * Dyadic.of(brier_scale), whole.a),
        effective_rows=effective,
        sum_bias=scale.of(ratio(state.row_sums.log_sum(), whole.a)),
        clipped_rows=int(state.clipping.rows.sum()),
        clipped_loss_share=_share(state.clipping.loss(), whole),
        snapped_values=state.rows.snapped,
        dropped_rows=0,
        ignored_rows=0,
        zero_weight_rows=state.rows.zero_weight,
        renormalized_rows=state.rows.renormalized,
        unmatched_predictions=0,
        unmatched_labels=0,
    )


def by_class(
    state: EvalState, moments: Sequence[Moments], names: Sequence[str], scale: Scale
) -> tuple[ClassResult, ...]:
    """Return the figures of every class, in class order."""
    whole = Moments.total(moments)
    label, everywhere = state.shares.label(), state.shares.all()
    right, predicted_rows = state.accuracy.right(), state.accuracy.predicted_rows()
    predicted = state.accuracy.predicted(weighted=state.rows.weighted)
    results = []
    for k, part in enumerate(moments):
        loss, error = part.mean(), part.standard_error()
        low, high = around(loss, error, t_of(scale.confidence, part.effective_rows()))
        results.append(
            ClassResult(
                class_=names[k],
                rows=part.n,
                weight=rounded(part.a),
                weight_share=ratio(part.a, whole.a),
                loss=scale.of(loss),
                loss_se=scale.of(error),
                loss_low=scale.of(low),
                loss_high=scale.of(high),
                loss_share=_share(part.s, whole) if part.n else None,
                loss_ratio=_loss_ratio(part, whole),
                label_probability=ratio(label[k], part.a),
                predicted_share=ratio(everywhere[k], whole.a),
                recall=ratio(right[k], part.a),
                precision=ratio(right[k], predicted[k]),
                predicted_rows=rounded(predicted_rows[k]),
                clipped_rows=int(state.clipping.rows[k]),
            )
        )
    return tuple(results)


def _share(part: Dyadic, whole: Moments) -> float | None:
    """Return the part of the loss sum; None where the sum is 0 or infinite."""
    return None if whole.infinite else ratio(part, whole.s)


def _loss_ratio(part: Moments, whole: Moments) -> float | None:
    """Return loss share over weight share, which is the class's loss over the whole's."""
    return None if whole.infinite else ratio(part.s * whole.a, whole.s * part.a)


def _skill(moments: Sequence[Moments], whole: Moments, prior: Prior, t: float | None) -> _Skill:
    """Return 1 − loss/prior_entropy and its error, by the delta method.

    With R = loss/H and h_k = −ln(V_k/ΣV), a row moves the skill by −a(ℓ − R·h_label)/(ΣaH): the prior is estimated
    from the same rows. The interval is on the log scale of R, so that it never passes 1. None if one class occurs.
    """
    loss = whole.mean()
    if loss is None or not prior.entropy:
        return _Skill()
    if math.isinf(loss):
        return _Skill(-math.inf)
    r = loss / prior.entropy
    value = 1.0 - r
    if math.isinf(value):
        return _Skill()
    exact_r = Dyadic.of(r)
    spread = []
    for part, cost in zip(moments, prior.costs, strict=True):
        if part.n:
            expected = exact_r * Dyadic.of(cost)
            spread.append(part.s2 - Dyadic(2) * expected * part.s1 + expected * expected * part.a2)
    bottom = whole.a * Dyadic.of(prior.entropy)
    error = root_of_ratio(total(spread) * Dyadic(whole.n), bottom * bottom * Dyadic(whole.n - 1))
    low, high = around(r, error, t)
    return _Skill(value, error, None if high is None else 1.0 - high, None if low is None else 1.0 - low)


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
