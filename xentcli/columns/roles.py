"""Which column of which file is a prediction, the label, the weight, or only there to check the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from xentcli.columns.affixes import sharing
from xentcli.errors import DataError, UsageError, XentError
from xentcli.sources.base import ColumnKind, Source
from xentcli.spec import ColumnSpec
from xentcli.text import listing, path, quote

LABEL_NAMES = ("label", "target", "class", "y_true", "y")
_NUMERIC = {ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL, ColumnKind.BOOLEAN}
_ORDERED = {ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.DATE}
_UNNAMED = {"", "__index_level_0__"}
_SIDES = ("predictions", "labels")


@dataclass(frozen=True, slots=True)
class Place:
    """A column of one of the inputs: side 0 is PREDICTIONS, 1 is LABELS."""

    side: int
    name: str


@dataclass(frozen=True, slots=True)
class Roles:
    """What each column is for.

    predictions: columns of PREDICTIONS in the order of the file or of --pred. weight: one place, or one in each
    input, which must then agree. shared: columns of both inputs that are compared row by row.
    """

    predictions: tuple[str, ...]
    label: Place
    weight: tuple[Place, ...]
    shared: tuple[str, ...]


def find_roles(spec: ColumnSpec, predictions: Source, labels: Source | None) -> Roles:
    """Return the role of every column.

    Raises UsageError for options that contradict each other, DataError for columns that are not there, that no
    rule singles out, or whose type cannot hold what they are for.
    """
    finder = _Finder(spec, predictions, labels)
    weight = finder.weight()
    label = finder.label(weight)
    chosen = finder.predictions(label, weight)
    named = {place.name for place in (label, *weight)} | set(chosen)
    shared = finder.shared(named) if spec.order_check else ()
    return Roles(chosen, label, weight, shared)


class _Finder:
    def __init__(self, spec: ColumnSpec, predictions: Source, labels: Source | None) -> None:
        self.spec = spec
        self.sources = (predictions,) if labels is None else (predictions, labels)
        self.names = [[column.name for column in source.columns] for source in self.sources]
        self.columns = [{column.name: column for column in source.columns} for source in self.sources]

    def _error(self, side: int, problem: str, hint: str = "") -> DataError:
        source = self.sources[side]
        details = [f"The columns of {path(source.path)} are {listing(self.names[side])}."]
        return DataError(problem, file=source.path, order=(0, side, -1), hint=hint, details=details)

    def _places(self, option: str, name: str) -> list[Place]:
        """Return where a column named by an option is: in one input, or in both."""
        for side, word in enumerate(_SIDES):
            head, _, tail = name.partition(":")
            if head == word and not any(name in columns for columns in self.columns):
                if side >= len(self.sources):
                    raise UsageError(f"{option} is {quote(name)}, but there is no LABELS")
                if tail not in self.columns[side]:
                    raise self._absent(option, tail, [side])
                return [Place(side, tail)]
        places = [Place(side, name) for side, columns in enumerate(self.columns) if name and name in columns]
        if not places:
            raise self._absent(option, name, list(range(len(self.sources))))
        return places

    def _absent(self, option: str, name: str, sides: list[int]) -> XentError:
        known = [other for side in sides for other in self.names[side] if other]
        problem = f"{option} names {quote(name)}, which is not a column"
        hint = nearest(name, known)
        if len(sides) == 1:
            return self._error(sides[0], problem, hint)
        details = [f"The columns of {path(self.sources[side].path)} are {listing(self.names[side])}." for side in sides]
        return UsageError(problem + " of either input", hint=hint, details=details)

    def weight(self) -> tuple[Place, ...]:
        """Return where the weight is."""
        if self.spec.weight is None:
            return ()
        places = self._places("--weight", self.spec.weight)
        for place in places:
            self._refuse_type(place, "--weight")
        return tuple(places)

    def label(self, weight: tuple[Place, ...]) -> Place:
        """Return where the label is: --label, else what is left over in LABELS, else a usual name."""
        side = len(self.sources) - 1
        if self.spec.label:
            if self.spec.label[0] == self.spec.weight:
                raise UsageError(f"column {quote(self.spec.label[0])} is the label; it cannot be the weight too")
            places = self._places("--label", self.spec.label[0])
            place = places[-1]
        else:
            place = Place(side, self._default_label(side, {found.name for found in weight}))
        column = self.columns[place.side][place.name]
        if column.kind is ColumnKind.OTHER:
            problem = f"the label column {quote(place.name)} is of type {column.type_name}"
            raise self._error(place.side, problem, "Labels are text, whole numbers, booleans or dates.")
        return place

    def _default_label(self, side: int, taken: set[str]) -> str:
        names = self.names[side]
        if side == 1:
            left = [name for name in names if name not in taken]
            alone = [name for name in left if name not in self.names[0]]
            if len(left) == 1:
                return left[0]
            both = [name for name in left if name in LABEL_NAMES and name not in alone]
            if len(alone) == 1 and both and alone[0] not in LABEL_NAMES:
                # An id in LABELS alone beside a `label` in both: which of them is meant is not ours to say.
                raise self._error(
                    side, f"which column is the label: {listing([*alone, *both])}?", "Say so with --label."
                )
            if len(alone) == 1:
                return alone[0]
        usual = [name for name in LABEL_NAMES if name in names and name not in taken]
        if len(usual) == 1:
            return usual[0]
        if usual:
            raise self._error(side, f"which column is the label: {listing(usual)}?", "Say so with --label.")
        if side == 0:
            hint = "Give the labels in a second file, or name their column with --label."
            raise self._error(side, f"there is no label column: none is called {listing(LABEL_NAMES)}", hint)
        raise self._error(side, "which column is the label? None is left over alone", "Say so with --label.")

    def predictions(self, label: Place, weight: tuple[Place, ...]) -> tuple[str, ...]:
        """Return the prediction columns: --pred, else those that nothing else explains."""
        if self.spec.pred:
            chosen = self._asked()
            for place, role in ((label, "label"), *((place, "weight") for place in weight)):
                if place.side == 0 and place.name in chosen:
                    raise UsageError(f"column {quote(place.name)} is the {role}; it cannot be a prediction column too")
        else:
            chosen = self._left_over(label, {place.name for place in weight})
        for name in chosen:
            self._refuse_type(Place(0, name), "--pred")
        return tuple(chosen)

    def _asked(self) -> list[str]:
        chosen: dict[str, None] = {}
        for name in self.spec.pred:
            matches = (
                [name] if name in self.names[0] else [other for other in self.names[0] if fnmatchcase(other, name)]
            )
            if not matches:
                raise self._absent("--pred", name, [0])
            for match in matches:
                if match in chosen:
                    raise UsageError(f"--pred names column {quote(match)} twice")
                chosen[match] = None
        return list(chosen)

    def _left_over(self, label: Place, taken: set[str]) -> list[str]:
        names = self.names[0]
        others = {label.name} if label.side == 0 else set()
        if len(self.sources) == 2:
            others |= set(self.names[1]) - {label.name}
        left = [name for name in names if name not in taken and name not in others]
        if any(name in _UNNAMED for name in names):
            hint = "If so write the file without it, or name the columns with --pred and --label."
            place = next(i + 1 for i, name in enumerate(names) if name in _UNNAMED)
            raise self._error(0, f"column {place} has no name; is it an index?", hint)
        if not left:
            raise self._error(0, "no column is left to be a prediction", "Name the prediction columns with --pred.")
        return left if all(_is_decimal(name) for name in left) else sharing(left)

    def _refuse_type(self, place: Place, option: str) -> None:
        column = self.columns[place.side][place.name]
        typed = self.sources[place.side].format != "csv"
        if column.kind in _NUMERIC and not (typed and column.kind is ColumnKind.TEXT):
            return
        purpose = "a weight" if option == "--weight" else "a prediction"
        hint = "Weights are numbers, 0 or more." if option == "--weight" else "Say which columns are with --pred."
        raise self._error(place.side, f"column {quote(place.name)} is of type {column.type_name}, not {purpose}", hint)

    def shared(self, named: set[str]) -> tuple[str, ...]:
        """Return the columns that both inputs have, no option names, and whose type can tell rows apart."""
        if len(self.sources) == 1:
            return ()
        kinds = [{column.name: column.kind for column in source.columns} for source in self.sources]
        both = [name for name in self.names[0] if name in kinds[1] and name not in named and name not in _UNNAMED]
        return tuple(name for name in both if kinds[0][name] in _ORDERED and kinds[1][name] in _ORDERED)


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a question that names the known text most like `name`, '' if none is like it."""
    from difflib import get_close_matches
    from unicodedata import normalize

    alike = next((other for other in known if normalize("NFKC", other) == normalize("NFKC", name)), None)
    if alike is not None:
        return f"Did you mean {alike!a}? It looks the same but is written in other characters."
    folded = {other.strip().casefold(): other for other in known}
    near = folded.get(name.strip().casefold()) or next(iter(get_close_matches(name, known, 1)), None)
    return f"Did you mean {quote(near)}?" if near is not None else ""


