"""What gates and a baseline say of a result: frozen values, in the names and order of JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether one gate is met. `reason` says why it is not, None where it is.

    metric: as in `-f metrics`; bound: max, min, max-increase or max-decrease. value: the figure, or by how much it rose
    (max-increase) or fell (max-decrease) from the baseline; limit: what it may be at most (at least for min). Of a
    limit in per cent, `percent` is what was asked and `limit` what that is of the baseline. limit_text: the limit as it
    was written, which may have more digits than float64 holds. None is undefined; an infinite figure is inf here and
    null in JSON.
    """

    metric: str
    bound: str
    limit: float | None
    value: float | None
    passed: bool
    reason: str | None
    baseline: float | None = None
    percent: float | None = None
    limit_text: str = ""


class Change(NamedTuple):
    """How a figure differs from the baseline's: this one less that one.

    half_width: of the interval of the change, as if the rows of both were drawn apart; None where the rows are the
    same, or where the figures have no interval.
    """

    metric: str
    baseline: float | None
    value: float | None
    change: float | None
    half_width: float | None


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """An earlier result, and how this one differs from it, figure by figure.

    same_rows: whether both are about the same rows, labels and weights; None where that cannot be told, as one is
    aligned by key and the other by row order. notes: in plain words, what else differs.
    """

    file: str
    rows: int
    same_rows: bool | None
    notes: tuple[str, ...]
    changes: tuple[Change, ...]

    def change_of(self, metric: str) -> Change | None:
        """Return the change of a metric; None where the baseline does not have it."""
        return self.by_metric().get(metric)

    def by_metric(self) -> dict[str, Change]:
        """Return the changes by metric."""
        return {change.metric: change for change in self.changes}
