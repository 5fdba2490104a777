"""PREDICTIONS read on a thread of their own: whoever lets go of them stops the reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from xentcli.alignment.prefetch import Lookups
from xentcli.sources.base import Piece


class Keyed:
    """Looks nothing up."""

    def looked_up(self, piece: Piece, row: int) -> Piece:
        return piece


def lookups(pieces: Iterator[Piece]) -> Lookups:
    keyed: Any = Keyed()
    return Lookups(pieces, keyed)


def pieces(read: list[int], most: int) -> Iterator[Piece]:
    for at in range(most):
        read.append(at)
        time.sleep(0.001)
        yield Piece(1, {"p": np.zeros(1)})


def test_what_is_looked_up_comes_in_order_and_to_its_end() -> None:
    read: list[int] = []
    found = lookups(pieces(read, 7))
    assert list(found.after(iter([]))) == []
    found.loaded()
    assert len(list(found)) == 7
    found.stop()
    assert read == list(range(7))


def test_once_stopped_nothing_more_is_read() -> None:
    read: list[int] = []
    found = lookups(pieces(read, 10_000))
    list(found.after(iter([])))
    found.loaded()
    next(iter(found))
    found.stop()
    # The one that was under way, and no other.
    held = len(read)
    time.sleep(0.05)
    assert len(read) == held < 20
    assert not [thread for thread in threading.enumerate() if thread.name == "xent-ahead"]


def test_stopped_before_labels_are_loaded_it_ends_too() -> None:
    read: list[int] = []
    found = lookups(pieces(read, 10_000))
    list(found.after(iter([])))
    time.sleep(0.01)
    found.stop()
    time.sleep(0.05)
    assert len(read) < 20
