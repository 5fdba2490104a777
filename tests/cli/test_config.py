"""Options from a file: the command line wins, gates are never lost, and what is wrong is named with its line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import RunProcess, RunXent
from typer.main import get_command

from xentcli.cli.app import app
from xentcli.cli.config.toml import line_of

# That every option is in one of these lists is what a test is about.
from xentcli.cli.config.values import _LISTS, _NEVER, _NUMBERS, _PATHS, _options

P, Y = "p.csv", "y.csv"
BITS = 0.4182506338165  # (-log2(0.7) - log2(0.8)) / 2, about


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(P).write_text("id,cat,dog\na,0.7,0.3\nb,0.2,0.8\n")
    Path(Y).write_text("id,label,region\nb,dog,n\na,cat,s\n")


def project(text: str, name: str = "pyproject.toml") -> str:
    Path(name).write_text(text)
    return name


def shown(run_xent: RunXent, *arguments: str) -> dict[str, tuple[Any, str]]:
    """Return what --show-config prints: the value and the source of each option that is set."""
    ran = run_xent(*(arguments or ("eval",)), "--show-config")
    assert (ran.code, ran.stderr) == (0, "")
    values = tomllib.loads(ran.stdout)
    lines = [line for line in ran.stdout.splitlines() if line and not line.startswith("#")]
    sources = {line.partition(" = ")[0]: line.rpartition("  # ")[2] for line in lines}
    assert set(sources) == set(values)
    return {key: (values[key], sources[key]) for key in values}


def test_a_project_holds_options_and_gates(run_xent: RunXent) -> None:
    project('[tool.xent]\non = "id"\nunit = "bits"\nmax = { loss = 0.41, "class/cat/loss" = 0.6 }\n')
    ran = run_xent("eval", P, Y, "-f", "json")
    assert ran.code == 1
    assert ran.stderr == "gate not met: loss <= 0.41: 0.4182506338165 is above 0.41\n".replace(
        "0.4182506338165", loss(ran)
    )
    held = json.loads(ran.stdout)
    assert (held["settings"]["unit"], held["inputs"]["on"]) == ("bits", ["id"])
    assert held["overall"]["loss"] == pytest.approx(BITS, rel=1e-9)
    assert [(gate["metric"], gate["passed"]) for gate in held["gates"]] == [("loss", False), ("class/cat/loss", True)]


def loss(ran: Any) -> str:
    return repr(json.loads(ran.stdout)["overall"]["loss"])


def test_the_command_line_wins(run_xent: RunXent) -> None:
    project('[tool.xent]\non = "id"\nunit = "bits"\nformat = "csv"\nrenormalize = true\n')
    ran = run_xent("eval", P, Y, "--unit", "nats", "-f", "json", "--no-renormalize")
    held = json.loads(ran.stdout)
    assert (held["settings"]["unit"], held["settings"]["renormalize"]) == ("nats", False)
    found = shown(run_xent, "eval", "--unit", "nats", "--no-renormalize")
    assert found["unit"] == ("nats", "command line, over pyproject.toml, line 3")
    assert found["renormalize"] == (False, "command line, over pyproject.toml, line 5")
    assert found["format"] == ("csv", "pyproject.toml, line 4")
    assert found["missing"] == ("error", "default")


def test_a_gate_of_the_file_gives_way_to_one_on_the_same_metric_alone(run_xent: RunXent) -> None:
    project('[tool.xent]\non = "id"\nmax = { loss = 0.1, "class/cat/loss" = 0.1 }\nmin = { accuracy = 0.9 }\n')
    found = shown(run_xent, "eval", "--max", "loss=9", "--max", "class/dog/loss=8")
    limits = {"class/cat/loss": 0.1, "loss": 9, "class/dog/loss": 8}
    assert found["max"] == (limits, "command line and pyproject.toml, line 3")
    assert found["min"] == ({"accuracy": 0.9}, "pyproject.toml, line 4")
    held = json.loads(run_xent("eval", P, Y, "--max", "loss=9", "-f", "json", "-q").stdout)
    assert [(gate["metric"], gate["limit"], gate["passed"]) for gate in held["gates"]] == [
        ("class/cat/loss", 0.1, False),
        ("loss", 9.0, True),
        ("accuracy", 0.9, True),
    ]


def test_limits_keep_the_digits_that_they_are_written_with(run_xent: RunXent) -> None:
    whole = json.loads(run_xent("eval", P, Y, "--on", "id", "-f", "json").stdout)["overall"]["loss"]
    for text, code in [(f"{whole!r}", 0), (f"{whole!r}0000001", 0), (f"{whole!r}"[:-1] + "0", 1), ("3e-1", 0)]:
        project(f'[tool.xent]\non = "id"\nmax.loss = {text}\n')
        assert run_xent("eval", P, Y, "-q").code == code, text


def test_the_file_that_is_named_is_the_only_one(run_xent: RunXent) -> None:
    project('[tool.xent]\nunit = "bits"\n')
    found = shown(run_xent, "eval", "--config", project("confidence = 0.9\n", "xent.toml"))
    assert found["unit"] == ("nats", "default")
    assert found["confidence"] == ("0.9", "xent.toml, line 1")
    assert shown(run_xent, "eval", "--config", project("", "empty.toml"))["unit"] == ("nats", "default")
    named = project('[tool.xent]\nunit = "bits"\n', "other.toml")
    assert shown(run_xent, "eval", "--config", named)["unit"] == ("bits", "other.toml, line 2")


def test_the_nearest_project_with_the_table_is_taken(run_process: RunProcess, tmp_path: Path) -> None:
    project('[tool.xent]\nunit = "bits"\nclasses = "@names.txt"\nbaseline = "base.json"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "xent-user"\n[tool.other]\nxent = 1\n')
    ran = run_process("eval", "--show-config", cwd=inner)
    assert (ran.code, ran.stderr) == (0, "")
    assert f'unit = "bits"  # {tmp_path}/pyproject.toml, line 2\n' in ran.stdout
    # Files that it names are beside it.
    assert f'classes = "@{tmp_path}/names.txt"' in ran.stdout
    assert f'baseline = "{tmp_path}/base.json"' in ran.stdout


def test_a_project_without_the_table_is_not_even_parsed(run_xent: RunXent) -> None:
    project("this is no TOML [[[ xent")
    assert run_xent("eval", P, Y, "--on", "id").code == 0


def test_what_is_shown_can_be_read(run_xent: RunXent) -> None:
    project(
        '[tool.xent]\nignore = ["-100", "?"]\nby = ["region"]\nclip = 1e-7\nclass-weight = { cat = 2, dog = 0.5 }\n'
        'top = 7\nmax-increase = ["loss=5%", "skill=1"]\nbaseline = "b.json"\nprogress = false\n'
        'positive = "a\\"b\\u0007"\n'
    )
    first = run_xent("eval", "--show-config").stdout
    assert 'max-increase = { loss = "5%", skill = 1 }' in first
    assert 'positive = "a\\"b\\u0007"' in first
    Path("pyproject.toml").unlink()
    again = run_xent("eval", "--show-config", "--config", project(first, "shown.toml")).stdout
    assert tomllib.loads(again) == tomllib.loads(first)


def test_show_config_reads_no_data_and_needs_no_files(run_xent: RunXent) -> None:
    assert shown(run_xent)["unit"] == ("nats", "default")
    assert shown(run_xent, "eval", "none.csv", "none.csv")["unit"] == ("nats", "default")
    assert shown(run_xent, "inspect")["missing"] == ("error", "default")
    # Behind -- it is the name of a file.
    ran = run_xent("eval", "--", "--show-config")
    assert (ran.code, ran.stdout) == (2, "")


def test_a_command_has_a_table_of_its_own(run_xent: RunXent) -> None:
    project('[tool.xent]\nunit = "bits"\non = "id"\n[tool.xent.eval]\nunit = "nats"\nformat = "github"\n')
    assert shown(run_xent)["unit"] == ("nats", "pyproject.toml, line 5")
    assert shown(run_xent)["on"] == ("id", "pyproject.toml, line 3")
    assert shown(run_xent, "inspect")["unit"] == ("bits", "pyproject.toml, line 2")
    assert shown(run_xent, "inspect")["format"] == ("table", "default")
    assert run_xent("inspect", P, Y).code == 0


def test_options_that_only_eval_has_do_not_disturb_inspect(run_xent: RunXent) -> None:
    project('[tool.xent]\nmax = { loss = 0.4 }\nsort = "name"\non = "id"\n')
    assert run_xent("inspect", P, Y).code == 0


def test_every_option_has_a_kind_of_value() -> None:
    program: Any = get_command(app)
    named = _LISTS | _NUMBERS | _PATHS | _NEVER
    everything = set()
    for name in program.commands:
        options = _options(program.get_command(None, name))
        everything |= set(options)
        texts = {key for key, one in options.items() if not one.is_flag and not one.multiple and key not in named}
        # What is neither is a text, or a choice.
        assert texts <= {
            *("positive", "negative", "weight", "per", "class-weight", "delimiter", "encoding", "decimal"),
            *("labels-delimiter", "labels-encoding", "labels-decimal"),
            *("unmatched", "missing", "label-kind", "weight-kind", "input", "unit", "format", "sort"),
        }
    assert named - {"help"} <= everything


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("unti = 'bits'", "line 2: 'unti' is no option\n  Did you mean 'unit'?", id="OF4-unknown"),
        pytest.param(
            "sum_tolerance = 1",
            "line 2: 'sum_tolerance' is no option\n  Did you mean 'sum-tolerance'?",
            id="OF4-underscore",
        ),
        pytest.param(
            "zzzzz = 1", "line 2: 'zzzzz' is no option\n  xent eval --help lists the options.", id="OF4-nothing-like-it"
        ),
        pytest.param("predictions = 'a.csv'", "line 2: predictions is given on the command line alone", id="OF4-files"),
        pytest.param("config = 'a.toml'", "line 2: config is given on the command line alone", id="OF4-config"),
        pytest.param("verbose = true", "line 2: verbose is given on the command line alone", id="OF4-verbose"),
        pytest.param("unit = true", "line 2: unit is a switch; it takes one of nats, bits", id="OF4-switch-for-choice"),
        pytest.param(
            "unit = 'bit'", "line 2: unit is 'bit'; it takes one of nats, bits\n  Did you mean 'bits'?", id="OF4-choice"
        ),
        pytest.param("renormalize = 1", "line 2: renormalize is a whole number; it takes true or false", id="OF4-1"),
        pytest.param("renormalize = 'yes'", "line 2: renormalize is a text; it takes true or false", id="OF4-yes"),
        pytest.param("top = [3]", "line 2: top is an array; it takes a number", id="OF4-array-for-number"),
        pytest.param("clip = true", "line 2: clip is a switch; it takes a number", id="OF4-switch-for-number"),
        pytest.param("weight = 1.5", "line 2: weight is a number; it takes a text", id="OF4-number-for-text"),
        pytest.param("weight = 2020-01-01", "line 2: weight is a date or time; it takes a text", id="OF4-date"),
        pytest.param("by = { a = 1 }", "line 2: by is a table; it takes a text or an array of names", id="OF4-table"),
        pytest.param("by = ['a', '']", "line 2: by has '' in it; names are not empty", id="OF4-empty-name"),
        pytest.param(
            "ignore = [true]", "line 2: ignore is an array; it takes a text or an array of texts", id="OF4-tf"
        ),
        pytest.param(
            "max = 0.4",
            "line 2: max is a number; it takes a table of limits by metric, or an array of METRIC=VALUE",
            id="OF4-limit-without-metric",
        ),
        pytest.param("max = { loss = true }", "line 2: max holds 'loss', which is a switch, no limit", id="OF4-limit"),
        pytest.param(
            "class-weight = { cat = 'x' }",
            "line 2: class-weight is a table; it takes a table of numbers by class, or a text",
            id="OF4-weight",
        ),
        pytest.param(
            "eval = 3", "line 2: eval is a whole number; it takes a table of options of that command", id="OF4-c"
        ),
        pytest.param("[tool.xent.eval]\ntpo = 1", "line 3: 'tpo' is no option\n  Did you mean 'top'?", id="OF4-inside"),
        pytest.param(
            "# one\n\nby = [\n 'a',\n]\nunit = 3",
            "line 7: unit is a whole number; it takes one of nats, bits",
            id="OF4-far",
        ),
        pytest.param("top = 1\ntop = 2", "line 3: it is not valid TOML: cannot overwrite a value", id="OF4-twice"),
        pytest.param("top = ", "line 2: it is not valid TOML: invalid value", id="OF4-no-value"),
        pytest.param("a = 1\ntop = " + "1" * 5000, "line 3: it holds a number of thousands of digits", id="OF4-digits"),
        pytest.param("top", "line 2: it is not valid TOML: expected '=' after a key in a key/value pair", id="OF4-key"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_line(run_xent: RunXent, text: str, message: str) -> None:
    project(f"[tool.xent]\n{text}\n")
    ran = run_xent("eval", "none.csv")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: pyproject.toml, {message}\n")


def test_what_an_option_refuses_is_named_with_the_line_it_is_from(run_xent: RunXent) -> None:
    project("[tool.xent]\nconfidence = 2\nmax = ['los=1']\n")
    ran = run_xent("eval", "none.csv")
    assert ran.stderr == (
        "error: --confidence is 2; it takes a number between 0 and 1, such as 0.95\n"
        "  --confidence is from pyproject.toml, line 2.\n"
    )
    ran = run_xent("eval", "none.csv", "--confidence", "0.9")
    assert ran.stderr == (
        "error: --max names 'los', which is no metric\n  Did you mean 'loss'? --max is from pyproject.toml, line 3.\n"
    )
    ran = run_xent("eval", "none.csv", "--confidence", "3")
    assert ran.stderr == "error: --confidence is 3; it takes a number between 0 and 1, such as 0.95\n"


def test_files_that_cannot_be_read(run_xent: RunXent) -> None:
    ran = run_xent("eval", P, "--config", "none.toml")
    assert ran.stderr == "error: none.toml: --config cannot read it: No such file or directory\n"
    assert (ran.code, ran.stdout) == (2, "")
    Path("latin.toml").write_bytes('unit = "bits"\n# é\n'.encode("latin-1"))
    ran = run_xent("eval", P, "--config", "latin.toml")
    assert ran.stderr == "error: latin.toml, line 2: it is not valid UTF-8, as TOML has to be\n"
    ran = run_xent("eval", P, "--config", project("[tool.other]\n", "other.toml"))
    assert ran.stderr == "error: other.toml: --config reads its table tool.xent, which is not there\n"
    ran = run_xent("eval", P, "--config", project("[tool]\nxent = 3\n", "other.toml"))
    assert ran.stderr == "error: other.toml: tool.xent is '3'; it is a table of options\n"
    ran = run_xent("eval", P, "--config", project("a = " + "[" * 50_000, "deep.toml"))
    assert ran.stderr == "error: deep.toml: it is not valid TOML: it is nested too deeply\n"


def test_help_does_not_mind_a_broken_file(run_xent: RunXent) -> None:
    project("[tool.xent]\ntop = \n")
    assert run_xent("eval", "--help").code == 0
    assert run_xent("--version").code == 0


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("a = [\n1,\n2\n]\nb = '''\nc = 3\n'''\nc = 4", ("c",), 8),
        ("[x]\n[x.y]\n\n# note\nz = 1", ("x", "y", "z"), 5),
        ("x.y.z = 1", ("x", "y", "z"), 1),
        ("x = { y = 1 }", ("x", "y"), 1),
        ('["x"]\n"y" = 1', ("x", "y"), 2),
        ("a = 1", ("b",), None),
    ],
)
def test_lines_of_keys(text: str, keys: tuple[str, ...], line: int | None) -> None:
    assert line_of(text, keys) == line


def test_every_switch_that_a_file_turns_on_can_be_turned_off(run_xent: RunXent) -> None:
    switches = ("renormalize", "no-order-check", "slice-classes", "exit-zero", "quiet")
    project("[tool.xent]\n" + "".join(f"{name} = true\n" for name in switches))
    assert all(shown(run_xent)[name][0] is True for name in switches)
    off = shown(
        run_xent, "eval", "--no-renormalize", "--order-check", "--no-slice-classes", "--no-exit-zero", "--no-quiet"
    )
    assert {name: off[name] for name in switches} == {
        name: (False, f"command line, over pyproject.toml, line {line}") for line, name in enumerate(switches, start=2)
    }
    ran = run_xent("eval", "--no-show-config")
    assert (ran.code, ran.stdout) == (2, "")


def test_an_empty_array_is_nothing(run_xent: RunXent) -> None:
    project("[tool.xent]\nby = []\nignore = []\nmax = []\nclasses = []\n")
    assert run_xent("eval", P, Y, "--on", "id", "--label", "label").code == 0
    assert "by" not in shown(run_xent)


def test_options_may_come_through_a_pipe(tmp_path: Path) -> None:
    Path("base.json").write_text("{}")
    script = (
        'printf \'baseline = "base.json"\' | "$0" -m xentcli eval --show-config --config /dev/stdin | grep baseline'
    )
    done = subprocess.run(["bash", "-c", script, sys.executable], capture_output=True, text=True, check=True)
    assert done.stdout.startswith('baseline = "base.json"  # /dev/stdin, line 1\n')


def test_what_a_terminal_would_act_on_is_escaped(run_xent: RunXent) -> None:
    project('[tool.xent]\npositive = "\\u009b31mX\\u202e"\n')
    ran = run_xent("eval", "--show-config")
    assert 'positive = "\\u009b31mX\\u202e"  # pyproject.toml, line 2\n' in ran.stdout
    assert tomllib.loads(ran.stdout)["positive"] == "\x9b31mX\u202e"
    ran = run_xent("eval", "--show-config", "--negative", "\x1b[2J")
    assert 'negative = "\\u001b[2J"  # command line\n' in ran.stdout


@pytest.mark.parametrize("command", ["eval", "inspect"])
def test_the_file_of_options_in_force_is_not_overwritten(run_xent: RunXent, command: str) -> None:
    text = '[tool.xent]\non = "id"\n'
    ran = run_xent(command, P, Y, "--config", project(text, "xent.toml"), "-o", "xent.toml")
    assert (ran.code, ran.stderr) == (2, "error: --output is 'xent.toml', which is an input\n")
    ran = run_xent(command, P, Y, "-o", project(text))
    assert (ran.code, ran.stderr) == (2, "error: --output is 'pyproject.toml', which is an input\n")
    assert Path("pyproject.toml").read_text() == text


def test_a_pipe_that_is_called_like_a_project_is_not_read(run_process: RunProcess) -> None:
    os.mkfifo("pyproject.toml")
    assert run_process("eval", "--show-config").code == 0
