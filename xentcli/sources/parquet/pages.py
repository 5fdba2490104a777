"""The headers of Parquet pages, looked at on their way to Arrow, as no checksum covers them: no page is larger than its
column chunk, and none unpacks to far more than it has.

Of a chunk that it reads through a buffer, Arrow takes and fills as much memory as a header says that its page has, up
to 2 GB, before it finds that the chunk ends. So chunks that are small together are read whole, which leaves it only
what is there; of others the headers are followed from page to page, in the bytes that it reads anyway.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import pyarrow.parquet as pq

from xentcli.errors import DataError
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.files.read_only import ReadOnly
from xentcli.sources.parquet.headers import BadHeaderError, PageHeader, page_header
from xentcli.text import quote

MOST_WHOLE = 16 << 20
MOST_PAGE, SUSPECT_RATIO = 64 << 20, 500
_LONGEST_HEADER = 1 << 16
# What a byte unpacks to at most: a chunk too short for MOST_PAGE needs no look. What others pack knows no bounds.
_EXPANSION = {"UNCOMPRESSED": 1, "SNAPPY": 32, "LZ4": 256, "LZ4_RAW": 256, "GZIP": 1100, "ZSTD": 1 << 15}
# Some old writers left the header of a dictionary out of the size of its chunk, and Arrow reads so much more.
_PADDING = 100
# What a chunk of no more holds is a header and a value or two. To ask each would cost much where rows are alone.
_NOTHING = 256
_Part: TypeAlias = pq.ColumnChunkMetaData


class Chunk(NamedTuple):
    """A column of a row group: where it ends, and the place in it from which on no page can be too large."""

    group: int
    column: str
    end: int
    enough: int


class Plan(NamedTuple):
    """How columns are read: by a buffer of so many bytes, 0 for whole chunks; and what is looked at, by its start."""

    buffer: int
    chunks: dict[int, Chunk]


def plan_of(file: InputFile, metadata: pq.FileMetaData, names: Sequence[str], buffer: int) -> Plan:
    """Return how columns are read. Raises DataError where chunks overlap that are read at once."""
    places = list(_places(metadata, set(names)))
    chunks: dict[int, Chunk] = {}
    for number in range(metadata.num_row_groups):
        group, together = metadata.row_group(number), 0
        for at, name in places:
            part = group.column(at)
            size = part.total_compressed_size
            together += max(0, size)
            if size > _NOTHING and size > (short := _short(part)):
                chunks[_start(part)] = _chunk(number, name, part, short)
        if together > MOST_WHOLE:
            return Plan(buffer, _one_by_one(file, metadata, places))
    return Plan(0, chunks)


def _one_by_one(file: InputFile, metadata: pq.FileMetaData, places: Sequence[tuple[int, str]]) -> dict[int, Chunk]:
    """Return all chunks of columns by their start. Raises DataError where they overlap."""
    groups = enumerate(map(metadata.row_group, range(metadata.num_row_groups)))
    parts = [(_start(part), number, name, part) for number, group in groups for part, name in _of(group, places)]
    chunks: dict[int, Chunk] = {}
    before = Chunk(0, "", 0, 0)
    for start, number, name, part in sorted(parts, key=itemgetter(0)):
        if start < before.end:
            problem = f"row group {number + 1} begins at byte {start:,}, within column {quote(before.column)}"
            raise _damaged(file, name, problem)
        before = chunks[start] = _chunk(number, name, part, 0)
    return chunks


def _of(group: pq.RowGroupMetaData, places: Sequence[tuple[int, str]]) -> Iterator[tuple[_Part, str]]:
    return ((group.column(at), name) for at, name in places)


def _places(metadata: pq.FileMetaData, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the columns in the file that these are, by their places: of lists, those below them."""
    for at in range(metadata.num_columns):
        path = metadata.schema.column(at).path
        dots = [place for place, char in enumerate(path) if char == "."]
        if (name := next((path[:end] for end in (*dots, len(path)) if path[:end] in names), None)) is not None:
            yield at, name


def _chunk(number: int, name: str, part: _Part, short: int) -> Chunk:
    end = _start(part) + max(0, part.total_compressed_size)
    return Chunk(number + 1, name, end, end - short)


def _start(part: _Part) -> int:
    """Return where Arrow begins to read a chunk."""
    first, dictionary = int(part.data_page_offset), part.dictionary_page_offset
    return min(first, int(dictionary)) if dictionary is not None and dictionary > 0 else first


def _short(part: _Part) -> int:
    """Return how many bytes cannot unpack to a page that is too large."""
    return MOST_PAGE // _EXPANSION.get(part.compression, MOST_PAGE)


def _damaged(file: InputFile, column: str, problem: str, hint: str = "It is damaged, or not complete.") -> DataError:
    return DataError(problem, file=file.path, column=column, order=(0, file.side, -1), hint=hint)


class Watched(ReadOnly):
    """The bytes of a file, of which the headers in some chunks are looked at: by one reader, each chunk in order.

    Reading raises DataError for a header that says more than can be.
    """

    def __init__(self, file: InputFile, chunks: dict[int, Chunk]) -> None:
        self._file, self._handle, self._chunks = file, file.handle, chunks
        # By where the next bytes of a chunk begin: the chunk, where its next header does, and what of that was read.
        self._under_way: dict[int, tuple[Chunk, int, bytes]] = {}

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._at = self._handle.seek(offset, whence)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, fewer than asked for at the end alone."""
        start = self._at
        data = self._handle.read(size)
        self._at += len(data)
        chunk, header, held = self._chunks.get(start), start, b""
        if chunk is None and start in self._under_way:
            chunk, header, held = self._under_way.pop(start)
        if chunk is not None and data:
            self._look(chunk, header, held + data if held else data, start - len(held))
        return data

    def _look(self, chunk: Chunk, header: int, data: bytes, start: int) -> None:
        """Look at the headers in bytes of a chunk, of which the first is at `start` and the next header at `header`."""
        end = start + len(data)
        while header < min(end, chunk.enough):
            try:
                page = page_header(data, header - start)
            except IndexError:
                if end - header > _LONGEST_HEADER:
                    raise self._wrong(chunk, f"the header of a page has more than {_LONGEST_HEADER:,} bytes") from None
                self._under_way[end] = chunk, header, data[header - start :]
                return
            except BadHeaderError:
                raise self._wrong(chunk, "the header of a page cannot be read") from None
            self._refuse_impossible(chunk, page, start + page.end)
            header = start + page.end + page.packed
        if header < chunk.enough:
            self._under_way[end] = chunk, header, b""

    def _refuse_impossible(self, chunk: Chunk, page: PageHeader, begins: int) -> None:
        """Raise DataError for a page that does not fit into its chunk, or unpacks to far more than it has."""
        if not 0 <= page.packed <= chunk.end + _PADDING - begins:
            raise self._wrong(chunk, f"a page of {page.packed:,} bytes, where {chunk.end - begins:,} are left")
        if page.unpacked > MOST_PAGE and page.unpacked > SUSPECT_RATIO * page.packed:
            problem = f"row group {chunk.group}: a page of {page.packed:,} bytes unpacks to {page.unpacked:,}"
            raise _damaged(self._file, chunk.column, problem, "If all of it is meant, write smaller pages.")

    def _wrong(self, chunk: Chunk, problem: str) -> DataError:
        return _damaged(self._file, chunk.column, f"row group {chunk.group}: {problem}")
