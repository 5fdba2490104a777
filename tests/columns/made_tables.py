"""Tables of the random cases as files; `PYTHONPATH=tests python tests/columns/made_tables.py SEED` writes one here."""

from __future__ import annotations

import csv
import io
import shlex
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from reference.rule_cases import RuleCase, Table, random_rule_case


def written(case: RuleCase) -> list[str]:
    """Write the files of a case into the working directory and return their names."""
    tables = [("p", case.predictions)] + ([] if case.labels is None else [("y", case.labels)])
    files = [f"{name}.{case.ending}" for name, _ in tables]
    for file, (_, table) in zip(files, tables, strict=True):
        if case.ending == "parquet":
            pq.write_table(pa.table({name: _array(column.cells, column.type) for name, column in table.items()}), file)
        else:
            Path(file).write_text(as_csv(table), encoding="utf-8", newline="")
    return files


def as_csv(table: Table) -> str:
    """Return a table as CSV, quoted where it has to be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(column.cells for column in table.values()), strict=True))
    return text.getvalue()


def reproduction(case: RuleCase) -> str:
    """Return a case as text that holds all of it: its files and the command."""
    tables = [("p", case.predictions)] + ([] if case.labels is None else [("y", case.labels)])
    files = [f"{name}.{case.ending}" for name, _ in tables]
    shown = [f"{file}:\n{as_csv(table)}" for file, (_, table) in zip(files, tables, strict=True)]
    command = shlex.join(["xent", "eval", *files, *case.options])
    meant = ", ".join(f"{column!r} is {name!r}" for name, column in case.truth.items())
    return f"seed {case.seed}: {meant}; the loss is {case.loss!r}\n{''.join(shown)}$ {command}"


def _array(cells: list[str], kind: str) -> pa.Array:
    if kind == "text":
        return pa.array(cells, pa.string())
    return pa.array([int(cell) if kind == "int" else float(cell) for cell in cells])


if __name__ == "__main__":
    chosen = random_rule_case(int(sys.argv[1]))
    written(chosen)
    print(reproduction(chosen))
