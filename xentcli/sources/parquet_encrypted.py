"""Columns of a Parquet file that are encrypted while its footer is not: asked for without a key, each ends the process
in the middle of pyarrow, so it is found out beforehand by a reading that stops where it would begin.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyarrow.parquet as pq

from xentcli.sources.files import InputFile

_END = 8


class _StopError(Exception):
    """Arrow has begun to read."""


class _Stopping(io.RawIOBase):
    """A file of a size, of which nothing can be read."""

    def __init__(self, size: int) -> None:
        self._size = self._at = size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        raise _StopError


def refuse_encrypted(file: InputFile, metadata: pq.FileMetaData, names: Sequence[str]) -> None:
    """Raise what Arrow does for columns of these that are encrypted; the footer of such a file has a signature."""
    file.handle.seek(file.size - _END)
    footer = int.from_bytes(file.handle.read(_END)[:4], "little")
    if footer == metadata.serialized_size:
        return
    opened = pq.ParquetFile(_Stopping(file.size), metadata=metadata, buffer_size=1 << 12)
    for group in range(metadata.num_row_groups):
        try:
            next(opened.iter_batches(1, row_groups=[group], columns=list(names), use_threads=False), None)
        except _StopError:
            continue
