"""One machine: threads read and decode ahead, and whoever called scores."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from xentcli.errors import XentError
from xentcli.memory import lack
from xentcli.sources.pool import done

T = TypeVar("T")


def available_cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def can_fork() -> bool:
    """Say whether this process can be forked: on Linux, and no thread is under way but those that only look on."""
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    return sys.platform == "linux" and all(thread.name.startswith("xent-") for thread in others)


class _Here(Executor):
    """Does what is submitted at once, on the thread that submits it: with one thread there is no other."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a call that is over."""
        return done(partial(fn, *args, **kwargs))


@contextmanager
def workers(threads: int) -> Iterator[Executor]:
    """Give a pool for `threads` threads, whoever asks being one; on the way out, what has not begun is dropped.

    Raises ResourceError for what Python and libraries raise where the system gives no more memory or threads.
    """
    pool = ThreadPoolExecutor(threads - 1, thread_name_prefix="xent") if threads > 1 else _Here()
    try:
        yield pool
    except Exception as error:
        pool.shutdown(wait=True, cancel_futures=True)
        lacking = None if isinstance(error, XentError) else lack(error)
        if lacking is not None:
            raise lacking from error
        raise
    except BaseException:
        # Interrupted: what is under way may be waiting for a network.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=True, cancel_futures=True)
