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
from xentcli.sources.base import Column, ColumnKind, Numbers, OrderValues, Piece, Role, Texts, position_of
from xentcli.sources.files import InputFile
from xentcli.sources.pool import in_order
from xentcli.sources.typed import labels_of, order_of
from xentcli.text import quote

MOST_COLUMNS = 250_000
_CELLS = 1 << 19
_BUFFERS = 16 << 20
_FAILURES = (pa.ArrowException, OSError, UnicodeDecodeError, ValueError, NotImplementedError)


class ParquetSource:
    """A Parquet file with flat columns."""

    format = "parquet"
    trailing_blank = False

    def __init__(self, file: InputFile) -> None:
        self.file = file
        self.path, self.side, self.seekable = file.path, file.side, file.seekable
        if not file.seekable:
            raise file.error("Parquet cannot be read from a pipe: its index is at the end", "Give a regular file.")
        opened = self._open([], 1)
        self.rows: int | None = opened.metadata.num_rows
        schema = opened.schema_arrow
        if len(schema.names) > MOST_COLUMNS:
            raise file.error(f"it has more than {MOST_COLUMNS:,} columns")
        self._refuse_repeats(schema.names)
        self._schema = schema
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
        for batch in in_order(pool, lambda _: self._next(batches), repeat(None), 1):
            if batch is None:
                break
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
        """Yield the rows of a batch; up to the first null where there is one, and then its error."""
        missing = self._first_missing(batch, wanted)
        good = batch if missing is None else batch.slice(0, missing[0])
        numbers: dict[str, Numbers] = {}
        labels: dict[str, Texts] = {}
        order: dict[str, OrderValues] = {}
        columns = dict(zip(good.schema.names, good.columns, strict=True))
        for name, role in wanted.items():
            array = columns[name]
            if role is Role.LABEL:
                labels[name] = (
                    text_column(array) if pa.types.is_dictionary(array.type) else self._labels(array, name, row)
                )
            elif role is Role.ORDER:
                order[name] = order_of(array)
            else:
                numbers[name] = number_column(array)
        if good.num_rows:
            yield Piece(good.num_rows, numbers, labels, order)
        if missing is not None:
            raise self._missing(missing[1], row + missing[0], wanted)

    def _labels(self, array: pa.Array, name: str, row: int) -> Texts:
        texts, bad = labels_of(array)
        if bad is not None:
            raise DataError(
                f"the label is {bad[1]}, not a whole number up to 2^53; labels are names or whole numbers",
                file=self.path,
                record=row + bad[0] + 1,
                column=name,
                order=(row + bad[0], self.side, position_of(self.columns, name)),
                hint="A distribution needs one column for each class.",
            )
        return texts

    def _first_missing(self, batch: pa.RecordBatch, wanted: Mapping[str, Role]) -> tuple[int, str] | None:
        """Return (row, column) of the first null or, for labels, empty text."""
        found: list[tuple[int, int, str]] = []
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name, role in wanted.items():
            array = columns[name]
            if not array.null_count and role is not Role.LABEL:
                continue
            rows = [first_null(array)]
            if role is Role.LABEL and pa.types.is_dictionary(array.type):
                rows.append(_first_code_of("", array) if rows[0] is None else rows[0])
            found += [(at, position_of(self.columns, name), name) for at in rows if at is not None]
        return (min(found)[0], min(found)[2]) if found else None

    def _missing(self, name: str, row: int, wanted: Mapping[str, Role]) -> DataError:
        label = wanted[name] is Role.LABEL
        return DataError(
            "the label is missing (null or empty)" if label else "the value is missing: it is null",
            file=self.path,
            record=row + 1,
            column=name,
            order=(row, self.side, position_of(self.columns, name)),
            hint="Give every row a label, or leave the row out."
            if label
            else "Every row needs a number here; leave out rows without one.",
        )

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
    if pa.types.is_dictionary(kind):
        return ColumnKind.OTHER
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
