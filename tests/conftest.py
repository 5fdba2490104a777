"""How tests run xent: in this process with streams of their own, or as a process of its own."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from effort import examples
from hypothesis import settings

from xentcli.cli.main import main

# How long an example takes depends on what else the machine does.
settings.register_profile("xent", deadline=None, max_examples=examples(100))
settings.load_profile("xent")

# The fixtures of tests/columns: pytest knows one module called conftest only, where folders are no packages.
pytest_plugins = ["both_ways"]

SAMPLES = Path(__file__).parent.parent / "sample_data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let gold files be written anew: `pytest tests/test_gold.py --update-gold`."""
    parser.addoption("--update-gold", action="store_true", help="write tests/gold anew from what is printed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make all but one in three cases of a test that is marked so slow; a case that is asked for by its name is run."""
    met: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("one_in_three") is not None:
            test = item.nodeid.partition("[")[0]
            # Not the same one of each three: where two lists are crossed, that would be one alone of a list of three.
            if (met[test] + met[test] // 3) % 3:
                item.add_marker("slow")
            met[test] += 1


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make alone: to look through 8,000 tests each time took a twelfth of a run."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Ran:
    """What a run left behind: exit code and both streams."""

    code: int
    stdout: str
    stderr: str


class _Stream(io.TextIOWrapper):
    """A text stream over bytes, a terminal or not."""

    def __init__(self, encoding: str, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def text(self) -> str:
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


RunXent = Callable[..., Ran]


@pytest.fixture
def run_xent(monkeypatch: pytest.MonkeyPatch) -> RunXent:
    """Run xent in this process: `run_xent("eval", path, ..., terminal=False, encoding="utf-8")`."""

    def run(*arguments: str | Path, terminal: bool = False, encoding: str = "utf-8", columns: int | None = None) -> Ran:
        out, err = _Stream(encoding, terminal), _Stream(encoding, terminal)
        before = dict(os.environ)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            if columns is not None:
                patch.setenv("COLUMNS", str(columns))
            try:
                code = main([str(argument) for argument in arguments])
            finally:
                # xent forgets odd widths in its environment, which here is the tests' own.
                os.environ.clear()
                os.environ.update(before)
        return Ran(int(code), out.text(), err.text())

    return run


RunProcess = Callable[..., Ran]


@pytest.fixture
def run_process() -> RunProcess:
    """Run xent as a process: `run_process("eval", path, ..., env={...}, cwd=...)`."""

    def run(*arguments: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "xentcli", *map(str, arguments)],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
