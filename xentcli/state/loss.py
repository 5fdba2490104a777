"""The loss and its standard error, by slice and class; and by row, where a row may have several terms."""

from __future__ import annotations

import numpy as np

from xentcli.numerics.dyadic import Dyadic
from xentcli.numerics.segments import Runs, counts_by
from xentcli.state.base import State, add_products
from xentcli.state.moments import Moments
from xentcli.state.scored_rows import Floats, Index, ScoredRows

_SUMS = ("n", "a", "s", "a2", "s1", "s2")


class _MomentsState(State):
    """Sums of `Moments` along one axis."""

    def _add(
        self, index: Index | Runs, weight: Floats | None, loss_weight: Floats | None, loss: Floats, count: Floats | None
    ) -> None:
        """Add to the moments of `index`: a = weight, b = loss_weight·loss, each for `count` rows (None stands for 1).

        Where all are 1 the weights are counted, and Σab is Σb.
        """
        size = len(self.counts["rows"])
        rows = counts_by(index, size)
        self.counts["rows"] += rows
        finite = np.isfinite(loss)
        if not finite.all():
            if loss_weight is not None:
                # 0 times an infinite loss is 0.
                loss = np.where(loss_weight > 0.0, loss, 0.0)
                finite = np.isfinite(loss)
            self.counts["infinite"] += counts_by(index, size, ~finite)
            loss = np.where(finite, loss, 0.0)
        sums = self.sums
        charged = [loss_weight, loss]
        add_products(sums["s"], [count, *charged], index)
        if loss_weight is None and count is None:
            sums["s2"].add_squares(loss, index)
        else:
            add_products(sums["s2"], [count, *charged, *charged], index)
        if count is not None:
            sums["n"].add(count, index)
        if weight is None and count is None:
            self.counts["ones"] += rows
            return
        add_products(sums["a"], [count, weight], index)
        add_products(sums["a2"], [count, weight, weight], index)
        add_products(sums["s1"], [count, weight, *charged], index)

    def moments(self) -> list[Moments]:
        """Return the moments along the axis."""
        n, a, s, a2, s1, s2 = (self.sums[name].values() for name in _SUMS)
        out = []
        rows, infinite = self.counts["rows"].tolist(), self.counts["infinite"].tolist()
        for k, ones in enumerate(self.counts["ones"].tolist()):
            counted = n[k] if n[k] else Dyadic(rows[k]).reduced()
            if ones:
                each = Dyadic(ones).reduced()
                out.append(Moments(rows[k], counted, infinite[k], each, s[k], each, s[k], s2[k]))
            else:
                out.append(Moments(rows[k], counted, infinite[k], a[k], s[k], a2[k], s1[k], s2[k]))
        return out


class LossState(_MomentsState):
    """Moments of the terms, by cell."""

    cell_sums = _SUMS
    cell_counts = ("rows", "infinite", "ones")

    def add(self, rows: ScoredRows) -> None:
        """Add the rows' terms."""
        terms = rows.terms
        self._add(terms.cell, terms.weight, terms.loss_weight, terms.loss, terms.of(rows.count))


class TotalsState(_MomentsState):
    """Moments of the rows, by slice, where a row may have several terms; empty otherwise."""

    slice_sums = _SUMS
    slice_counts = ("rows", "infinite", "ones")

    def add(self, rows: ScoredRows) -> None:
        """Add the rows' totals."""
        if rows.totals is not None:
            index = rows.slices if rows.slices is not None else np.zeros(len(rows), dtype=np.intp)
            self._add(index, rows.totals.weight, rows.totals.loss_weight, rows.totals.loss, rows.count)
