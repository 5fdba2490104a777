"""The figures of `xent eval`, written from their definitions a second time.

This is what the package is checked against, so it shares nothing with it: the standard library only, rows as
Python lists, every sum a `Fraction` of float64 terms (hence exact, and free of any summation order). It is
made to be read beside the definitions, not to be fast.

Only what a hard label and one class per column need is here: no distributions, smoothing, class weights,
slices, clusters or calibration.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

SNAP = 1e-6
"""A probability this far outside [0, 1] is rounding of whoever wrote it; further is an error."""

DEFAULT_CLIP = 2.0**-52

MIN_EFFECTIVE_ROWS = 10
"""Below this many effective rows an interval would promise more than the data can hold."""

LN2 = math.log(2)

Figures = dict[str, float | int | None]


@dataclass(frozen=True)
class Settings:
    """What the figures depend on besides the rows."""

    n_classes: int
    input: str = "probs"
    clip: float | None = DEFAULT_CLIP
    sum_tolerance: float = 0.01
    renormalize: bool = False
    unit: str = "nats"
    confidence: float = 0.95


@dataclass(frozen=True)
class _Row:
    """One row with a weight above 0, scored."""

    label: int
    weight: Fraction
    loss: float
    clipped: bool
    probabilities: tuple[Fraction, ...]
    arg_max: tuple[Fraction, ...]  # 1/m for each of the m classes that share the largest probability
    log_sum: float
    snapped: int
    renormalized: bool

    @property
    def tied(self) -> bool:
        return sum(share > 0 for share in self.arg_max) > 1


@dataclass(frozen=True)
class _Scores:
    """The probabilities and the unclipped loss of every class in one row."""

    probabilities: list[float]
    losses: list[float]
    order: list[float]  # grows with the probability; what arg-max and ties are read from
    log_sum: float = 0.0
    snapped: int = 0
    renormalized: bool = False


def evaluate(
    rows: Sequence[Sequence[float]],
    labels: Sequence[int],
    weights: Sequence[float] | None = None,
    settings: Settings | None = None,
) -> tuple[Figures, list[Figures]]:
    """Return the figures of `overall` and, in class order, of each of the `classes`.

    `rows` holds one list per row with a value for each class in class order, or a single value that speaks of
    class 1 of two; `labels` holds class indices. An infinite figure is returned as infinity, an undefined one
    as None. Without `settings` every column is a class and holds probabilities.
    """
    if settings is None:
        settings = Settings(n_classes=max(2, len(rows[0])))
    if weights is None:
        weights = [1.0] * len(rows)
    if not len(rows) == len(labels) == len(weights):
        raise ValueError(f"{len(rows)} rows, {len(labels)} labels, {len(weights)} weights")
    scored = []
    zero_weight_rows = 0
    for values, label, weight in zip(rows, labels, weights, strict=True):
        if not (0 <= weight < math.inf):
            raise ValueError(f"weight {weight}")
        row = _score_row(values, label, weight, settings)  # also for weight 0: every row is validated
        if weight == 0:
            zero_weight_rows += 1
        else:
            scored.append(row)
    if not scored:
        raise ValueError("no row has a weight above 0")
    overall = _overall(scored, settings)
    overall["zero_weight_rows"] = zero_weight_rows
    classes = [_class_figures(k, scored, settings) for k in range(settings.n_classes)]
    if settings.unit == "bits":
        _to_bits(overall, OVERALL_IN_UNIT)
        for figures in classes:
            _to_bits(figures, CLASS_IN_UNIT)
    return overall, classes


# One row ------------------------------------------------------------------------------------------


def _score_row(values: Sequence[float], label: int, weight: float, settings: Settings) -> _Row:
    single = len(values) == 1
    if not single and len(values) != settings.n_classes:
        raise ValueError(f"{len(values)} values for {settings.n_classes} classes")
    scorers: dict[str, Callable[[Sequence[float], Settings], _Scores]] = {
        "probs": _from_one_probability if single else _from_probabilities,
        "logits": _from_one_logit if single else _from_logits,
        "logprobs": _from_one_logprob if single else _from_logprobs,
    }
    scores = scorers[settings.input](values, settings)
    loss, clipped = _clip(scores.losses[label], scores.probabilities[label], settings)
    top = max(scores.order)
    on_top = [value == top for value in scores.order]
    return _Row(
        label=label,
        weight=Fraction(weight),
        loss=loss + 0.0,  # a perfect row costs 0, not -0
        clipped=clipped,
        probabilities=tuple(Fraction(p) for p in scores.probabilities),
        arg_max=tuple(Fraction(int(tops), sum(on_top)) for tops in on_top),
        log_sum=scores.log_sum,
        snapped=scores.snapped,
        renormalized=scores.renormalized,
    )


def _clip(loss: float, probability: float, settings: Settings) -> tuple[float, bool]:
    """Return the loss as charged and whether it was clipped; a probability equal to the clip is not."""
    if settings.clip is None:
        return loss, False
    most = -math.log(settings.clip)
    # Logs tell apart what has long underflowed as a probability.
    clipped = probability < settings.clip if settings.input == "probs" else loss > most
    return (most, True) if clipped else (loss, False)


def _from_probabilities(values: Sequence[float], settings: Settings) -> _Scores:
    p, snapped = _snap(values)
    total = math.fsum(p)
    _check_sum(total, settings)
    if settings.renormalize:
        p = [value / total for value in p]
    return _Scores(
        probabilities=p,
        losses=[_minus_log(value) for value in p],
        order=p,
        log_sum=math.log(total),
        snapped=snapped,
        renormalized=settings.renormalize and total != 1,
    )


def _from_one_probability(values: Sequence[float], settings: Settings) -> _Scores:
    (p,), snapped = _snap(values)
    negative = math.inf if p == 1 else -math.log1p(-p)  # 1 - p would lose all of p below 2**-53
    return _Scores([1 - p, p], [negative, _minus_log(p)], [1 - p, p], snapped=snapped)


def _from_logits(values: Sequence[float], settings: Settings) -> _Scores:
    _check_logs(values)
    top = max(range(len(values)), key=lambda k: values[k])
    rest = math.fsum(math.exp(value - values[top]) for k, value in enumerate(values) if k != top)
    return _Scores(
        probabilities=[math.exp(value - values[top]) / (1 + rest) for value in values],
        losses=[(values[top] - value) + math.log1p(rest) for value in values],
        order=list(values),
    )


def _from_one_logit(values: Sequence[float], settings: Settings) -> _Scores:
    (z,) = values
    if math.isnan(z) or z == math.inf:
        raise ValueError(f"logit {z}")
    return _Scores([_sigmoid(-z), _sigmoid(z)], [_softplus(z), _softplus(-z)], [-z, z])


def _from_logprobs(values: Sequence[float], settings: Settings) -> _Scores:
    x, snapped = _snap_logs(values)
    _check_logs(x)
    total = math.fsum(math.exp(value) for value in x)
    _check_sum(total, settings)
    renormalized = settings.renormalize and total != 1
    if settings.renormalize:
        log_total = math.log(total)
        x = [min(value - log_total, 0.0) for value in x]  # a lone 0 less its rounded sum is not above 0
    return _Scores(
        probabilities=[math.exp(value) for value in x],
        losses=[-value for value in x],
        order=x,
        log_sum=math.log(total),
        snapped=snapped,
        renormalized=renormalized,
    )


def _from_one_logprob(values: Sequence[float], settings: Settings) -> _Scores:
    (x,), snapped = _snap_logs(values)
    p = math.exp(x)
    # Either form is accurate on its own side of one half only.
    negative = _minus_log(-math.expm1(x)) if x > -LN2 else -math.log1p(-p)
    return _Scores([-math.expm1(x), p], [negative, -x], [-math.expm1(x), p], snapped=snapped)


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


# Many rows ----------------------------------------------------------------------------------------


def _overall(rows: list[_Row], settings: Settings) -> Figures:
    total = sum((row.weight for row in rows), Fraction())
    effective = effective_rows([row.weight for row in rows])
    loss_sum = _loss_sum(rows)
    clipped = [row for row in rows if row.clipped]
    two_classes = settings.n_classes == 2
    brier = sum((row.weight * _squared_error(row) for row in rows), Fraction()) / (2 if two_classes else 1)
    hits = sum((row.weight * row.arg_max[row.label] for row in rows), Fraction())
    log_sums = sum((row.weight * Fraction(row.log_sum) for row in rows), Fraction())
    macro = [_mean_loss(part) for part in _by_class(rows, settings) if part]
    loss, loss_se, loss_low, loss_high = _loss_with_interval(rows, settings)
    figures: Figures = {
        "rows": len(rows),
        "weight": _float(total),
        "loss": loss,
        "loss_sum": _float_or_inf(loss_sum),
        "loss_se": loss_se,
        "loss_low": loss_low,
        "loss_high": loss_high,
        "macro_loss": math.inf if None in macro else _float(_sum(macro) / len(macro)),
        "macro_classes": len(macro),
        "perplexity": _exp(loss),
        "label_entropy": 0.0,  # a hard label leaves nothing to guess
        "excess_loss": loss,
        "accuracy": _float(hits / total),
        "tied_rows": sum(row.tied for row in rows),
        "brier": _float(brier / total),
        "effective_rows": _float(effective),
        "sum_bias": _float(log_sums / total),
        "clipped_rows": len(clipped),
        "clipped_loss_share": _share(_loss_sum(clipped), loss_sum),
        "snapped_values": sum(row.snapped for row in rows),
        "renormalized_rows": sum(row.renormalized for row in rows),
    }
    figures.update(_skill(rows, settings))
    return figures


def _class_figures(k: int, rows: list[_Row], settings: Settings) -> Figures:
    own = [row for row in rows if row.label == k]
    total = sum((row.weight for row in rows), Fraction())
    weight = sum((row.weight for row in own), Fraction())
    predicted = sum((row.weight * row.arg_max[k] for row in rows), Fraction())
    hits = sum((row.weight * row.arg_max[k] for row in own), Fraction())
    predicted_share = sum((row.weight * row.probabilities[k] for row in rows), Fraction()) / total
    figures: Figures = {
        "rows": len(own),
        "weight": _float(weight),
        "weight_share": _float(weight / total),
        "loss": None,
        "loss_se": None,
        "loss_low": None,
        "loss_high": None,
        "loss_share": None,
        "loss_ratio": None,
        "label_probability": None,
        "predicted_share": _float(predicted_share),
        "recall": None,
        "precision": _float(hits / predicted) if predicted else None,
        "predicted_rows": _float(sum((row.arg_max[k] for row in rows), Fraction())),
        "clipped_rows": sum(row.clipped for row in own),
    }
    if own:
        loss, loss_se, loss_low, loss_high = _loss_with_interval(own, settings)
        all_losses, own_losses = _loss_sum(rows), _loss_sum(own)
        figures.update(loss=loss, loss_se=loss_se, loss_low=loss_low, loss_high=loss_high)
        figures["loss_share"] = _share(own_losses, all_losses)
        if own_losses is not None and all_losses:
            figures["loss_ratio"] = _float((own_losses / all_losses) / (weight / total))
        likely = sum((row.weight * row.probabilities[k] for row in own), Fraction())
        figures["label_probability"] = _float(likely / weight)
        figures["recall"] = _float(hits / weight)
    return figures


def _loss_with_interval(rows: list[_Row], settings: Settings) -> tuple[float, float | None, float | None, float | None]:
    """Return the mean loss, its standard error and the two ends of its interval.

    se = sqrt(Σ a²(ℓ − loss)² · n/(n − 1)) / Σa; interval = loss·exp(± t·se/loss). With an exact mean, equal
    losses leave residuals of exactly 0.
    """
    exact = _mean_loss(rows)
    if exact is None:
        return math.inf, None, None, None
    loss = _float(exact)
    residuals = [row.weight * (Fraction(row.loss) - exact) for row in rows]
    se = _standard_error(residuals, sum((row.weight for row in rows), Fraction()))
    effective = effective_rows([row.weight for row in rows])
    if se is None or effective < MIN_EFFECTIVE_ROWS:
        return loss, se, None, None
    if loss == 0:
        return loss, se, 0.0, 0.0
    width = _t(settings.confidence, effective) * se / loss
    return loss, se, loss * math.exp(-width), loss * _exp(width)


def _skill(rows: list[_Row], settings: Settings) -> Figures:
    """Return the entropy of the label proportions and the skill 1 − R, R = loss/prior_entropy, with error.

    The proportions are estimated on the same rows, so both parts of R move with them: row i contributes
    a_i·(ℓ_i − R·h) with h = −ln of the proportion of its own label (the delta method).
    """
    total = sum((row.weight for row in rows), Fraction())
    parts = _by_class(rows, settings)
    proportions = [sum((row.weight for row in part), Fraction()) / total for part in parts]
    surprise = [Fraction(_minus_log_of_share(share)) if share else Fraction() for share in proportions]
    prior = sum((share * h for share, h in zip(proportions, surprise, strict=True)), Fraction())
    figures: Figures = {
        "prior_entropy": _float(prior),
        "skill": None,
        "skill_se": None,
        "skill_low": None,
        "skill_high": None,
    }
    if prior == 0:
        return figures
    loss = _mean_loss(rows)
    if loss is None:
        figures["skill"] = -math.inf
        return figures
    ratio = loss / prior
    figures["skill"] = _float(1 - ratio)
    residuals = [row.weight * (Fraction(row.loss) - ratio * surprise[row.label]) for row in rows]
    se = figures["skill_se"] = _standard_error(residuals, total * prior)
    effective = effective_rows([row.weight for row in rows])
    if se is not None and effective >= MIN_EFFECTIVE_ROWS:
        r = _float(ratio)
        width = _t(settings.confidence, effective) * se / r if r else 0.0
        figures["skill_low"] = 1 - r * _exp(width)
        figures["skill_high"] = 1 - r * math.exp(-width)
    return figures


def effective_rows(weights: Sequence[Fraction]) -> Fraction:
    """Return (Σa)²/Σa²: how many equal rows would carry as much information."""
    return sum(weights, Fraction()) ** 2 / sum((weight**2 for weight in weights), Fraction())


def _standard_error(residuals: list[Fraction], scale: Fraction) -> float | None:
    n = len(residuals)
    if n < 2:
        return None
    squares = sum((residual**2 for residual in residuals), Fraction())
    return math.sqrt(squares * Fraction(n, n - 1) / scale**2)


def _squared_error(row: _Row) -> Fraction:
    return sum(((p - (k == row.label)) ** 2 for k, p in enumerate(row.probabilities)), Fraction())


def _by_class(rows: list[_Row], settings: Settings) -> list[list[_Row]]:
    return [[row for row in rows if row.label == k] for k in range(settings.n_classes)]


def _loss_sum(rows: list[_Row]) -> Fraction | None:
    """Return Σ aℓ, or None where it is infinite (a `Fraction` cannot be)."""
    if any(row.loss == math.inf for row in rows):
        return None
    return sum((row.weight * Fraction(row.loss) for row in rows), Fraction())


def _mean_loss(rows: list[_Row]) -> Fraction | None:
    total = _loss_sum(rows)
    return None if total is None else total / sum((row.weight for row in rows), Fraction())


def _sum(values: Sequence[Fraction | None]) -> Fraction:
    return sum((value for value in values if value is not None), Fraction())


def _share(part: Fraction | None, whole: Fraction | None) -> float | None:
    """Return part/whole; None where it is undefined: 0/0 and ∞/∞."""
    if part is None or whole == 0:
        return None
    return 0.0 if whole is None else _float(part / whole)


def _minus_log_of_share(share: Fraction) -> float:
    """Return −ln of an exact share, accurately also where it is close to 1."""
    if share > Fraction(1, 2):
        return -math.log1p(-float(1 - share)) + 0.0
    return math.log(share.denominator) - math.log(share.numerator) if share < 1e-300 else -math.log(share)


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _float_or_inf(value: Fraction | None) -> float:
    return math.inf if value is None else _float(value)


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


# Units --------------------------------------------------------------------------------------------

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
)
CLASS_IN_UNIT = ("loss", "loss_se", "loss_low", "loss_high")


def _to_bits(figures: Figures, keys: Sequence[str]) -> None:
    for key in keys:
        value = figures[key]
        figures[key] = None if value is None else value / LN2


# Student's t --------------------------------------------------------------------------------------


def _t(confidence: float, effective: Fraction) -> float:
    return student_t_quantile((1 + confidence) / 2, float(effective - 1))


@cache
def student_t_quantile(probability: float, df: float) -> float:
    """Return the t that a Student variable with `df` ≥ 9 degrees of freedom stays below with `probability`.

    The density is integrated numerically and only up to a factor, so no gamma function is needed. The upper
    tail is a convex function of t ≥ 0, so Newton's method from 0 climbs to the root and never passes it.
    """
    if probability < 0.5:
        return -student_t_quantile(1 - probability, df)
    wanted = (1 - probability) * 2 * _t_tail(0.0, df)
    t = 0.0
    for _ in range(200):
        step = (_t_tail(t, df) - wanted) / _t_density(t, df)
        t += step
        if abs(step) <= 4e-16 * t:
            break
    return t


def _t_density(x: float, df: float) -> float:
    """Return the density of Student's t up to its constant factor: (1 + x²/df)^(−(df + 1)/2)."""
    return math.exp(-(df + 1) / 2 * math.log1p(x * x / df))


