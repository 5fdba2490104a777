"""How much is tried where everything cannot be: XENT_EXAMPLES percent, 30 unless told, 100 for all there is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

SHARE = int(os.environ.get("XENT_EXAMPLES", "30"))
# Fewer random examples than this are hardly a search.
FEWEST = 20

T = TypeVar("T")


def examples(most: int) -> int:
    """Return how many random examples to try of the `most` that a full run tries."""
    return min(most, max(FEWEST, most * SHARE // 100))


def spread(values: Sequence[T]) -> list[T]:
    """Return the share of values in an order, evenly spread, the first and the last among them."""
    step = max(1, 100 // SHARE)
    return [*values[:-1:step], *values[-1:]]
