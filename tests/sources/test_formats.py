"""The same rows as CSV, as Parquet in several types and as JSON Lines: the same figures to the bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import evaluate

ROWS = 500


def rows() -> list[dict[str, Any]]:
    rng = np.random.default_rng(4)
    p = rng.dirichlet([0.3, 0.3, 0.3], ROWS)
    p[7] = [0.0, 1.0, 0.0]
    labels = rng.integers(0, 3, ROWS)
    weights = np.round(rng.random(ROWS) * 3, 2)
    return [
        {**{f"p_{k}": float(p[at, k]) for k in range(3)}, "label": int(labels[at]), "w": float(weights[at])}
        for at in range(ROWS)
    ]


def spelled(row: dict[str, Any], label: str) -> str:
    held = {**row, "label": "@"}
    return json.dumps(held).replace('"@"', label)


def write(folder: Path, held: list[dict[str, Any]]) -> list[Path]:
    """Write the rows in every form and return the paths."""
    paths = [folder / "rows.csv"]
    names = list(held[0])
    text = [",".join(names), *(",".join(repr(row[name]) for name in names) for row in held)]
    paths[0].write_text("\n".join(text) + "\n")
    table = pa.table({name: [row[name] for row in held] for name in names})
    labels = [pa.int64(), pa.uint8(), pa.float32(), pa.string(), pa.large_string(), pa.decimal128(30, 2), pa.binary()]
    for at, kind in enumerate(labels):
        column = table["label"].cast(pa.string()).cast(kind) if kind == pa.binary() else table["label"].cast(kind)
        paths.append(folder / f"rows{at}.parquet")
        pq.write_table(table.set_column(3, "label", column), paths[-1], row_group_size=73)
    paths.append(folder / "dictionary.parquet")
    pq.write_table(table.set_column(3, "label", table["label"].cast(pa.string()).dictionary_encode()), paths[-1])
    forms = ["{}", '"{}"', "{}.0", "{}e0"]
    for at, form in enumerate(forms):
        paths.append(folder / f"rows{at}.jsonl")
        paths[-1].write_text("".join(spelled(row, form.format(row["label"])) + "\n" for row in held))
    paths.append(folder / "mixed.ndjson")
    mixed = (spelled(row, forms[at % 4].format(row["label"])) + "\r\n" for at, row in enumerate(held))
    paths[-1].write_text("".join(mixed))
    return paths


@pytest.mark.parametrize("options", [{}, {"weight": "w"}, {"input": "logits"}], ids=str)
def test_every_format_gives_the_same_bits(options: dict[str, Any], tmp_path: Path) -> None:
    paths = write(tmp_path, rows())
    results = {
        (path.name, chunk): evaluate(path, pred=["p_*"], chunk_rows=chunk, **options)
        for path in paths
        for chunk in (None, 97)
    }
    first = results["rows.csv", None]
    for place, result in results.items():
        assert result.overall == first.overall, place
        assert result.classes == first.classes, place
        assert result.inputs.rows_fingerprint == first.inputs.rows_fingerprint, place
