"""The cases: which data there are, and in which formats they are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

MIBI = 1 << 20
"""The rows of a row group that Arrow writes if nobody says otherwise."""


@dataclass(frozen=True)
class Data:
    """Predictions and labels of one shape. A key means that labels are in another order."""

    name: str
    rows: int
    classes: int
    key: Literal["integer", "text"] | None = None
    single: bool = False
    """Whether probabilities are 32-bit floats."""
    row_group: int = MIBI
    formats: tuple[str, ...] = ("csv", "parquet")

    def at(self, scale: float) -> Data:
        """Return the same data with so many times the rows, of which there is at least one."""
        return replace(self, rows=max(round(self.rows * scale), 1))

    def folder(self, within: Path) -> Path:
        """Return the folder of its files: everything that decides their content is in its name."""
        parts = [self.name, str(self.classes), str(self.rows), str(self.row_group)]
        return within / "-".join(parts)


@dataclass(frozen=True)
class Case:
    """Data in one format."""

    name: str
    data: Data
    format: Literal["csv", "parquet"]
    text: str
    judged: bool = True
    """Whether it counts in the geometric mean."""

    def files(self, within: Path) -> tuple[Path, Path]:
        """Return predictions and labels."""
        folder = self.data.folder(within)
        return folder / f"predictions.{self.format}", folder / f"labels.{self.format}"

    def at(self, scale: float) -> Case:
        """Return the same case with so many times the rows."""
        return replace(self, data=self.data.at(scale))


BINARY = Data("binary", 10_000_000, 2)
TEN = Data("ten", 2_000_000, 10)
JOINED = Data("joined", 1_000_000, 10, key="integer", row_group=250_000)
JOINED_TEXT = Data("joined-text", 1_000_000, 10, key="text", row_group=250_000)
THOUSAND = Data("thousand", 30_000, 1000, single=True, row_group=5_000)
SMALL = Data("small", 1_000, 10)

CASES = (
    Case("binary-csv", BINARY, "csv", "binary, CSV"),
    Case("binary-parquet", BINARY, "parquet", "binary, Parquet"),
    Case("ten-csv", TEN, "csv", "10 classes, CSV"),
    Case("ten-parquet", TEN, "parquet", "10 classes, Parquet"),
    Case("joined-csv", JOINED, "csv", "10 classes joined by an integer, CSV"),
    Case("joined-parquet", JOINED, "parquet", "10 classes joined by an integer, Parquet"),
    Case("joined-text-parquet", JOINED_TEXT, "parquet", "10 classes joined by a text of 32 characters, Parquet"),
    Case("thousand-csv", THOUSAND, "csv", "1,000 classes, 32-bit floats, CSV"),
    Case("thousand-parquet", THOUSAND, "parquet", "1,000 classes, 32-bit floats, Parquet"),
    Case("small-csv", SMALL, "csv", "10 classes, CSV", judged=False),
)
