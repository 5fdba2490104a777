"""Where the probability goes: the mean given to the label, by class, and the mean given to each class."""

from __future__ import annotations

from xentcli.batch import ScoredRows
from xentcli.dyadic import Dyadic
from xentcli.exact import ExactSums
from xentcli.state.base import add_weighted, add_weighted_columns


class SharesState:
    """Σw·p_label over the rows of each class, and Σw·p_k over all rows for each class k."""

    def __init__(self, n_classes: int) -> None:
        self.n_classes = n_classes
        self._label = ExactSums(n_classes)
        self._all = ExactSums(n_classes)

    def update(self, rows: ScoredRows) -> None:
        """Add the rows."""
        add_weighted(self._label, rows.label_probability, rows)
        add_weighted_columns(self._all, rows.probabilities, rows)

    def merge(self, other: SharesState) -> SharesState:
        """Return the sums of both."""
        out = SharesState(self.n_classes)
        out._label = self._label.merge(other._label)
        out._all = self._all.merge(other._all)
        return out

    def totals(self) -> dict[str, object]:
        """Return both sums, by class."""
        return {"label": self.label(), "all": self.all()}

    def label(self) -> list[Dyadic]:
        """Return Σw·p_label over the rows labelled k, for each class k."""
        return self._label.values()

    def all(self) -> list[Dyadic]:
        """Return Σw·p_k over all rows, for each class k."""
        return self._all.values()
