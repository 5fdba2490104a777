"""Columns looked up by name in both inputs, and the errors for those that are not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from xentcli.errors import DataError, UsageError, XentError
from xentcli.sources.base import Column, ColumnKind, Source
from xentcli.spec.parsing import typed
from xentcli.text import listing, nearest, path, quote

_SIDES = ("predictions", "labels")
# The type of a column that the names of folders hold, as in `year=2024/part.csv`.
FOLDER_NAME = "folder name"
_NUMERIC = {ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL, ColumnKind.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Place:
    """A column of one of the inputs: side 0 is PREDICTIONS, 1 is LABELS."""

    side: int
    name: str


class Lookup:
    """The columns of both inputs by name."""

    def __init__(self, predictions: Source, labels: Source | None) -> None:
        self.sources = (predictions,) if labels is None else (predictions, labels)
        self.names = [[column.name for column in source.columns] for source in self.sources]
        self.columns = [{column.name: column for column in source.columns} for source in self.sources]

    @property
    def alike(self) -> bool:
        """Say whether columns of both inputs with one name are one thing: not where names are only places."""
        return len(self.sources) == 2 and not any(source.headerless for source in self.sources)

    def column(self, place: Place) -> Column:
        """Return the column at a place."""
        return self.columns[place.side][place.name]

    def error(self, side: int, problem: str, hint: str = "", options: Sequence[str] = ()) -> DataError:
        """Return an error about an input, with its columns."""
        source = self.sources[side]
        details = [f"The columns of {path(source.path)} are {listing(self.names[side])}."]
        return DataError(problem, file=source.path, order=(0, side, -1), hint=hint, details=details, options=options)

    def places(self, option: str, name: str) -> list[Place]:
        """Return where a column named by an option is: in one input, or in both.

        `predictions:COL` and `labels:COL` are in one, unless a column is really called so.
        """
        for side, word in enumerate(_SIDES):
            head, _, tail = name.partition(":")
            if head == word and not any(name in columns for columns in self.columns):
                if side >= len(self.sources):
                    raise UsageError(f"{option} is {quote(name)}, but there is no LABELS")
                if tail not in self.columns[side]:
                    raise self.absent(option, tail, [side])
                return [Place(side, tail)]
        places = [Place(side, name) for side, columns in enumerate(self.columns) if name and name in columns]
        if not places:
            raise self.absent(option, name, list(range(len(self.sources))))
        return places

    def absent(self, option: str, name: str, sides: list[int]) -> XentError:
        """Return the error for a column that is not there."""
        known = [other for side in sides for other in self.names[side] if other]
        problem = f"{option} names {quote(name)}, which is not a column"
        hint = nearest(name, known)
        if len(sides) == 1:
            return self.error(sides[0], problem, hint)
        details = [f"The columns of {path(self.sources[side].path)} are {listing(self.names[side])}." for side in sides]
        return UsageError(problem + " of either input", hint=hint, details=details)

    def matching(self, option: str, names: Sequence[str], side: int, taken: Collection[str] = ()) -> list[str]:
        """Return the columns of one input that names and patterns stand for, in their order.

        An exact name comes before a pattern, and patterns pass over the columns that are `taken`. What `!` stands
        before is left out.
        """
        here = self.columns[side]
        out = [name for name in names if name.startswith("!") and name not in here]
        left = {other for name in out for other in self._matches(option, name[1:], side)}
        if len(out) == len(names):
            problem = f"{option} only says which columns are left out"
            raise UsageError(problem, hint="Of which?", options=[typed(option, ["*", *names])])
        passed = {*taken, *left, *(name for name in names if name in here)}
        chosen: dict[str, None] = {}
        for name in names:
            if name in out:
                continue
            matches = self._matches(option, name, side)
            if name not in here:
                matches = [other for other in matches if other not in passed]
                if not matches:
                    problem = f"{option} names {quote(name)}, which stands only for columns that are named otherwise"
                    raise self.error(side, problem)
            for match in matches:
                if match in chosen:
                    raise UsageError(f"{option} names column {quote(match)} twice")
                chosen[match] = None
        return list(chosen)

    def _matches(self, option: str, name: str, side: int) -> list[str]:
        """Return the column called so, else those that a pattern stands for. Raise if there is none."""
        here = self.names[side]
        found = [name] if name in self.columns[side] else [other for other in here if fnmatchcase(other, name)]
        if not found:
            raise self.absent(option, name, [side])
        return found

    def refuse_no_numbers(self, place: Place, what: str, hint: str) -> None:
        """Raise DataError for a column whose type cannot hold numbers."""
        column = self.column(place)
        typed = self.sources[place.side].format != "csv" and column.type_name != FOLDER_NAME
        if column.kind not in _NUMERIC or (typed and column.kind is ColumnKind.TEXT):
            problem = f"column {quote(place.name)} is of type {column.type_name}, not {what}"
            raise self.error(place.side, problem, hint)
