"""How long the lists of a Parquet column are, by its type, its footer and its first row."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from xentcli.errors import DataError
from xentcli.sources.arrow.lists import width_of
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.limits import MOST_COLUMNS, list_too_long
from xentcli.sources.parquet.guard import Open

# Numbers of a row group that are far more than its bytes could be: 512 MiB of them from 50 kB.
_MOST_UNPACKED, _BYTES, _RATIO = 1 << 26, 8, 10_000


def list_width(file: InputFile, metadata: pq.FileMetaData, field: pa.Field, opened: Open) -> int:
    """Return how many numbers the lists of a column have, by its type or its first row; 0 where that has none.

    Raises DataError where lists have more than are read. One among very many short ones is found where it is read.
    """
    if pa.types.is_fixed_size_list(field.type):
        width = int(field.type.list_size)
    else:
        _refuse_by_footer(file, metadata, field.name)
        batches = opened([], [field.name]).iter_batches(batch_size=1, columns=[field.name], use_threads=False)
        first = next(batches, None)
        width = 0 if first is None else width_of(first.column(0))
    if width > MOST_COLUMNS:
        problem, hint = list_too_long(width)
        raise DataError(problem, file=file.path, record=1, column=field.name, order=(0, file.side, -1), hint=hint)
    return width


def _refuse_by_footer(file: InputFile, metadata: pq.FileMetaData, name: str) -> None:
    paths = (metadata.schema.column(at).path for at in range(metadata.num_columns))
    # Lists of numbers have one column of values, `name.list.element` or whatever its writer called it.
    place = next(at for at, path in enumerate(paths) if path.startswith(f"{name}."))
    row = 0
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        chunk, rows = group.column(place), group.num_rows
        packed, count = chunk.total_uncompressed_size, chunk.num_values
        problem, hint, record = "", "If all of them are meant, write fewer rows in a row group.", None
        if rows and count > rows * MOST_COLUMNS:
            problem, hint = list_too_long(count // rows)
            record = row + 1 if rows == 1 else None
            problem = problem if record else problem.replace("the list has", f"row group {at + 1}: the mean list has")
        elif count > _MOST_UNPACKED and _BYTES * count > _RATIO * packed:
            problem = f"{packed:,} bytes of row group {at + 1} unpack to {count:,} numbers"
        if problem:
            order = (row, file.side, -1)
            raise DataError(problem, file=file.path, record=record, column=name, order=order, hint=hint)
        row += rows
