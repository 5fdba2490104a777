"""CSV: blocks between records are parsed by Arrow in a pool, with every column's type stated and nothing inferred.

Arrow is quick but lenient, so whatever it may have read differently from how it was meant (a value that is not
finite, a zero that may be an underflow, a quote out of place) sends the block to `csv_explain` for the last word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor

import numpy as np
import pyarrow as pa

from xentcli.errors import DataError, ResourceError
from xentcli.numerics import column_matrix as wide
from xentcli.sources.base import NUMBERS, TEXTS, Column, ColumnKind, Mark, Marks, Numbers, Piece, Role, Spot, Texts
from xentcli.sources.csv import flat as csv_flat
from xentcli.sources.csv.columns import WantedColumns
from xentcli.sources.csv.explain import Layout, Problem, read_slowly
from xentcli.sources.csv.header import Header, writing_of
from xentcli.sources.csv.odd import is_odd
from xentcli.sources.csv.short import short_texts
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.gather import gathered, rows_worth
from xentcli.sources.pool import in_order
from xentcli.sources.text_blocks import BLOCK_BYTES, Block, BlockReader, Data
from xentcli.sources.text_marks import TextMarks, start_of
from xentcli.spec.dialect import Dialect
from xentcli.text import count, path, said

_WIDEST_BLOCK = 64 << 20
_WIDE_BLOCK, _SHORT_BLOCK = 8 << 20, 1 << 18
_FEW, _NARROW_BLOCK = 2, 2 << 20
_LIKELY_CELL = 10
_FEWEST_BYTES, _BYTES_A_COLUMN = 1 << 10, 1 << 13


class CsvSource:
    """A CSV file: a header line, unless there is said to be none, and records of as many fields as the first has."""

    format = "csv"

    def __init__(self, file: InputFile, dialect: Dialect) -> None:
        self.file = file
        self.path, self.side, self.seekable = file.path, file.side, file.seekable
        self.files: tuple[str, ...] = (file.path,)
        self.headerless = dialect.header is False
        self._dialect = dialect
        self.writing = writing_of(file, dialect)
        self.reader = BlockReader(file)
        self.trailing_blank = False
        self._unquoted_rows: int | None = None
        self.rows: int | None = None
        # How many blank lines there are where nothing else is.
        self._blank = 0
        header = Header(file, self.reader, self.writing, not self.headerless)
        names = header.read()
        self.doubt, self._header_lines, self._first = header.doubt, header.lines, header.fields
        self.columns = tuple(Column(name, ColumnKind.TEXT, "text") for name in names)
        # Arrow spends microseconds on each column of each block: wide files want more rows in one.
        least = max(min(_WIDE_BLOCK, _BYTES_A_COLUMN * len(names)), min(_WIDEST_BLOCK, _FEWEST_BYTES * len(names)))
        if len(names) <= _FEW:
            # So many rows that memory is in arrays of them: less text is enough.
            self.reader.block_bytes = min(self.reader.block_bytes, _NARROW_BLOCK)
        self._flat_bytes = self.reader.block_bytes
        self._block_bytes = self.reader.block_bytes = least if least > BLOCK_BYTES else self.reader.block_bytes
        # Where each column of a flat block is; None where columns are not all numbers, or few.
        self._places: dict[str, int] | None = None
        # How many records come before those that are read, and whether others are read elsewhere.
        self._before, self._is_part = 0, False
        self._roles: dict[str, Role] = {}
        self._columns = WantedColumns(names, self._roles, self.writing)

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the records in order, block by block; of many columns of numbers, in batches that are worth it."""
        if not self._is_flat(wanted):
            yield from self._pieces(wanted, pool, window)
            return
        self._places = {column.name: at for at, column in enumerate(self.columns)}
        self.reader.block_bytes = min(self.reader.block_bytes, self._flat_bytes)
        rows = rows_worth(len(self.columns))
        # Short blocks are read so far ahead that there is one batch more than usual.
        record = max(self.reader.record_bytes(), _LIKELY_CELL * len(self.columns))
        blocks = rows * record // self.reader.block_bytes
        yield from gathered(self._pieces(wanted, pool, window + blocks if window > 1 else window), rows)

    def _is_flat(self, wanted: Mapping[str, Role]) -> bool:
        """Say whether all columns are wanted as numbers, and so many that they are parsed as one."""
        if len(self.columns) < wide.FEWEST_COLUMNS or len(wanted) < len(self.columns):
            return False
        # What follows the header, as far as it is held: reading more here would take the turn of an error.
        return NUMBERS.issuperset(wanted.values()) and b'"' not in self.reader.carry

    def _pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the records in order, block by block."""
        names = [column.name for column in self.columns]
        place = {name: at for at, name in enumerate(names)}
        layout = Layout(self._first, {place[name]: role for name, role in wanted.items()}, self.writing)
        self._roles = dict(wanted)
        self._columns = WantedColumns(names, self._roles, self.writing)
        if len(names) == 1 and set(wanted.values()) <= TEXTS:
            # Lines of labels are short: as many of them as lines of numbers, not as many bytes.
            self.reader.block_bytes = min(self.reader.block_bytes, _SHORT_BLOCK)
        row = 0
        parsed = in_order(pool, lambda block: self._parse(block, layout), self._blocks(), window)
        for piece, problem, block in self._numbered(parsed):
            if self._unquoted_rows is None and b'"' in block.data:
                self._unquoted_rows = row
            if piece.rows:
                yield piece
            row += piece.rows
            if problem is not None:
                self.file.check_unchanged()
                fault = problem.fault
                column = names[fault.position] if fault.position >= 0 else None
                error = DataError(
                    fault.problem,
                    file=self.path,
                    record=self._before + row + 1,
                    line=block.first_line + problem.line,
                    column=column,
                    order=(row, self.side, fault.position),
                    hint=fault.hint,
                    options=fault.options,
                )
                error.partial = self._partial(problem, layout)
                raise error
        self.file.check_unchanged()
        self.rows = row
        if not row and not self._is_part:
            blank = f" and {count(self._blank, 'blank line')}," if self._blank else ""
            raise self.file.error(f"the file has a header{blank} but no data rows")

    def _partial(self, problem: Problem, layout: Layout) -> Piece | None:
        """Return the good cells of a bad record, before the bad one, as a piece of one row."""
        numbers: dict[str, Numbers] = {}
        labels: dict[str, Texts] = {}
        for position, role in layout.roles.items():
            if position < problem.fault.position:
                name, text = self.columns[position].name, problem.fields[position]
                if role in {Role.LABEL, Role.NULLABLE}:
                    labels[name] = Texts(np.array([0 if text else -1], dtype=np.int32), (text,) if text else ())
                elif role in {Role.NUMBER, Role.SCORE}:
                    numbers[name] = np.array([float(self.writing.number(text))])
        return Piece(1, numbers, labels) if numbers or labels else None

    def _numbered(
        self, parsed: Iterator[tuple[Piece, Problem | None, Block]]
    ) -> Iterator[tuple[Piece, Problem | None, Block]]:
        """Yield what was parsed; an error about a line gets the number of the record that it would have been."""
        row = 0
        try:
            for found in parsed:
                row += found[0].rows
                yield found
        except DataError as error:
            if error.line is not None and error.record is None:
                error.record = self._before + row + 1
                error.order = (row, self.side, -1)
            raise

    def again(self) -> CsvSource:
        """Return the same file opened once more."""
        return CsvSource(self.file.again(), self._dialect)

    def further(self, rows: int) -> list[tuple[str, Spot]]:
        """Return nothing: every record has the fields of the first."""
        return []

    def marks(self, numbers: int) -> Marks | None:
        """Return places between records."""
        if not self.file.divisible:
            return None
        other = self.again()
        return TextMarks(other.file, other.reader, csv=True, one_column=len(self.columns) == 1)

    def only(self, start: Mark | None, stop: Mark | None) -> None:
        """Read the records between two places and no others."""
        self._is_part = True
        if start is None and stop is None:
            return
        mark = start or start_of(self.reader)
        self._before = mark.record
        self._unquoted_rows = 0 if mark.quoted else None
        self.reader.only(mark.at, None if stop is None else stop.at, mark.line)

    def read_little(self) -> None:
        """Say that only the first rows will be read."""
        self.reader.read_little(len(self.columns))

    def settle(self) -> None:
        """Say that nobody asks for it again."""
        self.file.settle()

    def locate(self, row: int) -> Spot:
        """Return where a row stands; its line is not certain after a quoted field that may hold line ends."""
        certain = self._unquoted_rows is None or row < self._unquoted_rows
        record = self._before + row + 1
        return Spot(self.path, record, record + self._header_lines if certain else None)

    def width_of(self, name: str) -> int:
        """Return 1: a CSV cell is no list."""
        return 1

    def _blocks(self) -> Iterator[Block]:
        """Yield the blocks, without the blank lines that may follow the last record."""
        for block in self.reader.blocks():
            if not block.last:
                yield block
                continue
            body = block.data.rstrip(b"\r\n")
            ends = block.data[len(body) :].replace(b"\r\n", b"\n")
            blank = len(ends) - (1 if body else 0)
            if not (body or self.headerless) and block.first_line == self._header_lines + 1:
                self._blank = blank
                if blank > 1 and Role.LABEL in self._roles.values() and len(self.columns) == 1:
                    # Each is a label that is missing, but that is hardly what is wrong.
                    raise self.file.error(f"the file has a header and {count(blank, 'blank line')}, but no data rows")
            whole = block.data
            if len(self.columns) > 1 or blank == 1:
                self.trailing_blank = len(self.columns) == 1 and blank == 1
                whole = body + b"\n" if body else b""
            if whole:
                yield block._replace(data=whole)

    def _parse(self, block: Block, layout: Layout) -> tuple[Piece, Problem | None, Block]:
        """Return the good rows of a block and the first problem after them."""
        piece, reason = None, "it begins with a blank line"
        try:
            # Arrow takes 16 bytes for each blank line, though the first one is an error.
            if len(self.columns) == 1 or not block.data.startswith((b"\n", b"\r")):
                piece = self._short(block.data) or self._flat(block.data) or self._columns.read(block.data)
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            reason = said(error)
        except pa.ArrowMemoryError as error:
            raise ResourceError(f"not enough memory to read {path(self.path)}: {said(error)}") from error
        if piece is not None and not is_odd(piece, block.data, self._roles, self.writing.delimiter):
            return piece, None, block
        reading = read_slowly(block.data, layout)
        if reading.problem is None and piece is None:
            raise self.file.error(f"lines from {block.first_line}: {reason}")
        if reading.problem is not None:
            good = reading.problem.good
            piece = self._columns.read(good) if good else Piece(0, {})
        assert piece is not None
        snapped = np.array(reading.underflows, dtype=np.int64)
        return Piece(piece.rows, piece.numbers, piece.labels, piece.order, snapped), reading.problem, block

    def _short(self, data: Data) -> Piece | None:
        """Return a block of a file that is one column of short labels, None for any other."""
        name = self.columns[0].name
        if len(self.columns) > 1 or self._roles.get(name) not in TEXTS:
            return None
        texts = short_texts(data, self.writing.delimiter)
        return None if texts is None else Piece(len(texts.codes), {}, {name: texts})

    def _flat(self, data: Data) -> Piece | None:
        """Return a block of a file that is many columns of numbers, None for any other and where one looks odd."""
        places = self._places
        if places is None:
            return None
        numbers = csv_flat.flat_numbers(data, len(self.columns), self.writing)
        if numbers is None:
            # What is odd in one block is likely to be in the next ones: those are read column by column, too.
            self.reader.block_bytes = self._block_bytes
            self._places = None
            return None
        return Piece(len(numbers), wide.WideNumbers(numbers, places))

    def check_unchanged(self) -> None:
        """Raise DataError if the open file is not what it was."""
        self.file.check_unchanged()

    def position(self) -> tuple[int, int]:
        """Return the bytes of the file read so far and its size."""
        return self.file.position()

    def close(self) -> None:
        """Close the file."""
        self.file.close()
