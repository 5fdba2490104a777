"""Random tables whose classes are known: names within a wrap, columns that are no classes beside them, and the loss.

A case is a function of its seed alone. It does not know the rules by which columns become classes: it makes the
names and knows which column was meant for which class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from reference.class_names import WRAPS, random_classes, wrapped
from reference.files import class_order
from reference.stray_columns import Column, Stray, random_strays, second_model

Table = dict[str, Column]


@dataclass(frozen=True)
class RuleCase:
    """Two tables (or one), options, and what is true: the column of each class, and the loss."""

    seed: int
    predictions: Table
    labels: Table | None
    options: tuple[str, ...]
    ending: str
    truth: dict[str, str]
    met: tuple[str, ...]
    strays: tuple[str, ...]
    logits: bool
    by_index: bool
    loss: float

    @property
    def label_cells(self) -> list[str]:
        """The labels as they are written."""
        return (self.labels or self.predictions)["label"].cells

    @property
    def told_index(self) -> bool:
        """Whether an option says that labels are indices."""
        return "index" in self.options


def random_rule_case(seed: int, more_rows: int = 0) -> RuleCase:
    """Return the case of this seed; with more rows, one class after the other as sorted files have them."""
    rng = Random(seed)
    logits = rng.random() < 0.5
    by_index = rng.random() < 0.12
    names = random_classes(rng, by_index)
    prefix, suffix = rng.choice(WRAPS["digits" if all(name.isdecimal() for name in names) else "any"])
    rng.shuffle(names)
    n_rows = rng.randint(3, 9) + more_rows
    indices = _random_indices(rng, n_rows, len(names))
    indices = sorted(indices) if more_rows else indices
    values = [_random_row(rng, len(names), label, logits) for label in indices]
    truth = {name: wrapped(prefix, name, suffix) for name in names}
    options = ["--input", "logits"] if logits else []
    columns = {truth[name]: Column([repr(row[k]) for row in values], "float") for k, name in enumerate(names)}
    strays = random_strays(rng, n_rows, [names[k] for k in indices], prefix)
    strays = [stray for stray in strays if stray.name not in columns and stray.name not in names]
    if by_index and logits:
        # Indices count columns, and where rows need not sum to 1 nothing tells fractions from a class.
        strays = [stray for stray in strays if stray.kind != "fraction"]
    if len(set(indices)) > 1 and not by_index and rng.random() < 0.08:
        strays += second_model(rng, [names[k] for k in indices], names, (prefix, suffix), logits)
        strays = [stray for stray in strays if stray.name not in columns]
    table = dict(columns)
    for stray in strays:
        table = _shuffled(rng, table, stray.name, stray.column)
    ending = rng.choice(("csv", "csv", "csv", "parquet"))
    zeros = rng.choice(("", "", "", ".0", ".00")) if ending == "csv" else ""
    labels = Column(_written(names, indices, by_index, zeros), "text")
    if by_index and (rng.random() < 0.6 or any(char.isdigit() for column in table for char in column)):
        options += ["--label-kind", "index"]
    if rng.random() < 0.5:
        predictions, other = {**table, "label": labels}, None
        if rng.random() < 0.3:
            predictions = _shuffled(rng, table, "label", labels)
    else:
        predictions, other = table, _labels_table(rng, labels, strays, options)
    return RuleCase(
        seed=seed,
        predictions=predictions,
        labels=other,
        options=(*options, *_random_pred(rng, prefix, strays, list(columns))),
        ending=ending,
        truth=truth,
        met=tuple(class_order(sorted({names[k] for k in indices}))),
        strays=tuple(stray.name for stray in strays),
        logits=logits,
        by_index=by_index,
        loss=mean_loss(values, indices, logits),
    )


def mean_loss(values: Sequence[Sequence[float]], indices: Sequence[int], logits: bool) -> float:
    """Return the mean of −ln p of the label, of probabilities or logits.

    >>> mean_loss([[0.5, 0.5]], [0], False) == mean_loss([[3.0, 3.0]], [1], True) == math.log(2)
    True
    """
    losses = []
    for row, label in zip(values, indices, strict=True):
        if logits:
            top = max(row)
            losses.append(math.log(math.fsum(math.exp(value - top) for value in row)) - (row[label] - top))
        else:
            losses.append(-math.log(row[label]))
    return math.fsum(losses) / len(losses)


def _random_indices(rng: Random, n_rows: int, n_classes: int) -> list[int]:
    """Return labels of which, often, some classes never occur."""
    met = rng.sample(range(n_classes), rng.choice((n_classes, min(2, n_classes), rng.randint(1, n_classes))))
    return [rng.choice(met) for _ in range(n_rows)]


def _random_row(rng: Random, n_classes: int, label: int, logits: bool) -> list[float]:
    if logits:
        return [rng.gauss(0, 2) + (k == label) for k in range(n_classes)]
    draws = [rng.expovariate(1) + rng.choice((0.001, 0.05)) for _ in range(n_classes)]
    return [draw / math.fsum(draws) for draw in draws]


def _written(names: Sequence[str], indices: Sequence[int], by_index: bool, zeros: str) -> list[str]:
    """Return labels as text; whole numbers end in zeros, as they are written beside missing ones."""
    if by_index:
        return [str(k) for k in indices]
    whole = all(name.isdecimal() and str(int(name)) == name for name in names)
    return [names[k] + (zeros if whole else "") for k in indices]


def _shuffled(rng: Random, table: Table, name: str, column: Column) -> Table:
    """Return the table with one more column, anywhere."""
    items = list(table.items())
    items.insert(rng.choice((0, len(items), rng.randint(0, len(items)))), (name, column))
    return dict(items)


def _labels_table(rng: Random, labels: Column, strays: Sequence[Stray], options: list[str]) -> Table:
    """Return LABELS: the label, at times beside an id that PREDICTIONS have too, which may be the key."""
    table = {"label": labels}
    ids = [stray for stray in strays if stray.kind == "id"]
    if ids and rng.random() < 0.4:
        table = {ids[0].name: ids[0].column, **table}
        if rng.random() < 0.5:
            options += ["--on", ids[0].name]
    return table


def _random_pred(rng: Random, prefix: str, strays: Sequence[Stray], columns: Sequence[str]) -> list[str]:
    """Return, rarely, a pattern that is wide enough for all classes and may be too wide."""
    if rng.random() > 0.1 or any(char in column for column in columns for char in '[]*?!,"'):
        return []
    if prefix and rng.random() < 0.5:
        return ["--pred", prefix + "*"]
    without = ["!" + stray.name for stray in strays if "," not in stray.name and rng.random() < 0.5]
    return ["--label", "label", "--pred", ",".join(["*", *without])]
