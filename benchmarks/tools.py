"""Which tools there are, and the command of each for a case."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks.cases import Case, Data

PEERS = ("polars", "duckdb")
"""The tools that xent is compared with: the better one of a case is its measure."""

TOOLS = {"xent": "xent", "polars": "Polars", "duckdb": "DuckDB", "sklearn": "scikit-learn", "floor": "only read"}


def xent(case: Case, folder: Path, threads: int | None) -> list[str]:
    """Return the command that evaluates a case with xent."""
    files = [str(path) for path in case.files(folder)]
    key = ["--on", "id"] if case.data.key else []
    given = [] if threads is None else ["--jobs", str(threads)]
    return [sys.executable, "-m", "xentcli", "eval", *files, *key, *given, "-f", "json", "-q"]


def peer(name: str, case: Case, folder: Path, threads: int | None) -> list[str]:
    """Return the command of another tool: PREDICTIONS LABELS CLASSES KEY SINGLE THREADS.

    CLASSES is how many there are, KEY the type of the column `id` to join on ("integer", "text", or empty: rows are in
    the same order), SINGLE is not empty if probabilities are 32-bit floats, THREADS is empty for as many as cores.
    """
    files = [str(path) for path in case.files(folder)]
    data = case.data
    shape = [
        str(data.classes),
        data.key or "",
        "single" if data.single else "",
        "" if threads is None else str(threads),
    ]
    program = "floor" if name == "floor" else f"{name}_eval"
    return [sys.executable, "-m", f"benchmarks.peers.{program}", *files, *shape]


def command(name: str, case: Case, folder: Path, threads: int | None = None) -> list[str]:
    """Return the command of a tool for a case."""
    return xent(case, folder, threads) if name == "xent" else peer(name, case, folder, threads)


def generator(folder: Path, data: Iterable[Data]) -> list[str]:
    """Return the command that makes the files of data that are not there yet."""
    return [sys.executable, "-m", "benchmarks.generate", str(folder), *(json.dumps(asdict(each)) for each in data)]
