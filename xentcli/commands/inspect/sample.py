"""The first rows of an input, read once and held, to be aligned as often as it takes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from typing import cast

from xentcli.alignment.row_cursor import Stream
from xentcli.errors import DataError
from xentcli.sources.base import Piece, Role, Source

SAMPLE_ROWS = 1000
_MOST_CELLS = 1 << 21
_FEWEST_ROWS = 16


def rows_to_sample(columns: int) -> int:
    """Return how many rows are sampled: 1,000, and fewer where they are very wide.

    >>> rows_to_sample(10), rows_to_sample(10_000)
    (1000, 209)
    """
    return max(_FEWEST_ROWS, min(SAMPLE_ROWS, _MOST_CELLS // max(1, columns)))


class Sample:
    """At most `most` first rows of a source, and the error that came instead of more.

    rows: how many. total: the rows of the whole input, None where they are not known; estimate: about how many there
    then are, None where nothing says.
    """

    def __init__(self, source: Source, wanted: Mapping[str, Role], pool: Executor, most: int) -> None:
        self.source = source
        self.pieces: list[Piece] = []
        self.failure: DataError | None = None
        self.rows = 0
        self.total: int | None = source.rows
        self.estimate: int | None = None
        source.read_little()
        # Every source yields from a generator: closed, it stops what it reads ahead.
        pieces = cast("Generator[Piece]", source.pieces(wanted, pool, 0))
        with closing(pieces):
            self._take(pieces, most)

    def _take(self, pieces: Iterator[Piece], most: int) -> None:
        seen, ended = 0, False
        try:
            while self.rows < most and not ended:
                piece = next(pieces, None)
                ended = piece is None
                if piece is not None:
                    seen += piece.rows
                    kept = piece.slice(0, min(piece.rows, most - self.rows))
                    self.pieces.append(kept)
                    self.rows += kept.rows
        except DataError as error:
            self.failure = error
            return
        read, size = self.source.position()
        if not ended and self.total is None and size and read >= size:
            # Everything was read along with the sample: is it all there is?
            try:
                ended = next(pieces, None) is None
            except DataError:
                return
        if ended:
            self.total = seen
        elif self.total is None and read and size and len(self.source.files) == 1:
            self.estimate = round(seen * size / read)

    @property
    def whole(self) -> bool:
        """Say whether the sample is all of the input."""
        return self.total == self.rows and self.failure is None

    def replay(self) -> Iterator[Piece]:
        """Yield the rows again, and raise what came after them."""
        yield from self.pieces
        if self.failure is not None:
            raise self.failure


class SampleStream(Stream):
    """A sample taken by the row; where its input's length is asked for, `total` is said instead of reading on."""

    def __init__(self, sample: Sample, total: int) -> None:
        super().__init__(sample.replay())
        self._total = total

    def drain(self, most: int | None = None) -> int:
        """Take what is left of the sample; return the rows of the input."""
        super().drain()
        return self._total
