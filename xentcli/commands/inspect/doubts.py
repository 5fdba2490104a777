"""What may be meant otherwise than it is read, each with the options that settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from shlex import quote as quoted

import numpy as np
from numpy.typing import NDArray

from xentcli.columns.defaults import LABEL_NAMES
from xentcli.commands.inspect.check import Checked
from xentcli.commands.inspect.keys import never_meet
from xentcli.memory import free_bytes
from xentcli.numerics.class_axis import SNAP, SUM_ROUNDING
from xentcli.results.inspection import Doubt, InspectedColumn, InspectedFile, Rules
from xentcli.spec.choices import InputKind, LabelKind
from xentcli.spec.parsing import typed
from xentcli.text import count, listing, quote

_SHOWN = 5
_WEIGHTS = {"weight", "weights", "w", "sample_weight", "sample_weights"}
_KEYS = {"id", "key", "uuid"}
# So many rows a class before a class without any is worth a word; and how unlike two estimates may be.
_ROWS_A_CLASS = 5
_MOST_APART = 1.5


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read, and how it was understood."""

    checked: Checked
    files: tuple[InspectedFile, ...]
    rules: Rules


def doubts_of(found: Understood) -> tuple[Doubt, ...]:
    """Return the doubts: first about rows and columns, then about classes and values."""
    return tuple(doubt for ask in _ASKED for doubt in ask(found))


def _lengths(found: Understood) -> Iterator[Doubt]:
    """By row order: inputs whose lengths are probably not the same."""
    if found.rules.alignment.kind != "row-order" or len(found.files) < 2:
        return
    rows = [file.rows if file.rows is not None else file.rows_estimate for file in found.files]
    if all(file.rows is not None for file in found.files) or not all(rows):
        return
    mine, yours = (number or 0 for number in rows)
    if max(mine, yours) > _MOST_APART * min(mine, yours):
        message = f"PREDICTIONS seems to have about {mine:,} rows and LABELS {yours:,}; row i belongs to row i"
        yield Doubt("lengths", message, ("--on COL",))


def _compared(found: Understood) -> Iterator[Doubt]:
    """Columns of both inputs: compared row by row, or no use at all though they look like keys."""
    compared = found.checked.inputs.roles.shared
    unchecked = found.checked.shard.read.unchecked
    if unchecked:
        message = f"{_columns(unchecked)} of both inputs hold fractions, so they do not tell the order of rows"
        yield Doubt("order_unchecked", message, ("--on COL",))
    left = [name for name in compared if name not in unchecked]
    if left:
        message = f"{_columns(left)} of both inputs must be the same row by row, as no option names them"
        yield Doubt("compared", message, (_option("--on", ",".join(left[:_SHOWN])), "--no-order-check"))
    if found.rules.alignment.kind == "key" or len(found.files) < 2:
        return
    mine, yours = ({column.name for column in file.columns} for file in found.files)
    keys = [name for name in mine & yours if _is_key(name) and name not in compared]
    for name in sorted(keys):
        message = f"column {quote(name)} is in both inputs and may be a key, but rows are paired by their order"
        yield Doubt("key_unused", message, (_option("--on", name),))


def _is_key(name: str) -> bool:
    return name.casefold() in _KEYS or name.casefold().endswith("_id")


def _keys(found: Understood) -> Iterator[Doubt]:
    """Keys that can never meet, and the memory that they take."""
    alignment = found.rules.alignment
    for key in alignment.keys:
        if never_meet(key):
            mine, yours = " and ".join(key.predictions), " and ".join(key.labels)
            message = f"the key {quote(key.name)} holds {mine} in PREDICTIONS and {yours} in LABELS, which never match"
            yield Doubt("keys_never_match", message, ("--on COL",))
    free = free_bytes()
    if alignment.memory_bytes is not None and free is not None and 2 * alignment.memory_bytes > free:
        message = f"holding LABELS by key takes about {alignment.memory_bytes:,} bytes, and {free:,} are free"
        yield Doubt("memory", message, ("--on COL",))


def _left_out(found: Understood) -> Iterator[Doubt]:
    """Columns of PREDICTIONS that nothing uses, though they hold fractions as predictions do."""
    names = found.checked.classes.left_out
    if names:
        message = (
            f"{_columns(names)} of PREDICTIONS hold{'' if len(names) > 1 else 's'} fractions and nothing uses them"
        )
        # What the first record of JSON Lines lacks is no column.
        known = {column.name for column in found.checked.inputs.predictions.columns}
        columns = (*found.checked.inputs.roles.predictions, *(name for name in names if name in known))
        yield Doubt("columns_left_out", message, (typed("--pred", columns),))


def _label_names(found: Understood) -> Iterator[Doubt]:
    """Other columns that are usually the label."""
    label = found.checked.inputs.roles.label
    if found.checked.spec.columns.label or not label:
        return
    for side, file in enumerate(found.files):
        for column in file.columns:
            if column.name in LABEL_NAMES and column.role != "label":
                where = "PREDICTIONS" if side == 0 else "LABELS"
                message = f"the label is {quote(label[0].name)}, but {where} also has {quote(column.name)}"
                other = f"predictions:{column.name}" if len(found.files) == 2 and side == 0 else column.name
                yield Doubt("label_names", f"{message} ({_role(column)})", (_option("--label", other),))


