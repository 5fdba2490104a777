"""What figures depend on besides the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SNAP = 1e-6
"""A probability this far outside [0, 1] is rounding of whoever wrote it; further is an error."""

DEFAULT_CLIP = 2.0**-52

MIN_EFFECTIVE_ROWS = 10
"""Below this many effective rows an interval would promise more than the data can hold."""

LN2 = math.log(2)

LABEL_ONLY = ("label-probs", "label-logprobs")
"""Inputs that say of a row no more than what its own label was given."""

Figures = dict[str, float | int | None]

Label = int | Sequence[float]
"""A class index, or one number for each class: a distribution."""


@dataclass(frozen=True)
class Settings:
    """What the figures depend on besides the rows; `class_weights` are in class order.

    `n_classes` is 0 where there are no labels, which only the inputs that speak of the label alone allow.
    """

    n_classes: int
    input: str = "probs"
    clip: float | None = DEFAULT_CLIP
    sum_tolerance: float = 0.01
    renormalize: bool = False
    unit: str = "nats"
    confidence: float = 0.95
    class_weights: tuple[float, ...] | None = None
    label_smoothing: float = 0.0
    weight_kind: str = "importance"

    @property
    def label_only(self) -> bool:
        """Whether nothing is known of the classes that a row is not labelled with."""
        return self.input in LABEL_ONLY

    @property
    def counts(self) -> bool:
        """Whether a row of weight w stands for w equal rows."""
        return self.weight_kind == "count"


def default_clip(kind: str) -> float | None:
    """Return the clip where none is asked for."""
    return DEFAULT_CLIP if kind in {"probs", "label-probs"} else None
