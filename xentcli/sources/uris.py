"""Files behind URIs: what pyarrow's filesystems read, with bounded waits and errors in plain words."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast
from urllib.parse import parse_qsl, unquote_to_bytes

from xentcli.errors import DataError, UsageError
from xentcli.sources.listing import Entry, Part, is_pattern, parts_of_folder, parts_of_pattern
from xentcli.text import quote, show

T = TypeVar("T")

_READ_AT_LEAST = 1 << 16
_CONNECT_SECONDS = 3
_REQUEST_SECONDS = 4
_ATTEMPTS = 3
_GCS_SECONDS = 5
_QUERY = re.compile(r"\?(?P<query>[a-z_]+=[^/?]*)$")
_OPTIONS = {
    "s3": {"region", "scheme", "endpoint_override", "anonymous"},
    "gs": {"scheme", "endpoint_override", "anonymous", "project_id"},
}
_S3_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE")
# Credentials are read by the SDK itself; a changed one must not meet a client made with another.
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")


class _Address(NamedTuple):
    """A URI taken apart: the scheme as written, the kind of store, bucket/key, and `?option=value&…` as written."""

    scheme: str
    store: str
    path: str
    query: str

    @property
    def bucket(self) -> str:
        return self.path.partition("/")[0]

    def uri(self, path: str) -> str:
        """Return the URI of another path of the same store."""
        return f"{self.scheme}://{path}{self.query}"


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
    address = _address(uri)
    try:
        tree = RemoteTree(address)
        if is_pattern(address.path):
            return parts_of_pattern(tree, address.path, uri, side)
        if tree.is_folder(address.path):
            return parts_of_folder(tree, address.path.rstrip("/"), uri, side)
    except OSError as error:
        raise DataError(f"cannot be read: {error}", file=uri, order=(0, side, -1)) from error
    return None


def _address(uri: str) -> _Address:
    scheme, _, rest = uri.partition("://")
    found = _QUERY.search(rest)
    query = found.group() if found else ""
    path = rest.removesuffix(query)
    store = "s3" if scheme.lower() == "s3" else "gs"
    bucket = path.partition("/")[0]
    if not bucket or is_pattern(bucket):
        raise UsageError(f"{quote(uri, 4096)} names no bucket; it is {scheme}://BUCKET/PATH")
    if "@" in bucket:
        # Whatever stands in a URI ends up in results and logs.
        raise UsageError(f"a {scheme}:// URI holds no credentials; they come from the environment")
    for option, _ in parse_qsl(query[1:], keep_blank_values=True):
        if option not in _OPTIONS[store]:
            names = ", ".join(sorted(_OPTIONS[store]))
            raise UsageError(f"{quote(option)} is no option of {scheme}:// URIs; these are: {names}")
    return _Address(scheme, store, path, query)


def _filesystem(address: _Address) -> Any:
    """Return the filesystem of a URI; the same one for the same bucket, options and environment."""
    variables = tuple(os.environ.get(name, "") for name in _S3_VARIABLES)
    credentials = tuple(os.environ.get(name, "") for name in _CREDENTIALS)
    return _connected(address.store, address.bucket, address.query, variables, credentials)


@lru_cache(maxsize=8)
def _connected(store: str, bucket: str, query: str, variables: tuple[str, ...], credentials: tuple[str, ...]) -> Any:
    """Return a pyarrow filesystem. Nothing is asked over the network but, at AWS itself, for a region not given."""
    from pyarrow import fs

    del credentials
    options: dict[str, Any] = dict(parse_qsl(query[1:]))
    if "anonymous" in options:
        options["anonymous"] = options["anonymous"].lower() in {"1", "true"}
    if store == "gs":
        return fs.GcsFileSystem(retry_time_limit=timedelta(seconds=_GCS_SECONDS), **options)
    for_s3, everywhere, region, default_region, certificates = variables
    # pyarrow itself leaves these variables unread.
    if endpoint := options.get("endpoint_override") or for_s3 or everywhere:
        options["endpoint_override"] = endpoint
    if certificates:
        options["tls_ca_file_path"] = certificates
    if not options.get("region"):
        options["region"] = region or default_region or ("us-east-1" if endpoint else fs.resolve_s3_region(bucket))
    return fs.S3FileSystem(
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_REQUEST_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        **options,
    )


class RemoteTree:
    """Folders behind a URI. Raises OSError, its text in plain words."""

    def __init__(self, address: _Address) -> None:
        self.address = address
        self.fs = plainly(lambda: _filesystem(address))
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
        self._address = _address(uri)
        self._fs = plainly(lambda: _filesystem(self._address))
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


class _Handle(io.RawIOBase):
    """Reads at a place, no less than 64 KiB at once. A read that fails is a DataError: the file is not to blame, so
    no reader of a format may take it for damaged.
    """

    def __init__(self, uri: str, opened: Any, size: int) -> None:
        self._uri, self._opened, self._size = uri, opened, size
        self._at = 0
        self._held, self._held_from = memoryview(b""), 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; return how many bytes, 0 at the end alone."""
        target = memoryview(buffer).cast("B")
        left = self._size - self._at
        if left <= 0 or not len(target):
            return 0
        if not self._held_from <= self._at < self._held_from + len(self._held):
            self._fetch(min(left, max(len(target), _READ_AT_LEAST)))
        start = self._at - self._held_from
        part = self._held[start : start + len(target)]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _fetch(self, length: int) -> None:
        try:
            data = plainly(lambda: self._opened.read_at(length, self._at))
        except OSError as error:
            raise DataError(f"cannot be read: {error}", file=self._uri) from error
        if not data:
            raise DataError(f"cannot be read: it ends after {self._at:,} of {self._size:,} bytes", file=self._uri)
        self._held, self._held_from = memoryview(data), self._at

    def close(self) -> None:
        """Close the file and let go of what is held."""
        if not self.closed:
            self._held = memoryview(b"")
            self._opened.close()
        super().close()


