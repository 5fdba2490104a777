"""Units of work: they have every row once, whatever the file looks like, and add up to one pass over all of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from effort import examples
from evaluated import Result, same_every_run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xentcli.columns.classes import find_classes
from xentcli.columns.inputs import open_inputs
from xentcli.commands.evaluate import shard_of
from xentcli.engine import units as units_module
from xentcli.engine.units import Unit, units_of
from xentcli.engine.work import Together, Work
from xentcli.spec.choices import Missing, Unmatched
from xentcli.spec.options import ColumnSpec, EvalSpec
from xentcli.summary.build_result import Running, result_of

QUIET = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def in_units(spec: EvalSpec, predictions: str, labels: str | None, rows: int) -> tuple[list[Unit], Result | None]:
    """Return the units of some inputs and what they add up to, done here one by one; None where one pass must see."""
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        # The setting for tests of how long units are.
        patch.setattr(units_module, "_ROWS", rows)
        inputs, classes = find_classes(open_inputs(spec, predictions, labels, stack), spec)
        found = units_of(inputs, spec, 2, stack)
        assert found is not None
        work = Work(spec, inputs, classes, None, labels is not None)
        together, units = Together(work), list(found)
        # As they may come in: the last first.
        for unit, one in reversed([(unit, work.run(unit)) for unit in units]):
            together.add(unit, one)
        whole = together.whole()
    return units, None if whole is None else same_every_run(result_of(whole, Running(0.0, 1, ())).to_dict())


def in_one(spec: EvalSpec, predictions: str, labels: str | None) -> Result:
    return same_every_run(result_of(shard_of(spec, predictions, labels), Running(0.0, 1, ())).to_dict())


CELL = st.one_of(
    st.sampled_from(["a", "b,c", 'say ""x""', "two\nlines", "two\r\nlines", "", "é"]),
    st.text(st.sampled_from('ab ,\n\r"'), max_size=5).map(lambda text: text.replace('"', '""')),
)


@given(
    rows=st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans(), CELL, st.booleans()), min_size=2, max_size=30),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=st.integers(0, 3),
    closed=st.booleans(),
    mark=st.booleans(),
    long=st.integers(0, 2),
    size=st.sampled_from([1, 2, 7, 1000]),
)
@QUIET
def test_units_of_any_csv_have_every_row_once(
    rows: list[tuple[float, bool, str, bool]],
    ending: str,
    blank: int,
    closed: bool,
    mark: bool,
    long: int,
    size: int,
    tmp_path: Path,
) -> None:
    lines = ["p_1,label,note"]
    for at, (p, label, note, quoted) in enumerate(rows):
        plain = not quoted and not any(char in note for char in '\r\n",')
        text = note + "x" * 300_000 if long and at == long else note
        lines.append(f"{p!r},{int(label)}," + (text if plain else f'"{text}"'))
    whole = ending.join(lines) + (ending if closed else "") + ending * blank
    path = tmp_path / "p.csv"
    path.write_bytes((b"\xef\xbb\xbf" if mark else b"") + whole.encode())
    spec = EvalSpec(columns=ColumnSpec(label=("label",), pred=("p_1",)))
    units, found = in_units(spec, str(path), None, size)
    assert len(units) == -(-len(rows) // size)
    assert found == in_one(spec, str(path), None)


@pytest.mark.parametrize("size", [1, 2, 7])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", [0, 1, 2, 3])
def test_labels_of_one_column_may_be_missing_at_the_end(size: int, ending: str, blank: int, tmp_path: Path) -> None:
    p, y = tmp_path / "p.csv", tmp_path / "y.csv"
    rows = 12
    labels = ["1", "0", "", "1", "1", "", "", "0", "1"]
    whole = [*labels, *[""] * (rows - len(labels))]
    p.write_text("p_1\n" + "".join(f"0.{at + 1}\n" for at in range(rows if blank > 1 else len(labels))))
    given_labels = whole if blank > 1 else labels
    y.write_text(ending.join(["y", *given_labels]) + ending * (2 if blank == 1 else 1))
    spec = EvalSpec(columns=ColumnSpec(missing=Missing.DROP))
    units, found = in_units(spec, str(p), str(y), size)
    assert len(units) > 1
    assert found is None or found == in_one(spec, str(p), str(y))


def table(rows: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    p = rng.random(rows)
    return pa.table({"p_1": p, "y": (rng.random(rows) < p).astype(np.int64), "w": rng.random(rows)})


@given(
    groups=st.lists(st.integers(0, 12), min_size=1, max_size=5).filter(lambda groups: sum(groups) > 1),
    size=st.integers(1, 9),
)
@QUIET
def test_units_of_any_row_groups_have_every_row_once(groups: list[int], size: int, tmp_path: Path) -> None:
    whole, path = table(sum(groups)), tmp_path / "p.parquet"
    with pq.ParquetWriter(path, whole.schema) as writer:
        at = 0
        for rows in groups:
            writer.write_table(whole.slice(at, rows), row_group_size=max(1, rows))
            at += rows
    spec = EvalSpec(columns=ColumnSpec(weight="w", label=("y",)))
    units, found = in_units(spec, str(path), None, size)
    assert len(units) == -(-sum(groups) // size)
    assert found == in_one(spec, str(path), None)


def _csv(path: Path, part: pa.Table) -> None:
    rows = zip(*(part.column(name).to_pylist() for name in part.column_names), strict=True)
    path.write_text(",".join(part.column_names) + "\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows))


def _packed(path: Path, part: pa.Table) -> None:
    _csv(path, part)
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def _lines(path: Path, part: pa.Table) -> None:
    import json

    path.with_suffix(".jsonl").write_text("".join(json.dumps(row) + "\n" for row in part.to_pylist()))


def _parquet(path: Path, part: pa.Table) -> None:
    pq.write_table(part, path.with_suffix(".parquet"), row_group_size=3)


FORMS: dict[str, Callable[[Path, pa.Table], None]] = {
    "csv": _csv,
    "gzip": _packed,
    "jsonl": _lines,
    "parquet": _parquet,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_units_of_parts_have_every_row_once_and_parts_may_be_empty(form: str, size: int, tmp_path: Path) -> None:
    whole, at = table(40), 0
    for number, rows in enumerate((5, 0, 1, 20, 0, 14)):
        if rows or form in {"csv", "parquet"}:
            FORMS[form](tmp_path / f"part-{number}.csv", whole.slice(at, rows))
        at += rows
    spec = EvalSpec(columns=ColumnSpec(weight="w", label=("y",)))
    units, found = in_units(spec, str(tmp_path), None, size)
    assert len(units) >= (3 if size < 1000 or form == "gzip" else 1)
    assert found == in_one(spec, str(tmp_path), None)


@pytest.mark.parametrize("left", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize("right", ["csv", "parquet"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_both_inputs_are_cut_at_the_same_rows(left: str, right: str, size: int, tmp_path: Path) -> None:
    whole = table(50)
    p, y = tmp_path / "p", tmp_path / "y"
    for folder, form, names, cuts in ((p, left, ["p_1"], (20, 30)), (y, right, ["y", "w"], (7, 25, 18))):
        folder.mkdir()
        at = 0
        for number, rows in enumerate(cuts):
            FORMS[form](folder / f"part-{number}.csv", whole.select(names).slice(at, rows))
            at += rows
    spec = EvalSpec(columns=ColumnSpec(weight="w", label=("y",), unmatched=Unmatched.ERROR))
    units, found = in_units(spec, str(p), str(y), size)
    assert len(units) == -(-50 // size)
    assert found == in_one(spec, str(p), str(y))


def test_places_in_a_file_are_told_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('p_1,y,note\n0.5,1,a\n0.5,0,"b\nc"\n0.5,1,d\n')
    spec = EvalSpec(columns=ColumnSpec(label=("y",), pred=("p_1",)))
    units, _ = in_units(spec, str(path), None, 1)
    starts: list[Any] = [unit.spans[0][0] for unit in units]
    assert starts[0] is None
    assert [(mark.row, mark.line, mark.quoted) for mark in starts[1:]] == [(1, 3, False), (2, 5, True)]
