"""Opening files: what they are by their first bytes, and whether they change while they are read."""

from __future__ import annotations

from io import FileIO
from pathlib import PurePath
from typing import BinaryIO, cast

from xentcli.errors import DataError
from xentcli.sources.files.compressed import ENDINGS, MAGIC, DamagedError, Unpacked, Whole, inner_suffix, named
from xentcli.sources.files.conversions import STANDARD_INPUT
from xentcli.sources.files.encodings import Recoded, UndecodableError, contradiction, plain, told_by
from xentcli.sources.files.raw import Kept, LocalFile, Raw, StandardInput
from xentcli.sources.files.unread_formats import PICKLES, READ, unread, unread_text
from xentcli.text import said

_HEAD = 4096
_MAGIC = {
    b"PAR1": "Parquet",
    b"PARE": "encrypted Parquet",
    b"\xfd7zXZ\x00": "xz",
    b"PK\x03\x04": "zip",
    b"ARROW1": "Arrow IPC",
    b"\x93NUMPY": "NumPy .npy",
    **MAGIC,
}
_COMPRESSED = {"xz", "zip", *ENDINGS.values()}


class InputFile:
    """A file opened for reading, with what it was when it was opened.

    path: what it is called in messages. head: its first bytes, and handle: its bytes from after those on; of a file
    that is compressed, the bytes in it. packing: how it is compressed, '' if it is not. inner_suffix: the ending of its
    name without that of the compression.
    """

    def __init__(self, path: str, side: int, raw: Raw | None = None) -> None:
        self._given = path
        self.path = STANDARD_INPUT if path == "-" else path
        self.side = side
        self.consumed = 0
        self.packing = ""
        self.inner_suffix = inner_suffix(self.path)
        self._whole: Whole | None = None
        self._encoding: str | None = None
        if not path:
            raise self.error("no such file")
        try:
            self.raw: Raw = open_raw(path) if raw is None else raw
        except (OSError, ValueError) as error:
            raise self.error(_why_not_open(error)) from error
        self.handle = self.raw.handle
        try:
            self.before = self.raw.stamp()
            self.head = self._read_head()
            self._unpack()
        except (OSError, DamagedError, DataError) as error:
            try:
                raise self.failure(error) from error
            finally:
                self.close()

    def again(self) -> InputFile:
        """Return the file opened once more, read from its start; of a pipe, before it is settled."""
        other = InputFile(self._given, self.side, self.raw.again() if isinstance(self.raw, Kept) else None)
        if self._encoding is not None:
            other.decode(self._encoding)
        return other

    @property
    def divisible(self) -> bool:
        """Say whether its text can be read from any byte on: a file of this machine, not compressed, in UTF-8."""
        return self.seekable and isinstance(self.handle, FileIO)

    def settle(self) -> None:
        """Say that nobody reads it from its start again."""
        if isinstance(self.raw, Kept):
            self.raw.forget()

    def _read_head(self) -> bytes:
        """Return the first bytes; a pipe gives what it has, so read until enough or the end."""
        head = b""
        while len(head) < _HEAD and (more := self.handle.read(_HEAD - len(head))):
            head += more
        return head

    def _unpack(self) -> None:
        """Go on with what is in the file, if it is compressed as its name says, or has no name that could say so."""
        ending = PurePath(named(self.path)).suffix.lower()
        told, kind = ENDINGS.get(ending, ""), kind_of(self.head)
        packing = kind if kind in ENDINGS.values() else ""
        if self.head and told and told != kind:
            content = kind or ("plain text" if 0 not in self.head else "something else")
            raise self.error(f"the name says {told} ({ending}), but the content is {content}", "Rename the file.")
        if packing and not told and self.seekable:
            end = next(end for end, name in ENDINGS.items() if name == packing)
            problem = f"the file is compressed ({packing}), but its name does not end in {end}"
            raise self.error(problem, "Rename it, or decompress it.")
        if packing:
            self.packing = packing
            self._read_through(Unpacked(self._from_the_start(), packing))
            self.head = self._read_head()

    def decode(self, encoding: str) -> None:
        """Go on with the text as UTF-8, written in another encoding as it is."""
        against = contradiction(self.head, encoding)
        if against is not None:
            raise self.error(against.problem, against.hint.format(option=self.option("encoding")))
        self._encoding = encoding
        self._read_through(Recoded(self._from_the_start(), encoding))
        try:
            self.head = self.handle.read(_HEAD)
        except UndecodableError:
            self.head = b""  # Whoever reads on meets it again, and knows the line.
        except (OSError, DamagedError) as error:
            raise self.failure(error) from error

    def _from_the_start(self) -> Whole:
        """Return the bytes so far with the head before them again; the first such is where progress is counted."""
        whole = Whole(self.head, self.handle)
        self._whole = self._whole or whole
        return whole

    def _read_through(self, reader: Unpacked | Recoded) -> None:
        # Of what a handle can do, those who read text need `read` alone; only Parquet, which is neither, seeks.
        self.handle = cast("BinaryIO", reader)

    def error(self, problem: str, hint: str = "", *options: str) -> DataError:
        """Return an error about the file as a whole."""
        return DataError(problem, file=self.path, order=(0, self.side, -1), hint=hint, options=options)

    def failure(self, error: Exception) -> DataError:
        """Return the error for one that was raised while the file was read."""
        if isinstance(error, DamagedError | UndecodableError):
            self.check_unchanged()
        if isinstance(error, DamagedError):
            return self.error(said(error), "It is not complete, or was changed since it was compressed.")
        if isinstance(error, UndecodableError):
            return self.error(said(error), f"Is it in another encoding? {self.option('encoding')} says which.")
        return error if isinstance(error, DataError) else self.error(_why_not_open(error))

    def option(self, name: str) -> str:
        """Return what the option about the text of this input is called: --NAME, or --labels-NAME for LABELS."""
        return f"--labels-{name}" if self.side else f"--{name}"

    @property
    def seekable(self) -> bool:
        """Say whether the file can be read again from its start."""
        return self.raw.seekable

    @property
    def size(self) -> int:
        """Return the size in bytes when it was opened, as it is on disk; 0 for what has none."""
        return self.raw.size

    def position(self) -> tuple[int, int]:
        """Return how many bytes of the file, as it is on disk, were read so far, and its size."""
        return (self.consumed if self._whole is None else self._whole.taken), self.size

    def check_unchanged(self) -> None:
        """Raise DataError if the open file is not what it was: its size or its time of change."""
        try:
            now = self.raw.stamp()
        except OSError as error:
            raise self.error(_why_not_open(error)) from error
        if now is not None and self.before is not None and now != self.before:
            what = f"{self.before[0]:,} bytes before, {now[0]:,} now"
            if now[0] == self.before[0]:
                what = f"its time of change is another one, its size the same, {now[0]:,} bytes"
            hint = "Run again when whatever writes it has finished."
            raise self.error(f"the file changed while it was read: {what}", hint)

    def close(self) -> None:
        """Close the file."""
        self.raw.close()


