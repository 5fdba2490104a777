"""One way in: a path becomes an open source of the format its content says."""

from __future__ import annotations

from xentcli.errors import UsageError
from xentcli.sources.base import Source
from xentcli.sources.files import InputFile, detect
from xentcli.spec import Dialect
from xentcli.text import quote


def open_source(path: str, side: int, dialect: Dialect) -> Source:
    """Return the open source of an input; `side` is 0 for PREDICTIONS and 1 for LABELS.

    Raises DataError if it cannot be opened or read, UsageError for what is not a path.
    """
    if "://" in path:
        raise UsageError(f"{quote(path)} is a URI; files are read by their path")
    file = InputFile(path, side)
    try:
        kind = detect(file, dialect.encoding)
        if kind == "parquet":
            from xentcli.sources.parquet import ParquetSource

            return ParquetSource(file)
        if kind == "jsonl":
            from xentcli.sources.jsonl import JsonlSource

            return JsonlSource(file)
        from xentcli.sources.csv import CsvSource

        return CsvSource(file, dialect)
    except BaseException:
        file.close()
        raise
