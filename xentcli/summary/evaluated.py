"""All that warnings are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from xentcli.results.class_names import ClassNames
from xentcli.results.figures import ClassResult, Overall
from xentcli.spec.options import EvalSpec
from xentcli.state.eval_state import EvalState
from xentcli.state.shard import Read
from xentcli.summary.figures import Basis, Scale, Sums


@dataclass(frozen=True, slots=True)
class Evaluated:
    """All that warnings are drawn from."""

    spec: EvalSpec
    names: ClassNames
    sums: Sums
    overall: Overall
    classes: tuple[ClassResult, ...]
    basis: Basis
    read: Read

    @property
    def scale(self) -> Scale:
        """Return how losses are given."""
        return self.basis.scale

    @property
    def state(self) -> EvalState:
        """Return the sums over all rows."""
        return self.sums.state

    @property
    def clip(self) -> float | None:
        """Return the clip in force."""
        return self.spec.clip
