"""A progress bar by bytes, only on a terminal and only when it lasts."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from xentcli.render.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PATIENCE = 1.0
_BETWEEN = 0.1


class Bar:
    """Called with bytes done and bytes in all; shows itself after a second, and is gone at the end.

    Rich's progress is imported only when it is shown: most runs are over before.
    """

    def __init__(self, stream: TextIO | None, wanted: bool | None, quiet: bool) -> None:
        self._stream = stream
        shown = wanted if wanted is not None else not quiet
        # A bar is drawn with escape sequences: not where they are unwelcome.
        self._enabled = shown and stream is not None and stream.isatty() and Screen.of(stream, os.environ).color
        self._next = time.monotonic() + (0.0 if wanted else _PATIENCE)
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Be gone from the screen."""
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, done: int, everything: int) -> None:
        """Show that `done` bytes of `everything` have been read."""
        now = time.monotonic()
        if not self._enabled or now < self._next:
            return
        self._next = now + _BETWEEN
        if self._progress is None:
            self._start(everything)
        assert self._progress is not None and self._task is not None
        self._progress.update(self._task, completed=done, total=everything or None, refresh=True)

    def _start(self, everything: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

        self._progress = Progress(
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(file=self._stream),
            transient=True,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("", total=everything or None)
        self._progress.start()
