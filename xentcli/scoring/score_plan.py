"""How the rows of a batch are checked and scored: what does not change during a pass."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.scoring.loss_terms import Charging
from xentcli.scoring.rejections import Cells
from xentcli.spec.options import EvalSpec
from xentcli.state.clipping import other_clip
from xentcli.state.scored_rows import Floats


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What does not change during a pass.

    predictions: the prediction cells in class order (one for two classes). weight, per, targets: where they come from.
    """

    spec: EvalSpec
    predictions: Cells
    weight: Cells | None
    per: Cells | None
    targets: Cells | None

    def charging(self, class_weight: Floats | None) -> Charging:
        """Return how losses are charged, with these weights of classes, (n_classes,) or None."""
        clip = self.spec.clip
        coarse = None if clip is None else other_clip(clip)
        return Charging(clip, coarse, class_weight, self.spec.label_smoothing)
