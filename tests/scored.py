"""Scored rows made up for tests of states, as scoring makes them: every kind of label, weight and slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from xentcli.numerics.segments import runs_of
from xentcli.scoring.loss_terms import Charging, Labelled, charge
from xentcli.scoring.row_losses import from_probabilities, squared_error
from xentcli.state.clipping import other_clip
from xentcli.state.scored_rows import ScoredRows

CLIP = 1e-3
SLICES = 4
CLASS_WEIGHT = (0.5, 2.0, 0.3)
_SPECIAL = (0.0, 1.0, 0.5, 1e-300, 5e-324, 0.1, 1 / 3)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """Rows before they are scored, of which some can be taken."""

    p: Floats
    labels: NDArray[np.intp]
    weight: Floats | None
    rows: NDArray[np.int64]
    parts: Floats | None = None
    slices: NDArray[np.intp] | None = None
    per: Floats | None = None
    counted: bool = False
    class_weighted: bool = False
    smoothing: float = 0.0
    clip: float | None = CLIP
    # The classes by number, where they are not counted as they are named.
    names: tuple[int, ...] | None = None
    summed: bool = field(default=True)

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: Sequence[int] | NDArray[np.intp]) -> Made:
        at = np.asarray(chosen, dtype=np.intp)
        arrays = {name: getattr(self, name) for name in ("p", "labels", "weight", "rows", "parts", "slices", "per")}
        held = {name: None if value is None else np.asfortranarray(value[at]) for name, value in arrays.items()}
        return replace(self, **held)  # type: ignore[arg-type]  # by name

    def scored(self) -> ScoredRows:
        k = self.p.shape[1]
        names = range(k) if self.names is None else self.names
        cell = self.labels if self.slices is None else self.slices * k + self.labels
        by = Labelled(self.labels, self.parts, cell, self.slices, self.weight, self.counted)
        if self.parts is None and not self.smoothing:
            order, runs = runs_of(cell, k * SLICES)
            labels = self.labels if order is None else self.labels[order]
            by = replace(by, labels=labels, cell=runs, order=order)
        with np.errstate(divide="ignore"):
            rows = from_probabilities(self.p, by.labels, order=by.order)
        class_weight = np.array([CLASS_WEIGHT[name] for name in names]) if self.class_weighted else None
        coarse = None if self.clip is None else other_clip(self.clip)
        charged = charge(rows, by, Charging(self.clip, coarse, class_weight, self.smoothing))
        return ScoredRows(
            n_classes=k,
            rows=self.rows,
            identity=None,
            label_hash=(np.array(names)[self.labels] + 7).astype(np.uint64),
            weight=by.importance,
            count=self.weight if self.counted else None,
            terms=charged.terms,
            totals=charged.totals,
            entropy=charged.entropy,
            probabilities=rows.probabilities,
            ranking=rows.ranking,
            squared_error=squared_error(rows, self.parts),
            sums=rows.sums if self.summed else None,
            log_sums=rows.log_sums if self.summed else None,
            clipped=charged.clipped,
            per=self.per,
            slices=self.slices,
            n_slices=SLICES if self.slices is not None else 1,
        )


def random_rows(seed: int, n: int, n_classes: int = 3, weighted: bool = False, wide: bool = False) -> Made:
    """Return n rows: probabilities with zeros, ones and ties, weights of any size if `wide`."""
    rng = np.random.default_rng(seed)
    p = rng.random((n, n_classes))
    p[rng.random(n) < 0.3] = rng.choice(_SPECIAL, n_classes)
    weight = None
    if weighted:
        exponent = rng.integers(-900, 900, n) if wide else np.zeros(n, dtype=np.int64)
        weight = np.ldexp(rng.integers(1, 9, n) + rng.random(n), exponent)
    summed = bool((p.sum(axis=1) > 0).all())
    labels = rng.integers(0, n_classes, n).astype(np.intp)
    return Made(np.asfortranarray(p), labels, weight, np.arange(n, dtype=np.int64), summed=summed)


def varied_rows(seed: int, n: int, kind: str) -> Made:
    """Return n rows of one kind: sliced, counted, soft (distributions), smoothed, class weighted, or several."""
    made = random_rows(seed, n, weighted=seed % 2 == 0 or "counted" in kind)
    rng = np.random.default_rng(seed + 1)
    changes: dict[str, object] = {"per": rng.integers(0, 5, n).astype(np.float64)}
    if "sliced" in kind:
        changes["slices"] = rng.integers(0, SLICES, n).astype(np.intp)
    if "counted" in kind:
        changes |= {"weight": rng.integers(1, 9, n).astype(np.float64), "counted": True}
    if "soft" in kind:
        parts = rng.choice([0.0, 0.25, 1.0, 0.1], (n, 3)) + np.eye(3)[made.labels] * 0.5
        changes["parts"] = np.asfortranarray(parts / parts.sum(axis=1)[:, None])
    if "weighted" in kind:
        changes["class_weighted"] = True
    if "smoothed" in kind:
        changes["smoothing"] = 0.1
    if "unclipped" in kind:
        changes["clip"] = None
    return replace(made, **changes)  # type: ignore[arg-type]  # by name
