"""What an inspection found, as CSV: a line for each column of each input."""

from __future__ import annotations

from collections.abc import Iterator

from xentcli.render.csv.cells import Cell, line
from xentcli.results.inspection import InspectResult

_HEADINGS = (
    *("input", "path", "format", "rows", "rows_estimate", "sample_rows", "bytes"),
    *("column", "type", "role", "also", "class", "why", "holds", "low", "high", "labels_matched"),
)


def render(result: InspectResult) -> str:
    """Return the columns in the order of the files, each with what is known of its file, under a line of headings."""
    return line(_HEADINGS) + "".join(line(cells) for cells in _records(result))


def _records(result: InspectResult) -> Iterator[list[Cell]]:
    for file in result.files:
        of_file: list[Cell] = [
            file.input,
            file.path,
            file.format,
            file.rows,
            file.rows_estimate,
            file.sample_rows,
            file.bytes,
        ]
        for column in file.columns:
            # Roles are words of ours; several are joined as the table has them.
            also = ", ".join(column.also) or None
            look: list[Cell] = [column.holds, column.low, column.high, column.labels_matched]
            yield [*of_file, column.name, column.type, column.role, also, column.class_, column.why, *look]
