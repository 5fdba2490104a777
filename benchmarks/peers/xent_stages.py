"""xent itself, with a clock at each stage: the seconds go to standard error as a line of JSON.

BEGAN in the environment is when the process was started, in seconds since 1970.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

BEGAN = float(os.environ["BEGAN"])


class Clock:
    """Seconds since the process was started, stage by stage."""

    def __init__(self) -> None:
        self.first = self.last = self.scoring = self.waiting = 0.0
        self.imported = self.evaluated = 0.0

    @staticmethod
    def now() -> float:
        """Return the seconds since the process was started."""
        return time.time() - BEGAN

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that adds what it takes to a stage; scoring says where the first and last row are."""

        def call(*given: Any) -> Any:
            began = self.now()
            if name == "scoring" and not self.first:
                self.first = began
                self.waiting = 0.0
            result = function(*given)
            self.last = self.now()
            setattr(self, name, getattr(self, name) + self.last - began)
            return result

        return call

    def stages(self) -> dict[str, float]:
        """Return the seconds of each stage; together they are the whole run up to here."""
        paced = self.last - self.first
        return {
            "start-up": self.imported,
            "to the first row": self.first - self.imported,
            "scoring": self.scoring,
            "waiting for readers": self.waiting,
            "pairing and labels": paced - self.scoring - self.waiting,
            "result": self.now() - self.last,
        }


def main() -> None:
    """Run xent on the arguments."""
    clock = Clock()
    from xentcli.alignment import row_cursor as stream
    from xentcli.cli import main as cli
    from xentcli.cli import report
    from xentcli.engine import single_pass
    from xentcli.state.eval_state import EvalState

    real, score = report.evaluate_spec, single_pass.score

    def evaluate(*given: Any) -> Any:
        clock.imported = clock.now()
        return real(*given)

    report.evaluate_spec = evaluate
    # Rows are scored as they are asked for: all of a batch here, so that the clock sees it.
    single_pass.score = clock.timed("scoring", lambda *given: list(score(*given)))
    EvalState.add = clock.timed("scoring", EvalState.add)  # type: ignore[method-assign]  # a clock
    stream.Stream.available = clock.timed("waiting", stream.Stream.available)  # type: ignore[method-assign]  # a clock
    atexit.register(lambda: print(json.dumps(clock.stages()), file=sys.stderr))
    cli.run()


if __name__ == "__main__":
    main()
