"""--classes: the class of each prediction column, in a list, in pairs or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_tables import ROW, refusal, rule, run

from xentcli import DataError, UsageError


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_classes_as_a_list_in_the_order_of_the_columns() -> None:
    result = run("x,y,z", ["dog", "cat"], ROW[3], ROW[3], classes=["dog", "cat", "emu"])
    assert rule(result) == (("dog", "cat", "emu"), "--classes")
    assert [entry.label_probability for entry in result.classes] == [0.5, 0.25, None]


def test_classes_follow_pred() -> None:
    result = run("x,y,z", ["dog", "cat"], ROW[3], ROW[3], pred=["z", "x", "y"], classes=["emu", "dog", "cat"])
    assert [entry.label_probability for entry in result.classes] == [None, 0.5, 0.25]


def test_classes_from_a_file() -> None:
    from xentcli.cli.values import names_of

    for content in (b"dog\ncat\n", b"dog\ncat", b"dog\r\ncat\r\n", b"\xef\xbb\xbfdog\ncat\n"):
        Path("names.txt").write_bytes(content)
        assert names_of("--classes", "@names.txt") == ("dog", "cat")
    Path("names.txt").write_bytes(b"a,b\n c \n")
    assert names_of("--classes", "@names.txt") == ("a,b", " c ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"cat\n\ndog\n", "names.txt, line 2: --classes reads one name a line; this line is empty"),
        (b"", "names.txt, line 1: --classes reads one name a line; this line is empty"),
        (b"cat\ndog\ncat\n", "names.txt, line 3: --classes has 'cat' twice, first in line 1"),
        (b"cat\nd\xffg\n", "names.txt: --classes reads it, but it is not valid UTF-8"),
        (None, "names.txt: --classes cannot read it: No such file or directory"),
    ],
)
def test_files_of_classes_that_are_refused(content: bytes | None, message: str) -> None:
    from xentcli.cli.values import names_of

    if content is not None:
        Path("names.txt").write_bytes(content)
    with pytest.raises(DataError) as caught:
        names_of("--classes", "@names.txt")
    assert str(caught.value) == message


def test_a_list_of_classes_without_a_file_is_an_error() -> None:
    from xentcli.cli.values import names_of

    with pytest.raises(UsageError) as caught:
        names_of("--classes", "@")
    assert str(caught.value) == "--classes is '@'; the name of a file follows the @"


def test_repeats_in_a_file_of_classes_are_shown_escaped() -> None:
    from xentcli.cli.values import names_of

    Path("names.txt").write_bytes(b"\x1b[2J\n\x1b[2J\n")
    with pytest.raises(DataError) as caught:
        names_of("--classes", "@names.txt")
    assert str(caught.value) == r"names.txt, line 2: --classes has '\x1b[2J' twice, first in line 1"


WHICH = "\n  Say which is which with COL=CLASS, or which columns with --pred."
LEAVE_OUT = "  Leave --classes out if the names of the columns say which is which, or say it of each column."


@pytest.mark.parametrize(
    ("header", "classes", "message"),
    [
        ("x,y", ["a"], f"--classes names 1 class, but there are 2 prediction columns: 'x', 'y'{WHICH}"),
        ("x,y", ["a", "b", "c"], f"--classes names 3 classes, but there are 2 prediction columns: 'x', 'y'{WHICH}"),
        ("x,y", ["a", "a"], "--classes names 'a' twice"),
        ("x,y", ["a", ""], "--classes has an empty name"),
        (
            "cat,dog",
            ["dog", "cat"],
            "--classes gives the class of each prediction column in order, so column 'cat' would be 'dog'\n"
            f"{LEAVE_OUT}\n  Try --classes cat=cat,dog=dog\n  or  --classes cat=dog,dog=cat",
        ),
        (
            "p_cat,p_dog",
            ["dog", "cat"],
            "--classes gives the class of each prediction column in order, so column 'p_cat' would be 'dog'\n"
            f"{LEAVE_OUT}\n  Try --classes p_cat=cat,p_dog=dog\n  or  --classes p_cat=dog,p_dog=cat",
        ),
    ],
)
def test_classes_that_are_refused(header: str, classes: list[str], message: str) -> None:
    assert refusal(header, ["cat"], ROW[2], classes=classes) == message


def test_classes_with_one_prediction_column_are_an_error() -> None:
    assert refusal("p", ["a"], "0.5", classes=["a", "b"]) == (
        "--classes names the class of each of several prediction columns; there is one, 'p'\n  Say which class it "
        "speaks of "
        "with --positive, and the other with --negative."
    )


@pytest.mark.parametrize("options", [{}, {"classes": ["True", "true"], "pred": ["True", "true"]}])
def test_classes_that_differ_only_as_booleans_do_not_take_a_third_spelling(options: dict[str, Any]) -> None:
    """`TRUE` could be either of `True` and `true`; it is not silently one of them."""
    assert run("True,true", ["True", "true"], **options).classes[0].rows == 1
    message = refusal("True,true", ["TRUE"], **options)
    assert message.startswith(
        "y.csv, record 1 (line 2), column 'label': the label 'TRUE' is not a class; the classes are 'True', 'true'"
    )
