"""`--memory-limit`: a run that needs more ends in one error, within the limit and some; others are as ever.

And the limits of the system: whatever it does not give is said in a line or two.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import Ran, RunXent
from files import COMMAND, environment, leftovers, on_terminal, plain_files
from measured import run_measured
from tables import P, Y

from xentcli import UsageError, evaluate, inspect
from xentcli import memory_limit as limit
from xentcli.errors import ResourceError, XentError
from xentcli.memory import lack
from xentcli.memory_limit import bytes_of, held_bytes, watched

SLACK = 100 << 20
ROWS = 1_000_000
ALLOWED = "it takes bytes, or a number with K, M, G or T (of 1,024), such as 500M or 2G"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Files whose keys take more than 100 MB to hold."""
    folder = tmp_path_factory.mktemp("keyed")
    for name, header, end in (("p.csv", "id,p\n", ",0.5\n"), ("y.csv", "id,y\n", ",1\n")):
        with (folder / name).open("w") as file:
            file.write(header)
            file.writelines(f"key-{at * 7919 % ROWS:07d}-{at % 100}{end}" for at in range(ROWS))
    return str(folder / "p.csv"), str(folder / "y.csv")


def run_and_peak(*arguments: str) -> tuple[Ran, int]:
    """Run xent as a process; return what it left behind, and the most memory it held."""
    done, peak = run_measured([*COMMAND, *arguments], environment(None))
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode()), peak


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("most", [130 << 20, 150 << 20])
def test_a_run_that_needs_more_ends_in_one_error_within_the_limit_and_some(
    keyed: tuple[str, str], most: int, jobs: str
) -> None:
    Path("out.json").write_text("old")
    arguments = ("eval", *keyed, "--on", "id", "--negative", "0", "--jobs", jobs, "--memory-limit", str(most))
    ran, peak = run_and_peak(*arguments, "-f", "json", "-o", "out.json")
    assert (ran.code, ran.stdout) == (2, "")
    problem, hint = ran.stderr.splitlines()
    assert problem.startswith(f"error: --memory-limit is {most:,} bytes, and ")
    assert hint.endswith("xent itself takes about 100 MB.")
    assert peak < most + SLACK
    assert (Path("out.json").read_text(), leftovers(Path())) == ("old", [])


@pytest.mark.slow
def test_a_run_that_needs_less_gives_the_same_bits(keyed: tuple[str, str]) -> None:
    results = []
    for more in ((), ("--memory-limit", "2G")):
        ran, _ = run_and_peak("eval", *keyed, "--on", "id", "--negative", "0", "-f", "json", "-q", *more)
        assert (ran.code, ran.stderr) == (0, "")
        results.append(json.loads(ran.stdout))
        del results[-1]["run"]
    assert results[0] == results[1]


@pytest.mark.one_in_three
@pytest.mark.parametrize("command", ["eval", "inspect"])
@pytest.mark.parametrize("form", ["table", "json"])
def test_less_than_xent_itself_takes_is_an_error_of_either_command(command: str, form: str) -> None:
    plain_files()
    for most, code in (("20M", 2), ("1G", 0)):
        ran, _ = run_and_peak(command, P, Y, "--memory-limit", most, "-f", form)
        assert ran.code == code
        assert (ran.stdout == "") is (code == 2)
        beginning = ran.stderr.partition("bytes, and ")[0]
        assert beginning == ("error: --memory-limit is 20,971,520 " if code else "")


