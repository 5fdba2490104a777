"""What each command imports, and what else start-up rests on: pydantic, garbage and help are not waited for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.core import TyperOption
from typer.main import get_command

import xentcli
from xentcli.cli.app import app
from xentcli.cli.summaries import SUMMARIES

SAMPLES = Path(__file__).parents[2] / "sample_data"
CSV = (str(SAMPLES / "cancer.csv"), str(SAMPLES / "cancer_labels.csv"))
PARQUET = (str(SAMPLES / "cancer.parquet"), str(SAMPLES / "cancer_labels.parquet"))

# Third parties, and what they look for where it is installed.
TYPER = {"typer", "annotated_doc", "shellingham"}
RICH = {"rich"}
ARROW = {"numpy", "pyarrow", "cloudpickle"}
# An older typer prints its help itself.
QUICK_HELP = hasattr(TyperOption, "display_type_rich")
HELP = TYPER | RICH if QUICK_HELP else TYPER | RICH | {"attr", "markdown_it", "mdurl", "pygments"}
# Modules that take a millisecond or more, and are imported only where they are listed below.
COSTLY = {
    *("asyncio", "concurrent.futures", "csv", "ctypes", "decimal", "email", "fractions", "hashlib", "http"),
    *("importlib.metadata", "importlib.resources", "json", "logging", "multiprocessing", "pickle", "secrets", "socket"),
    *("sqlite3", "ssl", "statistics", "tempfile", "tomllib", "unittest", "urllib.request", "xml", "zipfile"),
    *("numpy.ma", "numpy.random", "numpy.testing", "numpy.f2py", "numpy.polynomial", "numpy.fft"),
    *("pyarrow.acero", "pyarrow.compute", "pyarrow.dataset", "pyarrow.fs", "pyarrow.parquet", "pyarrow.json"),
    *("rich.console", "rich.live", "rich.markdown", "rich.progress", "rich.syntax", "rich.traceback"),
    *("typer.rich_utils", "typer._adapters"),
}
# Of NumPy, Arrow, threads (logging), the fingerprint of the rows (hashlib) and errors in CSV.
EVAL = {"concurrent.futures", "csv", "ctypes", "decimal", "hashlib", "logging", "pickle", "socket"}
# Of laying out tables.
LAYOUT = {"decimal", "fractions", "pickle", "rich.console"}
HELP_COSTS = (
    LAYOUT if QUICK_HELP else LAYOUT | {"logging", "rich.markdown", "rich.syntax", "rich.traceback", "typer.rich_utils"}
)
# pyarrow.parquet imports every file system that Arrow has.
OF_PARQUET = {"pyarrow.fs", "pyarrow.parquet", "ssl"}
# Parts of xentcli: what there is without reading anything, and what few runs need.
PACKAGE = Path(xentcli.__file__).parent
EVERYTHING = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
}


def within(*rooms: str) -> set[str]:
    """Return the modules of some packages, or some modules, and the packages that hold them."""
    dotted = [f"{room}." for room in rooms]
    return {
        name
        for name in EVERYTHING
        if f"{name}.".startswith(tuple(dotted)) or any(d.startswith(f"{name}.") for d in dotted)
    }


NO_READING = within("cli", "errors", "render.formats", "spec.choices", "spec.option_files", "text", "version")
OF_METRICS = within(
    *("results.verdicts", "results.metric_names", "results.evaluation", "results.figures", "results.limits")
)
NO_SCORING = within("api", "commands.evaluate") - {"commands"}
SELDOM = within("api", "results.inspection", "commands.inspect", "alignment.key_join", "alignment.keys") - {
    *("alignment", "commands", "results"),
}


class Run(NamedTuple):
    """A command line, and what it may import at most: other packages, costly modules, parts of xentcli.

    completing: a shell that asks how the line, the first argument, may go on.
    """

    arguments: tuple[str, ...]
    parties: set[str]
    costly: set[str]
    parts: set[str] = EVERYTHING - SELDOM
    code: int = 0
    completing: str = ""


RUNS = {
    "version": Run(("--version",), TYPER, set(), NO_READING),
    "help": Run(("--help",), HELP, HELP_COSTS, NO_READING),
    "nothing": Run((), HELP, HELP_COSTS, NO_READING, 2),
    "eval help": Run(("eval", "--help"), HELP, HELP_COSTS, NO_READING),
    "inspect help": Run(("inspect", "-h"), HELP, HELP_COSTS, NO_READING),
    "no such option": Run(("eval", "--nope"), TYPER, set(), NO_READING, 2),
    "no such choice": Run(("eval", *CSV, "--unit", "x"), TYPER, set(), NO_READING, 2),
    "no such command": Run(("evil",), TYPER, set(), NO_READING, 2),
    "no file": Run(("inspect",), TYPER, set(), NO_READING, 2),
    "csv": Run(("eval", *CSV), TYPER | RICH | ARROW, EVAL | {"rich.console"}),
    "csv to json": Run(("eval", *CSV, "-f", "json"), TYPER | ARROW, EVAL | {"json"}),
    "csv to csv": Run(("eval", *CSV, "-f", "csv"), TYPER | ARROW, EVAL),
    "csv to Markdown": Run(("eval", *CSV, "-f", "markdown"), TYPER | ARROW, EVAL),
    "csv to metrics": Run(("eval", *CSV, "-f", "metrics"), TYPER | ARROW, EVAL | {"json"}),
    "csv to JUnit": Run(
        ("eval", *CSV, "-f", "junit", "--max", "loss=1"), TYPER | ARROW, EVAL | {"fractions", "json", "xml"}
    ),
    "parquet": Run(("eval", *PARQUET, "-f", "json"), TYPER | ARROW, EVAL | {"json"} | OF_PARQUET),
    "inspect": Run(("inspect", *CSV), TYPER | RICH | ARROW, EVAL | {"rich.console"}, EVERYTHING - NO_SCORING),
    "inspect to json": Run(("inspect", *CSV, "-f", "json"), TYPER | ARROW, EVAL | {"json"}, EVERYTHING - NO_SCORING),
    "option, by TAB": Run(("xent eval --un", "--un"), TYPER, set(), NO_READING, completing="bash"),
    "choice, by TAB": Run(("xent eval --unit ", ""), TYPER, set(), NO_READING, completing="zsh"),
    "file, by TAB": Run(("xent eval --classes @p", "p"), TYPER, set(), NO_READING, completing="fish"),
    "metric, by TAB": Run(
        ("xent eval --max class/cat/", "class/cat/"), TYPER, set(), NO_READING | OF_METRICS, completing="bash"
    ),
}


@cache
def imported(arguments: tuple[str, ...], code: int = 0, completing: str = "") -> frozenset[str]:
    """Return the modules that a process of Python imports with those arguments, by its own account."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env={**os.environ, "_XENT_COMPLETE": f"{completing}_complete" if completing else ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stderr[-500:]
    return frozenset(re.findall(r"^import time: +\d+ \| +\d+ \| +(\S+)$", done.stderr, re.MULTILINE))


