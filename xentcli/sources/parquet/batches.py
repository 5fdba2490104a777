"""Batches of very short row groups joined: each costs a millisecond to score, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

_ENOUGH_ROWS = 1 << 12
_MOST_HELD = 16 << 20


def joined(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Yield batches of the same rows, none short where the next ones could follow it.

    rows: how many a batch has at most as it comes. An error comes after all that was read before it.
    """
    enough = min(_ENOUGH_ROWS, rows)
    held: list[pa.RecordBatch] = []
    held_rows = held_bytes = 0
    failure: Exception | None = None
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:  # raised below, in its turn
            failure = error
            break
        if batch is None:
            break
        held.append(batch)
        held_rows += batch.num_rows
        held_bytes += batch.get_total_buffer_size()
        if held_rows < enough and held_bytes >= _MOST_HELD:
            # Of one row with a dictionary Arrow may hold 300 kB, which are let go of so.
            held = _as_one(held)
            held_bytes = sum(part.get_total_buffer_size() for part in held)
        if held_rows >= enough or held_bytes >= _MOST_HELD:
            yield from _as_one(held)
            held, held_rows, held_bytes = [], 0, 0
    yield from _as_one(held)
    if failure is not None:
        raise failure


def _as_one(batches: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """Return batches as one, or as they are where one may be damaged: joining them relies on what is in them."""
    if len(batches) < 2:
        return batches
    try:
        for batch in batches:
            batch.validate(full=True)
        return list(pa.Table.from_batches(batches).combine_chunks().to_batches())
    except pa.ArrowException:
        return batches
