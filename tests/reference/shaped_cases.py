"""Random tables whose classes are known, in the shapes that files have: long and sorted, without a header, JSON Lines,
and with one prediction column.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference.class_names import WORDS
from reference.rule_cases import RuleCase, Table, mean_loss, random_rule_case
from reference.stray_columns import Column, random_strays

# Of twice the rows by which columns are settled, sorted, about half of the classes come first.
MORE_ROWS = 2000


def long_case(seed: int) -> RuleCase:
    """Return a case of more than 1,000 rows, sorted by class: the first rows have labels of one class, or of few."""
    return random_rule_case(seed, MORE_ROWS)


def json_case(seed: int) -> RuleCase:
    """Return a case whose files are JSON Lines: numbers have a type, and no label ends in zeros."""
    case = random_rule_case(seed)
    labels = None if case.labels is None else _without_zeros(case.labels)
    return replace(case, ending="jsonl", predictions=_without_zeros(case.predictions), labels=labels)


def headless_case(seed: int) -> RuleCase:
    """Return a case without a header: columns are 1, 2, …, labels are places among those that are classes."""
    rng = Random(seed)
    n_rows, n_classes, logits = rng.randint(3, 9), rng.randint(2, 5), rng.random() < 0.5
    indices = [rng.randrange(n_classes) for _ in range(n_rows)]
    rows = [_row(rng, n_classes, label, logits) for label in indices]
    columns = [Column([repr(row[k]) for row in rows], "float") for k in range(n_classes)]
    held: list[tuple[str, Column]] = [(f"class {k}", column) for k, column in enumerate(columns)]
    for stray in random_strays(rng, n_rows, [f"class {k}" for k in indices], ""):
        # What nothing tells from a class, as nothing is named, is a class.
        if not (logits and stray.kind == "fraction"):
            held.insert(rng.choice((0, len(held))), (stray.name, stray.column))
    label = Column([str(k) for k in indices], "int")
    alone = rng.random() < 0.5
    predictions = dict(held) if alone else {**dict(held), "label": label}
    options = ["--no-header", *(["--input", "logits"] if logits else [])]
    options += [] if alone else ["--label", str(len(predictions))]
    return RuleCase(
        seed=seed,
        predictions=predictions,
        labels={"label": label} if alone else None,
        options=tuple(options),
        ending="csv",
        truth={str(k): f"class {k}" for k in range(n_classes)},
        met=tuple(str(k) for k in sorted(set(indices))),
        strays=tuple(name for name, _ in held if not name.startswith("class ")),
        logits=logits,
        by_index=True,
        loss=mean_loss(rows, indices, logits),
    )


def single_case(seed: int) -> RuleCase:
    """Return a case of two classes with one column, called after one of them, or anything where labels are 0 and 1."""
    rng = Random(seed)
    n_rows, told = rng.randint(3, 9), rng.random() < 0.6
    names = rng.sample(WORDS, 2) if told else ["0", "1"]
    prefix = rng.choice(("", "p_", "prob.", "p-"))
    column = prefix + names[1] if told else rng.choice(("score", "p", "p_1", "1"))
    indices = [0, 1, *(rng.randrange(2) for _ in range(n_rows - 2))]
    rng.shuffle(indices)
    scores = [rng.uniform(0.05, 0.95) for _ in range(n_rows)]
    table: Table = {column: Column([repr(score) for score in scores], "float")}
    strays = [
        stray for stray in random_strays(rng, n_rows, [names[k] for k in indices], "") if stray.kind != "fraction"
    ]
    for stray in strays:
        items = list(table.items())
        items.insert(rng.choice((0, len(items))), (stray.name, stray.column))
        table = dict(items)
    label = Column([names[k] for k in indices], "text")
    one_file = rng.random() < 0.5
    losses = [-math.log(score if label else 1 - score) for score, label in zip(scores, indices, strict=True)]
    return RuleCase(
        seed=seed,
        predictions={**table, "label": label} if one_file else table,
        labels=None if one_file else {"label": label},
        options=(),
        ending=rng.choice(("csv", "parquet", "jsonl")),
        truth={names[1]: column},
        met=tuple(names),
        strays=tuple(stray.name for stray in strays),
        logits=False,
        by_index=False,
        loss=math.fsum(losses) / len(losses),
    )


SHAPES: dict[str, Callable[[int], RuleCase]] = {
    "long": long_case,
    "json": json_case,
    "headless": headless_case,
    "single": single_case,
}


def _without_zeros(table: Table) -> Table:
    if "label" not in table:
        return table
    cells = [cell.removesuffix(".00").removesuffix(".0") for cell in table["label"].cells]
    return {**table, "label": Column(cells, table["label"].type)}


def _row(rng: Random, n_classes: int, label: int, logits: bool) -> list[float]:
    if logits:
        return [rng.gauss(0, 2) + (k == label) for k in range(n_classes)]
    draws = [rng.expovariate(1) + 0.01 for _ in range(n_classes)]
    return [draw / math.fsum(draws) for draw in draws]
