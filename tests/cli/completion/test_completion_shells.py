"""TAB in bash, zsh and fish: what the line becomes, and what xent is then given."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SAMPLES
from terminal import SHELLS, Shell

from xentcli import evaluate
from xentcli.cli.completion.words import quoted

# A letter to begin with, and then what shells take for something else.
ODD = {
    "q": 'q it\'s "so"',
    "d": "d$HOME`id`$(touch pwned)",
    "b": "b\\;&|<>#(x)",
    "g": "g*?[x]{a,b}~",
    "u": "u漢字 🐱!x",
    "e": "e=x:y@z%^+",
}
# How docs/shell.md says that it is tried.
PAGE = (Path(__file__).parents[3] / "docs" / "shell.md").read_text()
SOURCES = dict(re.findall(r"^```(bash|zsh|fish)\n(.+)\n```$", PAGE, re.MULTILINE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with predictions, labels, a baseline, and names that are not easy."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "p.csv").write_text("id,cat,dog\n" + "1,.5,.5\n" * 4)
    (folder / "labels.csv").write_text("id,label,half\n1,cat,lower\n1,dog,lower\n1,cat,upper\n1,dog,upper\n")
    with (folder / "odd.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([list(ODD.values()), [1] * len(ODD)])
    (folder / "my file.csv").write_text("id\n1\n")
    (folder / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    (folder / "part one").mkdir()
    (folder / "part one" / "only.csv").write_text("id\n1\n")
    result = evaluate(SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv", by="half")
    (folder / "b.json").write_text(result.to_json())
    odd = json.loads(evaluate(folder / "p.csv", folder / "labels.csv", order_check=False).to_json())
    for entry, name in zip(odd["classes"], ["a b", "漢"], strict=True):
        entry["class"] = name
    odd["inputs"]["classes"] = ["a b", "漢"]
    (folder / "odd.json").write_text(json.dumps(odd))
    return folder


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Shell]:
    """Start each shell once, with the completion that xent shows it."""
    with Shell(request.param, tmp_path_factory.mktemp(request.param), folder) as shell:
        shell.run(SOURCES[shell.name])
        yield shell


# What is typed before TAB, and what that adds.
LINES = {
    "a command": ("xent ev", "al "),
    "an option": ("xent eval --uni", "t "),
    "what two options begin with": ("xent eval p.csv --wei", "ght"),
    "an option of the program": ("xent --vers", "ion "),
    "a choice": ("xent eval --unit b", "its "),
    "a choice after =": ("xent eval --unit=b", "its "),
    "a choice after a letter": ("xent eval p.csv -f js", "on "),
    "a choice beside a letter": ("xent eval p.csv -fjs", "on "),
    "PREDICTIONS": ("xent eval p.", "csv "),
    "LABELS": ("xent eval p.csv l", "abels.csv "),
    "a file with a blank": ("xent eval my", r"\ file.csv "),
    "a file in quotes": ("xent eval 'my", " file.csv' "),
    "a folder": ("xent inspect par", r"t\ one/"),
    "a file in a folder": (r"xent inspect part\ one/", "only.csv "),
    "a file of an option": ("xent eval p.csv --baseline=b.", "json "),
    "a file after @": ("xent eval --classes @l", "abels.csv "),
    "a file after =@": ("xent eval --classes=@l", "abels.csv "),
    "a file to write to": ("xent eval p.csv > l", "abels.csv "),
    "a column": ("xent eval p.csv labels.csv --by h", "alf "),
    "a column of a list": ("xent eval p.csv --by id,c", "at "),
    "a column of one input": ("xent eval p.csv labels.csv --per labels:h", "alf "),
    "a class": ("xent eval p.csv labels.csv --no-order-check --positive c", "at "),
    "a class weight": ("xent eval p.csv --classes a,b --class-weight a=2,", "b="),
    "a metric": ("xent eval p.csv --max macro_l", "oss="),
    "what begins the metrics of classes": ("xent eval p.csv --max cla", "ss/"),
    "a class of a metric": ("xent eval --classes cat,dog --min class/d", "og/"),
    "a metric of a class": ("xent eval --max class/cat/rec", "all="),
    "a class with a blank": ("xent eval --baseline odd.json --max class/a", "_x20b/"),
    "what begins the metrics of slices": ("xent eval --baseline b.json --max=sl", "ice/"),
    "a slice": ("xent eval --baseline b.json --max-increase slice/half/u", "pper/"),
    "nothing of a file that is not there": ("xent eval none.csv --by ", ""),
    "nothing of a broken file": ("xent eval broken.parquet --by ", ""),
    "nothing of standard input": ("xent eval - --positive ", ""),
    "nothing for an option that is none": ("xent eval --nope=", ""),
}


@pytest.mark.one_in_three
@pytest.mark.parametrize("line", LINES)
def test_tab_completes(shell: Shell, line: str) -> None:
    keys, added = LINES[line]
    assert shell.typed(keys + "\t") == keys + added
    assert "rror" not in shell.screen
    assert "Traceback" not in shell.screen


@pytest.mark.slow
@pytest.mark.parametrize("quote", ["", "'", '"'], ids=["plain", "single quotes", "double quotes"])
def test_an_odd_name_arrives_as_it_is(shell: Shell, folder: Path, quote: str) -> None:
    given = [shell.submitted(f"xent eval odd.csv --weight {quote}{letter}\t") for letter in ODD]
    assert given == [["eval", "odd.csv", "--weight", name] for name in ODD.values()]
    assert not (folder / "pwned").exists()


def test_odd_names_are_listed_and_none_is_run(shell: Shell, folder: Path) -> None:
    line = "xent eval odd.csv --weight "
    assert shell.typed(line + ("\t\t" if shell.name == "bash" else "\t")) == line
    names = ODD.values() if shell.name != "bash" else [quoted(name, "") for name in ODD.values()]
    assert [name for name in names if name not in shell.screen] == []
    assert not (folder / "pwned").exists()


def test_zsh_and_fish_say_what_an_option_is_for(shell: Shell) -> None:
    shell.typed("xent eval --un\t")
    assert ("The unit of everything that is a loss" in shell.screen) == (shell.name != "bash")


@pytest.mark.one_in_three
@pytest.mark.parametrize("name", SHELLS)
def test_installed_completion_is_there_in_the_next_shell(name: str, tmp_path: Path, folder: Path) -> None:
    with Shell(name, tmp_path, folder) as shell:
        shell.run("xent --install-completion")
    with Shell(name, tmp_path, folder) as shell:
        # The first TAB too: zsh loads the file when it is asked for.
        assert shell.typed("xent eval --uni\t") == "xent eval --unit "
        assert shell.submitted("xent eval my\t --un\tmatched d\t") == ["eval", "my file.csv", "--unmatched", "drop"]


@pytest.mark.slow
@pytest.mark.parametrize("name", SHELLS)
def test_the_command_on_the_line_is_the_one_asked(name: str, tmp_path: Path, folder: Path) -> None:
    with Shell(name, tmp_path, folder) as shell:
        shell.run(SOURCES[name])
        place = tmp_path / "bin"
        (place / "xent").rename(place / "else where")
        assert shell.typed("xent eval --uni\t") == "xent eval --uni"
        (place / "else where").rename(tmp_path / "xent")
        assert shell.typed("~/xent eval --uni\t") == "~/xent eval --unit "
