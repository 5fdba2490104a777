"""Files that options name, read whole: bounded, whatever they are, and what they say is shown and never obeyed."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, RunXent
from effort import spread
from files import COMMAND, plain_files
from tables import P, Y, write

from xentcli import evaluate
from xentcli.cli.config.toml import line_of

LARGER = "files of up to 16 MiB, and this is larger"
HOSTILE = "\x1b]0;title\x07\x9b2J\n::error::forged\r\n##[error]forged\u202e" + "x" * 6000
# A path is shown up to the longest that Linux has, other texts up to far less.
LONGEST_LINE = 4600


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def nothing_active(ran: Ran, what: object) -> None:
    """Hold that no text of a file reached a stream raw, or without a bound."""
    for text in (ran.stdout, ran.stderr):
        assert not set(text) & set("\x1b\x07\x9b\r\u202e"), what
        for line in text.split("\n"):
            assert not line.lstrip().startswith(("::error::forged", "##[error]forged")), (what, text)
    for line in ran.stderr.split("\n"):
        assert len(line) < LONGEST_LINE, (what, ran.stderr)


# Bounds ---------------------------------------------------------------------------------------------------------


def starved(*arguments: str) -> tuple[int, bytes, bytes]:
    """Run xent with a gigabyte of addresses, of which reading without a bound would take all."""
    limit = (1 << 30, 1 << 30)
    done = subprocess.run(
        [*COMMAND, "eval", P, Y, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("option", ["--baseline", "--config"])
def test_f6_a_device_that_never_ends_is_read_up_to_the_bound(option: str) -> None:
    plain_files()
    assert starved(option, "/dev/zero") == (2, b"", f"error: /dev/zero: {option} reads {LARGER}\n".encode())


@pytest.mark.parametrize("option", ["--baseline", "--config"])
def test_f6_a_file_beyond_the_bound_is_not_read(option: str) -> None:
    plain_files()
    with Path("large").open("wb") as file:
        file.truncate(1 << 40)
    assert starved(option, "large") == (2, b"", f"error: large: {option} reads {LARGER}\n".encode())


def test_f6_the_bound_holds_for_a_file_of_a_project_that_was_found(run_xent: RunXent) -> None:
    plain_files()
    with Path("pyproject.toml").open("wb") as file:
        file.truncate(1 << 40)
    ran = run_xent("eval", P, Y)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: pyproject.toml: xent reads {LARGER}\n")


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--baseline", "--config"])
def test_a_file_as_large_as_the_bound_is_read(option: str, run_xent: RunXent) -> None:
    plain_files()
    content = evaluate(P, Y).to_json() if option == "--baseline" else "top = 1\n"
    padding = " " if option == "--baseline" else "\n"
    write("held", content + padding * ((16 << 20) - len(content)))
    assert run_xent("eval", P, Y, option, "held").code == 0
    write("held", content + padding * ((16 << 20) + 1 - len(content)))
    assert run_xent("eval", P, Y, option, "held").stderr == f"error: held: {option} reads {LARGER}\n"


@pytest.mark.parametrize("option", ["--baseline", "--config"])
def test_a_pipe_is_read_to_its_end_or_to_the_bound(option: str, run_xent: RunXent) -> None:
    plain_files()
    os.mkfifo("pipe")
    content = evaluate(P, Y).to_json() if option == "--baseline" else "top = 1\n"

    def feed(data: bytes, times: int) -> None:
        try:
            with Path("pipe").open("wb") as file:
                for _ in range(times):
                    file.write(data)
        except BrokenPipeError:
            pass

    for data, times, code in ((content.encode(), 1, 0), (b" " * (1 << 20), 1 << 20, 2)):
        feeder = threading.Thread(target=feed, args=(data, times))
        feeder.start()
        ran = run_xent("eval", P, Y, option, "pipe")
        feeder.join(30)
        assert ran.code == code
    assert ran.stderr == f"error: pipe: {option} reads {LARGER}\n"


@pytest.mark.parametrize("option", ["--baseline", "--config"])
@pytest.mark.parametrize(("path", "reason"), [(".", "Is a directory"), ("none", "No such file or directory")])
def test_what_cannot_be_read_is_said(option: str, path: str, reason: str, run_xent: RunXent) -> None:
    plain_files()
    ran = run_xent("eval", P, Y, option, path)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {path}: {option} cannot read it: {reason}\n")


@pytest.mark.slow
def test_the_line_of_a_key_is_not_searched_for_without_end() -> None:
    """A value of thousands of lines breaks off in each of them."""
    text = "clip = 1\ntop = [\n" + "1,\n" * 10_000 + "]\nby = 2\n"
    assert line_of(text, ("by",)) is None
    assert line_of("clip = 1\ntop = [\n" + "1,\n" * 200 + "]\nby = 2\n", ("by",)) == 204


# Shown ----------------------------------------------------------------------------------------------------------


def changed(held: Any) -> Iterator[tuple[str, Any]]:
    """Yield a plain value with one text or key in it replaced, for each there is, and where that is."""
    if isinstance(held, dict):
        for name, value in held.items():
            yield f"key {name}", {HOSTILE if key == name else key: one for key, one in held.items()}
            for place, other in changed(value):
                yield f"{name}.{place}", {**held, name: other}
    elif isinstance(held, list):
        for at, value in enumerate(held):
            for place, other in changed(value):
                yield f"{at}.{place}", [*held[:at], other, *held[at + 1 :]]
    else:
        yield "value", HOSTILE


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("csv", 3),
        *(pytest.param(*held, marks=pytest.mark.slow) for held in (("table", 1), ("markdown", 3), ("github", 2))),
    ],
)
def test_f4_no_text_of_a_baseline_reaches_a_stream_raw(form: str, step: int, run_xent: RunXent) -> None:
    write(P, "cat,dog,half\n0.7,0.3,a\n0.2,0.8,b\n0.6,0.4,a\n")
    write(Y, "label\ncat\ndog\ndog\n")
    options = ["--by", "half", "--pred", "cat,dog"]
    before = json.loads(evaluate(P, Y, by="half", pred=("cat", "dog")).to_json())
    codes = []
    for place, held in spread(list(changed(before)))[::step]:
        Path("base.json").write_text(json.dumps(held))
        ran = run_xent("eval", P, Y, *options, "-f", form, "--baseline", "base.json", "--max-increase", "loss=1")
        nothing_active(ran, place)
        codes.append(ran.code)
    assert set(codes) == {0, 2}


def test_f4_no_error_in_the_json_of_a_baseline_is_raw(run_xent: RunXent) -> None:
    plain_files()
    for text in (HOSTILE, f'{{"{HOSTILE}', f"[{HOSTILE}]", f'{{"a": {"9" * 5000}}}', '{"a": NaN}', "[" * 100_000):
        Path("base.json").write_text(text)
        ran = run_xent("eval", P, Y, "--baseline", "base.json")
        assert (ran.code, ran.stdout) == (2, "")
        nothing_active(ran, text[:20])


ESCAPED = json.dumps(HOSTILE)


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        f"{ESCAPED} = 1",
        f"[{ESCAPED}]\ntop = 1",
        f"{ESCAPED} = 1\n{ESCAPED} = 2",
        f"[{ESCAPED}]\n[{ESCAPED}]",
        f"a.{ESCAPED} = 1\n[a.{ESCAPED}.b]",
        f"[tool]\nxent = {ESCAPED}",
        f"[tool.xent]\nunit = {ESCAPED}",
        f"[tool.xent.eval]\n{ESCAPED} = 1",
        f"top = \x1b{'x' * 4000}",
        *(f"{key} = {ESCAPED}" for key in ("unit", "top", "clip", "max", "by", "jobs", "delimiter", "encoding")),
        *(f"{key} = [{ESCAPED}]" for key in ("unit", "max", "by", "classes", "ignore", "min", "max-increase")),
        *(f"max.{ESCAPED} = {value}" for value in ("1", "true", "1.5", ESCAPED)),
        f"class-weight.{ESCAPED} = 1",
        f"baseline = {ESCAPED}",
        f"classes = {json.dumps('@' + HOSTILE)}",
    ],
    ids=lambda text: ascii(text.replace(ESCAPED, "HOSTILE").replace(HOSTILE, "HOSTILE"))[:40],
)
@pytest.mark.parametrize("more", [(), ("--show-config",), ("-v",), ("-f", "github")], ids=str)
def test_f4_no_text_of_a_file_of_options_reaches_a_stream_raw(
    text: str, more: tuple[str, ...], run_xent: RunXent
) -> None:
    plain_files()
    write("x.toml", text)
    ran = run_xent("eval", P, Y, "--config", "x.toml", *more)
    assert ran.code in {0, 2}
    assert "internal error" not in ran.stderr
    nothing_active(ran, text[:40])


def test_f4_the_place_of_an_option_is_shown(run_xent: RunXent) -> None:
    plain_files()
    name = HOSTILE[:60] + ".toml"
    write(name.replace("/", "_"), "clip = 7\n")
    for more in ((), ("--show-config",), ("-v",)):
        ran = run_xent("eval", P, Y, "--config", name, *more)
        assert "\\x1b]0;title" in ran.stdout + ran.stderr
        nothing_active(ran, more)


@pytest.mark.parametrize("option", ["--unit", "--top", "--clip", "--max", "--by", "-o", "--nope", "--config"])
def test_f4_no_text_of_the_command_line_reaches_a_stream_raw(option: str, run_xent: RunXent) -> None:
    plain_files()
    for value in (HOSTILE, HOSTILE[:60]):
        for arguments in ((option, value), (f"{option}{value}",), (value, option)):
            ran = run_xent("eval", P, Y, *arguments)
            # A file of such a name can be written.
            assert ran.code == 2 or option == "-o"
            nothing_active(ran, option)
            assert ran.stderr.count("\n") <= 3


@pytest.mark.parametrize(
    "error",
    [OSError(5, HOSTILE), OSError(HOSTILE), OSError(5, "x", HOSTILE), RuntimeError(HOSTILE)],
    ids=["errno", "text", "path", "defect"],
)
def test_f4_what_the_system_says_is_shown(error: Exception, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file system says such things; a library in between may."""
    plain_files()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("xentcli.commands.evaluate.open_inputs", fail)
    for more in ((), ("-v",)):
        ran = run_xent("eval", P, Y, *more)
        assert ran.code == 2
        assert "title" in ran.stderr
        nothing_active(ran, error)
