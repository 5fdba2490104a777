"""The figures of slices: each as if it were all there is, and against the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xentcli.numerics.dyadic import Dyadic, ratio, total
from xentcli.numerics.student_t import t_quantile, tail
from xentcli.results.figures import ClassResult, Later, SliceResult
from xentcli.state.base import View
from xentcli.state.eval_state import EvalState
from xentcli.state.moments import Moments
from xentcli.state.slice_views import Cut, Slice, sort_slices
from xentcli.summary.figures import Basis, Sums, by_class, overall
from xentcli.summary.skill import Smoothed

_FEWEST = 10.0


def slice_results(
    state: EvalState, cut: Cut, whole: Sums, basis: Basis, classes: Sequence[ClassResult]
) -> tuple[SliceResult, ...]:
    """Return the figures of every slice, sorted by their values, missing ones last.

    state: with slices; whole: the same added up; classes: the figures of the whole by class.
    """
    # Without labels there is one class that has no name.
    class_losses = {entry.class_: part for entry, part in zip(classes, whole.classes, strict=False)}
    results = []
    for one, (view, here) in zip(cut.slices, cut.parts(), strict=True):
        weights, here_basis = basis.how.class_weight, basis
        if weights is not None:
            weights = tuple(weights[cut.order.index(number)] for number in here)
            here_basis = replace(basis, how=Smoothed(weights, basis.how.smoothing))
        names = [cut.classes[number] for number in here] if cut.classes else []
        part = _Part(state, view, names, here_basis)
        results.append(_result(one, cut.columns, part, whole, class_losses))
    results = [results[at] for at in sort_slices(cut.slices)]
    return _adjusted(results)


@dataclass(frozen=True, slots=True)
class _Part:
    """A slice of a state. Its sums are made anew for its classes, if those are shown: kept, they take 20 kB a slice."""

    state: EvalState
    view: View
    names: Sequence[str]
    basis: Basis

    def sums(self) -> Sums:
        """Return its sums."""
        return Sums.of(self.state.view(self.view), self.basis)

    def classes(self) -> tuple[ClassResult, ...]:
        """Return the figures of the classes that it has rows of."""
        return tuple(entry for entry in by_class(self.sums(), self.names, self.basis) if entry.rows)


def _result(
    one: Slice, columns: Sequence[str], part: _Part, whole: Sums, class_losses: dict[str, Moments]
) -> SliceResult:
    sums, names, scale = part.sums(), part.names, part.basis.scale
    figures = overall(sums, part.basis)
    delta, error, freedom = _against_rest(sums, whole)
    low = high = p = None
    if delta is not None and error is not None and freedom is not None:
        reach = t_quantile(scale.confidence, freedom) * error
        low, high = delta - reach, delta + reach
        p = _p_value(delta, error, freedom)
    return SliceResult(
        by=dict(zip(columns, one.values, strict=True)),
        weight_share=ratio(sums.whole.a, whole.whole.a),
        loss_share=None if whole.whole.infinite or not sums.whole.a else ratio(sums.whole.s, whole.whole.s),
        class_mix=scale.of(_class_mix(sums, names, whole, class_losses)),
        delta_rest=scale.of(delta),
        delta_rest_se=scale.of(error),
        delta_rest_low=scale.of(low),
        delta_rest_high=scale.of(high),
        p_value=p,
        p_adjusted=None,
        overall=figures,
        classes=Later(part.classes) if names else (),
    )


def _class_mix(sums: Sums, names: Sequence[str], whole: Sums, class_losses: dict[str, Moments]) -> float | None:
    """Return Σ_k (the slice's share of class k × the whole's loss of class k) − the whole's loss.

    What harder classes alone explain: the slice's loss less the whole's, if each class cost what it costs everywhere.
    """
    if not names or not sums.whole.a or whole.whole.infinite:
        return None
    parts = []
    for name, part in zip(names, sums.classes, strict=True):
        share, loss = ratio(part.a, sums.whole.a), class_losses[name].mean()
        parts.append(Dyadic.of((share or 0.0) * (loss or 0.0)))
    expected, mean = ratio(total(parts), Dyadic(1)), whole.whole.mean()
    return None if expected is None or mean is None else expected - mean


def _against_rest(sums: Sums, whole: Sums) -> tuple[float | None, float | None, float | None]:
    """Return the slice's loss less that of the rest, its standard error and Welch's degrees of freedom.

    The two have no row in common, so variances add. None where either has no rows or both are infinite; the error where
    either has one row; the degrees of freedom where either has under 10 effective rows. Infinite if one of them is.
    """
    mine, rest = sums.whole, whole.whole.less(sums.whole)
    if not mine.a or not rest.a or (mine.infinite and rest.infinite):
        return None, None, None
    if mine.infinite or rest.infinite:
        return math.inf if mine.infinite else -math.inf, None, None
    delta = ratio(mine.s * rest.a - rest.s * mine.a, mine.a * rest.a)
    rows = (sums.rows, whole.rows.less(sums.rows))
    errors, sizes = [part.standard_error() for part in rows], [part.effective_rows() for part in rows]
    if None in errors:
        return delta, None, None
    variances = [(error or 0.0) ** 2 for error in errors]
    error = math.hypot(*(error or 0.0 for error in errors))
    if any(size is None or size < _FEWEST for size in sizes):
        return delta, error, None
    if not error:
        return delta, 0.0, min(size or 0.0 for size in sizes) - 1.0
    shares = [variance / error**2 for variance in variances]
    freedom = 1.0 / sum(share**2 / ((size or 0.0) - 1.0) for share, size in zip(shares, sizes, strict=True))
    return delta, error, freedom


def _p_value(delta: float, error: float, freedom: float) -> float:
    """Return the two-sided p of a difference: how often chance alone would show one as large."""
    if not error:
        return 1.0 if not delta else 0.0
    return tail(abs(delta) / error, freedom)


def _adjusted(results: Sequence[SliceResult]) -> tuple[SliceResult, ...]:
    """Return the slices with p adjusted for the number of comparisons (Holm 1979), over those that have a p."""
    ranked = sorted((p, at) for at, result in enumerate(results) if (p := result.p_value) is not None)
    adjusted, highest = dict[int, float](), 0.0
    for rank, (p, at) in enumerate(ranked):
        highest = max(highest, min(1.0, p * (len(ranked) - rank)))
        adjusted[at] = highest
    return tuple(replace(result, p_adjusted=adjusted.get(at)) for at, result in enumerate(results))
