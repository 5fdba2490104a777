"""Which columns are meant where no option says so: the label left over, the predictions that nothing explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xentcli.columns.looks import Holds, Look, looks_of
from xentcli.columns.lookup import FOLDER_NAME, Lookup, Place
from xentcli.columns.readings import readings
from xentcli.columns.soft_columns import parts_of_labels
from xentcli.errors import DataError
from xentcli.sources.base import position_of
from xentcli.spec.parsing import typed
from xentcli.text import listing

HEADLESS_HINT = "Is there no header? Else give the columns names that are no numbers and no classes."
LABEL_NAMES = ("label", "target", "class", "y_true", "y")
_PAIR = 2
UNNAMED = {"", "__index_level_0__"}
# What a label is called where it is not called so alone: `true_label`, `Target`.
_ENDS = (*LABEL_NAMES, "truth", "labels", "true", "actual", "obs")


def default_label(lookup: Lookup, named: Mapping[Place, str], label_only: bool) -> str | None:
    """Return the label column where no option names one: what is left over in LABELS, else a usual name.

    named: what columns options name, and by which. None where labels are optional and none is there.
    """
    side = len(lookup.sources) - 1
    columns = lookup.columns[side]
    names = [name for name in lookup.names[side] if columns[name].type_name != FOLDER_NAME]
    taken = {place.name for place in named if place.side == side}
    if side == 1:
        left = [name for name in names if name not in taken]
        alone = [name for name in left if name not in lookup.names[0]] if lookup.alike else left
        if len(left) == 1:
            return left[0]
        both = [name for name in left if name in LABEL_NAMES and name not in alone]
        if len(alone) == 1 and both and alone[0] not in LABEL_NAMES:
            # An id in LABELS alone beside a `label` in both: which of them is meant is not ours to say.
            raise _which_label(lookup, side, [*alone, *both])
        if len(alone) == 1:
            return alone[0]
    # A folder may be called so, too: `label=cat/part.csv`.
    known = [name for name in LABEL_NAMES if name in columns]
    # Slices may be by the label; a column that nothing else names is the likelier one.
    usual = [name for name in known if name not in taken] or [
        name for name in known if named[Place(side, name)] == "--by"
    ]
    if len(usual) == 1:
        return usual[0]
    if usual:
        raise _which_label(lookup, side, usual)
    if label_only:
        return None
    if side == 0:
        left = [name for name in names if name not in taken]
        _refuse_headless(lookup, left)
        hint = "Give the labels in a second file, or name their column."
        problem = f"there is no label column: none is called {listing(LABEL_NAMES)}"
        raise lookup.error(side, problem, hint, _label_options(lookup, side, left))
    if side == 1 and set(names) <= taken:
        hint = "It may be in either input."
        # Those of LABELS are all something else already.
        mine = [name for name in lookup.names[0] if not {Place(0, name), Place(1, name)} & set(named)]
        options = _label_options(lookup, 0, mine)
        raise lookup.error(side, "no column of LABELS is left to be the label", hint, options)
    raise _which_label(lookup, side, [name for name in names if name not in taken])


def _refuse_headless(lookup: Lookup, names: Sequence[str]) -> None:
    """Raise DataError where two names or more are fractions: the first row is data, and columns are called by place."""
    source = lookup.sources[0]
    fractions = [name for name in names if is_decimal(name) and float(name) % 1.0]
    if source.format != "csv" or source.headerless or len(fractions) < _PAIR:
        return
    places = [position_of(source.columns, name) + 1 for name in _likely_labels(lookup, 0, names)]
    options = [f"--no-header --label {place}" for place in places] or ["--no-header"]
    problem = f"the first row looks like data: {listing(fractions, 5)}"
    raise DataError(problem, file=source.files[0], line=1, hint=HEADLESS_HINT, options=options)


def _which_label(lookup: Lookup, side: int, names: Sequence[str]) -> DataError:
    options = _label_options(lookup, side, names)
    return lookup.error(side, f"which column is the label: {listing(names)}?", options=options)


def _label_options(lookup: Lookup, side: int, names: Sequence[str]) -> list[str]:
    """Return --label with the columns that may be the parts of one, and with each that may be it."""
    parts = parts_of_labels(lookup, side, names)
    # What is a part of a label is no label.
    alone = [name for name in _likely_labels(lookup, side, names) if name not in parts]
    return [typed("--label", parts)] * bool(parts) + [typed("--label", [name]) for name in alone]


def _likely_labels(lookup: Lookup, side: int, names: Sequence[str]) -> list[str]:
    """Return the columns that may be the label: those whose values are names of columns, else those of text, or of
    whole numbers of which few are distinct.
    """
    looks = looks_of(lookup.sources[side], names, None)
    likely = [name for name in names if name and looks[name].holds in {Holds.TEXT, Holds.WHOLE, Holds.NOTHING}]
    named = [name for name in likely if _names_columns(lookup, looks[name])]
    few = [
        name for name in likely if looks[name].holds is Holds.TEXT or len(looks[name].values) <= len(lookup.names[0])
    ]
    # What is called as labels are is one where its first rows hold too few classes to tell, too.
    called = [name for name in few if name.casefold().endswith(_ENDS)]
    return sorted({*named, *called} if named else few, key=lambda name: (name not in called, names.index(name)))


def _names_columns(lookup: Lookup, look: Look) -> bool:
    values = [value for value in look.values if value]
    others = [name for name in lookup.names[0] if name != look.name]
    return 1 < len(values) <= len(others) and not readings(others, values).lacking


def left_over(lookup: Lookup, named: Mapping[Place, str], label: tuple[Place, ...]) -> list[str]:
    """Return the columns that may be predictions where no option names them: those that nothing else explains.

    That is what neither an option names nor LABELS has, too; but the parts of a label are called as their predictions.
    """
    names = lookup.names[0]
    taken = {place.name for place in named if place.side == 0}
    # What an option names is no prediction, in whichever input it is meant: a weight of LABELS may be in both.
    taken |= {place.name for place in named if lookup.alike and named[place] != "--label"}
    parts = {place.name for place in label} if len(label) > 1 else set()
    others = set(lookup.names[1]) - parts if lookup.alike else set()
    folders = {name for name in names if lookup.columns[0][name].type_name == FOLDER_NAME}
    left = [name for name in names if name not in taken and name not in others | folders]
    if any(name in UNNAMED for name in names):
        place = next(i + 1 for i, name in enumerate(names) if name in UNNAMED)
        # A delimiter at the end of lines makes one, too, in text.
        index = place == 1 or lookup.sources[0].format != "csv"
        hint = "If so write the file without it, or name the others." if index else "Does a delimiter end its lines?"
        known = [name for name in left if name not in UNNAMED]
        options = [typed("--pred", known)] if known else []
        raise lookup.error(0, f"column {place} has no name{'; is it an index?' if index else ''}", hint, options)
    if not left:
        shared = [name for name in names if name in others and name not in taken]
        if not shared:
            raise lookup.error(0, "no column is left to be a prediction", "Name the prediction columns with --pred.")
        problem = f"LABELS has every column that PREDICTIONS could have its predictions in: {listing(shared, 5)}"
        hint = "Is this a copy of LABELS? If it holds predictions all the same, name them."
        label_first = sorted(shared, key=lambda name: name not in {place.name for place in label})
        options = [typed("--pred", [name]) for name in label_first]
        soft = parts_of_labels(lookup, 1, lookup.names[1]) if len(label) == 1 else []
        raise lookup.error(0, problem, hint, [typed("--label", soft), *options] if soft else options)
    return left


def is_decimal(text: str) -> bool:
    """Say whether a text is a number, and no word such as `nan`."""
    try:
        float(text)
    except ValueError:
        return False
    return text.lower().strip(" +-") not in {"nan", "inf", "infinity"}
