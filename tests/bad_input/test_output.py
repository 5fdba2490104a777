"""Where results go: pipes, terminals, full disks and files that must be whole, and what signals leave behind."""

from __future__ import annotations

import io
import math
import os
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import RunXent
from files import (
    ESCAPE,
    LABELS,
    LOSS,
    PREDICTIONS,
    environment,
    finished,
    leftovers,
    on_terminal,
    plain_files,
    read_json,
    shell,
    start,
    wait_until,
)
from tables import P, Y, write

from xentcli.render.formats import Format

# JUnit has a test case for each gate.
FORMATS = [f"{form} --max loss=1" for form in Format]
CLOSED = "cannot write to standard output: it is closed"
ROUNDED = "1 row sums to something other than 1, by at most 0.004."


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def warned_files() -> tuple[str, str]:
    """Write files whose evaluation ends with one warning."""
    return write(P, "cat,dog\n0.7,0.304\n0.2,0.8\n"), write(Y, LABELS)


def loss_in(path: str | Path) -> float | None:
    """Return the loss in a file that must be a whole result."""
    loss: float | None = read_json(Path(path).read_text())["overall"]["loss"]
    return loss


# OU1, OU2 ------------------------------------------------------------------------------------------------------


def test_ou1_a_pipe_gets_no_escapes_and_every_figure_whole() -> None:
    plain_files()
    wide = shell(f"xent eval {P} {Y}")
    assert (wide.code, wide.stderr) == (0, "")
    assert ESCAPE not in wide.stdout
    for figure in ("0.2899", "0.0668", "0.5817", "0.6931", "0.3567", "0.2231"):
        assert figure in wide.stdout
    assert "…" not in wide.stdout
    for columns in ("", "5", "80"):
        assert shell(f"xent eval {P} {Y} | cat", {"COLUMNS": columns, "TERM": "xterm-256color"}) == wide


def test_ou1_names_are_not_cut_in_a_pipe() -> None:
    name = "a" * 150
    write(P, f"{name},dog\n0.7,0.3\n")
    write(Y, f"label\n{name}\n")
    ran = shell(f"xent eval {P} {Y}", {"COLUMNS": "40"})
    assert (ran.code, ran.stderr) == (0, "")
    assert name in ran.stdout


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("env", "colored"),
    [
        pytest.param({}, False, id="OU2-piped"),
        pytest.param({"FORCE_COLOR": "1"}, True, id="OU2-FORCE_COLOR"),
        pytest.param({"FORCE_COLOR": ""}, False, id="OU2-FORCE_COLOR-empty"),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="OU2-NO_COLOR-wins"),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": ""}, True, id="OU2-NO_COLOR-empty"),
    ],
)
def test_colour_in_a_pipe(env: dict[str, str], colored: bool) -> None:
    plain_files()
    ran = shell(f"xent eval {P} {Y} | cat", env)
    assert (ran.code, ran.stderr) == (0, "")
    assert (ESCAPE in ran.stdout) is colored
    assert "0.2899" in ran.stdout


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("env", "colored"),
    [
        pytest.param({}, True, id="OU2-terminal"),
        pytest.param({"NO_COLOR": "1"}, False, id="OU2-terminal-NO_COLOR"),
        pytest.param({"NO_COLOR": ""}, True, id="OU2-terminal-NO_COLOR-empty"),
        pytest.param({"TERM": "dumb"}, False, id="OU2-terminal-TERM=dumb"),
    ],
)
def test_colour_on_a_terminal(env: dict[str, str], colored: bool) -> None:
    code, text = on_terminal("eval", *plain_files(), env=env)
    assert code == 0
    assert (ESCAPE in text) is colored
    assert "0.2899" in text


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "env", [pytest.param({"NO_COLOR": "1"}, id="OU2-NO_COLOR"), pytest.param({"TERM": "dumb"}, id="OU2-TERM=dumb")]
)
def test_progress_help_and_errors_have_no_escapes_where_none_are_wanted(env: dict[str, str]) -> None:
    plain_files()
    for arguments, expected in [
        (("eval", P, Y, "--progress"), 0),
        (("eval", "--help"), 0),
        (("eval", "--zzzz"), 2),
        (("eval", "none.csv"), 2),
    ]:
        code, text = on_terminal(*arguments, env=env)
        assert (code, ESCAPE in text) == (expected, False), arguments


