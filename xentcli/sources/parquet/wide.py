"""Parquet of very many columns of numbers: row groups are decoded whole, some columns at a time.

Rows from all columns at once take a reader, a buffer, a page and a dictionary of each: 25 kB a column, beside which
the numbers of a row group of a few hundred rows are nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xentcli.numerics.column_matrix import FEWEST_COLUMNS, Matrix, WideNumbers

MANY_COLUMNS = 1 << 13
MOST_HELD = 256 << 20
_COLUMNS_AT_ONCE = 1000


def fits(metadata: pq.FileMetaData, dtypes: Sequence[np.dtype[Any]]) -> bool:
    """Say whether columns of these types are so many, and row groups so short, that those are decoded whole."""
    if len(dtypes) < MANY_COLUMNS or len(set(dtypes)) > 1:
        return False
    rows = max((metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)), default=0)
    return rows * len(dtypes) * dtypes[0].itemsize <= MOST_HELD


def read_group(opened: pq.ParquetFile, group: int, names: Sequence[str], dtype: np.dtype[Any]) -> Matrix | None:
    """Return a row group as a matrix, (n, columns) in the order of the names, column by column; None with a null.

    Raises ArrowException where it is damaged.
    """
    rows = opened.metadata.row_group(group).num_rows
    matrix = np.empty((rows, len(names)), dtype=dtype, order="F")
    for start in range(0, len(names), _COLUMNS_AT_ONCE):
        some = names[start : start + _COLUMNS_AT_ONCE]
        table = opened.read_row_group(group, columns=list(some), use_threads=False)
        table.validate()
        if table.num_rows != rows:
            raise pa.ArrowInvalid(f"row group {group + 1} has {table.num_rows:,} rows, not {rows:,}")
        if rows and not _put(table.select(some), matrix[:, start : start + len(some)]):
            return None
    return matrix


def _put(table: pa.Table, matrix: Matrix) -> bool:
    """Copy a table to a matrix; return whether all values are there."""
    try:
        matrix[...] = np.asarray(table.combine_chunks().to_batches()[0].to_tensor(row_major=False))
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return False
    return True


def as_matrix(batch: pa.RecordBatch, places: dict[str, int]) -> WideNumbers | None:
    """Return a batch of columns of one type of numbers as a matrix; None with a null."""
    if len(places) < FEWEST_COLUMNS:
        return None
    try:
        return WideNumbers(np.asarray(batch.to_tensor(row_major=False)), places)
    except pa.ArrowException:
        return None
