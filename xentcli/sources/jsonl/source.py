"""JSON Lines: blocks of whole lines are parsed by Arrow in a pool, the odd ones again by the standard library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor

import pyarrow as pa

from xentcli.errors import DataError, ResourceError
from xentcli.sources.arrow.values import refuse_misfits
from xentcli.sources.base import Doubt, Mark, Marks, Piece, Role, Spot, position_of
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.jsonl.explain import Problem, read_slowly
from xentcli.sources.jsonl.further import further_fractions
from xentcli.sources.jsonl.lines import LineReader
from xentcli.sources.jsonl.quick import read_quickly
from xentcli.sources.jsonl.record import Unreadable, fields_of
from xentcli.sources.limits import MOST_COLUMNS, columns_too_many
from xentcli.sources.pool import in_order
from xentcli.sources.text_blocks import Data
from xentcli.sources.text_marks import TextMarks, start_of
from xentcli.text import path, quote


class JsonlSource:
    """A file of one JSON object a line; the fields of the first are its columns."""

    format = "jsonl"
    headerless = False
    trailing_blank = False
    doubt: Doubt | None = None

    def __init__(self, file: InputFile) -> None:
        self.file = file
        self.path, self.side, self.seekable = file.path, file.side, file.seekable
        self.files: tuple[str, ...] = (file.path,)
        self.rows: int | None = None
        # How many records come before those that are read.
        self._before = 0
        self.reader = LineReader(file)
        lines = self.reader.first_lines()
        if not any(line.strip() for line in lines) and self.reader.ended:
            raise file.error("the file has no records")
        try:
            self._fields = fields_of(lines)
        except Unreadable as error:
            raise self._error(Problem(error.problem, error.hint, None, None), 0) from None
        if not 0 < len(self._fields) <= MOST_COLUMNS:
            few = (
                ("the first record has no fields", "") if not self._fields else columns_too_many(MOST_COLUMNS, "fields")
            )
            raise self._error(Problem(*few, None, None), 0)
        half = next((name for name in self._fields if any("\ud800" <= char <= "\udfff" for char in name)), None)
        if half is not None:
            problem = f"the field {quote(half)} has no name: half of a surrogate pair is no character"
            raise self._error(Problem(problem, "", None, None), 0)
        self.columns = tuple(field.column for field in self._fields.values())

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the records in order, block by block."""
        refuse_misfits(self, wanted)
        row = 0
        blocks = (block.data for block in self.reader.blocks())
        parsed = in_order(pool, lambda data: self._parse(data, wanted), blocks, window)
        try:
            for piece, problem in parsed:
                if piece.rows:
                    yield piece
                row += piece.rows
                if problem is not None:
                    raise self._error(problem, row)
        except DataError as error:
            if error.record is None and error.line is not None:
                # Of the reader, which counts no records: the one that would have come next.
                error.record = error.line = self._before + row + 1
                error.order = (row, self.side, -1)
            raise
        self.file.check_unchanged()
        self.rows = row

    def _parse(self, data: Data, wanted: Mapping[str, Role]) -> tuple[Piece, Problem | None]:
        """Return the good rows of a block and the first problem after them."""
        try:
            piece = read_quickly(data, wanted, self._fields)
            return (piece, None) if piece is not None else read_slowly(data, wanted, self._fields)
        except (MemoryError, pa.ArrowMemoryError) as error:
            raise ResourceError(f"not enough memory to read {path(self.path)}") from error

    def _error(self, problem: Problem, row: int) -> DataError:
        place = -1 if problem.column is None else position_of(self.columns, problem.column)
        error = DataError(
            problem.problem,
            file=self.path,
            record=self._before + row + 1,
            line=self._before + row + 1,
            column=problem.column,
            order=(row, self.side, place),
            hint=problem.hint,
            options=problem.options,
        )
        error.partial = problem.partial
        return error

    def again(self) -> JsonlSource:
        """Return the same file opened once more."""
        return JsonlSource(self.file.again())

    def marks(self, numbers: int) -> Marks | None:
        """Return places between lines."""
        if not self.file.divisible:
            return None
        other = self.again()
        return TextMarks(other.file, other.reader, csv=False, one_column=False)

    def only(self, start: Mark | None, stop: Mark | None) -> None:
        """Read the records between two places and no others."""
        if start is None and stop is None:
            return
        mark = start or start_of(self.reader)
        self._before = mark.record
        self.reader.only(mark.at, None if stop is None else stop.at, mark.line)

    def read_little(self) -> None:
        """Say that only the first rows will be read."""
        self.reader.read_little(len(self.columns))

    def further(self, rows: int) -> list[tuple[str, Spot]]:
        """Return the fields that the first record lacks and that hold fractions in later ones, of the first rows; to be
        asked of what was opened anew.
        """
        found = further_fractions(self.reader.first_lines(), self._fields, rows)
        return [(name, Spot(self.path, line, line)) for name, line in found.items()]

    def settle(self) -> None:
        """Say that nobody asks for it again."""
        self.file.settle()

    def locate(self, row: int) -> Spot:
        """Return where a row stands: each has its line."""
        record = self._before + row + 1
        return Spot(self.path, record, record)

    def width_of(self, name: str) -> int:
        """Return how many numbers the list of a field has in the first record; 1 for no list, 0 for a missing one."""
        return self._fields[name].width

    def check_unchanged(self) -> None:
        """Raise DataError if the open file is not what it was."""
        self.file.check_unchanged()

    def position(self) -> tuple[int, int]:
        """Return the bytes read so far and the size of the file."""
        return self.file.position()

    def close(self) -> None:
        """Close the file."""
        self.file.close()
