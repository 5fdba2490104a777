"""Tables as tests read them, and small inputs that have something of everything in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from xentcli import evaluate
from xentcli.render.screen import Screen
from xentcli.render.table.result import render
from xentcli.render.wording.listing_options import ListingOptions
from xentcli.results.evaluation import EvalResult


def shown(
    of: EvalResult, width: int | None = None, *, color: bool = False, unicode: bool = True, **options: Any
) -> str:
    """Return the table of a result on a screen; the other arguments are those of `ListingOptions`."""
    return render(of, Screen(width, color, unicode), ListingOptions(**options))


def words(text: str) -> str:
    return " ".join(text.split())


def table_after(text: str, start: str) -> list[list[str]]:
    """Return the cells of the table under the line that begins so: the headings, then the rows."""
    lines = text.splitlines()
    begin = next(at for at, line in enumerate(lines) if line.startswith(start)) + 1
    rule = next(at for at in range(begin, len(lines)) if lines[at] and set(lines[at]) <= set("─-"))
    below = lines[rule + 1 :]
    return [re.split(r" {2,}", line) for line in [lines[rule - 1], *below[: below.index("")]]]


def evaluated(folder: Path, columns: Mapping[str, Any], **options: Any) -> EvalResult:
    """Return the evaluation of one Parquet file with these columns."""
    path = folder / "rows.parquet"
    pyarrow.parquet.write_table(pa.table(dict(columns)), path)
    return evaluate(path, **options)