_HEADLESS_HINT = "Add a header line with the names of the columns."


def headless_predictions(spec: ColumnSpec, roles: Roles, source: Source) -> DataError | None:
    """Return the error to raise, if labels are not all among them, where the prediction columns' names are data.

    That is where all of them are numbers, and not 0, 1, 2, …
    """
    names = roles.predictions
    counting = sorted(names) == sorted(str(at) for at in range(len(names)))
    if source.format != "csv" or spec.pred or counting or not all(_is_decimal(name) for name in names):
        return None
    return DataError(
        f"the first row looks like data: {listing(names, 5)}", file=source.path, line=1, hint=_HEADLESS_HINT
    )


def refuse_headless_labels(spec: ColumnSpec, roles: Roles, classes: Sequence[str], source: Source | None) -> None:
    """Raise DataError where the name of a CSV's one label column is a number or a class."""
    if source is None or source.format != "csv" or spec.label or len(source.columns) != 1:
        return
    name = roles.label.name
    if _is_decimal(name) or (len(roles.predictions) > 1 and name in classes and name not in LABEL_NAMES):
        order = (0, 1, -1)
        problem = f"the first row looks like data: {quote(name)}"
        raise DataError(problem, file=source.path, line=1, order=order, hint=_HEADLESS_HINT)


def _is_decimal(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.lower().strip(" +-") not in {"nan", "inf", "infinity"}
