"""Which columns of a table are classes: worked out plainly from names, the labels and the first rows of cells.

Everything is tried that could be meant, one after the other; nothing is clever, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from reference.cells import Cells, columns_that_sum, doubted_columns, is_digits, text_columns
from reference.files import class_order
from reference.wraps import EXACT, Wrap, best_wrap, fitting_wraps, half_fitting_wraps, shared_wrap


class Why(StrEnum):
    """Why there is no reading."""

    UNNAMED = "a column has no name"
    SINGLE = "one column alone is not a matter of these rules"
    TWO_READINGS = "the names as they are, or within a wrap"
    SEVERAL_WRAPS = "several wraps fit, none of which includes the others"
    NONE_FITS = "a label is no class in any reading"
    TEXT = "a class would hold text"
    SUMS = "rows do not sum to 1, but do without some columns"
    BAD_SUMS = "rows do not sum to 1, whatever is left out"
    WHOLE_NUMBERS = "whole numbers beside fractions, in a column that no label names"
    INDEX_ORDER = "labels count columns whose names are in another order"


class Refused(Exception):  # noqa: N818  # an answer
    """No reading: why, and the lists of columns that could be meant, the likeliest first."""

    def __init__(self, why: Why, offers: Sequence[Sequence[str]] = ()) -> None:
        super().__init__(why.value)
        self.why = why
        self.offers = tuple(tuple(offer) for offer in offers)


@dataclass(frozen=True)
class Question:
    """What is known before the pass: candidates with the cells of the first rows, labels of those that have one.

    `pred` and `classes` are lists as they are given by option; `taken` are columns that other options name.
    """

    columns: Mapping[str, Sequence[str]]
    labels: Sequence[str]
    pred: Sequence[str] = ()
    classes: Sequence[str] = ()
    by_index: bool = False
    logits: bool = False
    renormalize: bool = False
    taken: Sequence[str] = ()


@dataclass(frozen=True)
class Reading:
    """Class names in class order with the column of each, what the names were wrapped in, and the columns left out."""

    classes: tuple[str, ...]
    columns: tuple[str, ...]
    wrap: Wrap
    rule: str
    left_out: tuple[str, ...] = ()
    without_labels: tuple[str, ...] = ()


def settle(question: Question) -> Reading:
    """Return the reading of the columns, or raise `Refused`.

    >>> cells = {"p_cat": ["0.9"], "p_dog": ["0.1"], "id": ["7"]}
    >>> settle(Question(cells, ["cat"])).columns, settle(Question(cells, ["cat"])).left_out
    (('p_cat', 'p_dog'), ('id',))
    >>> settle(Question({"cat": ["0.9"], "dog": ["0.1"], "id": ["7"]}, ["cat"]))
    Traceback (most recent call last):
    ...
    reference.rules.Refused: rows do not sum to 1, but do without some columns
    """
    labels = without_zeros(question.labels, list(question.columns))
    chosen = chosen_columns(question)
    if question.classes:
        return _told(question, chosen)
    if not question.pred and "" in chosen:
        raise Refused(Why.UNNAMED)
    if len(chosen) == 1:
        raise Refused(Why.SINGLE)
    reading = _counted(question, chosen) if question.by_index else _named(question, chosen, labels)
    met = () if question.by_index else tuple(set(labels))
    unmet = [column for name, column in zip(reading.classes, reading.columns, strict=True) if name not in met]
    _check(question, reading, unmet)
    if question.by_index:
        met = tuple(reading.classes[int(label)] for label in set(labels))
    return Reading(
        reading.classes,
        reading.columns,
        reading.wrap,
        reading.rule,
        tuple(name for name in question.columns if name not in reading.columns and name not in question.taken),
        tuple(name for name in reading.classes if name not in met),
    )


def without_zeros(labels: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Return labels that are whole numbers with one and the same ending of zeros as those numbers.

    >>> without_zeros(["0.0", "1.0"], ["0", "1"]), without_zeros(["0.0", "1.00"], ["0", "1"])
    (['0', '1'], ['0.0', '1.00'])
    >>> without_zeros(["0.0", "1.0"], ["p_0.0", "p_1.0"])
    ['0.0', '1.0']
    """
    parts = [label.partition(".") for label in labels]
    endings = {point + zeros for _, point, zeros in parts}
    whole = all(is_digits(number.removeprefix("-")) for number, _, _ in parts)
    if not whole or len(endings) != 1:
        return list(labels)
    (ending,) = endings
    written_so = any(label in column for label in set(labels) for column in columns)
    if len(ending) < 2 or set(ending[1:]) != {"0"} or written_so:
        return list(labels)
    return [number for number, _, _ in parts]


