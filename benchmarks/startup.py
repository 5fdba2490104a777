"""What it costs to start: the shortest runs of xent beside the bare imports that they cannot do without."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.cases import SMALL, Case
from benchmarks.measure import warm
from benchmarks.rounds import Measured, interleaved
from benchmarks.tools import command

TEXTS = "import typer, rich"
FIGURES = "import numpy, pyarrow.csv, typer, rich.table"
CASE = Case("small-csv", SMALL, "csv", "")
# What each run of xent is measured by.
BARE = {"--version": TEXTS, "--help": TEXTS, "eval": FIGURES}
# These are short, so that more rounds cost little.
MORE = 4


def measure(folder: Path, rounds: int) -> dict[str, Measured]:
    """Measure the bare imports and the runs; a first round that compiles and reads everything does not count."""
    xent = [sys.executable, "-m", "xentcli"]
    commands = {
        TEXTS: [sys.executable, "-c", TEXTS],
        "--version": [*xent, "--version"],
        "--help": [*xent, "--help"],
        FIGURES: [sys.executable, "-c", FIGURES],
        "eval": command("xent", CASE, folder),
    }
    warm(CASE.files(folder))
    interleaved(commands, 1)
    return interleaved(commands, rounds * MORE)
