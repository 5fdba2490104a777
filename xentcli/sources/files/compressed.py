"""Compressed files read as what is in them: gzip, bzip2 and zstd, told by their first bytes.

Arrow's streams are used for all three: unlike Python's own for bzip2 they refuse what follows the last member, they are
quicker than Python's for gzip, and they let other threads work meanwhile.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import BinaryIO

from xentcli.text import said

# What is read, by how it begins, how Arrow calls it, and how the names of such files end.
_KINDS = {
    b"\x1f\x8b": ("gzip", "gzip", ".gz"),
    b"BZh": ("bzip2", "bz2", ".bz2"),
    b"\x28\xb5\x2f\xfd": ("zstd", "zstd", ".zst"),
}
CODECS = {name: codec for name, codec, _ in _KINDS.values()}
ENDINGS = {ending: name for name, _, ending in _KINDS.values()}
MAGIC = {magic: name for magic, (name, _, _) in _KINDS.items()}


def named(path: str) -> str:
    """Return a path without the query that a URI may have.

    >>> named("s3://b/x.csv.gz?region=eu-west-1"), named("a?b.csv")
    ('s3://b/x.csv.gz', 'a?b.csv')
    """
    return path.partition("?")[0] if "://" in path else path


def inner_suffix(path: str) -> str:
    """Return the ending of a name in lower case, without the one that says how the file is compressed.

    >>> inner_suffix("a/b.TSV.gz"), inner_suffix("b.csv"), inner_suffix(".gz")
    ('.tsv', '.csv', '')
    """
    name = PurePath(named(path))
    return PurePath(name.stem).suffix.lower() if name.suffix.lower() in ENDINGS else name.suffix.lower()


# Arrow gives nothing of a reading that meets damage, so little is asked for at once.
_AT_ONCE = 1 << 16


class DamagedError(Exception):
    """Compressed data that cannot be decompressed: what is wrong with them."""


class Whole:
    """All bytes of a file whose first ones were read already; `taken` counts those that were asked for."""

    closed = False

    def __init__(self, head: bytes, handle: BinaryIO) -> None:
        self.head = head
        self.handle = handle
        self.taken = 0

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end. Raises OSError."""
        data, self.head = (self.head[:size], self.head[size:]) if self.head else (self.handle.read(size), b"")
        self.taken += len(data)
        return data

    def close(self) -> None:
        """Leave the file to its owner; Arrow closes what it reads."""


class Unpacked:
    """The bytes in a compressed file."""

    def __init__(self, whole: Whole, kind: str) -> None:
        import pyarrow as pa

        self.kind = kind
        self.stream = pa.CompressedInputStream(pa.PythonFile(whole, mode="r"), CODECS[kind])

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end. Raises DamagedError, or OSError if the file cannot be read."""
        try:
            data: bytes = self.stream.read(min(size, _AT_ONCE))
        except OSError as error:
            if error.errno is not None:
                raise
            raise DamagedError(_what(self.kind, said(error))) from error
        return data


def _what(kind: str, reason: str) -> str:
    if "Truncated" in reason:
        return f"the {kind} data end in the middle"
    return f"the {kind} data are damaged: {reason.rpartition(': ')[2]}"
