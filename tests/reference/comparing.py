"""Which figures of a result are not those of the reference, and how far apart two right answers may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference.rows import score_rows
from reference.settings import LN2, Figures, Label, Settings
from reference.slices import holm

RELATIVE = 1e-12
CANCELLED = 4e-15
"""How far off a difference may be, in units of what cancelled: its parts are right to a few ulp."""

NOT_COMPARED = {"ece", "ece_by_chance", "mce", "clusters"}
LEFT_OUT = ("dropped_rows", "ignored_rows", "unmatched_predictions", "unmatched_labels")
OF_AN_INFINITE_LOSS = {"loss_share", "loss_ratio", "clipped_loss_share"}


@dataclass(frozen=True)
class Scale:
    """The largest finite loss of a row that counts, in the unit of the result, and whether sums were divided out."""

    largest: float
    infinite: bool = False
    renormalized: bool = False


def scale_of(
    rows: Sequence[Sequence[float]],
    labels: Sequence[Label] | None,
    weights: Sequence[float] | None,
    settings: Settings,
) -> Scale:
    """Return the scale of these rows: the most that a unit of weight is charged, in a row or in a class of it."""
    most, infinite = 0.0, False
    for row in score_rows(rows, labels, weights, settings):
        if row is not None:
            infinite = infinite or row.charge is None
            pairs = [(row.charge, row.term), *zip(row.charges, row.terms, strict=True)]
            most = max(most, *(float(charge / term) for charge, term in pairs if charge is not None and term), 0.0)
    return Scale(most / LN2 if settings.unit == "bits" else most, infinite, settings.renormalize)


def section_differences(actual: Mapping[str, Any], expected: Figures, scale: Scale, whole: Figures) -> list[str]:
    """Return a line for each figure that is not there or not the reference's; `whole` is the reference's overall."""
    found = []
    for key, value in expected.items():
        section, _, name = key.rpartition(".")
        figures: Mapping[str, Any] = (actual.get(section) or {}) if section else actual
        if name not in figures:
            found.append(f"there is no {key}")
        elif whole["loss"] == math.inf and name in OF_AN_INFINITE_LOSS:
            continue
        elif not _agree(figures[name], value, tolerance(key, expected, scale)):
            found.append(f"{key} is {figures[name]!r}, the reference has {value!r}")
    return found


def unknown_keys(actual: Mapping[str, Any], expected: Figures) -> set[str]:
    """Return the keys of a result that the reference says nothing of."""
    known = {key.partition(".")[0] for key in expected}
    return actual.keys() - known - NOT_COMPARED - {"loss_per", "class", "by", "overall", "classes", "p_adjusted"}


def slice_differences(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each adjusted p value that is not Holm's of the p values beside it."""
    adjusted = holm([part["p_value"] for part in parts])
    return [
        f"p_adjusted of {part['by']} is {part['p_adjusted']!r}, by Holm {wanted!r}"
        for part, wanted in zip(parts, adjusted, strict=True)
        if not _agree(part["p_adjusted"], wanted, (RELATIVE, 0.0))
    ]


def _agree(actual: Any, expected: float | None, allowed: tuple[float, float]) -> bool:
    if expected is None or math.isinf(expected):  # an infinite figure is null, and listed elsewhere
        return actual is None
    if isinstance(expected, int):
        return bool(actual == expected)
    return actual is not None and math.isclose(actual, expected, rel_tol=allowed[0], abs_tol=allowed[1])


def tolerance(key: str, expected: Figures, scale: Scale) -> tuple[float, float]:
    """Return how far off a figure may be, relatively and absolutely, because terms right to an ulp cancel."""
    most = CANCELLED * scale.largest
    # What tiny weights leave of a sum: a share is right to a step of 5e-324, and its logarithm is up to 745.
    absolute = 1e-320
    if key in {"p_value", "p_adjusted"}:
        return _tolerance_of_p(expected, most), 1e-300
    if key == "skill_se":
        ratio = 1 - float(expected["skill"] or 0.0)
        prior = float(expected["prior_entropy"] or 1.0)
        absolute = most / prior + CANCELLED * 40 * abs(ratio)
    elif key.startswith("loss_per."):
        absolute = _tolerance_of_loss_per(key, expected, most)
    elif key in {"loss_se", "class_mix", "delta_rest", "delta_rest_se", "delta_rest_low", "delta_rest_high"}:
        absolute = most  # a spread of losses, or a difference of means, that agree to an ulp
    elif key in {"skill", "skill_low", "skill_high"}:  # 1 − R
        absolute = RELATIVE * (1 + abs(float(expected[key] or 0.0)))
    elif key in {"label_entropy", "excess_loss"}:  # ln of a share that is 1 to an ulp; loss − entropy
        absolute = max(most, CANCELLED) if expected[key] else 0.0
    elif key == "sum_bias":  # ln Σp where Σp is 1 to an ulp
        absolute = CANCELLED
    elif key == "brier":  # 1 − p where p is 1 to an ulp
        absolute = 1e-16
    elif scale.renormalized and "loss" in key:  # ln of a quotient that is 1 to an ulp
        absolute = CANCELLED * max(1.0, scale.largest)
    return RELATIVE, absolute


def _tolerance_of_loss_per(key: str, expected: Figures, most: float) -> float:
    """The residuals ℓ − R·u are of the size of the largest loss, or of the largest R·u."""
    value, total = float(expected["loss_per.value"] or 0.0), float(expected["loss_per.total"] or 0.0)
    if key != "loss_per.se" or not math.isfinite(value) or total == 0:
        return 1e-323
    weight = float(expected.get("weight") or 1.0)
    return CANCELLED * 100 * value + most * weight / total


def _tolerance_of_p(expected: Figures, most: float) -> float:
    """A tail of Student's t: off by about t times as much as t itself is, relatively to itself."""
    se = float(expected.get("delta_rest_se") or 0.0)
    if se == 0:
        return RELATIVE
    t = abs(float(expected["delta_rest"] or 0.0)) / se
    return (t + 2) * (most / se + t * (RELATIVE + most / se)) + RELATIVE
