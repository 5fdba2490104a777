"""Stores behind URIs: taken apart, connected to with bounded waits, their errors in plain words."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from xentcli.errors import UsageError
from xentcli.sources.parts.listing import is_pattern
from xentcli.text import quote, said

T = TypeVar("T")

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


class Address(NamedTuple):
    """A URI taken apart: the scheme as written, the kind of store, bucket/key, and `?option=value&…` as written."""

    scheme: str
    store: str
    path: str
    query: str

    @property
    def bucket(self) -> str:
        """Return the name of the bucket."""
        return self.path.partition("/")[0]

    def uri(self, path: str) -> str:
        """Return the URI of another path of the same store."""
        return f"{self.scheme}://{path}{self.query}"


def address_of(uri: str) -> Address:
    """Return a URI of a store taken apart. Raises UsageError for what none can be."""
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
    return Address(scheme, store, path, query)


def filesystem_of(address: Address) -> Any:
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


def _aside(call: Callable[[], T]) -> T:
    """Return what a call returns. The main thread hears Ctrl-C while it waits for another thread, not for a server."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    answer: Future[T] = Future()

    def make() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # raised where it is waited for
            answer.set_exception(error)

    threading.Thread(target=make, name="xent-uri", daemon=True).start()
    return answer.result()


def plainly(call: Callable[[], T]) -> T:
    """Return what a call of a pyarrow filesystem returns; its errors become OSErrors in plain words."""
    import pyarrow as pa

    try:
        return _aside(call)
    except FileNotFoundError:
        raise FileNotFoundError("no such file or directory") from None
    except (OSError, pa.ArrowException, ValueError) as error:
        text = str(error)  # looked at, never shown
        if "NOT_FOUND" in text and "google" in text:
            raise FileNotFoundError("no such file or directory") from error
        found = next((plain for pattern, plain in _REASONS if re.search(pattern, text)), None)
        raise OSError(found or said(error)) from error