_REASONS = (
    (r"curlCode: 6\b|CURL error \[6\]", "the host is not known"),
    (r"curlCode: 7\b|CURL error \[7\]", "the connection is refused, or there is no way to the host"),
    (r"curlCode: 28\b|CURL error \[28\]|REQUEST_TIMEOUT|DEADLINE_EXCEEDED", "the server does not answer in time"),
    (r"NETWORK_CONNECTION|CURL error", "the connection breaks off"),
    (r"NO_SUCH_BUCKET", "there is no such bucket"),
    (
        r"ACCESS_DENIED|INVALID_ACCESS_KEY_ID|INVALID_CLIENT_TOKEN|SIGNATURE_DOES_NOT_MATCH|EXPIRED_TOKEN|ExpiredToken"
        r"|UNRECOGNIZED_CLIENT|PERMISSION_DENIED|UNAUTHENTICATED|OAuth2|HTTP status 40[13]",
        "access is denied; check the credentials in the environment",
    ),
    (r"HTTP status 301|PermanentRedirect", "the bucket is in another region; set AWS_REGION"),
    (r"SLOW_DOWN|SERVICE_UNAVAILABLE|INTERNAL_FAILURE|HTTP status 5", "the server fails or is too busy"),
)


def plainly(call: Callable[[], T]) -> T:
    """Return what a call of a pyarrow filesystem returns; its errors become OSErrors in plain words."""
    import pyarrow as pa

    try:
        return call()
    except FileNotFoundError:
        raise FileNotFoundError("no such file or directory") from None
    except (OSError, pa.ArrowException, ValueError) as error:
        text = str(error)
        if "NOT_FOUND" in text and "google" in text:
            raise FileNotFoundError("no such file or directory") from error
        found = next((plain for pattern, plain in _REASONS if re.search(pattern, text)), None)
        raise OSError(found or show(text.splitlines()[0] if text else type(error).__name__)) from error
