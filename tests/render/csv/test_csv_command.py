"""`-f csv` on the command line: streams, files, and what is said beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from conftest import SAMPLES, RunXent
from csv_reading import cells_of, csv_of

from xentcli import EvalResult, evaluate

FOREST = (SAMPLES / "digits_forest.csv", SAMPLES / "digits_labels.csv")


@cache
def forest(**options: Any) -> EvalResult:
    return evaluate(*FOREST, **options)


def test_warnings_are_said_beside_it_unless_quiet(run_xent: RunXent, tmp_path: Path) -> None:
    ran = run_xent("eval", *FOREST, "-f", "csv")
    assert (ran.code, ran.stdout) == (0, csv_of(forest()))
    assert ran.stderr == (
        "warning: 1 row gives the label less than 2.22e-16 and costs 36.04 nats: 11.3 % of the loss. With --clip 1e-07 "
        "the loss would be 0.3696 instead of 0.3943.\n"
    )
    ran = run_xent("eval", *FOREST, "-f", "csv", "--quiet", "--sort", "name", "-o", tmp_path / "out.csv")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "out.csv").read_bytes() == csv_of(forest(), sort="name").encode()


def test_nothing_is_coloured_on_a_terminal(run_xent: RunXent) -> None:
    ran = run_xent("eval", *FOREST, "-f", "csv", "-q", terminal=True, columns=40)
    assert (ran.code, ran.stdout) == (0, csv_of(forest()))


def test_a_class_that_the_stream_cannot_hold_is_escaped_and_a_file_is_utf8(run_xent: RunXent, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("漢,dog,label\n0.5,0.5,漢\n0.5,0.5,dog\n", encoding="utf-8")
    ran = run_xent("eval", path, "-f", "csv", encoding="ascii")
    assert (ran.code, ran.stdout.isascii()) == (0, True)
    assert [one[1] for one in cells_of(ran.stdout)[2:]] == ["dog", "\\u6f22"]
    run_xent("eval", path, "-f", "csv", "-o", tmp_path / "out.csv", encoding="ascii")
    assert "class,漢,1," in (tmp_path / "out.csv").read_text(encoding="utf-8")
