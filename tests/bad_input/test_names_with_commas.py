"""Names with commas, and what --classes and --class-weight read from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunXent
from tables import P, Y, refused_files, write

from xentcli import UsageError, evaluate
from xentcli.api import spec_of
from xentcli.cli.classes import classes_of, names_in_order

PREDICTIONS = '"p_Washington, D.C.",p_a,note\n0.7,0.3,1\n0.2,0.8,2\n'
LABELS = 'label\n"Washington, D.C."\na\n'
LOSS = 0.2899092476264711  # -(log(0.7) + log(0.8)) / 2, the nearest float64
PRED = '"p_Washington, D.C.",p_a'
TAKES = 'It takes one name a line, or JSON: a list of names, {"NAME": 0, ...} or {"0": "NAME", ...}.'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(P, PREDICTIONS), write(Y, LABELS)


def loss_of(run_xent: RunXent, *options: str) -> float:
    ran = run_xent("eval", P, Y, "-f", "metrics", *options)
    assert (ran.code, ran.stderr) == (0, "")
    return float(json.loads(ran.stdout)["loss"])


def test_a_column_whose_name_has_a_comma_can_be_typed(run_xent: RunXent) -> None:
    assert loss_of(run_xent, "--pred", PRED) == LOSS
    assert evaluate(P, Y, pred=PRED).overall.loss == LOSS
    assert evaluate(P, Y, pred=["p_Washington, D.C.", "p_a"]).overall.loss == LOSS


def test_a_class_whose_name_has_a_comma_can_be_weighted(run_xent: RunXent) -> None:
    options = ("--pred", PRED, "--class-weight", '"Washington, D.C.=0"')
    assert loss_of(run_xent, *options) == evaluate(P, Y, pred=PRED, class_weight={"Washington, D.C.": 0.0}).overall.loss


@pytest.mark.parametrize("text", [f"pred = '{PRED}'", "pred = ['p_Washington, D.C.', 'p_a']"])
def test_a_file_of_options_has_names_with_commas(run_xent: RunXent, text: str) -> None:
    write("x.toml", f"{text}\nclass-weight = {{ 'Washington, D.C.' = 1 }}\n")
    assert loss_of(run_xent, "--config", "x.toml") == LOSS


def test_a_list_of_a_file_of_options_is_no_other_file(run_xent: RunXent) -> None:
    write("x.toml", "classes = ['@a', 'b']\n")
    ran = run_xent("eval", P, Y, "--config", "x.toml", "--pred", PRED)
    assert "the classes are '@a', 'b'" in ran.stderr


def test_a_quote_that_does_not_begin_a_name_is_a_part_of_it() -> None:
    write(P, '"a""b",c\n0.7,0.3\n0.2,0.8\n'), write(Y, 'label\n"a""b"\nc\n')
    assert evaluate(P, Y, pred='a"b,c').overall.loss == LOSS


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("cat\ndog\n", ("cat", "dog")),
        (' ["cat", "dog, big"]', ("cat", "dog, big")),
        ("[0, 1]", ("0", "1")),
        ('["Score.0=cat", "Score.1=dog"]', ("Score.0=cat", "Score.1=dog")),
        ("\ufeff[\n'x'".replace("[\n'x'", '["x"]'), ("x",)),
    ],
)
def test_a_file_of_classes_has_one_a_line_or_a_json_list(content: str, names: tuple[str, ...]) -> None:
    assert classes_of("@" + write("c.txt", content)) == (names, None)


@pytest.mark.parametrize(
    ("held", "order"),
    [
        ({"dog": 1, "cat": 0}, ("cat", "dog")),
        ({"0": "cat", "1": "dog"}, ("cat", "dog")),
        ({"p_a": "dog", "p_b": "cat"}, ("dog", "cat")),
    ],
)
def test_a_file_of_classes_may_be_an_object(held: dict[str, str | int], order: tuple[str, ...]) -> None:
    names, found = classes_of("@" + write("c.json", json.dumps(held)))
    assert (names, found) == ((), held)
    assert names_in_order(names, found) == order


def test_the_library_takes_an_object_of_classes() -> None:
    defaults = evaluate.__kwdefaults__
    assert defaults is not None
    columns = spec_of({**defaults, "classes": {"cat": 0, "dog": 1}}).columns
    assert (columns.classes, columns.class_map) == ((), {"cat": 0, "dog": 1})
    with pytest.raises(UsageError) as error:
        evaluate(P, Y, classes={"cat": 0, "dog": 0})
    assert str(error.value) == "--classes gives 'cat' and 'dog' the same: '0'"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", f"--classes has an empty list\n  {TAKES}"),
        ('["a", "a"]', "--classes has 'a' twice"),
        ('["a", 1.5]', f"--classes has '1.5' in its list\n  {TAKES}"),
        ('["a", ""]', f"--classes has '\"\"' in its list\n  {TAKES}"),
        ("[true]", f"--classes has 'true' in its list\n  {TAKES}"),
        ("{}", f"--classes has an empty object\n  {TAKES}"),
        ('{"a": 0, "a": 1}', "--classes has 'a' twice"),
        ('{"a": 0.0}', f"--classes gives 'a' 0.0, neither a whole number from 0 up nor a name\n  {TAKES}"),
        ('{"a": null}', f"--classes gives 'a' None, neither a whole number from 0 up nor a name\n  {TAKES}"),
        ('{"a": 0, "b": 0}', f"--classes gives 'a' and 'b' the same: '0'\n  {TAKES}"),
        ('{"a": "b"', f"--classes takes {TAKES[9:-1]}: Expecting ',' delimiter: line 1 column 10 (char 9)"),
    ],
)
def test_what_a_json_file_of_classes_may_not_hold(run_xent: RunXent, content: str, message: str) -> None:
    write("c.json", content)
    where = "c.json, line 1" if "delimiter" in message else "c.json"
    refused_files(run_xent, [P, Y, "--classes", "@c.json"], f"{where}: {message}")


@pytest.mark.parametrize("option", ["--classes", "--class-weight", "--on"])
def test_a_file_that_an_option_names_is_read_up_to_16_mib(run_xent: RunXent, option: str) -> None:
    write("big", b"a" * ((16 << 20) + 1))
    ran = run_xent("eval", P, Y, option, "@big")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"error: big: {option} reads files of up to 16 MiB, and this is larger\n"
