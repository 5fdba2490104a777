"""Small tables evaluated, or refused, in every chunking: one answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import evaluate
from xentcli.errors import XentError
from xentcli.results.evaluation import EvalResult

P, Y = "p.csv", "y.csv"
ROW = {2: "0.75,0.25", 3: "0.5,0.25,0.25", 4: "0.4,0.3,0.2,0.1"}


def csv(path: str, header: str, *rows: str) -> str:
    Path(path).write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def parquet(path: str, /, **columns: Any) -> str:
    pq.write_table(pa.table(columns), path)
    return path


def run(header: str, labels: Sequence[str], *rows: str, **options: Any) -> EvalResult:
    """Evaluate a CSV of predictions (equal rows unless given) against a CSV of labels, in every chunking."""
    rows = rows or (ROW[header.count(",") + 1],) * len(labels)
    csv(P, header, *rows)
    csv(Y, "label", *labels)
    return in_every_chunking(P, Y, **options)


def in_every_chunking(predictions: str, labels: str | None = None, **options: Any) -> EvalResult:
    result = evaluate(predictions, labels, **options)
    for chunk_rows, threads in ((1, 2), (3, 1)):
        other = evaluate(predictions, labels, **options, chunk_rows=chunk_rows, jobs=threads)
        assert figures(other) == figures(result), (chunk_rows, threads)
    return result


def figures(result: EvalResult) -> dict[str, Any]:
    """Return a result without `run` and without the paths."""
    held = result.to_dict()
    inputs = {key: value for key, value in held["inputs"].items() if key not in {"predictions", "labels"}}
    return {**{key: value for key, value in held.items() if key != "run"}, "inputs": inputs}


def unordered(result: EvalResult) -> dict[str, Any]:
    """Return a result without what the order of rows may change: where they stand, and their fingerprint."""
    held = figures(result)
    del held["inputs"]["rows_fingerprint"]
    for warning in held["warnings"]:
        del warning["first"]
    return held


def refusal(header: str, labels: Sequence[str], *rows: str, **options: Any) -> str:
    """Return the message with which the same is refused, in every chunking."""
    rows = rows or (ROW[header.count(",") + 1],) * len(labels)
    csv(P, header, *rows)
    csv(Y, "label", *labels)
    return refused(P, Y, **options)


def refused(predictions: str, labels: str | None = None, **options: Any) -> str:
    found = set()
    chunkings: tuple[dict[str, Any], ...] = ({}, {"chunk_rows": 1}, {"chunk_rows": 1, "jobs": 2}, {"chunk_rows": 3})
    for chunking in chunkings:
        with pytest.raises(XentError) as caught:
            evaluate(predictions, labels, **options, **chunking)
        found.add(str(caught.value))
    (message,) = found
    return message


def rule(result: EvalResult) -> tuple[tuple[str, ...], str]:
    return result.inputs.classes, result.inputs.name_rule
