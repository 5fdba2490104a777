"""What --classes says: the class of each prediction column in order, or of each column by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from xentcli.columns.affixes import affixes, without_wrap
from xentcli.columns.counted import counts_of, in_count_order
from xentcli.columns.many_columns import INDEX, Rule, make_rule
from xentcli.columns.readings import readings
from xentcli.errors import UsageError
from xentcli.spec.choices import LabelKind
from xentcli.spec.options import ColumnSpec
from xentcli.spec.parsing import typed
from xentcli.text import count, listing, nearest, quote


def by_column(spec: ColumnSpec, names: Sequence[str]) -> dict[str, str]:
    """Return the class of each column that --classes names, in its order, {} where it names none.

    That is `COL=CLASS,...`, or an object of texts in a file whose keys are columns. names: the columns of PREDICTIONS.
    Raises UsageError for what is no column, or one twice.
    """
    known = set(names)
    if spec.class_map is not None:
        texts = {name: held for name, held in spec.class_map.items() if isinstance(held, str)}
        return _once(texts) if texts and set(texts) <= known else {}
    parts = [_parted(entry, known) for entry in spec.classes]
    if not all(column and class_ for column, class_ in parts) or not {part[0] for part in parts} & known:
        return {}
    found: dict[str, str] = {}
    for column, class_ in parts:
        if column not in known:
            raise UsageError(f"--classes names {quote(column)}, which is not a column", hint=nearest(column, names))
        if column in found:
            raise UsageError(f"--classes names column {quote(column)} twice")
        found[column] = class_
    return _once(found)


def _parted(entry: str, columns: Collection[str]) -> tuple[str, str]:
    """Return what stands before and after the last `=`, or after the last before which stands a column.

    >>> _parted("P (kind=cat)=cat", {"P (kind=cat)"}), _parted("x=a=b", {"x"}), _parted("cat", {"x"})
    (('P (kind=cat)', 'cat'), ('x', 'a=b'), ('', 'cat'))
    """
    at = [i for i, char in enumerate(entry) if char == "="]
    cut = next((i for i in reversed(at) if entry[:i] in columns), at[-1] if at else None)
    return ("", entry) if cut is None else (entry[:cut], entry[cut + 1 :])


def _once(found: dict[str, str]) -> dict[str, str]:
    """Return the classes of columns. Raise UsageError where two columns have one."""
    twice = next((name for name, number in Counter(found.values()).items() if number > 1), None)
    if twice is not None:
        raise UsageError(f"--classes gives two columns the class {quote(twice)}")
    return found


def in_order(spec: ColumnSpec, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the class of each of the columns, in their order, as --classes lists them; () where it does not.

    Raises UsageError for places, in an object of a file, that are not those of the columns.
    """
    if spec.class_map is None:
        return spec.classes
    places = _places(spec.class_map)
    if sorted(places) != list(range(len(columns))):
        raise UsageError(
            f"--classes has {count(len(places), 'class', 'classes')} by their places, from 0 on; there are "
            f"{len(columns)} prediction columns: {listing(columns)}"
        )
    return tuple(places[at] for at in range(len(columns)))


def classes_of(spec: ColumnSpec, names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the class of each of the columns, in their order, in whichever way --classes says it; () without it.

    names: all columns of PREDICTIONS.
    """
    found = by_column(spec, names)
    return tuple(found[name] for name in columns) if found else in_order(spec, columns)


def _places(given: Mapping[str, str | int]) -> dict[int, str]:
    """Return class names by their places: `{"cat": 0}` and `{"0": "cat"}` say the same."""
    places: dict[int, str] = {}
    for key, held in given.items():
        text, name = (str(held), key) if isinstance(held, int) else (key, held)
        if not (text.isascii() and text.isdigit()):
            raise UsageError(f"--classes names {quote(key)}, which is neither a column nor a place, from 0 on")
        if int(text) in places:
            raise UsageError(f"--classes has two classes for place {int(text)}")
        places[int(text)] = name
    return places


def rule_of_classes(spec: ColumnSpec, columns: Sequence[str], classes: Sequence[str]) -> Rule:
    """Return the rule by --classes. Raises UsageError for names that do not fit the columns.

    Names that the columns have themselves, in another order, are more likely a slip than meant.
    """
    if len(classes) != len(columns):
        raise UsageError(
            f"--classes names {count(len(classes), 'class', 'classes')}, but there are {len(columns)} prediction "
            f"columns: {listing(columns)}",
            hint="Say which is which with COL=CLASS, or which columns with --pred.",
        )
    _refuse_reordered(spec, columns, classes)
    rule = make_rule("--classes", classes, columns, ordered=True)
    return rule.by_index() if spec.label_kind is LabelKind.INDEX else rule


def _refuse_reordered(spec: ColumnSpec, columns: Sequence[str], classes: Sequence[str]) -> None:
    if by_column(spec, columns):
        return
    read = readings(columns, classes, whole=True)
    known = [read.best.classes] if not read.lacking else []
    known += [affix.stripped for affix in affixes(columns)]
    counts = counts_of(columns)
    if tuple(classes) in {*known, counts, tuple(columns)}:
        return
    for names in known:
        if set(names) == set(classes):
            hint = "Leave --classes out if the names of the columns say which is which, or say it of each column."
            raise _reordered(columns, classes, list(zip(columns, names, strict=True)), hint)
    places = in_count_order(counts)
    if places == list(range(len(counts))) or (spec.classes and spec.pred == tuple(columns)):
        # Whoever lists both by hand means the one for the other.
        return
    meant = [(columns[at], name) for at, name in zip(places, classes, strict=True)]
    raise _reordered(columns, classes, meant, "Or do the numbers in the names of the columns count the classes?")


def _reordered(
    columns: Sequence[str], classes: Sequence[str], meant: Sequence[tuple[str, str]], hint: str
) -> UsageError:
    """Return the error for classes in another order than the names say. meant: the class of each column by its name."""
    class_of = dict(meant)
    column, name = next(pair for pair in zip(columns, classes, strict=True) if class_of[pair[0]] != pair[1])
    return UsageError(
        f"--classes gives the class of each prediction column in order, so column {quote(column)} would be "
        f"{quote(name)}",
        hint=hint,
        options=[
            typed("--classes", [f"{column}={name}" for column, name in pairs])
            for pairs in (meant, list(zip(columns, classes, strict=True)))
        ],
    )


def rule_of_index(columns: Sequence[str]) -> Rule:
    """Return the rule for labels that are places in the order of the columns, in their file.

    No label can say whether a prefix or suffix that all share belongs to the names; without it p_2 comes before p_10.
    Columns that are in another order than their classes have two orders: whoever calls refuses that.
    """
    return make_rule(INDEX, counts_of(columns) or without_wrap(columns), columns).by_index()
