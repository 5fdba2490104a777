"""What is done with a unit of work, wherever that is: its rows are read and scored, and what came of it is a shard."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xentcli.alignment.aligner import Part
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.classes import Classes
from xentcli.columns.inputs import Inputs
from xentcli.columns.one_column import OneColumn
from xentcli.engine.single_pass import Pass
from xentcli.engine.units import Unit
from xentcli.errors import XentError
from xentcli.sources.base import Texts
from xentcli.sources.pool import Idle
from xentcli.spec.options import EvalSpec
from xentcli.state.shard import Shard

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels


class Piecework(NamedTuple):
    """What came of a unit: how many rows of PREDICTIONS it has, and which labels were met where they name classes."""

    shard: Shard
    rows: int
    met: tuple[str, ...]


class OtherRowsError(Exception):
    """A unit does not have the rows that it was said to have: somebody else has to find out why."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was settled before the first unit: the same for all of them.

    keyed: LABELS, loaded, where keys align the rows.
    """

    spec: EvalSpec
    inputs: Inputs
    classes: Classes
    keyed: KeyedLabels | None
    labels_given: bool

    def run(self, unit: Unit) -> Piecework:
        """Return what came of a unit. Raises what its rows are in error for, or OtherRowsError."""
        with ExitStack() as stack:
            inputs = unit.opened(self.inputs, stack)
            one = Pass(self.spec, inputs, self.classes)
            sources = [inputs.predictions, *([inputs.labels] if inputs.labels and self.keyed is None else [])]
            wanted = [inputs.roles.wanted(side, self.spec) for side in range(len(sources))]
            pieces = [source.pieces(wanted[side], Idle(), 0) for side, source in enumerate(sources)]
            one.add_up(list(map(Stream, pieces)), self.keyed, self.spec.chunk_rows, part=Part(whole=False))
            if unit.rows not in {None, one.rows}:
                raise OtherRowsError
            mapper = self.classes.mapper
            shard = one.shard(self.classes.names if mapper is None else mapper.names(), self.labels_given)
            met = tuple(mapper.met) if isinstance(mapper, OneColumn) else ()
        return Piecework(shard, one.rows, met)


class Together:
    """The units that are done, added up in the order of their rows as they come in."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.shard: Shard | None = None
        self.rows = 0
        self._early: dict[int, Piecework] = {}
        self._next = 0

    def add(self, unit: Unit, found: Piecework) -> None:
        """Add a unit, once all units before it are there: the number of its first row is known then.

        Raises UsageError where units have met what one pass would refuse.
        """
        self._early[unit.number] = found
        while (one := self._early.pop(self._next, None)) is not None:
            moved = one.shard.after(self.rows)
            self.shard = moved if self.shard is None else self.shard.merge(moved)
            self.rows, self._next = self.rows + one.rows, self._next + 1
            self._learn(one.met)

    def _learn(self, met: tuple[str, ...]) -> None:
        """Let labels say here what they are called, as they would in one pass."""
        mapper = self.work.classes.mapper
        new = [] if mapper is None else [text for text in met if mapper.known(text) is None]
        if mapper is not None and new:
            codes = mapper.codes(Texts(np.arange(len(new)), new), np.zeros(len(new), dtype=np.int64))
            if len(codes) < len(new):
                raise mapper.contradiction or mapper.unknown_error([(new[len(codes)], 0)])

    def whole(self) -> Shard | None:
        """Return the sums of all units; None where one pass would have refused them, so that it has to say how."""
        shard, keyed = self.shard, self.work.keyed
        if shard is None:
            return None
        try:
            names = self.work.classes.finish()
        except XentError:
            return None
        if keyed is not None:
            counts = shard.state.rows
            matched = sum(counts.number(name) for name in ("read", "zero_weight", "dropped", "ignored"))
            left = keyed.finish_parts(matched)
            if left is None:
                return None
            shard = shard.with_unmatched_labels(left)
        return shard if shard.cells is not None or names.classes == shard.names.classes else None
