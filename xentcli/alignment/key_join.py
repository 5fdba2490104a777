"""Rows aligned by key: LABELS is held in memory, and each row of PREDICTIONS finds its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xentcli.alignment.held_columns import HeldColumns
from xentcli.alignment.keyed_piece import Found, KeyedPiece
from xentcli.alignment.keys.near import near_matches
from xentcli.alignment.keys.seen import Seen
from xentcli.alignment.keys.spelled import folded, key_text, keys_of, raw_key, shown_key, texts_of
from xentcli.alignment.keys.store import KeyStore, key_hashes
from xentcli.alignment.keys.table import Keys, KeyTable, bytes_needed
from xentcli.alignment.order_check import AlignedRows
from xentcli.columns.inputs import Inputs
from xentcli.columns.label_mapper import UNKNOWN_SHOWN, LabelMapper
from xentcli.errors import DataError, ResourceError
from xentcli.memory import free_bytes
from xentcli.sources.base import ColumnKind, Piece, Role, Source, Strings, error_at
from xentcli.spec.choices import Unmatched
from xentcli.text import count, path, quote

_SHOWN = 5
_DUPLICATE_HINT = "A key stands for one row; name more columns with --on if several together are the key."


class KeyedLabels:
    """LABELS by key.

    unmatched: what becomes of a key that one side has alone.
    """

    def __init__(self, inputs: Inputs, wanted: Mapping[str, Role], unmatched: Unmatched) -> None:
        assert inputs.labels is not None
        self.labels: Source = inputs.labels
        self.predictions = inputs.predictions
        self.names = [[pair[side].name for pair in inputs.roles.on] for side in (0, 1)]
        self._by = {one[0].name for one in inputs.roles.by}
        kinds = [{column.name: column.kind for column in source.columns} for source in (self.predictions, self.labels)]
        pairs = zip(*self.names, strict=True)
        self._booleans = [ColumnKind.BOOLEAN in (kinds[0][mine], kinds[1][yours]) for mine, yours in pairs]
        self._unmatched = unmatched
        self._keys = KeyStore()
        self._held = HeldColumns(wanted)
        self._table: KeyTable | None = None
        self._seen = Seen(0)
        self._alone: list[tuple[int, str]] = []
        self._alone_count = 0

    # Loading -------------------------------------------------------------------------------------

    def load(self, pieces: Iterator[Piece]) -> DataError | None:
        """Hold all rows of LABELS; return the error that ended them early, if one did."""
        failure: DataError | None = None
        checked_at = 0
        try:
            for piece in pieces:
                self._keys.add(keys_of(self._columns(piece, 1)))
                self._held.add(piece)
                if self._held.rows >= 2 * checked_at:
                    checked_at = self._held.rows
                    self._refuse_too_large()
        except DataError as error:
            failure = error
        if self._held.rows:
            self._held.close()
        self._table = self._keys.build()
        self._seen = Seen(self._held.rows)
        return failure

    def _refuse_too_large(self) -> None:
        """Raise ResourceError if all of LABELS would not fit the memory that is free, by what has been read of it."""
        read, size = self.labels.position()
        rows = self.labels.rows or int(self._held.rows * (size / read if size and read else 1.0))
        self.refuse_too_large(self._bytes_for(rows, self._keys.text_bytes), rows)

    def _bytes_for(self, rows: int, text_bytes: int | None) -> int:
        """Return about what so many rows of LABELS take in memory.

        text_bytes: what the texts of all keys so far take; None where keys are whole numbers.
        """
        texts = None if text_bytes is None else int(text_bytes * rows / self._held.rows)
        return bytes_needed(rows, texts) + int(rows * (self._held.bytes_a_row * 1.5 + 4))

    def bytes_needed_for(self, rows: int) -> int:
        """Return about what so many rows like those that are held take in memory."""
        assert self._table is not None
        keys = self._table.keys
        return self._bytes_for(rows, int(keys.offsets[-1]) if isinstance(keys, Strings) else None)

    @staticmethod
    def refuse_too_large(needed: int, rows: int) -> None:
        """Raise ResourceError where LABELS needs more memory than is free."""
        free = free_bytes()
        if free is not None and needed > free:
            raise ResourceError(
                f"--on holds LABELS in memory: about {count(rows, 'row')} need {needed:,} bytes, and {free:,} are free",
                hint="Give the smaller input as LABELS, or sort both by the key and leave out --on, or use whole "
                "numbers as keys; parts with the same keys in both can be evaluated apart.",
            )

    @property
    def held(self) -> HeldColumns:
        """Return the columns of LABELS."""
        return self._held

    def problems(self, mapper: LabelMapper | None, label: str | None) -> list[DataError]:
        """Return what is wrong with keys and labels, each the first of its kind; teaches the mapper all labels."""
        assert self._table is not None
        found: list[DataError] = []
        if self._table.first_duplicate is not None:
            row, earlier = self._table.first_duplicate
            found.append(self._duplicate(self.labels, 1, key_text(self._table.keys, row), (row, earlier)))
        if mapper is not None and label is not None:
            texts, firsts = self._held.distinct(label)
            codes = mapper.codes(texts, firsts)
            if len(codes) < len(firsts):
                unknown = [
                    (text, int(row))
                    for text, row in zip(texts.values, firsts, strict=True)
                    if mapper.why_left(text) is None and not mapper.could_name(text)
                ]
                found.append(mapper.contradiction or mapper.unknown_error(unknown[:UNKNOWN_SHOWN]))
        return found

    # Pairing -------------------------------------------------------------------------------------

    def looked_up(self, piece: Piece, first_row: int) -> Piece:
        """Return rows of PREDICTIONS with what LABELS, which is loaded, has for their keys; on any thread, in order.

        Nothing that a row is in error for is raised here: that is for whoever pairs them.
        """
        return KeyedPiece.of(piece, self._found(piece, first_row))

    def _found(self, piece: Piece, first_row: int) -> Found:
        assert self._table is not None
        keys = keys_of(self._columns(piece, 0))
        rows = self._table.find(keys)
        twice = self._seen.mark(rows, first_row)
        all_there = len(rows) == 0 or rows.min() >= 0
        return Found(rows, self._held.take(rows if all_there else np.maximum(rows, 0)), key_hashes(keys), twice)

    def pair(self, piece: Piece, first_row: int) -> tuple[AlignedRows, DataError | None]:
        """Return rows of PREDICTIONS with those of LABELS, up to the first whose key came before, and its error."""
        found = piece.found if isinstance(piece, KeyedPiece) else self._found(piece, first_row)
        failure: DataError | None = None
        n = piece.rows
        if found.twice is not None:
            n, earlier = found.twice
            key = key_text(keys_of(self._columns(piece, 0)), n)
            failure = self._duplicate(self.predictions, 0, key, (first_row + n, earlier))
            found = found.slice(0, n)
        alone = found.rows < 0
        unmatched = alone if alone.any() else None
        if unmatched is not None:
            self._note_alone(keys_of(self._columns(piece, 0)), np.flatnonzero(unmatched), first_row)
        if self._by:
            columns = zip(self.names[0], self._columns(piece, 0), strict=True)
            slices = {name: texts_of(keys) for name, keys in columns if name in self._by}
            piece = replace(piece, labels={**piece.labels, **slices})
        rows = np.arange(first_row, first_row + n)
        both = (piece.slice(0, n), found.labels)
        return AlignedRows(both, rows, found.rows, unmatched, found.identity), failure

    def _columns(self, piece: Piece, side: int) -> list[Keys]:
        """Return the columns of the key; text that is compared with booleans in lower case."""
        columns: list[Keys] = []
        for name, boolean in zip(self.names[side], self._booleans, strict=True):
            held = piece.order[name]
            columns.append(folded(held) if boolean and isinstance(held, Strings) else held)
        return columns

    def _note_alone(self, keys: Keys, rows: NDArray[np.intp], first_row: int) -> None:
        self._alone_count += len(rows)
        for row in rows[: _SHOWN - len(self._alone)].tolist():
            self._alone.append((first_row + row, raw_key(keys, row)))

    def _duplicate(self, source: Source, side: int, key: str, rows: tuple[int, int]) -> DataError:
        row, earlier = rows
        before = source.locate(earlier)
        where = f"record {before.record}" + (f" of {path(before.file)}" if len(source.files) > 1 else "")
        problem = f"the key {quote(key)} is also in {where}"
        return error_at(source, row, problem, column=self.names[side][0], hint=_DUPLICATE_HINT)

    def share(self) -> None:
        """Let processes that are forked from now on note together which rows of LABELS have a prediction."""
        self._seen = Seen(self._held.rows, shared=True)

    def begin_anew(self) -> None:
        """Forget which rows of LABELS have a prediction."""
        self._seen, self._alone, self._alone_count = Seen(self._held.rows), [], 0

    def finish_part(self) -> int:
        """Return 0: which rows of LABELS have no prediction is known when all parts are done.

        Raise DataError for keys of PREDICTIONS alone that must not be.
        """
        if self._alone_count and self._unmatched in {Unmatched.ERROR, Unmatched.DROP_LABELS}:
            raise self._unmatched_error(0, [], True)
        return 0

    def finish_parts(self, matched: int) -> int | None:
        """Return how many rows of LABELS have no prediction, after so many rows of all parts had one of LABELS.

        None where there is an error to look for: a key that two parts have, or rows left that must not be.
        """
        left, _ = self._seen.unseen(0)
        wrong = left and self._unmatched in {Unmatched.ERROR, Unmatched.DROP_PREDICTIONS}
        return None if wrong or self._held.rows - left != matched else left

    def finish(self) -> int:
        """Return how many rows of LABELS have no prediction. Raise DataError for keys on one side that must not be."""
        assert self._table is not None
        left, first = self._seen.unseen(_SHOWN)
        mine = self._alone_count and self._unmatched in {Unmatched.ERROR, Unmatched.DROP_LABELS}
        yours = left and self._unmatched in {Unmatched.ERROR, Unmatched.DROP_PREDICTIONS}
        if mine or yours:
            raise self._unmatched_error(left if yours else 0, first, bool(mine))
        return left

    def _unmatched_error(self, left: int, first: Sequence[int], mine: bool) -> DataError:
        assert self._table is not None
        parts, details = [], []
        if mine:
            parts.append(_lack(self._alone_count, self.predictions, "LABELS"))
            details += [self._detail(self.predictions, row, shown_key(key)) for row, key in self._alone]
        if left:
            parts.append(_lack(left, self.labels, "PREDICTIONS"))
            details += [self._detail(self.labels, row, key_text(self._table.keys, row)) for row in first]
        near = near_matches([key for _, key in self._alone], self._table) if self._alone else {}
        hint = "; ".join(f"{number} of the first {len(self._alone)} would match {why}" for why, number in near.items())
        hint = f"{hint}. Keys are compared as they stand: change a file." if hint else "Left out, they are counted."
        rows = [row for row, _ in self._alone]
        # Of rows on one side only, leaving out those of that side is all that is needed.
        sides = ["--unmatched drop-predictions"] if not left else ["--unmatched drop-labels"] if not mine else []
        return DataError(
            "; ".join(parts),
            order=(rows[0] if rows else 0, 2, 0),
            hint=hint,
            # Keys that are only spelt otherwise belong together: without those rows the number is another one.
            options=[] if near else [*sides, "--unmatched drop"],
            details=details,
        )

    def _detail(self, source: Source, row: int, key: str) -> str:
        spot = source.locate(row)
        return f"{path(spot.file)}, record {spot.record}: {quote(key)}"


def _lack(rows: int, source: Source, other: str) -> str:
    """Return that so many rows of one input have no match in the other."""
    verb = "has a key" if rows == 1 else "have keys"
    return f"{count(rows, 'row')} of {path(source.path)} {verb} that {other} has not"
