"""Work shared out among processes of this machine: forked with all they need in memory, they take units in turn.

A fork copies the thread that asks and no other. So nothing else may be under way: whoever forks has joined its threads,
and Arrow and NumPy were not asked to use theirs.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from xentcli.errors import ResourceError

Task = TypeVar("Task")
Done = TypeVar("Done")
# Seconds between looks at what else may have happened.
_PATIENCE = 0.05


class Failed:
    """What stands for the result of work that raised an error."""


class Processes(Generic[Task, Done]):
    """As many processes as jobs, each of which does `work` of what it is sent until it is sent no more."""

    def __init__(self, work: Callable[[Task], Done], jobs: int) -> None:
        context = get_context("fork")
        self._pipes: dict[Connection, Any] = {}
        try:
            for _ in range(jobs):
                mine, theirs = context.Pipe()
                others = [*self._pipes, mine]
                process = context.Process(target=_serve, args=(work, theirs, others), daemon=True)
                self._pipes[mine] = process
                _start(process)
                theirs.close()
        except BaseException:
            self.stop()
            raise

    def results(self, tasks: Iterator[Task], idle: Callable[[int], None]) -> Iterator[tuple[Task, Done | Failed]]:
        """Yield tasks and what came of them as they are done; after one that failed no new ones are begun.

        `idle` is called every now and then with the number of tasks that are done.

        Raises ResourceError where a process is gone.
        """
        at_work: dict[Connection, Task] = {}
        free = list(self._pipes)
        ahead, done = next(tasks, None), 0
        while at_work or ahead is not None:
            while free and ahead is not None:
                pipe = free.pop()
                at_work[pipe] = ahead
                self._send(pipe, ahead)
                ahead = next(tasks, None)
            for ready in connection.wait(list(at_work), _PATIENCE):
                assert isinstance(ready, Connection)
                found = self._received(ready)
                free.append(ready)
                done += 1
                if isinstance(found, Failed):
                    ahead, tasks = None, iter(())
                yield at_work.pop(ready), found
            idle(done)

    def _send(self, pipe: Connection, task: Task) -> None:
        try:
            pipe.send(task)
        except OSError:
            raise self._gone(pipe) from None

    def _received(self, pipe: Connection) -> Done | Failed:
        try:
            found: Done | Failed = pipe.recv()
        except (EOFError, OSError):
            raise self._gone(pipe) from None
        return found

    def _gone(self, pipe: Connection) -> ResourceError:
        process = self._pipes[pipe]
        process.join(1.0)
        code = process.exitcode
        how = f"was ended by {_name_of(-code)}" if code is not None and code < 0 else f"ended with {code}"
        hint = "Did the system run out of memory? Fewer --jobs need less."
        return ResourceError(f"a process that read and scored {how}: there is no result", hint=hint)

    def ids(self) -> list[int]:
        """Return the numbers of the processes that are there."""
        return [process.pid for process in self._pipes.values() if process.is_alive()]

    def stop(self) -> None:
        """End all of them at once: they hold nothing that would have to be kept."""
        for process in self._pipes.values():
            if process.pid is not None:
                process.kill()
        for pipe, process in self._pipes.items():
            if process.pid is not None:
                process.join()
            pipe.close()
        self._pipes.clear()


def _start(process: Any) -> None:
    """Start a process in which no signal arrives before it has decided what it does with it."""
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        with warnings.catch_warnings():
            # From Python 3.12 on: NumPy's and Arrow's threads do nothing, and `local.can_fork` has looked for others.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(work: Callable[[Task], Done], pipe: Connection, others: list[Connection]) -> None:
    """Do what is sent, until whoever sends it is gone."""
    # Of Ctrl-C, which a terminal sends to all, the process that started this one hears, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    for other in others:
        # Held here, they would keep the pipes of others open when whoever sends is gone.
        other.close()
    try:
        while True:
            task = pipe.recv()
            try:
                found: Any = work(task)
            except Exception:  # whoever sent it looks for the error, which is another one if an earlier task has one
                found = Failed()
            pipe.send(found)
    except (EOFError, OSError):
        os._exit(0)


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
