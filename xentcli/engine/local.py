"""Batches scored on threads: Arrow's parsing and NumPy's arithmetic let go of Python's lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar

from xentcli.errors import DataError
from xentcli.state.evaluation import EvalState

T = TypeVar("T")


def available_cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


@contextmanager
def workers(threads: int) -> Iterator[Executor]:
    """Give a pool of `threads` threads; on the way out, what has not begun is dropped."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="xent")
    try:
        yield pool
    except Exception:
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    except BaseException:
        # Interrupted: what is under way may be waiting for a network.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True, cancel_futures=True)


def run(
    items: Iterator[T],
    work: Callable[[T, EvalState], None],
    empty: Callable[[], EvalState],
    pool: Executor,
    window: int,
) -> EvalState:
    """Return the merged states of work(item, state) for every item.

    A state is used by one thread at a time and taken up again by the next item; since states are exact sums, which
    items went to which does not matter. Of all errors the one of the lowest item is raised: items are awaited in
    order, and an error of `items` itself after those of every item before it.
    """
    free: SimpleQueue[EvalState] = SimpleQueue()
    states: list[EvalState] = []

    def task(item: T) -> None:
        try:
            state = free.get_nowait()
        except Empty:
            state = empty()
            states.append(state)
        try:
            work(item, state)
        finally:
            free.put(state)

    waiting: deque[Future[None]] = deque()
    try:
        _feed(items, task, pool, waiting, window)
    finally:
        for future in waiting:
            future.cancel()
    total = empty()
    for state in states:
        total = total.merge(state)
    return total


def _feed(
    items: Iterator[T], task: Callable[[T], None], pool: Executor, waiting: deque[Future[None]], window: int
) -> None:
    while True:
        try:
            item = next(items)
        except StopIteration:
            late = None
            break
        except DataError as error:
            late = error
            break
        if len(waiting) >= window:
            waiting.popleft().result()
        waiting.append(pool.submit(task, item))
    while waiting:
        waiting.popleft().result()
    if late is not None:
        raise late
