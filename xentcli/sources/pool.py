"""Work done ahead in a pool, its results in order; whoever has to wait for one works, too."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(pool: Executor, work: Callable[[T], R], items: Iterable[T], window: int) -> Iterator[R]:
    """Yield work(item) for every item, in order, with at most `window` of them under way or waiting.

    What nobody has begun is done by whoever would have to wait, so that a pool of one thread less than there are cores
    keeps all of them busy; not with a window of 1, where that would end what goes on beside. With a window of 0 an item
    is worked on when its result is asked for.

    An error of `items` itself comes after the results of all items before it.
    """
    if not window:
        yield from map(work, items)
        return
    waiting: deque[tuple[T, Future[R]]] = deque()
    source = iter(items)
    failure: Exception | None = None

    def fill() -> None:
        nonlocal failure
        while failure is None and len(waiting) < window:
            try:
                item = next(source)
                waiting.append((item, pool.submit(work, item)))
            except StopIteration:
                break
            except Exception as error:  # raised below, in its turn
                failure = error

    try:
        fill()
        while waiting:
            if window > 1:
                _help(work, waiting)
            result = waiting.popleft()[1].result()
            # While whoever asked works on this one, the next is on its way.
            fill()
            yield result
        if failure is not None:
            raise failure
    finally:
        for _, future in waiting:
            future.cancel()


def _help(work: Callable[[T], R], waiting: deque[tuple[T, Future[R]]]) -> None:
    """Work on what has not begun until the first result is there, or all is under way."""
    while not waiting[0][1].done():
        begun = True
        for at, (item, future) in enumerate(waiting):
            if future.cancel():
                waiting[at] = (item, done(partial(work, item)))
                begun = False
                break
        if begun:
            return


def done(call: Callable[[], R]) -> Future[R]:
    """Return the future of a call that is over."""
    future: Future[R] = Future()
    try:
        future.set_result(call())
    except Exception as error:  # raised by whoever asks for the result
        future.set_exception(error)
    return future


class Idle(Executor):
    """A pool that nobody asks: with a window of 0 whoever wants a result works for it."""
