"""Which label rows were seen, against a plain dict."""

from __future__ import annotations

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from key_data import column

from xentcli.alignment.keys import seen as module
from xentcli.alignment.keys.seen import Seen

CALLS = st.lists(st.lists(st.integers(-1, 11), max_size=8), max_size=5)


@given(CALLS, st.sampled_from([0, 5, 2**32 - 9, 2**32 - 3, 2**32 + 7]), st.integers(0, 12))
@settings(deadline=None, max_examples=examples(300))
def test_the_first_prediction_of_a_label_row_keeps_it(calls: list[list[int]], first: int, limit: int) -> None:
    seen, by = Seen(12), {-1: -1}
    for call in calls:
        clash = None
        for i, row in enumerate(call):
            if row >= 0 and row in by:
                clash = (i, by[row])
                break
            by[row] = first + i
        assert seen.mark(column(call), first) == clash
        first += len(call)
        free = [row for row in range(12) if row not in by]
        assert seen.unseen(limit) == (len(free), free[:limit])


def test_four_bytes_a_row_and_eight_beyond_32_bits() -> None:
    seen = Seen(1000)
    assert seen.nbytes == 4000
    assert seen.mark(column([3]), 2**32 - 2) is None
    assert seen.nbytes == 4000
    assert seen.mark(column([4]), 2**32 - 1) is None
    assert seen.nbytes == 8000
    assert seen.mark(column([5, 3]), 2**32) == (1, 2**32 - 2)
    assert seen.mark(column([4]), 2**32 + 1) == (0, 2**32 - 1)


def test_unseen_rows_are_looked_for_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    # Blocks are small, so that few rows are several.
    monkeypatch.setattr(module, "_BLOCK", 4)
    seen = Seen(11)
    seen.mark(column([0, 1, 2, 3, 4, 9]), 0)
    assert seen.unseen(2) == (5, [5, 6])
    assert seen.unseen(4) == (5, [5, 6, 7, 8])
    assert seen.unseen(99) == (5, [5, 6, 7, 8, 10])
    assert Seen(0).unseen(3) == (0, [])


def test_many_rows_at_once() -> None:
    rows = np.random.default_rng(0).permutation(200_000)
    seen = Seen(len(rows))
    assert seen.mark(rows, 0) is None
    assert seen.unseen(5) == (0, [])
    assert seen.mark(rows[::-1], 500_000) == (0, 199_999)
