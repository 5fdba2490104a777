"""One batch validated and scored: every cell is checked, then the row losses go into the state."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from xentcli import loss, validity
from xentcli.batch import Batch, Probe, ScoredRows
from xentcli.errors import DataError
from xentcli.kinds import InputKind
from xentcli.loss import SNAP, SUM_ROUNDING, RowLosses
from xentcli.sources.base import Source, error_at
from xentcli.spec import EvalSpec
from xentcli.state.evaluation import EvalState
from xentcli.text import count

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# One slice of rows and its temporaries should stay in the second-level cache: 2^17 cells are 1 MiB.
_CELLS = 1 << 17
_MOST_ROWS, _LEAST_ROWS = 1 << 13, 1 << 4
_CHECKS: dict[InputKind, Callable[[Floats], tuple[Floats, Mask | None, Mask | None]]] = {
    InputKind.PROBS: validity.check_probabilities,
    InputKind.LOGITS: validity.check_logits,
    InputKind.LOGPROBS: validity.check_logprobs,
}


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What does not change from batch to batch.

    columns: the prediction columns in class order (one for two classes). weight: the source and the column of the
    weight.
    """

    spec: EvalSpec
    clip: float | None
    predictions: Source
    columns: tuple[str, ...]
    weight: tuple[Source, str] | None
    n_classes: int