def test_ou2_json_has_no_colour_whatever_is_forced() -> None:
    plain_files()
    ran = shell(f"xent eval {P} {Y} -f json", {"FORCE_COLOR": "1"})
    assert ESCAPE not in ran.stdout
    assert read_json(ran.stdout)["overall"]["loss"] == LOSS
    code, text = on_terminal("eval", P, Y, "-f", "json")
    assert (code, ESCAPE in text) == (0, False)
    assert read_json(text)["overall"]["loss"] == LOSS


def test_ou2_a_file_has_no_colour_whatever_is_forced() -> None:
    plain_files()
    for env in ({"FORCE_COLOR": "1"}, {}):
        code, text = on_terminal("eval", P, Y, "-o", "out.txt", env=env)
        assert (code, text) == (0, "")
        assert ESCAPE not in Path("out.txt").read_text()


# OU3, OU4 ------------------------------------------------------------------------------------------------------


def wide_files(classes: int = 3000) -> None:
    """Write files whose JSON is larger than a pipe holds."""
    write(P, ",".join(f"c{i}" for i in range(classes)) + "\n0.5,0.5" + ",0" * (classes - 2) + "\n")
    write(Y, "label\nc0\n")


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(f"xent eval {P} {Y} -f json | head -1", id="OU3-head"),
        pytest.param(f"xent eval {P} {Y} -f json | true", id="OU3-nobody"),
        pytest.param(f"xent eval {P} {Y} --top 3000 | head -1", id="OU3-table"),
        pytest.param(f"xent eval {P} {Y} -f json -o /dev/stdout | true", id="OU3-dev-stdout"),
        pytest.param("xent --help | true", id="OU3-help"),
        pytest.param("xent eval --help | true", id="OU3-help-of-eval"),
        pytest.param("xent --version | true", id="OU3-version"),
    ],
)
def test_a_reader_that_goes_early_is_met_with_silence(command: str) -> None:
    wide_files()
    # A result that was complete is one, whoever did not read it: 1 is kept for gates.
    ran = shell(f"{command}; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout.splitlines()[-1] == "0"
    assert (ran.code, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    "command", [pytest.param("xent eval none.csv", id="OU3-no-file"), pytest.param("xent eval --zzzz", id="OU3-usage")]
)
def test_an_error_that_nobody_reads_is_still_one(command: str) -> None:
    assert shell(f"{command} 2>&1 | true; echo ${{PIPESTATUS[0]}}").stdout == "2\n"
    assert shell(f"{command} 2>/dev/full").code == 2
    # Without a standard error there is nowhere to say it, least of all standard output.
    ran = shell(f"{command} 2>&-")
    assert (ran.code, ran.stdout) == (2, "")


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("streams", "form"),
    [
        *(pytest.param(">&-", form, id=f"OU3-closed-{form}") for form in FORMATS),
        pytest.param("<&- >&-", FORMATS[0], id="OU3-both-closed"),
    ],
)
def test_a_closed_standard_output_is_an_error_and_no_file_takes_its_place(streams: str, form: str) -> None:
    plain_files()
    ran = shell(f"xent eval {P} {Y} -f {form} {streams}")
    command = form.startswith("github")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"{'::error title=xent%3A cannot evaluate::' if command else 'error: '}{CLOSED}\n"
    before = Path(P).read_bytes(), Path(Y).read_bytes()
    ran = shell(f"xent eval {P} {Y} -f {form} -o out {streams} 2>&-")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert "0.2899" in Path("out").read_text()
    assert (Path(P).read_bytes(), Path(Y).read_bytes()) == before


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "arguments",
    ["--version", "--help", "eval --help", "eval --show-config", f"inspect {P} {Y}", f"eval {P} {Y} --max loss=0"],
)
def test_f9_whatever_is_to_be_printed_is_not_lost_in_silence(arguments: str) -> None:
    plain_files()
    ran = shell(f"xent {arguments} >&-")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {CLOSED}\n")
    assert shell(f"xent {arguments} >&- 2>&-").code == 2


def test_f9_a_closed_standard_output_is_known_before_anything_is_read() -> None:
    ran = shell("xent eval none.csv >&-")
    assert (ran.code, ran.stderr) == (2, f"error: {CLOSED}\n")