def imported_by(run: Run) -> frozenset[str]:
    return imported(("-m", "xentcli", *run.arguments), run.code, run.completing) - imported(("-c", "pass"))


@pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))
def test_a_command_imports_what_it_needs_and_nothing_else(run: Run) -> None:
    found = imported_by(run)
    tops = {name.split(".")[0] for name in found} - set(sys.stdlib_module_names) - {"xentcli"}
    # Python also lists what was looked for in vain.
    assert {name for name in tops if find_spec(name)} <= run.parties
    assert found & COSTLY <= run.costly
    assert {name.removeprefix("xentcli.") for name in found if name.startswith("xentcli.")} <= run.parts


def test_json_lines_import_neither_parquet_nor_file_systems(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"label": "cat", "cat": 0.7, "dog": 0.3}\n' * 20)
    found = imported(("-m", "xentcli", "eval", str(path), "-f", "json"))
    assert "pyarrow.json" in found
    # Arrow numbers texts (`dictionary_encode`) with its compute functions.
    assert found & COSTLY <= EVAL | {"json", "pyarrow.json", "pyarrow.compute"}


def test_a_command_says_in_the_help_of_the_program_what_it_says_in_its_own() -> None:
    program: Any = get_command(app)
    assert list(program.commands) == list(SUMMARIES)
    for name, summary in SUMMARIES.items():
        text = program.get_command(None, name).help
        assert " ".join(text.split("\n\n")[0].split()) == summary


@pytest.mark.one_in_three
@pytest.mark.skipif(not QUICK_HELP, reason="typer prints it")
@pytest.mark.parametrize("arguments", [["--help"], ["eval", "--help"], ["inspect", "--help"]], ids=" ".join)
@pytest.mark.parametrize(
    "environment", [{"COLUMNS": "47"}, {"TERMINAL_WIDTH": "100"}, {"COLUMNS": "130", "FORCE_COLOR": "1"}], ids=str
)
def test_the_help_is_what_typer_would_print(arguments: list[str], environment: dict[str, str]) -> None:
    quick = "from xentcli.cli.main import run; "
    typers = "import xentcli.cli.help as help; help.can_print = lambda *_: False; "
    # Not those of this process: a terminal's width, or colours.
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "FORCE_COLOR"}}
    texts = [
        subprocess.run(
            [sys.executable, "-c", f"{code}run()", *arguments],
            env={**clean, **environment},
            capture_output=True,
            check=True,
        ).stdout
        for code in (quick, quick + typers)
    ]
    assert texts[0] == texts[1]


def test_garbage_is_put_off_and_looked_for_again() -> None:
    code = """
import gc
from xentcli.cli import garbage
garbage.resume()
assert gc.isenabled() and not gc.get_freeze_count(), "nothing to resume"
garbage.put_off()
assert not gc.isenabled()
garbage.resume()
assert gc.isenabled() and gc.get_freeze_count()
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("arguments", [("eval", *CSV), ("inspect", *CSV)], ids=["eval", "inspect"])
def test_garbage_is_looked_for_while_files_are_read(arguments: tuple[str, ...]) -> None:
    code = (
        "import gc, sys, xentcli.cli.main as main, xentcli.sources.open as opening\n"
        "real = opening.open_file\n"
        "opening.open_file = lambda *given: (print('collects', gc.isenabled(), file=sys.stderr), real(*given))[1]\n"
        "main.run()"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr == "collects True\n" * 2
