"""What a second thread brings: xent on CSV with one thread and with two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.measure import warm
from benchmarks.rounds import Measured, interleaved
from benchmarks.tools import xent


@dataclass(frozen=True)
class Pair:
    """A case on one thread and on two."""

    case: Case
    one: Measured
    two: Measured

    @property
    def ratio(self) -> float:
        """How many times as long one thread takes: 2 is the most that two can bring."""
        return self.one.seconds / self.two.seconds


def measure(cases: Sequence[Case], folder: Path, rounds: int) -> list[Pair]:
    """Measure the cases that are CSV and long enough for it to matter."""
    pairs: list[Pair] = []
    for case in cases:
        if case.format == "csv" and case.judged:
            warm(case.files(folder))
            runs = interleaved({str(n): xent(case, folder, n) for n in (1, 2)}, rounds)
            pairs.append(Pair(case, runs["1"], runs["2"]))
    return pairs
