"""Parquet: wanted columns only, checked checksums, a footer whose row count is held to, bounded buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xentcli.errors import DataError, ResourceError
from xentcli.sources.arrow import first_null, number_column, text_column
from xentcli.sources.base import Column, ColumnKind, Numbers, OrderValues, Piece, Role, Spot, Texts
from xentcli.sources.files import InputFile
from xentcli.sources.pool import in_order
from xentcli.sources.typed import first_odd, labels_of, order_of
from xentcli.text import quote

MOST_COLUMNS = 250_000
_CELLS = 1 << 19
_BUFFERS = 16 << 20
_FAILURES = (pa.ArrowException, OSError, UnicodeDecodeError, ValueError, NotImplementedError)


class ParquetSource:
    """A Parquet file with flat columns."""

    format = "parquet"
    headerless = False
    trailing_blank = False
    doubt = ""

    def __init__(self, file: InputFile) -> None:
        self.file = file
        self.path, self.side, self.seekable = file.path, file.side, file.seekable
        self.files: tuple[str, ...] = (file.path,)
        if not file.seekable:
            raise file.error("Parquet cannot be read from a pipe: its index is at the end", "Give a regular file.")
        opened = self._open([], 1)
        self.rows: int | None = opened.metadata.num_rows
        schema = opened.schema_arrow
        if len(schema.names) > MOST_COLUMNS:
            raise file.error(f"it has more than {MOST_COLUMNS:,} columns")
        self._refuse_repeats(schema.names)
        self._schema = schema
        self._place = {name: at for at, name in enumerate(schema.names)}
        self.columns = tuple(Column(field.name, kind_of(field.type), str(field.type)) for field in schema)

    def _refuse_repeats(self, names: list[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise self.file.error(f"two columns are called {quote(name)}", "Rename one of them.")
            seen.add(name)

    def _open(self, dictionaries: list[str], columns: int) -> pq.ParquetFile:
        self.file.handle.seek(0)
        try:
            return pq.ParquetFile(
                self.file.handle,
                read_dictionary=dictionaries,
                pre_buffer=False,
                buffer_size=max(1 << 12, min(1 << 20, _BUFFERS // columns)),
                page_checksum_verification=True,
            )
        except MemoryError as error:
            raise ResourceError(f"not enough memory to read {self.path}") from error
        except _FAILURES as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> DataError:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        return self.file.error(f"the Parquet file cannot be read: {first}", "It is damaged, or not complete.")

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the rows in order; pages are decoded one batch at a time, beside whatever else the pool does."""
        names = list(wanted)
        texts = [name for name in names if wanted[name] is Role.LABEL and _is_text(self._schema.field(name).type)]
        opened = self._open(texts, len(names))
        batches = opened.iter_batches(
            batch_size=max(256, min(1 << 17, _CELLS // max(1, len(names)))), columns=names, use_threads=False
        )
        # One decoder is under way at a time: the batches of a file come from one reader.
        row = 0
        decoded = in_order(pool, lambda _: self._next(batches), repeat(None), 1)
        for batch in iter(decoded.__next__, None):
            for piece in self._convert(batch, wanted, row):
                row += piece.rows
                yield piece
        self.file.check_unchanged()
        if row != self.rows:
            raise self.file.error(f"its footer promises {self.rows:,} rows, but {row:,} could be read")
        if not row:
            raise self.file.error("the file has no rows")

    def _next(self, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
        try:
            batch = next(batches, None)
            if batch is not None:
                for column in batch.columns:
                    if _is_text(column.type):
                        column.validate(full=True)
        except MemoryError as error:
            raise ResourceError(f"not enough memory to read {self.path}") from error
        except _FAILURES as error:
            raise self._unreadable(error) from error
        return batch

    def _convert(self, batch: pa.RecordBatch, wanted: Mapping[str, Role], row: int) -> Iterator[Piece]:
        """Yield the rows of a batch; up to the first value that is missing or no label, and then its error."""
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        bad = self._first_bad(columns, wanted, row)
        stop = batch.num_rows if bad is None else bad.order[0] - row
        if stop:
            yield self._piece({name: column.slice(0, stop) for name, column in columns.items()}, wanted, stop)
        if bad is not None:
            left = {name: columns[name].slice(stop, 1) for name in wanted if self._place[name] < bad.order[2]}
            bad.partial = self._piece(left, {name: wanted[name] for name in left}, 1)
            raise bad

    def _piece(self, columns: Mapping[str, pa.Array], wanted: Mapping[str, Role], rows: int) -> Piece:
        numbers: dict[str, Numbers] = {}
        labels: dict[str, Texts] = {}
        order: dict[str, OrderValues] = {}
        for name, role in wanted.items():
            array = columns[name]
            if role is Role.LABEL:
                labels[name] = text_column(array) if pa.types.is_dictionary(array.type) else labels_of(array)
            elif role is Role.ORDER:
                order[name] = order_of(array)
            else:
                numbers[name] = number_column(array)
        return Piece(rows, numbers, labels, order)

    def _first_bad(self, columns: Mapping[str, pa.Array], wanted: Mapping[str, Role], row: int) -> DataError | None:
        """Return the error of the lowest row and column: a null, or a label that is empty or no name."""
        found: list[DataError] = []
        for name, role in wanted.items():
            array = columns[name]
            if role is Role.LABEL:
                found += self._bad_labels(array, name, row)
            elif array.null_count:
                at = first_null(array)
                assert at is not None
                hint = "Every row needs a number here; leave out rows without one."
                found.append(self._error("the value is missing: it is null", name, row + at, hint))
        return min(found, key=lambda error: error.order) if found else None

    def _bad_labels(self, array: pa.Array, name: str, row: int) -> list[DataError]:
        hint = "Give every row a label, or leave the row out."
        null = first_null(array)
        good = array if null is None else array.slice(0, null)
        found = [] if null is None else [self._error("the label is missing (null or empty)", name, row + null, hint)]
        if pa.types.is_dictionary(good.type):
            empty = _first_code_of("", good)
            if empty is not None:
                found.append(self._error("the label is missing (null or empty)", name, row + empty, hint))
        else:
            odd = first_odd(good)
            if odd is not None and odd[1] == "nan":
                found.append(self._error("the label is missing: it is NaN", name, row + odd[0], hint))
            elif odd is not None and pa.types.is_date(good.type):
                problem = f"the label is {odd[1]}; dates as labels are of the years 1 to 9999"
                found.append(self._error(problem, name, row + odd[0], "Is this the label column? See --label."))
            elif odd is not None:
                problem = f"the label is {odd[1]}, not a whole number up to 2^53; labels are names or whole numbers"
                hint = "A distribution needs one column for each class."
                found.append(self._error(problem, name, row + odd[0], hint))
        return found

    def _error(self, problem: str, name: str, row: int, hint: str) -> DataError:
        order = (row, self.side, self._place[name])
        return DataError(problem, file=self.path, record=row + 1, column=name, order=order, hint=hint)

    def locate(self, row: int) -> Spot:
        """Return where a row stands; the format has no lines."""
        return Spot(self.path, row + 1, None)

    def width_of(self, name: str) -> int:
        """Return how many numbers the lists of a column have, by its type or its first row; 1 for no lists."""
        kind = self._schema.field(name).type
        if pa.types.is_fixed_size_list(kind):
            return int(kind.list_size)
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
            return 1
        first = self._next(self._open([], 1).iter_batches(batch_size=1, columns=[name], use_threads=False))
        return len(first.column(0)[0]) if first is not None and first.column(0)[0].is_valid else 0

    def position(self) -> tuple[int, int]:
        """Return the bytes read so far and the size of the file."""
        return (self.file.handle.tell(), self.file.size) if not self.file.handle.closed else (0, self.file.size)

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def kind_of(kind: pa.DataType) -> ColumnKind:
    """Return what a column of an Arrow type can hold."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if _is_text(value):
        return ColumnKind.TEXT
    tests = (
        (pa.types.is_integer, ColumnKind.INTEGER),
        (pa.types.is_floating, ColumnKind.FLOAT),
        (pa.types.is_decimal, ColumnKind.DECIMAL),
        (pa.types.is_boolean, ColumnKind.BOOLEAN),
        (pa.types.is_date, ColumnKind.DATE),
    )
    return next((found for test, found in tests if test(kind)), ColumnKind.OTHER)


def _is_text(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value) or pa.types.is_string_view(value))


def _first_code_of(text: str, array: pa.DictionaryArray) -> int | None:
    values = array.dictionary.to_pylist() if len(array.dictionary) else []
    if text not in values:
        return None
    at = np.flatnonzero(text_column(array).codes == values.index(text))
    return int(at[0]) if len(at) else None
