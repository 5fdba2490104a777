"""What a Parquet footer says of columns, tried before it is asked: where that is damaged or encrypted, pyarrow's own
objects end the process, while its reader raises. So a reading is begun that stops where the first byte is read.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress

import pyarrow.parquet as pq

from xentcli.sources.files.input_file import InputFile
from xentcli.sources.files.read_only import ReadOnly


class _StopError(Exception):
    """Arrow has begun to read."""


class _Stopping(ReadOnly):
    """A file of a size, of which nothing can be read."""

    def __init__(self, size: int) -> None:
        self._size = self._at = size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        raise _StopError


def refuse_unsayable(file: InputFile, metadata: pq.FileMetaData, names: Sequence[str]) -> None:
    """Raise what Arrow does where the footer is damaged or encrypted for one of these columns, in any row group."""
    # Its ranges of all row groups are worked out before the first is read.
    opened = pq.ParquetFile(_Stopping(file.size), metadata=metadata, pre_buffer=True)
    with suppress(_StopError):
        next(opened.iter_batches(1, columns=list(names), use_threads=False), None)
