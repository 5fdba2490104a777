"""How the rows of a batch are checked and scored: what does not change during a pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentcli.scoring.loss_terms import Charging
from xentcli.scoring.rejections import Cells
from xentcli.spec.options import EvalSpec
from xentcli.state.clipping import other_clip
from xentcli.state.scored_rows import Floats


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What does not change from batch to batch.

    predictions: the prediction cells in class order (one for two classes). weight, per, targets: where they come from.
    class_weight: (n_classes,) or None. hashes: (n_classes,) of the classes' labels. counts: how many slices, and cells
    where they are not slice·K + class, there are so far.
    """

    spec: EvalSpec
    predictions: Cells
    weight: Cells | None
    per: Cells | None
    targets: Cells | None
    n_classes: int
    hashes: NDArray[np.uint64]
    class_weight: Floats | None = None
    counts: tuple[int, int] = (1, 0)

    @property
    def charging(self) -> Charging:
        """Return how losses are charged."""
        clip = self.spec.clip
        coarse = None if clip is None else other_clip(clip)
        return Charging(clip, coarse, self.class_weight, self.spec.label_smoothing)