def test_f9_standard_input_that_is_closed_is_not_another_file() -> None:
    """The first file that is opened would have its number."""
    plain_files()
    for arguments in (f"{P} -", f"- {Y}"):
        ran = shell(f"xent eval {arguments} <&-")
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr == "error: standard input: cannot be read: Bad file descriptor\n"
    ran = shell(f"xent eval {P} {Y} -f metrics <&-")
    assert (ran.code, ran.stderr) == (0, "")


def test_f9_a_working_directory_that_was_removed_is_named() -> None:
    plain_files()
    gone = "mkdir gone && cd gone && rmdir ../gone"
    ran = shell(f"{gone}; xent eval $OLDPWD/../{P} {Y}")
    problem = "the working directory does not exist any more\n  Change to one that does."
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {problem}\n")
    # What needs none works.
    assert shell(f"{gone}; xent --version").code == 0


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "nowhere",
    [
        pytest.param("2> >(true)", id="OU3-warning-to-nobody"),
        pytest.param("2>/dev/full", id="OU4-warning-to-a-full-disk"),
        pytest.param("2>&-", id="OU3-warning-to-a-closed-stream"),
    ],
)
def test_a_warning_that_cannot_be_said_costs_no_result(nowhere: str) -> None:
    warned_files()
    ran = shell(f"xent eval {P} {Y} -f json {nowhere}")
    assert (ran.code, ran.stderr) == (0, "")
    assert read_json(ran.stdout)["warnings"][0]["message"].startswith(ROUNDED)
    ran = shell(f"xent eval {P} {Y} -f json -o out.json {nowhere}")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert loss_in("out.json") == LOSS


@pytest.mark.one_in_three
@pytest.mark.parametrize("form", FORMATS)
def test_ou4_a_full_disk_is_an_error(form: str, run_xent: RunXent) -> None:
    plain_files()
    start = "::error title=xent%3A cannot evaluate::" if form.startswith("github") else "error: "
    ran = shell(f"xent eval {P} {Y} -f {form} >/dev/full")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"{start}cannot write to standard output: No space left on device\n"
    ran = run_xent("eval", P, Y, "-f", *form.split(), "-o", "/dev/full")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"{start}cannot write '/dev/full': No space left on device\n"


# OU5, OU6 ------------------------------------------------------------------------------------------------------


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("env", "box"),
    [
        pytest.param({"PYTHONIOENCODING": "ascii"}, False, id="OU5-ascii"),
        pytest.param({"PYTHONIOENCODING": "ascii:strict"}, False, id="OU5-ascii-strict"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, False, id="OU5-latin-1"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, False, id="OU5-C-locale"),
        pytest.param({"PYTHONIOENCODING": "utf-8"}, True, id="OU5-utf-8"),
    ],
)
def test_a_class_that_the_stream_cannot_hold_is_escaped(env: dict[str, str], box: bool) -> None:
    write(P, "漢,dog\n0.7,0.3\n0.2,0.8\n")
    write(Y, "label\n漢\ndog\n")
    shown = "漢" if box else "\\u6f22"
    table = shell(f"xent eval {P} {Y}", env)
    assert (table.code, table.stderr) == (0, "")
    assert f"positive '{shown}'" in table.stdout
    assert table.stdout.isascii() is not box
    result = shell(f"xent eval {P} {Y} -f json", env)
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.isascii() is not box
    assert read_json(result.stdout)["inputs"]["classes"] == ["dog", "漢"]
    write(Y, LABELS)
    error = shell(f"xent eval {P} {Y} -f json", env)
    assert (error.code, error.stdout) == (2, "")
    assert error.stderr == (
        "error: y.csv, record 1 (line 2), column 'label': the label 'cat' is not a class; the classes are 'dog', "
        f"'{shown}'\n  Is this the label column? See --label, or name the classes with --classes.\n"
    )


