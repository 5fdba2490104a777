"""Files changed at random, of every format: the reference's number, or one error in a few lines; never anything else.

2,000 of them with XENT_SOAK=short, else 20,000. `python tests/soak/mutants.py SEED` shows one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from effort import soak_size
from reference.settings import Settings

from soak.judging import Asked, UnreadableError, differences, of_options, read_csv, read_json_lines
from soak.mutating import mutated
from xentcli import evaluate

pytestmark = pytest.mark.soak
BATCHES = soak_size(4, 40)
PER_BATCH = 500
TOOL = Path(__file__).parent / "mutants.py"


def told(*arguments: str | int) -> str:
    """Return what a process of its own says of seeds: one that forks must have no threads."""
    command = [sys.executable, "-P", str(TOOL), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="streams of children are files in memory")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_is_changed_the_number_is_right_or_there_is_none(batch: int) -> None:
    wrong = [json.loads(line) for line in told(batch * PER_BATCH, (batch + 1) * PER_BATCH).splitlines()]
    lines = [f"python tests/soak/mutants.py {one['seed']}  # {one['kind']}: {one['found']}" for one in wrong]
    assert not lines, "\n".join(lines)


def test_a_seed_is_one_run_for_ever() -> None:
    data = b"id,p\n1,0.5\n2,0.25\n" * 5
    assert [mutated(data, Random(seed)) for seed in range(200)] == [mutated(data, Random(seed)) for seed in range(200)]
    assert len({mutated(data, Random(seed)) for seed in range(200)}) > 150


def test_the_judge_sees_a_number_that_is_wrong(tmp_path: Path) -> None:
    """Guards the comparison against a filter that lets everything through."""
    held = "id,p_a,p_b,label\n1,0.25,0.75,a\n2,0.5,0.5,b\n"
    (tmp_path / "p.csv").write_text(held)
    result = evaluate(tmp_path / "p.csv", pred=("p_a", "p_b")).to_dict()
    asked = Asked(("p_a", "p_b"), ("a", "b"), settings=Settings(n_classes=2))
    columns = read_csv(held.encode())
    assert differences(result, columns, columns, asked) == []
    other = read_csv(held.replace("0.25,0.75", "0.24,0.76").encode())
    assert "loss is" in " ".join(differences(result, other, other, asked))
    for bad in ("0.25,0.75x", "0.25,0.95", "0.25,nan", '0.25,"0.75', "0.25"):
        with pytest.raises(UnreadableError):
            changed = read_csv(held.replace("0.25,0.75", bad).encode())
            differences(result, changed, changed, asked)
    with pytest.raises(UnreadableError):
        read_json_lines(b'{"a": 1, "a": 2}\n')
    assert of_options({"max": 1}, asked) is None


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="streams of children are files in memory")
def test_a_seed_is_shown_whole() -> None:
    shown = told(7)
    assert shown.startswith("Mutant(seed=7, ")
    assert "\nexit code " in shown
