"""Rounds over cases: the tools take turns, so that whatever slows the machine slows all of them."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from benchmarks.measure import Run, run, warm
from benchmarks.tools import PEERS, command

# Polars keeps means of 32-bit floats in 32 bits, scikit-learn logs them.
TOLERANCE = 1e-6
# In 32 bits a standard deviation loses half of its digits.
DEVIATION_TOLERANCE = 1e-3


class DisagreementError(Exception):
    """Tools that were to do the same work came to different results."""


@dataclass
class Measured:
    """The runs of one command, in the order of the rounds."""

    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median time."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def processor_seconds(self) -> float:
        """The median of the time on all cores together."""
        return statistics.median(run.processor_seconds for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        """The highest peak memory of any round."""
        return max(run.peak_bytes for run in self.runs)


@dataclass(frozen=True)
class Result:
    """A case and what each tool took for it."""

    case: Case
    tools: dict[str, Measured]

    @property
    def best_peer(self) -> str | None:
        """The faster one of Polars and DuckDB, if either was run."""
        there = [name for name in PEERS if name in self.tools]
        return min(there, key=lambda name: self.tools[name].seconds, default=None)

    def ratio(self, name: str) -> float | None:
        """Return how many times as long a tool takes as the best peer."""
        best = self.best_peer
        return None if best is None else self.tools[name].seconds / self.tools[best].seconds


@dataclass(frozen=True)
class Found:
    """What a tool says of a case: the loss, how many rows are bad, and some figures of each class."""

    loss: float
    bad: int
    classes: dict[str, tuple[float, ...]]


def found(name: str, output: str) -> Found:
    """Read what a tool printed. xent ends with an error if a row is bad."""
    result: dict[str, Any] = json.loads(output)
    if name == "xent":
        # The standard error is the deviation over the root of the rows.
        for row in result["classes"]:
            row["deviation"] = None if row["loss_se"] is None else row["loss_se"] * math.sqrt(row["rows"])
    mine = ("rows", "loss", "label_probability", "recall", "deviation")
    keys = mine if name == "xent" else ("rows", "loss", "label_p", "right", "deviation")
    loss = result["overall"]["loss"] if name == "xent" else result["loss"]
    label = "class" if name == "xent" else "label"
    classes = {row[label]: tuple(_number(row[key]) for key in keys) for row in result["classes"] if row["rows"]}
    return Found(loss, 0 if name == "xent" else result["bad"], classes)


def _number(value: float | None) -> float:
    """Return a figure; a deviation of one row is not known, which tools say in several ways."""
    return 0.0 if value is None or math.isnan(value) else value


def check(case: Case, outputs: Mapping[str, str]) -> None:
    """Raise unless every tool found no bad row, and the same loss and figures by class."""
    results = {name: found(name, output) for name, output in outputs.items() if name != "floor"}
    for name, output in outputs.items():
        if name == "floor" and json.loads(output)["rows"] != case.data.rows:
            raise DisagreementError(f"{case.name}: only reading found {output.strip()}, not {case.data.rows} rows")
    if not results:
        return
    first_name, first = next(iter(results.items()))
    for name, result in results.items():
        if result.bad:
            raise DisagreementError(f"{case.name}: {name} found {result.bad} bad rows")
        if not math.isclose(result.loss, first.loss, rel_tol=TOLERANCE):
            raise DisagreementError(f"{case.name}: {name} found {result.loss!r}, {first_name} {first.loss!r}")
        if result.classes.keys() != first.classes.keys():
            raise DisagreementError(f"{case.name}: {name} found other classes than {first_name}")
        for label, figures in result.classes.items():
            other = first.classes[label]
            tolerances = (TOLERANCE,) * (len(figures) - 1) + (DEVIATION_TOLERANCE,)
            both = zip(figures, other, tolerances, strict=True)
            if not all(math.isclose(a, b, rel_tol=tolerance) for a, b, tolerance in both):
                raise DisagreementError(f"{case.name}, class {label}: {name} found {figures}, {first_name} {other}")


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Measured]:
    """Run commands one after the other, and all of them again in every round."""
    measured = {name: Measured() for name in commands}
    for number in range(rounds):
        for name, words in commands.items():
            done = run(words)
            measured[name].runs.append(replace(done, output=None) if number else done)
    return measured


def evaluate(case: Case, tools: Sequence[str], folder: Path, rounds: int, threads: int | None) -> Result:
    """Measure tools on a case, and check that they agree."""
    warm(case.files(folder))
    measured = interleaved({name: command(name, case, folder, threads) for name in tools}, rounds)
    check(case, {name: runs.runs[0].output or "" for name, runs in measured.items()})
    for runs in measured.values():
        runs.runs[0] = replace(runs.runs[0], output=None)
    return Result(case, measured)
