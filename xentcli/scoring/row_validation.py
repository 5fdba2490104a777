"""Whether the rows of a batch are valid: every cell, every sum, every weight; what is not is the lowest row's error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xentcli.errors import DataError
from xentcli.numerics.class_axis import SNAP, SUM_ROUNDING, max_over_classes, sum_over_classes
from xentcli.numerics.column_matrix import floats_of
from xentcli.scoring import value_ranges as validity
from xentcli.scoring.batch import Batch, Probe
from xentcli.scoring.rejections import Cells, why_invalid, why_no_distribution, why_sum
from xentcli.scoring.score_plan import ScorePlan
from xentcli.spec.choices import InputKind, WeightKind

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_CHECKS: dict[InputKind, Callable[[Floats, Floats | None], tuple[Floats, Mask | None, Mask | None]]] = {
    InputKind.PROBS: validity.check_probabilities,
    InputKind.LOGITS: validity.check_logits,
    InputKind.LOGPROBS: validity.check_logprobs,
    InputKind.LABEL_PROBS: validity.check_probabilities,
    InputKind.LABEL_LOGPROBS: validity.check_logprobs,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a batch, with their numbers as float64.

    sums, top: (n,) the sum of the probabilities of each row, and the largest prediction, where validation has them.
    class_weight: (n_classes,) or None.
    """

    rows: NDArray[np.int64]
    label_rows: NDArray[np.int64]
    identity: NDArray[np.uint64] | None
    matrix: Floats
    labels: NDArray[np.intp]
    targets: Floats | None
    weight: Floats | None
    per: Floats | None
    slices: NDArray[np.intp] | None
    cells: NDArray[np.intp] | None
    underflows: NDArray[np.int64] | None
    sums: Floats | None = None
    top: Floats | None = None
    class_weight: Floats | None = None

    @classmethod
    def of(cls, batch: Batch, start: int, stop: int) -> Rows:
        """Return rows start to stop of a batch."""
        cut = slice(start, stop)
        rows = batch.rows[cut]
        underflows = None
        if len(batch.snapped):
            inside = (batch.snapped >= start) & (batch.snapped < stop)
            underflows = np.bincount(batch.snapped[inside] - start, minlength=len(rows))
        return cls(
            rows,
            rows if batch.label_rows is None else batch.label_rows[cut],
            None if batch.identity is None else batch.identity[cut],
            floats_of(batch.columns, cut),
            batch.labels[cut],
            None if batch.targets is None else floats_of(batch.targets, cut),
            None if batch.weight is None else batch.weight[cut].astype(np.float64),
            None if batch.per is None else batch.per[cut].astype(np.float64),
            None if batch.slices is None else batch.slices[cut],
            None if batch.cells is None else batch.cells[cut],
            underflows,
            class_weight=batch.class_weight,
        )

    def kept(self, keep: Mask) -> Rows:
        """Return the rows to keep."""
        return Rows(
            self.rows[keep],
            self.label_rows[keep],
            None if self.identity is None else self.identity[keep],
            np.asfortranarray(self.matrix[keep]),
            self.labels[keep],
            None if self.targets is None else np.asfortranarray(self.targets[keep]),
            None if self.weight is None else self.weight[keep],
            None if self.per is None else self.per[keep],
            None if self.slices is None else self.slices[keep],
            None if self.cells is None else self.cells[keep],
            None if self.underflows is None else self.underflows[keep],
            None if self.sums is None else self.sums[keep],
            None if self.top is None else self.top[keep],
            self.class_weight,
        )


def validated(part: Rows, plan: ScorePlan, probe: Probe) -> tuple[Rows, Mask | None]:
    """Return the rows with near misses snapped, and which cells were; raise DataError for the first bad row."""
    top = max_over_classes(part.matrix) if part.matrix.shape[1] > 1 else None
    checked, snapped, invalid = _CHECKS[plan.spec.input](part.matrix, top)
    found = [*_bad_cells(part, invalid, plan), *bad_numbers(part, plan)]
    if part.targets is not None and plan.targets is not None:
        found += bad_targets(part.targets, part.label_rows, plan.targets, part.rows)
    if found:
        first = min(error.order for error in found)[0]
        good = int(np.searchsorted(part.rows, first))
        found += _sums(checked[:good], part.rows, plan)[1]
        # A sum over all predictions comes after their cells and before LABELS.
        if min(error.order for error in found)[1] == 1 and probe is not Probe.CELLS:
            found += _sums(checked[good : good + 1], part.rows[good:], plan)[1]
        raise min(found, key=lambda error: error.order)
    sums, wrong = (None, []) if probe is Probe.CELLS else _sums(checked, part.rows, plan)
    if wrong:
        raise wrong[0]
    return replace(part, matrix=checked, sums=sums, top=top if snapped is None else None), snapped


