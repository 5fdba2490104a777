"""One batch validated and scored: every cell is checked, then the row losses go into the state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xentcli import loss, validity
from xentcli.batch import Batch, Left, Probe, ScoredRows
from xentcli.errors import DataError
from xentcli.held import HeldColumns
from xentcli.kinds import InputKind, WeightKind
from xentcli.loss import SUM_ROUNDING, RowLosses
from xentcli.refusals import Cells, why_invalid, why_no_distribution, why_sum
from xentcli.spec import EvalSpec
from xentcli.state.clipping import other_clip
from xentcli.state.evaluation import EvalState
from xentcli.state.rows import row_identity, splitmix
from xentcli.terms import Charged, Charging, Labelled, charge, charge_label

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# One slice of rows and its temporaries should stay in the second-level cache: 2^17 cells are 1 MiB.
_CELLS = 1 << 17
_MOST_ROWS, _LEAST_ROWS = 1 << 13, 1 << 4
_CHECKS: dict[InputKind, Callable[[Floats], tuple[Floats, Mask | None, Mask | None]]] = {
    InputKind.PROBS: validity.check_probabilities,
    InputKind.LOGITS: validity.check_logits,
    InputKind.LOGPROBS: validity.check_logprobs,
    InputKind.LABEL_PROBS: validity.check_probabilities,
    InputKind.LABEL_LOGPROBS: validity.check_logprobs,
}


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What does not change from batch to batch.

    predictions: the prediction cells in class order (one for two classes). weight, per, targets: where they come from.
    class_weight: (n_classes,) or None. hashes: (n_classes,) of the classes' labels. counts: how many slices, and cells
    where they are not slice·K + class, there are so far.
    """

    spec: EvalSpec
    predictions: Cells
    weight: Cells | None
    per: Cells | None
    targets: Cells | None
    n_classes: int
    hashes: NDArray[np.uint64]
    class_weight: Floats | None = None
    counts: tuple[int, int] = (1, 0)

    @property
    def charging(self) -> Charging:
        """Return how losses are charged."""
        clip = self.spec.clip
        coarse = None if clip is None else other_clip(clip)
        return Charging(clip, coarse, self.class_weight, self.spec.label_smoothing)


