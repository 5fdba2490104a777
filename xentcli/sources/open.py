"""One way in: a path, a pattern, a directory or a URI becomes an open source of the format its content says."""

from __future__ import annotations

import os

from xentcli.sources.base import Source
from xentcli.sources.files.input_file import InputFile, detect
from xentcli.sources.parts.listing import Part, is_pattern, parts_of_folder, parts_of_pattern
from xentcli.sources.parts.trees import LocalTree
from xentcli.spec.dialect import Dialect


def open_source(path: str, side: int, dialect: Dialect) -> Source:
    """Return the open source of an input; `side` is 0 for PREDICTIONS and 1 for LABELS.

    Raises DataError if it cannot be opened or read, UsageError for what is not a path.
    """
    if "://" in path:
        from xentcli.sources.files.uris import local_path, remote_parts

        local = local_path(path)
        parts = remote_parts(path, side) if local is None else _local_parts(local, side)
        path = path if local is None else local
    else:
        parts = _local_parts(path, side)
    if parts is None:
        return open_file(InputFile(path, side), dialect)
    from xentcli.sources.parts.source import PartsSource

    return PartsSource(path, side, parts, lambda file: open_file(file, dialect))


def _local_parts(path: str, side: int) -> list[Part] | None:
    """Return the parts of a directory or a pattern; None for what is to be opened as one file."""
    tree = LocalTree()
    if os.path.isdir(path):  # noqa: PTH112  # which is no error for names that cannot be
        return parts_of_folder(tree, path, path, side)
    if is_pattern(path) and not tree.is_there(path):
        return parts_of_pattern(tree, path, path, side)
    return None


def open_file(file: InputFile, dialect: Dialect) -> Source:
    """Return the source of one open file, and close it where that fails."""
    try:
        kind = detect(file, dialect.encoding)
        if kind == "parquet":
            from xentcli.sources.parquet.source import ParquetSource

            return ParquetSource(file)
        if kind == "jsonl":
            from xentcli.sources.jsonl.source import JsonlSource

            return JsonlSource(file)
        from xentcli.sources.csv.source import CsvSource

        return CsvSource(file, dialect)
    except BaseException:
        file.close()
        raise
