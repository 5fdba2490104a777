"""Parts of a state are looked at without copying it: they say what is in it now, and merge as if they were copies."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scored import CLIP, SLICES, random_rows, varied_rows

from xentcli import evaluate
from xentcli.state.base import View
from xentcli.state.eval_state import EvalState
from xentcli.state.loss import LossState

K = 3


def view_of(number: int) -> View:
    places = np.arange(number * K, (number + 1) * K)
    return View(places, places, np.array([number]), False, K)


def test_a_part_that_is_looked_at_changes_with_its_state() -> None:
    """What was picked of the sums before is not what is said after rows were added."""
    state = EvalState.empty(K, CLIP)
    state.update(varied_rows(1, 30, "sliced").scored())
    before = [state.view(view_of(number)).totals() for number in range(SLICES)]
    state.update(varied_rows(2, 30, "sliced").scored())
    whole = EvalState.empty(K, CLIP)
    for seed in (1, 2):
        whole.update(varied_rows(seed, 30, "sliced").scored())
    for number in range(SLICES):
        assert state.view(view_of(number)).totals() == whole.view(view_of(number)).totals() != before[number]


def test_a_part_merges_as_a_state_of_its_own() -> None:
    state, other = LossState(K), LossState(K)
    state.update(varied_rows(1, 30, "sliced").scored())
    other.update(random_rows(2, 30, K).scored())
    part = state.view(view_of(1))
    before = part.totals()
    one, two = part.merge(other).totals(), other.merge(part).totals()
    assert one == two != before
    assert part.totals() == before
    assert part.merge(part.empty()).totals() == before


def test_slices_that_a_statistic_has_no_sums_of_are_zero() -> None:
    state = LossState(K)
    state.update(random_rows(2, 30, K).scored())
    assert not any(state.view(view_of(9)).sums["s"].values())
    assert state.view(view_of(9)).counts["rows"].tolist() == [0] * K


@pytest.mark.slow
def test_f7_a_slice_costs_little_memory(tmp_path: Path) -> None:
    """3.5 kB each are left, which is what is said of each, some sixty exact figures; it was 27 kB."""
    slices = 1000
    path = tmp_path / "p.jsonl"
    records = ({"g": f"s{at % slices}", "y": "ab"[at % 2], "p_a": 0.75, "p_b": 0.25} for at in range(3 * slices))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    evaluate(path, label="y", by="g", max_slices=slices)
    tracemalloc.start()
    result = evaluate(path, label="y", by="g", max_slices=slices)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.slices is not None
    assert len(result.slices) == slices
    assert held / slices < 5000
