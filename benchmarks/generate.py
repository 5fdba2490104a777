"""Make files: seeded, chunk by chunk, so that files of any size take the memory of a chunk and a row group.

    python -m benchmarks.generate FOLDER '{"name": "ten", "rows": 1000, "classes": 10}'...

It is a process of its own: the one that measures must stay small (see `measure`).
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.cases import Data

SEED = 20261122
# Files in a new layout are made anew: a folder with another number beside it is not taken for done.
LAYOUT = 1
CHUNK_CELLS = 1 << 24


class Files:
    """The same table as CSV and as Parquet, written piece by piece."""

    def __init__(self, folder: Path, stem: str, data: Data) -> None:
        self._paths = {form: folder / f"{stem}.{form}" for form in data.formats}
        self._row_group = data.row_group
        self._parquet: pa.parquet.ParquetWriter | None = None
        self._csv: BinaryIO | None = None
        self._held: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        """Write a table; Parquet waits until a row group is full."""
        if "csv" in self._paths:
            self._write_csv(table)
        if "parquet" in self._paths:
            self._held.append(table)
            if sum(held.num_rows for held in self._held) >= self._row_group:
                self._write_row_group()

    def _write_csv(self, table: pa.Table) -> None:
        if self._csv is None:
            self._csv = self._paths["csv"].open("wb")
            # Arrow would quote the names.
            self._csv.write((",".join(table.column_names) + "\n").encode())
        pa.csv.write_csv(table, self._csv, pa.csv.WriteOptions(include_header=False, quoting_style="none"))

    def _write_row_group(self) -> None:
        table = pa.concat_tables(self._held)
        self._held.clear()
        if self._parquet is None:
            self._parquet = pa.parquet.ParquetWriter(self._paths["parquet"], table.schema)
        self._parquet.write_table(table, row_group_size=self._row_group)

    def close(self) -> None:
        """Finish both files."""
        if self._held:
            self._write_row_group()
        for file in (self._csv, self._parquet):
            if file is not None:
                file.close()


def binary(rng: np.random.Generator, rows: int) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Draw probabilities of 14 to 16 digits and labels that are 1 as often as those say."""
    odds = np.exp(rng.normal(scale=1.5, size=rows))
    p = odds / (1 + odds)
    finer = rng.random(rows) < 0.25
    p = np.where(finer, np.round(p, 15), np.round(p, 14))
    return pa.table({"p": p}), (rng.random(rows) < p).astype(np.int64)


def multiclass(rng: np.random.Generator, rows: int, data: Data) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Draw rows of a softmax in which the label stands out a little."""
    y = rng.integers(0, data.classes, rows)
    logits = rng.normal(size=(rows, data.classes))
    logits[np.arange(rows), y] += 2.0
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    p = logits.astype(np.float32) if data.single else logits
    return pa.table({f"p_c{k}": np.ascontiguousarray(p[:, k]) for k in range(data.classes)}), y


def chunks(data: Data) -> Iterator[tuple[int, int]]:
    """Yield from which row to which each chunk is: a row group, or less if those are large."""
    step = CHUNK_CELLS // data.classes
    for group in range(0, data.rows, data.row_group):
        end = min(group + data.row_group, data.rows)
        for at in range(group, end, step):
            yield at, min(at + step, end)


def keys(data: Data, rows: npt.NDArray[np.int64]) -> pa.Array:
    """Return the keys of rows: whole numbers with gaps, or 32 hexadecimal digits that look like a hash."""
    if data.key == "integer":
        return pa.array(rows * 7919 + 13)
    return pa.array([f"{row * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128:032x}" for row in rows.tolist()])


def names(data: Data, y: npt.NDArray[np.int64]) -> pa.Array:
    """Return labels as files hold them: 0 and 1 for two classes, else the name of the class."""
    if data.classes == 2:
        return pa.array(y)
    return pa.array([f"c{k}" for k in range(data.classes)]).take(pa.array(y))


def write(data: Data, folder: Path) -> None:
    """Write predictions and labels into a folder."""
    predictions, labels = Files(folder, "predictions", data), Files(folder, "labels", data)
    drawn: list[npt.NDArray[np.int64]] = []
    for at, end in chunks(data):
        rng = np.random.default_rng([SEED, at])
        table, y = binary(rng, end - at) if data.classes == 2 else multiclass(rng, end - at, data)
        if data.key is None:
            labels.add(pa.table({"label": names(data, y)}))
        else:
            drawn.append(y)
            table = table.add_column(0, "id", keys(data, np.arange(at, end)))
        predictions.add(table)
    if data.key is not None:
        y, order = np.concatenate(drawn), np.random.default_rng([SEED, data.rows, 1]).permutation(data.rows)
        for at, end in chunks(data):
            rows = order[at:end]
            labels.add(pa.table({"id": keys(data, rows), "label": names(data, y[rows])}))
    predictions.close()
    labels.close()


def make(data: Data, within: Path) -> None:
    """Write the files of data unless they are there; a folder has its name only once it is whole."""
    folder = data.folder(within)
    if (folder / f"layout-{LAYOUT}").exists():
        return
    print(f"making {folder}", flush=True)
    unfinished = folder.with_name(folder.name + ".part")
    for old in (folder, unfinished):
        shutil.rmtree(old, ignore_errors=True)
    unfinished.mkdir(parents=True)
    write(data, unfinished)
    (unfinished / f"layout-{LAYOUT}").touch()
    unfinished.rename(folder)


def main() -> None:
    """Make the files of all data that are asked for."""
    folder, *asked = sys.argv[1:]
    for text in asked:
        data = Data(**json.loads(text))
        make(data, Path(folder))


if __name__ == "__main__":
    main()