def test_a_file_is_utf_8_whatever_the_streams_are() -> None:
    write(P, "漢,dog\n0.7,0.3\n0.2,0.8\n")
    write(Y, "label\n漢\ndog\n")
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert shell(f"xent eval {P} {Y} -f json -o out.json", env).code == 0
    assert read_json(Path("out.json").read_text(encoding="utf-8"))["inputs"]["classes"] == ["dog", "漢"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_ou5_every_format_can_be_written_where_characters_are_missing(
    form: str, encoding: str, run_xent: RunXent
) -> None:
    write(P, "漢,dog\n0.7,0.3\n0.2,0.8\n")
    write(Y, "label\n漢\ndog\n")
    ran = run_xent("eval", P, Y, "-f", *form.split(), encoding=encoding)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.isascii() and "0.2899" in ran.stdout
    if form.startswith(("json", "metrics")):
        assert read_json(ran.stdout)
    if form.startswith("junit"):
        assert len(ET.fromstring(ran.stdout).findall(".//testcase")) == 1


def test_ou5_json_stays_json_where_a_character_is_beyond_the_basic_plane() -> None:
    """A backslash escape of Python's with eight digits is none of JSON's."""
    write(P, "🐈,dog\n0.7,0.3\n0.2,0.8\n")
    write(Y, "label\n🐈\ndog\n")
    for encoding in ("ascii", "latin-1"):
        ran = shell(f"xent eval {P} {Y} -f json", {"PYTHONIOENCODING": encoding})
        assert (ran.code, ran.stderr) == (0, "")
        assert read_json(ran.stdout)["inputs"]["classes"] == ["dog", "🐈"]
    write(P, "é,dog\n0.7,0.3\n0.2,0.8\n")
    write(Y, "label\né\ndog\n")
    ran = shell(f"xent eval {P} {Y} -f json", {"PYTHONIOENCODING": "ascii"})
    assert read_json(ran.stdout)["inputs"]["classes"] == ["dog", "é"]


def test_ou6_json_has_no_infinity_and_no_nan(run_xent: RunXent) -> None:
    write(P, "cat,dog,bird\n0,1,0\n0.2,0.8,0\n")
    write(Y, LABELS)
    ran = run_xent("eval", P, Y, "-f", "json", "--clip", "none")
    assert ran.code == 0
    result = read_json(ran.stdout)
    assert result["overall"]["loss"] is None
    assert "overall.loss" in result["infinite"]
    assert result["classes"][0]["loss"] is None
    assert ran.stderr.startswith("warning: 1 row gives the label a probability of 0, so the loss is infinite.")
    assert "Infinity" not in ran.stdout
    assert "NaN" not in ran.stdout


def test_ou6_one_row_has_undefined_figures_and_none_is_nan(run_xent: RunXent) -> None:
    write(P, "cat,dog\n0.7,0.3\n")
    write(Y, "label\ncat\n")
    ran = run_xent("eval", P, Y, "-f", "json")
    assert (ran.code, ran.stderr) == (0, "")
    result = read_json(ran.stdout)
    assert result["overall"]["loss"] == pytest.approx(-math.log(0.7), rel=1e-15)
    assert (result["overall"]["skill"], result["overall"]["loss_low"], result["infinite"]) == (None, None, [])


# OU7, OU8 ------------------------------------------------------------------------------------------------------


@pytest.fixture
def held() -> Iterator[io.FileIO]:
    """A pipe `held.csv` that a run waits on for the rest of its predictions, until what is given here is closed."""
    os.mkfifo("held.csv")
    reader = os.open("held.csv", os.O_RDONLY | os.O_NONBLOCK)
    with io.FileIO("held.csv", "w") as writer:
        os.close(reader)
        yield writer


def has_a_reader(writer: io.FileIO) -> bool:
    """Whether anybody has the other end of a pipe open."""
    poll = select.poll()
    poll.register(writer, select.POLLERR)
    return not poll.poll(0)


def waiting_run(held: io.FileIO, output: str, ignoring: str = "") -> subprocess.Popen[bytes]:
    """Start a run that has made what it writes beside `output`, and waits for its predictions in `held`."""
    before = leftovers(Path())
    process = start("eval", "held.csv", Y, "-f", "json", "-q", "-o", output, ignoring=ignoring)
    # A pipe that is closed before the run has opened it is one that it waits for without end.
    wait_until(lambda: leftovers(Path()) != before and has_a_reader(held))
    return process


def test_ou7_what_a_killed_run_leaves_is_a_dot_file_that_a_later_one_removes(
    held: io.FileIO, run_xent: RunXent
) -> None:
    plain_files()
    Path("out.json").write_text("old")
    process = waiting_run(held, "out.json")
    held.write(PREDICTIONS.encode())
    process.kill()
    assert finished(process).code == -signal.SIGKILL
    assert Path("out.json").read_text() == "old"
    (left,) = leftovers(Path())
    assert re.fullmatch(r"\.out\.json\.xent-[0-9a-f]{16}", left)
    Path(".out.json.xent-notes").write_text("mine")
    # It may be of a run that is under way in another container, whose processes are not seen here.
    for age, stays in ((0, True), (23, True), (25, False)):
        if age:
            os.utime(left, (time.time() - age * 3600,) * 2)
            os.utime(".out.json.xent-notes", (0, 0))
        ran = run_xent("eval", P, Y, "-f", "json", "-o", "out.json")
        assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
        assert loss_in("out.json") == LOSS
        assert (left in leftovers(Path())) is stays
    assert leftovers(Path()) == [".out.json.xent-notes"]


def test_ou7_a_run_whose_file_was_removed_as_a_leftover_makes_it_anew(held: io.FileIO) -> None:
    plain_files()
    process = waiting_run(held, "out.json")
    Path(*leftovers(Path())).unlink()
    held.write(PREDICTIONS.encode())
    held.close()
    ran = finished(process)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert loss_in("out.json") == LOSS
    assert leftovers(Path()) == []


def test_ou7_a_run_that_fails_leaves_the_old_file(run_xent: RunXent) -> None:
    write(P, PREDICTIONS + "oops,0\n")
    write(Y, LABELS)
    Path("out.json").write_text("old")
    assert run_xent("eval", P, Y, "-o", "out.json").code == 2
    assert Path("out.json").read_text() == "old"
    assert leftovers(Path()) == []


def test_cs4_two_runs_with_one_output_leave_one_whole_file(held: io.FileIO, run_xent: RunXent) -> None:
    plain_files()
    process = waiting_run(held, "out.json")
    # The second comes and goes while the first is under way, and takes nothing of the first away.
    assert run_xent("eval", P, Y, "-f", "json", "-o", "out.json").code == 0
    assert loss_in("out.json") == LOSS
    assert len(leftovers(Path())) == 1
    held.write(b"cat,dog\n0.5,0.5\n0.5,0.5\n")
    held.close()
    ran = finished(process)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert loss_in("out.json") == math.log(2)
    assert leftovers(Path()) == []


@pytest.mark.slow
def test_f8_runs_whose_process_numbers_are_the_same_leave_one_whole_file() -> None:
    """In containers on a shared volume every run may be process 2, and no number says whether one still runs."""
    plain_files()
    namespace = ["unshare", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*namespace, "true"], check=False).returncode != 0:
        pytest.skip("no namespaces of process numbers can be made here")
    command = [*namespace, sys.executable, "-m", "xentcli", "eval", P, Y, "-f", "json", "-o", "out.json"]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in runs] == [(b"", 0)] * 4
    assert loss_in("out.json") == LOSS
    assert leftovers(Path()) == []


