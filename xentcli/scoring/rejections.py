"""Why a value that was read is refused, and what to do about it; where it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xentcli.errors import DataError
from xentcli.numerics.class_axis import SNAP
from xentcli.spec.choices import InputKind
from xentcli.spec.options import EvalSpec
from xentcli.text import count

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of one input that are read as numbers: in class order, or one column of lists, whose numbers are.

    side: 0 is PREDICTIONS, 1 is LABELS. places: where each column stands in its file, then how many columns that has.
    """

    side: int
    names: tuple[str, ...]
    places: tuple[int, ...]
    is_list: bool = False

    def error(self, problem: str, at: int, k: int | None, hint: str = "", row: int | None = None) -> DataError:
        """Return an error about number `k` (None: all of them) of row `at` of the input, which has yet to be located.

        row: which row of the evaluation that is, where rows of both inputs are paired by keys.
        """
        column = 0 if self.is_list else k
        name = None if column is None else self.names[column]
        if self.is_list and k is not None:
            problem = f"number {k + 1} of the list: {problem}"
        order = (at if row is None else row, self.side, self.places[-1 if column is None else column])
        error = DataError(problem, column=name, order=order, hint=hint)
        error.row = at
        return error


def why_invalid(value: float, kind: InputKind) -> tuple[str, str]:
    """Return what is wrong with a prediction, and a hint."""
    if math.isnan(value):
        return "the value is missing: it is NaN", "Every row needs a number here; leave out rows without one."
    if kind is InputKind.LOGITS:
        return f"{value!r} is not a logit: logits are finite, or -inf to mask a class", ""
    if kind in {InputKind.LOGPROBS, InputKind.LABEL_LOGPROBS}:
        return f"{value!r} is not a log-probability: those are 0 or below", ""
    return f"{value!r} is not a probability: those are from 0 to 1", ""


def why_sum(total: float, k: int, spec: EvalSpec) -> tuple[str, str]:
    """Return what is wrong with the sum of a row's probabilities, and a hint."""
    what = "probabilities" if spec.input is InputKind.PROBS else "probabilities (e to the log-probabilities)"
    if total == 0.0:
        hint = "Give the row probabilities that sum to 1, or leave it out."
        if spec.renormalize:
            return f"the {what} sum to 0; there is nothing to renormalize", hint
        far = f"further than {spec.tolerance:g} from 1" if spec.tolerance < 1.0 else "so no class is possible"
        return f"the {what} sum to 0, {far}", hint
    explained = next((d for d in range(1, 17) if k * 0.5 * 10.0**-d < abs(total - 1.0)), 16) - 1
    if explained:
        hint = f"Rounding {k} probabilities to {count(explained, 'decimal')} would explain it."
    elif spec.input is InputKind.PROBS and total > 1.0 + SNAP:
        hint = "Labels that do not exclude each other are one binary row each."
    else:
        hint = ""
    return f"the {what} sum to {total:.6g}, further than {spec.tolerance:g} from 1", hint


def why_no_distribution(parts: Floats, k: int | None) -> tuple[str, str]:
    """Return what is wrong with a label that should be a distribution, and a hint; `k` is its first bad part."""
    several = int((parts == 1.0).sum())
    if several > 1:
        return f"the label has {several} ones: it names several classes", (
            "Labels that do not exclude each other are melted: one binary row for each label of a row."
        )
    if k is not None:
        value = float(parts[k])
        if math.isnan(value):
            return "the part is missing: it is NaN", "Every class needs a part in the label, 0 where it has none."
        if value > 1.0:
            return f"{value!r} is no part of a distribution: those are from 0 to 1", (
                "If these are numbers of annotators, divide each row by its sum."
            )
        return f"{value!r} is no part of a distribution: those are from 0 to 1", ""
    total = math.fsum(parts.tolist())
    return f"the parts of the label sum to {total:.9g}, not to 1", "Divide each row by its sum, or leave it out."
