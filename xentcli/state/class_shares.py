"""Where the probability goes: the mean given to the label, by class, and the mean given to each class."""

from __future__ import annotations

from typing import Self

import numpy as np

from xentcli.numerics.dyadic import Dyadic
from xentcli.state.base import State, add_matrix, add_products, add_terms
from xentcli.state.scored_rows import ScoredRows


class SharesState(State):
    """Σw·p_label over the terms of each class, and Σw·p_k over all rows for each class k.

    Where classes have weights, also what they are without: u = Σw·y, Σu² and Σu·(what is charged) of the terms of each
    class; otherwise the moments of the loss say so.
    """

    cell_sums = ("label", "u", "u2", "ub")
    column_sums = ("all",)

    def __init__(self, n_classes: int, class_weighted: bool = False) -> None:
        super().__init__(n_classes)
        self.class_weighted = class_weighted

    def empty(self) -> Self:
        """Return the identity of `merge`."""
        return type(self)(self.n_classes, self.class_weighted)

    def add(self, rows: ScoredRows) -> None:
        """Add the rows."""
        terms, sums = rows.terms, self.sums
        add_terms(sums["label"], terms.label_probability, rows)
        if rows.probabilities is not None:
            add_matrix(sums["all"], rows.probabilities, rows.sample_weight, rows)
        if self.class_weighted:
            count, ones = terms.of(rows.count), np.ones(len(terms.loss))
            loss = np.where(np.isfinite(terms.loss), terms.loss, 0.0)
            add_terms(sums["u"], ones, rows)
            add_products(sums["u2"], [ones, terms.share, terms.share, count], terms.cell)
            add_products(sums["ub"], [loss, terms.loss_weight, terms.share, count], terms.cell)

    def label(self) -> list[Dyadic]:
        """Return Σw·p_label over the rows labelled k, for each class k."""
        return self.sums["label"].values()

    def all(self) -> list[Dyadic]:
        """Return Σw·p_k over all rows, for each class k."""
        return self.sums["all"].values()
