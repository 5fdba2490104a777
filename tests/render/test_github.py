"""What GitHub's runner reads of `-f github`: its commands, read as the runner reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from conftest import SAMPLES, RunProcess, RunXent
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_reading import HOSTILE, foreign, pets

from xentcli import evaluate
from xentcli.render.github import error_annotation, workflow_commands
from xentcli.results.evaluation import EvalResult, Found, Warned
from xentcli.results.verdicts import GateResult
from xentcli.text import show

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")
MET = GateResult("loss", "max", 0.4, 0.3, True, None)
any_text = st.sampled_from(HOSTILE) | st.text(max_size=40) | st.text("%\r\n:,#[]=a ", max_size=20)


@cache
def forest() -> EvalResult:
    return evaluate(*FOREST)


def unescaped(text: str, *, of_property: bool = False) -> str:
    """Return what ActionCommand.cs of actions/runner makes of the message of a command, or of a property."""
    more = [("%3A", ":"), ("%2C", ",")] if of_property else []
    for written, meant in [("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")]:
        text = text.replace(written, meant)
    return text


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Return a command, its properties and its message, as ActionCommand.TryParseV2 finds them."""
    assert line.startswith("::")
    info, separator, data = line[2:].partition("::")
    assert separator
    name, _, properties = info.partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.split(",") if pair]
    return name, {key: unescaped(value, of_property=True) for key, value in pairs}, unescaped(data)


@pytest.fixture
def few(tmp_path: Path) -> EvalResult:
    return pets(tmp_path)


def test_a_gate_that_is_not_met_is_an_error_and_a_warning_a_warning(few: EvalResult) -> None:
    failed = GateResult("class/a_x20b/loss", "max-increase", None, None, False, "class 'a b' has no rows", percent=5.0)
    found = replace(
        few,
        gates=(MET, failed, GateResult("loss", "min", 0.5, 0.4, False, "0.4 is below 0.5")),
        warnings=(Warned("row_sums", "2 % of it, at: most.", 3, (Found("a.csv", 7), Found("b,c.csv", 1))),),
    )
    errors = [
        "::error title=xent%3A gate not met::increase in class/a_x20b/loss <= 5 %25: class 'a b' has no rows",
        "::error title=xent%3A gate not met::loss >= 0.5: 0.4 is below 0.5",
    ]
    warning = (
        "::warning title=xent%3A row sums::2 %25 of it, at: most. First in record 7 of a.csv; record 1 of b,c.csv."
    )
    assert workflow_commands(found) == [*errors, warning]
    assert workflow_commands(found, quiet=True) == errors
    assert workflow_commands(replace(found, gates=(MET,), warnings=())) == []
    assert workflow_commands(replace(found, gates=None, warnings=())) == []


@settings(deadline=None)
@given(any_text, any_text)
def test_no_text_ends_a_command_or_begins_another(reason: str, file: str) -> None:
    found = replace(
        forest(),
        gates=(GateResult("loss", "max", 1.0, None, False, reason),),
        warnings=(Warned("code", reason, 1, (Found(file, 1),)),),
    )
    for line, name, title in zip(
        workflow_commands(found), ("error", "warning"), ("xent: gate not met", "xent: code"), strict=True
    ):
        assert "\n" not in line
        assert "\r" not in line
        command, properties, message = read(line)
        assert (command, properties) == (name, {"title": title})
        assert show(reason, 4000).removesuffix("…") in message
        assert message.isprintable()


@settings(deadline=None)
@given(any_text, any_text)
def test_why_an_evaluation_failed_is_one_line_with_all_its_lines(problem: str, detail: str) -> None:
    line = error_annotation(f"{problem}\n  {detail}")
    assert len(line.splitlines()) == 1
    command, properties, message = read(line)
    assert (command, properties) == ("error", {"title": "xent: cannot evaluate"})
    assert message == "\n".join(show(part, 4096) for part in f"{problem}\n  {detail}".split("\n"))


# The command.


def test_markdown_is_written_and_commands_are_said(run_xent: RunXent, tmp_path: Path) -> None:
    ran = run_xent("eval", *FOREST, "-f", "github", "--max", "loss=0.3", "--min", "accuracy=0.9")
    assert ran.code == 1
    assert (
        ran.stdout == run_xent("eval", *FOREST, "-f", "markdown", "--max", "loss=0.3", "--min", "accuracy=0.9").stdout
    )
    error, warning = ran.stderr.splitlines()
    assert re.fullmatch(r"::error title=xent%3A gate not met::loss <= 0\.3: 0\.3942\d+ is above 0\.3", error)
    assert warning.startswith("::warning title=xent%3A clipped::1 row gives the label less than 2.22e-16 and costs ")
    assert warning.endswith(f" 11.3 %25 of the loss. With --clip 1e-07 the loss would be 0.3696 instead of 0.3943. "
                            f"In record 750 of {FOREST[0]}.")  # fmt: skip
    quiet = run_xent("eval", *FOREST, "-f", "github", "--max", "loss=0.3", "-q", "-o", tmp_path / "summary.md")
    assert (quiet.code, quiet.stdout, quiet.stderr.splitlines()) == (1, "", [error])
    assert "\n❌ **1 of 1 gate not met**\n" in (tmp_path / "summary.md").read_text()
    met = run_xent("eval", *FOREST, "-f", "github", "--max", "loss=0.4", "-q")
    assert (met.code, met.stderr) == (0, "")


def test_as_the_recipe_has_it_the_summary_holds_markdown_and_the_log_holds_commands(
    run_process: RunProcess, tmp_path: Path
) -> None:
    path = tmp_path / "##[add-mask]a.csv"
    path.write_text("p_a,p_b,y\n" + "0.5,0.5,a\n1e-20,1,a\n" * 6)
    ran = run_process("eval", path, "-f", "github", "--max", "loss=0.1")
    assert ran.code == 1
    assert foreign(ran.stdout) == set()
    assert "##[" not in ran.stdout
    # The runner looks for these only in lines that do not begin with two colons.
    assert [read(line)[0] for line in ran.stderr.splitlines()] == ["error", "warning", "warning"]


def test_what_cannot_be_evaluated_is_one_command(run_xent: RunXent, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("p_a,p_b,y\n0.5,##[add-mask]b,a\n")
    ran = run_xent("eval", path, "-f", "github")
    assert (ran.code, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    command, properties, message = read(line)
    assert (command, properties) == ("error", {"title": "xent: cannot evaluate"})
    assert message.startswith(f"{path}, record 1 (line 2), column 'p_b': '##[add-mask]b' is not a number")
