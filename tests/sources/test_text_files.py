"""Files as the system gives them: pipes, devices, failing and stingy readers, changes under our hands."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import RunXent
from effort import spread
from evaluated import same_every_run

import xentcli.sources.files.input_file
from xentcli import DataError, evaluate
from xentcli.sources.csv.header import Header
from xentcli.sources.files import raw
from xentcli.sources.files.compressed import Whole
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.text_blocks import BLOCK_BYTES, blank_run_end

ROWS = 5000
TEXT = b"cat,dog\n" + b"".join(b"0.%05d,0.%05d\n" % (i, 100_000 - i) for i in range(20_000, 20_000 + ROWS))
LABELS = b"label\n" + b"cat\ndog\n" * (ROWS // 2)
FORMS: dict[str, tuple[str, Callable[[bytes], bytes], dict[str, Any]]] = {
    "plain": ("p.csv", bytes, {}),
    "gzip": ("p.csv.gz", gzip.compress, {}),
    "utf-16": ("p.csv", lambda data: data.decode().encode("utf-16"), {"encoding": "utf-16", "labels_encoding": "utf8"}),
    "utf-16-gzip": (
        "p.csv.gz",
        lambda data: gzip.compress(data.decode().encode("utf-16")),
        {"encoding": "utf-16", "labels_encoding": "utf8"},
    ),
}
every_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("y.csv").write_bytes(LABELS)


def made(form: str) -> tuple[str, dict[str, Any]]:
    name, pack, options = FORMS[form]
    Path(name).write_bytes(pack(TEXT))
    return name, options


class Handle:
    """A handle that gives `at_once` bytes, and raises EIO at a call, once or for ever."""

    def __init__(self, inner: Any, at_once: int, fails_at: int | None, forever: bool) -> None:
        self.inner, self.at_once, self.fails_at, self.forever = inner, at_once, fails_at, forever
        self.calls = 0

    def read(self, size: int) -> bytes:
        self.calls += 1
        if self.fails_at is not None and (self.calls == self.fails_at or (self.forever and self.calls > self.fails_at)):
            raise OSError(5, "Input/output error")
        data: bytes = self.inner.read(min(size, self.at_once))
        return data

    def fileno(self) -> int:
        number: int = self.inner.fileno()
        return number

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Handle]]:
    """Return a function that lets p.csv be read through a `Handle`; it gives the list of those made."""

    def read(at_once: int, fails_at: int | None = None, forever: bool = False) -> list[Handle]:
        made: list[Handle] = []

        def open_raw(path: str) -> raw.Raw:
            opened = raw.LocalFile(path)
            if not path.startswith("y"):
                made.append(Handle(opened.handle, at_once, fails_at, forever))
                opened.handle = made[-1]  # type: ignore[assignment]  # it reads as a file does
            return opened

        monkeypatch.setattr(xentcli.sources.files.input_file, "open_raw", open_raw)
        return made

    return read


@pytest.mark.one_in_three
@every_form
@pytest.mark.parametrize("at_once", [1, 7])
def test_fs15_short_reads_change_nothing(form: str, at_once: int, reading: Callable[..., list[Handle]]) -> None:
    name, options = made(form)
    expected = same_every_run(evaluate(name, "y.csv", **options).to_dict())
    handles = reading(at_once)
    assert same_every_run(evaluate(name, "y.csv", **options).to_dict()) == expected
    assert handles[0].calls > Path(name).stat().st_size // at_once


@pytest.mark.one_in_three
@every_form
@pytest.mark.parametrize("forever", [False, True], ids=["once", "for-ever"])
def test_fs14_every_read_that_fails_is_an_error(
    form: str, forever: bool, reading: Callable[..., list[Handle]], run_xent: RunXent
) -> None:
    name, options = made(form)
    given = [f"--{option.replace('_', '-')}={value}" for option, value in options.items()]
    whole = reading(999)
    evaluate(name, "y.csv", **options)
    for call in spread(range(1, whole[0].calls + 1)):
        reading(999, call, forever)
        ran = run_xent("eval", name, "y.csv", *given)
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {name}: cannot be read: Input/output error\n")


@every_form
@pytest.mark.parametrize("change", ["append", "shrink", "touch"])
def test_fs9_fs10_a_change_while_it_is_read_is_an_error(
    form: str, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, options = made(form)
    size = Path(name).stat().st_size
    # The beginning that is kept is small, so that more is read later.
    monkeypatch.setattr(xentcli.sources.files.input_file, "_HEAD", 64)
    original = InputFile.decode if "16" in form else Header.read

    def change_then(self: Any, *given: Any) -> Any:
        path = self.path if isinstance(self, InputFile) else self.file.path
        if path == name and change == "append":
            with Path(name).open("ab") as handle:
                handle.write(b"0.5,0.5\n")
        elif path == name and change == "shrink":
            os.truncate(name, size // 2)
        elif path == name:
            os.utime(name, (1, 1))
        return original(self, *given)

    owner: Any = InputFile if "16" in form else Header
    monkeypatch.setattr(owner, original.__name__, change_then)
    with pytest.raises(DataError) as caught:
        evaluate(name, "y.csv", **options)
    now = Path(name).stat().st_size
    what = f"{size:,} bytes before, {now:,} now"
    if change == "touch":
        what = f"its time of change is another one, its size the same, {now:,} bytes"
    assert str(caught.value) == (
        f"{name}: the file changed while it was read: {what}\n  Run again when whatever writes it has finished."
    )


def test_fs9_a_file_cut_within_a_record_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half record at its end is no news."""
    name, _ = made("plain")
    # The beginning that is kept is small, so that more is read later.
    monkeypatch.setattr(xentcli.sources.files.input_file, "_HEAD", 64)
    original = Header.read

    def cut(self: Any) -> Any:
        if self.file.path == name:
            os.truncate(name, len(TEXT) // 2 + 5)
        return original(self)

    monkeypatch.setattr(Header, "read", cut)
    with pytest.raises(DataError, match="the file changed while it was read"):
        evaluate(name, "y.csv")


def test_fs12_a_file_that_is_replaced_is_read_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = made("gzip")
    expected = same_every_run(evaluate(name, "y.csv").to_dict())
    original = Header.read

    def replace(self: Any) -> Any:
        if self.file.path == name:
            Path("other").write_bytes(b"no gzip")
            Path("other").replace(name)
        return original(self)

    monkeypatch.setattr(Header, "read", replace)
    assert same_every_run(evaluate(name, "y.csv").to_dict()) == expected


def test_fs13_nothing_is_mapped_into_memory() -> None:
    for path in (Path(xentcli.sources.files.input_file.__file__).parent).glob("*.py"):
        text = path.read_text()
        assert "memory_map=True" not in text
        assert "mmap" not in text


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("none.csv", "no such file", id="FS1-missing"),
        pytest.param("dangling", "no such file", id="FS1-dangling"),
        pytest.param("closed", "no permission to read it", id="FS3"),
        pytest.param("loop", "cannot be read: Too many levels of symbolic links", id="FS4-loop"),
        pytest.param("x" * 300, "cannot be read: File name too long", id="FS4-long"),
        pytest.param("/dev/null", "the file is empty", id="FS5-null"),
        pytest.param("empty.csv", "the file is empty", id="FS5-empty"),
        pytest.param("/dev/zero", "the content is no text: it begins with zeros", id="FS8-zero"),
    ],
)
def test_paths_that_give_no_text(path: str, message: str, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")
    Path("empty.csv").touch()
    if path == "closed":

        def refuse(self: Any, path: str) -> None:
            raise PermissionError(13, "Permission denied")

        # Root may read what has no permission, so the system's answer is made up.
        monkeypatch.setattr(raw.LocalFile, "__init__", refuse)
    ran = run_xent("eval", path, "y.csv")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {path}: {message}\n")


def endless(script: str, timeout: float = 60) -> tuple[int, str]:
    """Run xent on a pipe that a shell command writes into for ever; return its exit code and what it said."""
    os.mkfifo("pipe")
    writer = subprocess.Popen(["bash", "-c", f"exec > pipe; {script}"], stderr=subprocess.DEVNULL)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "xentcli", "eval", "pipe", "y.csv", "--jobs", "2"],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    finally:
        writer.kill()
        writer.wait()
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param(
            "exec tr '\\0' x < /dev/zero", ", line 1: the first line is longer than 16 MiB", id="FS8-one-line"
        ),
        pytest.param(
            "printf 'cat,dog\\n'; exec tr '\\0' 1 < /dev/zero",
            ", record 1 (line 2): a record is longer than 64 MiB: it has no line end",
            id="FS8-one-record",
        ),
        pytest.param(
            "printf 'cat,dog\\n'; exec tr '\\0' '\\n' < /dev/zero",
            ", record 1 (line 2): the line is blank\n  Blank lines may only follow the last record.",
            id="FS8-blank-lines",
        ),
        pytest.param(
            "exec yes",
            ", record 1 (line 2), column 'y': 'y' is not a number\n  The column is read as "
            "numbers; --pred says which columns are predictions.",
            id="FS8-yes",
        ),
    ],
)
def test_what_never_ends_is_an_error_within_a_bound(script: str, message: str) -> None:
    assert endless(script) == (2, f"error: pipe{message}\n")


