"""How much is tried where everything cannot be.

XENT_EXAMPLES percent of random examples and of widths, 30 unless told, 100 for all there is. Of soak tests a short
version with XENT_SOAK=short. Of long lists of cases one in three (`pytest.mark.one_in_three`, `conftest.py`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

SHARE = int(os.environ.get("XENT_EXAMPLES", "30"))
SHORT = os.environ.get("XENT_SOAK") == "short"
# Fewer random examples than this are hardly a search.
FEWEST = 20

T = TypeVar("T")


def examples(most: int, fewest: int = FEWEST) -> int:
    """Return how many random examples to try of the `most` that a full run tries."""
    return min(most, max(fewest, most * SHARE // 100))


def spread(values: Sequence[T]) -> list[T]:
    """Return the share of values in an order, evenly spread, the first and the last among them."""
    step = max(1, 100 // SHARE)
    return [*values[:-1:step], *values[-1:]]


def soak_size(short: int, full: int) -> int:
    """Return how much a soak test does: all by hand, little in `.ci/run`."""
    return short if SHORT else full
