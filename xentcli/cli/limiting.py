"""`--memory-limit`: the end of the process, at once, when it holds more."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext

from xentcli.cli.progress import Bar
from xentcli.cli.streams import say_error
from xentcli.errors import ResourceError
from xentcli.sinks.output_file import remove_unfinished


def limited(limit: int | None, bar: Bar | None = None) -> AbstractContextManager[None]:
    """Return a block in which this process ends as soon as it holds more memory than the limit; None is no limit.

    It ends with an error and leaves nothing half written. What is written once the block was left is written whole.
    """
    if limit is None:
        return nullcontext()
    from xentcli.memory_limit import end_others, watched

    def end(error: ResourceError) -> None:
        remove_unfinished()
        if bar is not None:
            bar.stop()
        end_others()
        # Other threads may be in the middle of anything.
        os._exit(say_error(str(error)))

    return watched(limit, end)
