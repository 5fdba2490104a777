"""Results compared: everything but how it was run, what the files are called and where rows stand."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

Result = dict[str, Any]


def same_everywhere(result: Result) -> Result:
    """Return a result without `run`, `inputs` and the fields record, line and file."""
    return {key: _plain(value) for key, value in result.items() if key not in {"run", "inputs"}}


def same_every_run(result: Result) -> Result:
    """Return a result without `run`: what chunk rows and threads must not change."""
    return {key: value for key, value in result.items() if key != "run"}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items() if key not in {"record", "line", "file"}}
    return [_plain(held) for held in value] if isinstance(value, list) else value


def write(table: pa.Table, path: str) -> str:
    """Write a table as CSV or Parquet, by the path's ending, and return the path."""
    if path.endswith(".parquet"):
        pyarrow.parquet.write_table(table, path, row_group_size=11)
    else:
        pyarrow.csv.write_csv(table, path)
    return path
