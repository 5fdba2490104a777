"""Proof by sums: which columns are left out, held against every combination, and how much is added for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

import numpy as np
import pytest

from xentcli.columns import proof
from xentcli.columns.looks import Holds, Looks, TypedLook
from xentcli.columns.proof import proven
from xentcli.spec.choices import InputKind


def every_way(unnamed: Sequence[str], looks: Looks) -> Iterator[set[str]]:
    """Yield what may be left out, the least first: as the rules say it, combination by combination."""
    text = {name for name in unnamed if looks[name].numbers is None}
    whole = [name for name in unnamed if looks[name].holds is Holds.WHOLE]
    others = [name for name in unnamed if name not in text and name not in whole]
    for base, few in ((text, [*whole, *others]), (text | set(whole), others)):
        for number in (0, 1, 2):
            yield from (base | set(some) for some in combinations(few, number))
    yield set(unnamed)


def plainly_proven(names: Sequence[str], unnamed: Sequence[str], looks: Looks) -> list[str]:
    for left in every_way(unnamed, looks):
        kept = [name for name in names if name not in left]
        numbers = [looks[name].numbers for name in kept]
        if len(kept) < 2 or any(held is None for held in numbers):
            continue
        rows = np.stack(numbers, axis=1)  # type: ignore[arg-type]  # none is None
        if ((rows >= 0) & (rows <= 1)).all() and (np.abs(rows.sum(axis=1) - 1.0) <= 0.01).all():
            return kept
    return []


def random_looks(rng: Random) -> tuple[list[str], list[str], Looks]:
    """Return columns of which some sum to 1, beside strays of every kind, and those that no label names."""
    rows = rng.randint(1, 3)
    draws = np.array([[rng.expovariate(1) for _ in range(rng.randint(2, 4))] for _ in range(1)] * rows)
    draws /= draws.sum(axis=1, keepdims=True)
    looks = {f"c{at}": TypedLook(f"c{at}", Holds.NUMBERS, rows, draws[:, at]) for at in range(draws.shape[1])}
    for at in range(rng.randint(0, 4)):
        kind = rng.choice(("text", "whole", "bit", "id", "margin", "part"))
        scale = {"margin": 5.0, "part": 0.3}.get(kind, 1e17 if rng.random() < 0.3 else 7.0)
        fractions = np.array([rng.random() * scale for _ in range(rows)])
        bits = np.array([float(rng.random() < 0.5) for _ in range(rows)])
        numbers = {"text": None, "whole": np.floor(fractions), "id": np.floor(fractions), "bit": bits}
        whole = Holds.WHOLE if kind in {"whole", "bit", "id"} else Holds.NUMBERS
        held = TypedLook(f"s{at}", Holds.TEXT if kind == "text" else whole, rows, numbers.get(kind, fractions))
        looks[held.name] = held
    names = rng.sample(sorted(looks), len(looks))
    return names, [name for name in names if name.startswith("s") or rng.random() < 0.4], looks


@pytest.mark.parametrize("seed", range(300))
def test_the_fewest_columns_are_left_out(seed: int) -> None:
    names, unnamed, looks = random_looks(Random(seed))
    assert proven(names, unnamed, looks, InputKind.PROBS, 0.01) == plainly_proven(names, unnamed, looks)


def test_the_table_is_summed_a_few_times_and_not_once_a_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 columns and 50 strays that no one or two of explain: 1,225 pairs, of a table that is put together once."""
    rng = np.random.default_rng(1)
    numbers = rng.random((20, 1050)) / 1000
    looks: Looks = {f"c{at}": TypedLook(f"c{at}", Holds.NUMBERS, 20, numbers[:, at]) for at in range(1050)}
    stacked = 0
    matrix_of = proof.matrix_of

    def counted(names: Sequence[str], looks: Looks) -> np.ndarray:
        nonlocal stacked
        stacked += 1
        return matrix_of(names, looks)

    monkeypatch.setattr(proof, "matrix_of", counted)
    names = list(looks)
    assert proven(names, names[-50:], looks, InputKind.PROBS, 0.01) == []
    assert stacked == 1
    numbers[:, :1000] /= numbers[:, :1000].sum(axis=1, keepdims=True) / (1 - numbers[:, 1000:1048].sum(axis=1))[:, None]
    looks = {f"c{at}": TypedLook(f"c{at}", Holds.NUMBERS, 20, numbers[:, at]) for at in range(1050)}
    assert proven(names, names[-50:], looks, InputKind.PROBS, 1e-9) == names[:-2]


def test_columns_of_text_alone_prove_nothing() -> None:
    looks: Looks = {name: TypedLook(name, Holds.TEXT, 1) for name in "ab"}
    assert proven(["a", "b"], ["a", "b"], looks, InputKind.PROBS, 0.01) == []
