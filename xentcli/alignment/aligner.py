"""Predictions and labels, row by row in the order of the files, as batches of whole rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from xentcli.alignment.batch_maker import BatchMaker
from xentcli.alignment.order_check import Agreement, AlignedRows
from xentcli.alignment.row_cursor import Stream
from xentcli.columns.headerless import headless_by_rows
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_mapper import UNKNOWN_SHOWN
from xentcli.errors import DataError
from xentcli.numerics.column_matrix import joined_columns
from xentcli.scoring.batch import Batch, Left, Probe
from xentcli.sources.base import Piece, Texts, error_at
from xentcli.spec.parsing import typed
from xentcli.text import count, quote

if TYPE_CHECKING:
    from xentcli.alignment.key_join import KeyedLabels

_MOST_DRAINED = 1_000_000
_MOST_KEYS = 3


class Part(NamedTuple):
    """Which part of all rows is paired: whether it is all of those to find for the rows of LABELS, and how many rows
    come before it.
    """

    whole: bool = True
    before: int = 0


class Aligner:
    """Pairs the two inputs and yields batches: of `chunk_rows` rows, or as the files deliver them.

    Rows are paired by their order, from a stream of each input, or by `keyed`, from a stream of PREDICTIONS alone.
    An error is raised only after every row before its own was yielded, so that whoever scores those can find an
    earlier one.
    """

    def __init__(
        self,
        inputs: Inputs,
        streams: list[Stream],
        maker: BatchMaker,
        chunk_rows: int | None,
        keyed: KeyedLabels | None = None,
        *,
        part: Part | None = None,
    ) -> None:
        self.inputs = inputs
        self.streams = streams
        self.maker = maker
        self.mapper = maker.mapper
        self.chunk_rows = chunk_rows
        self.keyed = keyed
        self.part = Part() if part is None else part
        self.rows = 0
        self.unmatched_labels = 0
        # Whether a blank line that ends LABELS was taken for a row without a label.
        self.blank_taken = False
        self._agreement = Agreement(inputs)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Return the shared columns that turned out to hold fractions, and so do not tell the order of rows."""
        return tuple(self._agreement.unchecked)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows in order."""
        waiting: list[Batch] = []
        held = 0
        try:
            for batch in self._segments():
                if batch.probe is not Probe.NO:
                    # Errors are looked for in the order in which batches come: what is held goes first.
                    if waiting:
                        yield _joined(waiting)
                        waiting, held = [], 0
                    yield batch
                    continue
                waiting.append(batch)
                held += len(batch)
                if self.chunk_rows is None or held == self.chunk_rows:
                    yield _joined(waiting)
                    waiting, held = [], 0
        except DataError:
            if waiting:
                yield _joined(waiting)
            raise
        if waiting:
            yield _joined(waiting)

    def _segments(self) -> Iterator[Batch]:
        """Yield batches that end wherever a piece of either input or a chunk ends."""
        first_row = 0
        while True:
            room: list[int] = []
            for stream in self.streams:
                try:
                    room.append(stream.available())
                except DataError as unreadable:
                    yield from self._before(unreadable, first_row, room)
                    raise
            if not all(room):
                if self._has_a_last_missing_label(room):
                    continue
                break
            rows = min(room)
            if self.chunk_rows is not None:
                rows = min(rows, self.chunk_rows - first_row % self.chunk_rows)
            taken = [stream.take(rows) for stream in self.streams]
            rows_here, error = self._paired(taken, first_row)
            good, differs = self._agreement.of(rows_here)
            error = error if differs is None else differs
            batch, too_many = self.maker.make(rows_here, good)
            if len(batch):
                yield batch
            if len(batch) < good:
                error = too_many or self._label_error(rows_here, len(batch))
            if error is not None:
                one = rows_here if len(batch) < len(rows_here.rows) else _unpaired(taken[0], first_row)
                yield from self._probes(one, len(batch), error)
                raise error
            first_row += rows
            self.rows = first_row
        if self.keyed is not None:
            self.unmatched_labels = self.keyed.finish() if self.part.whole else self.keyed.finish_part()
        elif len(self.streams) == 2:
            self._refuse_unequal()

    def _has_a_last_missing_label(self, room: list[int]) -> bool:
        """Say whether a blank line that ends LABELS is a row without a label: one is short, and those are left out.

        If so the row is there from now on.
        """
        labels, mapper = self.inputs.labels, self.mapper
        if len(room) < 2 or not room[0] or labels is None or mapper is None:
            return False
        if self.blank_taken or not labels.trailing_blank or mapper.left.get("") is not Left.MISSING:
            return False
        self.blank_taken = True
        none = Texts(np.full(1, -1, dtype=np.intp), ())
        self.streams[1].append(Piece(1, {}, {self.inputs.roles.label[0].name: none}))
        return True

    def _paired(self, taken: list[Piece], first_row: int) -> tuple[AlignedRows, DataError | None]:
        """Return aligned rows, and the error of the row after them if it has no key of its own."""
        if self.keyed is not None:
            return self.keyed.pair(taken[0], first_row)
        rows = np.arange(first_row, first_row + taken[0].rows, dtype=np.int64)
        return AlignedRows((taken[0], taken[-1]), rows), None

    def _label_error(self, rows: AlignedRows, at: int) -> DataError:
        assert self.mapper is not None
        return self.mapper.contradiction or self._unknown(rows, at)

    def _before(self, error: DataError, row: int, room: list[int]) -> Iterator[Batch]:
        """Yield what can be validated of a row whose record could not be read, and raise a label's error before it."""
        nothing = Piece(1, {})
        held = error.partial if isinstance(error.partial, Piece) else nothing
        if not room:
            lowest = self._label_before(held, row, error)
            yield from self._probes(_unpaired(held, row), 0, lowest)
            if lowest is not error:
                raise lowest
        elif room[0]:
            yield from self._probes(_unpaired(self.streams[0].take(1), row), 0, error)

    def _label_before(self, held: Piece, row: int, error: DataError) -> DataError:
        """Return the error of a label to the left of the bad cell in the same record, or the given one."""
        label = self.inputs.roles.label
        texts = held.labels.get(label[0].name) if label and label[0].side == 0 else None
        if texts is None or self.mapper is None or texts.codes[0] < 0:
            return error
        text = texts.values[int(texts.codes[0])]
        if self.mapper.why_left(text) is not None or self.mapper.could_name(text):
            return error
        return self.mapper.unknown_error([(text, row)])

    def _probes(self, rows: AlignedRows, at: int, error: DataError) -> Iterator[Batch]:
        """Yield row `at` of these to be validated, as far as it comes before the place of an error in it.

        All of PREDICTIONS comes before LABELS; in one file, the columns to the left.
        """
        row, side, position = error.order
        if at >= len(rows.rows) or row != rows.rows[at]:
            return
        one = [piece.slice(at, at + 1) for piece in rows.sides]
        before = position if side == 0 else None
        source, roles = self.inputs.predictions, self.inputs.roles
        left = {
            column.name
            for place, column in enumerate(source.columns)
            if column.name in one[0].numbers and (before is None or place < before)
        }
        names = roles.predictions if self.maker.is_list else self.maker.names()
        zeros = np.zeros(1)
        cells = tuple(one[0].numbers[name] if name in left else zeros for name in names)
        if self.maker.is_list:
            listed = one[0].numbers[names[0]] if names[0] in left else np.zeros((1, len(self.maker.names())))
            cells = tuple(listed[:, int(k)] for k in self.maker.names())
        weight = None
        if roles.weight and roles.weight[0].side == 0 and roles.weight[0].name in left:
            weight = one[0].numbers[roles.weight[0].name]
        whole = before is None and left.issuperset(names)
        probe = Probe.ROWS if whole else Probe.CELLS
        here = np.array([row], dtype=np.int64)
        yield self.maker.probe(cells, weight, here, probe)

    def _unknown(self, rows: AlignedRows, at: int) -> DataError:
        """Return the error for the label at row `at` of these and, with it, the next ones that name no class."""
        assert self.mapper is not None
        label = self.inputs.roles.label[0]
        found: dict[str, int] = {}
        stream = self.streams[label.side if len(self.streams) == 2 else 0]
        texts, first_row = rows.sides[label.side].labels[label.name], int(rows.rows[0])
        start = at
        while True:
            first_of_each = np.sort(np.unique(texts.codes[start:], return_index=True)[1]) + start
            for row in first_of_each.tolist():
                if len(found) == UNKNOWN_SHOWN:
                    break
                text = texts.values[int(texts.codes[row])] if texts.codes[row] >= 0 else None
                if text is None or self.mapper.why_left(text) is not None or self.mapper.could_name(text):
                    continue
                found.setdefault(text, first_row + row)
            first_row += len(texts.codes)
            start = 0
            try:
                more = stream.available() if len(found) < UNKNOWN_SHOWN else 0
            except DataError:
                more = 0
            if not more:
                break
            texts = stream.take(more).labels[label.name]
        return self.mapper.unknown_error(list(found.items())[:UNKNOWN_SHOWN])

    def _refuse_unequal(self) -> None:
        sources = (self.inputs.predictions, self.inputs.labels)
        # A pipe may go on for ever.
        most = [None if source is None or source.seekable else _MOST_DRAINED for source in sources]
        totals = [stream.drain(limit) for stream, limit in zip(self.streams, most, strict=True)]
        if totals[0] == totals[1]:
            return
        labels = self.inputs.labels
        assert labels is not None
        shorter = min(totals)
        if self.mapper is not None and (headless := self.mapper.headless_if_apt()) is not None:
            raise headless
        for side, source in enumerate((self.inputs.predictions, labels)):
            blank = source.trailing_blank and not (side and self.blank_taken)
            if blank and totals[side] + 1 == totals[1 - side]:
                problem = "the last line is blank: an empty cell, where the other input has a row"
                options = ["--missing drop"] if side and self.mapper is not None else []
                raise error_at(source, shorter, problem, column=source.columns[0].name, options=options)
        if totals[0] == totals[1] + 1 and (headless := headless_by_rows(labels, self.mapper)) is not None:
            raise headless
        before = self.part.before
        raise unequal(self.inputs, (count(totals[0] + before, "row"), f"{totals[1] + before:,}"), shorter)