def open_raw(path: str) -> Raw:
    """Return the open bytes of a path or a URI, `-` for standard input. Raises OSError or ValueError."""
    if "://" in path:
        from xentcli.sources.files.uris import UriFile

        return UriFile(path)
    raw = StandardInput() if path == "-" else LocalFile(path)
    return raw if raw.seekable else Kept(raw)


def kind_of(head: bytes) -> str:
    """Return what the first bytes of a file say that it is, '' if nothing: then it may be text."""
    if head[257:262] == b"ustar":
        return "tar"
    if _is_text(head) or not head:
        return ""
    found = unread(head, "")
    return found.name if found else next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")


def detect(file: InputFile, encoding: str | None = None) -> str:
    """Return 'parquet', 'jsonl' or 'csv' by the first bytes; raise DataError for anything else and contradictions.

    Text is then read as UTF-8, whatever its encoding.
    """
    head, ending = file.head, file.inner_suffix
    if not head:
        raise file.error("the file is empty")
    kind = kind_of(head)
    if kind == "Parquet":
        _refuse_odd_parquet(file)
        return "parquet"
    other = None if _is_text(head) and ending not in PICKLES else unread(head, ending)
    if ending in {".parquet", ".pq"}:
        raise file.error(f"the name says Parquet, but the content is {kind or 'not: it does not begin with PAR1'}")
    if other is not None:
        raise file.error(*other.said(file.path))
    if kind in _COMPRESSED and file.packing:
        raise file.error(f"the file is compressed twice: {kind} inside {file.packing}", "Decompress it first.")
    if kind in _COMPRESSED:
        raise file.error(f"the file is compressed ({kind})", "Decompress it first, or use gzip, bzip2 or zstd.")
    if kind:
        raise file.error(f"the file is {kind}, which is not read", READ)
    if ending[1:] in _COMPRESSED:
        raise file.error(f"the name says {ending[1:]} ({ending}), but the content is not", "Rename the file.")
    if head.startswith(b"\0\0\0\0"):
        raise file.error("the content is no text: it begins with zeros")
    _read_as_utf8(file, encoding)
    return _text_format(file)


def _refuse_odd_parquet(file: InputFile) -> None:
    ending = file.inner_suffix
    if ending in {".csv", ".tsv", ".jsonl", ".ndjson"}:
        said = "JSON Lines" if ending in {".jsonl", ".ndjson"} else ending[1:].upper()
        raise file.error(f"the name says {said}, but the content is Parquet", "Rename the file.")
    if file.packing:
        hint = "Parquet has its index at the end and is compressed within: decompress the file."
        raise file.error(f"Parquet cannot be read from inside {file.packing}", hint)


def _read_as_utf8(file: InputFile, encoding: str | None) -> None:
    told = told_by(file.head)
    if encoding is not None and not plain(encoding):
        file.decode(encoding)
    elif told is not None:
        raise file.error(f"the text is {told[0]}, not UTF-8", "", f"{file.option('encoding')} {told[1]}")


def _text_format(file: InputFile) -> str:
    """Return 'jsonl' where the name says so, or else the first character of the text; otherwise 'csv'."""
    ending = file.inner_suffix
    other = unread_text(file.head.removeprefix(b"\xef\xbb\xbf").lstrip(), ending)
    if other is not None:
        raise file.error(*other.said(file.path))
    if ending in {".csv", ".tsv"}:
        return "csv"
    begins = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "jsonl" if ending in {".jsonl", ".ndjson"} or begins == b"{" else "csv"


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
    return f"cannot be read: {said(error)}"
