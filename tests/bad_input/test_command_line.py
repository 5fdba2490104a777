"""What can be wrong with a command line: one or two lines on standard error, nothing on standard output."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from conftest import RunProcess, RunXent
from files import CLEAN, ESCAPE, LABELS, LOSS, PREDICTIONS, plain_files, read_json
from tables import Case, cases, refused, write

BOTH = "label,cat,dog\ncat,0.7,0.3\ndog,0.2,0.8\n"
ONE = "p_1\n0.7\n0.2\n"
ONE_LABELS = "y\n1\n0\n"
EVAL_HELP = "\n  xent eval --help lists the options."
THREADS = "it takes a whole number from 1 to 1024"
CHUNK_ROWS = "it takes a whole number from 1 to 2147483648"
DELIMITER = "it takes one ASCII character that is no quote, line end, letter, digit, sign or point, such as ';', or tab"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def options(name: str, message: str, *given: str) -> Case:
    """Options that are refused with files that are fine."""
    return Case(name, PREDICTIONS, LABELS, message, given)


# CL1 -----------------------------------------------------------------------------------------------------------


def test_cl1_nothing_at_all_prints_the_help_and_is_an_error(run_process: RunProcess) -> None:
    ran = run_process(env=dict.fromkeys(("FORCE_COLOR", "NO_COLOR"), ""))
    assert (ran.code, ran.stdout) == (2, "")
    assert "Usage: xent [OPTIONS] COMMAND [ARGS]..." in ran.stderr
    assert "Evaluate the log loss of predictions" in ran.stderr
    assert ESCAPE not in ran.stderr


def test_cl1_no_file_is_an_error_that_names_the_argument(run_xent: RunXent) -> None:
    ran = run_xent("eval")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"error: Missing argument 'PREDICTIONS'.{EVAL_HELP}\n"


@cases(
    Case(
        "CL1-no-label-column",
        PREDICTIONS,
        None,
        "p.csv: there is no label column: none is called 'label', 'target', 'class', 'y_true', 'y'\n"
        "  Give the labels in a second file, or name their column.\n"
        "  The columns of p.csv are 'cat', 'dog'.",
    ),
    Case(
        "CL1-two-label-columns",
        "label,y,cat,dog\ncat,cat,0.7,0.3\n",
        None,
        "p.csv: which column is the label: 'label', 'y'?\n"
        "  The columns of p.csv are 'label', 'y', 'cat', 'dog'.\n  Try --label label\n  or  --label y",
    ),
    # CL5, CL6, CL7 and more of their kind
    Case(
        "CL5",
        BOTH,
        None,
        "column 'cat' is the label; it cannot be a prediction column too",
        ("--label", "cat", "--pred", "cat,dog"),
    ),
    Case(
        "CL5-pattern",
        BOTH,
        None,
        "p.csv: --pred names 'c*', which stands only for columns that are named otherwise\n"
        "  The columns of p.csv are 'label', 'cat', 'dog'.",
        ("--label", "cat", "--pred", "c*,dog"),
    ),
    options(
        "CL5-from-predictions",
        "column 'cat' is the label; it cannot be a prediction column too",
        "--label",
        "cat",
        "--pred",
        "cat,dog",
    ),
    options(
        "CL6-renormalize",
        "--renormalize does not apply: logits have no sum to check: softmax makes it 1",
        "--input",
        "logits",
        "--renormalize",
    ),
    options(
        "CL6-sum-tolerance",
        "--sum-tolerance does not apply: logits have no sum to check: softmax makes it 1",
        "--input",
        "logits",
        "--sum-tolerance",
        "0.1",
    ),
    Case(
        "CL6-one-column-renormalize",
        ONE,
        ONE_LABELS,
        "--renormalize does not apply: one prediction column has no sum to check",
        ("--renormalize",),
    ),
    Case(
        "CL6-one-column-sum-tolerance",
        ONE,
        ONE_LABELS,
        "--sum-tolerance does not apply: one prediction column has no sum to check",
        ("--sum-tolerance", "0.1"),
    ),
    Case(
        "CL6-one-column-of-logits",
        ONE,
        ONE_LABELS,
        "--renormalize does not apply: logits have no sum to check: softmax makes it 1",
        ("--renormalize", "--input", "logits"),
    ),
    options(
        "CL6-both",
        "--renormalize divides by the sums instead of checking them; leave out --sum-tolerance",
        "--renormalize",
        "--sum-tolerance",
        "0.1",
    ),
    options("CL7", "--classes names 'a' twice", "--classes", "a,b,a"),
    options("CL7-pred", "--pred names 'cat' twice", "--pred", "cat,cat"),
    options(
        "CL7-pred-pattern",
        "p.csv: --pred names 'c*', which stands only for columns that are named otherwise\n"
        "  The columns of p.csv are 'cat', 'dog'.",
        "--pred",
        "c*,cat",
    ),
    options("CL7-pred-patterns", "--pred names column 'cat' twice", "--pred", "c*,*t,dog"),
    options(
        "CL7-empty-name",
        "--classes is 'a,,b', which has an empty name; names are separated by single commas",
        "--classes",
        "a,,b",
    ),
    options(
        "CL7-nothing",
        "--classes is '', which has an empty name; names are separated by single commas",
        "--classes",
        "",
    ),
    options(
        "CL7-too-few",
        "--classes names 1 class, but there are 2 prediction columns: 'cat', 'dog'\n"
        "  Say which is which with COL=CLASS, or which columns with --pred.",
        "--classes",
        "cat",
    ),
    options(
        "CL7-too-many",
        "--classes names 3 classes, but there are 2 prediction columns: 'cat', 'dog'\n"
        "  Say which is which with COL=CLASS, or which columns with --pred.",
        "--classes",
        "cat,dog,bird",
    ),
    options(
        "CL7-permuted",
        "--classes gives the class of each prediction column in order, so column 'cat' would be 'dog'\n"
        "  Leave --classes out if the names of the columns say which is which, or say it of each column.\n"
        "  Try --classes cat=cat,dog=dog\n  or  --classes cat=dog,dog=cat",
        "--classes",
        "dog,cat",
    ),
    options("CL7-escaped", "--classes names 'a\\x1b[31m' twice", "--classes", "a\x1b[31m,b,a\x1b[31m"),
    options(
        "CL7-bytes",
        "--classes is '\\xff,,', which has an empty name; names are separated by single commas",
        "--classes",
        os.fsdecode(b"\xff,,"),
    ),
    options("CL7-no-file", "none.txt: --classes cannot read it: No such file or directory", "--classes", "@none.txt"),
    options(
        "CL3-clip-text",
        "--clip is '\\xff'; it takes a probability above 0 and below 1, or 'none'",
        "--clip",
        os.fsdecode(b"\xff"),
    ),
)
def test_options_that_cannot_mean_anything(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"a\nb\na\n", "names.txt, line 3: --classes has 'a' twice, first in line 1", id="CL7-file"),
        pytest.param(
            b"a\n\nb\n", "names.txt, line 2: --classes reads one name a line; this line is empty", id="CL7-file-blank"
        ),
        pytest.param(
            b"a\xff\nb\n",
            "names.txt: --classes reads it, but it is not valid UTF-8",
            id="CL7-file-not-utf-8",
        ),
        pytest.param(
            b"a\nb\nc\n",
            "--classes names 3 classes, but there are 2 prediction columns: 'cat', 'dog'\n"
            "  Say which is which with COL=CLASS, or which columns with --pred.",
            id="CL7-file-too-many",
        ),
    ],
)
def test_files_of_class_names(run_xent: RunXent, content: bytes, message: str) -> None:
    Path("names.txt").write_bytes(content)
    refused(run_xent, options("", message, "--classes", "@names.txt"))


# CL2 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--zzzz"], "No such option: --zzzz\n  xent --help lists the options.", id="CL2-option"),
        pytest.param(
            ["eval", "p.csv", "y.csv", "--zzzz"], f"No such option: --zzzz{EVAL_HELP}", id="CL2-option-of-eval"
        ),
        pytest.param(
            ["evla", "p.csv"],
            "No such command 'evla'. Did you mean 'eval'?\n  xent --help lists the options.",
            id="CL2-command",
        ),
        pytest.param(
            ["\x1b[2J"], "No such command '\\x1b[2J'.\n  xent --help lists the options.", id="CL2-command-escaped"
        ),
        pytest.param(
            [os.fsdecode(b"\xff")], "No such command '\\xff'.\n  xent --help lists the options.", id="CL2-command-bytes"
        ),
        pytest.param(
            ["eval", "p.csv", "y.csv", "z.csv"],
            f"Got unexpected extra argument(s) (z.csv){EVAL_HELP}",
            id="CL2-third-file",
        ),
    ],
)
def test_unknown_options_and_commands(run_xent: RunXent, arguments: list[str], message: str) -> None:
    plain_files()
    ran = run_xent(*arguments)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")


def test_cl2_an_option_that_is_almost_one_is_told_the_right_one(run_xent: RunXent) -> None:
    """Which others are near depends on what options there are."""
    ran = run_xent("eval", *plain_files(), "--jop", "2")
    assert (ran.code, ran.stdout) == (2, "")
    assert re.fullmatch(
        r"error: No such option: --jop \(Possible options?: .*--jobs.*\)" + EVAL_HELP + "\n", ran.stderr
    )


def test_cl2_verbose_is_heeded_among_other_letters(run_xent: RunXent) -> None:
    ran = run_xent("eval", "-qv", "none.csv")
    assert ran.code == 2
    assert ran.stderr.startswith("Traceback (most recent call last):\n")
    assert ran.stderr.endswith("error: none.csv: no such file\n")


# CL3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        pytest.param(option, value, f"{option} is {shown}; {allowed}", id=f"CL3{option}={value[:8]}")
        for option, allowed in [
            ("--jobs", THREADS),
            ("--chunk-rows", CHUNK_ROWS),
            ("--top", "it takes a whole number from 1 up"),
        ]
        for value, shown in [
            ("0", "0"),
            ("-1", "-1"),
            *([] if option == "--top" else [(str(10**30), str(10**30))]),
            ("1e6", "'1e6'"),
            ("", "''"),
            ("many", "'many'"),
            ("1.5", "'1.5'"),
            ("\x1b[2J", "'\\x1b[2J'"),
        ]
    ]
    + [
        pytest.param(option, value, f"{option} is {shown}; {allowed}", id=f"CL3{option}={value[:8]}")
        for option, allowed, pairs in [
            (
                "--confidence",
                "it takes a number between 0 and 1, such as 0.95",
                [("0", "0"), ("1", "1"), ("95", "95"), ("nan", "nan"), ("high", "'high'")],
            ),
            (
                "--sum-tolerance",
                "it takes a number from 0 up",
                [("-1", "-1"), ("nan", "nan"), ("inf", "inf"), ("1e400", "inf"), ("some", "'some'")],
            ),
            (
                "--clip",
                "it takes a probability above 0 and below 1, or 'none'",
                [("0", "0"), ("1", "1"), ("-1", "-1"), ("nan", "nan"), ("1e-400", "0"), ("None", "'None'")],
            ),
            ("--unit", "it takes one of nats, bits", [("nat", "'nat'"), ("NATS", "'NATS'")]),
            ("--input", "it takes one of probs, logits, logprobs, label-probs, label-logprobs", [("prob", "'prob'")]),
            ("--format", "it takes one of table, json, csv, markdown, metrics, github, junit", [("xml", "'xml'")]),
            ("--sort", "it takes one of loss-share, loss, ratio, rows, name, none", [("share", "'share'")]),
            ("--label-kind", "it takes one of auto, name, index, distribution", [("indices", "'indices'")]),
        ]
        for value, shown in pairs
    ],
)
def test_values_outside_what_an_option_takes(run_xent: RunXent, option: str, value: str, message: str) -> None:
    """The option, what it was given and what it takes."""
    ran = run_xent("eval", *plain_files(), option, value)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[0] == f"error: {message}"
    assert len(ran.stderr.splitlines()) <= 2


# CL4 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        pytest.param((), id="CL4"),
        pytest.param(("--label", "label", "--pred", "cat,dog"), id="CL4-named"),
        pytest.param(("--label", "label"), id="CL4-label-named"),
    ],
)
def test_one_file_may_be_given_twice(run_xent: RunXent, given: tuple[str, ...]) -> None:
    path = write("both.csv", BOTH)
    ran = run_xent("eval", path, path, "-f", "json", *given)
    assert (ran.code, ran.stderr) == (0, "")
    result = read_json(ran.stdout)
    assert (result["overall"]["loss"], result["inputs"]["classes"]) == (LOSS, ["cat", "dog"])


def test_cl4_one_file_without_labels_given_twice_is_an_error(run_xent: RunXent) -> None:
    path, _ = plain_files()
    ran = run_xent("eval", path, path, "-f", "json")
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == (
        "error: p.csv: there is no label column: none is called 'label', 'target', 'class', 'y_true', 'y'\n"
        "  Give the labels in a second file, or name their column.\n"
        "  The columns of p.csv are 'cat', 'dog'.\n"
    )


# CL8 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--delimiter", "--labels-delimiter"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(value, shown, id=f"CL8-{name}")
        for name, value, shown in [
            ("two", ";;", ";;"),
            ("empty", "", ""),
            ("newline", "\n", "\\n"),
            ("return", "\r", "\\r"),
            ("quote", '"', '"'),
            ("e-acute", "é", "é"),
            ("letter", "x", "x"),
            ("digit", "1", "1"),
            ("point", ".", "."),
            ("minus", "-", "-"),
            ("byte", os.fsdecode(b"\xff"), "\\xff"),
        ]
    ],
)
def test_delimiters_that_cannot_be(run_xent: RunXent, option: str, value: str, shown: str) -> None:
    refused(run_xent, options("", f"{option} is '{shown}'; {DELIMITER}", option, value))


# CL9, CL10, CL11 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [pytest.param("-p.csv", id="CL9"), pytest.param("--pred", id="CL9-an-option")])
def test_paths_that_begin_with_a_minus(run_xent: RunXent, name: str) -> None:
    write(name, PREDICTIONS)
    write("y.csv", LABELS)
    ran = run_xent("eval", "-f", "json", "--", name, "y.csv")
    assert (ran.code, ran.stderr) == (0, "")
    result = read_json(ran.stdout)
    assert result["overall"]["loss"] == LOSS
    assert result["inputs"]["predictions"] == [name]


def test_cl9_a_minus_is_not_a_file_name_before_the_dashes(run_xent: RunXent) -> None:
    ran = run_xent("eval", "-p.csv", "y.csv")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: No such option: -p{EVAL_HELP}\n")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("http://example.org/p.csv", id="CL10-http"),
        pytest.param("https://127.0.0.1/p.csv", id="CL10-https"),
        pytest.param("ftp://example.org/p.csv", id="CL10-ftp"),
        pytest.param("nonsense://x", id="CL10-unknown"),
        pytest.param("hdfs://host/p.csv", id="CL10-hdfs"),
    ],
)
def test_uris_are_refused_and_no_socket_is_opened(
    run_xent: RunXent, uri: str, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any, **keywords: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    paths = list(plain_files())
    paths[side] = uri
    ran = run_xent("eval", *paths)
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.stderr == f"error: '{uri}' is not read; URIs begin with s3://, gs://, gcs:// or file://\n"


def test_standard_input_is_one_of_the_two(run_xent: RunXent) -> None:
    ran = run_xent("eval", "-", "-")
    message = "error: both inputs are -, and there is one standard input\n"
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", message)


def test_cl10_an_empty_path_is_no_file(run_xent: RunXent) -> None:
    ran = run_xent("eval", "", "y.csv")
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", "error: '': no such file\n")


ODD_NAME = os.fsdecode(b"p\xff\x1b[31m.csv")
SHOWN_NAME = "p\\xff\\x1b[31m.csv"


@pytest.mark.parametrize("form", [pytest.param("json", id="CL11-json"), pytest.param("table", id="CL11-table")])
def test_paths_that_are_not_utf_8_are_read_and_shown_escaped(run_xent: RunXent, form: str) -> None:
    write(ODD_NAME, PREDICTIONS)
    write("y.csv", LABELS)
    ran = run_xent("eval", ODD_NAME, "y.csv", "-f", form)
    assert (ran.code, ran.stderr) == (0, "")
    if form == "json":
        result = read_json(ran.stdout)
        assert result["overall"]["loss"] == LOSS
        # JSON holds the control character as it is; the byte that no text can hold is an escape in it.
        assert result["inputs"]["predictions"] == ["p\\udcff\x1b[31m.csv"]
    else:
        assert ran.stdout.splitlines()[0] == f"{SHOWN_NAME} against y.csv"
        assert ESCAPE not in ran.stdout


@pytest.mark.parametrize(
    ("content", "given", "message"),
    [
        pytest.param(None, (), f"{SHOWN_NAME}: no such file", id="CL11-missing"),
        pytest.param(b"", (), f"{SHOWN_NAME}: the file is empty", id="CL11-empty"),
        pytest.param(
            b"cat,dog\n0.7,oops\n",
            (),
            f"{SHOWN_NAME}, record 1 (line 2), column 'dog': 'oops' is not a number\n"
            "  The column is read as numbers; --pred says which columns are predictions.",
            id="CL11-bad-cell",
        ),
        pytest.param(
            b"cat,dog\n0.7,0.3\n",
            (),
            f"'{SHOWN_NAME}' has 1 row, but 'y.csv' has 2\n"
            "  Row i of one belongs to row i of the other, unless a key that both have is named.",
            id="CL11-fewer-rows",
        ),
        pytest.param(
            b"cat,dog\n0.7,0.3\n",
            ("--pred", "bird"),
            f"{SHOWN_NAME}: --pred names 'bird', which is not a column\n"
            f"  The columns of {SHOWN_NAME} are 'cat', 'dog'.",
            id="CL11-columns-listed",
        ),
        pytest.param(
            b"cat,dog\n0.7,0.3\n",
            ("--label", "bird"),
            "--label names 'bird', which is not a column of either input\n"
            f"  The columns of {SHOWN_NAME} are 'cat', 'dog'.\n  The columns of y.csv are 'label'.",
            id="CL11-columns-of-both-listed",
        ),
    ],
)
def test_errors_show_paths_escaped(
    run_xent: RunXent, content: bytes | None, given: tuple[str, ...], message: str
) -> None:
    if content is not None:
        write(ODD_NAME, content)
    write("y.csv", LABELS)
    ran = run_xent("eval", ODD_NAME, "y.csv", *given)
    assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n")


# CL12 ----------------------------------------------------------------------------------------------------------


_EVAL, _HELP, _USAGE = ("eval", "p.csv", "y.csv"), ("eval", "--help"), ("eval", "--zzzz")


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("name", "value", "arguments"),
    [
        pytest.param(name, value, arguments, id=f"CL12-{name}={value[:8]}-{arguments[-1]}")
        for name, value in [
            ("TERMINAL_WIDTH", "abc"),
            ("TERMINAL_WIDTH", "0"),
            ("TERMINAL_WIDTH", "\N{SUPERSCRIPT TWO}"),
            ("COLUMNS", "abc"),
            ("COLUMNS", "5"),
            ("COLUMNS", "0"),
            ("COLUMNS", "-5"),
            ("COLUMNS", "\N{SUPERSCRIPT TWO}"),
            ("COLUMNS", "9" * 30),
            ("LINES", "abc"),
            ("LINES", "\N{SUPERSCRIPT TWO}"),
        ]
        # Help is laid out by Typer, a result by xent; an error of usage by either, where the value is no number.
        for arguments in ((_EVAL, _HELP, _USAGE) if value == "abc" else (_EVAL, _HELP))
    ],
)
def test_odd_widths_in_the_environment(
    run_process: RunProcess, name: str, value: str, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("COLUMNS", "LINES", "TERMINAL_WIDTH", "FORCE_COLOR"):
        monkeypatch.delenv(other, raising=False)
    assert not {"COLUMNS", "LINES"} & set(CLEAN)
    plain_files()
    ran = run_process(*arguments, env={name: value})
    if arguments[-1] == "--zzzz":
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.stderr == f"error: No such option: --zzzz{EVAL_HELP}\n"
        return
    assert (ran.code, ran.stderr) == (0, "")
    seen = re.sub(r"\s", "", ran.stdout)
    assert ("loss" in seen and "0.2899" in seen) if "p.csv" in arguments else "Usage:" in seen


@pytest.mark.parametrize("columns", [pytest.param(n, id=f"CL12-terminal-{n}") for n in (0, 1, 5, 39, 40, 10**6)])
def test_terminals_of_any_width(run_xent: RunXent, columns: int) -> None:
    ran = run_xent("eval", *plain_files(), terminal=True, columns=columns)
    assert (ran.code, ran.stderr) == (0, "")
    assert "0.2899" in ran.stdout
