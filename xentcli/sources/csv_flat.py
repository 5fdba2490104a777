"""CSV of many columns, all of them numbers: its cells are parsed as one column, a cell a line.

Arrow spends microseconds on each column of each block, whatever it holds; a thousand columns cost more than their
numbers where blocks are small, and large blocks leave the cache. Here whatever looks odd is left to `csv.py`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from xentcli.sources.arrow import plain_numbers
from xentcli.sources.blocks import Data
from xentcli.sources.cells import Writing

FEWEST_COLUMNS = 64
_NEWLINE = 0x0A
_AT_ONCE = 1 << 16
_FLOAT64 = np.dtype(np.float64)
_Bytes = NDArray[np.uint8]


def flat_numbers(data: Data, columns: int, writing: Writing) -> NDArray[np.generic] | None:
    r"""Return the cells of whole records, shape (n, columns); None where a record has more cells or fewer, where
    there are quotes, or where a cell is no number.

    >>> flat_numbers(b"1,2\n3,4\n", 2, Writing()).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if b'"' in data:
        return None
    raw = np.frombuffer(data, dtype=np.uint8)
    lines = np.empty(len(raw), dtype=np.uint8)
    marks = np.empty(len(raw), dtype=np.bool_)
    _break_lines(raw, ord(writing.delimiter), lines, marks)
    rows = _records(data, marks, columns)
    if not rows:
        return None
    try:
        numbers = _parsed(lines, writing)
    except pa.ArrowInvalid:
        return None
    # More where a carriage return ends a line by itself: that is for those who word errors.
    return numbers.reshape(rows, columns) if len(numbers) == rows * columns else None


def _break_lines(raw: _Bytes, delimiter: int, lines: _Bytes, marks: NDArray[np.bool_]) -> None:
    """Set `marks` where delimiters are, and `lines` to the same bytes with line ends in their place."""
    # Modulo 256, as all arithmetic with bytes.
    step = np.uint8((delimiter - _NEWLINE) & 0xFF)
    for at in range(0, len(raw), _AT_ONCE):
        here = slice(at, at + _AT_ONCE)
        np.equal(raw[here], delimiter, out=marks[here])
        np.multiply(marks[here].view(np.uint8), step, out=lines[here])
        np.subtract(raw[here], lines[here], out=lines[here])


def _records(data: Data, marks: NDArray[np.bool_], columns: int) -> int:
    """Return how many records there are, 0 where one has another number of cells."""
    rows = start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if np.count_nonzero(marks[start:end]) != columns - 1:
            return 0
        rows, start = rows + 1, end + 1
    return rows


def _parsed(lines: _Bytes, writing: Writing) -> NDArray[np.generic]:
    """Return the numbers of lines of one cell each."""
    table = pacsv.read_csv(
        pa.BufferReader(lines),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=["0"], block_size=len(lines) + 1),
        parse_options=pacsv.ParseOptions(delimiter=writing.delimiter, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types={"0": pa.float64()}, null_values=[], strings_can_be_null=False, decimal_point=writing.decimal
        ),
    )
    column = table.column(0)
    return plain_numbers(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks(), _FLOAT64)
