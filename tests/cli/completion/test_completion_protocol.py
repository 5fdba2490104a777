"""What the shells' scripts are told: exit code, both streams, whole answers."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from asking import ask, put_files
from conftest import Ran, RunProcess
from typer.main import get_command

from xentcli.cli.app import app
from xentcli.cli.completion.scripts import SCRIPTS
from xentcli.cli.completion.values import AT, CLASSES, COLUMNS, FILES, METRICS, OTHERS, WORDS, choices_of
from xentcli.results.figures import keys_of

COMMANDS = ("eval", "inspect")
# Numbers, characters and names of nothing that is there.
NOBODY_KNOWS = {
    *("--max-slices", "--delimiter", "--labels-delimiter", "--labels-encoding", "--labels-decimal", "--sum-tolerance"),
    *("--label-smoothing", "--confidence", "--top", "--jobs", "--chunk-rows", "--memory-limit"),
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put_files()


def parameters(command: str) -> list[Any]:
    program: Any = get_command(app)
    return [one for one in program.get_command(None, command).params if one.param_type_name == "option"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_offered_by_every_name(command: str) -> None:
    names = [name for one in parameters(command) for name in [*one.opts, *one.secondary_opts]]
    assert ask("bash", f"xent {command} -") == ["space", *names, "--help", "-h"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_choice_is_offered(command: str) -> None:
    choices = {one.opts[0]: [*one.type_descriptor.annotation] for one in parameters(command) if is_choice(one)}
    assert len(choices) > 6
    for name, kinds in choices.items():
        assert ask("bash", f"xent {command} {name} ") == ["space", *map(str, kinds)]


def is_choice(option: Any) -> bool:
    kind = option.type_descriptor.annotation
    return isinstance(kind, type) and issubclass(kind, StrEnum)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_with_a_value_is_known_here(command: str) -> None:
    known = FILES | COLUMNS | CLASSES | METRICS | OTHERS | AT | set(WORDS) | NOBODY_KNOWS
    names = {one.opts[0] for one in parameters(command) if not one.is_flag and not choices_of(one)}
    assert names <= known
    if command == "eval":
        assert known <= names


# The line, and what bash is told: what to do, and then what goes in place of the last word.
BASH = {
    "xent ": ["space", "eval", "inspect"],
    "xent i": ["space", "inspect"],
    "xent --v": ["space", "--version"],
    "xent nope ": ["space"],
    "xent eval --unit ": ["space", "nats", "bits"],
    "xent eval --unit=": ["space", "--unit=nats", "--unit=bits"],
    "xent eval --unit x": ["space"],
    "xent eval p.csv --unit bits --uni": ["space"],
    "xent eval --max loss=1 --max": ["space", "--max-slices", "--max", "--max-increase", "--max-decrease"],
    "xent eval --no-re": ["space", "--no-renormalize"],
    "xent eval --no-header --no-": [
        *("space", "--no-order-check", "--no-renormalize", "--no-slice-classes", "--no-exit-zero", "--no-progress"),
        *("--no-quiet", "--no-verbose"),
    ],
    "xent eval --no-renormalize --reno": ["space"],
    "xent eval -qfj": ["space"],
    "xent eval -fj": ["space", "-fjson", "-fjunit"],
    "xent eval ": ["files"],
    "xent eval p.csv ": ["files"],
    "xent eval -- ": ["files"],
    "xent eval -- p.csv l.csv -": ["space"],
    "xent eval --output ": ["files"],
    "xent eval --output=x": ["more"],
    "xent eval --config p": ["files"],
    "xent eval p.csv > x": ["files"],
    "xent eval --classes @p": ["space", "@p.csv"],
    "xent eval --on @fol": ["more", "@folder/"],
    "xent eval --classes c": ["space"],
    "xent eval --by ": ["space"],
    "xent eval p.csv --by ": ["space", "id", "cat", "dog"],
    "xent eval p.csv l.csv --by ": ["space", "id", "cat", "dog", "label", "half"],
    "xent eval p.csv l.csv --on ": ["space", "id"],
    "xent eval p.csv l.csv --on=": ["space", "--on=id"],
    "xent eval p.csv l.csv --pred ": ["space", "id", "cat", "dog"],
    "xent eval p.csv l.csv --label ": ["space", "id", "label", "half"],
    "xent eval p.csv --label ": ["space", "id", "cat", "dog"],
    "xent eval p.csv --by dog,": ["space", "dog,id", "dog,cat"],
    "xent eval p.csv l.csv --weight labels:": ["space", "labels:id", "labels:label", "labels:half"],
    "xent eval p.csv none.csv --by ": ["space", "id", "cat", "dog"],
    "xent eval none.csv l.csv --by ": ["space", "id", "label", "half"],
    "xent eval p.csv --no-header --by ": ["space", "1", "2", "3"],
    "xent eval p.csv --no-header --header --by i": ["space", "id"],
    "xent eval semicolons.csv --delimiter ';' --by ": ["space", "a", "b"],
    "xent eval p.csv semicolons.csv --labels-delimiter ';' --by ": ["space", "id", "cat", "dog", "a", "b"],
    "xent eval p.csv --delimiter nope --by ": ["space"],
    "xent eval 'p*.csv' --by i": ["space", "id"],
    "xent eval p.csv l.csv --positive ": ["space", "cat", "dog"],
    "xent eval p.csv l.csv --unit nope --positive ": ["space"],
    "xent eval p.csv l.csv --ignore ": ["space", "cat"],
    "xent eval p.csv l.csv --class-weight ": ["more", "cat=", "dog="],
    "xent eval p.csv l.csv --class-weight cat=2,": ["more", "cat=2,dog="],
    "xent eval p.csv l.csv --class-weight cat=2,dog=": ["space"],
    "xent eval --max macro": ["more", "macro_loss=", "macro_classes="],
    "xent eval --max loss=": ["space"],
    "xent eval --max nope/": ["more"],
    "xent eval --max class/": ["space"],
    "xent eval p.csv l.csv --max class/": ["more", "class/cat/", "class/dog/"],
    "xent eval --classes 'a b,漢' --max class/": ["more", "class/a_x20b/", "class/_xE6_xBC_xA2/"],
    "xent eval --max=class/x/rows": ["more", "--max=class/x/rows="],
    "xent eval --by half --max sl": ["more", "slice/"],
    "xent eval --by labels:half,id --max slice/": ["more", "slice/half/"],
    "xent eval --by half,id --max slice/half/a/": ["more", "slice/half/a/id/"],
    "xent eval --by half --max slice/half/": ["more"],
    "xent eval --by half --max slice/half/a/p_": ["more", "slice/half/a/p_value=", "slice/half/a/p_adjusted="],
    "xent eval --per half --max loss_per_v": ["more", "loss_per_value="],
    "xent eval --max loss_per_v": ["more"],
    "xent eval --clip ": ["space", "none"],
    "xent eval --encoding utf": ["space", "utf-8", "utf-16"],
    "xent eval --jobs ": ["space"],
    "xent eval p.csv --by $": ["space"],
    "xent eval p.csv --by i\\": [],
    "": ["space", "eval", "inspect"],
}


@pytest.mark.parametrize("line", BASH)
def test_bash_is_told(line: str) -> None:
    assert ask("bash", line) == BASH[line]


def test_without_another_place_for_files_options_are_offered() -> None:
    assert ask("bash", "xent eval p.csv l.csv ")[:3] == ["space", "--on", "--unmatched"]


# What bash takes for the last word depends on COMP_WORDBREAKS, quotes and the user.
WORDS_OF_BASH = [
    ("xent eval --unit=b", "b", ["space", "bits"]),
    ("xent eval --output=p", "p", ["files"]),
    ("xent eval --output=p", "--output=p", ["space", "--output=p.csv"]),
    ("xent eval p.csv l.csv --per labels:h", "h", ["space", "half"]),
    ("xent eval p.csv l.csv --per 'labels:h", "labels:h", ["space", "labels:half"]),
    ("xent eval --max loss=", "", ["space"]),
    ("xent eval p.csv --max 'macro_l", "macro_l", ["more", "macro_loss="]),
]


@pytest.mark.parametrize(("line", "word", "told"), WORDS_OF_BASH)
def test_bash_is_told_what_goes_in_place_of_its_word(line: str, word: str, told: list[str]) -> None:
    assert ask("bash", line, word) == told


ZSH = {
    "xent eval p": ["files", "nothing"],
    "xent eval --output=p": ["files", "option"],
    "xent eval -op": ["files", "letter"],
    "xent eval --classes=@p": ["files", "file"],
    "xent eval --unit=b": ["space", "option", "nats", "bits"],
    "xent eval p.csv --by id,c": ["space", "list", "cat", "dog"],
    "xent eval p.csv l.csv --by ": [
        *("space", "nothing", "id:of both inputs", "cat:of predictions", "dog:of predictions"),
        *("label:of labels", "half:of labels"),
    ],
    "xent eval p.csv l.csv --per labels:": [
        *("space", "nothing", r"labels\:id:of labels", r"labels\:label:of labels", r"labels\:half:of labels"),
    ],
    "xent eval --classes a --max class/a/": ["more", "path", *(f"{key}=" for key in keys_of("class"))],
}
FISH = {
    "xent eval ": ["folder/", "l.csv", "p.csv", "semicolons.csv"],
    "xent eval .": [".hidden", "folder/", "l.csv", "p.csv", "semicolons.csv"],
    "xent eval folder/": [],
    "xent eval nowhere/": [],
    "xent eval --output=": ["--output=folder/", "--output=l.csv", "--output=p.csv", "--output=semicolons.csv"],
    "xent eval --classes=@p": [
        "--classes=@folder/",
        "--classes=@l.csv",
        "--classes=@p.csv",
        "--classes=@semicolons.csv",
    ],
    "xent eval --unit=b": ["--unit=nats", "--unit=bits"],
    "xent eval p.csv --by id,c": ["id,cat", "id,dog"],
    "xent eval l.csv p.csv --on i": ["id\tof both inputs"],
    "xent eval 'it\\'s' --by i": [],
}


@pytest.mark.parametrize("line", ZSH)
def test_zsh_is_told(line: str) -> None:
    assert ask("zsh", line) == ZSH[line]


@pytest.mark.parametrize("line", FISH)
def test_fish_is_told(line: str) -> None:
    assert ask("fish", line) == FISH[line]


def test_zsh_and_fish_are_told_what_an_option_is_for() -> None:
    assert ask("fish", "xent eval --")[0] == "--on\tAlign by these key columns instead of by row order"
    assert "--header:The opposite of --no-header" in ask("zsh", "xent eval --")


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_printed_for_any_shell(run_process: RunProcess, shell: str) -> None:
    assert run_process(env={"_XENT_COMPLETE": f"{shell}_source"}) == Ran(0, SCRIPTS[shell], "")


@pytest.mark.parametrize("instruction", ["bash", "complete_bash", "tcsh_source", "bash_nope"])
def test_another_instruction_is_an_error(run_process: RunProcess, instruction: str) -> None:
    problem = f"error: _XENT_COMPLETE is '{instruction}'; it takes one of bash_source, zsh_source, fish_source\n"
    assert run_process(env={"_XENT_COMPLETE": instruction}) == Ran(2, "", problem)


def test_a_process_says_nothing_on_standard_error(run_process: RunProcess, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else PAR1")
    environment = {"_XENT_COMPLETE": "bash_complete"}
    assert run_process("xent eval broken.parquet --by ", "", env=environment, cwd=tmp_path) == Ran(0, "space\n", "")
    assert run_process(env=environment) == Ran(0, "space\neval\ninspect\n", "")
    assert json.loads(run_process("inspect", "p.csv", "l.csv", "-f", "json", env={"_XENT_COMPLETE": ""}).stdout)
