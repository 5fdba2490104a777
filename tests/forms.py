"""Columns of Python values written in every format, with the types that Parquet is to have."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Table = Mapping[str, Sequence[Any]]
TEXTS: tuple[pa.DataType, ...] = (
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
)


def write_form(table: Table, path: str, types: Mapping[str, pa.DataType] | None = None) -> str:
    """Write a table as the path's ending says and return the path; `types` are those of columns in Parquet."""
    if path.endswith(".parquet"):
        given = types or {}
        columns = {name: typed(values, given.get(name)) for name, values in table.items()}
        pq.write_table(pa.table(columns), path, row_group_size=5)
    elif path.endswith(".jsonl"):
        records = zip(*table.values(), strict=True)
        lines = [json.dumps(dict(zip(table, map(_plain, record), strict=True))) + "\n" for record in records]
        Path(path).write_text("".join(lines), encoding="utf-8")
    else:
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(table)
            # Floats are written as repr, which is exact.
            writer.writerows(_cells(record) for record in zip(*table.values(), strict=True))
    return path


def typed(values: Sequence[Any], kind: pa.DataType | None) -> pa.Array:
    """Return values as an array of a type: as their texts where it holds text, but for what is missing."""
    if kind is not None and any(kind == text for text in TEXTS):
        texts = pa.array([None if value is None else str(_plain(value)) for value in values], pa.string())
        return texts.dictionary_encode() if pa.types.is_dictionary(kind) else texts.cast(kind)
    if kind is not None and pa.types.is_decimal(kind):
        return pa.array([Decimal(value) for value in values], kind)
    if kind is None and any(isinstance(value, int) and value >= 1 << 63 for value in values):
        # Beyond what Arrow takes whole numbers for.
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.array(values, kind)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _cells(record: Sequence[Any]) -> list[Any]:
    return [str(value).lower() if isinstance(value, bool) else _plain(value) for value in record]
