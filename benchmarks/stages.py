"""Where xent's time goes: each case with a clock at each stage, and all of its processor time."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.measure import warm
from benchmarks.tools import xent


@dataclass(frozen=True)
class Stages:
    """The median seconds of each stage of a case, in the order of the run."""

    case: Case
    seconds: dict[str, float]


def measure(cases: Sequence[Case], folder: Path, rounds: int) -> list[Stages]:
    """Run every case and return its stages."""
    found: list[Stages] = []
    for case in cases:
        warm(case.files(folder))
        runs = [_once(case, folder) for _ in range(rounds)]
        found.append(Stages(case, {name: statistics.median(run[name] for run in runs) for name in runs[0]}))
    return found


def _once(case: Case, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.peers.xent_stages", *xent(case, folder, None)[3:]]
    done = subprocess.run(
        command, env=os.environ | {"BEGAN": repr(time.time())}, capture_output=True, text=True, check=True
    )
    seconds: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return seconds
