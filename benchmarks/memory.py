"""Whether memory is flat and time linear: xent alone on more and more rows, in row groups of all sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case, Data
from benchmarks.measure import warm
from benchmarks.rounds import Measured, interleaved
from benchmarks.tools import command

ROWS = (1_000_000, 10_000_000)
# A row group is written from memory: no file has a single one that is larger.
LARGEST_GROUP = 10_000_000
WIDE = 1000


@dataclass(frozen=True)
class Size:
    """A case and what xent took for it."""

    case: Case
    measured: Measured


def cases(rows: Iterable[int]) -> list[Case]:
    """Return what is measured: of a thousand classes a hundredth of the rows, so that files are of similar size."""
    chosen: list[Case] = []
    for classes, part, group in ((10, 1, 250_000), (WIDE, 100, 5_000)):
        for total in rows:
            count = max(total // part, 1)
            many = Data("flat", count, classes, single=classes == WIDE, row_group=group)
            chosen.append(Case("flat", many, "csv", f"{classes:,} classes, CSV"))
            chosen.append(Case("flat", many, "parquet", f"{classes:,} classes, Parquet, row groups of {group:,}"))
            if total <= LARGEST_GROUP:
                one = Data("flat", count, classes, single=classes == WIDE, row_group=count, formats=("parquet",))
                chosen.append(Case("flat", one, "parquet", f"{classes:,} classes, Parquet, one row group"))
    # Equal shapes beside each other, by size: that is how flatness is seen.
    return sorted(chosen, key=lambda case: (case.data.classes, case.text, case.data.rows))


def measure(case: Case, folder: Path, rounds: int, threads: int | None) -> Size:
    """Run xent on a case."""
    warm(case.files(folder))
    return Size(case, interleaved({"xent": command("xent", case, folder, threads)}, rounds)["xent"])
