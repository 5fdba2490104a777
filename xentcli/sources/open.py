"""One way in: a path becomes an open source of the format its content says."""

from __future__ import annotations

from xentcli.errors import UsageError
from xentcli.sources.base import Source
from xentcli.sources.files import InputFile, detect
from xentcli.text import quote


def open_source(path: str, side: int, delimiter: str | None) -> Source:
    """Return the open source of a CSV or Parquet file; `side` is 0 for PREDICTIONS and 1 for LABELS.

    Raises DataError if it cannot be opened or read, UsageError for what is not a path.
    """
    if "://" in path:
        raise UsageError(f"{quote(path)} is a URI; files are read by their path")
    if path == "-":
        raise UsageError("standard input is not read; give a file")
    file = InputFile(path, side)
    try:
        if detect(file) == "parquet":
            from xentcli.sources.parquet import ParquetSource

            return ParquetSource(file)
        from xentcli.sources.csv import CsvSource

        return CsvSource(file, delimiter)
    except BaseException:
        file.close()
        raise
