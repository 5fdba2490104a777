"""Where blocks of CSV end: quoted line ends, open quotes, long fields, records and headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunXent
from csv_cases import LABEL_HINT, OPEN, STRAY, bad
from files import ends_at
from tables import Case, P, Y, accepted, cases, figures, place, refused, refused_files, write

from xentcli import evaluate
from xentcli.sources import text_blocks as blocks
from xentcli.sources.text_blocks import BLOCK_BYTES

TOO_MANY_COLUMNS = (
    "p.csv, line 1: it has more than 250,000 columns\n"
    "  Was the table transposed, or has it another delimiter? Rows are cases, columns are classes."
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


HEADER = "label,cat,dog,note\n"
ROW = "cat,0.75,0.25,plain\n"
LONG_SETTINGS: tuple[tuple[str, ...], ...] = (("--jobs", "1"), ("--jobs", "2", "--chunk-rows", "4096"))
# Rows like ROW that are a little more than a block.
MORE = BLOCK_BYTES // len(ROW) + 10_000
CHOSEN = ("--pred", "cat,dog")


def expected_loss(cats: int) -> float | None:
    """Return the loss of `cats` rows like ROW and one `dog` with 0.5, from a file without a quote in it."""
    write("plain.csv", HEADER + ROW * cats + "dog,0.5,0.5,x\n")
    return evaluate("plain.csv", pred=["cat", "dog"]).overall.loss


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "line_end", [pytest.param("\n", id="lf"), pytest.param("\r\n", id="crlf"), pytest.param("\r", id="cr")]
)
@pytest.mark.parametrize("offset", [pytest.param(n, id=f"CD15-{n:+}") for n in (-2, -1, 0, 1, 2)])
def test_a_quoted_line_end_where_a_block_ends(offset: int, line_end: str) -> None:
    """A real block: its end falls before, in and after the \\r\\n that is part of a cell."""
    row, header = ROW.replace("\n", line_end), HEADER.replace("\n", line_end)
    text = ends_at(header, BLOCK_BYTES + offset, row, 'dog,0.5,0.5,"{}')
    text += '\r\ny"' + line_end + row * 100_000
    Path(P).write_bytes(text.encode())
    cats = text.count("cat,0.75")
    result = evaluate(P, pred=["cat", "dog"], jobs=2)
    assert result.overall.rows == cats + 1
    assert result.overall.loss == expected_loss(cats)


@pytest.mark.one_in_three
@pytest.mark.parametrize("offset", [pytest.param(n, id=f"CD16-{n:+}") for n in (-2, -1, 0, 1, 2)])
def test_a_quoted_crlf_where_a_block_ends_is_kept_to_the_byte(offset: int, run_xent: RunXent) -> None:
    """The cell is a label, and a class is called exactly so."""
    name = "d\r\nog"
    header, row = f'label,cat,"{name}"\r\n', "cat,0.75,0.25\r\n"
    text = header + row * ((BLOCK_BYTES + offset - len(header)) // len(row) - 1)
    # The first byte of the line end within the label is the last of the block, and so on.
    padding = BLOCK_BYTES + offset - len(text) - len(row + '"d')
    if padding < 0:
        text, padding = text[: -len(row)], padding + len(row)
    text += f"cat,0.75,{' ' * padding}0.25\r\n"
    assert len(text) + len('"d') == BLOCK_BYTES + offset
    text += f'"{name}",0.5,0.5\r\n' + row * 100_000
    Path(P).write_bytes(text.encode())
    cats = text.count("cat,0.75,")
    result = evaluate(P, jobs=2)
    assert result.inputs.classes == ("cat", name)
    assert [entry.rows for entry in result.classes] == [cats, 1]
    assert result.overall.loss == expected_loss(cats)
    # With the \n lost, or made of it, the label would be another.
    Path(P).write_bytes(text.replace(name, "dog", 1).encode())
    # Lines are counted as long as no record so far can have had two.
    where = f"{P}, record {text[: text.index(name, 20)].count('cat,0.75,') + 1}, column 'label'"
    refused_files(
        run_xent,
        [P],
        f"{where}: the label 'd\\r\\nog' is not a class; the classes are 'cat', 'dog'{LABEL_HINT}",
        [("--jobs", "2")],
    )


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(0, 450_000, id="CD17-row-1-of-a-big-file"),
        pytest.param(MORE, 3, id="CD17-near-the-end"),
        pytest.param(MORE, MORE, id="CD17-in-the-middle"),
        pytest.param(BLOCK_BYTES // len(ROW) - 1, 10_000, id="CD17-before-a-block-ends"),
    ],
)
@pytest.mark.parametrize("cell", [pytest.param('"open', id="opening"), pytest.param('op"en', id="inside")])
def test_a_quote_that_is_never_closed_in_a_big_file(run_xent: RunXent, before: int, after: int, cell: str) -> None:
    write(P, HEADER + ROW * before + f"cat,0.75,0.25,{cell}\n" + ROW * after)
    message = f"{place(P, before + 1)}: {OPEN if cell.startswith(chr(34)) else STRAY}"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


@pytest.mark.slow
def test_cd17_a_quote_opened_at_row_1_and_one_at_the_end(run_xent: RunXent) -> None:
    """Two quotes, far apart: together they make one field of nearly the whole file, which is a fine record."""
    write(P, HEADER + 'cat,0.75,0.25,"open\n' + ROW * 400_000 + 'cat,0.75,0.25,"open\n' + ROW)
    refused_files(run_xent, [P, *CHOSEN], f"{place(P, 1)}: {STRAY}", LONG_SETTINGS)


def test_cd17_the_header_of_a_big_file(run_xent: RunXent) -> None:
    write(P, 'label,cat,"dog\n' + ROW * 1_000_000)
    message = "p.csv, line 1: a quote opened in the header is never closed"
    refused_files(run_xent, [P], message, [()])


def test_cd21_a_field_of_3_mb_is_a_field(run_xent: RunXent) -> None:
    plain = accepted(HEADER + ROW + "dog,0.2,0.8,x\n" + ROW, None, pred=["cat", "dog"])
    for field in ("x" * 3_000_000, '"' + "x\n" * 1_500_000 + '"'):
        result = accepted(HEADER + ROW + f"dog,0.2,0.8,{field}\n" + ROW, None, pred=["cat", "dog"])
        assert figures(result) == figures(plain)
    write(P, HEADER + ROW + f"dog,0.2,{'8' * 3_000_000},x\n")
    shown = "8" * 80 + "…"
    message = f"{place(P, 2, 'dog')}: '{shown}' is beyond float64: larger than 1.8e308"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    "layout",
    [
        pytest.param((1, 9 << 20, 1), id="CD21-soon"),
        pytest.param((1, 9 << 20, MORE), id="CD21-with-more-to-come"),
        pytest.param((1, 9 << 20, 0), id="CD21-last"),
        pytest.param((1, (8 << 20) + 1, 1), id="CD21-a-byte-too-long"),
        pytest.param((MORE, 20 << 20, 1), id="CD21-late"),
    ],
)
@pytest.mark.parametrize("quoted", [pytest.param(False, id="plain"), pytest.param(True, id="quoted")])
def test_a_record_beyond_the_limit_is_refused_wherever_it_stands(
    run_xent: RunXent, layout: tuple[int, int, int], quoted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, size, after = layout
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 8 << 20)
    start, end = ('dog,0.2,0.8,"', '"\n') if quoted else ("dog,0.2,0.8,", "\n")
    # A closing quote just beyond the limit is not seen.
    record = start + "x" * (size + 2 * quoted - len(start) - len(end)) + end
    write(P, HEADER + ROW * before + record + ROW * after)
    why = "a quote opened in it is not closed" if quoted else "it has no line end"
    message = f"{place(P, before + 1)}: a record is longer than 8 MiB: {why}"
    refused_files(run_xent, [P, *CHOSEN], message, LONG_SETTINGS)


@pytest.mark.parametrize(
    "before", [pytest.param(1, id="CD21-at-the-limit"), pytest.param(MORE, id="CD21-late-at-the-limit")]
)
def test_a_record_of_just_the_limit_is_read(before: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONGEST_RECORD", 8 << 20)
    start = "dog,0.5,0.5,"
    write(P, HEADER + ROW * before + start + "x" * ((8 << 20) - len(start) - 1) + "\n" + ROW)
    assert evaluate(P, pred=["cat", "dog"]).overall.loss == expected_loss(before + 1)


@pytest.mark.slow
def test_cd22_200_000_classes_in_a_header_of_over_a_mebibyte() -> None:
    classes = 200_000
    write(P, ",".join(f"c{i}" for i in range(classes)) + "\n0.75,0.25" + ",0" * (classes - 2) + "\n")
    write(Y, "label\nc0\n")
    assert Path(P).read_bytes().index(b"\n") > 1 << 20
    result = evaluate(P, Y)
    assert len(result.classes) == classes
    assert result.overall.loss == evaluate(write("q.csv", "c0,c1\n0.75,0.25\n"), Y).overall.loss


@cases(
    bad(
        "CD22-columns",
        ",".join(f"c{i}" for i in range(250_001)) + "\n1\n",
        TOO_MANY_COLUMNS,
    ),
    bad("CD22-commas", "," * 5_000_000 + "\n", TOO_MANY_COLUMNS),
    bad("CD22-long-name", "c" * (17 << 20) + ",b\n1,0\n", "p.csv, line 1: the first line is longer than 16 MiB"),
    bad("CD22-no-line-end", "c" * (70 << 20), "p.csv, line 1: the first line is longer than 16 MiB"),
)
def test_headers_beyond_the_cap(run_xent: RunXent, case: Case) -> None:
    refused(run_xent, case, [()])
