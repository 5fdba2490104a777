"""Opening files: what they are by their first bytes, and whether they change while they are read."""

from __future__ import annotations

from pathlib import Path

from xentcli.errors import DataError
from xentcli.sources.raw import LocalFile, Raw

_HEAD = 4096
_MAGIC = {
    b"PAR1": "Parquet",
    b"PARE": "encrypted Parquet",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ\x00": "xz",
    b"PK\x03\x04": "zip",
    b"ARROW1": "Arrow IPC",
    b"\x93NUMPY": "NumPy .npy",
    b"SQLite format 3": "SQLite",
}
_ENCODED = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class InputFile:
    """A file opened for reading, with what it was when it was opened.

    path: what it is called in messages. head: its first bytes, as they are on disk. handle: its bytes from after the
    head on.
    """

    def __init__(self, path: str, side: int) -> None:
        self.path = path
        self.side = side
        self.consumed = 0
        if not path:
            raise self.error("no such file")
        try:
            self.raw: Raw = open_raw(path)
        except (OSError, ValueError) as error:
            raise self.error(_why_not_open(error)) from error
        self.handle = self.raw.handle
        try:
            self.before = self.raw.stamp()
            self.head = self._read_head()
        except OSError as error:
            self.close()
            raise self.error(_why_not_open(error)) from error

    def _read_head(self) -> bytes:
        """Return the first bytes; a pipe gives what it has, so read until enough or the end."""
        head = b""
        while len(head) < _HEAD and (more := self.handle.read(_HEAD - len(head))):
            head += more
        return head

    def error(self, problem: str, hint: str = "") -> DataError:
        """Return an error about the file as a whole."""
        return DataError(problem, file=self.path, order=(0, self.side, -1), hint=hint)

    @property
    def seekable(self) -> bool:
        """Say whether the file can be read again from its start."""
        return self.raw.seekable

    @property
    def size(self) -> int:
        """Return the size in bytes when it was opened; 0 for what has none."""
        return self.raw.size

    def check_unchanged(self) -> None:
        """Raise DataError if the open file is not what it was: its size or its time of change."""
        try:
            now = self.raw.stamp()
        except OSError as error:
            raise self.error(_why_not_open(error)) from error
        if now is not None and self.before is not None and now != self.before:
            raise self.error(
                f"the file changed while it was read: {self.before[0]:,} bytes before, {now[0]:,} now",
                "Run again when whatever writes it has finished.",
            )

    def close(self) -> None:
        """Close the file."""
        self.raw.close()


def open_raw(path: str) -> Raw:
    """Return the open bytes of a path or a URI. Raises OSError or ValueError."""
    if "://" in path:
        from xentcli.sources.uris import UriFile

        return UriFile(path)
    return LocalFile(path)


def detect(file: InputFile) -> str:
    """Return 'parquet' or 'csv' by the first bytes; raise DataError for anything else and for contradictions."""
    head, ending = file.head, Path(file.path).suffix.lower()
    if not head:
        raise file.error("the file is empty")
    kind = None if _is_text(head) else next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)
    if kind == "zip" and ending in {".xlsx", ".xlsm"}:
        raise file.error("the file is an Excel workbook, which is not read", "CSV and Parquet are.")
    if kind == "Parquet":
        if ending in {".csv", ".tsv"}:
            raise file.error(f"the name says {ending[1:].upper()}, but the content is Parquet", "Rename the file.")
        return "parquet"
    if ending in {".parquet", ".pq"}:
        raise file.error(f"the name says Parquet, but the content is {kind or 'not: it does not begin with PAR1'}")
    if kind in {"gzip", "bzip2", "zstd", "xz", "zip"}:
        raise file.error(f"the file is compressed ({kind})", "Decompress it first.")
    if kind is not None:
        raise file.error(f"the file is {kind}, which is not read", "CSV and Parquet are.")
    encoded = next((name for mark, name in _ENCODED.items() if head.startswith(mark)), None)
    every_other = len(head) > 3 and (head[0] == head[2] == 0 or head[1] == head[3] == 0)
    if encoded is not None or every_other:
        raise file.error(f"the text is {encoded or 'UTF-16'}, not UTF-8", "Convert it to UTF-8 first.")
    return "csv"


def _is_text(head: bytes) -> bool:
    """Say whether the first bytes are lines of text: a column may be called as a format's magic number is spelled."""
    return b"\n" in head and not any(byte < 9 or 13 < byte < 32 or byte > 126 for byte in head)


def _why_not_open(error: Exception) -> str:
    if isinstance(error, IsADirectoryError):
        return "this is a directory, not a file"
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"cannot be read: {reason}"
