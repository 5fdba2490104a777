"""What can go wrong, and the exit code that says so."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from xentcli.text import path, quote

_MOST_LINES = 10


class ExitStatus(IntEnum):
    """Exit codes of `xent`. 1 is kept for gates that were not met, and nothing else."""

    OK = 0
    GATE = 1
    ERROR = 2
    INTERRUPTED = 130
    TERMINATED = 143


class XentError(Exception):
    """An evaluation that cannot be done: what is wrong, and what to do about it.

    `str()` of it is the whole message: one line, a second with the hint if there is one, then at most ten
    lines of details and options. Text that comes from files is escaped by whoever builds the message (`text.quote`).
    options: what settles it, each as it is typed in a shell, the likeliest first.

    >>> print(XentError("the header is one column", hint="Is the delimiter ';'?", options=["--delimiter ';'"]))
    the header is one column
      Is the delimiter ';'?
      Try --delimiter ';'
    """

    def __init__(
        self, problem: str, *, hint: str = "", details: Sequence[str] = (), options: Sequence[str] = ()
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.details = tuple(details)
        self.options = tuple(options)
        # What inspection found before it, as an `InspectResult`, where there is one.
        self.inspection: object = None

    def headline(self) -> str:
        """Return the first line of the message."""
        return self.problem

    def __str__(self) -> str:
        lines = [self.headline()]
        if self.hint:
            lines.append(self.hint)
        options = self.options[:_MOST_LINES]
        lines += self.details[: _MOST_LINES - len(options)]
        # Options line up, so that any of them is copied from the same column.
        lines += [f"{'or ' if at else 'Try'} {option}" for at, option in enumerate(options)]
        return "\n  ".join(lines)


class UsageError(XentError):
    """An option that cannot mean anything, alone or with the others."""


class ResourceError(XentError):
    """Memory, disk or another limit of the machine was reached."""


class OutputError(XentError):
    """A result that could not be written where it was asked for."""


class DataError(XentError):
    """Input that cannot be read or evaluated, with the place where it was found.

    `record` counts from 1 at the first data row of its file; `line` is the line of a text file. `order` is the
    place among all errors of a run: (row counted from 0 over the whole input, 0 for PREDICTIONS and 1 for
    LABELS, column). Of several errors the one with the lowest `order` is reported, so that the number of
    threads and the size of chunks never change which it is.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        record: int | None = None,
        line: int | None = None,
        column: str | None = None,
        order: tuple[int, int, int] = (0, 0, -1),
        hint: str = "",
        details: Sequence[str] = (),
        options: Sequence[str] = (),
    ) -> None:
        super().__init__(problem, hint=hint, details=details, options=options)
        self.file = file
        self.record = record
        self.line = line
        self.column = column
        self.order = order
        # Which row of its input it is about, where `file` and `record` have yet to say so.
        self.row: int | None = None
        # Of predictions that are read but not allowed: the number, and whether it is the sum of a row.
        self.value: float | None = None
        self.of_sum = False
        # The values of the record before the bad one, as a `sources.base.Piece` of one row, where there are any.
        self.partial: object = None

    @property
    def side(self) -> int:
        """Return 0 for an error about PREDICTIONS and 1 for one about LABELS."""
        return self.order[1]

    def headline(self) -> str:
        """Return `FILE, record R (line L), column 'C': problem`, with the parts that are known."""
        place: list[str] = []
        if self.file is not None:
            place.append(path(self.file))
        if self.record is not None:
            place.append(f"record {self.record}" + (f" (line {self.line})" if self.line is not None else ""))
        elif self.line is not None:
            place.append(f"line {self.line}")
        if self.column is not None:
            place.append(f"column {quote(self.column)}")
        return ", ".join(place) + ": " + self.problem if place else self.problem
