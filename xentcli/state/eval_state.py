"""All states of an evaluation, side by side: a new statistic is a new file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter

from xentcli.state.accuracy import AccuracyState
from xentcli.state.base import State, View
from xentcli.state.brier import BrierState
from xentcli.state.class_pairs import PairsState
from xentcli.state.class_shares import SharesState
from xentcli.state.clipping import ClippingState
from xentcli.state.label_entropy import EntropyState
from xentcli.state.loss import LossState, TotalsState
from xentcli.state.loss_per_unit import PerState
from xentcli.state.row_counts import RowsState
from xentcli.state.row_sums import RowSumsState
from xentcli.state.scored_rows import Scored, ScoredRows


@dataclass(slots=True)
class EvalState:
    """What `summary` needs, and nothing that depends on the order of rows."""

    loss: LossState
    totals_: TotalsState
    shares: SharesState
    accuracy: AccuracyState
    brier: BrierState
    entropy: EntropyState
    pairs: PairsState
    per: PerState
    clipping: ClippingState
    row_sums: RowSumsState
    rows: RowsState

    @classmethod
    def empty(cls, n_classes: int, clip: float | None, class_weighted: bool = False) -> EvalState:
        """Return the identity of `merge`."""
        return cls(
            LossState(n_classes),
            TotalsState(n_classes),
            SharesState(n_classes, class_weighted),
            AccuracyState(n_classes),
            BrierState(n_classes),
            EntropyState(n_classes),
            PairsState(n_classes),
            PerState(n_classes),
            ClippingState(n_classes, clip),
            RowSumsState(n_classes),
            RowsState(n_classes),
        )

    def add(self, scored: Scored) -> None:
        """Add scored rows to every statistic, and to the counts what did not enter them."""
        if scored.sizes is not None:
            for part in self.parts():
                part.make_room(*scored.sizes)
        self.rows.take_over(scored.tally)
        if scored.rows is not None:
            self.update(scored.rows)

    def update(self, rows: ScoredRows) -> None:
        """Add scored rows to every statistic."""
        for part in self.parts():
            part.update(rows)

    def parts(self) -> tuple[State, ...]:
        """Return the states, in the order of the fields."""
        return _parts(self)

    def merge(self, other: EvalState) -> EvalState:
        """Return the sums of both; neither is changed."""
        return EvalState(*(one.merge(two) for one, two in zip(self.parts(), other.parts(), strict=True)))  # type: ignore[arg-type]

    def after(self, rows: int) -> EvalState:
        """Return the same sums of rows that so many others come before; it shares them with this one."""
        return EvalState(*(part.after(rows) for part in self.parts()))  # type: ignore[arg-type]  # as the fields are

    def view(self, view: View) -> EvalState:
        """Return a part of the sums, or all of them added up by class."""
        return EvalState(*(part.view(view) for part in self.parts()))  # type: ignore[arg-type]  # as the fields are

    def totals(self) -> dict[str, dict[str, object]]:
        """Return every sum of every statistic, exactly."""
        return {field.name: part.totals() for field, part in zip(fields(self), self.parts(), strict=True)}


_parts: Callable[[EvalState], tuple[State, ...]] = attrgetter(*(field.name for field in fields(EvalState)))
