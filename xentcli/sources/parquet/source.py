"""Parquet: wanted columns only, checked checksums, a footer whose row count is held to, bounded buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xentcli.errors import DataError
from xentcli.numerics.column_matrix import WideNumbers
from xentcli.sources.arrow.buffers import dtype_of, is_bytes, is_text, plain_numbers
from xentcli.sources.arrow.lists import is_list
from xentcli.sources.arrow.values import flaw_of, kind_of, piece_of, ready, refuse_misfits
from xentcli.sources.base import NUMBERS, TEXTS, Column, Doubt, Mark, Marks, Numbers, Piece, Role, Spot
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.limits import MOST_COLUMNS, columns_too_many
from xentcli.sources.parquet.batches import joined
from xentcli.sources.parquet.failures import reading
from xentcli.sources.parquet.guard import (
    MOST_TEXT,
    expanded_size,
    long_dictionaries,
    not_as_dictionaries,
    refuse_bombs,
    rows_that_fit,
)
from xentcli.sources.parquet.lists import list_width
from xentcli.sources.parquet.marks import ParquetMarks, within
from xentcli.sources.parquet.pages import Plan, Watched, plan_of
from xentcli.sources.parquet.probe import refuse_unsayable
from xentcli.sources.parquet.shape import Bad, Shape, batch_rows
from xentcli.sources.parquet.wide import as_matrix, fits, read_group
from xentcli.sources.pool import in_order
from xentcli.text import quote, show

_BUFFERS = 16 << 20
_LONGEST_TYPE = 100
_Decoded = tuple[Piece, Bad | None] | None


class ParquetSource:
    """A Parquet file: flat columns, and lists of numbers."""

    format = "parquet"
    headerless = False
    trailing_blank = False
    doubt: Doubt | None = None

    def __init__(self, file: InputFile, metadata: pq.FileMetaData | None = None) -> None:
        self.file = file
        self.path, self.side, self.seekable = file.path, file.side, file.seekable
        self.files: tuple[str, ...] = (file.path,)
        if not file.seekable:
            raise file.error("Parquet cannot be read from a pipe: its index is at the end", "Give a regular file.")
        # Of many columns it is large, and is parsed once.
        self._metadata = metadata
        opened = self._open([], [])
        self._metadata = opened.metadata
        self.rows: int | None = opened.metadata.num_rows
        schema = opened.schema_arrow
        if len(schema.names) > MOST_COLUMNS:
            raise file.error(*columns_too_many(MOST_COLUMNS))
        self._refuse_repeats(schema.names)
        self._schema = schema
        self._widths: dict[str, int] = {}
        # Of what was asked of the footer: how columns are read, and which of texts Arrow has no dictionaries of.
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._spelled: dict[tuple[str, ...], list[str]] = {}
        self._place = {name: at for at, name in enumerate(schema.names)}
        # Which rows are read: to the end where there is no stop.
        self._first = 0
        self._stop: int | None = None
        # Of very many columns most have the same type.
        described = cache(lambda kind: (kind_of(kind), show(str(kind), _LONGEST_TYPE)))
        self.columns = tuple(Column(field.name, *described(field.type)) for field in schema)

    def _refuse_repeats(self, names: list[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise self.file.error(f"two columns are called {quote(name)}", "Rename one of them.")
            seen.add(name)

    def _open(self, dictionaries: list[str], columns: Sequence[str]) -> pq.ParquetFile:
        """Return the file opened to read these columns, texts of them as dictionaries."""
        plan = self._plan(columns)
        self.file.handle.seek(0)
        with reading(self.file):
            return pq.ParquetFile(
                Watched(self.file, plan.chunks) if plan.chunks else self.file.handle,
                metadata=self._metadata,
                read_dictionary=dictionaries,
                pre_buffer=False,
                buffer_size=plan.buffer,
                page_checksum_verification=True,
            )

    def _plan(self, columns: Sequence[str]) -> Plan:
        """Return how these columns are read. Raises DataError where the footer cannot be asked about them."""
        if not columns:
            return Plan(0, {})
        key = tuple(columns)
        if key not in self._plans:
            buffer = max(1 << 12, min(1 << 20, _BUFFERS // len(columns)))
            with reading(self.file):
                refuse_unsayable(self.file, self._metadata, columns)
                self._plans[key] = plan_of(self.file, self._metadata, columns, buffer)
        return self._plans[key]

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the rows in order; pages are decoded one batch at a time, beside whatever else the pool does."""
        refuse_misfits(self, wanted)
        names = list(wanted)
        widths = {name: self.width_of(name) for name in names}
        dictionaries, rows = self._texts(wanted, batch_rows(widths))
        opened = self._open(dictionaries, names)
        assert self.rows is not None
        last = self.rows if self._stop is None else self._stop
        groups, before, there = within(opened.metadata, self._first, last, self.rows)
        # One decoder is under way at a time: the batches of a file come from one reader.
        shape = Shape(wanted, widths, self._plain(wanted), {name: at for at, name in enumerate(names)})
        if shape.uniform and fits(opened.metadata, list(shape.plain.values())):
            decoded: Iterator[_Decoded] = in_order(
                pool, lambda group: self._group(opened, group, shape), groups, min(1, window)
            )
        else:
            batches = joined(opened.iter_batches(rows, list(groups), names, use_threads=False), rows)
            decoded = in_order(pool, lambda _: self._next(batches, shape), repeat(None), min(1, window))
        row = before
        for piece, bad in iter(decoded.__next__, None):
            start, stop = max(0, self._first - row), min(piece.rows, last - row)
            if start < stop:
                yield piece.slice(start, stop)
            row += piece.rows
            if bad is not None:
                raise self._error(bad, row)
            if row >= last < before + there:
                # The rest of the row group is for somebody else.
                break
        else:
            if row != before + there:
                problem = f"its footer promises {there:,} rows, but {row - before:,} could be read"
                raise self.file.error(problem)
        self.file.check_unchanged()
        if not self.rows:
            raise self.file.error("the file has no rows")

    def _texts(self, wanted: Mapping[str, Role], rows: int) -> tuple[list[str], int]:
        """Return the columns to read as dictionaries, texts of which many are the same, or that might be huge; and how
        many rows to read at once, where others might be huge.
        """
        texts = [name for name in wanted if is_text(self._schema.field(name).type)]
        # Of columns that were tried, the footer can be asked.
        self._plan(list(wanted))
        with reading(self.file):
            others = self._spelled.get(tuple(texts))
            if others is None:
                refuse_bombs(self.file, self._metadata, texts)
                others = self._spelled[tuple(texts)] = not_as_dictionaries(self._metadata, texts)
            spelled_out = [name for name in texts if wanted[name] not in TEXTS and name not in others]
            long = long_dictionaries(self._metadata, spelled_out, rows, self._open)
            rows = rows_that_fit(self._metadata, others, rows, self._open)
        return [name for name in texts if wanted[name] in TEXTS and name not in others] + long, rows

    def _plain(self, wanted: Mapping[str, Role]) -> dict[str, np.dtype[Any]]:
        """Return the wanted columns that hold numbers as NumPy has them, with their type there."""
        found = {name: dtype_of(self._schema.field(name).type) for name in wanted if wanted[name] in NUMBERS}
        return {name: dtype for name, dtype in found.items() if dtype is not None}

    def _next(self, batches: Iterator[pa.RecordBatch], shape: Shape) -> _Decoded:
        """Return the rows of the next batch up to the first flaw, and that; None after the last batch."""
        with reading(self.file):
            batch = next(batches, None)
            if batch is None:
                return None
            if shape.uniform and (wide := as_matrix(batch, shape.places)) is not None:
                return Piece(batch.num_rows, wide), None
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            quick = self._quickly(columns, shape, batch.num_rows)
            return self._carefully(columns, shape, batch.num_rows) if quick is None else (quick, None)

    def _group(self, opened: pq.ParquetFile, group: int, shape: Shape) -> _Decoded:
        """Return the rows of a row group up to the first flaw, and that."""
        names = list(shape.wanted)
        with reading(self.file):
            matrix = read_group(opened, group, names, shape.plain[names[0]])
            if matrix is not None:
                return Piece(len(matrix), WideNumbers(matrix, shape.places)), None
            table = opened.read_row_group(group, columns=names, use_threads=False).combine_chunks()
            columns = {name: table.column(name).chunk(0) for name in names}
            return self._carefully(columns, shape, table.num_rows)

    def _quickly(self, columns: Mapping[str, pa.Array], shape: Shape, rows: int) -> Piece | None:
        """Return a batch without flaws, None if there is one; plain numbers are looked at for nulls alone."""
        numbers: dict[str, Numbers] = {}
        for name, dtype in shape.plain.items():
            if columns[name].null_count:
                return None
            numbers[name] = plain_numbers(columns[name], dtype)
        arrays: dict[str, pa.Array] = {}
        for name, role in shape.wanted.items():
            if name not in numbers:
                arrays[name] = ready(columns[name], role)
                if flaw_of(arrays[name], role, shape.widths[name], is_bytes(columns[name].type)) is not None:
                    return None
        self._refuse_long(arrays, shape.wanted)
        others = piece_of(arrays, shape.wanted, shape.widths, rows)
        return Piece(rows, {**numbers, **others.numbers}, others.labels, others.order)

    def _carefully(self, columns: Mapping[str, pa.Array], shape: Shape, rows: int) -> tuple[Piece, Bad | None]:
        """Return the rows of a batch up to its first flaw, and that."""
        wanted, widths = shape.wanted, shape.widths
        arrays: dict[str, pa.Array] = {}
        bad: Bad | None = None
        for name in sorted(wanted, key=self._place.__getitem__):
            column, role = columns[name], wanted[name]
            arrays[name] = ready(column, role)
            flaw = flaw_of(arrays[name], role, widths[name], is_bytes(column.type))
            if flaw is not None and (bad is None or flaw.row < bad.flaw.row):
                bad = Bad(name, flaw)
        stop = rows if bad is None else bad.flaw.row
        good = {name: array.slice(0, stop) for name, array in arrays.items()}
        self._refuse_long(good, wanted)
        piece = piece_of(good, wanted, widths, stop) if stop else Piece(0, {})
        if bad is None:
            return piece, None
        left = {name: array.slice(stop, 1) for name, array in arrays.items()}
        left = {name: array for name, array in left.items() if self._place[name] < self._place[bad.column]}
        return piece, bad._replace(partial=piece_of(left, wanted, widths, 1))

    def _refuse_long(self, arrays: Mapping[str, pa.Array], wanted: Mapping[str, Role]) -> None:
        """Raise DataError where a dictionary would have to be spelled out to more than memory is for."""
        for name, array in arrays.items():
            spelled_out = wanted[name] not in TEXTS | NUMBERS and pa.types.is_dictionary(array.type)
            if spelled_out and (size := expanded_size(array)) > MOST_TEXT:
                problem = (
                    f"{len(array):,} of its values have {size:,} bytes: too much, {MOST_TEXT:,} are the most at once"
                )
                order = (0, self.side, self._place[name])
                raise DataError(problem, file=self.path, column=name, order=order, hint="Is this a column of keys?")

    def _error(self, bad: Bad, row: int) -> DataError:
        order = (row - self._first, self.side, self._place[bad.column])
        error = DataError(
            bad.flaw.problem,
            file=self.path,
            record=row + 1,
            column=bad.column,
            order=order,
            hint=bad.flaw.hint,
            options=bad.flaw.options,
        )
        error.partial = bad.partial
        return error

    def again(self) -> ParquetSource:
        """Return the same file opened once more."""
        other = ParquetSource(self.file.again(), self._metadata)
        other._plans, other._spelled = self._plans, self._spelled
        return other

    def marks(self, numbers: int) -> Marks:
        """Return places between any two rows."""
        return ParquetMarks(self._metadata, numbers)

    def only(self, start: Mark | None, stop: Mark | None) -> None:
        """Read the rows between two places and no others."""
        self._first = 0 if start is None else start.record
        self._stop = None if stop is None else stop.record

    def further(self, rows: int) -> list[tuple[str, Spot]]:
        """Return nothing: every record has the fields of the first."""
        return []

    def read_little(self) -> None:
        """Do nothing: what is read at once has its own size."""

    def settle(self) -> None:
        """Say that nobody asks for it again."""
        self.file.settle()

    def locate(self, row: int) -> Spot:
        """Return where a row stands; the format has no lines."""
        return Spot(self.path, self._first + row + 1, None)

    def width_of(self, name: str) -> int:
        """Return how many numbers the lists of a column have, by its type or its first row; 1 for no lists."""
        if not is_list(self._schema.field(name).type):
            return 1
        if name not in self._widths:
            self._plan([name])
            with reading(self.file):
                self._widths[name] = list_width(self.file, self._metadata, self._schema.field(name), self._open)
        return self._widths[name]

    def check_unchanged(self) -> None:
        """Raise DataError if the open file is not what it was."""
        self.file.check_unchanged()

    def position(self) -> tuple[int, int]:
        """Return the bytes read so far and the size of the file."""
        try:
            return self.file.handle.tell(), self.file.size
        except (OSError, ValueError):
            # Of several parts, the thread that reads them may close this one at any time.
            return 0, self.file.size

    def close(self) -> None:
        """Close the file."""
        self.file.close()
