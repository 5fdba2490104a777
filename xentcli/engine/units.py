"""Units of work: which rows of the inputs, in order and each once; a plain description that any process can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from xentcli.columns.inputs import Inputs
from xentcli.sources.base import Mark, Marks, Source
from xentcli.spec.options import EvalSpec

# A unit: long against the few milliseconds that it costs, short against the time that the last one is waited for.
_SHORTEST, _LONGEST = 0.05, 0.4
_UNITS_A_JOB = 12

Span = tuple[Mark | None, Mark | None]


class Unit(NamedTuple):
    """Some rows: where they begin and end in each input (None: its start, its end).

    rows: how many there are in PREDICTIONS, None where only reading them tells.
    """

    number: int
    spans: tuple[Span, ...]
    rows: int | None

    def opened(self, inputs: Inputs, stack: ExitStack) -> Inputs:
        """Return the inputs opened anew to read these rows, until the stack is closed."""
        given = [inputs.predictions, *([] if inputs.labels is None else [inputs.labels])]
        sources: list[Source] = []
        for source, span in zip(given, self.spans, strict=False):
            sources.append(source.again())
            stack.callback(sources[-1].close)
            sources[-1].only(*span)
        return Inputs(sources[0], sources[1] if len(sources) > 1 else inputs.labels, inputs.roles)

    def onwards(self) -> Unit:
        """Return these rows and all that follow."""
        return Unit(self.number, tuple((start, None) for start, _ in self.spans), None)


class Units:
    """The units of some inputs, looked for as they are taken."""

    def __init__(self, marks: Sequence[Marks], jobs: int) -> None:
        self._marks = marks
        self.seconds = sum(mark.seconds for mark in marks)
        share = self.seconds / (jobs * _UNITS_A_JOB)
        # Of two inputs PREDICTIONS says where.
        self._step = min(_LONGEST, max(_SHORTEST, share)) * marks[0].seconds / max(self.seconds, 1e-9)

    def __iter__(self) -> Iterator[Unit]:
        """Yield them in the order of their rows; the last one ends where the inputs do, wherever that is."""
        before: list[Mark | None] = [None for _ in self._marks]
        row, number = 0, 0
        while (places := self._next(row)) is not None:
            rows = places[0].row - row if row >= 0 <= places[0].row else None
            yield Unit(number, tuple(zip(before, places, strict=True)), rows)
            before, row, number = [*places], places[0].row, number + 1
        yield Unit(number, tuple((place, None) for place in before), None)

    def _next(self, row: int) -> list[Mark] | None:
        marks = self._marks[0]
        mine = marks.at(row + _ROWS) if _ROWS and self.counted else marks.ahead(0.0 if _ROWS else self._step)
        if mine is None or len(self._marks) == 1:
            return None if mine is None else [mine]
        yours = self._marks[1].at(mine.row) if mine.row >= 0 else None
        return None if yours is None else [mine, yours]

    @property
    def expected(self) -> int:
        """Return about how many there are."""
        return max(1, round(self._marks[0].seconds / self._step))

    @property
    def counted(self) -> bool:
        """Say whether the row of every place is known."""
        return all(mark.counted for mark in self._marks)


# Set by tests: rows of a unit, whatever work that is.
_ROWS = 0


def units_of(inputs: Inputs, spec: EvalSpec, jobs: int, stack: ExitStack) -> Units | None:
    """Return the units of what is worth sharing out and can be, None for anything else."""
    paired = inputs.labels is not None and not inputs.roles.on
    sources = [inputs.predictions, *([inputs.labels] if inputs.labels is not None and paired else [])]
    if jobs < 2 or not all(source.seekable for source in sources):
        return None
    found: list[Marks] = []
    for side, source in enumerate(sources):
        marks = source.marks(_numbers(inputs, spec, side))
        if marks is None or (paired and not marks.counted):
            return None
        stack.callback(marks.close)
        found.append(marks)
    units = Units(found, jobs)
    # Not switched on yet but for tests: signals and limits of memory have not been proven with processes.
    return units if _ROWS else None


def _numbers(inputs: Inputs, spec: EvalSpec, side: int) -> int:
    """Return how many numbers and texts of a row are wanted."""
    wanted = len(inputs.roles.wanted(side, spec))
    is_list = side == 0 and inputs.roles.prediction_list
    return wanted + (inputs.predictions.width_of(inputs.roles.predictions[0]) if is_list else 0)
