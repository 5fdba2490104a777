"""What the clip touched, what that costs, and what the loss would be at another clip."""

from __future__ import annotations

import math

import numpy as np

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic, total
from xentcli.exact import ExactSums
from xentcli.loss import minus_log
from xentcli.state.base import add_weighted
from xentcli.state.rows import FirstRows

_COARSE = 1e-7


def other_clip(clip: float) -> float:
    """Return a coarser clip to compare with: 1e-7 (about what single precision keeps), or √clip if that is finer.

    >>> other_clip(2.0**-52), other_clip(1e-6)
    (1e-07, 0.001)
    """
    return _COARSE if clip < _COARSE else math.sqrt(clip)


class ClippingState:
    """Clipped rows and their loss by class, and what is above the ceiling of a coarser clip."""

    def __init__(self, n_classes: int, clip: float | None) -> None:
        self.n_classes = n_classes
        self.clip = clip
        self.rows = np.zeros(n_classes, dtype=np.int64)
        self.first = FirstRows()
        self._loss = ExactSums(n_classes)
        self._other_clip = None if clip is None else other_clip(clip)
        self._ceiling = math.inf if self._other_clip is None else minus_log(self._other_clip)
        self._above_loss = ExactSums(1)
        self._above_weight = ExactSums(1)

    def update(self, rows: ScoredRows) -> None:
        """Add the rows."""
        if rows.clipped is None:
            return
        if rows.clipped.any():
            self.rows += np.bincount(rows.classes[rows.clipped], minlength=self.n_classes)
            self.first = self.first.including(rows.row[rows.clipped])
            add_weighted(self._loss, rows.loss * rows.clipped, rows)
        above = rows.loss > self._ceiling
        if above.any():
            ones = above.astype(np.float64)
            add_weighted(self._above_loss, rows.loss * ones, rows, by_class=False)
            add_weighted(self._above_weight, ones, rows, by_class=False)

    def merge(self, other: ClippingState) -> ClippingState:
        """Return the sums of both."""
        out = ClippingState(self.n_classes, self.clip)
        out.rows = self.rows + other.rows
        out.first = self.first.merge(other.first)
        out._loss = self._loss.merge(other._loss)
        out._above_loss = self._above_loss.merge(other._above_loss)
        out._above_weight = self._above_weight.merge(other._above_weight)
        return out

    def totals(self) -> dict[str, object]:
        """Return every sum."""
        return {
            "rows": self.rows.tolist(),
            "first": self.first.rows,
            "loss": self._loss.values(),
            "above_loss": self._above_loss.values(),
            "above_weight": self._above_weight.values(),
        }

    def loss(self) -> Dyadic:
        """Return Σaℓ of the clipped rows."""
        return total(self._loss.values())

    def loss_at_other_clip(self, s: Dyadic) -> tuple[float, Dyadic]:
        """Return the coarser clip and what Σaℓ = `s` would be with it; there must be a clip."""
        assert self._other_clip is not None
        capped = self._above_weight.values()[0] * Dyadic.of(self._ceiling)
        return self._other_clip, s - self._above_loss.values()[0] + capped