def _role(column: InspectedColumn) -> str:
    return "unused" if column.role == "unused" else f"taken as {column.role}"


def _weights(found: Understood) -> Iterator[Doubt]:
    """A column that is called a weight, and is none."""
    if found.checked.spec.columns.weight is not None:
        return
    seen: set[str] = set()
    for file in found.files:
        for column in file.columns:
            if column.name.casefold() in _WEIGHTS and column.name not in seen and column.role != "label":
                seen.add(column.name)
                message = f"column {quote(column.name)} may hold weights, but every row weighs 1 ({_role(column)})"
                yield Doubt("weight_unused", message, (_option("--weight", column.name),))


def _rules(found: Understood) -> Iterator[Doubt]:
    """Classes whose names, or whose positive one, the labels of the sample do not settle."""
    undecided = found.checked.undecided
    if undecided is not None:
        yield Doubt("positive_unsettled", undecided.problem, ("--positive NAME",))
    if found.rules.names == "1 or true" and found.rules.positive is not None:
        column = found.checked.inputs.roles.predictions[0]
        positive = quote(found.rules.positive)
        message = f"the prediction column {quote(column)} is taken to speak of {positive}, though its name does not say"
        yield Doubt("positive_default", message, (_option("--positive", found.rules.positive),))
    given = found.checked.spec.columns
    nameless = found.rules.label_kind_rule == "the predictions have no names" and not given.classes
    if nameless and given.label_kind is LabelKind.AUTO:
        message = "the predictions have no names, so labels are taken as places in their order, from 0"
        yield Doubt("no_names", message, ("--classes NAME,...", "--label-kind index"))


def _labels(found: Understood) -> Iterator[Doubt]:
    """Labels that are too alike, and classes without any."""
    labels = [one for one in found.rules.labels if one.left_out is None]
    rows = sum(one.rows for one in labels)
    label_only = found.checked.spec.input.label_only
    if len({one.class_ for one in labels}) == 1 and rows > 1 and not label_only:
        message = f"the only label of the sample is {quote(labels[0].label or '')}: are rows sorted by it?"
        yield Doubt("one_label", message, ("--label COL",))
        return
    without = [one.class_ for one in found.rules.classes if not one.rows]
    enough = found.checked.whole or rows >= _ROWS_A_CLASS * len(found.rules.classes)
    if labels and without and enough and not label_only:
        which = f"{count(len(without), 'class', 'classes')} ({listing(without, _SHOWN)})"
        what = "there is" if found.checked.whole else "the sample has"
        yield Doubt("classes_without_labels", f"{what} no label of {which}", ("--label COL", "--pred COL,..."))


def _values(found: Understood) -> Iterator[Doubt]:
    """Predictions that are whole numbers, that sum to something else than 1, or that are no logits."""
    matrix, kind = _matrix(found.checked), found.checked.spec.input
    if len(matrix) < 2:
        return
    finite = matrix[np.isfinite(matrix)]
    if finite.size and (finite == np.floor(finite)).all() and not kind.label_only:
        seen = "0 or 1: decisions, not probabilities" if kind is InputKind.PROBS else "whole numbers: counts or votes"
        yield Doubt("whole_numbers", f"all predictions of the sample are {seen}?", ("--pred COL,...",))
        return
    several = matrix.shape[1] > 1
    apart = np.abs(matrix.sum(axis=1) - 1.0) if several else np.zeros(len(matrix))
    if kind is InputKind.LOGITS and matrix.min() >= 0.0 and matrix.max() <= 1.0 and apart.max() <= 0.01:
        seen = "from 0 to 1" + (" and sum to 1 in every row" if several else "")
        yield Doubt("not_logits", f"the logits of the sample are {seen}, as probabilities do", ("--input probs",))
    off = apart > SNAP + SUM_ROUNDING
    if kind is InputKind.PROBS and off.all() and not found.checked.spec.renormalize:
        message = f"no row of probabilities of the sample sums to 1; they are up to {apart.max():.2g} off"
        yield Doubt("row_sums", message, ("--renormalize", "--sum-tolerance T"))


def _matrix(checked: Checked) -> NDArray[np.float64]:
    """Return the predictions of the sample, shape (n_rows, n_columns)."""
    roles = checked.inputs.roles
    pieces = checked.samples[0].pieces
    if roles.prediction_list:
        return np.concatenate([piece.numbers[roles.predictions[0]].astype(np.float64) for piece in pieces])
    parts = [
        np.stack([piece.numbers[name].astype(np.float64) for name in roles.predictions], axis=1) for piece in pieces
    ]
    return np.concatenate(parts)


def _option(name: str, value: str) -> str:
    """Return an option as a shell takes it."""
    return f"{name} {quoted(value)}"


def _columns(names: list[str] | tuple[str, ...]) -> str:
    return f"column{'s' if len(names) > 1 else ''} {listing(names, _SHOWN)}"


_ASKED: tuple[Callable[[Understood], Iterator[Doubt]], ...] = (
    _lengths,
    _compared,
    _keys,
    _left_out,
    _label_names,
    _weights,
    _rules,
    _labels,
    _values,
)