def test_github_is_told_in_its_own_way() -> None:
    plain_files()
    ran, _ = run_and_peak("eval", P, Y, "--memory-limit", "20M", "-f", "github")
    assert (ran.code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert ran.stderr.startswith("::error title=xent%3A cannot evaluate::--memory-limit is 20,971,520 bytes, and ")


def test_a_bar_on_the_screen_is_taken_away(keyed: tuple[str, str]) -> None:
    code, screen = on_terminal("eval", *keyed, "--on", "id", "--progress", "--memory-limit", "150M")
    assert code == 2
    # The cursor, which the bar hides, is shown again.
    assert screen.rfind("\x1b[?25h") >= screen.rfind("\x1b[?25l")
    assert "error: --memory-limit is 157,286,400 bytes" in screen


@pytest.mark.parametrize(
    ("text", "size"),
    [
        *(("1", 1), ("1000", 1000), ("2G", 2 << 30), ("2g", 2 << 30), ("500M", 500 << 20), ("64KiB", 64 << 10)),
        *(("1.5T", 3 << 39), ("0.5K", 512), (str(1 << 60), 1 << 60)),
    ],
)
def test_sizes_that_are_understood(text: str, size: int, run_xent: RunXent) -> None:
    assert bytes_of(text) == size
    Path("x.toml").write_text(f"memory-limit = {text if text.isdigit() else repr(text)}\n")
    ran = run_xent("eval", "--config", "x.toml", "--show-config")
    assert f'memory-limit = "{text}"  # x.toml, line 1\n' in ran.stdout


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.1", "-1", "1e6", "2GB", "2 G", "G", "1P", "٣", "9" * 400, "1.5.2", "2097152T", "x" * 300, "1\n"],
)
@pytest.mark.parametrize("command", ["eval", "inspect"])
def test_sizes_that_are_none(text: str, command: str, run_xent: RunXent) -> None:
    plain_files()
    ran = run_xent(command, P, Y, f"--memory-limit={text}")
    assert (ran.code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert ran.stderr.startswith("error: --memory-limit is '")
    assert ran.stderr.endswith(f"'; {ALLOWED}\n")
    with pytest.raises(UsageError, match="--memory-limit is"):
        evaluate(P, Y, memory_limit=text)


def test_from_python_the_limit_is_an_error_like_others() -> None:
    plain_files()
    for call in (evaluate, inspect):
        with pytest.raises(ResourceError, match="--memory-limit is 1,000 bytes, and "):
            call(P, Y, memory_limit=1000)
        call(P, Y, memory_limit="1T")
    with pytest.raises(UsageError, match="--memory-limit is 'True'"):
        evaluate(P, Y, memory_limit=True)


def test_a_block_that_was_left_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[ResourceError] = []
    looked, ended = threading.Event(), threading.Event()
    monkeypatch.setattr(limit, "held_bytes", lambda: 10 if looked.is_set() else 1)

    def end(error: ResourceError) -> None:
        ends.append(error)
        ended.set()

    with watched(5, end):
        pass
    looked.set()
    assert ends == []
    with watched(5, end):
        assert ended.wait(30)
    assert [str(error).splitlines()[0] for error in ends] == ["--memory-limit is 5 bytes, and 10 are in use"]
    with watched(None, end):
        assert not [thread for thread in threading.enumerate() if thread.name == "xent-memory"]


def test_memory_is_what_the_process_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a process of its own: one that has freed memory takes none anew.
    script = (
        "from xentcli.memory_limit import held_bytes\n"
        "before = held_bytes()\n"
        "held = b'x' * (64 << 20)\n"
        "assert 60 << 20 < held_bytes() - before < 80 << 20, held_bytes() - before"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    now = held_bytes()
    # As on a system that does not tell.
    monkeypatch.setattr(limit, "_STATM", "/none")
    assert held_bytes() >= now // 2


# What the system does not give ----------------------------------------------------------------------------------


def under(kind: int, most: int, *arguments: str) -> Ran:
    """Run xent as a process under a limit of the system."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        env=environment(None),
        preexec_fn=lambda: resource.setrlimit(kind, (most, most)),
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.one_in_three
@pytest.mark.parametrize("most", [100, 130, 160, 190, 205, 215, 220, 225, 230, 250])
@pytest.mark.parametrize("command", ["eval", "inspect"])
def test_f6_too_few_addresses_to_load_the_libraries_are_an_error_before_they_are_loaded(
    command: str, most: int
) -> None:
    plain_files()
    ran = under(resource.RLIMIT_AS, most * 1_000_000, command, P, Y)
    problem = f"the address space of this process is limited to {most * 1_000_000:,} bytes (ulimit -v), and xent needs"
    hint = "Raise it, or limit memory with --memory-limit instead."
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {problem} 268,435,456\n  {hint}\n")


@pytest.mark.parametrize("most", [20, 40, 60, 80, 100])
def test_f6_too_little_data_is_an_error_before_the_libraries_are_loaded(most: int) -> None:
    plain_files()
    ran = under(resource.RLIMIT_DATA, most * 1_000_000, "eval", P, Y)
    problem = (
        f"the data of this process is limited to {most * 1_000_000:,} bytes (ulimit -d), and xent needs 100,663,296"
    )
    assert ran.code == 2
    assert ran.stderr.startswith(f"error: {problem}\n")


def test_f6_threads_that_cannot_be_started_are_an_error_of_the_machine(
    run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_files()

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    for more in ((), ("--memory-limit", "4G")):
        ran = run_xent("eval", P, Y, "--jobs", "2", *more)
        assert (ran.code, ran.stdout) == (2, "")
        problem, hint = ran.stderr.splitlines()
        assert problem == "error: no more threads can be started"
        assert hint.startswith("  --jobs 1 needs the fewest")
    with pytest.raises(ResourceError, match="no more threads can be started"):
        evaluate(P, Y, jobs=2)
    assert run_xent("eval", P, Y, "--jobs", "1").code == 0


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (MemoryError(), "not enough memory"),
        (RuntimeError("can't start new thread"), "no more threads can be started"),
        (Exception("Unknown error: Failed to launch worker thread: Resource"), "no more threads can be started"),
        (
            ImportError("libarrow.so: failed to map segment from shared object"),
            "not enough memory to load the libraries",
        ),
        (ImportError("libarrow.so: cannot map zero-fill pages"), "not enough memory to load the libraries"),
        (ImportError("x.so: cannot allocate memory in static TLS block"), "not enough memory to load the libraries"),
    ],
)
def test_f6_what_libraries_say_of_a_lack_is_no_defect(
    error: Exception, problem: str, run_xent: RunXent, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_files()

    def fail(*_: object) -> None:
        raise error

    for place in ("xentcli.commands.evaluate.open_inputs", "xentcli.cli.report.evaluate_spec"):
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            ran = run_xent("eval", P, Y)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr.splitlines()[0] == f"error: {problem}"
        assert ran.stderr.count("\n") == 2


def test_what_is_a_defect_stays_one() -> None:
    assert lack(RuntimeError("a thread is odd")) is None
    assert lack(ImportError("No module named 'x'")) is None
    assert isinstance(lack(MemoryError()), XentError)
