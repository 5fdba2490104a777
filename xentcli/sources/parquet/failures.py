"""What Arrow raises on Parquet files as our errors: damage, what it cannot do, what is too large for this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from xentcli.errors import DataError, ResourceError
from xentcli.sources.files.input_file import InputFile
from xentcli.text import path, said

_FAILURES = (pa.ArrowException, OSError, UnicodeDecodeError, ValueError, NotImplementedError)
_NOT_IMPLEMENTED = "Not yet implemented: "


@contextmanager
def reading(file: InputFile) -> Iterator[None]:
    """Turn what Arrow raises while a file is read into DataError and ResourceError."""
    try:
        yield
    except MemoryError as error:
        raise ResourceError(f"not enough memory to read {path(file.path)}") from error
    except _FAILURES as error:
        raise _unreadable(file, error) from error


def _unreadable(file: InputFile, error: Exception) -> DataError:
    reason = said(error)
    if "ecrypt" in reason:
        return file.error("the Parquet file is encrypted, which is not read", "Write it without encryption.")
    # On the way through a stream of batches it becomes an OSError.
    if isinstance(error, NotImplementedError) or reason.startswith(_NOT_IMPLEMENTED):
        reason = reason.removeprefix(_NOT_IMPLEMENTED)
        hint = "Write it anew with plain or dictionary encoding, compressed by zstd, gzip, snappy or not at all."
        return file.error(f"the Parquet file has what is not supported: {reason}", hint)
    return file.error(f"the Parquet file cannot be read: {reason}", "It is damaged, or not complete.")
