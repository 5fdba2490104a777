"""What gates and a baseline say of a result: frozen values, in the names and order of JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from xentcli.results.limits import Count, Unsigned, one_of


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether one gate is met. An infinite figure is inf here and null in JSON."""

    metric: Annotated[str, "As in -f metrics."]
    bound: Annotated[str, one_of("max", "min", "max-increase", "max-decrease")]
    limit: Annotated[
        float | None,
        "What value may be at most, or for min at least; of a limit in per cent, what that is of the baseline; null "
        "where there is nothing to take per cent of.",
    ]
    value: Annotated[
        float | None,
        "The figure, or by how much it rose (max-increase) or fell (max-decrease) from the baseline; null if undefined "
        "or infinite.",
    ]
    passed: bool
    reason: Annotated[str | None, "Why it is not met; null if it is."]
    baseline: Annotated[float | None, "The figure in the baseline, for changes; else null."] = None
    percent: Annotated[float | None, "The limit in per cent, if it was given so; else null."] = None
    limit_text: Annotated[str, "The limit as it was written: it may have more digits than float64 holds."] = ""


class Change(NamedTuple):
    """How a figure differs from the baseline's: this one less that one."""

    metric: Annotated[str, "As in -f metrics."]
    baseline: Annotated[float | None, "The earlier figure; null if undefined or infinite."]
    value: Annotated[float | None, "The figure now; null if undefined or infinite."]
    change: Annotated[float | None, "value less baseline; null if either is undefined, or infinite if listed."]
    half_width: Annotated[
        Unsigned,
        "Of the interval of the change at settings.confidence, for rows drawn apart; null where the rows are the same, "
        "or a figure has no interval.",
    ]


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """An earlier result, and how this one differs from it, figure by figure."""

    file: Annotated[str, "The file of the earlier result."]
    rows: Annotated[Count, "Rows of the earlier result."]
    same_rows: Annotated[
        bool | None,
        "Whether both are about the same rows, labels and weights; null where that cannot be told, as one is aligned "
        "by key and the other by row order.",
    ]
    notes: Annotated[tuple[str, ...], "What else differs, in plain words."]
    changes: Annotated[tuple[Change, ...], "Figures of everything, of classes and of slices."]

    def change_of(self, metric: str) -> Change | None:
        """Return the change of a metric; None where the baseline does not have it."""
        return self.by_metric().get(metric)

    def by_metric(self) -> dict[str, Change]:
        """Return the changes by metric."""
        return {change.metric: change for change in self.changes}