def test_fs7_parquet_from_a_pipe(run_xent: RunXent) -> None:
    os.mkfifo("pipe")

    def feed() -> None:
        with suppress(BrokenPipeError):
            Path("pipe").write_bytes(b"PAR1" * 5000)

    writer = threading.Thread(target=feed)
    writer.start()
    ran = run_xent("eval", "pipe", "y.csv")
    writer.join()
    hint = "  Give a regular file."
    message = f"error: pipe: Parquet cannot be read from a pipe: its index is at the end\n{hint}\n"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", message)


def test_long_runs_of_blank_lines_are_cut_between_lines() -> None:
    assert blank_run_end(b"\n" * BLOCK_BYTES) == 0
    assert blank_run_end(b"a" + b"\n" * BLOCK_BYTES) == 0
    assert blank_run_end(b"\n" * (BLOCK_BYTES + 9)) == BLOCK_BYTES + 5
    for more in (2, 4):
        data = b"\r\n" * (BLOCK_BYTES // 2 + more)
        assert data[: blank_run_end(data)].endswith(b"\n")
        data = b"\n" + data
        assert data[: blank_run_end(data)].endswith(b"\n")


def test_many_blank_labels_are_missing_each() -> None:
    Path("y.csv").write_bytes(b"label\n" + b"\n" * (BLOCK_BYTES + 100))
    with pytest.raises(DataError, match=r"record 1 \(line 2\), column 'label': the label is missing"):
        evaluate(made("plain")[0], "y.csv")


def test_progress_counts_what_is_on_disk() -> None:
    for form in FORMS:
        name, options = made(form)
        seen: list[tuple[int, int]] = []
        from xentcli.commands.evaluate import evaluate_spec
        from xentcli.spec.dialect import Dialect
        from xentcli.spec.options import EvalSpec

        dialect = Dialect(encoding=options.get("encoding"))
        spec = EvalSpec(dialect=dialect, labels_dialect=Dialect(encoding=options.get("labels_encoding")))
        evaluate_spec(spec, name, "y.csv", lambda done, size, seen=seen: seen.append((done, size)))  # type: ignore[misc]  # a lambda with a default has no type
        size = Path(name).stat().st_size + len(LABELS)
        assert seen[-1] == (size, size)


def test_a_whole_file_is_the_head_and_the_rest() -> None:
    with Path("y.csv").open("rb", buffering=0) as handle:
        whole = Whole(handle.read(10), handle)
        read = iter(lambda: whole.read(7), b"")
        assert b"".join(read) == LABELS
        assert whole.taken == len(LABELS)


def test_a_failure_before_the_first_character_is_told(reading: Callable[..., list[Handle]]) -> None:
    """What is in the file begins with so little that more has to be read to decode any of it."""
    Path("p.csv").write_bytes("\U0001f600,b\n0.5,0.5\n".encode("utf-32-le"))
    reading(2, 3)
    with pytest.MonkeyPatch.context() as patch:
        # The beginning that is kept is small, so that more is read later.
        patch.setattr(xentcli.sources.files.input_file, "_HEAD", 2)
        with pytest.raises(DataError, match=r"^p\.csv: cannot be read: Input/output error$"):
            evaluate("p.csv", "y.csv", encoding="utf-32-le", labels_encoding="utf-8")


def test_an_empty_path_is_no_file() -> None:
    with pytest.raises(DataError, match=r"^'': no such file$"):
        InputFile("", 0)


def test_a_file_of_a_byte_order_mark_is_empty() -> None:
    Path("p.csv").write_bytes(b"\xef\xbb\xbf")
    with pytest.raises(DataError, match=r"^p\.csv: the file is empty$"):
        evaluate("p.csv", "y.csv")
