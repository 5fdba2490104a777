"""What a source holds: its pieces put together as plain Python values, whatever their cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli import DataError
from xentcli.sources.base import Piece, Role, Source, Strings, Texts
from xentcli.sources.open import open_source
from xentcli.spec.dialect import Dialect


@contextmanager
def opened(path: str | Path) -> Iterator[Source]:
    """Give an open source."""
    source = open_source(str(path), 0, Dialect())
    try:
        yield source
    finally:
        source.close()


def pieces(source: Source, wanted: Mapping[str, Role]) -> Iterator[Piece]:
    """Yield the pieces of a source."""
    with ThreadPoolExecutor(2) as pool:
        yield from source.pieces(wanted, pool, 3)


def plain(values: Any) -> list[Any]:
    """Return a column of a piece as a list; missing texts are None."""
    if isinstance(values, Strings):
        return [values.text(row) for row in range(len(values))]
    if isinstance(values, Texts):
        return [values.values[code] if code >= 0 else None for code in values.codes.tolist()]
    return list(np.asarray(values).tolist())


def column(path: str | Path, name: str, role: Role) -> list[Any]:
    """Return all values of a column in a role."""
    found: list[Any] = []
    with opened(path) as source:
        for piece in pieces(source, {name: role}):
            held = {**piece.numbers, **piece.labels, **piece.order}[name]
            values = plain(held)
            assert len(values) == piece.rows
            assert plain(next(iter([*_held(piece.slice(0, 1))]))) == values[:1]
            found += values
    return found


def _held(piece: Piece) -> list[Any]:
    return [*piece.numbers.values(), *piece.labels.values(), *piece.order.values()]


def refusal(path: str | Path, name: str, role: Role) -> str:
    """Return the message of the error that reading a column in a role ends with."""
    with pytest.raises(DataError) as caught:
        column(path, name, role)
    return str(caught.value).removeprefix(f"{path}")


def parquet(folder: Path, array: Any, **options: Any) -> Path:
    """Write one column `c` as Parquet and return its path."""
    path = folder / "c.parquet"
    pq.write_table(pa.table({"c": array}), path, **options)
    return path
