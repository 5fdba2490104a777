"""Exit codes with both streams, in every format: 0 done, 1 a gate was not met, 2 could not evaluate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import RunXent

from xentcli.render.formats import Format

P, Y = "p.csv", "y.csv"
FORMATS = [str(form) for form in Format]
# What a result in these formats does not show is said on standard error.
# Beside these warnings and gates are said; GitHub has them said in its own way.
SPARSE = {form for form in Format if not form.shows_all and form != "github"}
WARNING = (
    "1 row sums to something other than 1, by at most 0.004. "
    "--renormalize would add sum_bias = 0.001996 nats to the loss."
)
NOT_MET = "gate not met: loss <= 0.2: 0.28990924762647"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(P).write_text("cat,dog\n0.7,0.3\n0.2,0.8\n")
    Path(Y).write_text("label\ncat\ndog\n")


@pytest.mark.parametrize("form", FORMATS)
def test_gates_that_are_met_end_with_0_and_nothing_on_standard_error(run_xent: RunXent, form: str) -> None:
    ran = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.3", "--min", "accuracy=1")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_a_gate_that_is_not_met_ends_with_1_and_the_whole_result(run_xent: RunXent, form: str) -> None:
    ran = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.2", "--max", "loss=0.3")
    assert ran.code == 1
    assert ran.stdout.endswith(("\n", "}\n"))
    lines = ran.stderr.splitlines()
    if form in SPARSE:
        assert len(lines) == 1 and lines[0].startswith(NOT_MET) and lines[0].endswith(" is above 0.2")
    elif form == "github":
        assert len(lines) == 1 and lines[0].startswith("::error title=")
    else:
        assert lines == []
        assert "0.2" in ran.stdout and "not met" in ran.stdout
    quiet = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.2", "--max", "loss=0.3", "-q")
    assert (quiet.code, len(quiet.stderr.splitlines())) == (1, 1 if form == "github" else 0)
    if form not in {"json", "junit"}:
        assert quiet.stdout == ran.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_exit_zero_reports_the_same_and_ends_with_0(run_xent: RunXent, form: str) -> None:
    arguments = ("eval", P, Y, "-f", form, "--max", "loss=0.2")
    strict, lenient = run_xent(*arguments), run_xent(*arguments, "--exit-zero")
    assert (strict.code, lenient.code) == (1, 0)
    assert strict.stderr == lenient.stderr
    if form not in {"json", "junit"}:
        assert strict.stdout == lenient.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_what_cannot_be_evaluated_ends_with_2_whatever_the_gates(run_xent: RunXent, form: str) -> None:
    Path(P).write_text("cat,dog\n0.7,0.3\n0.2,x\n")
    for more in ((), ("--exit-zero",)):
        ran = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.2", *more)
        assert (ran.code, ran.stdout) == (2, "")
        where = "p.csv, record 2 (line 3), column 'dog': 'x' is not a number"
        told = "\n  The column is read as numbers; --pred says which columns are predictions."
        if form == "github":
            # One command, so that what it quotes cannot be another.
            assert ran.stderr == f"::error title=xent%3A cannot evaluate::{where}{told}\n".replace("\n  ", "%0A  ")
        else:
            assert ran.stderr == f"error: {where}{told}\n"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_written_whole_and_standard_output_stays_empty(run_xent: RunXent, form: str) -> None:
    ran = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.2", "-o", "out")
    assert (ran.code, ran.stdout) == (1, "")
    lines = ran.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(NOT_MET if form != "github" else "::error title=xent%3A gate not met::loss <= 0.2: ")
    assert Path("out").read_text().endswith("\n")
    Path(P).write_text("cat,dog\n0.7,0.3\n0.2,x\n")
    before = Path("out").read_bytes()
    assert run_xent("eval", P, Y, "-f", form, "--max", "loss=0.2", "-o", "out").code == 2
    assert Path("out").read_bytes() == before
    assert sorted(path.name for path in Path().iterdir()) == ["out", P, Y]


@pytest.mark.one_in_three
@pytest.mark.parametrize(("form", "limit"), [*((form, "0.2") for form in FORMATS), ("table", "0.3"), ("github", "0.3")])
def test_ou3_a_reader_that_has_gone_leaves_the_gates_exit_code(form: str, limit: str) -> None:
    # The reading end is closed before anything is written.
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "xentcli", "eval", P, Y, "-f", form, "--max", f"loss={limit}", "-q"],
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    failed = limit == "0.2"
    assert done.returncode == int(failed)
    lines = done.stderr.decode().splitlines()
    assert [line[:7] for line in lines] == (["::error"] if form == "github" and failed else [])


@pytest.mark.parametrize("form", FORMATS)
def test_a_warning_is_seen_once(run_xent: RunXent, form: str) -> None:
    Path(P).write_text("cat,dog\n0.7,0.304\n0.2,0.8\n")
    ran = run_xent("eval", P, Y, "-f", form, "--max", "loss=0.3")
    assert ran.code == 0
    told = f"warning: {WARNING}\n" if form in SPARSE else ""
    if form == "github":
        assert ran.stderr.startswith("::warning title=")
        assert len(ran.stderr.splitlines()) == 1
    else:
        assert ran.stderr == told
    if form in {"table", "markdown", "github"}:
        assert ran.stdout.count("sums to something other than 1") == 1
    assert run_xent("eval", P, Y, "-f", form, "--max", "loss=0.3", "-q").stderr == ""


def test_junit_without_gates_is_refused_before_anything_is_read(run_xent: RunXent) -> None:
    ran = run_xent("eval", "none.csv", "-f", "junit")
    message = "--format junit has a test case for each gate, and there are none; give --max or --min"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")


def test_a_class_that_there_is_not_is_known_at_the_end_and_writes_nothing(run_xent: RunXent) -> None:
    ran = run_xent("eval", P, Y, "--max", "class/cta/loss=1", "-f", "json", "-o", "out.json")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == (
        "error: --max names 'class/cta/loss', and 'cta' is no class; the classes are 'cat', 'dog'\n"
        "  Did you mean 'class/cat/loss'?\n"
    )
    assert not Path("out.json").exists()


def test_infinite_figures_fail_a_gate_and_json_stays_valid(run_xent: RunXent) -> None:
    Path(P).write_text("cat,dog\n0,1\n0.2,0.8\n")
    ran = run_xent("eval", P, Y, "--clip", "none", "--max", "loss=1", "--min", "loss=0", "-f", "json", "-q")
    assert (ran.code, ran.stderr) == (1, "")
    held = json.loads(ran.stdout)
    assert [(gate["value"], gate["passed"], gate["reason"]) for gate in held["gates"]] == [
        (None, False, "it is infinite")
    ] * 2
    assert {"overall.loss", "gates.0.value", "gates.1.value"} <= set(held["infinite"])
    metrics = run_xent("eval", P, Y, "--clip", "none", "-f", "metrics", "-q")
    assert (metrics.code, "loss" in json.loads(metrics.stdout)) == (0, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--max", "x"), "--max is 'x'; it takes METRIC=VALUE, such as loss=0.4"),
        (("--top", "0"), "--top is 0; it takes a whole number from 1 up"),
        (("--unit", "x"), "--unit is 'x'; it takes one of nats, bits%0A  xent eval --help lists the options."),
        (("--config", "none.toml"), "none.toml: --config cannot read it: No such file or directory"),
        (("--zzzz",), "No such option: --zzzz%0A  xent eval --help lists the options."),
    ],
)
@pytest.mark.parametrize("form", [("-f", "github"), ("-fgithub",), ("--format=github",), ("-qf", "github")])
def test_github_is_told_of_whatever_cannot_be_evaluated(
    run_xent: RunXent, arguments: tuple[str, ...], message: str, form: tuple[str, ...]
) -> None:
    ran = run_xent("eval", P, Y, *form, *arguments)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"::error title=xent%3A cannot evaluate::{message}\n"
    assert run_xent("eval", P, Y, *arguments).stderr.startswith("error: ")


def test_no_line_of_the_table_is_a_command_of_the_runner(run_xent: RunXent) -> None:
    Path(P).write_text('"::stop-commands::x","a##[error]b"\n0.7,0.3\n0.2,0.8\n')
    Path(Y).write_text("label\n::stop-commands::x\na##[error]b\n")
    ran = run_xent("eval", P, Y)
    assert (ran.code, ran.stderr) == (0, "")
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in ran.stdout.splitlines())
    assert ":\\x3astop-commands::x" in ran.stdout and "a#\\x23[error]b" in ran.stdout
