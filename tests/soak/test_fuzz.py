"""Damaged text: never a traceback, never a hang, one answer for every chunking. XENT_SOAK=short takes a few."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from conftest import RunXent
from effort import soak_size

pytestmark = pytest.mark.soak
CASES = soak_size(60, 1500)
PIECES = [
    b",",
    b'"',
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff",
    b"nan",
    b"1e400",
    b"-inf",
    b"1e-400",
    b" ",
    b"0",
    b"9",
    b"p_a",
]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return the text with a few places cut, repeated or replaced."""
    raw = bytearray(data)
    for _ in range(rng.choice([0, 1, 1, 2, 5])):
        at = rng.randrange(len(raw) + 1)
        what = rng.randrange(4)
        if what == 0:
            raw[at:at] = rng.choice(PIECES)
        elif what == 1:
            del raw[at : at + rng.randrange(1, 8)]
        elif what == 2:
            raw[at : at + 1] = rng.choice(PIECES)
        else:
            raw[at:at] = raw[max(0, at - 12) : at]
    return bytes(raw)


def outcome(code: int, stdout: str, stderr: str) -> Any:
    if code == 0:
        result = json.loads(stdout)
        return {key: result[key] for key in ("overall", "classes", "warnings", "infinite")}
    return stderr


@pytest.mark.parametrize("batch", range(10))
def test_damaged_text_is_right_or_loud(batch: int, tmp_path: Path, run_xent: RunXent) -> None:
    for case in range(CASES // 10):
        rng = random.Random(batch * 100_000 + case)
        rows = rng.randrange(1, 12)
        p = [rng.random() for _ in range(rows)]
        predictions = "id,p_a,p_b\n" + "".join(f"{i},{x!r},{1 - x!r}\n" for i, x in enumerate(p))
        labels = "id,label\n" + "".join(f"{i},{rng.choice('ab')}\n" for i in range(rows))
        left, right = tmp_path / "p.csv", tmp_path / "y.csv"
        left.write_bytes(mutated(predictions.encode(), rng))
        right.write_bytes(mutated(labels.encode(), rng))
        found = []
        for options in (["--jobs", "1"], ["--jobs", "2", "--chunk-rows", "1"], ["--chunk-rows", "3"]):
            ran = run_xent("eval", left, right, "-f", "json", "-q", *options)
            assert ran.code in {0, 2}, (batch, case, ran.stderr)
            assert "Traceback" not in ran.stderr, (batch, case, ran.stderr)
            assert "internal error" not in ran.stderr, (batch, case, ran.stderr)
            found.append(outcome(ran.code, ran.stdout, ran.stderr))
        assert found[0] == found[1] == found[2], (batch, case)
