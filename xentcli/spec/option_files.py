"""Files that are read whole because they are small: options, baselines. Bounded, so that none takes the memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from xentcli.errors import DataError
from xentcli.text import said

MOST_BYTES = 16 << 20


def read_small(path: str, option: str) -> bytes:
    """Return what is in the file that an option names, at most 16 MiB.

    Raises DataError for one that cannot be read, or is larger: before its bytes are taken where it has a size, after
    16 MiB of them where it has none (pipes and devices, of which some never end).
    """
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size <= MOST_BYTES:
                data = file.read(MOST_BYTES + 1)
                if len(data) <= MOST_BYTES:
                    return data
    except (OSError, ValueError) as error:
        raise DataError(f"{option} cannot read it: {said(error)}", file=path) from error
    raise DataError(f"{option} reads files of up to {MOST_BYTES >> 20} MiB, and this is larger", file=path)
