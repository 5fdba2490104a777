"""What a Parquet file's footer gives away before anything is unpacked: texts that are far larger than the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xentcli.errors import DataError
from xentcli.sources.arrow.buffers import plain, strings_column
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.text_blocks import LONGEST_RECORD

MOST_TEXT = 512 << 20
_TEXT_AT_ONCE = 64 << 20
# The encodings of values that Arrow reads as dictionaries, with those of levels; and those whose texts are all there.
_AS_DICTIONARIES = {"PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED"}
_SUMS_UP = {"PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "RLE", "BIT_PACKED"}
_SUSPECT_RATIO = 500
_SUSPECT_MEAN = 1 << 10
Open = Callable[[list[str], Sequence[str]], pq.ParquetFile]


def refuse_bombs(file: InputFile, metadata: pq.FileMetaData, names: Sequence[str]) -> None:
    """Raise DataError for text columns whose values are beyond any label or key: by their mean size, or by how well
    they are compressed.
    """
    for group, name, chunk in _chunks(metadata, names):
        size, packed = chunk.total_uncompressed_size, max(1, chunk.total_compressed_size)
        mean = size // max(1, chunk.num_values)
        long = mean > LONGEST_RECORD
        if long or (size > LONGEST_RECORD and mean > _SUSPECT_MEAN and size > _SUSPECT_RATIO * packed):
            problem = f"{packed:,} bytes of row group {group + 1} unpack to {size:,}, {mean:,} a value"
            problem += f"; {LONGEST_RECORD:,} are the most" if long else ""
            raise DataError(
                problem, file=file.path, column=name, order=(0, file.side, -1), hint="Is this a column of labels?"
            )


def long_dictionaries(metadata: pq.FileMetaData, names: Sequence[str], rows: int, opened: Open) -> list[str]:
    """Return the text columns that may only be read as dictionaries, as their rows could be far larger spelled out.

    A dictionary may hold a text of a megabyte that every row repeats; only the dictionary itself can tell.
    """
    found: dict[str, None] = {}
    for group, name, chunk in _chunks(metadata, names):
        most = min(rows, chunk.num_values)
        if name in found or not chunk.has_dictionary_page or most * chunk.total_uncompressed_size <= MOST_TEXT:
            continue
        reader = opened([name], [name]).iter_batches(
            batch_size=1, row_groups=[group], columns=[name], use_threads=False
        )
        first = next(reader, None)
        if first is not None and most * _longest(first.column(0)) > MOST_TEXT:
            found[name] = None
    return list(found)


def not_as_dictionaries(metadata: pq.FileMetaData, names: Sequence[str]) -> list[str]:
    """Return the text columns that Arrow cannot read as dictionaries, by their encodings: DELTA_…_BYTE_ARRAY, which
    version 2 of the format has.
    """
    return list(
        {name: None for _, name, chunk in _chunks(metadata, names) if not _AS_DICTIONARIES.issuperset(chunk.encodings)}
    )


def rows_that_fit(metadata: pq.FileMetaData, names: Sequence[str], rows: int, opened: Open) -> int:
    """Return how many rows, at most `rows`, to read at once of text columns that are read spelled out.

    In DELTA_BYTE_ARRAY a text is what it has in common with the one before and some bytes more, so that no text is
    longer than all of a chunk, but each may be as long; only the texts can tell.
    """
    for group, name, chunk in _chunks(metadata, names):
        size = max(1, chunk.total_uncompressed_size)
        if _SUMS_UP.issuperset(chunk.encodings) or min(rows, chunk.num_values) * size <= _TEXT_AT_ONCE:
            continue
        some = max(1, _TEXT_AT_ONCE // size)
        reader = opened([], [name]).iter_batches(batch_size=some, row_groups=[group], columns=[name], use_threads=False)
        longest = max((_longest_text(plain(batch.column(0))) for batch in reader), default=0)
        rows = max(1, min(rows, _TEXT_AT_ONCE // max(1, longest)))
    return rows


def expanded_size(array: pa.DictionaryArray) -> int:
    """Return how many bytes the rows of a dictionary of texts have, spelled out."""
    from xentcli.sources.arrow.buffers import fixed_width, valid_of

    texts = strings_column(array.dictionary)
    valid = valid_of(array)
    codes = fixed_width(array.indices)
    lengths = texts.offsets[1:] - texts.offsets[:-1]
    return int(lengths[codes if valid is None else codes[valid]].sum()) if len(lengths) else 0


def _longest(array: pa.Array) -> int:
    """Return the size of the longest text in the dictionary of an array, 0 where there is none."""
    if not pa.types.is_dictionary(array.type) or not len(array.dictionary):
        return 0
    return _longest_text(plain(array.dictionary))


def _longest_text(array: pa.Array) -> int:
    return int(np.diff(strings_column(array).offsets).max(initial=0))


def _chunks(metadata: pq.FileMetaData, names: Sequence[str]) -> list[tuple[int, str, pq.ColumnChunkMetaData]]:
    """Return the parts of flat columns: (row group, column, what the footer says of it)."""
    if not names:
        return []
    places = {metadata.schema.column(at).path: at for at in range(metadata.num_columns)}
    return [
        (group, name, metadata.row_group(group).column(places[name]))
        for group in range(metadata.num_row_groups)
        for name in names
        if name in places
    ]
