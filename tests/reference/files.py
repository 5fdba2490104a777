"""Two CSV files read as the reference evaluator wants them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path


def read_pairs(
    predictions: Path, labels: Path, *, label: str = "label", weight: str | None = None, prefix: str = ""
) -> tuple[list[str], list[list[float]], list[int], list[float]]:
    """Return class names in class order, values per class, label indices and weights from two CSV files.

    Row i of one belongs to row i of the other. Every column of `predictions` is a class named by what follows
    `prefix`; columns are found by name, so their order in the file changes nothing.
    """
    with predictions.open(newline="", encoding="utf-8") as file:
        prediction_records = list(csv.DictReader(file))
    with labels.open(newline="", encoding="utf-8") as file:
        label_records = list(csv.DictReader(file))
    if len(prediction_records) != len(label_records):
        raise ValueError(f"{len(prediction_records)} predictions, {len(label_records)} labels")
    names = class_order([column.removeprefix(prefix) for column in prediction_records[0]])
    rows = [[float(record[prefix + name]) for name in names] for record in prediction_records]
    indices = [names.index(record[label]) for record in label_records]
    weights = [1.0 if weight is None else float(record[weight]) for record in label_records]
    return names, rows, indices, weights


def class_order(names: Sequence[str]) -> list[str]:
    """Return the names sorted as integers if all of them are, otherwise by their UTF-8 bytes."""
    try:
        return sorted(names, key=int)
    except ValueError:
        return sorted(names, key=lambda name: name.encode())
