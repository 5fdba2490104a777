"""Work done ahead in a pool, its results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(pool: Executor, work: Callable[[T], R], items: Iterable[T], window: int) -> Iterator[R]:
    """Yield work(item) for every item, in order, with at most `window` of them under way or waiting.

    With a window of 0 an item is worked on when its result is asked for.

    An error of `items` itself comes after the results of all items before it.
    """
    if not window:
        yield from map(work, items)
        return
    waiting: deque[Future[R]] = deque()
    source = iter(items)
    failure: Exception | None = None

    def fill() -> None:
        nonlocal failure
        while failure is None and len(waiting) < window:
            try:
                waiting.append(pool.submit(work, next(source)))
            except StopIteration:
                break
            except Exception as error:  # raised below, in its turn
                failure = error

    try:
        fill()
        while waiting:
            result = waiting.popleft().result()
            # While whoever asked works on this one, the next is on its way.
            fill()
            yield result
        if failure is not None:
            raise failure
    finally:
        for future in waiting:
            future.cancel()
