"""Several files read as one: the same columns in each, one after another, the next one read ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from copy import copy

from xentcli.errors import DataError
from xentcli.sources.ahead import Ahead
from xentcli.sources.base import ColumnKind, Mark, Marks, Piece, Role, Source, Spot, error_at, position_of
from xentcli.sources.files.input_file import InputFile
from xentcli.sources.parts.check import Common, Facts
from xentcli.sources.parts.folders import first_odd, with_folders
from xentcli.sources.parts.listing import Part
from xentcli.sources.parts.marks import PartsMarks
from xentcli.sources.parts.row_places import Places
from xentcli.sources.pool import in_order

Open = Callable[[InputFile], Source]
Reader = Callable[[Source], Iterator[Piece]]
_PIECES_AHEAD = 2
_REQUESTS = 16


class PartsSource:
    """The parts of a directory or a pattern as one input.

    The columns of every part are known before the first row is read: what does not go together is an error at once.
    """

    seekable = True

    def __init__(self, path: str, side: int, parts: Sequence[Part], open_file: Open) -> None:
        self.path, self.side, self.parts = path, side, parts
        self.files = tuple(part.path for part in parts)
        self._open_file = open_file
        self._common = Common(path, side)
        self._stamps: list[tuple[int, int] | None] = []
        self._empty: list[bool] = []
        self._check()
        facts = self._common.found()
        self.format, self.columns, self.headerless, self.doubt = (
            facts.format,
            facts.columns,
            facts.headerless,
            facts.doubt,
        )
        self.rows: int | None = facts.rows
        self.trailing_blank = False
        self._size = sum(part.size for part in parts)
        self._done = 0
        self._places = Places()
        self._readings: deque[_Reading] = deque()
        self._widths: dict[str, int] = {}
        # The first part that is read and those after the last; what is read of the one at either end.
        self._range = (0, len(self.parts))
        self._ends: tuple[Mark | None, Mark | None] = (None, None)

    def _check(self) -> None:
        # Over a network this is mostly waiting, so much of it at once.
        pool = ThreadPoolExecutor(_REQUESTS if "://" in self.path else 1)
        try:
            for part, facts in zip(self.parts, in_order(pool, self._facts_of, self.parts, 2 * _REQUESTS), strict=True):
                self._common.add(part, facts)
                self._stamps.append(facts.stamp)
                self._empty.append(facts.rows == 0)
        finally:
            # What is still under way after an error closes its own file; nobody waits for it.
            pool.shutdown(wait="://" not in self.path, cancel_futures=True)

    def _facts_of(self, part: Part) -> Facts:
        """Return what a part says before its rows are read."""
        file = InputFile(part.path, self.side)
        try:
            if not file.head:
                return Facts(file.before, 0)
            found = self._open_file(file)
            return Facts(file.before, found.rows, found.format, found.columns, found.headerless, found.doubt)
        finally:
            file.close()

    def pieces(self, wanted: Mapping[str, Role], pool: Executor, window: int) -> Iterator[Piece]:
        """Yield the rows of all parts in order; the part after the one that is taken is read ahead."""
        self._common.refuse_mixed_keys(wanted)
        self.close()
        self._places, self._done, row = Places(), 0, 0
        if self._ends[0] is not None:
            # What lists of parts before are long is found out by whoever reads those.
            lists = [column.name for column in self.columns if column.kind is ColumnKind.LIST and column.name in wanted]
            self._widths = {name: self.width_of(name) for name in lists}
        in_file = {name: role for name, role in wanted.items() if name not in dict(self.parts[0].keys)}
        for reading in self._ahead(lambda source: source.pieces(in_file, pool, window)):
            start = row
            try:
                for piece in reading.ahead:
                    assert reading.source is not None
                    if row == start:
                        self._places.begin(start, reading.source)
                        self._refuse_odd_folders(reading.part, wanted, piece, start)
                    self._refuse_other_widths(piece, row)
                    row += piece.rows
                    yield with_folders(piece, reading.part.keys, wanted)
            except DataError as error:
                # A part of a header alone is fine; that is known once it has been read.
                if row == start and reading.source is not None:
                    if reading.source.rows == 0:
                        continue
                    self._places.begin(start, reading.source)
                raise self._moved(error, start) from None
            if row > start:
                assert reading.source is not None
                self._places.end(reading.source, row - start)
                self.trailing_blank = self.trailing_blank or reading.source.trailing_blank
        self.rows = row
        if not row and self._ends == (None, None):
            raise DataError("no part has a row of data", file=self.path, order=(0, self.side, -1))

    def _ahead(self, reader: Reader) -> Iterator[_Reading]:
        """Yield the parts that may have rows, each while the one after it is being read."""
        for at in range(*self._range):
            part, opened = self.parts[at], self._opened_at(at)
            if self._empty[at]:
                self._done += part.size
                continue
            self._readings.append(_Reading(part, opened, reader))
            if len(self._readings) > 1:
                yield self._readings[0]
                self._done += self._readings.popleft().part.size
        if self._readings:
            yield self._readings[0]
            self._done += self._readings.popleft().part.size

    def _opened_at(self, at: int) -> Callable[[], Source]:
        """Return what opens a part, as far as it is to be read."""
        start, stop = self._ends
        mine = start if start is not None and start.part == at and start.record else None
        last = stop if stop is not None and stop.part == at else None

        def opened() -> Source:
            source = self._opened(at)
            if mine is not None or last is not None:
                source.only(mine, last)
            return source

        return opened

    def _opened(self, at: int) -> Source:
        """Return a part opened as the file that it was when its columns were read."""
        file = InputFile(self.parts[at].path, self.side)
        if file.before != self._stamps[at]:
            file.close()
            hint = "Run again when whatever writes it has finished."
            raise file.error("the file changed since its columns were read", hint)
        return self._open_file(file)

    def marks(self, numbers: int) -> Marks | None:
        """Return places where parts begin, and within them."""
        full = [at for at, empty in enumerate(self._empty) if not empty]
        if not full:
            return None
        return PartsMarks([self.parts[at] for at in full], full, self._opened, numbers)

    def only(self, start: Mark | None, stop: Mark | None) -> None:
        """Read the rows between two places and no others."""
        last = len(self.parts) if stop is None else stop.part + (stop.record > 0)
        self._range, self._ends = (0 if start is None else start.part, last), (start, stop)

    def _moved(self, error: DataError, start: int) -> DataError:
        """Return an error of a part with its place among all rows, and among the columns as they stand here."""
        row, _, position = error.order
        if error.column is not None and any(column.name == error.column for column in self.columns):
            position = position_of(self.columns, error.column)
        error.order = (start + row, self.side, position)
        return error

    def _refuse_odd_folders(self, part: Part, wanted: Mapping[str, Role], piece: Piece, row: int) -> None:
        odd = first_odd(part.keys, wanted)
        if odd is not None:
            error = error_at(self, row, odd[1], column=odd[0], hint=f"Rename the folder {odd[0]}=…, or move it away.")
            error.order = (0, *error.order[1:])
            error.partial = piece.slice(0, 1)
            raise error

    def _refuse_other_widths(self, piece: Piece, row: int) -> None:
        """Raise DataError where the lists of a column are longer or shorter than in the parts before."""
        for name, values in piece.numbers.items():
            if values.ndim > 1 and (known := self._widths.setdefault(name, values.shape[1])) != values.shape[1]:
                error = error_at(self, row, f"a list of {values.shape[1]}, but of {known} in rows before", column=name)
                error.order = (0, *error.order[1:])
                raise error

    def again(self) -> PartsSource:
        """Return the same parts, to be read once more."""
        other = copy(self)
        other._readings, other._places, other._widths, other._done = deque(), Places(), {}, 0
        return other

    def read_little(self) -> None:
        """Do nothing: what is read at once has its own size."""

    def further(self, rows: int) -> list[tuple[str, Spot]]:
        """Return the fields of JSON Lines that the first record of the first part with rows lacks."""
        part = next((part for part, empty in zip(self.parts, self._empty, strict=True) if not empty), None)
        if part is None:
            return []
        with closing(self._open_file(InputFile(part.path, self.side))) as source:
            return source.further(rows)

    def settle(self) -> None:
        """Do nothing: parts are regular files."""

    def locate(self, row: int) -> Spot:
        """Return where a row stands; the one after the last is the blank line that ends a part, where there is one."""
        return (self._places.blank() if row == self.rows else None) or self._places.locate(row)

    def width_of(self, name: str) -> int:
        """Return how many numbers the first row of a column of lists has."""
        for part, empty in zip(self.parts, self._empty, strict=True):
            if empty:
                continue
            file = InputFile(part.path, self.side)
            try:
                if width := self._open_file(file).width_of(name):
                    return width
            finally:
                file.close()
        return 0

    def check_unchanged(self) -> None:
        """Do nothing: each part is looked at when it is opened, and when it has been read."""

    def position(self) -> tuple[int, int]:
        """Return the bytes read so far and the size of all parts."""
        sources = [reading.source for reading in list(self._readings)]
        return self._done + sum(source.position()[0] for source in sources if source is not None), self._size

    def close(self) -> None:
        """Stop reading; every file is closed by who reads it."""
        while self._readings:
            self._readings.pop().ahead.stop()


class _Reading:
    """A part that is being read. `source` is there before its first piece is."""

    def __init__(self, part: Part, opened: Callable[[], Source], reader: Reader) -> None:
        self.part, self.source = part, None
        self._opened, self._reader = opened, reader
        self.ahead = Ahead(self._pieces, _PIECES_AHEAD)

    source: Source | None

    def _pieces(self) -> Generator[Piece]:
        with closing(self._opened()) as source:
            self.source = source
            yield from self._reader(source)