def _bad_cells(part: Rows, invalid: Mask | None, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for each bad cell of the first row that has one."""
    if invalid is None:
        return
    at = int(np.argmax(invalid.any(axis=1)))
    for k in np.flatnonzero(invalid[at]):
        value = float(part.matrix[at, k])
        problem, hint = why_invalid(value, plan.spec.input)
        error = plan.predictions.error(problem, int(part.rows[at]), int(k), hint)
        error.value = value
        yield error


def bad_numbers(part: Rows, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first invalid weight, and the first invalid number of --per."""
    if part.weight is not None and plan.weight is not None:
        if plan.spec.columns.weight_kind is WeightKind.COUNT:
            check, what = validity.invalid_counts, ("count", "counts are whole numbers, 0 or more")
        else:
            check, what = validity.invalid_weights, ("weight", "weights are finite and not negative")
        yield from _first_bad(part, part.weight, check(part.weight), plan.weight, what)
        yield from _beyond_float64(part, plan)
    if part.per is not None and plan.per is not None:
        what = ("number of units", "those of --per are finite and not negative")
        yield from _first_bad(part, part.per, validity.invalid_weights(part.per), plan.per, what)


def _beyond_float64(part: Rows, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first weight that leaves float64 with the weight of its class."""
    if part.class_weight is None or part.weight is None or plan.weight is None:
        return
    if part.targets is None:
        both = part.class_weight[np.maximum(part.labels, 0)]
    else:
        both = np.where(part.targets > 0.0, part.class_weight, 0.0).max(axis=1)
    with np.errstate(over="ignore", under="ignore"):
        product = part.weight * both
    lost = (
        (part.labels >= 0)
        & (part.weight < np.inf)
        & ((product == np.inf) | ((product == 0.0) & (part.weight > 0.0) & (both > 0.0)))
    )
    what = ("weight", "times the weight of its class it leaves float64")
    yield from _first_bad(part, part.weight, lost if lost.any() else None, plan.weight, what)


def _first_bad(
    part: Rows, values: Floats, invalid: Mask | None, cells: Cells, what: tuple[str, str]
) -> Iterator[DataError]:
    if invalid is not None:
        at = int(np.argmax(invalid))
        problem = f"the {what[0]} is {float(values[at])!r}; {what[1]}"
        yield cells.error(
            problem, int(part.label_rows[at]) if cells.side else int(part.rows[at]), 0, row=int(part.rows[at])
        )


def bad_targets(
    targets: Floats, label_rows: NDArray[np.int64], cells: Cells, rows: NDArray[np.int64]
) -> Iterator[DataError]:
    """Yield an error for the first row whose label is no distribution: a bad part, or a sum that is not 1."""
    invalid = ~((targets >= 0.0) & (targets <= 1.0 + SNAP))
    sums = sum_over_classes(targets)
    wrong = invalid.any(axis=1) | ~(np.abs(sums - 1.0) <= SNAP + SUM_ROUNDING)
    if not wrong.any():
        return
    at = int(np.argmax(wrong))
    k = int(np.argmax(invalid[at])) if invalid[at].any() else None
    problem, hint = why_no_distribution(targets[at], k)
    yield cells.error(problem, int(label_rows[at]), k, hint, row=int(rows[at]))


def _sums(matrix: Floats, row: NDArray[np.int64], plan: ScorePlan) -> tuple[Floats | None, list[DataError]]:
    """Return the sums of the rows' probabilities, None where none are taken, and an error for the first row whose sum
    is not 1, or whose logits are all -inf.
    """
    if not len(matrix) or matrix.shape[1] == 1:
        return None, []
    spec = plan.spec
    if spec.input is InputKind.LOGITS:
        return None, _masked(matrix, row, plan)
    sums = sum_over_classes(matrix if spec.input is InputKind.PROBS else np.exp(matrix))
    most = spec.tolerance + SUM_ROUNDING
    # Far below 0 the sum of log-probabilities rounds to 0 while it has a value.
    if sums.min() > 0.0 and (spec.renormalize or (1.0 - sums.min() <= most and sums.max() - 1.0 <= most)):
        return sums, []
    nothing = sums == 0.0 if spec.input is InputKind.PROBS else max_over_classes(matrix) == -np.inf
    bad = nothing if spec.renormalize else nothing | (np.abs(sums - 1.0) > most)
    if not bad.any():
        return sums, []
    at = int(np.argmax(bad))
    problem, hint = why_sum(float(sums[at]), matrix.shape[1], spec)
    error = plan.predictions.error(problem, int(row[at]), None, hint)
    # Of a row without any probability no option makes one.
    error.of_sum = float(sums[at]) > 0.0
    return sums, [error]


def _masked(matrix: Floats, row: NDArray[np.int64], plan: ScorePlan) -> list[DataError]:
    if matrix.min() > -np.inf:
        return []
    empty = max_over_classes(matrix) == -np.inf
    if not empty.any():
        return []
    at = int(row[int(np.argmax(empty))])
    return [plan.predictions.error("all logits are -inf: no class is possible", at, None)]
