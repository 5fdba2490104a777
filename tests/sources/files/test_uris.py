"""Files behind URIs: the same figures as from files of this machine, and every failure one line."""

from __future__ import annotations

import io
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.fs
import pyarrow.parquet
import pytest
from conftest import RunProcess
from evaluated import same_everywhere
from remote import answering, breaking, s3_store, unused_port

from xentcli import DataError, UsageError, evaluate
from xentcli.sources.files import stores, uris
from xentcli.sources.files.uris import UriFile
from xentcli.sources.open import open_source
from xentcli.spec.dialect import Dialect

VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE")
ROWS = 3000


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    with s3_store() as found:
        yield found


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's, and no question to a cloud's own address for credentials."""
    for name in (*VARIABLES, "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def endpoint(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    return url


def table(rows: int = ROWS, seed: int = 1) -> pa.Table:
    rng = random.Random(seed)
    values = [round(rng.random(), 9) for _ in range(rows)]
    labels = [rng.choice(["no", "yes"]) for _ in range(rows)]
    return pa.table({"id": list(range(rows)), "p_yes": values, "label": labels})


def save(folder: Path, name: str, content: pa.Table) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".parquet"):
        pyarrow.parquet.write_table(content, path, row_group_size=500)
    else:
        pyarrow.csv.write_csv(content, path)


def put(folder: Path, port: int, bucket: str) -> str:
    """Copy a folder to a bucket; return the bucket's URI."""
    store = pyarrow.fs.S3FileSystem(
        endpoint_override=f"127.0.0.1:{port}", scheme="http", region="us-east-1", allow_bucket_creation=True
    )
    store.create_dir(bucket)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with store.open_output_stream(f"{bucket}/{path.relative_to(folder)}") as out:
                out.write(path.read_bytes())
    return f"s3://{bucket}"


@pytest.fixture
def bucket(request: pytest.FixtureRequest, tmp_path: Path, port: int, endpoint: str) -> str:
    """The same rows in many shapes, here below `tmp_path` and in a bucket whose URI this is."""
    del endpoint
    whole = table()
    for form in ("csv", "parquet"):
        save(tmp_path, f"whole.{form}", whole)
        for at, (start, stop) in enumerate([(0, 1000), (1000, 1000), (1000, ROWS)]):
            save(tmp_path, f"{form}/day={at}/part-0.{form}", whole.slice(start, stop - start))
        save(tmp_path, f"{form}/_temporary/part-9.{form}", whole)
    (tmp_path / "csv/_SUCCESS").touch()
    return put(tmp_path, port, f"bucket-{abs(hash(request.node.nodeid))}")


COLUMNS: dict[str, Any] = {"pred": "p_yes", "label": "label"}


