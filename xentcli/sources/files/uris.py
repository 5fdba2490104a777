"""Files behind URIs: what pyarrow's filesystems read, with bounded waits and errors in plain words."""

from __future__ import annotations

import io
import os
from functools import partial
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes

from xentcli.errors import DataError, UsageError
from xentcli.sources.files.read_only import ReadOnly
from xentcli.sources.files.stores import Address, address_of, filesystem_of, plainly
from xentcli.sources.parts.listing import Part, is_pattern, parts_of_folder, parts_of_pattern
from xentcli.sources.parts.trees import Entry
from xentcli.text import quote, said

_READ_AT_LEAST = 1 << 16


def local_path(uri: str) -> str | None:
    """Return the path that a `file://` URI stands for, None for a URI that is read over the network.

    Raises UsageError for what is neither.
    """
    scheme, _, rest = uri.partition("://")
    if scheme.lower() in {"s3", "gs", "gcs"}:
        return None
    if scheme.lower() != "file":
        raise UsageError(f"{quote(uri, 4096)} is not read; URIs begin with s3://, gs://, gcs:// or file://")
    host, slash, path = rest.partition("/")
    if host not in {"", "localhost"} or not slash:
        raise UsageError(f"{quote(uri, 4096)} names another machine; a file of this one is file:///PATH")
    return os.fsdecode(b"/" + unquote_to_bytes(os.fsencode(path)))


def remote_parts(uri: str, side: int) -> list[Part] | None:
    """Return the parts of a directory or pattern behind a URI; None for what is to be opened as one file."""
    address = address_of(uri)
    try:
        tree = RemoteTree(address)
        if is_pattern(address.path):
            return parts_of_pattern(tree, address.path, uri, side)
        if tree.is_folder(address.path):
            return parts_of_folder(tree, address.path.rstrip("/"), uri, side)
    except OSError as error:
        raise DataError(f"cannot be read: {said(error)}", file=uri, order=(0, side, -1)) from error
    return None


class RemoteTree:
    """Folders behind a URI. Raises OSError, its text in plain words."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.fs = plainly(lambda: filesystem_of(address))
        self._held: dict[str, list[Entry]] = {}

    def is_folder(self, path: str) -> bool:
        """Say whether a path is a folder, and no file."""
        from pyarrow.fs import FileType

        return bool(plainly(lambda: self.fs.get_file_info(path.rstrip("/"))).type == FileType.Directory)

    def entries(self, folder: str, deep: bool) -> list[Entry]:
        """Return what a folder holds; deep ones are fetched with all that is below, in few requests."""
        from pyarrow.fs import FileSelector, FileType

        held = self._held.pop(folder, None)
        if held is not None:
            return held
        selector = FileSelector(folder, recursive=deep)
        below: dict[str, list[Entry]] = {folder: []}
        for info in plainly(lambda: self.fs.get_file_info(selector)):
            is_folder = info.type == FileType.Directory
            entry = Entry(info.base_name, is_folder, not is_folder, info.size or 0, False, None)
            below.setdefault(info.path.rpartition("/")[0], []).append(entry)
            if is_folder and deep:
                below.setdefault(info.path, [])
        self._held |= below
        return self._held.pop(folder)

    def join(self, folder: str, name: str) -> str:
        """Return the path of what a folder holds."""
        return f"{folder}/{name}" if folder else name

    def shown(self, path: str) -> str:
        """Return the URI of a path."""
        return self.address.uri(path)

    def is_there(self, path: str) -> bool:
        """Return False: a name with wildcards is a pattern here."""
        del path
        return False

    def is_root(self, folder: str) -> bool:
        """Return False: a bucket may well be read whole."""
        del folder
        return False

    def identity(self, folder: str) -> None:
        """Return None: there are no links."""
        del folder


class UriFile:
    """A file behind a URI. Raises OSError, its text in plain words, if it cannot be opened."""

    seekable = True

    def __init__(self, uri: str) -> None:
        self._address = address_of(uri)
        self._fs = plainly(lambda: filesystem_of(self._address))
        before = self.stamp()
        self.size = before[0]
        opened = plainly(lambda: self._fs.open_input_file(self._address.path))
        self.handle = cast("BinaryIO", _Handle(uri, opened, self.size))

    def stamp(self) -> tuple[int, int]:
        """Return the size and the time of change."""
        from pyarrow.fs import FileType

        path = self._address.path
        info = plainly(lambda: self._fs.get_file_info(path))
        if info.type == FileType.Directory:
            raise IsADirectoryError
        if info.type == FileType.NotFound:
            # A store says the same of a key that is not there and of a bucket that is not.
            bucket = plainly(lambda: self._fs.get_file_info(self._address.bucket))
            if bucket.type == FileType.NotFound:
                raise OSError(f"there is no bucket {quote(self._address.bucket)}")
            raise FileNotFoundError
        return info.size, info.mtime_ns or 0

    def close(self) -> None:
        """Close the file."""
        self.handle.close()


class _Handle(ReadOnly):
    """Reads at a place, no less than 64 KiB at once. A read that fails is a DataError: the file is not to blame, so
    no reader of a format may take it for damaged.
    """

    def __init__(self, uri: str, opened: Any, size: int) -> None:
        self._uri, self._opened, self._size = uri, opened, size
        self._held, self._held_from = memoryview(b""), 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; return how many bytes, fewer than it holds at the end alone: Parquet's reader relies on it."""
        target = memoryview(buffer).cast("B")
        length = max(0, min(len(target), self._size - self._at))
        done = 0
        while done < length:
            if not self._held_from <= self._at < self._held_from + len(self._held):
                self._fetch(min(self._size - self._at, max(length - done, _READ_AT_LEAST)))
            start = self._at - self._held_from
            part = self._held[start : start + length - done]
            target[done : done + len(part)] = part
            done += len(part)
            self._at += len(part)
        return done

    def _fetch(self, length: int) -> None:
        """Hold so many bytes from here on. A connection that breaks may look like an answer that is too short."""
        data = b""
        while len(data) < length:
            start = self._at + len(data)
            try:
                more = plainly(partial(self._opened.read_at, length - len(data), start))
            except OSError as error:
                raise DataError(f"cannot be read: {said(error)}", file=self._uri) from error
            if not more:
                raise DataError(f"cannot be read: it ends after {start:,} of {self._size:,} bytes", file=self._uri)
            data = data + more if data else more
        self._held, self._held_from = memoryview(data), self._at

    def close(self) -> None:
        """Close the file and let go of what is held."""
        if not self.closed:
            self._held = memoryview(b"")
            self._opened.close()
        super().close()
