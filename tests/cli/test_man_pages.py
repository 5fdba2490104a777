"""The man pages: made from the help, right to every linter, shipped in the wheel and found by man."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES
from tools import tool
from typer.main import get_command

from xentcli.cli.app import app
from xentcli.cli.completion.values import choices_of
from xentcli.cli.summaries import SUMMARIES
from xentcli.errors import ExitStatus

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "man").glob("*.1"))
NAMES = ["xent", *(f"xent-{name}" for name in SUMMARIES)]


def ran(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Return the exit code of a program, and what it says on both streams."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def shown(page: Path) -> str:
    """Return a page as a very wide terminal shows it."""
    code, text = ran(tool("mandoc"), "-T", "ascii", "-O", "width=1000", page)
    assert code == 0
    return re.sub(".\b", "", text)


def test_every_command_has_a_page_and_all_are_what_the_help_says() -> None:
    assert sorted(page.stem for page in PAGES) == NAMES
    assert ran(sys.executable, "docs/man_pages.py", "--check") == (0, "")
    assert ran(sys.executable, "-m", "doctest", "docs/roff.py") == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_stands_there_with_its_names_and_choices(page: Path) -> None:
    lines = [line.strip() for line in shown(page).splitlines()]
    program: Any = get_command(app)
    command = program if page.stem == "xent" else program.get_command(None, page.stem.removeprefix("xent-"))
    assert len(command.params) >= 3
    for one in command.params:
        if one.param_type_name == "argument":
            # A short name shares its line with the text.
            assert any(line.split()[:1] == [one.name.upper()] for line in lines), one.name
            continue
        names = sorted([*one.opts, *one.secondary_opts], key=lambda name: name.startswith("--"))
        takes = "|".join(choices_of(one)) or one.metavar or ""
        assert " ".join([", ".join(names), *([] if one.is_flag else [takes])]) in lines
    assert "-h, --help" in lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_section_is_there_and_every_exit_code(page: Path) -> None:
    text = shown(page)
    sections = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "SEE ALSO",
    ]
    found = re.findall(r"^[A-Z ]+$", text, re.MULTILINE)
    assert [name for name in found if name in sections] == sections
    codes = set(ExitStatus) - ({ExitStatus.GATE} if page.stem == "xent-inspect" else set())
    part = text.partition("EXIT STATUS")[2].partition("ENVIRONMENT")[0]
    assert set(map(int, re.findall(r"^ +(\d+) ", part, re.MULTILINE))) == codes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_linters_find_nothing(page: Path) -> None:
    assert ran(tool("mandoc"), "-T", "lint", page) == (0, "")
    assert ran(tool("groff"), "-man", "-ww", "-z", page) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_run(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    shutil.copytree(SAMPLES, folder)
    xent = tmp_path / "xent"
    xent.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m xentcli \"$@\"\n")
    xent.chmod(0o755)
    examples = re.findall(r"^\.EX\n(.*?)^\.EE", page.read_text(), re.MULTILINE | re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        command = example.replace(r"\-", "-").replace(r"\e", "\\")
        code, text = ran("sh", "-ec", command, cwd=folder, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
        assert code == 0, text


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that is built from the source distribution, as an installer from source builds it."""
    folder = tmp_path_factory.mktemp("dist")
    code, text = ran(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    assert code == 0, text
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    code, text = ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    assert code == 0, text
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_the_pages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {
            Path(name).name: archive.read(name) for name in archive.namelist() if ".data/data/share/man/man1/" in name
        }
    assert held == {page.name: page.read_bytes() for page in PAGES}


def test_man_finds_them_in_an_environment_that_is_on_the_path(wheel: Path, tmp_path: Path) -> None:
    man = tool("man")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    (data,) = tmp_path.glob("*.data/data")
    (data / "bin").mkdir()
    path = {"PATH": f"{data / 'bin'}:{os.environ['PATH']}", "MANPATH": ""}
    for words in ("xent", "xent-eval", "xent eval", "xent inspect"):
        page = data / "share" / "man" / "man1" / f"{words.replace(' ', '-')}.1"
        assert ran(man, "-w", *words.split(), env=path) == (0, f"{page}\n")
    code, text = ran(man, "xent", "eval", env={**path, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    assert code == 0
    assert "       xent eval [OPTION...] PREDICTIONS [LABELS]\n" in text
    assert max(map(len, text.splitlines())) <= 80
