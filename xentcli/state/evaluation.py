"""All states of an evaluation, side by side: a new statistic is a new file and a line here."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.batch import ScoredRows
from xentcli.state.accuracy import AccuracyState
from xentcli.state.base import State
from xentcli.state.brier import BrierState
from xentcli.state.clipping import ClippingState
from xentcli.state.loss import LossState
from xentcli.state.row_sums import RowSumsState
from xentcli.state.rows import RowsState
from xentcli.state.shares import SharesState


@dataclass(slots=True)
class EvalState:
    """What `summary` needs, and nothing that depends on the order of rows."""

    loss: LossState
    shares: SharesState
    accuracy: AccuracyState
    brier: BrierState
    clipping: ClippingState
    row_sums: RowSumsState
    rows: RowsState

    @classmethod
    def empty(cls, n_classes: int, clip: float | None) -> EvalState:
        """Return the identity of `merge`."""
        return cls(
            LossState(n_classes),
            SharesState(n_classes),
            AccuracyState(n_classes),
            BrierState(),
            ClippingState(n_classes, clip),
            RowSumsState(),
            RowsState(),
        )

    def update(self, rows: ScoredRows) -> None:
        """Add scored rows to every statistic."""
        for part in self.parts():
            part.update(rows)

    def parts(self) -> tuple[State, ...]:
        """Return the states, in the order of the fields."""
        return (self.loss, self.shares, self.accuracy, self.brier, self.clipping, self.row_sums, self.rows)

    def merge(self, other: EvalState) -> EvalState:
        """Return the sums of both; neither is changed."""
        return EvalState(
            self.loss.merge(other.loss),
            self.shares.merge(other.shares),
            self.accuracy.merge(other.accuracy),
            self.brier.merge(other.brier),
            self.clipping.merge(other.clipping),
            self.row_sums.merge(other.row_sums),
            self.rows.merge(other.rows),
        )

    def totals(self) -> dict[str, dict[str, object]]:
        """Return every sum of every statistic, exactly."""
        return {name: part.totals() for name, part in zip(self.__slots__, self.parts(), strict=True)}
