"""The least loss of one constant prediction, and the skill that predictions have over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xentcli.numerics.dyadic import ZERO, Dyadic, ratio, root_of_ratio, total
from xentcli.numerics.intervals import around
from xentcli.state.moments import Moments

_LN2 = math.log(2.0)
_TWO = Dyadic(2)


@dataclass(frozen=True, slots=True)
class Smoothed:
    """How labels are changed before they are compared: class weights c (None: all 1) and the smoothing S."""

    class_weight: tuple[float, ...] | None = None
    smoothing: float = 0.0

    def c(self, k: int) -> Dyadic:
        """Return the weight of class k."""
        return Dyadic(1) if self.class_weight is None else Dyadic.of(self.class_weight[k])


@dataclass(frozen=True, slots=True)
class Plain:
    """Sums without class weights, by class: u = Σw·y, u2 = Σ(w·y)², ub = Σw·y·(what is charged)."""

    u: tuple[Dyadic, ...]
    u2: tuple[Dyadic, ...]
    ub: tuple[Dyadic, ...]

    @classmethod
    def of(cls, moments: Sequence[Moments]) -> Plain:
        """Return what moments say where classes have no weights."""
        a, a2, s1 = (tuple(getattr(part, name) for part in moments) for name in ("a", "a2", "s1"))
        return cls(a, a2, s1)


@dataclass(frozen=True, slots=True)
class Prior:
    """entropy: −Σ V_k·ln(V_k/ΣV) / Σa in nats. costs: −ln(V_k/ΣV) of each class."""

    entropy: float | None
    costs: tuple[float, ...]

    @classmethod
    def of(cls, plain: Plain, weight: Dyadic, a: Dyadic, how: Smoothed) -> Prior:
        """Return the prior of labels; V_k = Σ w·c_k·((1−S)·y_k + S/K), `weight` = Σw, `a` = Σa.

        V is taken K times, as S/K need not be a float64.
        """
        parts, k = list(plain.u), len(plain.u)
        scale = Dyadic(1)
        if how.smoothing:
            rest, s = Dyadic(1) - Dyadic.of(how.smoothing), Dyadic.of(how.smoothing)
            scale = Dyadic(k)
            parts = [rest * scale * u + s * weight for u in plain.u]
        if how.class_weight is not None:
            parts = [part * how.c(at) for at, part in enumerate(parts)]
        everything = total(parts)
        shares = [ratio(part, everything) or 0.0 for part in parts]
        costs = tuple(_cost(part, everything, share) for part, share in zip(parts, shares, strict=True))
        if not everything or not a:
            return cls(None, costs)
        entropy = math.fsum(share * cost for share, cost in zip(shares, costs, strict=True) if share > 0.0)
        return cls(entropy * (ratio(everything, scale * a) or 0.0), costs)

    def charges(self, how: Smoothed) -> list[Dyadic]:
        """Return what the prior is charged for a row of each class: (1−S)·c_k·h_k + (S/K)·Σ_j c_j·h_j."""
        c = how.class_weight or (1.0,) * len(self.costs)
        each = [
            weight * cost if weight > 0.0 and math.isfinite(cost) else 0.0
            for weight, cost in zip(c, self.costs, strict=True)
        ]
        if not how.smoothing:
            return [Dyadic.of(cost) for cost in each]
        spread = how.smoothing / len(each) * math.fsum(each)
        return [Dyadic.of((1.0 - how.smoothing) * cost + spread) for cost in each]


NO_PRIOR = Prior(None, ())


def _cost(weight: Dyadic, everything: Dyadic, share: float) -> float:
    """Return −ln(weight/everything), by log1p of what the others have where that is the smaller part."""
    if not weight:
        return math.inf
    if share < 1e-300:
        # The quotient may be below float64; the logarithm of a long integer is not.
        return math.log(everything.n) - math.log(weight.n) + (everything.e - weight.e) * _LN2
    return -math.log(share) if share < 0.5 else 0.0 - math.log1p(-(ratio(everything - weight, everything) or 0.0))


@dataclass(frozen=True, slots=True)
class Skill:
    """1 − loss/prior_entropy, its standard error and interval."""

    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Mixing:
    """How classes are mixed in rows whose labels are distributions: Σu_j·u_k and Σu_k·B."""

    pairs: Sequence[Sequence[Dyadic]]
    charged: Sequence[Dyadic]


def spread_of(rows: Moments, plain: Plain, charges: Sequence[Dyadic], r: Dyadic, mixing: Mixing | None) -> Dyadic:
    """Return Σ(B − r·B0)² over rows, with B what a row is charged and B0 = Σ_k u_k·H_k what the prior is, exactly."""
    cross, square = ZERO, ZERO
    if mixing is None:
        cross = total([h * ub for h, ub in zip(charges, plain.ub, strict=True)])
        square = total([h * h * u2 for h, u2 in zip(charges, plain.u2, strict=True)])
    else:
        cross = total([h * ub for h, ub in zip(charges, mixing.charged, strict=True)])
        pairs = enumerate(mixing.pairs)
        square = total([charges[j] * charges[k] * pair for j, row in pairs for k, pair in enumerate(row)])
    return rows.s2 - _TWO * r * cross + r * r * square


def skill_of(loss: float | None, prior: Prior, rows: Moments, spread: Dyadic | None, t: float | None) -> Skill:
    """Return the skill and its error, by the delta method: a row moves it by −(B − R·B0)/(Σa·prior), R = loss/prior.

    The prior is estimated from the same rows. The interval is on the log scale of R, so that it never passes 1. None if
    one class occurs; spread: Σ(B − R·B0)², None where it is not known.
    """
    if loss is None or not prior.entropy:
        return Skill()
    if math.isinf(loss):
        return Skill(-math.inf)
    r = loss / prior.entropy
    value = 1.0 - r
    if math.isinf(value):
        return Skill()
    bottom = rows.a * Dyadic.of(prior.entropy)
    error = None
    if spread is not None:
        error = root_of_ratio(spread * rows.n, bottom * bottom * (rows.n - Dyadic(1)))
    low, high = around(r, error, t)
    return Skill(value, error, None if high is None else 1.0 - high, None if low is None else 1.0 - low)
