"""One row of predictions: what it says of every class, and what that would cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reference.settings import LN2, SNAP, Settings


@dataclass(frozen=True)
class Scores:
    """The probabilities and the unclipped loss of every class in one row; of the label alone if that is known."""

    probabilities: list[float]
    losses: list[float]
    order: list[float]  # grows with the probability; what arg-max and ties are read from
    log_sum: float = 0.0
    snapped: int = 0
    renormalized: bool = False


def score(values: Sequence[float], settings: Settings) -> Scores:
    """Return the scores of one row: a value for each class in class order, or one that speaks of class 1 of two."""
    single = len(values) == 1
    if not single and len(values) != settings.n_classes:
        raise ValueError(f"{len(values)} values for {settings.n_classes} classes")
    scorers: dict[str, Callable[[Sequence[float], Settings], Scores]] = {
        "probs": _from_one_probability if single else _from_probabilities,
        "logits": _from_one_logit if single else _from_logits,
        "logprobs": _from_one_logprob if single else _from_logprobs,
        "label-probs": _from_label_probability,
        "label-logprobs": _from_label_logprob,
    }
    return scorers[settings.input](values, settings)


def clip(loss: float, probability: float, settings: Settings) -> tuple[float, bool]:
    """Return the loss as charged and whether it was clipped; a probability equal to the clip is not."""
    loss += 0.0  # a perfect row costs 0, not -0
    if settings.clip is None:
        return loss, False
    most = -math.log(settings.clip)
    # Logs tell apart what has long underflowed as a probability.
    clipped = probability < settings.clip if settings.input in {"probs", "label-probs"} else loss > most
    return (most, True) if clipped else (loss, False)


def _from_probabilities(values: Sequence[float], settings: Settings) -> Scores:
    p, snapped = _snap(values)
    total = math.fsum(p)
    _check_sum(total, settings)
    if settings.renormalize:
        p = [value / total for value in p]
    return Scores(
        probabilities=p,
        losses=[_minus_log(value) for value in p],
        order=p,
        log_sum=math.log(total),
        snapped=snapped,
        renormalized=settings.renormalize and total != 1,
    )


def _from_one_probability(values: Sequence[float], settings: Settings) -> Scores:
    (p,), snapped = _snap(values)
    negative = math.inf if p == 1 else -math.log1p(-p)  # 1 - p would lose all of p below 2**-53
    return Scores([1 - p, p], [negative, _minus_log(p)], [1 - p, p], snapped=snapped)


def _from_logits(values: Sequence[float], settings: Settings) -> Scores:
    _check_logs(values)
    top = max(range(len(values)), key=lambda k: values[k])
    rest = math.fsum(math.exp(value - values[top]) for k, value in enumerate(values) if k != top)
    return Scores(
        probabilities=[math.exp(value - values[top]) / (1 + rest) for value in values],
        losses=[(values[top] - value) + math.log1p(rest) for value in values],
        order=list(values),
    )


def _from_one_logit(values: Sequence[float], settings: Settings) -> Scores:
    (z,) = values
    if math.isnan(z) or z == math.inf:
        raise ValueError(f"logit {z}")
    return Scores([_sigmoid(-z), _sigmoid(z)], [_softplus(z), _softplus(-z)], [-z, z])


def _from_logprobs(values: Sequence[float], settings: Settings) -> Scores:
    x, snapped = _snap_logs(values)
    _check_logs(x)
    total = math.fsum(math.exp(value) for value in x)
    _check_sum(total, settings)
    renormalized = settings.renormalize and total != 1
    if settings.renormalize:
        log_total = math.log(total)
        x = [min(value - log_total, 0.0) for value in x]  # a lone 0 less its rounded sum is not above 0
    return Scores(
        probabilities=[math.exp(value) for value in x],
        losses=[-value for value in x],
        order=x,
        log_sum=math.log(total),
        snapped=snapped,
        renormalized=renormalized,
    )


def _from_one_logprob(values: Sequence[float], settings: Settings) -> Scores:
    (x,), snapped = _snap_logs(values)
    p = math.exp(x)
    # Either form is accurate on its own side of one half only.
    negative = _minus_log(-math.expm1(x)) if x > -LN2 else -math.log1p(-p)
    return Scores([-math.expm1(x), p], [negative, -x], [-math.expm1(x), p], snapped=snapped)


def _from_label_probability(values: Sequence[float], settings: Settings) -> Scores:
    (p,), snapped = _snap(values)
    return Scores([p], [_minus_log(p)], [], snapped=snapped)


def _from_label_logprob(values: Sequence[float], settings: Settings) -> Scores:
    (x,), snapped = _snap_logs(values)
    return Scores([math.exp(x)], [-x], [], snapped=snapped)


def _minus_log(p: float) -> float:
    return math.inf if p == 0 else -math.log(p)


def _softplus(z: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _snap(values: Sequence[float]) -> tuple[list[float], int]:
    for value in values:
        if not (-SNAP <= value <= 1 + SNAP):
            raise ValueError(f"probability {value}")
    snapped = sum(value < 0 or value > 1 for value in values)
    return [min(max(value, 0.0), 1.0) for value in values], snapped


def _snap_logs(values: Sequence[float]) -> tuple[list[float], int]:
    for value in values:
        if not value <= math.log1p(SNAP):
            raise ValueError(f"log-probability {value}")
    return [min(value, 0.0) for value in values], sum(value > 0 for value in values)


def _check_logs(values: Sequence[float]) -> None:
    if any(math.isnan(value) or value == math.inf for value in values):
        raise ValueError(f"values {values}")
    if max(values) == -math.inf:
        raise ValueError("every class is masked")


def _check_sum(total: float, settings: Settings) -> None:
    if settings.renormalize:
        if total == 0:
            raise ValueError("a sum of 0 cannot be divided by")
    elif abs(total - 1) > settings.sum_tolerance:
        raise ValueError(f"sum {total}")
