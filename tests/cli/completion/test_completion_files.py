"""What the shells are told of files: baselines, options, columns and labels that are easy, odd, or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from asking import ask, put_files
from conftest import SAMPLES

from xentcli import evaluate


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put_files()


def test_a_baseline_says_which_classes_and_slices_there_are() -> None:
    result = evaluate(SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv", by="half")
    Path("b.json").write_text(result.to_json())
    line = "xent eval --baseline b.json --max-increase "
    assert ask("bash", line + "class/t") == ["more", "class/three/", "class/two/"]
    assert ask("bash", line + "sl") == ["more", "slice/"]
    assert ask("bash", line + "slice/") == ["more", "slice/half/"]
    assert ask("bash", line + "slice/half/") == ["more", "slice/half/even/", "slice/half/lower/", "slice/half/upper/"]
    assert ask("bash", line + "slice/half/even/rows") == ["more", "slice/half/even/rows="]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"command": "eval"}', '{"classes": [{"class": 3}]}'])
def test_a_file_that_is_no_baseline_says_nothing(text: str) -> None:
    Path("b.json").write_text(text)
    assert ask("bash", "xent eval --baseline b.json --max class/") == ["space"]
    assert ask("bash", "xent eval --classes a --baseline b.json --max class/") == ["more", "class/a/"]


def test_a_file_of_options_counts_as_on_the_line() -> None:
    Path("pyproject.toml").write_text('[tool.xent]\nclasses = ["a", "b"]\nby = "half"\nno-header = true\n')
    assert ask("bash", "xent eval --max class/") == ["more", "class/a/", "class/b/"]
    assert ask("bash", "xent eval --max sl") == ["more", "slice/"]
    assert ask("bash", "xent eval p.csv --by ") == ["space", "1", "2", "3"]
    assert ask("bash", "xent eval --cla") == ["space", "--classes", "--class-weight"]
    Path("other.toml").write_text('classes = "@names"\n')
    Path("names").write_text("c\nd\n")
    assert ask("bash", "xent eval --config other.toml --max class/") == ["more", "class/c/", "class/d/"]
    Path("pyproject.toml").write_text("[tool.xent]\nnope = 1\n")
    assert ask("bash", "xent eval --classes a --max class/") == ["more", "class/a/"]


@pytest.mark.parametrize("text", ["d\nc\n", '["d", "c"]', '{"c": 1, "d": 0}', '{"0": "d", "1": "c"}'])
def test_classes_of_a_file_are_offered(text: str) -> None:
    Path("names").write_text(text)
    assert ask("bash", "xent eval p.csv --classes @names --positive ") == ["space", "d", "c"]


def test_labels_are_offered_where_they_do_not_tell_the_classes_yet() -> None:
    Path("one.csv").write_text("p_2,label\n.5,red\n.5,blue\n.5,green\n")
    assert ask("bash", "xent eval one.csv --positive ") == ["space", "blue", "green", "red"]


def test_names_that_a_terminal_cannot_show_are_left_out() -> None:
    names = ["ok", "a\u202eb", "line\nend", "esc\x1b[2J", "tab\there", "no\u00a0break", "👩\u200d🚀"]
    Path("odd.csv").write_text(",".join(f'"{name}"' for name in names) + "\n1,1,1,1,1,1,1\n")
    assert ask("bash", "xent eval odd.csv --weight ") == ["space", "ok", "👩\u200d🚀"]


def test_names_that_the_terminal_s_encoding_lacks_are_left_out() -> None:
    Path("odd.csv").write_text("漢字,é,e\n1,1,1\n")
    assert ask("bash", "xent eval odd.csv --weight ", encoding="latin-1") == ["space", "é", "e"]


@pytest.mark.parametrize("path", ["pipe", "-", "s3://bucket/p.csv", "/dev/zero", "folder", "none", "''", "'nu\0l'"])
def test_nothing_waits_for_what_is_no_file(path: str) -> None:
    os.mkfifo("pipe")
    assert ask("bash", f"xent eval {path} --by ") == ["space"]
    assert ask("bash", f"xent eval {path} --positive ") == ["space"]
    assert ask("bash", f"xent eval --classes @{path} --max class/") == ["space"]
    assert ask("bash", f"xent eval p.csv l.csv --on @{path} --positive ") == ["space"]
    assert ask("bash", f"xent eval --baseline {path} --max class/") == ["space"]
    assert ask("bash", f"xent eval --config {path} --max class/") == ["space"]


def test_the_home_directory_and_variables_stand_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(Path.cwd()))
    assert ask("bash", "xent eval ~/p.csv --by i") == ["space", "id"]
    assert ask("zsh", "xent eval $HOME/p.csv --by i") == ["space", "nothing", "id", "cat", "dog"]
    assert ask("fish", "xent eval ~/") == ["~/folder/", "~/l.csv", "~/p.csv", "~/semicolons.csv"]
