"""One batch validated and scored: every cell is checked, then rows have their losses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.hashing import splitmix
from xentcli.numerics.segments import MOST_SORTED, runs_of
from xentcli.scoring import row_losses as loss
from xentcli.scoring.batch import Batch, Left, Probe
from xentcli.scoring.loss_terms import Charged, Labelled, charge, charge_label
from xentcli.scoring.row_losses import RowLosses
from xentcli.scoring.row_validation import Rows, validated
from xentcli.scoring.score_plan import ScorePlan
from xentcli.spec.choices import InputKind, WeightKind
from xentcli.spec.options import EvalSpec
from xentcli.state.scored_rows import Index, Scored, ScoredRows, Sizes, Tally

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# One slice of rows and its temporaries should stay in the second-level cache: 2^17 cells are 1 MiB.
_CELLS = 1 << 17
_MOST_ROWS, _LEAST_ROWS = 1 << 15, 1 << 4


def score(batch: Batch, plan: ScorePlan) -> Iterator[Scored]:
    """Validate and score a batch, some rows at a time.

    Raises DataError for the first row, and in it the first column, that is not valid.
    """
    rows_at_once = max(_LEAST_ROWS, min(_MOST_ROWS, _CELLS // max(1, len(batch.columns))))
    sizes: Sizes | None = batch.sizes
    if not len(batch):
        yield Scored(None, Tally((), 0, None), sizes)
    for start in range(0, len(batch), rows_at_once):
        part = Rows.of(batch, start, min(start + rows_at_once, len(batch)))
        if batch.probe is not Probe.NO:
            validated(part, plan, batch.probe)
            continue
        yield _score_some(part, plan, batch)._replace(sizes=sizes)
        sizes = None


def _score_some(part: Rows, plan: ScorePlan, batch: Batch) -> Scored:
    part, snapped = validated(part, plan, Probe.NO)
    keep, tally = _kept(part, batch.class_weight)
    if keep is not None:
        part = part.kept(keep)
        snapped = None if snapped is None else snapped[keep]
    if not len(part.rows):
        return Scored(None, tally, None)
    tally = _with_snapped(tally, part, snapped)
    rows, renormalized = _scored(part, plan, batch)
    if renormalized is not None:
        tally = tally._replace(counts=(*tally.counts, ("renormalized", renormalized, part.slices)))
    return Scored(rows, tally, None)


def _kept(part: Rows, class_weight: Floats | None) -> tuple[Mask | None, Tally]:
    """Return which rows enter the figures, None for all; the others are counted by why they do not."""
    counts: list[tuple[str, Mask, Index | None]] = []
    unmatched = 0
    keep: Mask | None = None
    if part.labels.min() < 0:
        for name, why in (("dropped", Left.MISSING), ("ignored", Left.IGNORED)):
            counts.append((name, (part.labels == why).astype(np.bool_), part.slices))
        unmatched = int((part.labels == Left.UNMATCHED).sum())
        keep = part.labels >= 0
    idle = None if part.weight is None else part.weight == 0.0
    if class_weight is not None:
        if part.targets is None:
            weightless = class_weight[np.maximum(part.labels, 0)] == 0.0
        else:
            weightless = ~((part.targets > 0.0) & (class_weight > 0.0)).any(axis=1)
        idle = weightless if idle is None else idle | weightless
    if idle is not None:
        counts.append(("zero_weight", idle if keep is None else idle & keep, part.slices))
        keep = ~idle if keep is None else keep & ~idle
    return None if keep is None or keep.all() else keep, Tally(tuple(counts), unmatched, None)


def _with_snapped(tally: Tally, part: Rows, snapped: Mask | None) -> Tally:
    """Return the tally with the values of scored rows that were moved to the nearest allowed one, or that float64
    rounds to 0.
    """
    if snapped is None and part.underflows is None:
        return tally
    times = np.zeros(len(part.rows), dtype=np.int64) if part.underflows is None else part.underflows
    times = times if snapped is None else times + snapped.sum(axis=1)
    if not times.any():
        return tally
    return tally._replace(counts=(*tally.counts, ("snapped", times, part.slices)), snapped=part.rows[times > 0])


def _scored(part: Rows, plan: ScorePlan, batch: Batch) -> tuple[ScoredRows, Mask | None]:
    """Return the rows with their losses, and whose probabilities were renormalized, None where none may be."""
    by = _labelled(part, plan, batch.sizes)
    rows: RowLosses | None = None
    renormalized: Mask | None = None
    if plan.spec.input.label_only:
        logarithms = plan.spec.input is InputKind.LABEL_LOGPROBS
        values = np.ascontiguousarray(part.matrix[:, 0])
        given = loss.label_probability_losses(values if by.order is None else values.take(by.order), logarithms)
        charged = charge_label(*given, by, plan.charging(batch.class_weight))
    else:
        rows = _losses(part, by, plan.spec)
        charged = charge(rows, by, plan.charging(batch.class_weight))
        if plan.spec.renormalize and rows.sums is not None:
            renormalized = rows.sums != 1.0
    return _with(part, batch, charged, rows, by), renormalized


def _labelled(part: Rows, plan: ScorePlan, sizes: Sizes) -> Labelled:
    """Return the labels, sorted by cell where each row has one term: every sum by cell is then one of runs."""
    counted = plan.spec.columns.weight_kind is WeightKind.COUNT
    cell = part.cells
    if cell is None:
        cell = part.labels if part.slices is None else part.slices * sizes.n_classes + part.labels
    n_cells = sizes.n_cells or sizes.n_slices * sizes.n_classes
    if part.targets is not None or plan.spec.label_smoothing or n_cells > MOST_SORTED:
        return Labelled(part.labels, part.targets, cell, part.slices, part.weight, counted)
    order, runs = runs_of(cell, n_cells)
    labels = part.labels if order is None else runs.spread() if cell is part.labels else part.labels.take(order)
    return Labelled(labels, None, runs, part.slices, part.weight, counted, order)


def _with(part: Rows, batch: Batch, charged: Charged, rows: RowLosses | None, by: Labelled) -> ScoredRows:
    """Return the rows with everything that states ask of them."""
    return ScoredRows(
        n_classes=batch.sizes.n_classes,
        rows=part.rows,
        identity=part.identity,
        label_hash=_label_hashes(part, batch.hashes),
        weight=by.importance,
        count=part.weight if by.counted else None,
        terms=charged.terms,
        totals=charged.totals,
        entropy=charged.entropy,
        probabilities=None if rows is None else rows.probabilities,
        ranking=None if rows is None else rows.ranking,
        top=part.top,
        squared_error=None if rows is None else loss.squared_error(rows, part.targets),
        sums=None if rows is None else rows.sums,
        log_sums=None if rows is None else rows.log_sums,
        clipped=charged.clipped,
        per=part.per,
        slices=part.slices,
        n_slices=batch.sizes.n_slices,
        n_cells=batch.sizes.n_cells,
    )


def _label_hashes(part: Rows, hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a hash of each row's label; of a distribution that is one class it is that of the class."""
    if part.targets is None:
        return hashes[part.labels]
    with np.errstate(over="ignore"):
        parts = np.where(part.targets == 1.0, hashes, splitmix(hashes ^ part.targets.view(np.uint64)))
        mixed: NDArray[np.uint64] = np.where(part.targets > 0.0, parts, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    return mixed


def _losses(part: Rows, by: Labelled, spec: EvalSpec) -> RowLosses:
    """Return the row losses of valid predictions, by the kind of input and the number of columns."""
    matrix = part.matrix
    if matrix.shape[1] == 1:
        one = {
            InputKind.PROBS: loss.from_probability,
            InputKind.LOGITS: loss.from_logit,
            InputKind.LOGPROBS: loss.from_logprob,
        }
        return one[spec.input](np.ascontiguousarray(matrix[:, 0]), by.labels, by.order)
    if spec.input is InputKind.LOGITS:
        return loss.from_logits(matrix, by.labels, by.order)
    many = loss.from_probabilities if spec.input is InputKind.PROBS else loss.from_logprobs
    return many(matrix, by.labels, spec.renormalize, by.order, part.sums)
