"""Which columns are meant where no option says so: the label left over, the predictions that nothing explains."""

from __future__ import annotations

from collections.abc import Mapping

from xentcli.columns.affixes import sharing
from xentcli.columns.places import FOLDER_NAME, Lookup, Place
from xentcli.text import listing

LABEL_NAMES = ("label", "target", "class", "y_true", "y")
UNNAMED = {"", "__index_level_0__"}


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
            problem = f"which column is the label: {listing([*alone, *both])}?"
            raise lookup.error(side, problem, "Say so with --label.")
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
        raise lookup.error(side, f"which column is the label: {listing(usual)}?", "Say so with --label.")
    if label_only:
        return None
    if side == 0:
        hint = "Give the labels in a second file, or name their column with --label."
        raise lookup.error(side, f"there is no label column: none is called {listing(LABEL_NAMES)}", hint)
    if side == 1 and set(names) <= taken:
        hint = "Name the label column with --label; it may be in either input."
        raise lookup.error(side, "no column of LABELS is left to be the label", hint)
    raise lookup.error(side, "which column is the label? None is left over alone", "Say so with --label.")


def left_over(lookup: Lookup, named: Mapping[Place, str], label: tuple[Place, ...]) -> list[str]:
    """Return the prediction columns where no option names them: those that nothing else explains."""
    names = lookup.names[0]
    taken = {place.name for place in named if place.side == 0}
    # What an option names is no prediction, in whichever input it is meant: a weight of LABELS may be in both.
    taken |= {place.name for place in named if lookup.alike and named[place] != "--label"}
    others = set(lookup.names[1]) - {place.name for place in label} if lookup.alike else set()
    folders = {name for name in names if lookup.columns[0][name].type_name == FOLDER_NAME}
    left = [name for name in names if name not in taken and name not in others | folders]
    if any(name in UNNAMED for name in names):
        hint = "If so write the file without it, or name the columns with --pred and --label."
        place = next(i + 1 for i, name in enumerate(names) if name in UNNAMED)
        raise lookup.error(0, f"column {place} has no name; is it an index?", hint)
    if not left:
        raise lookup.error(0, "no column is left to be a prediction", "Name the prediction columns with --pred.")
    return left if all(is_decimal(name) for name in left) else sharing(left)


def is_decimal(text: str) -> bool:
    """Say whether a text is a number, and no word such as `nan`."""
    try:
        float(text)
    except ValueError:
        return False
    return text.lower().strip(" +-") not in {"nan", "inf", "infinity"}
