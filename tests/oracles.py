"""Published examples as values: what they say of which table, and how they are written, asked and compared."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reference import evaluator
from reference.evaluator import Settings

Result = dict[str, Any]
LN2 = math.log(2)


def ln(value: float) -> float:
    return math.log(value)


def mean(*values: float) -> float:
    return math.fsum(values) / len(values)


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def logit_loss(logits: Sequence[float], label: int) -> float:
    """Return ln Σ exp(x) − x_label."""
    return ln(math.fsum(math.exp(x) for x in logits)) - logits[label]


def entropy(*weights: float) -> float:
    """Return the entropy of the proportions of these weights."""
    total = math.fsum(weights)
    return -math.fsum(w / total * ln(w / total) for w in weights)


@dataclass(frozen=True)
class Figure:
    """One expected number: `value` is arithmetic, `published` the digits as they are quoted."""

    value: float
    published: str = ""
    at_zero: float = 0.0  # absolute allowance, for a difference that is 0 in exact arithmetic


@dataclass(frozen=True)
class Oracle:
    """A published example: columns of predictions, labels, options, and figures by `section/key`."""

    name: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    labels: tuple[str, ...]
    expected: dict[str, Figure | None]
    classes: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    weights: tuple[float, ...] = ()


def oracle(
    name: str,
    source: str,
    columns: str,
    rows: Sequence[Sequence[float]],
    labels: str,
    *,
    expected: dict[str, Figure | None],
    classes: str = "",
    weights: Sequence[float] = (),
    **options: Any,
) -> Oracle:
    """Return an oracle; its names are words, its classes in class order (by default that of the columns)."""
    by_columns = evaluator.class_order([column.removeprefix("p_") for column in columns.split()])
    return Oracle(
        name=name,
        source=source,
        columns=tuple(columns.split()),
        rows=tuple(tuple(row) for row in rows),
        labels=tuple(labels.split()),
        expected=expected,
        classes=tuple(classes.split() or by_columns),
        options=options,
        weights=tuple(weights),
    )


def assert_figure(actual: float | None, figure: Figure | None, where: str) -> None:
    if figure is None:
        assert actual is None, where
    else:
        assert actual == pytest.approx(figure.value, rel=1e-12, abs=figure.at_zero), where


def assert_oracle(known: Oracle, result: Result) -> None:
    classes = {figures["class"]: figures for figures in result["classes"]}
    expected = list(known.classes)
    assert list(classes) == expected
    for path, figure in known.expected.items():
        section, *name, key = path.split("/")
        figures = classes[name[0]] if name else result[section]
        assert_figure(figures[key], figure, f"{known.name} {path} ({known.source})")


def write_oracle(known: Oracle, folder: Path, suffix: str) -> tuple[Path, Path]:
    predictions, labels = folder / f"predictions{suffix}", folder / f"labels{suffix}"
    columns = zip(*known.rows, strict=True)
    write(predictions, {name: list(map(float, c)) for name, c in zip(known.columns, columns, strict=True)})
    by_index = known.options.get("label_kind") == "index"
    values: Sequence[float | str] = list(map(int, known.labels)) if by_index else known.labels
    write(labels, {"label": values} | ({"w": known.weights} if known.weights else {}))
    return predictions, labels


def by_class_order(known: Oracle) -> list[list[float]]:
    """Return the rows with their columns in class order; a single column stays as it is."""
    if len(known.columns) == 1:
        return [list(row) for row in known.rows]
    names = [column.removeprefix("p_") for column in known.columns]
    return [[row[names.index(name)] for name in known.classes] for row in known.rows]


def reference_settings(known: Oracle) -> Settings:
    options = {key: value for key, value in known.options.items() if key in Settings.__dataclass_fields__}
    if options.get("clip") == "none" or (options.get("input", "probs") != "probs" and "clip" not in options):
        options["clip"] = None
    return Settings(n_classes=len(known.classes), **options)


def arguments(options: dict[str, Any]) -> list[str]:
    """Return options of the function as the command line spells them."""
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif name == "ignore":  # given once for each label; with `=`, as -100 looks like an option
            words += [f"{option}={label}" for label in value]
        elif isinstance(value, dict):
            words += [option, ",".join(f"{key}={number}" for key, number in value.items())]
        else:
            words += [option, ",".join(value) if isinstance(value, list) else str(value)]
    return words


def write(path: Path, table: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: pa.array(list(values)) for name, values in table.items()}), path)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