@pytest.mark.one_in_three
@pytest.mark.parametrize("at_least", [1, 100, 5000, 1 << 16])
@pytest.mark.parametrize("name", ["whole.csv", "whole.parquet"])
def test_how_much_is_read_at_once_changes_nothing(
    name: str, at_least: int, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How much is read at once is no option.
    monkeypatch.setattr(uris, "_READ_AT_LEAST", at_least)
    here = evaluate(tmp_path / name, **COLUMNS).to_dict()
    assert same_everywhere(evaluate(f"{bucket}/{name}", **COLUMNS).to_dict()) == same_everywhere(here)


@pytest.mark.parametrize("name", ["whole.csv", "whole.parquet"])
def test_a_file_behind_a_uri_gives_the_figures_of_one_here(name: str, bucket: str, tmp_path: Path) -> None:
    here = evaluate(tmp_path / name, **COLUMNS).to_dict()
    there = evaluate(f"{bucket}/{name}", **COLUMNS).to_dict()
    assert same_everywhere(there) == same_everywhere(here)
    assert there["inputs"]["predictions"] == [f"{bucket}/{name}"]
    assert there["inputs"]["rows_fingerprint"] == here["inputs"]["rows_fingerprint"]


@pytest.mark.one_in_three
@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("path", ["", "/", "/*/*.{}", "/**", "/**/part-?.{}", "/day=[0-2]"])
def test_directories_and_patterns_behind_uris(form: str, path: str, bucket: str, tmp_path: Path) -> None:
    here = evaluate(tmp_path / f"whole.{form}", **COLUMNS, weight=None).to_dict()
    result = evaluate(f"{bucket}/{form}{path.format(form)}", **COLUMNS, jobs=2).to_dict()
    assert same_everywhere(result) == same_everywhere(here)
    assert result["inputs"]["predictions"] == [f"{bucket}/{form}/day={at}/part-0.{form}" for at in range(3)]


def test_a_folder_behind_a_uri_can_be_the_weight(bucket: str, tmp_path: Path) -> None:
    there = evaluate(f"{bucket}/csv", **COLUMNS, weight="day").to_dict()
    here = evaluate(tmp_path / "csv", **COLUMNS, weight="day").to_dict()
    assert same_everywhere(there) == same_everywhere(here)
    assert there["overall"]["weight"] == 2.0 * 2000
    assert there["overall"]["zero_weight_rows"] == 1000


def test_options_stand_in_the_uri_or_the_environment(
    bucket: str, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = same_everywhere(evaluate(tmp_path / "csv", **COLUMNS).to_dict())
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    # Read for https alone; a file that is there is fine.
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "csv/_SUCCESS"))
    assert same_everywhere(evaluate(f"{bucket}/csv", **COLUMNS).to_dict()) == expected
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    address = endpoint.removeprefix("http://")
    query = f"?scheme=http&endpoint_override={address}&region=eu-west-1&anonymous=false"
    result = evaluate(f"{bucket}/csv/*/*.csv{query}", **COLUMNS)
    assert same_everywhere(result.to_dict()) == expected
    assert result.inputs.predictions[0] == f"{bucket}/csv/day=0/part-0.csv{query}"


def test_at_aws_itself_the_region_of_a_bucket_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def region(bucket: str) -> str:
        asked.append(bucket)
        raise OSError("curlCode: 6, Could not resolve hostname")

    monkeypatch.setattr(pyarrow.fs, "resolve_s3_region", region)
    with pytest.raises(DataError) as caught:
        evaluate("s3://some-bucket/p.csv")
    assert str(caught.value) == "s3://some-bucket/p.csv: cannot be read: the host is not known"
    assert asked == ["some-bucket"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("s3://no-such-bucket/p.csv", "cannot be read: there is no bucket 'no-such-bucket'"),
        ("{}/none.csv", "no such file"),
        (
            "{}/none/*.csv",
            "no file matches the pattern\n  It is looked for below {}/none; names that begin with _ or . are skipped.",
        ),
        (
            "{}/csv/_temporary/_x/*.csv",
            "no file matches the pattern\n"
            "  It is looked for below {}/csv/_temporary/_x; names that begin with _ or . are skipped.",
        ),
    ],
)
def test_what_is_not_there_is_said(path: str, message: str, bucket: str) -> None:
    path = path.format(bucket)
    with pytest.raises(DataError) as caught:
        evaluate(path)
    assert str(caught.value) == f"{path}: {message.format(bucket)}"


def test_a_pattern_in_a_bucket_that_is_not_there(endpoint: str) -> None:
    with pytest.raises(DataError) as caught:
        evaluate("s3://no-such-bucket/*.csv")
    assert str(caught.value) == "s3://no-such-bucket: cannot be listed: there is no such bucket"


def test_a_directory_is_no_file(bucket: str) -> None:
    with pytest.raises(IsADirectoryError):
        UriFile(f"{bucket}/csv")


