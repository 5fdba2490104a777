"""Small tables made on the spot, run in every setting of threads and chunks; messages are compared whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunXent

from xentcli import evaluate
from xentcli.results.evaluation import EvalResult

Test = TypeVar("Test", bound=Callable[..., Any])

P, Y = "p.csv", "y.csv"
SETTINGS: tuple[tuple[str, ...], ...] = (
    (),
    ("--jobs", "1", "--chunk-rows", "3"),
    ("--jobs", "2", "--chunk-rows", "1"),
)
_KEYWORDS: tuple[dict[str, Any], ...] = ({"jobs": 1, "chunk_rows": 3}, {"jobs": 2, "chunk_rows": 1})


@dataclass(frozen=True)
class Case:
    """An input that is refused: the predictions, the labels (None: in the same file), the options, the message."""

    id: str
    predictions: str | bytes
    labels: str | bytes | None
    message: str
    options: tuple[str, ...] = ()


def cases(*found: Case) -> Callable[[Test], Test]:
    """Return the decorator that runs a test for every case, under its id."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in found])


def write(path: str, content: str | bytes) -> str:
    """Write text as UTF-8, or bytes, and return the path."""
    Path(path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def parquet(path: str, row_group_size: int | None = None, /, **columns: Any) -> str:
    """Write columns as Parquet and return the path."""
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path


def place(path: str, record: int, column: str | None = None) -> str:
    """Return how a place is named in a file of one line a record; Parquet has no lines."""
    line = f" (line {record + 1})" if path.endswith(".csv") else ""
    return f"{path}, record {record}{line}" + (f", column '{column}'" if column is not None else "")


def refused(
    run_xent: RunXent,
    case: Case,
    settings: Sequence[tuple[str, ...]] = SETTINGS,
) -> None:
    """Assert that a case ends with exit code 2, an empty standard output and its message, in every setting."""
    paths = [write(P, case.predictions)] + ([] if case.labels is None else [write(Y, case.labels)])
    refused_files(run_xent, [*paths, *case.options], case.message, settings)


def refused_files(
    run_xent: RunXent,
    arguments: Sequence[str],
    message: str,
    settings: Sequence[tuple[str, ...]] = SETTINGS,
) -> None:
    """Assert the same for files that are there."""
    rest = message.splitlines()[1:]
    assert len(rest) <= 11, "one or two lines, and at most ten more"
    assert all(line.startswith("  ") for line in rest)
    for setting in settings:
        ran = run_xent("eval", *arguments, *setting)
        told = f"with {setting}: exit {ran.code}, stdout {ran.stdout!r}, stderr\n{ran.stderr}expected\nerror: {message}"
        assert (ran.code, ran.stdout, ran.stderr) == (2, "", f"error: {message}\n"), told


def accepted(predictions: str | bytes, labels: str | bytes | None = None, **options: Any) -> EvalResult:
    """Return the result for two texts, after asserting that threads and chunks do not change it."""
    write(P, predictions)
    return accepted_files(P, None if labels is None else write(Y, labels), **options)


def accepted_files(predictions: str, labels: str | None = None, **options: Any) -> EvalResult:
    """Return the same for files that are there."""
    result = evaluate(predictions, labels, **options)
    for keywords in _KEYWORDS:
        assert comparable(evaluate(predictions, labels, **options, **keywords)) == comparable(result), keywords
    return result


def comparable(result: EvalResult) -> dict[str, Any]:
    """Return all of a result but how it was run."""
    return {key: value for key, value in result.to_dict().items() if key != "run"}


def figures(result: EvalResult) -> dict[str, Any]:
    """Return all of a result but how it was run and what the files are called."""
    held = comparable(result)
    held["inputs"] = {key: value for key, value in held["inputs"].items() if key not in {"predictions", "labels"}}
    return held


def messages(result: EvalResult) -> dict[str, str]:
    """Return the warnings of a result by their codes."""
    return {warning.code: warning.message for warning in result.warnings}
