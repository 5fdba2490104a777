"""Columns that stand beside predictions and are none: numbers of rows, folds, scores, notes, predicted labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Column:
    """Cells as text, and what type they have where files have types: int, float or text."""

    cells: list[str]
    type: str


@dataclass(frozen=True)
class Stray:
    """A column that is no class: an id, whole numbers, fractions, text, or of another model."""

    name: str
    kind: str
    column: Column


def random_strays(rng: Random, n_rows: int, labels: Sequence[str], prefix: str) -> list[Stray]:
    """Return up to three columns, of which at most two hold fractions."""
    count = rng.choice((0, 0, 1, 1, 1, 2, 3))
    strays: list[Stray] = []
    while len(strays) < count:
        stray = _one(rng, n_rows, labels, prefix)
        fractions = sum(other.kind == "fraction" for other in strays)
        if stray.name not in {other.name for other in strays} and not (stray.kind == "fraction" and fractions == 2):
            strays.append(stray)
    return strays


def second_model(
    rng: Random, labels: Sequence[str], names: Sequence[str], wrap: tuple[str, str], logits: bool
) -> list[Stray]:
    """Return columns named after the same classes otherwise: of another model, or with 1 for each row's label."""
    prefix, suffix = ("q_", "") if wrap == ("", "") or rng.random() < 0.5 else ("", "")
    one_hot = (prefix, suffix) == ("", "") and rng.random() < 0.5
    rows = []
    for label in labels:
        draws = [rng.gauss(0, 2) if logits else rng.expovariate(1) + 0.01 for _ in names]
        whole = 1.0 if logits else sum(draws)
        rows.append([str(int(name == label)) for name in names] if one_hot else [repr(x / whole) for x in draws])
    kind = "int" if one_hot else "float"
    columns = [Column([row[k] for row in rows], kind) for k in range(len(names))]
    return [Stray(prefix + name + suffix, "model", column) for name, column in zip(names, columns, strict=True)]


def _one(rng: Random, n_rows: int, labels: Sequence[str], prefix: str) -> Stray:
    kind = rng.choice(("id", "whole", "fraction", "text"))
    if kind == "id":
        start = rng.choice((0, 1, 1000))
        return Stray(rng.choice(("id", "Id", "row id")), kind, Column([str(start + i) for i in range(n_rows)], "int"))
    if kind == "whole":
        name = rng.choice(("fold", "predicted", "epoch", prefix + "fold"))
        return Stray(name, kind, Column([str(rng.randint(0, 4)) for _ in range(n_rows)], "int"))
    if kind == "fraction":
        name = rng.choice(("margin", "entropy", "p_value", "max, prob", prefix + "total"))
        scale = rng.choice((1.0, 1.0, 5.0))
        return Stray(name, kind, Column([repr(rng.uniform(0.05, 0.95) * scale) for _ in range(n_rows)], "float"))
    name = rng.choice(("pred", "note", "split name"))
    words = list(labels) if name == "pred" else [rng.choice(("ok", "bad", "?")) for _ in range(n_rows)]
    if all(word.lstrip("-").isdecimal() for word in words):
        words = ["class " + word for word in words]
    return Stray(name, "text", Column(words, "text"))
