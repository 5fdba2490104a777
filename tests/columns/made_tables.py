"""Tables of the random cases as files; `PYTHONPATH=tests python tests/columns/made_tables.py SEED` writes one here."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from reference.rule_cases import RuleCase, Table, random_rule_case

_MOST_SHOWN = 20


def written(case: RuleCase) -> list[str]:
    """Write the files of a case into the working directory and return their names."""
    tables = [("p", case.predictions)] + ([] if case.labels is None else [("y", case.labels)])
    files = [f"{name}.{case.ending}" for name, _ in tables]
    for file, (_, table) in zip(files, tables, strict=True):
        if case.ending == "parquet":
            pq.write_table(pa.table({name: _array(column.cells, column.type) for name, column in table.items()}), file)
        else:
            text = as_json_lines(table) if case.ending == "jsonl" else as_csv(table, "--no-header" not in case.options)
            Path(file).write_text(text, encoding="utf-8", newline="")
    return files


def as_json_lines(table: Table) -> str:
    """Return a table as an object a line."""
    cells = [[_value(cell, column.type) for cell in column.cells] for column in table.values()]
    return "".join(json.dumps(dict(zip(table, row, strict=True))) + "\n" for row in zip(*cells, strict=True))


def as_csv(table: Table, header: bool = True) -> str:
    """Return a table as CSV, quoted where it has to be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow(table)
    writer.writerows(zip(*(column.cells for column in table.values()), strict=True))
    return text.getvalue()


def reproduction(case: RuleCase) -> str:
    """Return a case as text that holds all of it: its files and the command."""
    tables = [("p", case.predictions)] + ([] if case.labels is None else [("y", case.labels)])
    files = [f"{name}.{case.ending}" for name, _ in tables]
    shown = [f"{file}:\n{_shortened(as_csv(table))}" for file, (_, table) in zip(files, tables, strict=True)]
    command = shlex.join(["xent", "eval", *files, *case.options])
    meant = ", ".join(f"{column!r} is {name!r}" for name, column in case.truth.items())
    return f"seed {case.seed}: {meant}; the loss is {case.loss!r}\n{''.join(shown)}$ {command}"


def _shortened(text: str) -> str:
    """Return a file as text without what is between its first and last lines."""
    lines = text.splitlines(keepends=True)
    return text if len(lines) <= _MOST_SHOWN else "".join([*lines[:4], "...\n", *lines[-4:]])


def _array(cells: list[str], kind: str) -> pa.Array:
    return pa.array([_value(cell, kind) for cell in cells], pa.string() if kind == "text" else None)


def _value(cell: str, kind: str) -> str | int | float:
    return cell if kind == "text" else int(cell) if kind == "int" else float(cell)


if __name__ == "__main__":
    chosen = random_rule_case(int(sys.argv[1]))
    written(chosen)
    print(reproduction(chosen))