def _t_tail(start: float, df: float) -> float:
    """Return the integral of the density from `start` to infinity, by the exp-sinh rule.

    x = start + exp(π/2·sinh u) makes the integrand fall off doubly exponentially at both ends, where the
    trapezoidal rule converges to the last digits of float64.
    """
    step = 1 / 64
    terms = []
    for i in range(-5 * 64, 5 * 64 + 1):
        u = i * step
        distance = math.exp(math.pi / 2 * math.sinh(u))
        if distance < 1e100:  # beyond, nothing is left of a density that falls as x**-10
            slope = math.pi / 2 * math.cosh(u) * distance
            terms.append(_t_density(start + distance, df) * slope)
    return step * math.fsum(terms)


# Files --------------------------------------------------------------------------------------------


def read_pairs(
    predictions: Path, labels: Path, *, label: str = "label", weight: str | None = None, prefix: str = ""
) -> tuple[list[str], list[list[float]], list[int], list[float]]:
    """Return class names in class order, values per class, label indices and weights from two CSV files.

    Row i of one belongs to row i of the other. Every column of `predictions` is a class named by what follows
    `prefix`; columns are found by name, so their order in the file changes nothing.
    """
    with predictions.open(newline="", encoding="utf-8") as file:
        prediction_records = list(csv.DictReader(file))
    with labels.open(newline="", encoding="utf-8") as file:
        label_records = list(csv.DictReader(file))
    if len(prediction_records) != len(label_records):
        raise ValueError(f"{len(prediction_records)} predictions, {len(label_records)} labels")
    names = class_order([column.removeprefix(prefix) for column in prediction_records[0]])
    rows = [[float(record[prefix + name]) for name in names] for record in prediction_records]
    indices = [names.index(record[label]) for record in label_records]
    weights = [1.0 if weight is None else float(record[weight]) for record in label_records]
    return names, rows, indices, weights


def class_order(names: Sequence[str]) -> list[str]:
    """Return the names sorted as integers if all of them are, otherwise by their UTF-8 bytes."""
    try:
        return sorted(names, key=int)
    except ValueError:
        return sorted(names, key=lambda name: name.encode())
