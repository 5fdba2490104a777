"""Whether parts go together: one format, the same columns by name, kinds of values that can be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xentcli.errors import DataError
from xentcli.sources.base import Column, ColumnKind, Doubt, Role
from xentcli.sources.parts.folders import folder_columns
from xentcli.sources.parts.listing import Part
from xentcli.text import quote

_FORMATS = {"csv": "CSV", "parquet": "Parquet", "jsonl": "JSON Lines"}
# From what holds least to what holds most: a column of several is of the last.
_NUMBERS = (ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a part says before its rows are read; without a format it is 0 bytes long."""

    stamp: tuple[int, int] | None
    rows: int | None
    format: str = ""
    columns: tuple[Column, ...] = ()
    headerless: bool = False
    doubt: Doubt | None = None


class Common:
    """What the parts met so far have in common. `rows` is None where one of them does not say."""

    def __init__(self, path: str, side: int) -> None:
        self.path, self.side = path, side
        self.rows: int | None = 0
        self.doubt: Doubt | None = None
        self._first: tuple[Part, Facts] | None = None
        self._columns: dict[str, Column] = {}
        # The part that each column's type is from, and a part in which it compares differently as a key.
        self._from: dict[str, Part] = {}
        self._differs: dict[str, tuple[Part, Column]] = {}

    def add(self, part: Part, facts: Facts) -> None:
        """Take up a part. Raises DataError, naming two parts, if it does not go with those before it."""
        self.rows = None if self.rows is None or facts.rows is None else self.rows + facts.rows
        if not facts.format:
            return
        self.doubt = self.doubt or facts.doubt
        if self._first is None:
            self._begin(part, facts)
            return
        first, known = self._first
        if facts.format != known.format:
            names = [_FORMATS[kind] for kind in (facts.format, known.format)]
            problem = f"this part is {names[0]}, but {quote(first.path, 4096)} is {names[1]}"
            raise self._error(part, problem, "All parts are of one format.")
        if facts.columns != known.columns:
            self._refuse_other_names(part, facts.columns, known.columns)
            for column in facts.columns:
                self._merge(part, column)

    def _begin(self, part: Part, facts: Facts) -> None:
        self._first = (part, facts)
        self._columns = {column.name: column for column in facts.columns}
        self._from = dict.fromkeys(self._columns, part)
        for key, _ in part.keys:
            if key in self._columns:
                problem = f"the column {quote(key)} is in the file and in the name of a folder above it"
                raise self._error(part, problem, "Leave out one of them.")

    def _error(self, part: Part, problem: str, hint: str) -> DataError:
        return DataError(problem, file=part.path, order=(0, self.side, -1), hint=hint)

    def _refuse_other_names(self, part: Part, ours: Sequence[Column], theirs: Sequence[Column]) -> None:
        assert self._first is not None
        other = quote(self._first[0].path, 4096)
        names, known = ([column.name for column in columns] for columns in (ours, theirs))
        hint = "Parts have the same columns by name, in any order."
        missing = next((name for name in known if name not in names), None)
        if missing is not None:
            raise self._error(part, f"it has no column {quote(missing)}, which {other} has", hint)
        extra = next((name for name in names if name not in known), None)
        if extra is not None:
            raise self._error(part, f"it has a column {quote(extra)}, which {other} does not have", hint)
        if len(names) != len(known):
            raise self._error(part, f"it has {len(names)} columns, but {other} has {len(known)}", hint)

    def _merge(self, part: Part, column: Column) -> None:
        """Let a column be of the wider of two kinds; an all-null one is of any."""
        known = self._columns[column.name]
        if column.type_name == "null" or column == known:
            return
        if known.type_name == "null":
            self._columns[column.name], self._from[column.name] = column, part
            return
        if column.kind is not known.kind and not {column.kind, known.kind} <= set(_NUMBERS):
            raise self._mixed(part, column)
        if column.kind is not known.kind or "uint64" in {column.type_name, known.type_name}:
            self._differs.setdefault(column.name, (part, column))
        if column.kind is not known.kind:
            wider = max(column.kind, known.kind, key=_NUMBERS.index)
            self._columns[column.name] = replace(known, kind=wider)

    def _mixed(self, part: Part, column: Column) -> DataError:
        known, other = self._columns[column.name], quote(self._from[column.name].path, 4096)
        problem = f"column {quote(column.name)} is of type {column.type_name} here, but {known.type_name} in {other}"
        return self._error(part, problem, "Write it with one type in all parts.")

    def refuse_mixed_keys(self, wanted: Mapping[str, Role]) -> None:
        """Raise DataError where a column is to be a key, and its values compare as different things in two parts."""
        for name, role in wanted.items():
            if role is Role.KEY and name in self._differs:
                raise self._mixed(*self._differs[name])

    def found(self) -> Facts:
        """Return the format and columns of all parts, those of folders last. Raises DataError if all are empty."""
        if self._first is None:
            raise DataError("every part is empty: 0 bytes long", file=self.path, order=(0, self.side, -1))
        part, facts = self._first
        columns = (*(self._columns.get(column.name, column) for column in facts.columns), *folder_columns(part.keys))
        return replace(facts, columns=columns, rows=self.rows, doubt=self.doubt)
