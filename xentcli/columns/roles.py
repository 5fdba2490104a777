"""Which column of which file is a prediction, the label, a weight, a key, a slice, or only there to check the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xentcli.columns.defaults import UNNAMED, default_label, left_over
from xentcli.columns.given_classes import by_column
from xentcli.columns.lookup import FOLDER_NAME, Lookup, Place
from xentcli.errors import UsageError
from xentcli.sources.base import ColumnKind, Role, Source
from xentcli.spec.choices import LabelKind, Missing
from xentcli.spec.options import EvalSpec
from xentcli.spec.parsing import typed
from xentcli.text import listing, quote

_ORDERED = {ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.DATE}
_CAST = ": cast it to text where the file is written."
_TEXTUAL = _ORDERED | {ColumnKind.BOOLEAN, ColumnKind.FLOAT, ColumnKind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Roles:
    """What each column is for.

    predictions: columns of PREDICTIONS in the order of the file or of --pred, or one column of lists. label: one place,
    several or one of lists for distributions, none where only the label's probability is known. exact: the predictions
    that an option names, and not only a pattern in it. weight, per: one place, or one in each input, which must then
    agree; so are `by`, one tuple a column. on: the keys of both sides. shared: columns of both inputs that are compared
    row by row.
    """

    predictions: tuple[str, ...]
    label: tuple[Place, ...]
    lists: frozenset[Place] = frozenset()
    exact: frozenset[str] = frozenset()
    weight: tuple[Place, ...] = ()
    per: tuple[Place, ...] = ()
    by: tuple[tuple[Place, ...], ...] = ()
    on: tuple[tuple[Place, Place], ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def distribution(self) -> bool:
        """Say whether labels are distributions."""
        return len(self.label) > 1 or any(place in self.lists for place in self.label)

    @property
    def prediction_list(self) -> bool:
        """Say whether the predictions are a column of lists."""
        return Place(0, self.predictions[0]) in self.lists

    def unused(self, lookup: Lookup, side: int) -> tuple[str, ...]:
        """Return the columns of one input that nothing uses; names of folders are no columns of a file."""
        used = {place.name for place in (*self.label, *self.weight, *self.per) if place.side == side}
        used |= {place.name for places in self.by for place in places if place.side == side}
        used |= (
            {pair[side].name for pair in self.on} | set(self.shared) | (set(self.predictions) if side == 0 else set())
        )
        columns = lookup.sources[side].columns
        return tuple(column.name for column in columns if column.name not in used and column.type_name != FOLDER_NAME)

    def wanted(self, side: int, spec: EvalSpec) -> dict[str, Role]:
        """Return the columns of one input that are read, and as what."""
        wanted: dict[str, Role] = dict.fromkeys(self.shared, Role.ORDER)
        wanted |= {place.name: Role.NULLABLE for places in self.by for place in places if place.side == side}
        # A column of keys may be a column of slices, too: its values are then those of the keys.
        wanted |= {pair[side].name: Role.KEY for pair in self.on}
        wanted |= {place.name: Role.NUMBER for place in (*self.weight, *self.per) if place.side == side}
        for place in self.label:
            if place.side == side:
                missing = Role.LABEL if spec.columns.missing is Missing.ERROR else Role.NULLABLE
                wanted[place.name] = Role.NUMBER if self.distribution else missing
        if side == 0:
            wanted |= dict.fromkeys(self.predictions, Role.SCORE if spec.input.may_be_masked else Role.NUMBER)
        return wanted


def find_roles(spec: EvalSpec, predictions: Source, labels: Source | None) -> Roles:
    """Return the role of every column.

    Raises UsageError for options that contradict each other, DataError for columns that are not there, that no
    rule singles out, or whose type cannot hold what they are for.
    """
    return _Finder(spec, Lookup(predictions, labels)).roles()


class _Finder:
    def __init__(self, spec: EvalSpec, lookup: Lookup) -> None:
        self.spec = spec.columns
        self.input = spec.input
        self.label_only = spec.input.label_only
        self.lookup = lookup
        self.two = len(lookup.sources) == 2
        # The class of each column that --classes names.
        self.classes = by_column(spec.columns, lookup.names[0])
        # What each place was named for, so that no column is two things that do not go together.
        self.taken: dict[Place, str] = {}

    def roles(self) -> Roles:
        """Return the role of every column."""
        spec = self.spec
        on = self._on()
        weight = self._numbers("--weight", spec.weight, "a weight", "Weights are numbers, 0 or more.")
        per = self._numbers("--per", spec.per, "a number of units", "It holds numbers, 0 or more.")
        by = tuple(self._by(name) for name in spec.by)
        self._refuse_same_slices(by)
        label = self._label()
        chosen = self._predictions(label)
        places = (*label, *weight, *per, *(place for pair in on for place in pair), *(p for one in by for p in one))
        named = {place.name for place in places} | set(chosen)
        lists = [place for place in (*label, *(Place(0, name) for name in chosen)) if self._is_list(place)]
        shared = self._shared(named) if spec.order_check and not on else ()
        exact = frozenset(name for name in chosen if name in {*self.spec.pred, *self.classes})
        return Roles(tuple(chosen), label, frozenset(lists), exact, weight, per, by, on, shared)

    def _is_list(self, place: Place) -> bool:
        return self.lookup.column(place).kind is ColumnKind.LIST

    def _take(self, option: str, places: list[Place], beside: tuple[str, ...] = ()) -> tuple[Place, ...]:
        """Note what columns are for; raise UsageError if they already are for something that does not go with it."""
        for place in places:
            before = self.taken.get(place)
            if before is not None and before not in beside:
                raise UsageError(f"column {quote(place.name)} is named by {before}; {option} cannot name it too")
            self.taken.setdefault(place, option)
        return tuple(places)

    def _on(self) -> tuple[tuple[Place, Place], ...]:
        if self.spec.on and not self.two:
            raise UsageError("--on aligns the rows of two inputs, and there is one: no LABELS, or the same file twice")
        pairs = []
        for name in self.spec.on:
            for side in (0, 1):
                place = Place(side, name)
                if name not in self.lookup.columns[side]:
                    raise self.lookup.absent("--on", name, [side])
                if self.lookup.column(place).kind not in _TEXTUAL:
                    problem = f"the key column {quote(name)} is of type {self.lookup.column(place).type_name}"
                    raise self.lookup.error(
                        side,
                        problem,
                        f"Keys are whole numbers, text or dates{_CAST}",
                    )
                self._take("--on", [place])
            pairs.append((Place(0, name), Place(1, name)))
        return tuple(pairs)

    def _numbers(self, option: str, name: str | None, what: str, hint: str) -> tuple[Place, ...]:
        """Return where a column of numbers that an option names is."""
        if name is None:
            return ()
        places = self.lookup.places(option, name)
        for place in places:
            self.lookup.refuse_no_numbers(place, what, hint)
        return self._take(option, places, ("--weight",))

    def _by(self, name: str) -> tuple[Place, ...]:
        places = self.lookup.places("--by", name)
        for place in places:
            column = self.lookup.column(place)
            if column.kind not in _TEXTUAL:
                problem = f"the column of slices {quote(place.name)} is of type {column.type_name}"
                raise self.lookup.error(
                    place.side,
                    problem,
                    f"Slices are by text, whole numbers, booleans or dates{_CAST}",
                )
        if any(self.taken.get(place) == "--on" for place in places):
            # Keys are equal on both sides by what they are.
            places = [Place(0, places[0].name)]
        return self._take("--by", places, ("--on",))

    def _refuse_same_slices(self, by: tuple[tuple[Place, ...], ...]) -> None:
        names = [places[0].name for places in by]
        twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
        if twice is not None:
            raise UsageError(f"--by names two columns called {quote(twice)}; rename one of them")

    def _label(self) -> tuple[Place, ...]:
        """Return where the label is: --label, else what is left over in LABELS, else a usual name."""
        spec = self.spec
        side = len(self.lookup.sources) - 1
        if len(spec.label) > 1 or (spec.label and any(sign in spec.label[0] for sign in "*?[")):
            return self._several_labels()
        if spec.label:
            places = self.lookup.places("--label", spec.label[0])[-1:]
        else:
            default = default_label(self.lookup, self.taken, self.label_only)
            if default is None:
                return ()
            places = [Place(side, default)]
        for place in places:
            taken = self.taken.get(place)
            if taken in {"--weight", "--per"}:
                what = "weight" if taken == "--weight" else "number of units"
                raise UsageError(f"column {quote(place.name)} is the label; it cannot be the {what} too")
        self._refuse_label_type(places[0])
        return self._take("--label", places, ("--by",))

    def _refuse_label_type(self, place: Place) -> None:
        column, kind = self.lookup.column(place), self.spec.label_kind
        hint = "Labels are text, whole numbers, booleans or dates."
        if column.kind is ColumnKind.OTHER or (column.kind is ColumnKind.LIST and kind not in _MAY_BE_LISTS):
            problem = f"the label column {quote(place.name)} is of type {column.type_name}"
            raise self.lookup.error(place.side, problem, hint)
        if kind is LabelKind.DISTRIBUTION and column.kind is not ColumnKind.LIST:
            problem = (
                f"--label-kind distribution needs a column for each class, or lists; {quote(place.name)} is neither"
            )
            raise self.lookup.error(place.side, problem, "Name the columns with --label.")

    def _several_labels(self) -> tuple[Place, ...]:
        """Return the columns of a distribution, all of one input: LABELS if it has the first of them."""
        spec, lookup = self.spec, self.lookup
        first = spec.label[0]
        sides = [side for side in reversed(range(len(lookup.sources))) if _names_some(lookup, side, first)]
        side = sides[0] if sides else len(lookup.sources) - 1
        taken = {place.name for place in self.taken if place.side == side}
        names = lookup.matching("--label", [name.removeprefix("labels:") for name in spec.label], side, taken)
        places = [Place(side, name) for name in names]
        if len(places) == 1:
            # A pattern that stands for one column is that column.
            self._refuse_label_type(places[0])
            return self._take("--label", places, ("--by",))
        for place in places:
            lookup.refuse_no_numbers(place, "a part of a distribution", "Each holds the part of one class, 0 or more.")
        return self._take("--label", places)

    def _predictions(self, label: tuple[Place, ...]) -> list[str]:
        """Return the prediction columns: --pred, else those that nothing else explains."""
        lookup = self.lookup
        if self.spec.pred or self.classes:
            taken = {place.name for place in self.taken if place.side == 0}
            chosen = lookup.matching("--pred", self.spec.pred, 0, taken) if self.spec.pred else list(self.classes)
            if self.classes:
                # A pattern may stand for more than these; whoever names a column wants it.
                wanted = {name for name in chosen if name in self.spec.pred}
                if not wanted <= set(self.classes) <= set(chosen):
                    problem = f"--pred names {listing(chosen, 5)}, but --classes {listing(self.classes, 5)}"
                    raise UsageError(problem, hint="Leave out --pred: --classes says which columns are predictions.")
                chosen = list(self.classes)
            for name in chosen:
                role = _ROLES.get(self.taken.get(Place(0, name), ""))
                if role is not None:
                    raise UsageError(f"column {quote(name)} is {role}; it cannot be a prediction column too")
        else:
            chosen = left_over(lookup, self.taken, label)
        if self.label_only and len(chosen) > 1:
            problem = f"--input {self.input.value} takes one column, and {listing(chosen, 5)} may be it"
            raise lookup.error(0, problem, options=[typed("--pred", [name]) for name in self._numeric(chosen)])
        return chosen

    def _numeric(self, names: list[str]) -> list[str]:
        """Return the columns whose type can hold one number a row."""
        columns = self.lookup.columns[0]
        typed_text = self.lookup.sources[0].format != "csv"
        kinds = {ColumnKind.INTEGER, ColumnKind.FLOAT, ColumnKind.DECIMAL} | (
            set() if typed_text else {ColumnKind.TEXT}
        )
        return [name for name in names if columns[name].kind in kinds]

    def _shared(self, named: set[str]) -> tuple[str, ...]:
        """Return the columns that both inputs have, no option names, and whose type can tell rows apart."""
        if not self.lookup.alike:
            return ()
        kinds: list[Mapping[str, ColumnKind]] = [
            {name: column.kind for name, column in columns.items()} for columns in self.lookup.columns
        ]
        names = self.lookup.names[0]
        both = [name for name in names if name in kinds[1] and name not in named and name not in UNNAMED]
        return tuple(name for name in both if kinds[0][name] in _ORDERED and kinds[1][name] in _ORDERED)


_MAY_BE_LISTS = {LabelKind.AUTO, LabelKind.DISTRIBUTION}
_ROLES = {
    "--label": "the label",
    "--weight": "the weight",
    "--per": "the number of units",
    "--on": "a key",
    "--by": "a column of slices",
}


def _names_some(lookup: Lookup, side: int, name: str) -> bool:
    from fnmatch import fnmatchcase

    bare = name.removeprefix("labels:") if side else name
    return any(other == bare or fnmatchcase(other, bare) for other in lookup.names[side])
