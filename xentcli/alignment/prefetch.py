"""PREDICTIONS read and looked up on a thread of its own, while whoever asked for it builds a table, and then scores."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from threading import Event

from xentcli.alignment.key_join import KeyedLabels
from xentcli.sources.ahead import Ahead
from xentcli.sources.base import Piece

# Pieces held until LABELS is loaded, and looked up before they are taken: they add to the peak of memory.
_MOST_HELD, _MOST_AHEAD = 2, 1


class Lookups:
    """Pieces of PREDICTIONS, each with the rows of LABELS that have its keys.

    Reading begins where LABELS has been read, so that not both are decoded at a time, and looking up when the table of
    its keys is there. An error of PREDICTIONS comes in its turn, after the rows before it. Lookups are long array
    operations, which seldom wait for those of another thread.
    """

    def __init__(self, pieces: Iterator[Piece], keyed: KeyedLabels) -> None:
        self._pieces, self._keyed = pieces, keyed
        self._loaded = Event()
        self._stopped = False
        self._row = 0
        self._ahead: Ahead[Piece] | None = None

    def after(self, labels: Iterator[Piece]) -> Iterator[Piece]:
        """Yield the pieces of LABELS; once there are no more, begin to read."""
        yield from labels
        self._ahead = Ahead(self._found, _MOST_AHEAD)

    def _found(self) -> Generator[Piece]:
        held: deque[Piece] = deque()
        failure: Exception | None = None
        try:
            for piece in self._pieces:
                if self._stopped:
                    # Whoever asked has let go: what is read now would only be held.
                    return
                held.append(piece)
                if self._loaded.is_set() or len(held) == _MOST_HELD:
                    yield from self._looked_up(held)
        except Exception as error:  # raised below, after the rows before it
            failure = error
        yield from self._looked_up(held)
        if failure is not None:
            raise failure

    def _looked_up(self, held: deque[Piece]) -> Iterator[Piece]:
        self._loaded.wait()
        while held and not self._stopped:
            piece = held.popleft()
            yield self._keyed.looked_up(piece, self._row)
            self._row += piece.rows

    def loaded(self) -> None:
        """Say that LABELS is loaded, so that keys can be looked up."""
        self._loaded.set()

    def __iter__(self) -> Iterator[Piece]:
        """Yield the pieces in order; raise what their source raised after them."""
        assert self._ahead is not None
        return iter(self._ahead)

    def stop(self) -> None:
        """Let it end where it is, and wait a moment for that."""
        self._stopped = True
        self._loaded.set()
        if self._ahead is not None:
            self._ahead.stop()
