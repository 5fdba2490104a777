"""Scored rows made up for tests of states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xentcli.batch import ScoredRows
from xentcli.loss import RowLosses, clipped, from_probabilities, squared_error

CLIP = 1e-3
_SPECIAL = (0.0, 1.0, 0.5, 1e-300, 5e-324, 0.1, 1 / 3)


def random_rows(seed: int, n: int, n_classes: int = 3, weighted: bool = False, wide: bool = False) -> ScoredRows:
    """Return n scored rows: probabilities with zeros, ones and ties, weights of any size if `wide`."""
    rng = np.random.default_rng(seed)
    p = rng.random((n, n_classes))
    p[rng.random(n) < 0.3] = rng.choice(_SPECIAL, n_classes)
    weight = None
    if weighted:
        exponent = rng.integers(-900, 900, n) if wide else np.zeros(n, dtype=np.int64)
        weight = np.ldexp(rng.integers(1, 9, n) + rng.random(n), exponent)
    return scored(np.asfortranarray(p), rng.integers(0, n_classes, n).astype(np.intp), weight)


def scored(p: NDArray[np.float64], labels: NDArray[np.intp], weight: NDArray[np.float64] | None) -> ScoredRows:
    """Return the scored rows of probabilities, which need not sum to 1."""
    summed = bool((p.sum(axis=1) > 0).all())
    with np.errstate(divide="ignore"):
        rows: RowLosses = from_probabilities(p, labels)
    loss, touched = clipped(rows, CLIP)
    return ScoredRows(
        n_classes=p.shape[1],
        row=np.arange(len(labels), dtype=np.int64),
        classes=labels,
        label_hash=(labels + 7).astype(np.uint64),
        weight=weight,
        loss=loss,
        label_probability=rows.label_probability,
        probabilities=rows.probabilities,
        ranking=rows.ranking,
        squared_error=squared_error(rows, labels),
        sums=rows.sums if summed else None,
        log_sums=rows.log_sums if summed else None,
        clipped=touched,
    )


def take(rows: ScoredRows, chosen: Sequence[int] | NDArray[np.intp]) -> ScoredRows:
    """Return some of the rows, in the order given."""
    at = np.asarray(chosen, dtype=np.intp)
    return ScoredRows(
        n_classes=rows.n_classes,
        row=rows.row[at],
        classes=rows.classes[at],
        label_hash=rows.label_hash[at],
        weight=None if rows.weight is None else rows.weight[at],
        loss=rows.loss[at],
        label_probability=rows.label_probability[at],
        probabilities=np.asfortranarray(rows.probabilities[at]),
        ranking=np.asfortranarray(rows.ranking[at]),
        squared_error=rows.squared_error[at],
        sums=None if rows.sums is None else rows.sums[at],
        log_sums=None if rows.log_sums is None else rows.log_sums[at],
        clipped=None if rows.clipped is None else rows.clipped[at],
    )