def test_f8_no_process_number_is_part_of_the_name(
    held: io.FileIO, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_files()
    process = waiting_run(held, "out.json")
    # As in a container where that number is this run's, and no other process has one.
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: process.pid)
        patch.setattr(os, "kill", lambda *_: (_ for _ in ()).throw(ProcessLookupError))
        assert run_xent("eval", P, Y, "-f", "json", "-o", "out.json").code == 0
    assert len(leftovers(Path())) == 1
    held.write(PREDICTIONS.encode())
    held.close()
    assert finished(process).code == 0
    assert leftovers(Path()) == []


@pytest.mark.slow
def test_cs4_many_runs_with_one_output_leave_one_whole_file() -> None:
    plain_files()
    runs = [start("eval", P, Y, "-f", "json", "-o", "out.json") for _ in range(4)]
    for process in runs:
        assert finished(process).code == 0
    assert loss_in("out.json") == LOSS
    assert leftovers(Path()) == []


@pytest.mark.parametrize(
    ("output", "message"),
    [
        pytest.param(P, f"--output is '{P}', which is an input", id="OU8-predictions"),
        pytest.param(Y, f"--output is '{Y}', which is an input", id="OU8-labels"),
        pytest.param("sub/../y.csv", "--output is 'sub/../y.csv', which is an input", id="OU8-other-spelling"),
        pytest.param("link.csv", "--output is 'link.csv', which is an input", id="OU8-symlink-to-an-input"),
        pytest.param("hard.csv", "--output is 'hard.csv', which is an input", id="OU8-hard-link-to-an-input"),
        pytest.param("sub", "--output is 'sub', a directory", id="OU8-directory"),
        pytest.param("sublink", "--output is 'sublink', a directory", id="OU8-symlink-to-a-directory"),
        pytest.param("sub/", "--output is 'sub/', a directory", id="OU8-directory-slash"),
        pytest.param("new/", "--output is 'new/', a directory", id="OU8-no-directory-slash"),
        pytest.param("", "--output is '', which names no file", id="OU8-nothing"),
        pytest.param("no/out.json", "cannot write 'no/out.json': No such file or directory", id="OU8-no-folder"),
        pytest.param("y.csv/out", "cannot write 'y.csv/out': Not a directory", id="OU8-below-a-file"),
        pytest.param("loop", "cannot write 'loop': Too many levels of symbolic links", id="OU8-symlink-loop"),
        pytest.param("a\0b", "cannot write 'a\\x00b': embedded null byte", id="OU8-nul"),
    ],
)
def test_outputs_that_cannot_be(run_xent: RunXent, output: str, message: str) -> None:
    plain_files()
    Path("sub").mkdir()
    Path("link.csv").symlink_to(Y)
    Path("hard.csv").hardlink_to(Y)
    Path("sublink").symlink_to("sub")
    Path("loop").symlink_to("loop")
    before = sorted(path.name for path in Path().iterdir())
    ran = run_xent("eval", P, Y, "-f", "json", "-o", output)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")
    assert sorted(path.name for path in Path().iterdir()) == before
    assert (Path(P).read_text(), Path(Y).read_text()) == (PREDICTIONS, LABELS)