DENIED = b"""<?xml version="1.0"?><Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>"""
ACCESS = "access is denied; check the credentials in the environment"


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, DENIED, ACCESS),
        (403, DENIED.replace(b"InvalidAccessKeyId", b"SignatureDoesNotMatch"), ACCESS),
        (401, b"", ACCESS),
        (301, b"", "the bucket is in another region; set AWS_REGION"),
        (503, b"", "the server fails or is too busy"),
    ],
)
@pytest.mark.parametrize("path", ["p.csv", "*.csv"])
def test_a_store_that_refuses_is_one_line(
    status: int, body: bytes, reason: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(lambda method, path: (status, {"Content-Type": "application/xml"}, body)) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        with pytest.raises(DataError) as caught:
            evaluate(f"s3://bucket/{path}")
    place = "s3://bucket/p.csv: cannot be read" if path == "p.csv" else "s3://bucket: cannot be listed"
    assert str(caught.value) == f"{place}: {reason}"


def test_a_refusal_in_words_of_its_own_is_shown_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("odd \x1b[31m\nand more")

    with pytest.raises(OSError, match=r"^odd \\x1b\[31m$"):
        stores.plainly(fail)

    def say_nothing() -> None:
        raise ValueError

    with pytest.raises(OSError, match=r"^ValueError$"):
        stores.plainly(say_nothing)


@pytest.mark.slow
def test_a_refused_connection_is_one_line(run_process: RunProcess) -> None:
    ran = run_process("eval", "s3://bucket/p.csv", env={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{unused_port()}"})
    assert ran.stderr == (
        "error: s3://bucket/p.csv: cannot be read: the connection is refused, or there is no way to the host\n"
    )
    assert (ran.code, ran.stdout) == (2, "")


@pytest.mark.slow
def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # Waiting as long as a run does would take minutes.
    monkeypatch.setattr(stores, "_REQUEST_SECONDS", 1)
    # So would trying again.
    monkeypatch.setattr(stores, "_ATTEMPTS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(DataError) as caught:
            evaluate("s3://bucket/p.csv")
    assert str(caught.value) == "s3://bucket/p.csv: cannot be read: the server does not answer in time"


@pytest.mark.parametrize("path", ["p.csv", "*.csv"])
def test_ctrl_c_is_heard_while_a_server_is_waited_for(path: str) -> None:
    # Who hears it only once the server is given up would not be done when this test is.
    script = "from xentcli.cli.main import run; from xentcli.sources.files import stores; "
    script += "stores._REQUEST_SECONDS = 600; run()"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen(
            [sys.executable, "-c", script, "eval", f"s3://bucket/{path}"],
            env={**os.environ, "AWS_ENDPOINT_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            silent.settimeout(60)
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=60) == (b"", b"")
            assert process.returncode == 130
            connection.close()


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", ["whole.csv", "whole.parquet", "csv", "parquet/**"])
@pytest.mark.parametrize("most", [3000, 12_000])
def test_a_connection_that_breaks_midway_is_an_error(
    name: str, most: int, bucket: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To try again would take seconds.
    monkeypatch.setattr(stores, "_ATTEMPTS", 1)
    # Not a byte is read again, so that the connection breaks in the midst of one file or another.
    monkeypatch.setattr(uris, "_READ_AT_LEAST", 1)
    with breaking(port, most) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy}")
        with pytest.raises(DataError) as caught:
            evaluate(f"{bucket}/{name}", **COLUMNS)
    place, _, reason = str(caught.value).partition(": cannot be read: ")
    assert place.startswith(f"{bucket}/{name.removesuffix('/**')}")
    assert reason in {"the connection breaks off", "the connection is refused, or there is no way to the host"}


def test_an_object_that_ends_early_is_an_error(bucket: str) -> None:
    file = UriFile(f"{bucket}/whole.csv")
    file.handle._size += 5  # type: ignore[attr-defined]  # of the class behind it
    file.handle.seek(-5, io.SEEK_END)
    with pytest.raises(DataError, match="cannot be read: it ends after"):
        file.handle.read(10)
    file.close()
    file.close()


def test_an_object_is_read_from_any_place(bucket: str, tmp_path: Path) -> None:
    data = (tmp_path / "whole.csv").read_bytes()
    file = UriFile(f"{bucket}/whole.csv")
    assert file.handle.seekable() and file.handle.readable()
    assert file.handle.read(4) == data[:4]
    assert file.handle.seek(10, io.SEEK_CUR) == 14 == file.handle.tell()
    assert file.handle.read(2) == data[14:16]
    file.handle.seek(-3, io.SEEK_END)
    assert (file.handle.read(9), file.handle.read(9), file.handle.read(0)) == (data[-3:], b"", b"")
    file.close()


def test_an_object_that_goes_away_while_it_is_read_is_an_error(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = uris.UriFile.stamp
    times = itertools.count()

    def stamp(self: UriFile) -> tuple[int, int]:
        if next(times):
            raise FileNotFoundError
        return original(self)

    monkeypatch.setattr(uris.UriFile, "stamp", stamp)
    with pytest.raises(DataError) as caught:
        evaluate(f"{bucket}/whole.csv", **COLUMNS)
    assert str(caught.value) == f"{bucket}/whole.csv: no such file"


def test_an_object_that_is_replaced_while_it_is_read_is_an_error(
    bucket: str, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = uris.UriFile.stamp
    times = itertools.count()
    monkeypatch.setattr(uris.UriFile, "stamp", lambda self: (original(self)[0], next(times)))
    with pytest.raises(DataError, match="the file changed while it was read"):
        evaluate(f"{bucket}/whole.csv", **COLUMNS)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("https://example.org/p.csv", "'https://example.org/p.csv' is not read; URIs begin with s3://, gs://, gcs:// or file://"),
        ("s3:///p.csv", "'s3:///p.csv' names no bucket; it is s3://BUCKET/PATH"),
        ("gs://b*/p.csv", "'gs://b*/p.csv' names no bucket; it is gs://BUCKET/PATH"),
        ("s3://key:secret@bucket/p.csv", "a s3:// URI holds no credentials; they come from the environment"),
        (
            "s3://bucket/p.csv?regoin=x",
            "'regoin' is no option of s3:// URIs; these are: anonymous, endpoint_override, region, scheme",
        ),
        ("file://host/p.csv", "'file://host/p.csv' names another machine; a file of this one is file:///PATH"),
        ("file://", "'file://' names another machine; a file of this one is file:///PATH"),
    ],
)  # fmt: skip
def test_uris_that_cannot_be(uri: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_source(uri, 0, Dialect())
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["whole.csv", "whole.parquet", "c d", "c d/*.csv", "c d/**/x%y?.csv"])
def test_a_file_uri_is_a_file_here(name: str, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        save(tmp_path, f"whole.{form}", table())
    save(tmp_path, "c d/x%yé.csv", table())
    expected = evaluate(tmp_path / "whole.csv", **COLUMNS).to_dict()
    uri = (tmp_path / name).as_uri().replace("%2A", "*").replace("%3F", "?")
    result = evaluate(uri, **COLUMNS).to_dict()
    assert same_everywhere(result) == same_everywhere(expected)
    assert evaluate(uri.replace("file:///", "file://localhost/"), **COLUMNS).overall.rows == ROWS


@pytest.mark.parametrize("scheme", ["gs", "gcs"])
def test_google_s_store_is_read_through_its_own_filesystem(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []

    def store(**options: Any) -> pyarrow.fs.FileSystem:
        given.append(options)
        return pyarrow.fs.SubTreeFileSystem(str(tmp_path), pyarrow.fs.LocalFileSystem())

    monkeypatch.setattr(pyarrow.fs, "GcsFileSystem", store)
    stores._connected.cache_clear()
    save(tmp_path / "bucket", "p.csv", table(20))
    query = "?scheme=http&endpoint_override=127.0.0.1:9&anonymous=true"
    assert evaluate(f"{scheme}://bucket/p.csv{query}", **COLUMNS).overall.rows == 20
    assert evaluate(f"{scheme}://bucket{query}", **COLUMNS).overall.rows == 20
    patience = timedelta(seconds=5)
    options = {"scheme": "http", "endpoint_override": "127.0.0.1:9", "anonymous": True}
    assert given == [{"retry_time_limit": patience, **options}]
    stores._connected.cache_clear()


def test_an_error_of_google_s_store_that_means_not_there() -> None:
    def fail() -> None:
        raise OSError("google::cloud::Status(NOT_FOUND: none)")

    with pytest.raises(FileNotFoundError):
        stores.plainly(fail)


def test_importing_the_filesystems_waits_for_a_uri() -> None:
    code = (
        "import sys; import xentcli.sources.open, xentcli.sources.parts.source; print('pyarrow._s3fs' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