def chosen_columns(question: Question) -> list[str]:
    """Return the columns that `pred` names, in its order; without it all that nothing else takes.

    >>> cells = {"p_*": [], "p_a": [], "id": []}
    >>> chosen_columns(Question(cells, [], pred=["p_*"])), chosen_columns(Question(cells, [], pred=["*", "!id"]))
    (['p_*'], ['p_*', 'p_a'])
    """
    free = [name for name in question.columns if name not in question.taken]
    if not question.pred:
        return free
    chosen: list[str] = []
    for name in question.pred:
        if name in question.columns:
            chosen.append(name)
        elif name.startswith("!"):
            chosen = [other for other in chosen if not (other == name[1:] or fnmatchcase(other, name[1:]))]
        else:
            chosen += [other for other in free if fnmatchcase(other, name) and other not in chosen]
    return chosen


def _told(question: Question, chosen: list[str]) -> Reading:
    """Return the reading that `classes` gives: names in order, or a column and its class in each part."""
    pairs = [part.rpartition("=") for part in question.classes]
    if all(column in question.columns for column, _, _ in pairs):
        chosen = [column for column, _, _ in pairs]
        names = [name for _, _, name in pairs]
    else:
        names = list(question.classes)
    # Without labels by name, so that no class is missing one.
    return Reading(tuple(names), tuple(chosen), EXACT, "--classes", _others(question, chosen))


def _others(question: Question, chosen: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in question.columns if name not in chosen and name not in question.taken)


def _counted(question: Question, chosen: list[str]) -> Reading:
    # Indices count the file, in whatever order columns are chosen.
    chosen = [name for name in question.columns if name in chosen]
    wrap = shared_wrap(chosen)
    names = [wrap.inside(name) for name in chosen]
    if names != class_order(names):
        wholes = doubted_columns(_cells(question, chosen), chosen)
        raise Refused(Why.INDEX_ORDER, [[name for name in chosen if name not in wholes]])
    return Reading(tuple(names), tuple(chosen), wrap, "index")


def _named(question: Question, chosen: list[str], labels: Sequence[str]) -> Reading:
    met = set(labels)
    if met <= set(chosen):
        second = [] if question.pred else half_fitting_wraps(chosen, sorted(met))
        if second:
            wrapped = [wrap.columns(chosen) for wrap in second]
            others = [[name for name in chosen if name not in held] for held in wrapped]
            raise Refused(Why.TWO_READINGS, [*wrapped, *(held for held in others if met <= set(held)), chosen])
        return _ordered(chosen, EXACT)
    wraps = fitting_wraps(chosen, sorted(met))
    if question.pred:
        wraps = {wrap: held for wrap, held in wraps.items() if set(held) == set(chosen)}
    if not wraps:
        raise Refused(Why.NONE_FITS)
    wrap = best_wrap(wraps)
    if wrap is None:
        raise Refused(Why.SEVERAL_WRAPS, list(wraps.values()))
    return _ordered(wraps[wrap], wrap)


def _ordered(columns: Sequence[str], wrap: Wrap) -> Reading:
    held = {wrap.inside(column): column for column in columns}
    names = class_order(list(held))
    return Reading(tuple(names), tuple(held[name] for name in names), wrap, wrap.rule)


def _check(question: Question, reading: Reading, unmet: Sequence[str]) -> None:
    """Raise `Refused` where the cells say that not all of these columns are classes. `unmet`: no label names them."""
    cells = _cells(question, reading.columns)
    texts = text_columns(cells)
    proved = [] if question.logits else columns_that_sum(cells, unmet)
    doubted = [name for name in doubted_columns(cells, unmet) if name not in question.pred]
    plain = [name for name in cells if name not in texts and name not in doubted]
    if texts:
        raise Refused(Why.TEXT, proved or [plain])
    if question.logits:
        if doubted:
            raise Refused(Why.WHOLE_NUMBERS, [plain, [*plain, *doubted]])
    elif not proved:
        if not question.renormalize:
            raise Refused(Why.BAD_SUMS)
    elif set(proved[0]) != set(reading.columns):
        raise Refused(Why.SUMS, proved)


def _cells(question: Question, columns: Sequence[str]) -> Cells:
    """Return the cells of some columns, in the order of the file."""
    return {name: cells for name, cells in question.columns.items() if name in columns}