def unequal(inputs: Inputs, rows: tuple[str, str], shorter: int) -> DataError:
    """Return the error for inputs of different lengths, which are given as text, and the shorter as a number."""
    assert inputs.labels is not None
    mine, yours = (quote(source.path, 4096) for source in (inputs.predictions, inputs.labels))
    return DataError(
        f"{mine} has {rows[0]}, but {yours} has {rows[1]}",
        order=(shorter, 2, 0),
        hint="Row i of one belongs to row i of the other, unless a key that both have is named.",
        options=[typed("--on", [name]) for name in inputs.roles.shared[:_MOST_KEYS]],
    )


def _unpaired(piece: Piece, first_row: int) -> AlignedRows:
    """Return rows of PREDICTIONS with nothing beside them, to be probed."""
    return AlignedRows((piece, piece), np.arange(first_row, first_row + piece.rows, dtype=np.int64))


def _joined(batches: list[Batch]) -> Batch:
    """Return several batches as one."""
    if len(batches) == 1:
        return batches[0]

    def whole(name: str) -> Any:
        parts = [getattr(batch, name) for batch in batches]
        return None if parts[0] is None else np.concatenate(parts)

    def columns(name: str) -> Any:
        parts = [getattr(batch, name) for batch in batches]
        return None if parts[0] is None else joined_columns(parts)

    at = np.cumsum([0, *(len(batch) for batch in batches)])
    snapped = np.concatenate([batch.snapped + before for batch, before in zip(batches, at, strict=False)])
    names = ("labels", "weight", "rows", "label_rows", "identity", "per", "slices", "cells")
    held = {name: whole(name) for name in names}
    last = batches[-1]
    return Batch(
        columns=columns("columns"),
        targets=columns("targets"),
        snapped=snapped,
        sizes=last.sizes,
        hashes=last.hashes,
        class_weight=last.class_weight,
        **held,
    )