def test_ou8_the_output_is_checked_before_anything_is_read(run_xent: RunXent) -> None:
    ran = run_xent("eval", "none.csv", "-o", "no/out.json")
    assert ran.stderr == "error: cannot write 'no/out.json': No such file or directory\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_ou8_a_file_that_may_not_be_written_is_an_error(run_xent: RunXent) -> None:
    plain_files()
    Path("out.json").write_text("old")
    Path("out.json").chmod(0o444)
    ran = run_xent("eval", P, Y, "-o", "out.json")
    assert (ran.code, ran.stderr) == (2, "error: cannot write 'out.json': Permission denied\n")


def test_ou8_a_symlink_is_written_through(run_xent: RunXent) -> None:
    plain_files()
    Path("sub").mkdir()
    Path("sub/real.json").write_text("old")
    Path("sub/real.json").chmod(0o640)
    Path("link.json").symlink_to("sub/real.json")
    Path("dangling.json").symlink_to("sub/new.json")
    for link, target in (("link.json", "sub/real.json"), ("dangling.json", "sub/new.json")):
        assert run_xent("eval", P, Y, "-f", "json", "-o", link).code == 0
        assert Path(link).is_symlink()
        assert loss_in(target) == LOSS
    assert stat.S_IMODE(Path("sub/real.json").stat().st_mode) == 0o640
    assert leftovers(Path("sub")) == []


def test_ou8_a_new_file_has_the_permissions_of_any_other() -> None:
    plain_files()
    for mask, mode in (("022", 0o644), ("077", 0o600)):
        assert shell(f"umask {mask}; rm -f out.json; xent eval {P} {Y} -f json -o out.json").code == 0
        assert stat.S_IMODE(Path("out.json").stat().st_mode) == mode


@pytest.mark.one_in_three
@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_ou8_standard_output_by_its_name_is_written_to_and_never_renamed_over(place: str) -> None:
    plain_files()
    piped = shell(f"xent eval {P} {Y} -f json -o {place} | cat")
    assert (piped.code, piped.stderr) == (0, "")
    assert read_json(piped.stdout)["overall"]["loss"] == LOSS
    Path("log").write_text("before\n")
    inode = Path("log").stat().st_ino
    ran = shell(f"exec >>log; xent eval {P} {Y} -f json -o {place} && echo after")
    assert (ran.code, ran.stderr) == (0, "")
    assert Path("log").stat().st_ino == inode
    first, *result, last = Path("log").read_text().splitlines()
    assert (first, last) == ("before", "after")
    assert read_json("\n".join(result))["overall"]["loss"] == LOSS


def test_ou8_another_open_stream_is_appended_to() -> None:
    plain_files()
    for place, stream in (("/dev/stderr", 2), ("/dev/fd/3", 3)):
        Path("log").write_text("before\n")
        inode = Path("log").stat().st_ino
        ran = shell(f"xent eval {P} {Y} -f json -o {place} {stream}>>log")
        assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
        assert Path("log").stat().st_ino == inode
        first, *result = Path("log").read_text().splitlines()
        assert first == "before"
        assert read_json("\n".join(result))["overall"]["loss"] == LOSS


