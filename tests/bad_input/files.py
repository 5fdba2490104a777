"""Runs as a shell, a terminal or a signal meets them, and CSV files laid out to the byte around a block's end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
from conftest import Ran
from tables import write

PREDICTIONS = "cat,dog\n0.7,0.3\n0.2,0.8\n"
LABELS = "label\ncat\ndog\n"
LOSS = 0.2899092476264711  # -(log(0.7) + log(0.8)) / 2, the nearest float64
ESCAPE = "\x1b"
# Colours, progress and encodings are what a test says they are, whatever the machine that runs it says.
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERMINAL_WIDTH", "PYTHONIOENCODING", "TERM"}
}
COMMAND = (sys.executable, "-m", "xentcli")


def plain_files() -> tuple[str, str]:
    """Write two rows of predictions and labels whose loss is LOSS; return their paths."""
    return write("p.csv", PREDICTIONS), write("y.csv", LABELS)


def read_json(text: str) -> Any:
    """Return what strict JSON holds; NaN and Infinity, which Python would let pass, are refused."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def environment(env: dict[str, str] | None) -> dict[str, str]:
    """Return the environment of a run: nothing of this machine's terminal, then what the test wants."""
    return {**CLEAN, "TERM": "xterm", **(env or {})}


def shell(script: str, env: dict[str, str] | None = None, timeout: float = 60) -> Ran:
    """Run a Bash script in which `xent` is xent."""
    function = 'xent() { "$XENT_PYTHON" -m xentcli "$@"; }\n'
    process = subprocess.Popen(
        ["bash", "-c", function + script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment({"XENT_PYTHON": sys.executable, **(env or {})}),
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return Ran(process.returncode, out.decode("utf-8", "surrogateescape"), err.decode())


def on_terminal(*arguments: str, env: dict[str, str] | None = None, columns: int = 160) -> tuple[int | None, str]:
    """Run xent with both streams on a terminal; return its exit code and what the terminal received."""
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *arguments],
        env=environment(env),
        dimensions=(50, columns),
        encoding="utf-8",
        timeout=60,
    )
    text = str(child.read())
    child.close()
    return child.exitstatus, text.replace("\r\n", "\n")


def start(*arguments: str, ignoring: str = "") -> subprocess.Popen[bytes]:
    """Start xent with pipes for both streams, the signals in `ignoring` ignored, as `nohup` leaves them."""
    shell_first = ("bash", "-c", f"trap '' {ignoring}; exec \"$@\"", "bash") if ignoring else ()
    return subprocess.Popen(
        [*shell_first, *COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=environment(None),
    )


def finished(process: subprocess.Popen[bytes], timeout: float = 60) -> Ran:
    """Wait for a process and return what it left behind."""
    out, err = process.communicate(timeout=timeout)
    return Ran(process.returncode, out.decode(), err.decode())


def wait_until(condition: Callable[[], bool], timeout: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def leftovers(folder: Path) -> list[str]:
    """Return the names of the files that are written beside an output."""
    return sorted(path.name for path in folder.iterdir() if ".xent-" in path.name)


def ends_at(content: str, size: int, rows: str, last: str) -> str:
    """Return `content` and then `rows` as often as they fit before `last`, whose padding `{}` is filled with x so
    that the whole is `size` bytes.
    """
    content += rows * ((size - len(content) - len(last.format("")) - 1) // len(rows))
    return content + last.format("x" * (size - len(content) - len(last.format(""))))