def score(batch: Batch, plan: ScorePlan, state: EvalState) -> None:
    """Validate and score a batch, slice by slice, into `state`.

    Raises DataError for the first row, and in it the first column, that is not valid.
    """
    rows_at_once = max(_LEAST_ROWS, min(_MOST_ROWS, _CELLS // max(1, len(batch.columns))))
    # Rows that are left out are counted before any is added.
    state.rows.make_room(plan.n_classes, *plan.counts)
    for start in range(0, len(batch), rows_at_once):
        part = _Slice.of(batch, start, min(start + rows_at_once, len(batch)))
        if batch.probe is not Probe.NO:
            _validated(part, plan, batch.probe)
            continue
        _score_slice(part, plan, state)


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some rows of a batch, with their numbers as float64."""

    rows: NDArray[np.int64]
    label_rows: NDArray[np.int64]
    identity: NDArray[np.uint64]
    matrix: Floats
    labels: NDArray[np.intp]
    targets: Floats | None
    weight: Floats | None
    per: Floats | None
    slices: NDArray[np.intp] | None
    cells: NDArray[np.intp] | None
    underflows: NDArray[np.int64]

    @classmethod
    def of(cls, batch: Batch, start: int, stop: int) -> _Slice:
        """Return rows start to stop of a batch."""
        cut = slice(start, stop)
        rows = batch.rows[cut]
        underflows = np.bincount(batch.snapped[(batch.snapped >= start) & (batch.snapped < stop)] - start)
        return cls(
            rows,
            rows if batch.label_rows is None else batch.label_rows[cut],
            row_identity(rows) if batch.identity is None else batch.identity[cut],
            _matrix(batch.columns, cut),
            batch.labels[cut],
            None if batch.targets is None else _matrix(batch.targets, cut),
            None if batch.weight is None else batch.weight[cut].astype(np.float64),
            None if batch.per is None else batch.per[cut].astype(np.float64),
            None if batch.slices is None else batch.slices[cut],
            None if batch.cells is None else batch.cells[cut],
            np.concatenate([underflows, np.zeros(len(rows) - len(underflows), dtype=np.int64)]),
        )

    def kept(self, keep: Mask) -> _Slice:
        """Return the rows to keep."""
        return _Slice(
            self.rows[keep],
            self.label_rows[keep],
            self.identity[keep],
            np.asfortranarray(self.matrix[keep]),
            self.labels[keep],
            None if self.targets is None else np.asfortranarray(self.targets[keep]),
            None if self.weight is None else self.weight[keep],
            None if self.per is None else self.per[keep],
            None if self.slices is None else self.slices[keep],
            None if self.cells is None else self.cells[keep],
            self.underflows[keep],
        )


def _matrix(columns: tuple[NDArray[np.generic], ...], cut: slice) -> Floats:
    matrix = np.empty((cut.stop - cut.start, len(columns)), order="F")
    for k, column in enumerate(columns):
        matrix[:, k] = column[cut]
    return matrix


def _score_slice(part: _Slice, plan: ScorePlan, state: EvalState) -> None:
    checked, snapped = _validated(part, plan, Probe.NO)
    part = replace(part, matrix=checked)
    keep = _kept(part, plan, state)
    if keep is not None:
        part = part.kept(keep)
        snapped = None if snapped is None else snapped[keep]
    if not len(part.rows):
        return
    _count_snapped(part, snapped, state)
    state.update(_scored(part, plan, state))


def _kept(part: _Slice, plan: ScorePlan, state: EvalState) -> Mask | None:
    """Return which rows enter the figures, None for all; the others are counted by why they do not."""
    counts = state.rows
    keep = np.ones(len(part.rows), dtype=np.bool_)
    if part.labels.min() < 0:
        for name, why in (("dropped", Left.MISSING), ("ignored", Left.IGNORED)):
            counts.count(name, (part.labels == why).astype(np.bool_), part.slices)
        counts.unmatched += int((part.labels == Left.UNMATCHED).sum())
        keep = part.labels >= 0
    idle = None if part.weight is None else part.weight == 0.0
    if plan.class_weight is not None:
        if part.targets is None:
            weightless = plan.class_weight[np.maximum(part.labels, 0)] == 0.0
        else:
            weightless = ~((part.targets > 0.0) & (plan.class_weight > 0.0)).any(axis=1)
        idle = weightless if idle is None else idle | weightless
    if idle is not None:
        counts.count("zero_weight", idle & keep, part.slices)
        keep = keep & ~idle
    return None if keep.all() else keep


def _count_snapped(part: _Slice, snapped: Mask | None, state: EvalState) -> None:
    """Count the values of scored rows that were moved to the nearest allowed one, or that float64 rounds to 0."""
    times = part.underflows if snapped is None else part.underflows + snapped.sum(axis=1)
    if times.any():
        state.rows.count("snapped", times, part.slices)
        state.rows.first_snapped = state.rows.first_snapped.including(part.rows[times > 0])


def _scored(part: _Slice, plan: ScorePlan, state: EvalState) -> ScoredRows:
    counted = plan.spec.columns.weight_kind is WeightKind.COUNT
    cell = part.cells
    if cell is None:
        cell = part.labels if part.slices is None else part.slices * plan.n_classes + part.labels
    by = Labelled(part.labels, part.targets, cell, part.slices, part.weight, counted)
    rows: RowLosses | None = None
    if plan.spec.input.label_only:
        logarithms = plan.spec.input is InputKind.LABEL_LOGPROBS
        given = loss.label_probability_losses(np.ascontiguousarray(part.matrix[:, 0]), logarithms)
        charged = charge_label(*given, by, plan.charging)
    else:
        rows = _losses(part.matrix, part.labels, plan.spec)
        charged = charge(rows, by, plan.charging)
        if plan.spec.renormalize and rows.sums is not None:
            state.rows.count("renormalized", rows.sums != 1.0, part.slices)
    return _with(part, plan, charged, rows, by)


def _with(part: _Slice, plan: ScorePlan, charged: Charged, rows: RowLosses | None, by: Labelled) -> ScoredRows:
    """Return the rows with everything that states ask of them."""
    return ScoredRows(
        n_classes=plan.n_classes,
        rows=part.rows,
        identity=part.identity,
        label_hash=_label_hashes(part, plan.hashes),
        weight=by.importance,
        count=part.weight if by.counted else None,
        terms=charged.terms,
        totals=charged.totals,
        entropy=charged.entropy,
        probabilities=None if rows is None else rows.probabilities,
        ranking=None if rows is None else rows.ranking,
        squared_error=None if rows is None else loss.squared_error(rows, part.labels, part.targets),
        sums=None if rows is None else rows.sums,
        log_sums=None if rows is None else rows.log_sums,
        clipped=charged.clipped,
        per=part.per,
        slices=part.slices,
        n_slices=plan.counts[0],
        n_cells=plan.counts[1],
    )


def _label_hashes(part: _Slice, hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a hash of each row's label; of a distribution that is one class it is that of the class."""
    if part.targets is None:
        return hashes[part.labels]
    with np.errstate(over="ignore"):
        parts = np.where(part.targets == 1.0, hashes, splitmix(hashes ^ part.targets.view(np.uint64)))
        mixed: NDArray[np.uint64] = np.where(part.targets > 0.0, parts, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return mixed


def _losses(matrix: Floats, labels: NDArray[np.intp], spec: EvalSpec) -> RowLosses:
    """Return the row losses of valid predictions, by the kind of input and the number of columns."""
    if matrix.shape[1] == 1:
        one = {
            InputKind.PROBS: loss.from_probability,
            InputKind.LOGITS: loss.from_logit,
            InputKind.LOGPROBS: loss.from_logprob,
        }
        return one[spec.input](np.ascontiguousarray(matrix[:, 0]), labels)
    if spec.input is InputKind.LOGITS:
        return loss.from_logits(matrix, labels)
    many = loss.from_probabilities if spec.input is InputKind.PROBS else loss.from_logprobs
    return many(matrix, labels, spec.renormalize)


def _validated(part: _Slice, plan: ScorePlan, probe: Probe) -> tuple[Floats, Mask | None]:
    """Return the predictions with near misses snapped, and which were; raise DataError for the first bad row."""
    checked, snapped, invalid = _CHECKS[plan.spec.input](part.matrix)
    found = [*_bad_cells(part, invalid, plan), *_bad_numbers(part, plan)]
    if part.targets is not None and plan.targets is not None:
        found += bad_targets(part.targets, part.label_rows, plan.targets, part.rows)
    if found:
        first = min(error.order for error in found)[0]
        good = int(np.searchsorted(part.rows, first))
        found += _bad_rows(checked[:good], part.rows, plan)
        # A sum over all predictions comes after their cells and before LABELS.
        if min(error.order for error in found)[1] == 1 and probe is not Probe.CELLS:
            found += _bad_rows(checked[good : good + 1], part.rows[good:], plan)
        raise min(found, key=lambda error: error.order)
    if probe is not Probe.CELLS:
        for error in _bad_rows(checked, part.rows, plan):
            raise error
    return checked, snapped


def _bad_cells(part: _Slice, invalid: Mask | None, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for each bad cell of the first row that has one."""
    if invalid is None:
        return
    at = int(np.argmax(invalid.any(axis=1)))
    for k in np.flatnonzero(invalid[at]):
        problem, hint = why_invalid(float(part.matrix[at, k]), plan.spec.input)
        yield plan.predictions.error(problem, int(part.rows[at]), int(k), hint)


def _bad_numbers(part: _Slice, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first invalid weight, and the first invalid number of --per."""
    if part.weight is not None and plan.weight is not None:
        if plan.spec.columns.weight_kind is WeightKind.COUNT:
            check, what = validity.invalid_counts, ("count", "counts are whole numbers, 0 or more")
        else:
            check, what = validity.invalid_weights, ("weight", "weights are finite and not negative")
        yield from _first_bad(part, part.weight, check(part.weight), plan.weight, what)
    if part.per is not None and plan.per is not None:
        what = ("number of units", "those of --per are finite and not negative")
        yield from _first_bad(part, part.per, validity.invalid_weights(part.per), plan.per, what)


def _first_bad(
    part: _Slice, values: Floats, invalid: Mask | None, cells: Cells, what: tuple[str, str]
) -> Iterator[DataError]:
    if invalid is not None:
        at = int(np.argmax(invalid))
        problem = f"the {what[0]} is {float(values[at])!r}; {what[1]}"
        yield cells.error(
            problem, int(part.label_rows[at]) if cells.source.side else int(part.rows[at]), 0, row=int(part.rows[at])
        )


def bad_targets(
    targets: Floats, label_rows: NDArray[np.int64], cells: Cells, rows: NDArray[np.int64]
) -> Iterator[DataError]:
    """Yield an error for the first row whose label is no distribution: a bad part, or a sum that is not 1."""
    if not len(targets):
        return
    invalid = ~((targets >= 0.0) & (targets <= 1.0 + loss.SNAP))
    sums = loss.sum_over_classes(targets)
    wrong = invalid.any(axis=1) | ~(np.abs(sums - 1.0) <= loss.SNAP + SUM_ROUNDING)
    if not wrong.any():
        return
    at = int(np.argmax(wrong))
    k = int(np.argmax(invalid[at])) if invalid[at].any() else None
    problem, hint = why_no_distribution(targets[at], k)
    yield cells.error(problem, int(label_rows[at]), k, hint, row=int(rows[at]))


def refuse_bad_labels(plan: ScorePlan, held: HeldColumns) -> list[DataError]:
    """Return what is wrong with the numbers of LABELS that are held in memory: weights, units, distributions."""
    found: list[DataError] = []
    rows = np.arange(held.rows, dtype=np.int64)
    here = [cells if cells is not None and cells.source.side == 1 else None for cells in (plan.weight, plan.per)]
    numbers = [None if cells is None else held.number(cells.names[0]).astype(np.float64) for cells in here]
    nothing = np.zeros((held.rows, 1), order="F")
    part = _Slice(rows, rows, rows.view(np.uint64), nothing, rows, None, numbers[0], numbers[1], None, None, rows)
    found += _bad_numbers(part, plan)
    if plan.targets is not None and plan.targets.source.side == 1:
        names = plan.targets.names
        matrix = held.number(names[0]) if plan.targets.is_list else np.stack([held.number(n) for n in names], axis=1)
        found += bad_targets(np.asfortranarray(matrix.astype(np.float64)), rows, plan.targets, rows)
    return found


def _bad_rows(matrix: Floats, row: NDArray[np.int64], plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first row whose probabilities do not sum to 1, or whose logits are all -inf."""
    if not len(matrix):
        return
    spec = plan.spec
    if spec.input is InputKind.LOGITS:
        if matrix.shape[1] > 1 and matrix.min() == -np.inf:
            empty = loss.max_over_classes(matrix) == -np.inf
            if empty.any():
                at = int(row[int(np.argmax(empty))])
                yield plan.predictions.error("all logits are -inf: no class is possible", at, None)
        return
    if matrix.shape[1] == 1:
        return
    sums = loss.sum_over_classes(matrix if spec.input is InputKind.PROBS else np.exp(matrix))
    nothing = sums == 0.0 if spec.input is InputKind.PROBS else loss.max_over_classes(matrix) == -np.inf
    bad = nothing if spec.renormalize else nothing | (np.abs(sums - 1.0) > spec.tolerance + SUM_ROUNDING)
    if bad.any():
        at = int(np.argmax(bad))
        problem, hint = why_sum(float(sums[at]), matrix[at], spec)
        yield plan.predictions.error(problem, int(row[at]), None, hint)
