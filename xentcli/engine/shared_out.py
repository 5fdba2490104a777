"""One evaluation on several cores: units of work for processes, their shards added up, errors left to one pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xentcli.engine.processes import Failed, Processes
from xentcli.engine.units import Unit, Units
from xentcli.engine.work import Together, Work
from xentcli.errors import XentError
from xentcli.memory_limit import counted_with


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the units: all of them together, or those before the first that has an error to look for.

    failed: that one; None with `clash` is an error that no unit has alone.
    """

    together: Together
    failed: Unit | None
    clash: bool


def shared_out(work: Work, units: Units, jobs: int, tell: Callable[[float], None]) -> Outcome:
    """Return what came of all units; `tell` hears every now and then which part of the work is done.

    Raises ResourceError where a process is gone.
    """
    together, failed, clash = Together(work), None, False
    processes = Processes(work.run, min(jobs, units.expected))
    try:
        with counted_with(processes.ids):
            for unit, found in processes.results(iter(units), lambda done: tell(min(1.0, done / units.expected))):
                if isinstance(found, Failed):
                    failed = unit if failed is None or unit.number < failed.number else failed
                elif not clash:
                    try:
                        together.add(unit, found)
                    except XentError:
                        # Of labels or slices of all units: what it is depends on all rows before.
                        clash = True
    finally:
        processes.stop()
    return Outcome(together, failed, clash)