def score(batch: Batch, hashes: NDArray[np.uint64], plan: ScorePlan, state: EvalState) -> None:
    """Validate and score a batch, slice by slice, into `state`.

    Raises DataError for the first row, and in it the first column, that is not valid.
    """
    rows_at_once = max(_LEAST_ROWS, min(_MOST_ROWS, _CELLS // plan.n_classes))
    for start in range(0, len(batch), rows_at_once):
        stop = min(start + rows_at_once, len(batch))
        matrix = np.empty((stop - start, len(batch.columns)), order="F")
        for k, column in enumerate(batch.columns):
            matrix[:, k] = column[start:stop]
        weight = None if batch.weight is None else batch.weight[start:stop].astype(np.float64)
        row = np.arange(batch.first_row + start, batch.first_row + stop, dtype=np.int64)
        part = _Slice(row, matrix, batch.labels[start:stop], weight)
        if batch.probe is not Probe.NO:
            _validated(part, plan, batch.probe)
            continue
        _score_slice(part, hashes, plan, state)
        if len(batch.snapped):
            underflows = batch.snapped[(batch.snapped >= start) & (batch.snapped < stop)] - start
            _count_underflows(underflows if weight is None else underflows[weight[underflows] > 0.0], row, state)


def _count_underflows(at: NDArray[np.int64], row: NDArray[np.int64], state: EvalState) -> None:
    state.rows.snapped += len(at)
    state.rows.first_snapped = state.rows.first_snapped.including(np.unique(row[at]))


@dataclass(frozen=True, slots=True)
class _Slice:
    row: NDArray[np.int64]
    matrix: Floats
    labels: NDArray[np.intp]
    weight: Floats | None


def _score_slice(part: _Slice, hashes: NDArray[np.uint64], plan: ScorePlan, state: EvalState) -> None:
    checked, snapped = _validated(part, plan, Probe.NO)
    keep = None if part.weight is None else part.weight > 0.0
    if keep is not None and not keep.all():
        state.rows.zero_weight += int((~keep).sum())
        weight = cast("Floats", part.weight)
        part = _Slice(part.row[keep], np.asfortranarray(checked[keep]), part.labels[keep], weight[keep])
        snapped = None if snapped is None else snapped[keep]
        checked = part.matrix
    if not len(part.row):
        return
    if snapped is not None:
        state.rows.snapped += int(snapped.sum())
        state.rows.first_snapped = state.rows.first_snapped.including(part.row[snapped.any(axis=1)])
    rows = _losses(checked, part.labels, plan.spec)
    if plan.spec.renormalize and rows.sums is not None:
        state.rows.renormalized += int((rows.sums != 1.0).sum())
    clipped_loss, clipped = loss.clipped(rows, plan.clip)
    state.update(
        ScoredRows(
            n_classes=plan.n_classes,
            row=part.row,
            classes=part.labels,
            label_hash=hashes[part.labels],
            weight=part.weight,
            loss=clipped_loss,
            label_probability=rows.label_probability,
            probabilities=rows.probabilities,
            ranking=rows.ranking,
            squared_error=loss.squared_error(rows, part.labels),
            sums=rows.sums,
            log_sums=rows.log_sums,
            clipped=clipped,
        )
    )


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
    found = [*_bad_cells(part, invalid, plan), *_bad_weights(part, plan)]
    if found:
        first = min(error.order for error in found)[0]
        good = int(first - part.row[0])
        found += _bad_rows(checked[:good], part.row, plan)
        raise min(found, key=lambda error: error.order)
    if probe is not Probe.CELLS:
        for error in _bad_rows(checked, part.row, plan):
            raise error
    return checked, snapped


def _bad_cells(part: _Slice, invalid: Mask | None, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for each bad cell of the first row that has one."""
    if invalid is None:
        return
    at = int(np.argmax(invalid.any(axis=1)))
    for k in np.flatnonzero(invalid[at]):
        name = plan.columns[int(k)]
        problem, hint = _why_invalid(float(part.matrix[at, k]), plan.spec.input)
        yield _error(problem, plan.predictions, name, int(part.row[at]), hint)


def _bad_weights(part: _Slice, plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first invalid weight."""
    if part.weight is None or plan.weight is None:
        return
    invalid = validity.invalid_weights(part.weight)
    if invalid is not None:
        at = int(np.argmax(invalid))
        source, name = plan.weight
        value = float(part.weight[at])
        yield _error(f"the weight is {value!r}; weights are finite and not negative", source, name, int(part.row[at]))


def _bad_rows(matrix: Floats, row: NDArray[np.int64], plan: ScorePlan) -> Iterator[DataError]:
    """Yield an error for the first row whose probabilities do not sum to 1, or whose logits are all -inf."""
    if not len(matrix):
        return
    spec = plan.spec
    if spec.input is InputKind.LOGITS:
        if matrix.shape[1] > 1 and matrix.min() == -np.inf:
            empty = loss.max_over_classes(matrix) == -np.inf
            if empty.any():
                yield _row_error("all logits are -inf: no class is possible", plan, int(row[int(np.argmax(empty))]))
        return
    if matrix.shape[1] == 1:
        return
    sums = loss.sum_over_classes(matrix if spec.input is InputKind.PROBS else np.exp(matrix))
    nothing = sums == 0.0 if spec.input is InputKind.PROBS else loss.max_over_classes(matrix) == -np.inf
    bad = nothing if spec.renormalize else nothing | (np.abs(sums - 1.0) > spec.tolerance + SUM_ROUNDING)
    if bad.any():
        at = int(np.argmax(bad))
        problem, hint = _why_sum(float(sums[at]), matrix[at], spec)
        yield _row_error(problem, plan, int(row[at]), hint)


def _error(problem: str, source: Source, name: str, row: int, hint: str = "") -> DataError:
    return error_at(source, row, problem, column=name, hint=hint)


def _row_error(problem: str, plan: ScorePlan, row: int, hint: str = "") -> DataError:
    return error_at(plan.predictions, row, problem, hint=hint)


def _why_invalid(value: float, kind: InputKind) -> tuple[str, str]:
    if math.isnan(value):
        return "the value is missing: it is NaN", "Every row needs a number here; leave out rows without one."
    if kind is InputKind.LOGITS:
        return f"{value!r} is not a logit: logits are finite, or -inf to mask a class", ""
    if kind is InputKind.LOGPROBS:
        hint = "If these are logits, say so with --input logits; probabilities are --input probs."
        return f"{value!r} is not a log-probability: those are 0 or below", hint
    hint = "If these are logits, use --input logits; log-probabilities, --input logprobs."
    if 1.0 < value <= 100.0:
        hint = f"If these are percentages, divide them by 100; {hint[0].lower()}{hint[1:]}"
    return f"{value!r} is not a probability: those are from 0 to 1", hint


def _why_sum(total: float, cells: Floats, spec: EvalSpec) -> tuple[str, str]:
    what = "probabilities" if spec.input is InputKind.PROBS else "probabilities (e to the log-probabilities)"
    if total == 0.0:
        hint = "Give the row probabilities that sum to 1, or leave it out."
        if spec.renormalize:
            return f"the {what} sum to 0; there is nothing to renormalize", hint
        far = f"further than {spec.tolerance:g} from 1" if spec.tolerance < 1.0 else "so no class is possible"
        return f"the {what} sum to 0, {far}", hint
    k = len(cells)
    explained = next((d for d in range(1, 17) if k * 0.5 * 10.0**-d < abs(total - 1.0)), 16) - 1
    hint = f"Rounding {k} probabilities to {count(explained, 'decimal')} would explain it. " if explained else ""
    hint += "--sum-tolerance T accepts such rows, --renormalize divides them by their sum"
    if spec.input is InputKind.PROBS and any(value > SNAP for value in cells) and total > 1.0 + SNAP:
        hint += "; labels that do not exclude each other are one binary row each"
    return f"the {what} sum to {total:.6g}, further than {spec.tolerance:g} from 1", hint + "."