def test_ou8_an_input_is_not_written_to_by_another_name() -> None:
    plain_files()
    ran = shell(f"xent eval {P} {Y} -f json -o /dev/stdout >>{Y}")
    assert (ran.code, ran.stderr) == (2, "error: --output is '/dev/stdout', which is an input\n")
    assert Path(Y).read_text() == LABELS


def test_ou7_a_link_where_the_file_is_to_be_made_is_not_followed(
    run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that others may write to, somebody may have guessed the name."""
    plain_files()
    Path("victim").write_text("mine")
    monkeypatch.setattr(os, "urandom", bytes)
    Path(f".out.json.xent-{'00' * 8}").symlink_to("victim")
    ran = run_xent("eval", P, Y, "-f", "json", "-o", "out.json")
    assert (ran.code, ran.stderr) == (2, "error: cannot write 'out.json': File exists\n")
    assert not Path("out.json").exists()
    assert Path("victim").read_text() == "mine"


@pytest.mark.parametrize("name", [pytest.param("a" * 255, id="OU7-ascii"), pytest.param("漢" * 85, id="OU7-utf-8")])
def test_a_name_as_long_as_a_name_can_be_is_written(name: str, run_xent: RunXent) -> None:
    ran = run_xent("eval", *plain_files(), "-f", "json", "-o", name)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert loss_in(name) == LOSS
    assert sorted(path.name for path in Path().iterdir()) == sorted([P, Y, name])


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "command",
    [
        pytest.param("xent eval p.csv y.csv -f json -o >(cat >got); wait $!; cat got", id="OU8-process-substitution"),
        pytest.param(
            "mkfifo pipe; cat pipe & xent eval p.csv y.csv -f json -o pipe; wait; test -p pipe", id="OU8-fifo"
        ),
        pytest.param("xent eval p.csv y.csv -f json -o /dev/stderr 2>&1 | cat", id="OU8-dev-stderr"),
    ],
)
def test_pipes_are_written_through(command: str) -> None:
    plain_files()
    ran = shell(command)
    assert (ran.code, ran.stderr) == (0, "")
    assert read_json(ran.stdout)["overall"]["loss"] == LOSS


def test_ou8_a_device_is_written_and_stays_one(run_xent: RunXent) -> None:
    plain_files()
    ran = run_xent("eval", P, Y, "-f", "json", "-o", os.devnull)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116  # the device itself is meant


# OU9, OU10 -----------------------------------------------------------------------------------------------------


def test_ou9_10_000_classes_are_20_lines_and_one_for_the_rest(run_xent: RunXent) -> None:
    wide_files(10_000)
    ran = run_xent("eval", P, Y)
    assert (ran.code, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) < 50
    assert "9,980" in ran.stdout
    everything = read_json(run_xent("eval", P, Y, "-f", "json").stdout)
    assert len(everything["classes"]) == 10_000


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ou9_a_million_unknown_labels_are_five_and_a_count(jobs: str) -> None:
    rows = 1_000_000
    write(P, "cat,dog\n" + "0.5,0.5\n" * rows)
    write(Y, "label\n" + "".join(f"x{i}\n" for i in range(rows)))
    ran = shell(f"xent eval {P} {Y} --jobs {jobs}", timeout=20)
    listed = "".join(f"  'x{i}', first in record {i + 1}\n" for i in range(5))
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == (
        "error: y.csv, record 1 (line 2), column 'label': the label 'x0' is not a class; the classes are 'cat', 'dog'\n"
        "  Is this the label column? See --label, or name the classes with --classes.\n"
        f"  5 or more labels are no class:\n{listed}"
    )


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "locale", [pytest.param(name, id=f"OU10-{name}") for name in ("de_DE", "de_DE.UTF-8", "tr_TR")]
)
def test_decimals_have_a_point_whatever_the_locale(locale: str) -> None:
    """In one process all formats one after the other, each ended by a form feed."""
    plain_files()
    script = (
        "from xentcli.cli.main import main\n"
        f"for form in {FORMATS}:\n"
        f"    assert main(['eval', '{P}', '{Y}', '--confidence', '0.9', '-f', *form.split()]) == 0\n"
        "    print('\\f', end='', flush=True)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=environment({"LC_ALL": locale, "PYTHONUTF8": "1"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    printed = ran.stdout.split("\f")[:-1]
    assert [("0.2899" in text, "0,2899" in text) for text in printed] == [(True, False)] * len(FORMATS)


# CS1, CS2, CS3, CS6 --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes seconds to read."""
    path = tmp_path_factory.mktemp("long") / "long.csv"
    block = "cat,0.75,0.25\n" * 200_000
    with path.open("w") as file:
        file.write("label,cat,dog\n")
        for _ in range(120):
            file.write(block)
    return path


@pytest.mark.parametrize(
    ("number", "code", "times", "jobs"),
    [
        pytest.param(signal.SIGINT, 130, 1, "1", id="CS1-1", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, 130, 1, "2", id="CS1-2"),
        pytest.param(signal.SIGTERM, 143, 1, "1", id="CS2-1", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 143, 1, "2", id="CS2-2"),
        pytest.param(signal.SIGINT, 130, 2, "2", id="CS3"),
        pytest.param(signal.SIGTERM, 143, 2, "2", id="CS2-twice", marks=pytest.mark.slow),
    ],
)
def test_signals_end_a_run_midway_and_leave_nothing(
    long_file: Path, number: signal.Signals, code: int, times: int, jobs: str
) -> None:
    Path("out.json").write_text("old")
    for wait in (0.0, 0.3):
        process = start("eval", str(long_file), "-f", "json", "-o", "out.json", "--jobs", jobs)
        wait_until(lambda: leftovers(Path()) != [])
        time.sleep(wait)
        for _ in range(times):
            process.send_signal(number)
        ran = finished(process)
        # A run that went on to the end of its file would be done, and have written the new result.
        assert (ran.code, ran.stdout, ran.stderr) == (code, "", "")
        assert Path("out.json").read_text() == "old"
        assert leftovers(Path()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [pytest.param(signal.SIGINT, 130, id="CS1-pipe"), pytest.param(signal.SIGTERM, 143, id="CS2-pipe")],
)
def test_signals_end_a_run_that_waits_for_its_input(held: io.FileIO, number: signal.Signals, code: int) -> None:
    plain_files()
    process = waiting_run(held, "out.json")
    held.write(PREDICTIONS.encode())
    process.send_signal(number)
    ran = finished(process)
    assert (ran.code, ran.stdout, ran.stderr) == (code, "", "")
    assert not Path("out.json").exists()
    assert leftovers(Path()) == []


@pytest.mark.one_in_three
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has loaded is seen in /proc")
@pytest.mark.parametrize(
    "library", [pytest.param(name, id=f"CS1-{name}") for name in ("_multiarray_umath", "libarrow")]
)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_libraries_load_is_no_traceback(
    long_file: Path, library: str, number: signal.Signals, code: int
) -> None:
    process = start("eval", str(long_file), "-f", "json")
    wait_until(lambda: library in Path(f"/proc/{process.pid}/maps").read_text())
    process.send_signal(number)
    ran = finished(process)
    assert (ran.code, ran.stdout, ran.stderr) == (code, "", "")


def test_cs6_an_ignored_interrupt_stays_ignored(held: io.FileIO) -> None:
    plain_files()
    process = waiting_run(held, "out.json", ignoring="INT HUP")
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGHUP)
    held.write(PREDICTIONS.encode())
    held.close()
    ran = finished(process)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert loss_in("out.json") == LOSS


@pytest.mark.parametrize(
    ("options", "name"),
    [
        pytest.param(("--classes", "@names.txt"), "names.txt", id="OU8-classes"),
        pytest.param(("--class-weight", "@weights.json"), "weights.json", id="OU8-class-weight"),
        pytest.param(("--config", "xent.toml"), "xent.toml", id="OU8-config"),
    ],
)
def test_a_file_that_an_option_names_is_not_overwritten(options: tuple[str, ...], name: str) -> None:
    plain_files()
    contents = {"names.txt": "cat\ndog\n", "weights.json": '{"cat": 2}\n', "xent.toml": 'unit = "bits"\n'}
    for path, content in contents.items():
        write(path, content)
    ran = shell(f"xent eval {P} {Y} {' '.join(options)} -o {name}")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: --output is '{name}', which is an input\n")
    assert Path(name).read_text() == contents[name]
