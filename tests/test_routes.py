"""The same rows by every route give the same bits."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from conftest import SAMPLES
from effort import examples
from evaluated import Result, same_every_run, same_everywhere, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xentcli import evaluate

CHUNKS = [1, 7, 1000, None]
THREADS = [1, 2, 4]
ROWS = 60


def task(name: str, precision: type[np.floating[Any]], rows: int = ROWS, seed: int = 0) -> tuple[pa.Table, pa.Table]:
    """Return predictions and labels of a task; float32 values are the same numbers in every file."""
    rng = np.random.default_rng(seed)
    names = {"binary": ["p_yes"], "logits": ["cat", "ant", "dog"], "many": [f"p_{k}" for k in range(12)]}[name]
    raw = rng.standard_normal((rows, len(names))) * 3
    if name == "binary":
        raw = 1 / (1 + np.exp(-raw))
    elif name == "many":
        raw = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
        raw[3] = 0.0
        raw[3, 5] = 1.0
    classes = {"binary": ["no", "yes"], "logits": names, "many": [str(k) for k in range(12)]}[name]
    values = raw.astype(precision)
    ids = [f"row {i}" for i in range(rows)]
    predictions = {"id": pa.array(ids)} | {n: pa.array(values[:, k]) for k, n in enumerate(names)}
    labels = {
        "id": pa.array(ids),
        "label": pa.array([classes[int(i)] for i in rng.integers(0, len(classes), rows)]),
        "w": pa.array(np.round(rng.random(rows) * 4, 1)),
    }
    return pa.table(predictions), pa.table(labels)


OPTIONS: dict[str, dict[str, Any]] = {
    "binary": {"weight": "w", "positive": "yes"},
    "logits": {"input": "logits"},
    "many": {"clip": 1e-6},
}
# The label column is named because LABELS has a weight column too, which not every task uses.
COMMON: dict[str, Any] = {"label": "label"}


@pytest.mark.parametrize("precision", [np.float32, np.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("name", OPTIONS)
def test_format_chunks_and_threads_change_nothing(name: str, precision: type[np.floating[Any]], tmp_path: Path) -> None:
    predictions, labels = task(name, precision)
    paths = {
        form: (write(predictions, str(tmp_path / f"p.{form}")), write(labels, str(tmp_path / f"l.{form}")))
        for form in ("csv", "parquet")
    }
    if precision is np.float32:
        # Text of a float32 column is the shortest that float32 reads back; for the same number it has to be longer.
        wide = predictions.cast(
            pa.schema([f if f.name == "id" else f.with_type(pa.float64()) for f in predictions.schema])
        )
        write(wide, str(tmp_path / "p.csv"))
    expected: Result | None = None
    for left, right in itertools.product(paths, paths):
        by_files: Result | None = None
        # Each chunking with each number of threads for files of one format; else each with one.
        every = left == right
        for chunk, threads in itertools.product(CHUNKS, THREADS) if every else zip(CHUNKS, [2, 1, 4, 2], strict=True):
            result = evaluate(
                paths[left][0], paths[right][1], chunk_rows=chunk, jobs=threads, **COMMON, **OPTIONS[name]
            ).to_dict()
            by_files = by_files or same_every_run(result)
            assert same_every_run(result) == by_files, (left, right, chunk, threads)
            expected = expected or same_everywhere(result)
            assert same_everywhere(result) == expected, (left, right, chunk, threads)


@pytest.mark.one_in_three
@pytest.mark.parametrize(
    ("predictions", "labels", "options"),
    [
        ("digits_logistic", "digits_labels", {"weight": "weight"}),
        ("digits_forest", "digits_labels", {}),
        ("cancer", "cancer_labels", {"unit": "bits"}),
        ("wine_logits", "wine_labels", {"input": "logits"}),
    ],
)
def test_sample_data_are_the_same_by_every_route(predictions: str, labels: str, options: dict[str, Any]) -> None:
    results = [
        evaluate(SAMPLES / f"{predictions}.{left}", SAMPLES / f"{labels}.{right}", chunk_rows=chunk, jobs=2, **options)
        for left, right, chunk in [
            *itertools.product(["csv", "parquet"], ["csv", "parquet"], [100, None]),
            ("csv", "parquet", 1),
        ]
    ]
    first = results[0].to_dict()
    for result in results[1:]:
        assert same_everywhere(result.to_dict()) == same_everywhere(first)
        assert result.inputs.rows_fingerprint == results[0].inputs.rows_fingerprint


@given(
    rows=st.integers(1, 40),
    chunk=st.one_of(st.none(), st.integers(1, 45)),
    jobs=st.integers(1, 3),
    seed=st.integers(0, 1000),
    name=st.sampled_from(sorted(OPTIONS)),
)
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chunking_gives_the_same_bits(
    rows: int, chunk: int | None, jobs: int, seed: int, name: str, tmp_path: Path
) -> None:
    predictions, labels = task(name, np.float64, max(rows, 4), seed)
    p, y = write(predictions, str(tmp_path / "p.csv")), write(labels, str(tmp_path / "y.parquet"))
    whole = evaluate(p, y, jobs=1, **COMMON, **OPTIONS[name]).to_dict()
    parts = evaluate(p, y, jobs=jobs, chunk_rows=chunk, **COMMON, **OPTIONS[name]).to_dict()
    assert same_every_run(parts) == same_every_run(whole)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_order_of_rows_changes_only_the_places(name: str, tmp_path: Path) -> None:
    predictions, labels = task(name, np.float64)
    order = np.random.default_rng(1).permutation(ROWS)
    results = [
        evaluate(
            write(p, str(tmp_path / f"p{at}.parquet")),
            write(y, str(tmp_path / f"y{at}.csv")),
            **COMMON,
            **OPTIONS[name],
        ).to_dict()
        for at, (p, y) in enumerate([(predictions, labels), (predictions.take(order), labels.take(order))])
    ]
    assert same_everywhere(results[0]) == same_everywhere(results[1])
    assert results[0]["inputs"]["rows_fingerprint"] != results[1]["inputs"]["rows_fingerprint"]
