"""docs/limits.md has the figures that the code has, each of them, and no others."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from xentcli import text
from xentcli.alignment import slice_index as slicing
from xentcli.columns import name_index, wraps
from xentcli.sources import limits
from xentcli.sources import text_blocks as blocks
from xentcli.sources.csv import header as csv_header
from xentcli.sources.parquet import guard as parquet_guard
from xentcli.sources.parquet import lists as parquet_lists
from xentcli.sources.parquet import pages as parquet_pages
from xentcli.sources.parquet import source as parquet
from xentcli.sources.parts import listing
from xentcli.spec import option_files as small
from xentcli.spec import options as spec

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
SAID = {
    "columns of a file, fields of a JSON record": limits.MOST_COLUMNS,
    "numbers in a list": limits.MOST_COLUMNS,
    "classes": limits.MOST_COLUMNS,
    "values of a JSON record, in all its lists and objects": limits.MOST_VALUES,
    "bytes of a CSV header": csv_header.LONGEST_HEADER,
    "bytes of a record of CSV or JSON Lines": blocks.LONGEST_RECORD,
    "bytes of blank lines in JSON Lines": blocks.LONGEST_RECORD,
    "bytes of a label, of a key and of a value of a slice": limits.LONGEST_TEXT,
    "bytes of text of one batch of Parquet that is compared row by row": parquet_guard.MOST_TEXT,
    "numbers of a row group of lists, from less than a 10,000th of their bytes": parquet_lists._MOST_UNPACKED,
    "bytes of a page of Parquet, unpacked from less than a 500th of them": parquet_pages.MOST_PAGE,
    "characters of the names of columns that hold labels, once for each place of one": wraps.MOST_AROUND,
    "prefixes and suffixes of names that are looked up to see which wraps they have": name_index.MOST_LOOKED_UP,
    "slices": spec.DEFAULT_MOST_SLICES,
    "slices times classes": slicing.MOST_CELLS,
    "parts of a directory or pattern": listing.MOST_PARTS,
    "files below a directory": listing.MOST_ENTRIES,
    "jobs": spec.MOST_JOBS,
    "rows of a chunk": spec.MOST_CHUNK_ROWS,
    "bytes of a file of options: `--baseline`, `--config`, `@FILE`": small.MOST_BYTES,
}


def rows() -> dict[str, list[str]]:
    first = PAGE.read_text().partition("\n## ")[0]
    lines = [line for line in first.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    return {found[0]: found[1:] for found in cells}


def number(figure: str) -> int:
    """Return a figure of the page: `16 MiB`, `250,000`."""
    found = re.fullmatch(r"([\d,]+)( MiB)?", figure)
    assert found, figure
    return int(found[1].replace(",", "")) << (20 if found[2] else 0)


@pytest.mark.parametrize("what", SAID)
def test_a_limit_is_what_the_page_says(what: str) -> None:
    assert number(rows()[what][0]) == SAID[what]


def test_the_page_has_no_other_limits_and_a_reason_or_an_option_for_each() -> None:
    assert set(rows()) == set(SAID)
    assert all(option or reason for _, option, reason in rows().values())


def test_the_figures_in_its_sentences() -> None:
    page = PAGE.read_text()
    assert f"`--max-slices`, up to {spec.MOST_SLICES:,}" in page
    assert f"after {text.LONGEST} characters cut" in page
    assert f"after {inspect.signature(text.quote).parameters['longest'].default}, types" in page
    assert f"types of columns after {parquet._LONGEST_TYPE}." in page
    assert f"less than a {parquet_lists._RATIO:,}th" in page
    assert f"less than a {parquet_pages.SUSPECT_RATIO}th" in page
    assert f"at most {parquet_pages.MOST_WHOLE >> 20} MiB in the columns" in page
