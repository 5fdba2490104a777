"""An iterator that runs on a thread of its own, a few items ahead of whoever takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from threading import Condition, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE = 0.5


class Ahead(Generic[T]):
    """The items of a generator, at most `most` of them ahead; its errors come in their turn.

    A thread of its own, not a task of the pool: what runs here waits for tasks of the pool.
    """

    def __init__(self, items: Callable[[], Generator[T]], most: int) -> None:
        self._items, self._most = items, most
        self._held: deque[T] = deque()
        self._failure: Exception | None = None
        self._ended = self._stopped = False
        self._changed = Condition()
        # A read over a network may not be worth waiting for at the end.
        self._thread = Thread(target=self._run, name="xent-ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            with closing(self._items()) as items:
                for item in items:
                    with self._changed:
                        self._changed.wait_for(lambda: len(self._held) < self._most or self._stopped)
                        if self._stopped:
                            break
                        self._held.append(item)
                        self._changed.notify_all()
        except Exception as error:  # raised in its turn by whoever takes the items
            self._failure = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        """Yield the items; raise what the generator raised after them."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._ended)
                if not self._held:
                    break
                item = self._held.popleft()
                self._changed.notify_all()
            yield item
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Let the generator end where it is, and wait a moment for that."""
        with self._changed:
            self._stopped = True
            self._held.clear()
            self._changed.notify_all()
        self._thread.join(_PATIENCE)
