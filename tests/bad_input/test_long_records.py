"""Records and runs of blank lines without an end: told in bounded memory; and what is not looked at is not held."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import RunXent
from tables import refused_files

from xentcli import DataError, evaluate
from xentcli.sources.csv.explain import Layout, read_slowly
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.number_text import Writing
from xentcli.sources.text_blocks import BLOCK_BYTES, LONGEST_RECORD, first_record_end, last_record_end

MEBIBYTE = 1 << 20


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def peak(*arguments: str) -> tuple[str, int]:
    """Return standard error and the peak memory of a run of its own."""
    script = "import sys; from pathlib import Path; from xentcli.cli.main import main; code = main(sys.argv[1:]); "
    script += "print(code, Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    code, memory = map(int, done.stdout.split()[-2:])
    assert code == 2
    return done.stderr, memory * 1024


def test_f9_a_quote_that_is_never_closed() -> None:
    """2 GB of them took 628 MB."""
    with Path("p.csv").open("wb") as file:
        file.write(b'p_a,p_b,y\n0.5,0.5,a\n0.5,0.5,"')
        for _ in range(2 * LONGEST_RECORD // MEBIBYTE):
            file.write(b"0.5,0.5,a\n" * (MEBIBYTE // 10))
    message, memory = peak("eval", "p.csv", "--label", "y", "--jobs", "2")
    problem = "a record is longer than 64 MiB: a quote opened in it is not closed"
    assert message == f"error: p.csv, record 2 (line 3): {problem}\n"
    assert memory < 400 * MEBIBYTE


@pytest.mark.slow
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["lf", "crlf", "cr"])
def test_f9_blank_lines_without_an_end(end: bytes) -> None:
    """1 GB of them took 552 MB."""
    with Path("p.csv").open("wb") as file:
        file.write(b"p_a,p_b,y" + end + b"0.5,0.5,a" + end)
        for _ in range(200):
            file.write(end * (MEBIBYTE // len(end)))
    message, memory = peak("eval", "p.csv", "--label", "y", "--jobs", "2")
    hint = "\n  Blank lines may only follow the last record."
    assert message == f"error: p.csv, record 2 (line 3): the line is blank{hint}\n"
    assert memory < 200 * MEBIBYTE


@pytest.mark.parametrize("ends", [1, 3, BLOCK_BYTES - 20])
def test_blank_lines_at_the_end_are_no_records(ends: int) -> None:
    Path("p.csv").write_bytes(b"p_a,p_b,y\n0.5,0.5,a\n" + b"\n" * ends)
    assert evaluate("p.csv", label="y").overall.rows == 1


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_and_only_blank_lines(run_xent: RunXent, end: str) -> None:
    Path("p.csv").write_bytes(b"p_a,p_b\n0.5,0.5\n")
    Path("y.csv").write_bytes(("y" + 4 * end).encode())
    message = "the file has a header and 3 blank lines, but no data rows"
    refused_files(run_xent, ["p.csv", "y.csv"], f"y.csv: {message}", [(), ("--jobs", "1")])
    Path("q.csv").write_bytes(("p_a,p_b,y" + 4 * end).encode())
    refused_files(run_xent, ["q.csv", "--label", "y"], f"q.csv: {message}", [(), ("--jobs", "1")])


def test_a_record_of_several_blocks_is_read() -> None:
    long = b"x" * (3 * BLOCK_BYTES) + b'""\n' + b"y" * BLOCK_BYTES
    Path("p.csv").write_bytes(b'p_a,p_b,y,t\n0.5,0.5,a,"' + long + b'"\n0.25,0.75,b,z\n')
    assert evaluate("p.csv", label="y", pred=["p_a", "p_b"]).overall.rows == 2


def test_line_ends_outside_of_quotes_are_found_across_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    # Parts are small, so that line ends lie across them.
    monkeypatch.setattr("xentcli.sources.text_blocks._SEARCHED_AT_ONCE", 3)
    data = b'a,"b\nc"\nd,"e""f\n"\n"g\n'
    assert first_record_end(data) == len(b'a,"b\nc"\n')
    assert last_record_end(data) == len(data) - len(b'"g\n')
    assert last_record_end(b'"a\nb') == 0
    assert last_record_end(b'"a"\r') == 0
    assert last_record_end(b'"a"\n"b"\r') == 4


def test_the_good_part_of_a_block_ends_before_its_bad_record() -> None:
    layout = Layout(["a", "b"], {}, Writing())
    for end in ("\n", "\r", "\r\n"):
        good = end.join(["1,2", f'"3{end}3",4', ""])
        found = read_slowly((good + "5" + end + "6,7" + end).encode(), layout).problem
        assert found is not None
        assert (found.record, found.line, found.good.decode()) == (2, 3, good)


def test_f9_a_file_that_is_touched_while_it_is_read() -> None:
    Path("p.csv").write_bytes(b"p_a\n0.5\n")
    file = InputFile("p.csv", 0)
    os.utime("p.csv", ns=(1, 1))
    with pytest.raises(DataError) as raised:
        file.check_unchanged()
    file.close()
    what = "its time of change is another one, its size the same, 8 bytes"
    hint = "Run again when whatever writes it has finished."
    assert str(raised.value) == f"p.csv: the file changed while it was read: {what}\n  {hint}"
